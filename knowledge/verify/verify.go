// Package verify tells whether something is what a pack says, or said in an earlier version: an
// answer that somebody quotes, a link to a fact, or a hash.
package verify

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"footnote/knowledge"
)

// An Outcome is what came of verifying something.
type Outcome string

// What can come of verifying something, the best first.
const (
	Says    Outcome = "says"    // the packs say so today
	Said    Outcome = "said"    // an earlier version said so
	Altered Outcome = "altered" // it is near to a fact, and says something else, or more
	Unknown Outcome = "unknown" // no fact, no version and no hash is like it
)

// A Verdict tells what became of what was to be verified.
type Verdict struct {
	Outcome Outcome
	Pack    *knowledge.Pack
	Then    knowledge.Statement // what was said, or what comes nearest; zero if Unknown
	Fact    *knowledge.Fact     // as it is today; nil if the pack has it no more, or if Unknown
	Changes []Change            // from Then to today, in the order of a fact's labels
	Foreign []string            // lines of the text that the pack does not say
}

// A Change is one label of a fact that says something else today.
type Change struct{ Label, Was, Is string }

// Of verifies text, which may be a short hash (with the fact and version before it, as /source
// shows them), a link to a fact on a pack's site, or the words of an answer, copied or typed off a
// picture. around are texts of the interface that may stand beside an answer.
func Of(base *knowledge.Base, text string, around []string) Verdict {
	text = strings.TrimSpace(text)
	if r, ok := readReference(text); ok {
		return ofReference(base, r)
	}
	return ofText(base, text, around)
}

// A reference names a statement.
type reference struct{ fact, version, hash string }

var (
	hashPattern = regexp.MustCompile(`^[a-z2-7]{10}$`)
	factPattern = regexp.MustCompile(`^([a-z0-9]+(?:-[a-z0-9]+)*)@([0-9]+\.[0-9]+\.[0-9]+[0-9A-Za-z.+-]*)$`)
	linkPattern = regexp.MustCompile(`^https?://\S*/f/([a-z0-9-]+)(?:@([0-9A-Za-z.+-]+))?/?(?:index\.html)?(?:[?#]\S*)?$`)
)

// readReference reads what names a statement and is no text of it: "7k3m9q2xwd", "id@1.0.0",
// "id@1.0.0 · pack · 7k3m9q2xwd", or an address.
func readReference(text string) (r reference, ok bool) {
	if m := linkPattern.FindStringSubmatch(text); m != nil {
		return reference{fact: m[1], version: m[2]}, true
	}
	if strings.Count(text, "\n") > 0 {
		return r, false
	}
	for word := range strings.FieldsFuncSeq(text, func(c rune) bool { return c == ' ' || c == '·' || c == '#' || c == '\u00a0' }) {
		if m := factPattern.FindStringSubmatch(word); m != nil {
			r.fact, r.version, ok = m[1], m[2], true
		} else if hashPattern.MatchString(word) && strings.ContainsAny(word, "234567") || hashPattern.MatchString(text) {
			r.hash, ok = word, true
		} else if ok && !knowledge.IsID(word) { // the pack's id may stand between them
			return reference{}, false
		}
	}
	return r, ok
}

// ofReference finds the statement that r names.
func ofReference(base *knowledge.Base, r reference) Verdict {
	for _, p := range base.Packs {
		h := historyOf(p)
		for _, f := range p.Facts {
			s := f.Statement()
			s.Version = p.Version
			if r.names(s, p.Version, true) {
				return verdict(p, s, Says)
			}
		}
		for _, s := range slices.Backward(h) {
			if r.hash != "" && r.names(s, s.Version, false) {
				return verdict(p, s, Said)
			}
		}
		if r.hash != "" || r.fact == "" {
			continue
		}
		if s, ok := at(h, r.fact, r.version, p.Version); ok {
			return verdict(p, s, Said)
		}
	}
	return nearestReference(base, r)
}

// names reports whether s, as said in a version, is what r names. A link without a version names
// the fact of today.
func (r reference) names(s knowledge.Statement, version string, today bool) bool {
	switch {
	case r.fact != "" && r.fact != s.Fact:
		return false
	case r.hash != "":
		return r.hash == s.Hash
	case r.version == "":
		return today
	}
	return today && r.version == version
}

// nearestReference tells what a fact says whose hash is another one.
func nearestReference(base *knowledge.Base, r reference) Verdict {
	if f := base.Fact(r.fact); f != nil {
		v := verdict(f.Pack, f.Statement(), Altered)
		return v
	}
	return Verdict{Outcome: Unknown}
}

// historyOf are the statements of p that say something.
func historyOf(p *knowledge.Pack) []knowledge.Statement {
	return slices.DeleteFunc(slices.Clone(p.Recorded), func(s knowledge.Statement) bool { return s.Gone })
}

// at returns what fact said in a version: what was recorded last up to it. Versions that were never
// recorded, and those after the present one, are no versions of the pack.
func at(h []knowledge.Statement, fact, version, present string) (s knowledge.Statement, ok bool) {
	if order(version, present) > 0 {
		return s, false
	}
	for _, x := range h {
		if x.Fact == fact && order(x.Version, version) <= 0 {
			s, ok = x, true
		}
	}
	return s, ok
}

// order compares versions by their three numbers, and then by what follows.
func order(a, b string) int {
	number := func(v string) (n [3]int, rest string) {
		v, rest, _ = strings.Cut(v, "-")
		for i, part := range strings.SplitN(v, ".", 3) {
			n[i], _ = strconv.Atoi(part)
		}
		return n, rest
	}
	x, xrest := number(a)
	y, yrest := number(b)
	if c := slices.Compare(x[:], y[:]); c != 0 {
		return c
	}
	if xrest == "" || yrest == "" { // a version before its release
		return cmp.Compare(len(yrest), len(xrest))
	}
	return cmp.Compare(xrest, yrest)
}

// verdict completes what is known of s.
func verdict(p *knowledge.Pack, s knowledge.Statement, o Outcome) Verdict {
	v := Verdict{Outcome: o, Pack: p, Then: s}
	for _, f := range p.Facts {
		if f.ID == s.Fact {
			v.Fact = f
			v.Changes = changes(s, f.Statement(), p.Languages[0])
			if o == Said && len(v.Changes) == 0 && s.Hash == f.Hash() {
				v.Outcome = Says
			}
		}
	}
	return v
}

// changes lists what says something else now.
func changes(was, is knowledge.Statement, lang string) []Change {
	var all []Change
	add := func(label, a, b string) {
		if a != b {
			all = append(all, Change{label, a, b})
		}
	}
	add("status", string(was.Status), string(is.Status))
	add("answer", was.Answer.In(lang), is.Answer.In(lang))
	add("detail", was.Detail.In(lang), is.Detail.In(lang))
	add("according-to", was.AccordingTo, is.AccordingTo)
	add("positions", positions(was, lang), positions(is, lang))
	add("dates", strings.Join(was.Dates, ", "), strings.Join(is.Dates, ", "))
	add("cites", cites(was), cites(is))
	return all
}

func positions(s knowledge.Statement, lang string) string {
	var all []string
	for _, p := range s.Positions {
		all = append(all, p.Holder+": "+p.Claim.In(lang))
	}
	return strings.Join(all, " / ")
}

func cites(s knowledge.Statement) string {
	var all []string
	for _, c := range s.Cites {
		all = append(all, strings.TrimSpace(c.Full+" "+c.Quote))
	}
	return strings.Join(all, " / ")
}
