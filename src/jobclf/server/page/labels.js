/* What a person says the work is: kept with one click, undone with another. */

function showCount(told) {
  get('kept').textContent = told.labels ? `${counted(told.labels, 'label')} kept in ${told.file}. To learn from them: jobclf train ${told.file}` : '';
}

/** Return the question what the work really is, for a posting. */
function labelling(text, title) {
  const said = make('p', { class: 'quiet', role: 'status' });
  const buttons = ['data_scientist', 'ml_engineer', 'neither'].map((label) => make('button', {
    type: 'button', class: 'button small', 'aria-pressed': 'false', 'data-label': label, onclick: () => keep(label),
  }, label === 'neither' ? 'Neither' : NAMES[label]));

  const press = (label) => buttons.forEach((each) => each.setAttribute('aria-pressed', String(each.dataset.label === label)));

  async function keep(label) {
    try {
      const told = await ask('labels', { method: 'POST', json: { text, title: title || null, label } });
      press(label);
      showCount(told);
      said.replaceChildren(`Kept as ${NAMES[label]} in ${told.file}. `, make('button', { type: 'button', onclick: () => undo(told) }, 'Undo'));
    } catch (error) {
      complain(error);
    }
  }

  async function undo(told) {
    try {
      const now = told.previous
        ? await ask('labels', { method: 'POST', json: { text, title: title || null, label: told.previous } })
        : await ask(`labels/${told.posting}`, { method: 'DELETE' });
      press(told.previous);
      showCount(now);
      said.replaceChildren(told.previous ? `Kept as ${NAMES[told.previous]} again.` : 'The label is gone.');
      buttons[0].focus();
    } catch (error) {
      complain(error);
    }
  }

  return make('div', { class: 'wrong' }, make('h3', {}, 'Wrong? Say what it is'), make('p', { class: 'row' }, buttons), said);
}
