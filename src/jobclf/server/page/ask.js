/* What is asked of the server, and how elements are made. */

const token = takeToken();

/** Take the token out of the address, so that it stands in no history. */
function takeToken() {
  const given = new URLSearchParams(location.hash.slice(1)).get('token');
  if (given) {
    sessionStorage.setItem('token', given);
    history.replaceState(null, '', location.pathname);
  }
  return sessionStorage.getItem('token');
}

const get = (id) => document.getElementById(id);

/** Make an element; what it holds is text or elements, never markup. */
function make(name, attributes = {}, ...content) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith('on')) made.addEventListener(key.slice(2), value);
    else if (value === true) made.setAttribute(key, '');
    else if (value !== false && value != null) made.setAttribute(key, value);
  }
  made.append(...content.flat(2).filter((each) => each != null && each !== false));
  return made;
}

const wait = (seconds) => new Promise((done) => { setTimeout(done, 1000 * seconds); });

/** Ask the server; a refusal is thrown with its fields. Who is told to come again does so. */
async function fetched(path, { method = 'GET', json, body, signal } = {}) {
  const headers = token ? { Authorization: `Bearer ${token}` } : {};
  if (json !== undefined) headers['Content-Type'] = 'application/json';
  for (let times = 0; ; times += 1) {
    let answer;
    try {
      answer = await fetch(path, { method, headers, signal, body: json === undefined ? body : JSON.stringify(json) });
    } catch (error) {
      if (error.name === 'AbortError') throw error;
      throw { detail: 'jobclf does not answer any more', remedy: 'start it again in the terminal: jobclf serve' };
    }
    if (answer.ok) return answer;
    const problem = await answer.json().catch(() => ({ detail: `the server answers ${answer.status}` }));
    if (problem.reason !== 'busy' || times === 30) throw problem;
    await wait(answer.headers.get('Retry-After') || 1);
  }
}

const ask = async (path, options) => (await fetched(path, options)).json();

/** Say in a place that is read out how far something is; `unseen` where it stands elsewhere too. */
function say(text, unseen = false) {
  get('status').textContent = text;
  get('status').classList.toggle('hidden', unseen);
}

const sentence = (text) => `${text[0].toUpperCase()}${text.slice(1)}${/[.!?…]$/.test(text) ? '' : '.'}`;

/** Part what went wrong into what is so and what to do. */
function parted(error) {
  const detail = String((error && (error.detail || error.message)) || error || 'something went wrong');
  const remedy = (error && error.remedy) || '';
  return [remedy && detail.endsWith(`; ${remedy}`) ? detail.slice(0, -remedy.length - 2) : detail, remedy];
}

/** Show why something could not be done, and what to do. */
function complain(error) {
  say('');
  if (error && error.name === 'AbortError') return;
  const [fact, remedy] = parted(error);
  const named = error && error.path; // a name keeps its first letter
  get('problem').replaceChildren(make('p', {}, make('strong', {}, named ? fact : sentence(fact))), remedy ? make('p', {}, sentence(remedy)) : '');
}

const forget = () => { get('problem').replaceChildren(); say(''); };

const counted = (number, noun) => `${number.toLocaleString('en')} ${noun}${number === 1 ? '' : 's'}`;
