package knowledge

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"footnote/knowledge/strictyaml"
)

// The checks of questions: too few for a fact, one that two facts share, and
// synonyms that make one word of what sets two facts apart.

// fewNamed is up to how many facts of a pack are named one by one for having too
// few ways of asking. A pack that was imported has nothing else, and a list of all
// its facts helps nobody.
const fewNamed = 20

// fewQuestions warns of facts that have too few ways of asking.
func (c *checker) fewQuestions() {
	type short struct {
		fact *Fact
		what string
	}
	var few []short
	for _, f := range c.pack.Facts {
		byLang := map[string]int{}
		for _, q := range f.Questions {
			byLang[q.Lang]++
		}
		for _, lang := range c.pack.Languages {
			n := byLang[lang]
			if n == 0 || n >= EnoughPhrasings {
				continue // one that is not asked in a language at all is not translated
			}
			what := fmt.Sprintf("%d ways of asking", n)
			if n == 1 {
				what = "1 way of asking"
			}
			if len(c.pack.Languages) > 1 {
				what += " in " + lang
			}
			few = append(few, short{f, what})
		}
	}
	if len(few) > fewNamed {
		warnAt(c.rep, few[0].fact.Place, "facts", "%d facts have fewer than %d ways of asking, this is the first; people ask in other words than yours, so give each %d, better %d; \"footnote phrasings\" writes a page to collect them on",
			len(few), EnoughPhrasings, EnoughPhrasings, GoodPhrasings)
		return
	}
	for _, x := range few {
		c.warnFact(x.fact, "the fact has %s; people ask in other words than yours, so give it %d, better %d: a full question, a few words, another verb", x.what, EnoughPhrasings, GoodPhrasings)
	}
}

// twoInOne is a list whose dashes are not indented alike: YAML takes the second
// entry for more of the first.
var twoInOne = regexp.MustCompile(`\p{L}{2}[?!.] - \S`)

// runTogether warns of questions that became one.
func (c *checker) runTogether() {
	for _, f := range c.pack.Facts {
		for _, q := range f.Questions {
			if twoInOne.MatchString(q.Text) {
				warnAt(c.rep, q.Place, "facts["+f.ID+"].questions", "%s is read as one question; if it is two, put their dashes exactly below each other", strictyaml.Quote(q.Text))
			}
		}
	}
}

// A synonymGroup is a group of pack.yaml for comparing questions.
type synonymGroup struct {
	members [][]string // the bare words of each
	shown   []string
	at      Place
	path    string
}

// synonymGroups returns the groups of all packs, in their order.
func synonymGroups(base *Base) []synonymGroup {
	var groups []synonymGroup
	for _, p := range base.Packs {
		for i, members := range p.Synonyms {
			g := synonymGroup{shown: members, path: fmt.Sprintf("synonyms[%d]", i+1)}
			if i < len(p.groupsAt) {
				g.at = p.groupsAt[i]
			}
			for _, m := range members {
				g.members = append(g.members, strings.Fields(BareWords(m)))
			}
			groups = append(groups, g)
		}
	}
	return groups
}

// checkGroups warns of words that stand in two groups: only the first has them.
func checkGroups(groups []synonymGroup, rep *strictyaml.Report) {
	first := map[string]int{}
	for i, g := range groups {
		for j, m := range g.members {
			m := strings.Join(m, " ")
			if m == "" {
				continue
			}
			if k, dup := first[m]; dup && k != i {
				warnAt(rep, g.at, g.path, "%s stands also in the group at %s:%d; a word can belong to one group only: make one group of the two, or take it out of one",
					strictyaml.Quote(g.shown[j]), groups[k].at.File, groups[k].at.Line)
				continue
			}
			first[m] = i
		}
	}
}

// A reducedQuestion is a question reduced to what it is about.
type reducedQuestion struct {
	fact   *Fact
	q      Phrasing
	plain  string      // its content words
	joined []string    // the same with one word for each group of synonyms, sorted
	used   map[int]int // by group, the member that stood there
}

// reduced reduces a question.
func reduced(f *Fact, q Phrasing, groups []synonymGroup) reducedQuestion {
	r := reducedQuestion{fact: f, q: q, plain: gist(q.Text), used: map[int]int{}}
	words := strings.Fields(BareWords(withoutPossessives(q.Text)))
	for i := 0; i < len(words); {
		group, member, n := -1, 0, 0
		for g := range groups {
			for m, w := range groups[g].members {
				if len(w) > n && i+len(w) <= len(words) && slices.Equal(words[i:i+len(w)], w) {
					group, member, n = g, m, len(w) // the longest
				}
			}
		}
		switch {
		case group >= 0:
			r.joined = append(r.joined, fmt.Sprintf("=%d", group)) // no word begins so
			r.used[group] = member
			i += n
			continue
		case !littleWords[words[i]]:
			r.joined = append(r.joined, words[i])
		}
		i++
	}
	slices.Sort(r.joined)
	return r
}

