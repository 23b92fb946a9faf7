/* The page's life: what is given, what is shown. */

get('ask').addEventListener('submit', async (event) => {
  event.preventDefault();
  forget();
  say('Reading …');
  try {
    const title = get('title').value.trim();
    const found = await ask('explain', { method: 'POST', json: { text: get('text').value, title: title || null } });
    say('');
    const section = get('answer');
    section.replaceChildren(
      make('h2', { id: 'verdict', class: `answer ${LETTER[answerOf(found)[0]]}` }, verdict(found)),
      shareList(found), ...remarks(found),
    );
    section.hidden = false;
    section.focus();
  } catch (error) {
    complain(error);
  }
});
