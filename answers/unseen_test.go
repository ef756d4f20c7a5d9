package answers

import (
	"path/filepath"
	"testing"

	"footnote/knowledge"
)

// A pack that nothing was learned from is answered from in English and in other languages. With -v it
// prints the figures that stand in MATCHING.md.
func TestUnseenPack(t *testing.T) {
	onlyLong(t)
	dir := filepath.Join("testdata", "unseen", "glaciers")
	base, err := knowledge.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	questions := readTranslated(t, filepath.Join(dir, "translated.jsonl"))
	m, err := New(t.Context(), base, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name                            string
		text                            func(*translated) string
		sure, right, helped, nearSurely int // of a hundred, at least; near misses at most
	}{
		{"English", func(q *translated) string { return q.of }, 45, 82, 90, 10},
		{"other languages", func(q *translated) string { return q.text }, 35, 78, 84, 10},
	} {
		var n tallied
		for i := range questions {
			n.add(&questions[i].asked, m.Match(Query{Text: c.text(&questions[i])}))
		}
		t.Logf("%s: %s", c.name, &n)
		if 100*n.sure < c.sure*n.asked || 100*n.right < c.right*n.asked || 100*n.helped < c.helped*n.asked || 100*n.nearSure > c.nearSurely*n.near || n.farSure > 0 {
			t.Errorf("%s: %s; wanted of a hundred %d surely, %d right, %d helped, and at most %d near misses surely", c.name, &n, c.sure, c.right, c.helped, c.nearSurely)
		}
	}
}
