package main

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"footnote/answers/lexicon"
)

// Packs that take a while to learn, and what a program does meanwhile.

// generatedPack writes a pack of n facts of three phrasings. But for the year that ends
// each there are so many different ones, since fewer take less time to learn.
func generatedPack(t *testing.T, n, different, unanswered int) string {
	t.Helper()
	rng := rand.New(rand.NewPCG(7, uint64(n)))
	lex := lexicon.English()
	word := func() string {
		for {
			if w := lex.Word(400 + rng.IntN(20_000)); w != "" {
				return w
			}
		}
	}
	texts := make([]string, different)
	for i := range texts {
		texts[i] = fmt.Sprintf("%s %s %s near the %s of %s", []string{"who saw the", "when did the", "where was the", "why did the"}[rng.IntN(4)], word(), word(), word(), word())
	}
	var b strings.Builder
	b.WriteString("facts:\n")
	for i := range n {
		fmt.Fprintf(&b, "  - id: fact-%d\n    status: citation-needed\n    questions:\n", i)
		for k := range 3 {
			fmt.Fprintf(&b, "      - %q\n", fmt.Sprintf("%s in %d?", texts[(i*3+k)%different], 1000+(i*3+k)/different))
		}
		fmt.Fprintf(&b, "    answer: %q\n", "It was the "+texts[i*3%different])
	}
	files := map[string]string{
		"pack.yaml":    "schema: footnote/1\nid: generated\ntitle: Generated\nversion: 1.0.0\nlanguages: [en]\n",
		"sources.yaml": "references:\n  - {id: a, type: book, title: A}\n",
		"facts.yaml":   b.String(),
	}
	if unanswered > 0 {
		b.Reset()
		b.WriteString("unanswered:\n")
		for range unanswered {
			fmt.Fprintf(&b, "  - who took the %s %s to the %s?\n", word(), word(), word())
		}
		files["unanswered.yaml"] = b.String()
	}
	return inFolder(t, files)
}
