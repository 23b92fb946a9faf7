/* The page's life: what is given, and which part is shown. */

const TABLES = /\.(csv|tsv|tab|jsonl|ndjson|parquet|pq|xlsx|xlsm|xls|ods|db|sqlite3?)(\.(gz|zst))?$/i;
const LARGEST = 32 * 2 ** 20; // bytes of a file of one posting

/** Answer what stands in the form. */
async function answerText() {
  const text = get('text').value;
  if (!text.trim()) {
    complain({ detail: 'there is no text yet', remedy: 'paste a posting, or choose a file' });
    get('text').focus();
    return;
  }
  const title = get('title').value.trim() || null;
  await answering(() => ask('explain', { method: 'POST', json: { text, title } }), title, title);
}

/** Answer one file, or find that it holds several. */
async function answerFile(file) {
  const form = new FormData();
  form.append('file', file, file.name);
  const found = await answering(() => ask('explain', { method: 'POST', body: form }), file.name, undefined, ['several', 'list']);
  if (found === 'several') await judge([file]);
}

async function answering(asked, name, title, elsewhere = []) {
  forget();
  say('Reading …');
  document.body.setAttribute('aria-busy', 'true');
  try {
    const found = await asked();
    say('');
    const place = { at: 'answer', answer: `${Date.now()}` };
    const show = () => {
      view('answer');
      showPosting(found, { name, title: title === undefined ? found.given : title, back: { text: 'Another posting', go: home } });
    };
    arrive(place);
    answers.set(place.answer, show);
    show();
  } catch (error) {
    if (elsewhere.includes(error.reason)) return 'several';
    complain(error.detail || error.name === 'AbortError' ? error : { detail: `the page failed: ${error.message || error}`, remedy: 'report it as an issue' });
  } finally {
    document.body.removeAttribute('aria-busy');
  }
  return null;
}

/** Take files: one posting is answered, a table or many files are judged together. */
async function takeFiles(files) {
  const path = (file) => file.webkitRelativePath || file.name;
  const some = [...files].filter((file) => !file.name.startsWith('.'))
    .sort((one, two) => path(one).localeCompare(path(two), 'en', { numeric: true }));
  if (!some.length) complain({ detail: 'there is no file in it', remedy: 'choose files' });
  else if (some.length === 1 && some[0].size <= LARGEST && !TABLES.test(some[0].name)) await answerFile(some[0]);
  else await judge(some);
}

/** Return the files that were dropped, those in folders too. */
async function dropped(transfer) {
  const found = [];
  async function walk(entry, path) {
    if (entry.isFile) {
      const file = await new Promise((done, failed) => { entry.file(done, failed); });
      if (path) Object.defineProperty(file, 'webkitRelativePath', { value: `${path}${file.name}` });
      found.push(file);
    } else {
      const reader = entry.createReader();
      for (let some; (some = await new Promise((done, failed) => { reader.readEntries(done, failed); })).length;) {
        for (const each of some) await walk(each, `${path}${entry.name}/`);
      }
    }
  }
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry && item.webkitGetAsEntry()).filter(Boolean);
  if (!entries.length) return [...transfer.files];
  for (const entry of entries) await walk(entry, '');
  return found;
}

get('ask').addEventListener('submit', (event) => {
  event.preventDefault();
  answerText();
});

get('text').addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) answerText();
});

get('text').addEventListener('paste', () => {
  const empty = !get('text').value.trim() || (get('text').selectionStart === 0 && get('text').selectionEnd === get('text').value.length);
  if (empty && !get('title').value.trim()) setTimeout(() => { if (get('text').value.trim().length > 200) answerText(); });
});

/* What is pasted elsewhere than into a field is a posting as well. */
addEventListener('paste', (event) => {
  if (event.target.closest?.('input, textarea')) return;
  const text = event.clipboardData.getData('text');
  if (!text.trim()) return;
  event.preventDefault();
  if (get('ask').hidden) home();
  get('title').value = '';
  get('text').value = text;
  if (text.trim().length > 200) answerText();
});

for (const id of ['files', 'folder']) {
  get(id).addEventListener('change', async () => {
    const files = [...get(id).files];
    get(id).value = '';
    await takeFiles(files);
  });
}
get('folder-label').hidden = !('webkitdirectory' in get('folder'));

let over = 0;
addEventListener('dragenter', (event) => { if ([...event.dataTransfer.types].includes('Files')) { over += 1; get('drop').hidden = false; } });
addEventListener('dragleave', () => { over = Math.max(0, over - 1); if (!over) get('drop').hidden = true; });
addEventListener('dragover', (event) => event.preventDefault());
addEventListener('drop', async (event) => {
  event.preventDefault();
  over = 0;
  get('drop').hidden = true;
  const files = await dropped(event.dataTransfer).catch(() => [...event.dataTransfer.files]);
  if (files.length) await takeFiles(files);
  else if (event.dataTransfer.getData('text')) {
    get('text').value = event.dataTransfer.getData('text');
    view('ask');
    answerText();
  }
});

/* A page that opened this one may offer a posting; it is taken after a click, as text. */
addEventListener('message', (event) => {
  const given = event.data;
  if (event.source !== window.opener || !given || given.jobclf !== 'posting' || typeof given.text !== 'string') return;
  const text = given.text.slice(0, 1000000);
  const title = typeof given.title === 'string' ? given.title.slice(0, 300) : '';
  get('offer-text').replaceChildren(make('strong', {}, /^https?:/.test(event.origin) ? event.origin : 'A page from a file'), ` offers ${counted(text.length, 'letter')}${title ? `: “${title}”` : ''}.`);
  forget();
  get('offer').hidden = false;
  get('offer-take').onclick = () => {
    get('offer').hidden = true;
    get('text').value = text;
    get('title').value = title;
    view('ask');
    answerText();
  };
  get('offer-take').focus();
});
get('offer-leave').addEventListener('click', () => { get('offer').hidden = true; get('text').focus(); });
if (location.hash === '#offer') {
  history.replaceState(history.state, '', location.pathname);
  setTimeout(() => {
    if (get('offer').hidden && !get('ask').hidden && !get('text').value) complain({ detail: 'the page that you came from may not hand over its text', remedy: 'copy the posting there and paste it here' });
  }, 2000);
}
if (window.opener) window.opener.postMessage('jobclf:ready', '*');

get('version').textContent = KNOWN.version;
ask('labels').then(showCount, (error) => {
  if (error.reason === 'no_token') complain({ detail: 'this page needs its token', remedy: 'open the whole address that jobclf serve printed' });
});
