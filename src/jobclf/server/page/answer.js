/* The answer for one posting. */

const NAMES = { data_scientist: 'Data Scientist', ml_engineer: 'ML Engineer', neither: 'neither' };
const LETTER = { data_scientist: 'D', ml_engineer: 'M', neither: 'N' };

const percent = (share) => `${Math.min(99, Math.max(1, Math.round(100 * share)))} %`;

/** Return the three probabilities, which sum to one. */
function shares(found) {
  const other = found.role === 'ml_engineer' ? 'data_scientist' : 'ml_engineer';
  const scope = found.scope_probability;
  return { [found.role]: scope * found.probability, [other]: scope * (1 - found.probability), neither: 1 - scope };
}

/** Return the answer and its probability. */
function answerOf(found) {
  if (found.answer) return [found.answer, found.confidence];
  return Object.entries(shares(found)).sort((one, two) => two[1] - one[1])[0];
}

const grade = (confidence) => KNOWN.grades.find(([least]) => confidence >= least)[1];

/** Return the headline: the answer with its grade of doubt. */
function verdict(found) {
  const [answer, confidence] = answerOf(found);
  const word = grade(confidence);
  if (word === 'between the two') {
    const [one, two] = Object.entries(shares(found)).sort((a, b) => b[1] - a[1]);
    return `Between ${NAMES[one[0]]} and ${NAMES[two[0]]}, rather ${NAMES[answer]}`;
  }
  return `${word[0].toUpperCase()}${word.slice(1)} ${NAMES[answer]}`;
}

function bar(share, role) {
  const inner = make('span', { class: LETTER[role] });
  inner.style.width = `${100 * share}%`;
  return make('span', { class: 'bar-ground', 'aria-hidden': 'true' }, inner);
}

function shareList(found) {
  const rows = Object.entries(shares(found)).sort((one, two) => two[1] - one[1]);
  return make('dl', { class: 'shares' }, rows.flatMap(([role, share]) => [
    make('dt', {}, NAMES[role]), make('dd', {}, make('span', {}, percent(share)), bar(share, role)),
  ]));
}

/** Return what the title has to do with it, and what a neither is like. */
function remarks(found) {
  const [answer] = answerOf(found);
  const said = [];
  const claim = found.title_role;
  if (claim && claim !== 'neither') {
    const alone = found.text_probability;
    if (alone != null && alone < 0.5) said.push(`The title tips it: the text alone would be ${NAMES[claim === 'ml_engineer' ? 'data_scientist' : 'ml_engineer']}.`);
    else if (claim === answer) said.push(`Title and text agree: both say ${NAMES[claim]}.`);
    else said.push(`The title says ${NAMES[claim]}; the text says otherwise.`);
  }
  if (answer === 'neither' && found.family && found.family !== 'other') said.push(`The work is most like a ${found.family.replaceAll('_', ' ')}’s.`);
  return said.map((text) => make('p', {}, text));
}
