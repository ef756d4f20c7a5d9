package knowledge

import (
	"strings"
	"testing"

	"footnote/knowledge/packtest"
)

// What an answer claims must stand in a quotation, where there is one.
func TestSupport(t *testing.T) {
	const asks = "and no quote of the fact names any of it"
	pack := func(answer, quote, more string) packtest.Files {
		return cleanPack().With("facts.yaml", "answer: In February 1956 in the Soviet Union.", "answer: "+answer+more).
			With("facts.yaml", "quote: the Soviet leader spoke in 1956", "quote: "+quote)
	}
	for _, c := range []struct{ name, answer, quote, more, want string }{
		{"the year", "He spoke in February 1956.", "it was 1956", "", ""},
		{"a sum with thousands", "It cost 12,500 pounds.", "12 500 livres sterling", "", ""},
		{"a person, by the last name", "Nikita Khrushchev spoke for hours.", "Khrushchev did not stop", "", ""},
		{"a name inside a sentence", "They came to Hallin by night.", "the night at Hallin", "", ""},
		{"nothing to hold", "He spoke for hours.", "it took long", "", ""},
		{"another year", "He spoke in February 1956.", "in 1955 he spoke", "", "the answer says 1956, and its quotes say 1955"},
		{"no year", "He spoke in 1956.", "he spoke for long", "", asks},
		{"no name", "They came to Hallin by night.", "the night there", "", asks},
		{"said why not", "He spoke in 1956.", "he spoke for long", "\n    support: The year stands in the title.", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := checked(t, pack(c.answer, c.quote, c.more))
			if c.want == "" && strings.Contains(got, "quote") || !strings.Contains(got, c.want) {
				t.Errorf("%q against %q: %s", c.answer, c.quote, got)
			}
		})
	}
}
