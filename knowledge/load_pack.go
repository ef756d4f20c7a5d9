package knowledge

import (
	"regexp"
	"slices"
	"strings"

	"footnote/knowledge/edtf"
	"footnote/knowledge/strictyaml"
)

// SchemaVersion is the only format that is read so far.
const SchemaVersion = "footnote/1"

// Limits of pack.yaml, far above what a pack needs.
const (
	MaxID        = 48 // characters; "f_" and an id fit into every platform's button
	MaxTitle     = 200
	MaxScopeNote = 4000
	MaxWord      = 200 // characters of a keyword, topic, name of a person or synonym
)

var (
	idPattern      = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	versionPattern = regexp.MustCompile(`^[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$`)
	langPattern    = regexp.MustCompile(`^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$`)
	orcidPattern   = regexp.MustCompile(`^[0-9]{4}-[0-9]{4}-[0-9]{4}-[0-9]{3}[0-9X]$`)
)

var packKeys = []string{"schema", "id", "title", "version", "license", "languages", "maintainers", "scope-note", "synonyms", "history"}

func (r *packReader) readPackFile() {
	p := r.pack
	p.Languages = []string{"en"}
	n := r.read("pack.yaml")
	if n == nil {
		return
	}
	m := n.Map(packKeys...)
	if !n.IsMap() {
		return
	}
	if s := m.Get("schema"); s == nil {
		n.Errorf("schema is missing; write schema: %s on the first line", SchemaVersion)
	} else {
		if v := s.NonEmpty(); v != "" && v != SchemaVersion {
			s.Errorf("%s is not known; this program reads %s", strictyaml.Quote(v), SchemaVersion)
		}
	}
	// Languages first: the texts depend on them.
	r.languagesKnown = true
	if l := m.Get("languages"); l != nil {
		before := r.rep.Errors()
		p.Languages = r.languages(l)
		r.languagesKnown = r.rep.Errors() == before
	}
	p.ID = r.id(m.Required("id"))
	p.Title = r.text(m.Required("title"), MaxTitle)
	if v := m.Required("version"); v != nil {
		if p.Version = v.NonEmpty(); p.Version != "" && !versionPattern.MatchString(p.Version) {
			v.Errorf("%s is no version; write three numbers such as 1.0.0", strictyaml.Quote(p.Version))
		}
	}
	p.License = m.Get("license").Bounded(MaxTitle)
	p.ScopeNote = r.text(m.Get("scope-note"), MaxScopeNote)
	for _, c := range atMost(MaxList, m.Get("maintainers"), m.Get("maintainers").List("maintainers, each with a name")) {
		r.maintainer(c)
	}
	r.synonyms(m.Get("synonyms"))
	r.history(m.Get("history"))
}

func (r *packReader) languages(n *strictyaml.Node) []string {
	var out []string
	for _, c := range atMost(MaxList, n, n.List("languages such as en or ru")) {
		s := c.NonEmpty()
		switch {
		case s == "":
		case !langPattern.MatchString(s):
			c.Errorf("%s is no language tag; write for example en, ru or pt-BR", strictyaml.Quote(s))
		case slices.Contains(out, s):
			c.Errorf("%s is listed twice", s)
		default:
			out = append(out, s)
		}
	}
	if len(out) == 0 {
		if n.IsList() && len(n.List("languages")) == 0 {
			n.Errorf("the list is empty; name at least one language, for example en")
		}
		return []string{"en"}
	}
	return out
}

func (r *packReader) maintainer(n *strictyaml.Node) {
	if n.IsText() {
		r.pack.Maintainers = append(r.pack.Maintainers, n.Bounded(MaxWord))
		return
	}
	m := n.Map("name", "orcid")
	name := m.Required("name").Bounded(MaxWord)
	if name != "" {
		r.pack.Maintainers = append(r.pack.Maintainers, name)
	}
	if o := m.Get("orcid"); o != nil {
		id := strings.TrimPrefix(o.NonEmpty(), "https://orcid.org/")
		if !orcidPattern.MatchString(id) {
			o.Errorf("%s is no ORCID; it looks like 0000-0002-1825-0097", strictyaml.Quote(id))
			return
		}
		if r.pack.ORCID == nil {
			r.pack.ORCID = map[string]string{}
		}
		r.pack.ORCID[name] = id
	}
}

