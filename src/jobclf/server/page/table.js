/* Many postings: uploads, progress, what they come to, rows by doubt, files to take away. */

let job = null; // the table at work or shown
let listing = null; // which of its rows are shown

/** Give files to the server and have them judged together. */
async function judge(files) {
  const section = get('many');
  const bar_ = make('progress', { max: 1, 'aria-label': 'Progress' });
  const told = make('p', {}, 'Reading …');
  const mine = new AbortController();
  const button = make('button', { type: 'button', class: 'button', onclick: () => stop() }, 'Stop');
  section.replaceChildren(make('h2', { id: 'many-name', tabindex: '-1' }, files.length === 1 ? files[0].name : counted(files.length, 'file')), bar_, told, make('p', { class: 'row' }, button));
  view('many');
  get('many-name').focus();
  let stopping = false;

  async function stop() {
    button.disabled = true;
    stopping = true;
    if (!job || job.state !== 'running') mine.abort();
    else await ask(`tables/${job.id}/stop`, { method: 'POST' }).catch(() => null);
  }

  try {
    await leave();
    job = await ask('tables', { method: 'POST', signal: mine.signal });
    for (const [at, file] of files.entries()) {
      if (files.length > 1) told.textContent = `Reading file ${at + 1} of ${files.length} …`;
      bar_.value = at / files.length / 4;
      const name = encodeURIComponent(file.webkitRelativePath || file.name);
      await ask(`tables/${job.id}/files?name=${name}`, { method: 'PUT', body: file, signal: mine.signal });
    }
    await work(bar_, told, '');
  } catch (error) {
    if (stopping || error.name === 'AbortError') {
      await leave();
      home();
      say('Stopped.');
    } else {
      complain(error);
      if (job && job.state === 'failed') again(section);
      else home();
    }
  }
}

/** Have what was uploaded judged, and show how far it is until it is done. */
async function work(bar_, told, columns) {
  job = await ask(`tables/${job.id}/start${columns}`, { method: 'POST' });
  let spoken = 0;
  while (job.state === 'running') {
    await wait(0.25);
    job = await ask(`tables/${job.id}`);
    if (job.share == null) bar_.removeAttribute('value');
    else bar_.value = job.share;
    const share = job.share == null ? '' : `, ${Math.round(100 * job.share)} %`;
    told.textContent = job.rows ? `${counted(job.rows, 'posting')}${share}` : 'Reading …';
    if (job.rows && Date.now() - spoken > 5000) {
      say(told.textContent);
      spoken = Date.now();
    }
  }
  say('');
  if (job.state !== 'done') throw { ...job.error, detail: job.error.message };
  showTable();
}

/** Let another column be named where none or a wrong one was read. */
function columnForm() {
  const text = make('input', { type: 'text', id: 'text-column' });
  const title = make('input', { type: 'text', id: 'title-column' });
  const form = make('form', { class: 'card' },
    make('label', { class: 'name', for: 'text-column' }, 'Column with the text'), text,
    make('label', { class: 'name', for: 'title-column' }, 'Column with the title ', make('span', { class: 'quiet' }, 'if there is one')), title,
    make('p', { class: 'row' }, make('button', { class: 'button main' }, 'Read these')));
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    forget();
    const named = new URLSearchParams();
    if (text.value.trim()) named.set('text_column', text.value.trim());
    if (title.value.trim()) named.set('title_column', title.value.trim());
    const bar_ = make('progress', { max: 1, 'aria-label': 'Progress' });
    const told = make('p');
    form.replaceWith(bar_, told);
    try {
      await work(bar_, told, `?${named}`);
    } catch (error) {
      complain(error);
      bar_.remove();
      again(get('many'));
    }
  });
  return form;
}

function again(section) {
  const heading = section.querySelector('h2');
  section.replaceChildren(heading, make('p', { class: 'row' }, make('button', { type: 'button', class: 'button', onclick: home }, 'Other files')), columnForm());
}

/** Let the server forget the table. */
async function leave() {
  const last = job;
  job = null;
  if (last) await ask(`tables/${last.id}`, { method: 'DELETE' }).catch(() => null);
}

addEventListener('pagehide', (event) => {
  if (job && !event.persisted) fetch(`tables/${job.id}`, { method: 'DELETE', keepalive: true, headers: token ? { Authorization: `Bearer ${token}` } : {} });
});

