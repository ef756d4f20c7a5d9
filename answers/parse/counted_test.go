package parse

import (
	"strings"
	"testing"
)

func TestCounted(t *testing.T) {
	for text, want := range map[string]string{
		"It had 240 beds and nine wards.":            "bed|ward",
		"Some 300 of the old monks died.":            "old monk die",
		"There were 400 in all.":                     "",
		"It opened on 3 May 1872.":                   "-",
		"The second bridge was of nine stone arches": "stone arch",
	} {
		var got []string
		Counted(Text("en", text), func(of []Word) {
			var words []string
			for _, w := range of {
				words = append(words, w.Key)
			}
			got = append(got, strings.Join(words, " "))
		})
		if len(got) == 0 {
			got = []string{"-"}
		}
		if g := strings.Join(got, "|"); g != want {
			t.Errorf("%q counts %q, want %q", text, g, want)
		}
	}
}