// checkConfusable warns of questions of different facts that differ in nothing but
// little words, order, accents and synonyms, across all packs. same is that of
// [CheckWith].
func checkConfusable(base *Base, same func(a, b string) bool, rep *strictyaml.Report) {
	groups := synonymGroups(base)
	checkGroups(groups, rep)
	plain, joined := map[string]reducedQuestion{}, map[string]reducedQuestion{}
	nearly := map[string][]reducedQuestion{} // by all words but one
	warned := map[int]bool{}                 // groups
	for _, f := range base.Facts() {
		for _, text := range f.Questions {
			q := reduced(f, text, groups)
			if q.plain == "" {
				continue
			}
			path := "facts[" + f.ID + "].questions"
			other, dup := plain[q.plain]
			if !dup {
				plain[q.plain] = q
			}
			if dup && other.fact != f {
				warnAt(rep, text.Place, path, "%s is hard to tell from %s, a question of %s (%s:%d); put into each what sets the two facts apart",
					strictyaml.Quote(text.Text), strictyaml.Quote(other.q.Text), other.fact.ID, other.q.Place.File, other.q.Place.Line)
				continue
			}
			key := strings.Join(q.joined, " ")
			other, dup = joined[key]
			if !dup {
				joined[key] = q
			}
			if dup && other.fact != f {
				g, one, two := differs(q, other, groups)
				if g < 0 {
					continue // the members of a group are written in two ways
				}
				warnAt(rep, text.Place, path, "%s is the same question as %s of %s (%s:%d), since %s:%d makes one of %s and %s; ask for each in words that set the two facts apart, or make one fact of the two",
					strictyaml.Quote(text.Text), strictyaml.Quote(other.q.Text), other.fact.ID, other.q.Place.File, other.q.Place.Line,
					groups[g].at.File, groups[g].at.Line, strictyaml.Quote(one), strictyaml.Quote(two))
				if !warned[g] && !sameAnswer(f, other.fact) {
					warned[g] = true
					warnAt(rep, groups[g].at, groups[g].path, "the group makes one of %s and %s, and facts tell them apart: %s (%s:%d) and %s (%s:%d); take one of the two words out of the group, or make one fact of the two",
						strictyaml.Quote(two), strictyaml.Quote(one), other.fact.ID, other.fact.Place.File, other.fact.Place.Line, f.ID, f.Place.File, f.Place.Line)
				}
				continue
			}
			if same != nil {
				nearest(q, nearly, same, rep)
			}
		}
	}
}

// nearest warns if q has one word that means the same as another's, and all others
// in common with it.
func nearest(q reducedQuestion, nearly map[string][]reducedQuestion, same func(a, b string) bool, rep *strictyaml.Report) {
	warned := false
	for i, w := range q.joined {
		rest := strings.Join(slices.Delete(slices.Clone(q.joined), i, i+1), " ")
		if rest == "" {
			continue // single words are too little to go by
		}
		for _, other := range nearly[rest] {
			if warned || other.fact == q.fact || len(other.joined) != len(q.joined) {
				continue
			}
			v := otherWord(other.joined, rest)
			if v == "" || v == w || strings.HasPrefix(v, "=") || strings.HasPrefix(w, "=") || !same(w, v) {
				continue
			}
			warned = true
			warnAt(rep, q.q.Place, "facts["+q.fact.ID+"].questions", "%s is nearly the same question as %s of %s (%s:%d), since %s and %s mean the same; put into each what sets the two facts apart",
				strictyaml.Quote(q.q.Text), strictyaml.Quote(other.q.Text), other.fact.ID, other.q.Place.File, other.q.Place.Line, strictyaml.Quote(w), strictyaml.Quote(v))
		}
		nearly[rest] = append(nearly[rest], q)
	}
}

// otherWord returns the first of words that is not in rest.
func otherWord(words []string, rest string) string {
	left := strings.Fields(rest)
	for _, w := range words {
		i := slices.Index(left, w)
		if i < 0 {
			return w
		}
		left = slices.Delete(left, i, i+1)
	}
	return ""
}

// differs returns the first group of which a and b use different members, and the
// two members; -1 if there is none.
func differs(a, b reducedQuestion, groups []synonymGroup) (group int, one, two string) {
	group = -1
	for g, m := range a.used {
		if n, both := b.used[g]; both && n != m && (group < 0 || g < group) {
			group, one, two = g, groups[g].shown[m], groups[g].shown[n]
		}
	}
	return group, one, two
}

// sameWordsFrom is from how many words two equal answers are one text that was
// copied; "In 1956." answers many questions.
const sameWordsFrom = 4

// sameAnswer reports whether two facts say the same in a language.
func sameAnswer(a, b *Fact) bool {
	for lang, s := range a.Answer {
		if t, both := b.Answer[lang]; both && QuestionKey(s) == QuestionKey(t) {
			return true
		}
	}
	return false
}

// checkAnswers warns of facts that say the same.
func checkAnswers(base *Base, rep *strictyaml.Report) {
	seen := map[string]*Fact{}
	for _, f := range base.Facts() {
		langs := slices.Sorted(maps.Keys(f.Answer))
		for _, lang := range langs {
			same := QuestionKey(f.Answer[lang])
			if len(strings.Fields(same)) < sameWordsFrom {
				continue
			}
			key := lang + "\x00" + same
			if first := seen[key]; first != nil && first != f {
				warnAt(rep, f.Place, "facts["+f.ID+"].answer", "the answer is that of %s (%s:%d) word for word; if it is one fact, put both facts' questions under one id, or else say in each answer what is different",
					first.ID, first.Place.File, first.Place.Line)
				break
			}
			seen[key] = cmp.Or(seen[key], f)
		}
	}
}
