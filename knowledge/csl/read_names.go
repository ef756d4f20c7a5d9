package csl

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"footnote/knowledge/strictyaml"
)

// nameParts are the keys of a name in CSL, and those that programs add for
// themselves alone.
var nameParts = []string{"family", "given", "literal", "dropping-particle", "non-dropping-particle", "suffix", "comma-suffix",
	"static-ordering", "parse-names", "comma-dropping-particle", "multi", "isInstitution", "lastName", "firstName", "name"}

// names reads a list of names, or a single one as some exporters write it.
func (r *reader) names(n *strictyaml.Node, s *Source, role string) []Name {
	nodes := []*strictyaml.Node{n}
	if n.IsList() {
		nodes = n.List("")
	}
	if len(nodes) == 2 && oneWord(nodes[0]) && oneWord(nodes[1]) {
		n.Warnf("%s and %s are read as two names; for one person write {family: %[1]s, given: %[2]s}", nodes[0].Text(), nodes[1].Text())
	}
	var out []Name
	for _, c := range nodes {
		if c.IsMap() {
			name := r.name(c, s, fmt.Sprintf("%s.%d", role, len(out)+1))
			if name.Full() == "" {
				c.Warnf("the name is empty and left out; write family and given, or literal for a body")
				continue
			}
			out = append(out, name)
			continue
		}
		out = append(out, r.textNames(c)...)
	}
	return out
}

// oneWord reports whether n is a text of one word.
func oneWord(n *strictyaml.Node) bool { return n.IsText() && len(strings.Fields(n.Text())) == 1 }

// name reads a name that is written as a map. What CSL does not know of it is kept
// under the key at.
func (r *reader) name(n *strictyaml.Node, s *Source, at string) Name {
	m := n.ForeignMap("")
	get := func(keys ...string) string {
		for _, key := range keys {
			if v := m.Get(key); v.IsText() {
				if t := fieldText(v, MaxField); t != "" {
					return t
				}
			}
		}
		return ""
	}
	name := Name{Family: get("family", "lastName"), Given: get("given", "firstName"), Literal: get("literal"), DroppingParticle: get("dropping-particle"),
		NonDroppingParticle: get("non-dropping-particle"), Suffix: get("suffix"), CommaSuffix: truth(m.Get("comma-suffix"))}
	if name.Full() == "" {
		name.Literal = get("name") // Crossref writes bodies so
	}
	if name.Literal == "" && name.Given == "" && truth(m.Get("isInstitution")) {
		name.Literal, name.Family = name.Family, ""
	}
	for _, key := range m.Keys() {
		if slices.Contains(nameParts, key) {
			continue
		}
		k := m.Key(key)
		r.once(k, "name "+key, func() string {
			return "this is not known to CSL" + k.DidYouMean(key, nameParts[:7]) + "; it is kept for exports and shown nowhere"
		})
		s.Other = append(s.Other, readOther(m.Get(key), at+"."+key)...)
	}
	if severalPeople(name.Literal) || name.Given == "" && severalPeople(name.Family) {
		n.Warnf("%s looks like several people; write each as an entry of its own: {family: …, given: …}", strictyaml.Quote(name.Full()))
	}
	return name.withSuffix()
}

// withSuffix takes the suffix out of the given name, where Zotero keeps it: "Martin
// Luther, Jr.".
func (n Name) withSuffix() Name {
	given, suffix, ok := strings.Cut(n.Given, ",")
	if !ok || n.Suffix != "" || n.Family == "" || strings.TrimSpace(given) == "" || strings.TrimSpace(suffix) == "" {
		return n
	}
	n.Given, n.Suffix = strings.TrimSpace(given), strings.TrimSpace(suffix)
	if rest, comma := strings.CutPrefix(n.Suffix, "!"); comma { // citeproc-js keeps the comma then
		n.Suffix, n.CommaSuffix = strings.TrimSpace(rest), true
	}
	return n
}

// textNames reads names that are written as one text. "Runciman, Steven" is a
// person, and so is each part of "Runciman, Steven and Hanak, Walter K."; any other
// text stands as it is.
func (r *reader) textNames(n *strictyaml.Node) []Name {
	text := fieldText(n, MaxField)
	if text == "" {
		return nil
	}
	var out []Name
	for _, part := range strings.Split(strings.ReplaceAll(text, ";", " and "), " and ") {
		family, given, comma := strings.Cut(strings.TrimSpace(part), ",")
		family, given = strings.TrimSpace(family), strings.TrimSpace(given)
		if !comma || !likePerson(family) || !likePerson(given) {
			out = nil
			break
		}
		out = append(out, Name{Family: family, Given: given}.withSuffix())
	}
	words := len(strings.Fields(text))
	switch {
	case len(out) == 1:
		n.Warnf("%s is read as {family: %s, given: %s}; write it so, or {literal: %s} if it is no person", strictyaml.Quote(text), out[0].Family, out[0].Given, strictyaml.Quote(text))
	case len(out) > 1:
		n.Warnf("%s is read as %d people; write each as an entry of its own: {family: %s, given: %s}", strictyaml.Quote(text), len(out), out[0].Family, out[0].Given)
	case severalPeople(text):
		n.Warnf("%s looks like several people; write each as an entry of its own: {family: …, given: …}", strictyaml.Quote(text))
	case words > 1 && words <= 4 && likePerson(text):
		at := strings.LastIndexByte(text, ' ')
		n.Warnf("%s is read as one name that is not taken apart, such as a body's; for a person write {family: %s, given: %s}, for a body {literal: %s}",
			strictyaml.Quote(text), text[at+1:], strings.TrimSpace(text[:at]), strictyaml.Quote(text))
	}
	if out == nil {
		out = []Name{{Literal: text}}
	}
	return out
}

// bodyWords are words that no person's name has.
var bodyWords = wordSet("of the for and on in at de la university ministry department office institute committee society association council press company inc ltd llc " +
	"museum library archive archives government commission bank union party church group team project staff editors others")

// likePerson reports whether s may be a person's name, or a part of one: a few words
// of which none is a body's.
func likePerson(s string) bool {
	words := strings.Fields(s)
	if len(words) == 0 || len(words) > 5 {
		return false
	}
	capital := false
	for _, w := range words {
		bare := strings.ToLower(strings.Trim(w, ".,"))
		if bodyWords[bare] && bare != "de" && bare != "la" || strings.ContainsFunc(w, unicode.IsDigit) {
			return false
		}
		capital = capital || !unicode.IsLower([]rune(w)[0])
	}
	return capital
}

// severalPeople reports whether s joins the names of several people.
func severalPeople(s string) bool {
	parts := strings.Split(strings.NewReplacer(" & ", " and ", ";", " and ").Replace(s), " and ")
	if len(parts) < 2 {
		return false
	}
	for _, p := range parts {
		if len(strings.Fields(p)) < 2 || !likePerson(p) {
			return false
		}
	}
	return true
}
