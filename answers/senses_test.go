package answers

import (
	"testing"

	"footnote/knowledge"
)

// Words of a pack in another language that a dictionary says are the same in English, or synonyms there, say
// the same.
func TestSensesByDictionary(t *testing.T) {
	base, err := knowledge.Open("testdata/packs-by-language/fr/hospital")
	if err != nil {
		t.Fatal(err)
	}
	ix := newIndex(base)
	for w, want := range map[string]string{"incendie": "burned", "brûlé": "burned", "soldats": "soldier", "zzzz": ""} {
		if got := ix.englishOf(w); got != want {
			t.Errorf("%s is %q in English, want %q", w, got, want)
		}
	}
	s := &senses{words: []string{"begin", "soldier", ""}}
	s.numbers = map[string]int32{"begin": 0, "soldier": 1}
	if said := s.sayAlike("start"); !said[0] || said[1] {
		t.Errorf("start says %v", said)
	}
	if said := s.sayAlike("soldier"); said[0] || !said[1] {
		t.Errorf("soldier says %v", said)
	}
	if s.sayAlike("") != nil {
		t.Error("no word says something")
	}
}
