package answers

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// byLanguage are packs that say in other languages what packs of testdata/packs say in
// English, with questions in those languages.
func byLanguage(tb testing.TB, lang string) []*material {
	dir := os.Getenv("BYLANG")
	if dir == "" {
		dir = filepath.Join("testdata", "packs-by-language")
	}
	if lang != "en" {
		return packsIn(tb, filepath.Join(dir, lang))
	}
	questions, err := readQuestions(filepath.Join(dir, lang, "questions.jsonl"))
	if err != nil {
		tb.Fatal(err)
	}
	var out []*material
	for _, m := range packsIn(tb, filepath.Join("testdata", "packs")) {
		if q := questions[m.name]; len(q) > 0 {
			m.asked = q
			out = append(out, m.cutTo(3))
		}
	}
	return out
}

// A tallied counts what became of questions.
type tallied struct{ asked, right, sure, helped, wrong, near, nearSure, nearPerhaps, far, farSure int }

func (t *tallied) String() string {
	return fmt.Sprintf("right %d (%d surely) helped %d wrong %d of %d; near surely %d perhaps %d of %d; far %d of %d", t.right, t.sure, t.helped, t.wrong, t.asked, t.nearSure, t.nearPerhaps, t.near, t.farSure, t.far)
}

func (t *tallied) add(a *asked, r Result) {
	switch a.kind {
	case "near":
		t.near++
		if r.Outcome == Answered && !r.Tentative {
			t.nearSure++
		} else if r.Outcome == Answered {
			t.nearPerhaps++
		}
	case "far":
		t.far++
		if r.Outcome == Answered {
			t.farSure++
		}
	default:
		t.asked++
		if r.Outcome == Answered {
			if r.Best() != nil && slices.Contains(a.want, r.Best().ID) {
				t.right++
				if !r.Tentative {
					t.sure++
				}
				t.helped++
				return
			}
			if !r.Tentative {
				t.wrong++
			}
		}
		for _, o := range r.Offered {
			if slices.Contains(a.want, o.Fact.ID) {
				t.helped++
				return
			}
		}
	}
}

func TestPacksByLanguage(t *testing.T) {
	for _, encoder := range []string{"off", "on"} {
		for _, lang := range []string{"en", "de", "fr", "es", "ru"} {
			var n tallied
			for _, m := range byLanguage(t, lang) {
				x, err := New(t.Context(), m.base, Options{Encoder: encoder})
				if err != nil {
					t.Fatal(err)
				}
				for i := range m.asked {
					a := &m.asked[i]
					r := x.Match(Query{Text: a.text})
					before := n
					n.add(a, r)
					if n.right == before.right && a.class() == classIn || n.nearSure > before.nearSure || n.farSure > before.farSure {
						got := ""
						if r.Best() != nil {
							got = r.Best().ID
						}
						t.Logf("%s %s: %q wants %v, got %v %v %s", lang, a.kind, a.text, a.want, r.Outcome, r.Tentative, got)
					}
				}
			}
			t.Logf("%s %s: %s", encoder, lang, &n)
		}
	}
}
