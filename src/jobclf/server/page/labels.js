/* What a person says the work is: kept with one click, undone with another. */

function showCount(told) {
  const enough = Object.values(told.counts).filter((count) => count > 1).length > 1;
  const next = enough ? `To learn from them: jobclf train ${told.file}` : 'Two of each of two kinds are enough to learn from.';
  get('kept').textContent = told.labels ? `${counted(told.labels, 'label')} kept in ${told.file}. ${next}` : '';
}

/** Return the question what the work really is, for a posting; `changed` hears of each label. */
function labelling(text, title, changed = () => {}) {
  const said = make('p', { class: 'quiet', role: 'status' });
  const buttons = ['data_scientist', 'ml_engineer', 'neither'].map((label) => make('button', {
    type: 'button', class: 'button small', 'aria-pressed': 'false', 'data-label': label, onclick: () => keep(label),
  }, label === 'neither' ? 'Neither' : NAMES[label]));
  let touched = false;

  const post = (path, more) => ask(path, { method: 'POST', json: { text, ...more } });

  /** Show which label the posting has, and that it can be taken back. */
  function show(label, told, words) {
    buttons.forEach((each) => each.setAttribute('aria-pressed', String(each.dataset.label === label)));
    showCount(told);
    said.replaceChildren(words, label && told.posting ? make('button', { type: 'button', onclick: () => undo(told) }, 'Undo') : '');
    changed(label);
  }

  async function keep(label) {
    touched = true;
    try {
      const told = await post('labels', { title: title || null, label });
      show(label, told, `Kept as ${NAMES[label]} in ${told.file}. `);
    } catch (error) {
      complain(error);
    }
  }

  async function undo(told) {
    const before = told.previous;
    try {
      const now = before ? await post('labels', { title: title || null, label: before }) : await ask(`labels/${told.posting}`, { method: 'DELETE' });
      show(before, { ...now, posting: null }, before ? `Kept as ${NAMES[before]} again.` : 'The label is gone.');
      buttons[0].focus();
    } catch (error) {
      complain(error);
    }
  }

  // One that was given before, perhaps long ago; without an answer there is none to show.
  post('labels/of').then((told) => { if (told.label && !touched) show(told.label, told, `Kept as ${NAMES[told.label]} in ${told.file}. `); }, () => null);

  return make('div', { class: 'wrong' }, make('h3', {}, 'Wrong? Say what it is'), make('p', { class: 'row' }, buttons), said);
}
