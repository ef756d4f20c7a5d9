// Gives exported.bib and exported.ris, which the tests of package csl hold
// our exports against, to citation-js, and compares what it reads with the items
// of cases.json. Only developers run it, after the two files have changed:
//
//   npm install --legacy-peer-deps @citation-js/core@0.7.21 @citation-js/plugin-bibtex@0.7.21 @citation-js/plugin-ris@0.7.21
//   node readback.js > readback.txt
//
// readback.txt is committed, and lists what comes back otherwise, with the reason.
// Whatever has no reason yet fails the script.
const fs = require('fs');
const path = require('path');
const at = { paths: [process.cwd(), __dirname] };
const { Cite, plugins } = require(require.resolve('@citation-js/core', at));
require(require.resolve('@citation-js/plugin-bibtex', at));
require(require.resolve('@citation-js/plugin-ris', at));
plugins.config.get('@bibtex').parse.sentenceCase = 'never';

const cases = JSON.parse(fs.readFileSync(path.join(__dirname, 'cases.json'), 'utf8'));
const bare = (s) => String(s).replace(/<\/?[a-z]+[^>]*>/g, '').replace(/[–—]|--/g, '-').replace(/[’‘]/g, "'").replace(/\s+/g, ' ').trim();
const name = ({ given = '', ...n }) => { // "Robert Lee, Jr." holds a suffix
  const [first, suffix = n.suffix] = given.split(', ');
  return fullName({ ...n, given: first, suffix });
};
const fullName = (n) => bare(n.literal || [n.given, n['dropping-particle'], n['non-dropping-particle'], n.family, n.suffix].filter(Boolean).join(' '));
const date = (d) => (d && d['date-parts'] ? d['date-parts'][0].map(Number).join('-') : d && bare(d.literal || d.raw || ''));
const fields = {
  author: (v) => v.map(name).join('; '), editor: (v) => v.map(name).join('; '), title: bare, 'container-title': bare, volume: bare, issue: bare,
  page: bare, publisher: bare, 'publisher-place': bare, DOI: (v) => bare(v).replace(/^https?:\/\/(dx\.)?doi\.org\//, ''), URL: bare, ISBN: bare, issued: date,
};

const reasons = [
  [/^exported\.bib .* issued: (\S+-\d+) \| \d+-\d+$/, 'BibTeX has no day; the field date, which biblatex reads, has it'],
  [/^exported\.bib book-circa issued/, 'BibTeX has no circa; the year is written as Chicago writes it'],
  [/^exported\.bib book-year-range issued/, 'the range is kept whole; citation-js takes it for a text'],
  [/ season-as-month issued: /, 'neither format has seasons; the year stands alone, and the season in the date or the note'],
  [/^exported\.bib data-year-open issued: 2013 /, 'the range is open, which the item tells by a year 0'],
  [/^exported\.ris (case page|statute-pages volume): /, 'citation-js has no place for SP or VL in this type'],
  [/ title: .* \| .*“/, 'straight quotation marks in the title come out curly, as they are cited'],
  [/^exported\.bib .* container-title: .* \| nothing$/, 'a site or programme is howpublished in BibTeX, which CSL has no name for'],
  [/^exported\.ris .* (container-title|publisher-place): .* \| nothing$/, 'citation-js has no place for T2 or CY in this type'],
  [/^exported\.ris book-.* editor/, 'citation-js does not read ED, the tag for an editor, of books'],
  [/^exported\.ris newspaper.* (author|issued)/, 'citation-js reads neither AU nor the day of NEWS'],
  [/^exported\.ris speech author/, 'citation-js reads no AU of HEAR, the nearest type of RIS'],
];
let unexplained = 0;
let differences = 0;
let compared = 0;
for (const [file, type] of [['exported.bib', '@bibtex/text'], ['exported.ris', '@ris/file']]) {
  const text = fs.readFileSync(path.join(__dirname, file), 'utf8');
  const read = new Cite(text, { forceType: type, generateGraph: false }).data;
  if (read.length !== cases.length) throw new Error(`${file}: ${read.length} of ${cases.length} entries were read`);
  cases.forEach((c, i) => {
    for (const [field, same] of Object.entries(fields)) {
      if (!c.item[field]) continue;
      compared++;
      const want = same(c.item[field]);
      const got = read[i][field] === undefined ? '' : same(read[i][field]);
      if (want === got) continue;
      differences++;
      const line = `${file} ${c.name} ${field}: ${want} | ${got || 'nothing'}`;
      const reason = reasons.find(([pattern]) => pattern.test(line));
      if (!reason) unexplained++;
      console.log(`${line}\n  ${reason ? reason[1] : 'NOT EXPLAINED'}`);
    }
  });
}
console.log(`${compared} fields of ${cases.length} items in two formats, ${differences} come back otherwise`);
process.exit(unexplained ? 1 : 0);
