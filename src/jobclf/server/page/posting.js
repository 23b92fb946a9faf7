/* The posting line by line: marks, and lines that can be switched off. */

const MOST_LINE = 240; // letters; a longer line is parted into sentences

/** Part a text into pieces that can be switched off, their ends included. */
function pieces(text) {
  const found = [];
  for (const line of text.match(/[^\n]*\n|[^\n]+$/g) || []) {
    if (line.length <= MOST_LINE) found.push(line);
    else found.push(...(line.match(/[^.!?;]*[.!?;]+["”’)]*\s*|[^.!?;]+$/g) || [line]));
  }
  return found;
}

/** Return what a phrase adds to what decided, for ML Engineer or for either role where positive. */
const added = (found, phrase) => (answerOf(found)[0] === 'neither' ? phrase.scope_contribution : phrase.contribution);

/** Return the role that a phrase speaks for. */
function sideOf(found, phrase) {
  if (answerOf(found)[0] === 'neither' && phrase.scope_contribution < 0) return 'neither';
  return phrase.contribution > 0 ? 'ml_engineer' : 'data_scientist';
}
