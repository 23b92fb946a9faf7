/* Many postings: uploads, progress, and what they come to. */

let job = null; // the table at work or shown
let listing = null; // which of its rows are shown

/** Ask before files take the place of a table that is at work or looked at. */
function mayReplace() {
  if (job && job.state === 'running') return confirm('A table is being judged. Stop it, and judge this instead?');
  return !job || !get('ask').hidden || confirm('Judge this instead of the table that is shown? Labels that you gave are kept.');
}

/** Return how far something is, as elements: a bar, words, and a way to stop. */
function progressOf(stop) {
  const shown = make('progress', { max: 1, 'aria-label': 'Progress' });
  const words = make('p', {}, 'Reading …');
  let spoken = 0;
  return {
    words,
    button: make('button', { type: 'button', class: 'button', onclick: (event) => { event.currentTarget.disabled = true; stop(); } }, 'Stop'),
    parts: [shown, words],
    /** Show it, and say it now and then to who hears the page. */
    tell(share, text) {
      if (share == null) shown.removeAttribute('value');
      else shown.value = share;
      words.textContent = text;
      if (Date.now() - spoken > 5000) {
        say(text, true);
        spoken = Date.now();
      }
    },
  };
}

const rowsSoFar = (told) => (told.rows ? `${counted(told.rows, 'posting')}${told.share == null ? '' : `, ${Math.round(100 * told.share)} %`}` : 'Reading …');

/** Give files to the server and have them judged together. */
async function judge(files) {
  if (!mayReplace()) return;
  forget();
  const section = get('many');
  const mine = new AbortController();
  const progress = progressOf(stop);
  section.replaceChildren(make('h2', { id: 'many-name', tabindex: '-1' }, files.length === 1 ? files[0].name : counted(files.length, 'file')), ...progress.parts, make('p', { class: 'row' }, progress.button));
  view('many');
  get('many-name').focus();
  let id = null;
  let stopping = false;

  async function stop() {
    stopping = true;
    if (!job || job.state !== 'running') mine.abort();
    else await ask(`tables/${job.id}/stop`, { method: 'POST' }).catch(() => null);
  }

  try {
    await leave();
    job = await ask('tables', { method: 'POST', signal: mine.signal });
    id = job.id;
    arrive({ at: 'table', table: id });
    for (const [at, file] of files.entries()) {
      progress.tell(at / files.length / 4, files.length > 1 ? `Reading file ${at + 1} of ${files.length} …` : 'Reading …');
      const name = encodeURIComponent(file.webkitRelativePath || file.name);
      await ask(`tables/${id}/files?name=${name}`, { method: 'PUT', body: file, signal: mine.signal });
    }
    await work(progress, '');
  } catch (error) {
    if (id && (!job || job.id !== id)) return; // another took its place
    if (stopping || error.name === 'AbortError') {
      await leave();
      home();
      say('Stopped.');
    } else if (job && job.state === 'failed') {
      again(section);
      complain(inWords(error));
    } else {
      await leave();
      home();
      complain(error);
    }
  }
}

/** Have what was uploaded judged, and show how far it is until it is done. */
async function work(progress, columns) {
  const { id } = job;
  for (let now = await ask(`tables/${id}/start${columns}`, { method: 'POST' }); ; now = await ask(`tables/${id}`)) {
    if (!job || job.id !== id) throw { name: 'AbortError' };
    job = now;
    if (job.state !== 'running') break;
    progress.tell(job.share, rowsSoFar(job));
    await wait(0.25);
  }
  say('');
  if (job.state !== 'done') throw { ...job.error, detail: job.error.message };
  showTable();
}

/** Let another column be named where none or a wrong one was read. */
function columnForm(known = []) {
  const text = make('input', { type: 'text', id: 'text-column', list: 'columns' });
  const title = make('input', { type: 'text', id: 'title-column', list: 'columns' });
  const form = make('form', { class: 'card' },
    make('datalist', { id: 'columns' }, known.map((name) => make('option', { value: name }))),
    make('label', { class: 'name', for: 'text-column' }, 'Column with the text'), text,
    make('label', { class: 'name', for: 'title-column' }, 'Column with the title ', make('span', { class: 'quiet' }, 'if there is one')), title,
    make('p', { class: 'row' }, make('button', { class: 'button main' }, 'Read these')));
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    forget();
    const named = new URLSearchParams();
    if (text.value.trim()) named.set('text_column', text.value.trim());
    if (title.value.trim()) named.set('title_column', title.value.trim());
    const { id } = job;
    const progress = progressOf(() => ask(`tables/${id}/stop`, { method: 'POST' }).catch(() => null));
    form.replaceWith(...progress.parts, progress.button);
    try {
      await work(progress, `?${named}`);
    } catch (error) {
      if (!job || job.id !== id) return;
      again(get('many'), known);
      complain(inWords(error));
    }
  });
  return form;
}

