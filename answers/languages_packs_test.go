package answers

import (
	"flag"
	"fmt"
	"path/filepath"
	"slices"
	"testing"
)

// englishOfThem are the English packs of which packs-by-language are translations, with as
// many phrasings, and the same questions in English.
func englishOfThem(tb testing.TB) []*material {
	questions, err := readQuestions(filepath.Join("testdata", "packs-by-language", "en", "questions.jsonl"))
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
	return fmt.Sprintf("%d right (%d surely), %d helped, %d wrong of %d; near misses %d surely and %d perhaps of %d; far %d surely of %d",
		t.right, t.sure, t.helped, t.wrong, t.asked, t.nearSure, t.nearPerhaps, t.near, t.farSure, t.far)
}

func (t *tallied) add(a *asked, r Result) {
	switch a.class() {
	case classNear:
		t.near++
		if r.Sure() {
			t.nearSure++
		} else if r.Outcome == Answered {
			t.nearPerhaps++
		}
		return
	case classFar:
		t.far++
		if r.Sure() {
			t.farSure++
		}
		return
	}
	t.asked++
	if best := r.Best(); best != nil && slices.Contains(a.want, best.ID) {
		t.right++
		t.helped++
		if r.Sure() {
			t.sure++
		}
		return
	}
	if r.Sure() {
		t.wrong++
	}
	if slices.ContainsFunc(r.Offered, func(c Candidate) bool { return slices.Contains(a.want, c.Fact.ID) }) {
		t.helped++
	}
}

func tallyOf(t *testing.T, materials []*material) tallied {
	var n tallied
	for _, m := range materials {
		x, err := New(t.Context(), m.base, Options{})
		if err != nil {
			t.Fatal(err)
		}
		for i := range m.asked {
			n.add(&m.asked[i], x.Match(Query{Text: m.asked[i].text}))
		}
	}
	return n
}

// long is for what takes long and few changes touch. .ci/run sets it.
var long = flag.Bool("long", false, "run also what go test leaves out because it takes long")

// onlyLong skips a test without -long.
func onlyLong(t *testing.T) {
	t.Helper()
	if !*long {
		t.Skip("-long runs it, as .ci/run does")
	}
}

// Packs in other languages are answered from as the English ones are. With -long -v it prints the
// table that stands in MATCHING.md.
func TestPacksByLanguage(t *testing.T) {
	onlyLong(t)
	english := tallyOf(t, englishOfThem(t))
	t.Logf("en: %s", &english)
	const (
		points = 5 // of a hundred, within which right and helped should lie
		slack  = 4 // points more, for what is not reached yet: see MATCHING.md
		near   = 2 // near misses that may be answered surely
	)
	for _, lang := range packLanguages {
		n := tallyOf(t, packsInLanguage(t, lang))
		t.Logf("%s: %s", lang, &n)
		less := func(got, than int) bool { return 100*got < 100*than-(points+slack)*n.asked }
		if less(n.right, english.right) || less(n.helped, english.helped) || n.nearSure > english.nearSure+near || n.farSure > 0 || n.wrong > english.wrong+2 {
			t.Errorf("%s: %s\nin English: %s", lang, &n, &english)
		}
	}
}
