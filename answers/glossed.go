package answers

import (
	"context"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"footnote/answers/language"
	"footnote/answers/parse"
	"footnote/knowledge"
)

// A base in another language than English is read twice: as it stands (languages.go), and put
// into English word for word, as questions in other languages than the base's are. The second
// reading relates words by the English lists and goes to the English encoder. Both rank the facts
// and count alike; how sure the first one is, is said by the base as it stands.

// A glossed is a base that was put into English.
type glossed struct {
	*Matcher
	names map[string]map[string]bool // by language: the stems of what the base writes as names
}

// newGlossed puts a base whose index is ix into English; nil where it is in English, or in no
// language that has a dictionary.
func newGlossed(ctx context.Context, ix *index, base *knowledge.Base, opts Options) (*glossed, error) {
	known := func(lang string) bool { return lang != language.English && language.Tables()[lang] != nil }
	if !ix.multilingual || !ix.hasAnswers || !slices.ContainsFunc(ix.languages, known) {
		return nil, nil
	}
	g := &glossed{names: ix.namesByLanguage()}
	english := &knowledge.Base{}
	for _, p := range base.Packs {
		english.Packs = append(english.Packs, g.pack(p))
	}
	var err error
	opts.Encoder, opts.Patience, opts.Progress = "english", -1, nil // what it lacks is learned with the base
	g.Matcher, err = New(ctx, english, opts)
	return g, err
}

// namesByLanguage are the stems of the words that a base writes as names, by the language of
// the text that they stand in.
func (ix *index) namesByLanguage() map[string]map[string]bool {
	out := map[string]map[string]bool{}
	take := func(words []parse.Word) {
		for i := range words {
			w := &words[i]
			if !ix.vocabulary.has(ix.vocabulary.id(w.Key), capital) {
				continue
			}
			lang := w.Language()
			if out[lang] == nil {
				out[lang] = map[string]bool{}
			}
			out[lang][stemIn(lang, parse.Fold(w.Typed))] = true
		}
	}
	for i := range ix.phrasings {
		take(ix.phrasings[i].words)
	}
	for _, f := range ix.facts {
		take(ix.beyond(f))
	}
	return out
}

// stemIn is the stem of a word, or the word where its language has no stemmer.
func stemIn(lang, word string) string {
	if stem := parse.Stemmer(lang); stem != nil {
		return stem(word)
	}
	return word
}

// pack is a pack in English. Its facts and their phrasings stand in the same order.
func (g *glossed) pack(p *knowledge.Pack) *knowledge.Pack {
	out := *p
	out.Languages, out.Facts, out.Unanswered, out.Synonyms = []string{language.English}, nil, nil, nil
	for _, f := range p.Facts {
		out.Facts = append(out.Facts, g.fact(&out, f))
	}
	for _, text := range p.Unanswered {
		out.Unanswered = append(out.Unanswered, g.gloss(firstLanguage(p.Languages), text))
	}
	return &out
}

func (g *glossed) fact(p *knowledge.Pack, f *knowledge.Fact) *knowledge.Fact {
	out := *f
	out.Pack, out.Questions = p, nil
	for _, q := range f.Questions {
		out.Questions = append(out.Questions, knowledge.Phrasing{Lang: language.English, Text: g.gloss(q.Lang, q.Text)})
	}
	out.Answer, out.Detail = g.text(f.Answer, mainLanguage(f)), g.text(f.Detail, mainLanguage(f))
	return &out
}

// text is a text of the base in English: as the base says it, or else put into it.
func (g *glossed) text(t knowledge.Text, lang string) knowledge.Text {
	if len(t) == 0 {
		return nil
	}
	lang, s := textIn(t, language.English, lang)
	return knowledge.Text{language.English: g.gloss(lang, s)}
}

// gloss puts a text of a language into English, sentence by sentence.
func (g *glossed) gloss(lang, text string) string {
	t := language.Tables()[lang]
	if t == nil || lang == language.English {
		return text
	}
	var out []string
	for text != "" {
		sentence, mark, rest := cutSentence(text)
		if s := g.sentence(t, sentence); s != "" {
			out = append(out, s+mark)
		}
		text = rest
	}
	return strings.Join(out, " ")
}

// cutSentence cuts a text behind the first mark that ends a sentence or a half of one.
func cutSentence(text string) (sentence, mark, rest string) {
	for i := range len(text) {
		if strings.IndexByte(".!?;:", text[i]) >= 0 && (i+1 == len(text) || text[i+1] == ' ' || text[i+1] == '\n') {
			return text[:i], text[i : i+1], text[i+1:]
		}
	}
	return text, "", ""
}

func (g *glossed) sentence(t *language.Table, text string) string {
	words := t.Translate(text, parse.Stemmer(t.Tag))
	var out gloss
	for i := range words {
		w := &words[i]
		if w.Kind != language.Content {
			out.put(t, w)
		} else if english := g.word(t, w); english != "" {
			out.tell(english)
		}
	}
	return out.text()
}

// word is what a word that tells something is in English; "" where that is nothing. A name stays
// what it is. Of what no dictionary knows the stem is left, so that its forms are one word, unless
// that is a word of grammar in English.
func (g *glossed) word(t *language.Table, w *language.Word) string {
	stem := stemIn(t.Tag, w.Folded)
	named := g.names[t.Tag][stem]
	switch {
	case w.Name != "":
		return w.Name
	case w.English != "" && (!named || t.Exact(w.Folded)): // Guérin is no "guéri"
		return w.English
	case named:
		first, size := utf8.DecodeRuneInString(stem)
		return string(unicode.ToUpper(first)) + stem[size:]
	}
	if english := t.Compound(w.Folded, parse.Stemmer(t.Tag)); english != "" {
		return english
	}
	if parse.EnglishWord(stem, stem).Kind != parse.Content {
		return ""
	}
	return stem
}

// rank ranks candidates by both readings: z, their scores as the base stands, become the means of
// the logarithms of the shares that the two give them. A fact that is no candidate in English is
// there behind the last. It fills in the place of the first, whose score stays.
func (g *glossed) rank(u *understood, x exclusion, facts []int32, v []figuresOf, z []float64) (order []int) {
	english := g.ix.understandIn(language.English, g.gloss(u.lang, u.repaired()))
	q, mean := g.reading(&english, x)
	defer q.close()
	models := learned.of(g.ix.hasAnswers, q.vector != nil)
	if q.vector != nil {
		models = &mean.models
	}
	score := slices.Clone(z)
	if found, w, _, _ := g.ix.compareAll(q, mean, x); len(found) > 0 {
		_, zw := models.place(found, w)
		own, shares := logShares(z), logShares(zw)
		behind := slices.Min(shares) - behindLast
		for i, f := range facts {
			share := behind
			if at := slices.Index(found, f); at >= 0 {
				share = shares[at]
			}
			z[i] = (own[i] + share) / 2
		}
	}
	order = ordered(facts, z)
	first := &v[order[0]]
	first.place(order, z)
	first[figScore] = float32(score[order[0]])
	return order
}

// behindLast is how far, in the logarithm of its share, a fact that one reading does not find stands
// behind the last that it finds.
const behindLast = .5

// logShares are the logarithms of what softmax makes of scores.
func logShares(z []float64) []float64 {
	most, sum := slices.Max(z), 0.0
	for _, x := range z {
		sum += math.Exp(x - most)
	}
	out := make([]float64, len(z))
	for i, x := range z {
		out[i] = x - most - math.Log(sum)
	}
	return out
}