/** Show what the rows come to, and the rows. */
function showTable() {
  const found = job.summary;
  const judged = found.postings - found.failed;
  listing = { answer: null, order: 'doubt', from: 0 };
  const counts = [...Object.entries(found.roles).map(([role, count]) => [role === 'other' ? 'neither' : role, count]), ['error', found.failed]].filter(([role, count]) => role !== 'error' || count);
  const filters = make('ul', { class: 'counts' }, counts.map(([role, count]) => make('li', {}, make('button', {
    type: 'button', 'aria-pressed': 'false', onclick: (event) => filter(role, event.currentTarget),
  }, make('span', {}, role === 'neither' ? 'Neither' : sentence(NAMES[role]).slice(0, -1)), make('span', { class: 'figure' }, count.toLocaleString('en')), bar(count / Math.max(1, found.postings), LETTER[role])))));
  const order = make('select', { id: 'order', onchange: () => { listing.order = order.value; listing.from = 0; rows(); } },
    make('option', { value: 'doubt' }, 'the least certain first'), make('option', { value: 'table' }, 'as they stand'));
  const body = make('tbody');
  const more = make('button', { type: 'button', class: 'button', onclick: () => rows(true) }, 'More rows');
  const total = make('p', { class: 'quiet', role: 'status' });
  listing.body = body;
  listing.more = more;
  listing.total = total;

  function filter(role, pressed) {
    const same = listing.answer === role;
    filters.querySelectorAll('button').forEach((each) => each.setAttribute('aria-pressed', String(each === pressed && !same)));
    listing.answer = same ? null : role;
    listing.from = 0;
    rows();
  }

  const lost = Object.entries(found.reasons || {}).map(([reason, count]) => `${count.toLocaleString('en')} ${reason.replaceAll('_', ' ')}`);
  get('many').replaceChildren(...[
    make('p', { class: 'row' }, make('button', { type: 'button', class: 'button', onclick: home }, 'Other files')),
    make('div', { class: 'columns' },
      make('div', {},
        make('h2', { id: 'many-name', tabindex: '-1' }, counted(found.postings, 'posting')),
        found.stopped ? make('p', {}, 'Stopped: these are the rows so far. A file to take away holds all of them.') : null,
        ...readFrom(found.columns),
        filters,
        found.failed ? make('p', {}, `${judged ? '' : 'None could be judged. '}Not judged: ${lost.join('; ')}.`) : null,
        judged ? pictures(found) : null,
        make('h3', {}, 'Take the answers away'),
        make('p', { class: 'row' }, [['xlsx', 'Excel'], ['csv', 'CSV'], ['parquet', 'Parquet'], ['jsonl', 'JSON lines']].map(([output, name]) => make('button', { type: 'button', class: 'button small', onclick: (event) => download(output, event.currentTarget) }, name))),
        found.columns.length ? make('details', {}, make('summary', {}, 'Read other columns'), columnForm()) : null),
      make('div', {},
        make('h3', {}, 'Rows'),
        make('p', { class: 'row' }, make('label', { for: 'order' }, 'Show'), order),
        total,
        make('table', { class: 'rows' }, make('thead', {}, make('tr', {}, ['Row', found.columns.length ? 'Title' : 'File', 'Answer', 'Sure', 'Title says'].map((name) => make('th', { scope: 'col' }, name)))), body),
        make('p', { class: 'row' }, more))),
  ].filter(Boolean));
  view('many');
  get('many-name').focus();
  rows();
}

function readFrom(columns) {
  return columns.slice(0, 3).map((each) => make('p', { class: 'quiet of' }, `${columns.length > 1 ? `${each.name}: ` : ''}The text is read from “${[each.text].flat().join('”, “')}”${each.title ? `, the title from “${each.title}”` : ''}.`));
}

/** Show the rows that are asked for, or more of them. */
async function rows(further = false) {
  const wanted = listing;
  const asked = wanted.asked = Symbol('the newest of the requests');
  if (further) wanted.from += 50;
  wanted.body.setAttribute('aria-busy', 'true');
  const query = new URLSearchParams({ start: wanted.from, order: wanted.order });
  if (wanted.answer) query.set('answer', wanted.answer);
  try {
    const found = await ask(`tables/${job.id}/rows?${query}`);
    if (wanted !== listing || asked !== wanted.asked) return;
    const made = found.rows.map(rowOf);
    const had = wanted.body.children.length;
    if (further) wanted.body.append(...made);
    else wanted.body.replaceChildren(...made);
    wanted.more.hidden = wanted.from + 50 >= found.total;
    wanted.total.textContent = `${counted(found.total, 'row')}${wanted.answer ? `, ${NAMES[wanted.answer]}` : ''}`;
    if (further && wanted.body.children[had]) wanted.body.children[had].querySelector('button, td').focus();
  } catch (error) {
    complain(error);
  }
  if (asked === wanted.asked) wanted.body.removeAttribute('aria-busy');
}

function rowOf(row) {
  const name = row.path || row.title || `Row ${row.number}`;
  const shown = row.error == null ? make('button', { type: 'button', 'data-row': row.number, onclick: () => openRow(row, name) }, name) : name;
  return make('tr', {},
    make('td', { class: 'number' }, row.number.toLocaleString('en')),
    make('td', { class: 'titled' }, shown, row.error == null ? null : make('div', { class: 'error' }, row.error)),
    make('td', { class: LETTER[row.answer] }, NAMES[row.answer]),
    make('td', { class: 'number' }, row.confidence == null ? '' : percent(row.confidence)),
    make('td', { class: 'claim' }, row.title_role && row.title_role !== 'neither' ? NAMES[row.title_role] : ''));
}

/** Show why a row was judged as it was. */
async function openRow(row, name) {
  forget();
  say('Reading …');
  try {
    const found = await ask(`tables/${job.id}/rows/${row.number}`);
    say('');
    view('answer');
    showPosting(found, { name, title: found.given, back: { text: 'Back to the rows', go: () => { forget(); view('many'); focusOn(row.number); } } });
  } catch (error) {
    complain(error);
  }
}

/** Focus on the row of that number, whose button may be a new one by now, or on the heading. */
function focusOn(number) {
  (listing.body.querySelector(`[data-row="${number}"]`) ?? get('many-name')).focus();
}

/** Take the judged rows away as a file. */
async function download(output, button) {
  const label = button.textContent;
  button.disabled = true;
  button.textContent = `${label} …`;
  forget();
  try {
    const answer = await fetched(`tables/${job.id}/file?output=${output}&safe_csv=true`);
    const named = /filename\*=utf-8''([^;]+)/i.exec(answer.headers.get('Content-Disposition'));
    const plain = /filename="([^"]+)"/.exec(answer.headers.get('Content-Disposition'));
    const url = URL.createObjectURL(await answer.blob());
    const link = make('a', { href: url, download: named ? decodeURIComponent(named[1]) : (plain && plain[1]) || `judged.${output}` });
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 60000);
    say(`${link.download} is with your downloads.`);
  } catch (error) {
    complain(error);
  }
  button.disabled = false;
  button.textContent = label;
}
