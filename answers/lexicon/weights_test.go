package lexicon

import "testing"

func TestLexiconWeights(t *testing.T) {
	lex := English()
	if a, b := lex.Weight("people"), lex.Weight("parchment"); a >= b {
		t.Errorf("\"people\" weighs %.2f, \"parchment\" %.2f", a, b)
	}
	if w := lex.Weight("qwrtpsdf"); w != 1 {
		t.Errorf("an unlisted word weighs %.2f, want 1", w)
	}
	if w := lex.Weight("the"); w != 0 {
		t.Errorf("\"the\" weighs %.2f, want 0", w)
	}
}
