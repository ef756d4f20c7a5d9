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

// If only the detail tells what was asked, the detail is said; dates are shown where a time
// is asked for or named.
func TestDetailAndDates(t *testing.T) {
	base, err := knowledge.Open(filepath.Join("testdata", "exchanged"))
	if err != nil {
		t.Fatal(err)
	}
	m, err := New(context.Background(), base, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range []struct {
		text          string
		fact          string
		detail, dates bool
	}{
		{"how wide is the archway of the Salt Gate", "gate-opened", true, false},
		{"when was the salt gate opened to traffic", "gate-opened", false, true},
		{"What happened on 1 March 1639?", "war2-begin", false, true},
		{"Dead of the siege of Haven", "siege-dead", false, false},
	} {
		r := m.Match(Query{Text: x.text})
		if r.Best() == nil || r.Best().ID != x.fact || r.Detail != x.detail || r.Dates != x.dates {
			t.Errorf("%q: %s, detail %t, dates %t; want %s, %t, %t (%+v)", x.text, r.Outcome, r.Detail, r.Dates, x.fact, x.detail, x.dates, r.Why)
		}
	}
}
