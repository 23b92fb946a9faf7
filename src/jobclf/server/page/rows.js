/* The rows of a table: which are shown, in which order, one after the other, and as a file. */

const PAGE = 50; // rows fetched at once

/** Return a button that shows some rows alone, and all of them again. */
function filterButton(which, attributes, ...content) {
  const button = make('button', { type: 'button', 'aria-pressed': 'false', ...attributes, onclick: () => filter(which) }, content);
  listing.toFilter.push([JSON.stringify(which), button]);
  return button;
}

function filter(which) {
  const named = JSON.stringify(which);
  const same = named === JSON.stringify(listing.which);
  listing.which = same ? {} : which;
  for (const [each, button] of listing.toFilter) button.setAttribute('aria-pressed', String(each === named && !same));
  rows();
  const top = listing.heading.getBoundingClientRect().top;
  if (top > 0.9 * innerHeight) listing.heading.scrollIntoView({ behavior: matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth' });
}

/** Return in words which rows are shown, "" where all are. */
function whichRows({ answer, title_role: claim, disagree }) {
  if (disagree) return 'whose title says otherwise';
  const said = answer === 'error' ? 'not judged' : answer ? `judged ${NAMES[answer]}` : '';
  return claim ? `titled ${NAMES[claim]}, ${said}` : said;
}

/** Return the part of the page with the rows. */
function rowsPart(found) {
  const order = make('select', { id: 'order', onchange: () => { listing.order = order.value; rows(); } },
    make('option', { value: 'doubt' }, 'the least certain first'), make('option', { value: 'table' }, 'as they stand'));
  listing.heading = make('h3', {}, 'Rows');
  listing.body = make('tbody');
  listing.more = make('button', { type: 'button', class: 'button', onclick: () => rows(true) }, 'More rows');
  listing.said = make('p', { class: 'quiet', role: 'status' });
  return [
    listing.heading,
    make('p', { class: 'row' }, make('label', { for: 'order' }, 'Show'), order),
    listing.said,
    make('table', { class: 'rows' }, make('thead', {}, make('tr', {}, ['Row', found.columns.length ? 'Title' : 'File', 'Answer', 'Sure', 'Title says'].map((name) => make('th', { scope: 'col', title: name === 'Row' ? 'Counted from 1, below the names of the columns' : null }, name)))), listing.body),
    make('p', { class: 'row' }, listing.more),
  ];
}

/** Show the rows that are asked for, or more of them. */
async function rows(further = false) {
  const wanted = listing;
  const asked = wanted.asked = Symbol('the newest of the requests');
  const had = further ? wanted.rows.length : 0;
  wanted.body.setAttribute('aria-busy', 'true');
  try {
    const query = new URLSearchParams({ ...wanted.which, start: had, order: wanted.order });
    const found = await ask(`tables/${wanted.table}/rows?${query}`);
    if (wanted !== listing || asked !== wanted.asked) return;
    if (further) wanted.body.append(...found.rows.map(rowOf));
    else wanted.body.replaceChildren(...found.rows.map(rowOf));
    wanted.rows = [...wanted.rows.slice(0, had), ...found.rows];
    wanted.total = found.total;
    wanted.more.hidden = wanted.rows.length >= found.total;
    const which = whichRows(wanted.which);
    wanted.said.textContent = `${counted(found.total, 'row')}${which ? ` ${which}` : ''}`;
    wanted.toTake.textContent = which ? `The ${counted(found.total, 'row')} ${which}.` : 'All rows.';
    if (further && wanted.body.children[had] && !get('many').hidden) wanted.body.children[had].querySelector('button, td').focus();
  } catch (error) {
    complain(error);
  }
  if (asked === wanted.asked) wanted.body.removeAttribute('aria-busy');
}

const nameOf = (row) => row.path || row.title || `Row ${row.number}`;

function rowOf(row) {
  const shown = row.error == null ? make('button', { type: 'button', 'data-row': row.number, onclick: () => openRow(row.number) }, nameOf(row)) : nameOf(row);
  return make('tr', {},
    make('td', { class: 'number' }, row.number.toLocaleString('en')),
    make('td', { class: 'titled' }, shown, row.error == null ? null : make('div', { class: 'error' }, row.error), yours(row.number)),
    make('td', { class: LETTER[row.answer] }, NAMES[row.answer]),
    make('td', { class: 'number' }, row.confidence == null ? '' : percent(row.confidence)),
    make('td', { class: 'claim' }, row.title_role && row.title_role !== 'neither' ? NAMES[row.title_role] : ''));
}

/** Return the mark of a row that a person has labelled. */
function yours(number) {
  const label = listing.kept.get(number);
  return label ? make('div', { class: 'yours' }, `You: ${NAMES[label]}`) : null;
}

/** Take note of the label of a row, and mark the row. */
function labelled(number, label) {
  if (label) listing.kept.set(number, label);
  else listing.kept.delete(number);
  const cell = listing.body.querySelector(`[data-row="${number}"]`)?.parentElement;
  if (!cell) return;
  cell.querySelector('.yours')?.remove();
  const mark = yours(number);
  if (mark) cell.append(mark);
}

/** Show why a row was judged as it was; `instead` of another whose place in the history it takes. */
async function openRow(number, instead = false) {
  forget();
  say('Reading …');
  const { table } = listing;
  const turn = turns += 1;
  try {
    const found = await ask(`tables/${table}/rows/${number}`);
    if (turn !== turns || !job || job.id !== table) return;
    say('');
    arrive({ at: 'row', table, row: number }, instead);
    listing.last = number;
    const row = listing.rows.find((each) => each.number === number);
    view('answer');
    showPosting(found, {
      name: row ? nameOf(row) : found.given || `Row ${number}`,
      title: found.given,
      back: { text: 'Back to the rows', go: () => history.back() }, // which is where it was opened from
      previous: step(number, -1),
      next: step(number, 1),
      labelled: (label) => labelled(number, label),
    });
  } catch (error) {
    complain(error);
  }
}

/** Return the way to the row that stands before or after one, as they are shown; null at the ends. */
function step(number, way) {
  const shown = listing.rows;
  let at = shown.findIndex((each) => each.number === number);
  if (at < 0) return null;
  do at += way; while (shown[at] && shown[at].error != null);
  if (shown[at]) return () => openRow(shown[at].number, true);
  if (way < 0 || shown.length >= listing.total) return null;
  return async () => { // the next rows are not there yet
    await rows(true);
    const go = step(number, way);
    if (go) await go();
  };
}

/** Return the part of the page that gives the rows away as a file. */
function takingAway() {
  listing.toTake = make('p', { class: 'quiet' }, 'All rows.');
  const buttons = make('p', { class: 'row' }, [['xlsx', 'Excel'], ['csv', 'CSV'], ['parquet', 'Parquet'], ['jsonl', 'JSON lines']].map(([output, name]) => make('button', { type: 'button', class: 'button small', onclick: (event) => download(output, event.currentTarget) }, name)));
  return [make('h3', {}, 'Take the answers away'), listing.toTake, buttons];
}

/** Take the rows that are shown away as a file, in which they are judged once more. */
async function download(output, button) {
  forget();
  const mine = new AbortController();
  const progress = progressOf(() => mine.abort());
  const place = make('div', {}, ...progress.parts, progress.button);
  const buttons = button.parentElement;
  buttons.replaceWith(place);
  progress.tell(null, `Making the file: ${button.textContent} …`);
  const { table, which, postings } = listing;
  try {
    const query = new URLSearchParams({ ...which, output, safe_csv: true });
    const coming = fetched(`tables/${table}/file?${query}`, { signal: mine.signal });
    let there = false;
    coming.finally(() => { there = true; }).catch(() => null);
    while (!await Promise.race([coming.then(() => true), wait(0.3)])) {
      const told = await ask(`tables/${table}`).catch(() => null);
      if (told && told.rows && !there) progress.tell(told.rows / postings, `Making the file: ${told.rows.toLocaleString('en')} of ${counted(postings, 'row')}`);
    }
    const answer = await coming;
    const named = /filename\*=utf-8''([^;]+)/i.exec(answer.headers.get('Content-Disposition'));
    const plain = /filename="([^"]+)"/.exec(answer.headers.get('Content-Disposition'));
    const url = URL.createObjectURL(await answer.blob());
    const link = make('a', { href: url, download: named ? decodeURIComponent(named[1]) : (plain && plain[1]) || `judged.${output}` });
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 60000);
    say(`${link.download} is with your downloads.`);
  } catch (error) {
    if (error.name === 'AbortError') say('Stopped: there is no file.');
    else complain(error);
  }
  place.replaceWith(buttons);
  button.focus();
}
