package knowledge

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// A citation that is real may still not say what it is cited for. Where a fact quotes its sources,
// the quotations are held against the answer: of the years, larger numbers and people that it
// names at least one must stand in them, or the fact says why not (support). A quotation that
// gives other numbers, and none of the answer's, is told as well.

// figurePattern finds numbers with three digits and more, which are years, sums and counts; smaller
// ones are often written out in one of the two texts.
var figurePattern = regexp.MustCompile(`[0-9]{1,3}(?:[.,\x{00a0}\x{202f}’' ][0-9]{3})+\b|[0-9]{3,}`)

// figuresIn returns the numbers of s, without what sets their thousands apart.
func figuresIn(s string) []string {
	var all []string
	for _, n := range figurePattern.FindAllString(s, -1) {
		n = strings.Map(func(c rune) rune {
			if c < '0' || c > '9' {
				return -1
			}
			return c
		}, n)
		if !slices.Contains(all, n) {
			all = append(all, n)
		}
	}
	return all
}

// maxClaims is how many numbers and names of an answer, and maxUnsupported how many facts, a warning
// lists.
const (
	maxClaims      = 4
	maxUnsupported = 8
)

// support warns of answers whose numbers and people stand in none of the quotations that their
// facts have. A fact that quotes nothing is left alone.
func (c *checker) support() {
	var first *Fact
	var firstClaims, ids []string
	for _, f := range c.pack.Facts {
		quoted := quotationsOf(f)
		if f.Support != "" || f.Status == CitationNeeded || f.Status == Retracted || quoted == "" {
			continue
		}
		answer := f.Answer.In(c.pack.Languages[0])
		figures, held := figuresIn(answer), figuresIn(quoted)
		if slices.ContainsFunc(figures, func(n string) bool { return slices.Contains(held, n) }) {
			continue
		}
		if len(figures) > 0 && len(held) > 0 {
			c.warnFact(f, "the answer says %s, and its quotes say %s; quote the passage that does, or tell with support: … why none can", strings.Join(figures, ", "), strings.Join(held, ", "))
			continue
		}
		claims := append(figures, namesIn(f, answer)...)
		said := " " + BareWords(quoted) + " "
		if len(claims) == 0 || slices.ContainsFunc(claims, func(claim string) bool { return strings.Contains(said, " "+lastWord(claim)+" ") }) {
			continue
		}
		if first == nil {
			first, firstClaims = f, claims
		}
		ids = append(ids, f.ID)
	}
	if first == nil {
		return
	}
	others := ""
	if len(ids) > 1 {
		others = fmt.Sprintf("; so it is with %d others: %s", len(ids)-1, strings.Join(ids[1:min(len(ids), maxUnsupported+1)], ", "))
		if len(ids) > maxUnsupported+1 {
			others += " …"
		}
	}
	c.warnFact(first, "the answer says %s, and no quote of the fact names any of it; quote the passage that does, or tell with support: … why none can%s",
		strings.Join(firstClaims[:min(len(firstClaims), maxClaims)], ", "), others)
}

// quotationsOf are all quotations of f with their translations.
func quotationsOf(f *Fact) string {
	var all []string
	for _, x := range f.AllCites() {
		if x.Quote != "" {
			all = append(all, x.Quote, x.Translation)
		}
	}
	return strings.Join(all, " ")
}

// namesIn are the people of f whom its answer names, by any of their names, and other words in it
// that are written like names.
func namesIn(f *Fact, answer string) []string {
	var all []string
	bare := " " + BareWords(answer) + " "
	for _, name := range f.Names() {
		if w := lastWord(name); w != "" && strings.Contains(bare, " "+w+" ") {
			all = append(all, name)
		}
	}
	for _, m := range namePattern.FindAllStringSubmatch(answer, -1) {
		if !slices.ContainsFunc(all, func(n string) bool { return strings.Contains(n, m[1]) }) {
			all = append(all, m[1])
		}
	}
	return all
}

// namePattern finds words with a capital inside a sentence.
var namePattern = regexp.MustCompile(`[\p{Ll},] (\p{Lu}\p{L}{2,})`)

// lastWord is the last word of a name, which quotations have more often than the others.
func lastWord(name string) string {
	words := strings.Fields(BareWords(name))
	if len(words) == 0 {
		return ""
	}
	return words[len(words)-1]
}
