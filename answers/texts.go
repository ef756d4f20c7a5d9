package answers

import (
	"strings"

	"footnote/answers/parse"
	"footnote/knowledge"
)

// What is put to the encoder: texts in lower case and without marks, as the matcher
// reads them, so that neither capitals nor a question mark move a vector.

// encodable is a question or phrasing for the encoder, as the base's vectors are made. In sets of
// labels requests are told apart that are hardly alike as questions; there the mark at the end
// helps the encoder by half a point. It stands behind all alike, so that it tells nothing.
func (ix *index) encodable(words []parse.Word) string {
	if !ix.hasAnswers && !ix.multilingual { // askable puts the mark there itself
		return encodable(words) + "?"
	}
	return encodable(words)
}

// encodable is a text for the encoder: with repaired spellings and the pack's own words for
// things.
func encodable(words []parse.Word) string {
	var b strings.Builder
	for i := range words {
		w := &words[i]
		if !w.English() && i > 0 && w.Typed == words[i-1].Typed && w.Glossed { // сколько is how many
			continue
		}
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(w.Own())
	}
	return b.String()
}

// wholeText is a fact in one text: its first phrasing and its answer.
func (ix *index) wholeText(f *knowledge.Fact) string {
	lang := mainLanguage(f)
	asked := f.Questions[0]
	said, answer := textIn(f.Answer, asked.Lang, lang)
	for _, p := range f.Positions {
		answer += " " + p.Claim.In(lang)
	}
	if len(f.Answer) == 0 {
		said = lang
	}
	return encodable(ix.synonyms.rewrite(ix.join(parse.Text(asked.Lang, asked.Text)))) + " " + encodable(ix.synonyms.rewrite(ix.join(parse.Text(said, answer))))
}

// predicateOf is what is left of a question or phrasing without names, numbers and dates:
// what is asked, whoever and whatever it is asked of. "" if nothing is left that tells.
func (ix *index) predicateOf(words []parse.Word) string {
	if !ix.hasAnswers { // labels have no answer that a name or number could be missing in
		return ""
	}
	rest := make([]parse.Word, 0, len(words))
	telling := false
	for i := range words {
		w := &words[i]
		switch {
		case w.Kind == parse.Number || w.Kind == parse.Year || w.Kind == parse.Month || ix.isName(w):
			continue
		case w.Kind == parse.Content:
			telling = true
		}
		rest = append(rest, *w)
	}
	if !telling {
		return ""
	}
	return encodable(rest)
}
