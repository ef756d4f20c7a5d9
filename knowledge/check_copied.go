package knowledge

import (
	"fmt"
	"strings"

	"footnote/knowledge/strictyaml"
)

// CheckCopied warns of every answer, detail and claim that shares a run of
// CopiedRun words or more with text, which is called name in the message. Words
// between quotation marks are somebody's own and do not count.
func CheckCopied(base *Base, name, text string) []Problem {
	var rep strictyaml.Report
	runs := map[string]bool{}
	words := strings.Fields(BareWords(text))
	for i := 0; i+CopiedRun <= len(words); i++ {
		runs[strings.Join(words[i:i+CopiedRun], " ")] = true
	}
	for _, f := range base.Facts() {
		check := func(field string, t Text) {
			for lang, s := range t {
				for _, piece := range outsideQuotes(s) {
					w := strings.Fields(BareWords(piece))
					for i := 0; i+CopiedRun <= len(w); i++ {
						if run := strings.Join(w[i:i+CopiedRun], " "); runs[run] {
							warnAt(&rep, f.Place, "facts["+f.ID+"]."+field+"."+lang, "%s is copied from %s; say it in other words or quote it", strictyaml.Quote(run), name)
							break
						}
					}
				}
			}
		}
		check("answer", f.Answer)
		check("detail", f.Detail)
		for i, p := range f.Positions {
			check(fmt.Sprintf("positions[%d].claim", i+1), p.Claim)
		}
	}
	return rep.Problems()
}

// outsideQuotes returns the pieces of s that stand outside double quotation marks.
func outsideQuotes(s string) []string {
	var out []string
	pieces := strings.FieldsFunc(strings.NewReplacer("“", `"`, "”", `"`, "«", `"`, "»", `"`, "„", `"`).Replace(" "+s), func(r rune) bool { return r == '"' })
	for i := 0; i < len(pieces); i += 2 {
		out = append(out, pieces[i])
	}
	return out
}
