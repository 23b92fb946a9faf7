/* Where one is: the form, an answer, the rows or one of them. Back and Forward of the browser lead there. */

const answers = new Map(); // what shows each single answer again, by the place that it has in the history

let turns = 0; // how often one went elsewhere: what comes late is not shown

/** Show the form, the answer or the table. */
function view(name) {
  for (const each of ['ask', 'answer', 'many']) get(each).hidden = each !== name;
}

const isAt = (place) => JSON.stringify(history.state) === JSON.stringify(place);

/** Take note of where one is; `instead` of where one was, if Back is not to lead there. */
function arrive(place, instead = false) {
  if (!isAt(place)) history[instead ? 'replaceState' : 'pushState'](place, '');
}

/** Show a place of the history again; what is no longer kept is asked for anew. */
function lead(place) {
  forget();
  turns += 1;
  if (answers.has(place.answer)) answers.get(place.answer)();
  else if (job && place.table === job.id && place.row && listing?.table === job.id) openRow(place.row);
  else if (job && place.table === job.id) showRows();
  else {
    showForm();
    if (place.at !== 'ask') complain({ detail: 'this is no longer kept', remedy: 'give it again' });
  }
}

function showForm() {
  view('ask');
  get('text').focus();
}

/** Go back to where a posting is given. */
function home() {
  forget();
  arrive({ at: 'ask' });
  get('title').value = '';
  showForm();
  get('text').select();
}

history.replaceState({ at: 'ask' }, '');
addEventListener('popstate', (event) => lead(event.state || { at: 'ask' }));

/* A table goes with the page: leaving is asked about, going to the form is not leaving. */
addEventListener('beforeunload', (event) => { if (job && get('ask').hidden) event.preventDefault(); });
addEventListener('pagehide', (event) => {
  if (job && !event.persisted) fetch(`tables/${job.id}`, { method: 'DELETE', keepalive: true, headers: token ? { Authorization: `Bearer ${token}` } : {} });
});
