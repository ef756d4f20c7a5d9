// Writes golden.txt: what citeproc-js makes of cases.json in Chicago 17 (full
// note). Only developers run it; the program and its tests need neither node
// nor citeproc-js, which is used here under the AGPL and is not shipped.
//
//   npm install citeproc@2.4.63
//   apt-get download citation-style-language-styles citation-style-language-locales
//   (unpack both with dpkg -x PACKAGE csl)
//   node golden.js csl/usr/share/citation-style-language > golden.txt
const fs = require('fs');
const path = require('path');
const CSL = require(require.resolve('citeproc', { paths: [process.cwd(), __dirname] }));

const share = process.argv[2];
const style = fs.readFileSync(path.join(share, 'styles/chicago-fullnote-bibliography.csl'), 'utf8');
const cases = JSON.parse(fs.readFileSync(path.join(__dirname, 'cases.json'), 'utf8'));

const entities = { '&#38;': '&', '&#60;': '<', '&#62;': '>', '&amp;': '&', '&lt;': '<', '&gt;': '>' };
const plain = (s) => s.replace(/&(#\d+|\w+);/g, (e) => entities[e] || e)
  .replace(/<span style="font-style:normal;">(.*?)<\/span>/g, '</i>$1<i>').replace(/<\/?span[^>]*>/g, '');

for (const c of cases) {
  const sys = {
    retrieveLocale: (lang) => fs.readFileSync(path.join(share, 'locales/locales-en-US.xml'), 'utf8'),
    retrieveItem: () => c.item,
  };
  const engine = new CSL.Engine(sys, style, 'en-US');
  const cite = { id: c.item.id };
  if (c.locator) { cite.locator = c.locator.value; cite.label = c.locator.label; }
  const note = (id, n, pre) => engine.processCitationCluster(
    { citationID: id, citationItems: [{ ...cite }], properties: { noteIndex: n } }, pre, [])[1].pop()[1];
  const full = note('first', 1, []);
  // What a short title is, the styles leave to title-short. Without one we take
  // the title without its subtitle, so citeproc-js is given the same.
  if (c.item.title && !c.item['title-short']) c.item['title-short'] = c.item.title.split(': ')[0];
  // A shortened note is one that does not follow at once, or it would be an "ibid."
  const short = (() => {
    const e = new CSL.Engine({ ...sys, retrieveItem: (id) => (id === 'other' ? { id: 'other', type: 'book', title: 'Other' } : c.item) }, style, 'en-US');
    const put = (id, items, n, pre) => e.processCitationCluster({ citationID: id, citationItems: items, properties: { noteIndex: n } }, pre, [])[1];
    put('a', [{ ...cite }], 1, []);
    put('b', [{ id: 'other' }], 2, [['a', 1]]);
    return put('c', [{ ...cite }], 3, [['a', 1], ['b', 2]]).pop()[1];
  })();
  const e = new CSL.Engine(sys, style, 'en-US');
  e.updateItems([c.item.id]);
  const bib = e.makeBibliography()[1][0].replace(/<\/?div[^>]*>/g, '').trim();
  console.log(`${c.name}\n  full  ${plain(full)}\n  short ${plain(short)}\n  bib   ${plain(bib)}`);
}
