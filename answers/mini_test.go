package answers

import (
	"bufio"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"footnote/knowledge"
)

// One letter, a numeral, an era, a name or an opposite that is not the fact's must not carry
// a sure answer; the same fact in another dress must not lose it. The pack is small and
// invented for this, three phrasings a fact.
func TestExchangedThings(t *testing.T) {
	base, err := knowledge.Open(filepath.Join("testdata", "exchanged"))
	if err != nil {
		t.Fatal(err)
	}
	m, err := New(context.Background(), base, Options{})
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(filepath.Join("testdata", "exchanged.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	scan := bufio.NewScanner(f)
	for scan.Scan() {
		want, text, ok := strings.Cut(scan.Text(), "\t")
		if !ok || strings.HasPrefix(want, "#") {
			continue
		}
		r := m.Match(Query{Text: text})
		got := "-"
		if b := r.Best(); b != nil {
			got = b.ID
			if r.Tentative {
				got = "?" + got
			}
		}
		switch {
		case want == "-": // not surely answered
			if r.Sure() {
				t.Errorf("%q is surely answered with %s (%.2f)", text, got, r.Why.Confidence)
			}
		case strings.HasPrefix(want, "?"): // said, surely or perhaps
			if strings.TrimPrefix(got, "?") != want[1:] {
				t.Errorf("%q: %s (%.2f), want %s", text, got, r.Why.Confidence, want[1:])
			}
		case got != want:
			t.Errorf("%q: %s (%.2f), want %s", text, got, r.Why.Confidence, want)
		}
	}
}