/** Say what to do on this page where a column is missing. */
function inWords(error) {
  if (error.reason !== 'no_column') return error;
  const fact = error.fact.replace(' for text_column', ' for the text').replace(' for title_column', ' for the title');
  const there = (error.remedy || '').replace(/^name one (of |with \w+: )/, '');
  return { ...error, detail: [error.path, fact].filter(Boolean).join(': '), remedy: `write the name of the column with the text below; there are ${there}` };
}

function again(section, known) {
  const heading = section.querySelector('h2');
  section.replaceChildren(heading, make('p', { class: 'row' }, make('button', { type: 'button', class: 'button', onclick: home }, 'Other files')), columnForm(known));
}

/** Let the server forget the table. */
async function leave() {
  const last = job;
  job = null;
  if (last) await ask(`tables/${last.id}`, { method: 'DELETE' }).catch(() => null);
}

/** Show what the rows come to, and the rows. */
function showTable() {
  const found = job.summary;
  const judged = found.postings - found.failed;
  const odd = found.titles.filter((each) => each.title_role !== each.answer).reduce((sum, each) => sum + each.postings, 0);
  listing = { table: job.id, postings: found.postings, which: {}, order: 'doubt', rows: [], total: 0, kept: new Map(), toFilter: [] };
  const counts = Object.entries(found.roles).map(([role, count]) => [{ answer: role === 'other' ? 'neither' : role }, count]);
  if (found.failed) counts.push([{ answer: 'error' }, found.failed]);
  const filters = make('ul', { class: 'counts' }, counts.map(([which, count]) => make('li', {}, filterButton(which, {},
    make('span', {}, which.answer === 'neither' ? 'Neither' : sentence(NAMES[which.answer]).slice(0, -1)), make('span', { class: 'figure' }, count.toLocaleString('en')), bar(count / Math.max(1, found.postings), LETTER[which.answer])))),
  odd ? make('li', {}, filterButton({ disagree: true }, {}, make('span', {}, 'Title says otherwise'), make('span', { class: 'figure' }, odd.toLocaleString('en')), bar(odd / Math.max(1, found.postings), 'Q'))) : null);
  const lost = Object.entries(found.reasons || {}).map(([reason, count]) => `${count.toLocaleString('en')} ${LOST[reason] || reason.replaceAll('_', ' ')}`);
  get('many').replaceChildren(...[
    make('p', { class: 'row' }, make('button', { type: 'button', class: 'button', onclick: home }, 'Other files')),
    make('div', { class: 'columns' },
      make('div', {},
        make('h2', { id: 'many-name', tabindex: '-1' }, counted(found.postings, 'posting')),
        found.stopped ? make('p', {}, 'Stopped: these are the rows so far, here and in files that you take away.') : null,
        ...readFrom(found.columns),
        filters,
        found.failed ? make('p', {}, `${judged ? '' : 'None could be judged. '}Not judged: ${lost.join('; ')}.`) : null,
        judged ? pictures(found) : null,
        ...takingAway(),
        found.columns.length ? make('details', {}, make('summary', {}, 'Read other columns'), columnForm(found.known_columns)) : null),
      make('div', {}, ...rowsPart(found))),
  ].filter(Boolean));
  if (isAt({ at: 'table', table: job.id })) showRows();
  else say('The table is done: go back to it in the browser’s history.');
  rows();
}

/** Show the table that is there, at the row that was open last. */
function showRows() {
  view('many');
  (listing?.body?.querySelector(`[data-row="${listing.last}"]`) ?? get('many-name')).focus();
}

const LOST = { not_english: 'not in English', not_text: 'not text', no_text: 'without text', not_found: 'not there', other: 'for other reasons', bad_value: 'without a text that can be read', not_posting: 'of another kind' };

function readFrom(columns) {
  return columns.slice(0, 3).map((each) => make('p', { class: 'quiet of' }, `${columns.length > 1 ? `${each.name}: ` : ''}The text is read from “${[each.text].flat().join('”, “')}”${each.title ? `, the title from “${each.title}”` : ''}.`));
}
