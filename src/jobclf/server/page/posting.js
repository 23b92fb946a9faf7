/* The posting line by line: what speaks for what, and lines that can be switched off. */

const LONGEST_LINE = 240; // letters; a longer one is parted into sentences
const STRONGEST = 4; // lines named for each side
const MARKED = 0.2; // of the strongest phrase, below which one is not marked
const LEVELS = [0.16, 0.35, 0.65];
const TRIED = 50000; // letters of a text that is judged once more to see what a switch would do
const SENTENCE = /(?:\b(?:St|Mr|Mrs|Ms|Dr|Prof|Sr|Jr|vs|etc|approx|incl|No|Inc|Co|Corp|Ltd|e\.g|i\.e|[A-Z])\.(?=\s)|\d\.\d|[^.!?;])+[.!?;]*["”’)]*\s*|[.!?;]+\s*/g;

/** Part a text into lines, long ones into sentences; put together they are the text. */
function piecesOf(text) {
  return (text.match(/[^\n]*\n|[^\n]+$/g) || []).flatMap((line) => (
    line.length <= LONGEST_LINE ? [line] : line.match(SENTENCE) || [line]
  ));
}

let leaving = null; // the ways out of the posting that is shown

/* Keys where a posting is shown: Escape leaves a row, left and right go to the rows beside it. */
addEventListener('keydown', (event) => {
  if (get('answer').hidden || !leaving || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const go = { Escape: leaving.back, ArrowLeft: leaving.previous, ArrowRight: leaving.next }[event.key];
  if (go) {
    event.preventDefault();
    go();
  }
});

const isNeither = (found) => answerOf(found)[0] === 'neither';

/** Return what a phrase adds to what decided: towards ML Engineer, or towards either role. */
const added = (found, phrase) => (isNeither(found) ? phrase.scope_contribution : phrase.contribution);

function sideOf(found, phrase) {
  if (isNeither(found) && phrase.scope_contribution < 0) return 'neither';
  return phrase.contribution > 0 ? 'ml_engineer' : 'data_scientist';
}

const EVERY = 'Every line counts.';

/** Show the answer for a posting with all its reasons. */
function showPosting(found, { name, title, back, previous, next, labelled }) {
  const pieces = piecesOf(found.text).map((text, at) => ({ text, at, on: true, letters: Array.from(text) }));
  const head = make('div');
  const why = make('div');
  const list = make('ol', { class: 'lines posting', 'aria-label': 'Lines of the posting', 'aria-describedby': 'lines-hint' });
  const legend = make('p', { class: 'legend' });
  const count = make('p', { role: 'status' }, EVERY);
  const restore = make('button', { type: 'button', class: 'button small', hidden: true, onclick: () => switchAll(true) }, 'All lines again');
  const first = verdict(found);
  let now = found;
  let asking = null;

  for (const piece of pieces) {
    const blank = !piece.text.trim();
    piece.shown = make('span');
    piece.box = make('input', { type: 'checkbox', 'aria-label': `Line ${piece.at + 1} counts`, onchange: () => switched(), onkeydown: (event) => move(event, piece) });
    piece.box.checked = true;
    piece.marks = [];
    piece.box.tabIndex = -1;
    piece.item = make('li', { class: blank ? 'line blank' : 'line' }, blank ? make('span') : make('label', {}, piece.box), piece.shown);
    if (!blank) piece.box.setAttribute('aria-describedby', (piece.shown.id = `line-${piece.at}`));
    piece.blank = blank;
    list.append(piece.item);
  }
  const switchable = pieces.filter((piece) => !piece.blank);
  if (switchable.length) switchable[0].box.tabIndex = 0;

  /** Move from line to line with the arrows: the whole list is one stop for the tabulator. */
  function move(event, piece) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    go(switchable[switchable.indexOf(piece) + step]);
  }

  function go(piece) {
    if (!piece) return;
    switchable.forEach((each) => { each.box.tabIndex = each === piece ? 0 : -1; });
    piece.box.focus();
  }

  /** Give each phrase's places to the lines they stand in; return what each line adds. */
  function spread() {
    const on = pieces.filter((piece) => piece.on);
    let start = 0;
    for (const piece of on) {
      piece.start = start;
      start += piece.letters.length;
      piece.marks = [];
      piece.added = 0;
    }
    const strongest = Math.max(...now.phrases.map((phrase) => Math.abs(added(now, phrase))), 1e-9);
    for (const phrase of now.phrases) {
      for (const [from, to] of phrase.places) {
        const piece = at(on, from);
        piece.added += added(now, phrase) / phrase.places.length;
        piece.marks.push({ from: from - piece.start, to: to - piece.start, share: Math.abs(added(now, phrase)) / strongest, side: sideOf(now, phrase), text: phrase.text });
      }
    }
    return on.filter((piece) => !piece.blank);
  }

  /** Return the piece that a place stands in. */
  function at(on, place) {
    let [low, high] = [0, on.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (on[middle].start <= place) low = middle;
      else high = middle - 1;
    }
    return on[low];
  }

  function paint(piece) {
    piece.item.classList.toggle('off', !piece.on);
    if (!piece.on) {
      piece.shown.replaceChildren(piece.text.replace(/\n$/, ''));
      return;
    }
    const content = [];
    let done = 0;
    const ends = piece.letters.at(-1) === '\n' ? piece.letters.length - 1 : piece.letters.length;
    for (const mark of piece.marks.sort((one, two) => one.from - two.from)) {
      if (mark.share < MARKED || mark.from < done) continue;
      content.push(piece.letters.slice(done, mark.from).join(''));
      const level = 1 + LEVELS.filter((least) => mark.share >= least).length;
      content.push(make('mark', { class: `${LETTER[mark.side].toLowerCase()}${level}` }, piece.letters.slice(mark.from, mark.to).join('')));
      done = mark.to;
    }
    content.push(piece.letters.slice(done, ends).join(''));
    piece.shown.replaceChildren(...content);
  }

  const strongest = (lines) => lines.reduce((most, line) => Math.max(most, Math.abs(line.sum)), 1e-9);

  /** Return the lines that differ, with what all of the same text add together. */
  function distinct(lines) {
    const known = new Map();
    for (const line of lines) {
      const text = line.text.trim();
      const first = known.get(text);
      if (first) [first.sum, first.times] = [first.sum + line.added, first.times + 1];
      else known.set(text, Object.assign(line, { sum: line.added, times: 1 }));
    }
    return [...known.values()];
  }

  function strongLines(lines, sign, heading, letter) {
    const most = strongest(lines);
    const some = lines.filter((line) => sign * line.sum > Math.min(0.05, 0.2 * most)).sort((one, two) => sign * (two.sum - one.sum)).slice(0, STRONGEST);
    return [
      make('h3', {}, heading),
      some.length ? make('ul', { class: 'strong' }, some.map((line) => make('li', {}, bar(Math.abs(line.sum) / most, letter), make('button', {
        type: 'button', title: 'Show it in the posting', onclick: () => point(line),
      }, line.text.trim().replace(/^[-*•·–]\s+/, '') + (line.times > 1 ? ` (${line.times} times)` : ''))))) : make('p', { class: 'quiet' }, 'Nothing.'),
    ];
  }

  function point(line) {
    pieces.forEach((each) => each.item.classList.toggle('found', each === line));
    line.item.scrollIntoView({ block: 'center', behavior: matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth' });
    go(line);
  }

  /** Say which phrases carry the answer, and let their lines be switched off. */
  function turning() {
    if (!now.turn && now.basis === 'title') return make('p', {}, 'No phrase counts: it rests on the title.');
    if (!now.turn) return make('p', {}, 'No few phrases carry the answer: it rests on the whole text.');
    const names = now.turn.without.map((text) => `“${text}”`).join(', ');
    const lines = pieces.filter((piece) => piece.on && piece.marks.some((mark) => now.turn.without.includes(mark.text)));
    const whole = lines.length === 1 ? 'its line' : `their ${lines.length} lines`;
    const would = make('p', {}, `Without ${names} it would be ${NAMES[now.turn.answer] || now.turn.answer}.`);
    const offer = make('p', { class: 'row' }, make('button', { type: 'button', class: 'button small', onclick: () => { lines.forEach((line) => { line.box.checked = false; }); switched(); } }, `Switch off ${whole}`));
    const [before, wanted] = [now, now.turn.answer];
    // With whole lines more goes than the phrases: what that comes to is tried before it is offered.
    offer.hidden = found.text.length <= TRIED;
    if (offer.hidden) tried(lines).then((then) => {
      if (now !== before) return;
      if (!then || then.basis === 'title') would.append(` But little else is said: without ${whole} the text is too short to judge.`);
      else {
        if (answerOf(then)[0] !== wanted) would.append(` Without ${whole}, which say more than that: ${verdict(then)}.`);
        offer.hidden = false;
      }
    });
    return [would, offer];
  }

  const given = (text, signal) => ask('explain', { method: 'POST', json: { text, title: title == null ? null : title }, signal });

  /** Return the answer without some lines more, null where there is none. */
  const tried = (lines) => given(pieces.filter((piece) => piece.on && !lines.includes(piece)).map((piece) => piece.text).join('')).catch(() => null);

  function show() {
    const [answer, confidence] = answerOf(now);
    const off = pieces.filter((piece) => !piece.on).length;
    const said = `${verdict(now)} · ${percent(confidence)}`;
    head.replaceChildren(...[
      make('h2', { id: 'verdict', tabindex: '-1', class: `verdict ${LETTER[answer]}` }, said),
      off ? make('p', {}, `Without ${counted(off, 'line')}. With all of them: ${first}.`) : null,
      shareList(now), ...remarks(now),
    ].filter(Boolean));
    restore.hidden = !off;
    count.replaceChildren(...off ? [make('strong', {}, said), ` without ${counted(off, 'line')}`] : [now === found ? EVERY : `${EVERY} ${said}.`]);
    const lines = distinct(spread());
    pieces.forEach(paint);
    const sides = isNeither(now)
      ? [[-1, 'Lines that speak for other work', 'N'], [1, 'Lines that speak for one of the two', 'M']]
      : [[1, 'Lines that speak for ML Engineer', 'M'], [-1, 'Lines that speak for Data Scientist', 'D']];
    if (answer === 'data_scientist') sides.reverse();
    why.replaceChildren(...sides.flatMap(([sign, heading, letter]) => strongLines(lines, sign, heading, letter)), make('h3', {}, 'What would turn it'), ...[turning()].flat());
    legend.replaceChildren(...[['m2', 'ML Engineer'], ['d2', 'Data Scientist'], ...(isNeither(now) ? [['n2', 'neither']] : [])].flatMap(([level, role]) => [make('mark', { class: level }, `speaks for ${role}`), ' ']), make('span', { class: 'quiet' }, 'A line without its tick does not count.'));
  }

  /** Show that there is no answer for the lines that are left, and why. */
  function showNone(error) {
    const [fact, remedy] = parted(error);
    now = { none: true };
    head.replaceChildren(make('h2', { id: 'verdict', tabindex: '-1', class: 'verdict' }, 'No answer'), make('p', {}, `Without ${counted(pieces.filter((piece) => !piece.on).length, 'line')}: ${fact}. With all of them: ${first}.`));
    why.replaceChildren();
    legend.replaceChildren();
    count.replaceChildren(make('strong', {}, 'No answer: '), [fact, error.reason ? 'tick a line again' : remedy].filter(Boolean).join('; '));
    pieces.forEach((piece) => { piece.marks = []; paint(piece); });
    restore.hidden = false;
  }

  /** Answer anew for the lines that are left. */
  async function switched() {
    for (const piece of switchable) piece.on = piece.box.checked;
    pieces.forEach((piece) => { if (piece.blank) piece.on = true; });
    if (asking) asking.abort();
    asking = new AbortController();
    try {
      const text = pieces.filter((piece) => piece.on).map((piece) => piece.text).join('');
      now = await given(text, asking.signal);
      show();
    } catch (error) {
      if (error.name !== 'AbortError') showNone(error);
    }
  }

  function switchAll(on) {
    for (const piece of switchable) piece.box.checked = on;
    switched();
    get('verdict').focus();
  }

  show();
  const section = get('answer');
  section.replaceChildren(
    make('p', { class: 'row' }, make('button', { type: 'button', class: 'button', onclick: back.go }, back.text), make('span', { class: 'beside' }, [['Previous', previous], ['Next', next]].map(([text, go]) => go && make('button', { type: 'button', class: 'button', onclick: go }, text)))),
    name ? make('p', { class: 'of' }, make('strong', {}, name)) : '',
    make('div', { class: 'columns' },
      make('div', {}, head, labelling(found.text, title, labelled), why),
      make('div', {}, make('h3', {}, 'The posting'), legend, make('div', { class: 'row tools' }, count, restore), make('p', { class: 'quiet hint', id: 'lines-hint' }, 'Arrow keys go from line to line, the space bar switches one off.'), list)),
  );
  section.hidden = false;
  leaving = { back: back.go, previous, next };
  get('verdict').focus();
  scrollTo({ top: 0 });
}