func (r *packReader) synonyms(n *strictyaml.Node) {
	for _, g := range atMost(MaxGroups, n, n.List("groups of words")) {
		var group []string
		seen := map[string]bool{}
		for _, c := range atMost(MaxList, g, g.List("words of the same meaning")) {
			w := c.Bounded(MaxWord)
			key := strings.ToLower(w)
			switch {
			case w == "":
			case seen[key]:
				c.Errorf("%s stands twice in this group", strictyaml.Quote(w))
			default:
				seen[key] = true
				group = append(group, w)
			}
		}
		if len(group) == 1 {
			g.Errorf("a group of synonyms needs at least two words")
			continue
		}
		if len(group) > 1 {
			r.pack.Synonyms = append(r.pack.Synonyms, group)
			r.pack.groupsAt = append(r.pack.groupsAt, g.Place())
		}
	}
}

func (r *packReader) history(n *strictyaml.Node) {
	for _, c := range atMost(MaxHistory, n, n.List("versions")) {
		m := c.Map("version", "date", "changes")
		rel := Release{Version: m.Required("version").NonEmpty(), Date: r.date(m.Get("date"))}
		for _, cc := range atMost(MaxHistory, m.Get("changes"), m.Get("changes").List("changes")) {
			cm := cc.Map("fact", "kind", "note")
			rel.Changes = append(rel.Changes, Change{
				Fact: r.id(cm.Required("fact")),
				Kind: ChangeKind(cm.Required("kind").OneOf(string(Added), string(Corrected), string(Withdrawn))),
				Note: r.text(cm.Get("note"), MaxDetail), Place: cc.Place(),
			})
		}
		r.pack.History = append(r.pack.History, rel)
	}
}

// id reads an id; "" if it is missing or wrong.
func (r *packReader) id(n *strictyaml.Node) string {
	s := n.NonEmpty()
	switch {
	case n == nil || s == "":
		return ""
	case len(s) > MaxID:
		n.Errorf("the id has %d characters; at most %d are allowed", len([]rune(s)), MaxID)
		return ""
	case !IsID(s):
		hint := ""
		if g := guessID(s); g != "" {
			hint = "; for example " + g
		}
		n.Errorf("%s is no id; use a–z, 0–9 and single hyphens%s", strictyaml.Quote(s), hint)
		return ""
	}
	return s
}

// IsID reports whether s can be the id of a fact or a pack: words of a–z and 0–9
// with single hyphens between them, at most MaxID characters.
func IsID(s string) bool { return len(s) <= MaxID && idPattern.MatchString(s) }

var notInID = regexp.MustCompile(`[^a-z0-9]+`)

// guessID returns the id that s was probably meant to be, or "".
func guessID(s string) string {
	g := strings.Trim(notInID.ReplaceAllString(strings.ToLower(s), "-"), "-")
	if !IsID(g) {
		return ""
	}
	return g
}

// text reads a text, or a map of texts by language.
func (r *packReader) text(n *strictyaml.Node, limit int) Text {
	switch {
	case n == nil:
		return nil
	case !n.IsMap():
		if !n.IsText() {
			n.Errorf("expected a text, or texts by language such as {en: …}, found %s", n.Describe())
			return nil
		}
		if s := visible(n, n.Bounded(limit)); s != "" {
			return Text{r.pack.Languages[0]: s}
		}
		return nil
	}
	t := Text{}
	m := n.AnyMap("")
	for _, lang := range m.Keys() {
		if !r.knowsLanguage(m.Key(lang), lang) {
			continue
		}
		if s := visible(m.Get(lang), m.Get(lang).Bounded(limit)); s != "" {
			t[lang] = s
		}
	}
	if len(m.Keys()) == 0 {
		n.Errorf("no text stands here")
	}
	return t
}

// visible warns of characters that come with text copied from a page, that nobody
// sees, and that hide a word from searching or turn the direction of a line.
func visible(n *strictyaml.Node, s string) string {
	for _, r := range s {
		switch {
		case Invisible(r), r == 0xfffc, r == 0xfffd:
			n.Warnf("an invisible or replacement character (U+%04X) stands in this text; delete it", r)
			return s
		}
	}
	return s
}

// knowsLanguage reports whether lang is one of the pack's languages, and adds an
// error at key if not.
func (r *packReader) knowsLanguage(key *strictyaml.Node, lang string) bool {
	if slices.Contains(r.pack.Languages, lang) || !r.languagesKnown {
		return true
	}
	key.Errorf("%s is not one of the pack's languages (%s); add it to languages in pack.yaml or correct it",
		strictyaml.Quote(lang), strings.Join(r.pack.Languages, ", "))
	return false
}

// date reads an EDTF date or interval; "" if it is missing or wrong.
func (r *packReader) date(n *strictyaml.Node) edtf.Date {
	if n == nil {
		return ""
	}
	e := edtf.Date(n.NonEmpty())
	if e == "" {
		return ""
	}
	if err := e.Check(); err != nil {
		n.Errorf("%v", err)
		return ""
	}
	return e
}
