package encoder

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestTokensAgreeWithReference(t *testing.T) {
	e := loaded(t)
	for _, r := range references(t, "tokens.json") {
		if got := tokens(e, r.Text); !slices.Equal(got, r.Tokens) {
			t.Errorf("%q\n got %q\nwant %q", r.Text, got, r.Tokens)
		}
	}
}

// What a person types is text, even where it looks like one of the model's marks.
func TestMarksInTextAreText(t *testing.T) {
	got := tokens(loaded(t), "[CLS] [SEP] [MASK] ##s")
	want := strings.Fields("[CLS] [ cl ##s ] [ sep ] [ mask ] # # s [SEP]")
	if !slices.Equal(got, want) {
		t.Errorf("tokens %q, want %q", got, want)
	}
}

func FuzzPieces(f *testing.F) {
	for _, text := range []string{"", "Who was Beria?", "naïve e\u0301", "斯大林 是谁", "\xff\x00[CLS]", strings.Repeat("é", 200)} {
		f.Add(text, 8)
	}
	w := loaded(f).model.words
	f.Fuzz(func(t *testing.T, text string, limit int) {
		limit = 2 + (limit&0xff)%(MaxTokens-1)
		ids := w.pieces(text, limit)
		if len(ids) < 2 || len(ids) > limit || ids[0] != w.first || ids[len(ids)-1] != w.last {
			t.Fatalf("%q: pieces %v with the limit %d", text, ids, limit)
		}
		for _, id := range ids[1 : len(ids)-1] {
			p := w.piece(id)
			if !utf8.ValidString(p) || id == w.first || id == w.last {
				t.Fatalf("%q: piece %q", text, p)
			}
			if id != w.strange && p != strings.ToLower(p) {
				t.Fatalf("%q: piece %q is not in lower case", text, p)
			}
		}
		if longer := w.pieces(text, MaxTokens); !slices.Equal(longer[:len(ids)-1], ids[:len(ids)-1]) {
			t.Fatalf("%q: the limit changed more than the end: %v and %v", text, ids, longer)
		}
	})
}
