package answers

import (
	"testing"

	"footnote/knowledge"
)

// Russian and Ukrainian write an h as г: Гоген is Hohen, whatever its case.
func TestNamesWithH(t *testing.T) {
	p := &knowledge.Pack{ID: "x", Languages: []string{"en"}}
	for id, name := range map[string]string{"a": "Rudolf Hohen", "b": "Anton Merrick"} {
		p.Facts = append(p.Facts, &knowledge.Fact{
			ID: id, Pack: p, Questions: []knowledge.Phrasing{{Lang: "en", Text: "Who was " + name + "?"}},
			Answer: knowledge.Text{"en": name + " was a duke of the north."}, People: []string{name},
		})
	}
	m, err := New(t.Context(), &knowledge.Base{Packs: []*knowledge.Pack{p}}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	f := m.foreignOf()
	for word, want := range map[string]string{"гоген": "hohen", "гогена": "hohen", "гогеном": "hohen", "меррик": "merrick"} {
		near := make([]float32, len(f.words))
		s := f.pool.Get().(*foreignScratch)
		f.soundLike(s, word, near)
		f.pool.Put(s)
		best, at := float32(0), ""
		for id, n := range near {
			if n > best {
				best, at = n, f.words[id]
			}
		}
		if at != want {
			t.Errorf("%s sounds like %q (%.2f), want %q", word, at, best, want)
		}
	}
}
