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
  made.append(...content.flat().filter((each) => each != null && each !== false));
  return made;
}

/** Ask the server; a refusal is thrown with its fields. */
async function ask(path, { method = 'GET', json, form, signal } = {}) {
  const headers = token ? { Authorization: `Bearer ${token}` } : {};
  let body = form;
  if (json !== undefined) {
    headers['Content-Type'] = 'application/json';
    body = JSON.stringify(json);
  }
  for (let times = 0; ; times += 1) {
    let answer;
    try {
      answer = await fetch(path, { method, headers, body, signal });
    } catch (error) {
      if (error.name === 'AbortError') throw error;
      throw { detail: 'jobclf does not answer', remedy: 'start it again with: jobclf serve' };
    }
    if (answer.status === 503 && times < 20) {
      await new Promise((done) => setTimeout(done, 1000 * (answer.headers.get('Retry-After') || 1)));
      continue;
    }
    if (answer.ok) return answer.status === 204 ? null : answer.json();
    throw await answer.json().catch(() => ({ detail: `the server answers ${answer.status}` }));
  }
}

const say = (text) => { get('status').textContent = text; };

/** Show why something could not be done, and what to do. */
function complain(error) {
  say('');
  if (error && error.name === 'AbortError') return;
  const detail = String((error && error.detail) || error);
  const remedy = error && error.remedy;
  const fact = remedy && detail.endsWith(`; ${remedy}`) ? detail.slice(0, -remedy.length - 2) : detail;
  const sentence = (text) => `${text[0].toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;
  get('problem').replaceChildren(make('p', {}, make('strong', {}, sentence(fact))), remedy ? make('p', {}, sentence(remedy)) : '');
}

const forget = () => get('problem').replaceChildren();
