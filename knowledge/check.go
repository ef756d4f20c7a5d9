package knowledge

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"footnote/knowledge/csl"
	"footnote/knowledge/edtf"
	"footnote/knowledge/strictyaml"
)

// Thresholds of warnings: what is below them is told to the curator, and stops nothing.
const (
	// CopiedRun is how many words in a row make a copy. Shorter runs are common
	// to any two texts on the same matter.
	CopiedRun = 8
	// ReviewAfter is when a review is old: two years, the rhythm in which the
	// works of reference that we know go through their articles.
	ReviewAfter = 2 * 365 * 24 * time.Hour
	// EnoughPhrasings is how many ways of asking a fact should have, and
	// GoodPhrasings how many are better. They will be set from measurement; so far:
	// with one phrasing the right fact is first for 82 % of the questions that
	// people ask in their own words, with three for 94 %, with six for 94–95 %; it
	// is surely answered for 46, 59 and 70 %.
	EnoughPhrasings = 3
	GoodPhrasings   = 6
)

// Check returns what is worth a curator's look in packs that loaded, as warnings
// only, sorted: nothing of it keeps the bot from answering.
func Check(base *Base) []Problem { return CheckWith(base, time.Now(), nil) }

// CheckWith is [Check] with a date, which decides what review is old, and with a
// thesaurus. same reports whether two bare words mean the same, in addition to the
// synonyms of the packs; it may be nil.
func CheckWith(base *Base, now time.Time, same func(a, b string) bool) []Problem {
	var rep strictyaml.Report
	for _, p := range base.Packs {
		for _, w := range p.warnings {
			rep.Add(w)
		}
		c := checker{rep: &rep, pack: p, now: now}
		c.sources()
		c.tertiary()
		c.scope()
		for _, f := range p.Facts {
			c.fact(f)
		}
		c.fewQuestions()
		c.runTogether()
		c.dates()
		c.support()
		c.synonyms()
		c.history()
		c.recorded()
		c.eval()
	}
	checkConfusable(base, same, &rep)
	checkAnswers(base, &rep)
	return rep.Problems()
}

// A checker checks one pack.
type checker struct {
	rep  *strictyaml.Report
	pack *Pack
	now  time.Time
}

// warnAt adds a warning at a place; path names the value, e.g. facts[id].answer.
func warnAt(rep *strictyaml.Report, at Place, path, format string, args ...any) {
	rep.Add(Problem{Severity: Warning, File: at.File, Line: at.Line, Column: at.Column, Path: path, Message: fmt.Sprintf(format, args...)})
}

// warnFact adds a warning at a fact.
func (c *checker) warnFact(f *Fact, format string, args ...any) {
	warnAt(c.rep, f.Place, "facts["+f.ID+"]", format, args...)
}

// maxUncited is up to how many sources that no fact cites are told one by one. Whoever
// has more keeps a whole library in the pack, and means to.
const maxUncited = 20

// uncited warns of sources that no fact cites.
func (c *checker) uncited(used map[*csl.Source]bool) {
	var rest []*csl.Source
	for _, s := range c.pack.Sources {
		if !used[s] {
			rest = append(rest, s)
		}
	}
	for _, s := range rest {
		message := "no fact cites this source"
		if len(rest) > maxUncited {
			message += fmt.Sprintf(", nor %d others of the pack", len(rest)-1)
		}
		warnAt(c.rep, s.Place, "references["+s.ID+"]", "%s", message)
		if len(rest) > maxUncited {
			return
		}
	}
}

// sources warns of sources that are not cited, that may change, or that have no
// title.
func (c *checker) sources() {
	used := map[*csl.Source]bool{}
	for _, f := range c.pack.Facts {
		for _, x := range f.AllCites() {
			used[x.Source] = true
		}
	}
	c.uncited(used)
	for _, s := range c.pack.Sources {
		path := "references[" + s.ID + "]"
		if !used[s] {
			continue // whatever it lacks, nobody sees it
		}
		archived := false
		for _, o := range s.Other {
			archived = archived || o.Name == "custom.archive-url"
		}
		if s.Fields["URL"] != "" && s.Dates["accessed"] == (csl.Date{}) && !archived && slices.Contains(onlineTypes, s.Type) {
			warnAt(c.rep, s.Place, path, "the page may change: add accessed, the day you read it, or an archived copy (custom: {archive-url: …})")
		}
		if s.Fields["title"] == "" && s.Fields["genre"] == "" {
			warnAt(c.rep, s.Place, path, "the source has no title; add title, or genre for an untitled one")
		}
	}
}

// onlineTypes are the types of sources that may change after they were read.
var onlineTypes = []string{"webpage", "post", "post-weblog", "entry", "entry-encyclopedia", "entry-dictionary", "dataset"}

// unpagedTypes are the types of sources that have no page or part which a locator
// could name.
var unpagedTypes = []string{"webpage", "post", "post-weblog", "map", "graphic", "dataset", "figure", "personal_communication", "article-newspaper"}

// tertiary warns once of a pack that rests on works of reference alone, and
// otherwise of each fact that does.
func (c *checker) tertiary() {
	all := len(c.pack.Sources) > 0
	for _, s := range c.pack.Sources {
		all = all && s.IsReferenceWork()
	}
	if all {
		c.rep.Add(Problem{Severity: Warning, File: shownFile(c.pack, "sources.yaml"),
			Message: "every source is a work of reference, which restates what others found; cite the works that it rests on where you can"})
		return
	}
	for _, f := range c.pack.Facts {
		only := len(f.AllCites()) > 0
		for _, x := range f.AllCites() {
			only = only && x.Source.IsReferenceWork()
		}
		if only {
			c.warnFact(f, "only works of reference are cited; add the work that they rest on")
		}
	}
}

