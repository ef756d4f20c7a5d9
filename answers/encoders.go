package answers

import (
	"context"
	"math"
	"strings"

	"footnote/answers/encoder"
	"footnote/answers/language"
)

// encoders turn texts of a base into vectors: the English encoder, or, for a base in other
// languages, that of many languages. The vectors of the latter are brought to the length
// and the scale of the former, so that what was learned of its cosines holds for both:
// texts that have nothing to do with each other are at right angles for the multilingual
// encoder, far from it for the English one, and equal ones at 1 for both. A
// coordinate that all vectors share brings them to nearRest. The others are the first of its 512; without
// the rest it finds facts as well.
type encoders struct {
	english      *encoder.Encoder
	multilingual *encoder.Multilingual
	foreign      bool // for questions in other languages than the base's, whose vectors are as they come
}

const (
	// multilingualText begins what goes to the multilingual encoder.
	multilingualText = "\x00multilingual "

	// foreignText begins what goes there because of questions in other languages (foreign.go).
	foreignText = "\x00foreign "

	// nearRest is the cosine that texts get which have nothing to do with each other. It was
	// chosen on the packs of testdata/packs-by-language: from .6 to .7 little changes, at .45 a
	// tenth of the answers is lost, and at .74 near misses are answered.
	nearRest = .66
)

// loadEncoder gives the encoder that the base's texts go to.
func (ix *index) loadEncoder() (encoders, error) {
	if !ix.multilingual {
		e, err := encoder.Load()
		return encoders{english: e}, err
	}
	e, err := encoder.LoadMultilingual()
	return encoders{multilingual: e}, err
}

// askable is a question or phrasing for the base's encoder, sayable another text. The
// multilingual encoder takes what has a question mark for a question.
func (ix *index) askable(text string) string {
	if !ix.multilingual || text == "" {
		return text
	}
	return multilingualText + text + "?"
}

func (ix *index) sayable(text string) string {
	if !ix.multilingual || text == "" {
		return text
	}
	return multilingualText + text
}

func (e encoders) encode(text string) []float32 {
	if e.multilingual == nil {
		return e.english.Encode(text).Sentence
	}
	return scaled(e.multilingual.Encode(bareText(text)))
}

func (e encoders) encodeAll(ctx context.Context, texts []string, each func(i int, v []float32)) error {
	if e.multilingual == nil {
		return e.english.EncodeAll(ctx, texts, func(i int, x encoder.Encoding) { each(i, x.Sentence) })
	}
	if e.foreign {
		bare := make([]string, len(texts))
		for i, t := range texts {
			bare[i] = strings.TrimPrefix(t, foreignText)
		}
		return e.multilingual.EncodeAll(ctx, bare, func(i int, v []float32) { each(i, cutShort(v)) })
	}
	bare := make([]string, len(texts))
	for i, t := range texts {
		bare[i] = bareText(t)
	}
	return e.multilingual.EncodeAll(ctx, bare, func(i int, v []float32) { each(i, scaled(v)) })
}

// bareText is a text as the multilingual encoder reads it. It has not learned Ukrainian,
// which is read as Russian as far as that goes.
func bareText(text string) string {
	text = strings.TrimPrefix(text, multilingualText)
	if strings.ContainsAny(text, "іїєґ") {
		return language.AsRussian(text)
	}
	return text
}

// scaled is a vector of the multilingual encoder in the place of one of the English one.
func scaled(v []float32) []float32 {
	v = v[:dims]
	v[dims-1] = 0
	unit(v)
	scale(float32(math.Sqrt(1-nearRest)), v)
	v[dims-1] = float32(math.Sqrt(nearRest))
	return v
}
