/* Pictures of what many answers come to. */

const SVG = 'http://www.w3.org/2000/svg';

function drawn(name, attributes, ...content) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...content);
  return made;
}

/** Draw how many postings of the two roles have which probability of ML Engineer. */
function histogram(bins) {
  const most = Math.max(1, ...bins);
  const width = 100 / bins.length;
  const heard = bins.map((count, at) => (count ? `${Math.round(at * width)} to ${Math.round((at + 1) * width)} %: ${count}` : '')).filter(Boolean).join(', ');
  return drawn('svg', { class: 'histogram', viewBox: '0 0 100 40', preserveAspectRatio: 'none', role: 'img', 'aria-label': `Postings by probability of ML Engineer. ${heard || 'None'}.` },
    ...bins.map((count, at) => drawn('rect', {
      class: at >= bins.length / 2 ? 'M' : 'D', x: at * width + 0.3, width: width - 0.6, y: 40 - (39 * count) / most, height: (39 * count) / most,
    })));
}

/** Return the pictures and the table of titles against texts. */
function pictures(found) {
  const counts = (claim, answer) => found.titles.filter((each) => each.title_role === claim && (each.answer === answer || (answer === 'neither' && each.answer === 'other'))).reduce((sum, each) => sum + each.postings, 0);
  const answers = ['data_scientist', 'ml_engineer', 'neither'];
  const named = found.titles.length > 0;
  const cell = (claim, answer) => {
    const count = counts(claim, answer).toLocaleString('en');
    return count === '0' ? count : filterButton({ title_role: claim, answer }, { 'aria-label': `${count}, show them` }, count);
  };
  return make('div', { class: 'pictures' },
    make('h3', {}, 'Between the two roles'),
    histogram(found.histogram),
    make('p', { class: 'ends quiet' }, make('span', {}, 'Data Scientist'), make('span', {}, 'ML Engineer')),
    named ? make('h3', {}, 'Titles against texts') : null,
    named ? make('table', {},
      make('thead', {}, make('tr', {}, make('th', { scope: 'col' }, 'Title says'), answers.map((answer) => make('th', { scope: 'col', class: 'number' }, NAMES[answer])))),
      make('tbody', {}, answers.slice(0, 2).map((claim) => make('tr', {}, make('th', { scope: 'row' }, NAMES[claim]), answers.map((answer) => make('td', { class: 'number' }, cell(claim, answer))))))) : null);
}