// What stands in a new pack until its curator writes something else: ScopeToWrite, and the fact
// of the id ExampleFact.
const (
	ScopeToWrite = "What this pack covers, and what it does not."
	ExampleFact  = "example"
)

// scope warns of a pack that people are told nothing about, though its own facts are there.
func (c *checker) scope() {
	if slices.ContainsFunc(c.pack.Facts, func(f *Fact) bool { return f.ID == ExampleFact }) {
		return
	}
	for _, text := range c.pack.ScopeNote {
		if strings.TrimSpace(text) == ScopeToWrite {
			c.rep.Add(Problem{Severity: Warning, File: shownFile(c.pack, "pack.yaml"), Path: "scope-note",
				Message: "it is still what a new pack has, and people see it in /about; write what the pack covers and what it does not"})
		}
	}
}

// fact warns of a fact without a place in its source, without translation, or
// without a recent review.
func (c *checker) fact(f *Fact) {
	if f.Status == Established {
		located := false
		for _, x := range f.Cites {
			located = located || x.Locator.Value != "" || x.Quote != "" || slices.Contains(unpagedTypes, x.Source.Type) ||
				x.Source.Fields["archive_location"] != "" // fond, opis, delo and list are the place
		}
		if !located {
			c.warnFact(f, "the fact is established, but no citation says where in the source; add a locator")
		}
	}
	for _, lang := range c.pack.Languages {
		var missing []string
		asked := false
		for _, q := range f.Questions {
			asked = asked || q.Lang == lang
		}
		if !asked {
			missing = append(missing, "questions")
		}
		if f.Answer[lang] == "" {
			missing = append(missing, "answer")
		}
		if len(f.Detail) > 0 && f.Detail[lang] == "" {
			missing = append(missing, "detail")
		}
		if len(missing) > 0 {
			c.warnFact(f, "not translated into %s: %s", lang, strings.Join(missing, ", "))
		}
	}
	if f.Reviewed != "" {
		// A date without month or day means its last day, as the review may have been then.
		if _, last, ok := f.Reviewed.Days(); ok {
			day := time.Unix(int64(last-edtf.Day(1970, 1, 1))*24*60*60, 0)
			if c.now.Sub(day) > ReviewAfter {
				c.warnFact(f, "the last review was %s, more than two years ago", f.Reviewed.In("en"))
			}
		}
	}
}

// synonyms warns of groups that touch nothing in the pack.
func (c *checker) synonyms() {
	var b strings.Builder
	add := func(s string) { b.WriteString(" " + BareWords(s) + " ") }
	for _, f := range c.pack.Facts {
		for _, q := range f.Questions {
			add(q.Text)
		}
		for _, list := range [][]string{f.Keywords, f.Topics, f.Names()} {
			for _, s := range list {
				add(s)
			}
		}
		for _, t := range []Text{f.Answer, f.Detail} {
			for _, s := range t {
				add(s)
			}
		}
	}
	text := b.String()
	for i, group := range c.pack.Synonyms {
		found := false
		for _, w := range group {
			found = found || strings.Contains(text, " "+BareWords(w)+" ")
		}
		if !found {
			warnAt(c.rep, c.pack.groupsAt[i], fmt.Sprintf("synonyms[%d]", i+1),
				"none of %s occurs in the pack; the group has no effect", strings.Join(group, ", "))
		}
	}
}

// history warns of changes to facts that are not there.
func (c *checker) history() {
	known := map[string]bool{}
	for _, f := range c.pack.Facts {
		known[f.ID] = true
	}
	for i, r := range c.pack.History {
		for j, x := range r.Changes {
			if !known[x.Fact] {
				warnAt(c.rep, x.Place, fmt.Sprintf("history[%d].changes[%d]", i+1, j+1),
					"there is no fact %s; a fact that was withdrawn stays, with the status retracted and the correction as its answer", x.Fact)
			}
		}
	}
}

// eval warns of examination questions that examine nothing.
func (c *checker) eval() {
	phrasings := map[string]*Fact{}
	for _, f := range c.pack.Facts {
		for _, q := range f.Questions {
			phrasings[QuestionKey(q.Text)] = f
		}
	}
	taught := map[string]bool{}
	for _, q := range c.pack.Unanswered {
		taught[QuestionKey(q)] = true
	}
	for _, x := range c.pack.Eval.Find {
		if taught[QuestionKey(x.Question)] {
			warnAt(c.rep, x.Place, "find", "%s stands in unanswered.yaml and will be declined", strictyaml.Quote(x.Question))
		}
		if f := phrasings[QuestionKey(x.Question)]; f != nil {
			warnAt(c.rep, x.Place, "find", "%s is a phrasing of %s; a question that the pack holds proves nothing", strictyaml.Quote(x.Question), f.ID)
		}
	}
	for _, x := range c.pack.Eval.Decline {
		if taught[QuestionKey(x.Question)] {
			warnAt(c.rep, x.Place, "decline."+string(x.Kind), "%s stands in unanswered.yaml; a question that the pack holds proves nothing", strictyaml.Quote(x.Question))
		}
		if f := phrasings[QuestionKey(x.Question)]; f != nil && QuestionKey(x.Question) != "" {
			warnAt(c.rep, x.Place, "decline."+string(x.Kind), "%s is a phrasing of %s and will be answered", strictyaml.Quote(x.Question), f.ID)
		}
	}
}
