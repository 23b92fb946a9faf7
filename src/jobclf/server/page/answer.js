/* The answer for one posting: its headline, its three probabilities, what the title has to do with it. */

const NAMES = { data_scientist: 'Data Scientist', ml_engineer: 'ML Engineer', neither: 'neither', error: 'not judged' };
const LETTER = { data_scientist: 'D', ml_engineer: 'M', neither: 'N', error: 'E' };
const other = (role) => (role === 'ml_engineer' ? 'data_scientist' : 'ml_engineer');

/** Return the whole percents of three shares, which are 100 together; the first is rounded as everywhere. */
function percents(sorted) {
  const first = Math.min(99, Math.round(100 * sorted[0]));
  const rest = sorted.slice(1).map((share) => 100 * share);
  const whole = rest.map(Math.floor);
  const order = rest.map((share, at) => at).sort((one, two) => (rest[two] % 1) - (rest[one] % 1) || one - two);
  for (let left = 100 - first - whole[0] - whole[1], at = 0; left > 0; left -= 1, at += 1) whole[order[at % 2]] += 1;
  for (let over = whole[0] + whole[1] + first - 100; over > 0; over -= 1) whole[whole[1] ? 1 : 0] -= 1;
  return [first, ...whole].map((each) => `${each || '<\u00a01'}\u00a0%`);
}

const percent = (share) => `${Math.min(99, Math.max(1, Math.round(100 * share)))}\u00a0%`;

/** Return the three answers with their probabilities, the likeliest first. */
function shares(found) {
  const scope = found.scope_probability;
  return [
    [found.role, scope * found.probability],
    [other(found.role), scope * (1 - found.probability)],
    ['neither', 1 - scope],
  ].sort((one, two) => two[1] - one[1]);
}

const answerOf = (found) => (found.answer ? [found.answer, found.confidence] : shares(found)[0]);

const grade = (confidence) => KNOWN.grades.find(([least]) => Math.round(100 * confidence) >= 100 * least)[1];

/** Return the headline: the answer with its grade of doubt. */
function verdict(found) {
  const [answer, confidence] = answerOf(found);
  const word = grade(confidence);
  if (!word.startsWith('between')) return sentence(`${word} ${NAMES[answer]}`).slice(0, -1);
  const [one, two] = shares(found).map(([role]) => NAMES[role]);
  return `Between ${one} and ${two}`;
}

function bar(share, letter) {
  const inner = make('span', { class: letter });
  inner.style.width = `${100 * Math.min(1, share)}%`;
  return make('span', { class: 'ground', 'aria-hidden': 'true' }, inner);
}

function shareList(found) {
  const sorted = shares(found);
  const said = percents(sorted.map(([, share]) => share));
  return make('dl', { class: 'shares' }, sorted.map(([role, share], at) => [
    make('dt', {}, NAMES[role]), make('dd', {}, said[at]), make('dd', {}, bar(share, LETTER[role])),
  ]));
}

const article = (family) => `${/^[aeiou]/i.test(family) ? 'an' : 'a'} ${family}`;

/** Return what the title has to do with it, and what a neither is like. */
function remarks(found) {
  const [answer] = answerOf(found);
  const said = [];
  const claim = found.title_role;
  if (found.basis === 'title') said.push('The text is too short; this rests on the title.');
  else if (claim && claim !== 'neither') {
    if (found.text_probability != null && found.text_probability < 0.5) said.push(`The title tips it: the text alone would be ${NAMES[other(found.role)]} (${percent(1 - found.text_probability)}).`);
    else if (claim === answer) said.push(`Title and text agree on ${NAMES[claim]}.`);
    else said.push(`The title says ${NAMES[claim]}; the text says otherwise.`);
  }
  const family = found.family && found.family.replaceAll('_', ' ');
  if (found.family === 'ai_engineer') said.push('It is on applications of language models, an AI engineer’s work.');
  else if (family && family !== 'other' && !NAMES[found.family]) said.push(`The work is most like ${article(family)}’s.`);
  if (answer === 'neither' && found.scope_probability > KNOWN.near) said.push(`If it had to be one of the two: rather ${NAMES[found.role]} (${percent(found.probability)}).`);
  if (found.truncated) said.push('The text is cut off; this is about its beginning alone.');
  return said.map((text) => make('p', {}, text));
}
