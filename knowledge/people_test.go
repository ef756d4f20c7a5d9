package knowledge_test

import (
	"slices"
	"strings"
	"testing"

	"footnote/knowledge"
	"footnote/knowledge/packtest"
)

// A name may be written in several ways, a date by another calendar, and a diary cited by its
// entry.
func TestVariantsOfNamesAndCalendars(t *testing.T) {
	files := packtest.Valid().With("facts.yaml", "people: [Nikita Khrushchev]", "people: [[Ann Smith, Smyth, Смит], Bo]").With("facts.yaml", "label: the speech}", "calendar: julian}")
	base, err := knowledge.Open(files.Dir(t, t.TempDir()))
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(base.Facts(), func(f *knowledge.Fact) bool { return len(f.People) > 0 && f.People[0] == "Ann Smith" })
	if i < 0 {
		t.Fatal("the fact is not there")
	}
	f := base.Facts()[i]
	if got := strings.Join(f.Names(), "|"); got != "Ann Smith|Bo|Smyth|Смит" || len(f.People) != 2 {
		t.Errorf("names %s of %v", got, f.People)
	}
	if !f.Dates[0].Julian {
		t.Error("the date is not Julian")
	}
	for people, want := range map[string]string{
		"[[]]":          "the list is empty; write a name",
		"[[Ann, Ann]]":  `"Ann" is listed twice`,
		"[{name: Ann}]": "expected a text, found a map",
	} {
		_, err := knowledge.Open(packtest.Valid().With("facts.yaml", "people: [Nikita Khrushchev]", "people: "+people).Dir(t, t.TempDir()))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", people, err)
		}
	}
	_, err = knowledge.Open(packtest.Valid().With("facts.yaml", "label: the speech}", "calendar: julien}").Dir(t, t.TempDir()))
	if want := `"julien" is not known here (did you mean julian?)`; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("a calendar: %v", err)
	}
}
