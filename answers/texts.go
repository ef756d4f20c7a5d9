package answers

import (
	"strings"

	"footnote/knowledge"
)

// What is put to the encoder: texts in lower case and without marks, as the matcher
// reads them, so that neither capitals nor a question mark move a vector.

// encodable is a question or phrasing for the encoder: with repaired spellings and the
// pack's own words for things.
func encodable(words []word) string {
	var b strings.Builder
	for i, w := range words {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(w.text)
	}
	return b.String()
}

// wholeText is a fact in one text: its first phrasing and its answer.
func (ix *index) wholeText(f *knowledge.Fact) string {
	lang := ""
	if f.Pack != nil && len(f.Pack.Languages) > 0 {
		lang = f.Pack.Languages[0]
	}
	answer := f.Answer.In(f.Questions[0].Lang, lang)
	for _, p := range f.Positions {
		answer += " " + p.Claim.In(lang)
	}
	return encodable(ix.synonyms.rewrite(ix.join(read(f.Questions[0].Text)))) + " " + encodable(ix.synonyms.rewrite(ix.join(read(answer))))
}
