package knowledge

import (
	"fmt"
	"strings"
	"testing"

	"footnote/knowledge/packtest"
)

// Every list has a bound, and what is beyond it is said with its place.
func TestListsAreBounded(t *testing.T) {
	many := func(n int, of func(i int) string) string {
		var all []string
		for i := range n {
			all = append(all, of(i))
		}
		return "[" + strings.Join(all, ", ") + "]"
	}
	words := func(n int) string { return many(n, func(i int) string { return fmt.Sprint("w", i) }) }
	source := "wikipedia"
	facts := func(extra string) string {
		return "facts:\n  - id: many\n    status: disputed\n    questions: [How many?]\n    answer: Many.\n" + extra
	}
	position := func(i, cites int) string {
		return fmt.Sprintf("{holder: H%d, claim: C, cites: %s}", i, many(cites, func(int) string { return "{source: " + source + "}" }))
	}
	positions := func(n, cites int) string {
		return "    positions: " + many(n, func(i int) string { return position(i, cites) }) + "\n"
	}
	for name, c := range map[string]struct{ text, want string }{
		"positions":     {facts(positions(MaxPositions+1, 1)), "positions: the list has 51 entries, and at most 50 are taken here"},
		"cites":         {facts(positions(2, MaxCites+1)), "cites: the list has 51 entries"},
		"all cites":     {facts(positions(10, 40)), "positions[6].cites: with this the fact has more than 200 citations"},
		"topics":        {facts(positions(2, 1) + "    topics: " + words(101) + "\n"), "topics: the list has 101 entries"},
		"keywords":      {facts(positions(2, 1) + "    keywords: " + words(101) + "\n"), "keywords: the list has 101 entries"},
		"people":        {facts(positions(2, 1) + "    people: " + words(101) + "\n"), "people: the list has 101 entries"},
		"dates":         {facts(positions(2, 1) + "    dates: " + many(101, func(i int) string { return fmt.Sprintf("{edtf: '%d'}", 1000+i) }) + "\n"), "dates: the list has 101 entries"},
		"related":       {facts(positions(2, 1) + "    related: " + words(101) + "\n"), "related: the list has 101 entries"},
		"within bounds": {facts(positions(MaxPositions, 4) + "    topics: " + words(100) + "\n"), ""},
	} {
		files := packtest.Valid().Set("facts.yaml", c.text).Set("sources.yaml", "- id: wikipedia\n  type: book\n  title: T\n").Without("eval.yaml")
		_, problems := Load(files.FS(), "thaw")
		var errors []string
		for _, p := range problems {
			if p.Severity == Error {
				errors = append(errors, p.String())
			}
		}
		if text := strings.Join(errors, "\n"); c.want == "" && text != "" || !strings.Contains(text, c.want) {
			t.Errorf("%s: %s, want %q", name, text, c.want)
		}
	}
}
