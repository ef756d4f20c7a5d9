package csl

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// maxRest bounds each field at the end of a full note, in characters. Nobody asks
// for a source to read its abstract; exports carry it whole.
const maxRest = 400

// notCited are fields for programs, which a reader has no use for.
var notCited = map[string]bool{"citation-key": true, "citation-label": true, "citation-number": true,
	"first-reference-note-number": true, "title-short": true, "shortTitle": true, "container-title-short": true,
	"journalAbbreviation": true, "volume-title-short": true, "year-suffix": true}

// restLabels name fields whose names in CSL a reader would not understand.
var restLabels = map[string]string{"note": "Note", "annote": "Annotation", "call-number": "Call number",
	"archive_collection": "Collection", "archive_location": "Archive location", "archive-place": "Archive place",
	"container-title": "In", "collection-title": "Series", "page": "Pages", "page-first": "First page",
	"number-of-pages": "Number of pages", "number-of-volumes": "Number of volumes", "event-date": "Date of the event",
	"accessed": "Accessed", "original-date": "First published", "original-title": "Original title",
	"custom.archive-url": "Archived copy", "custom.archived": "Archived on", "custom.url-status": "State of the address"}

// rest writes every field that the note found no place for, so that nothing of what
// the curator wrote is lost: for readers, in short.
func (n *note) rest() styled { return n.unplaced(true) }

// unplaced writes every field that has no place yet. For readers long ones are cut
// short, and names that "et al." left out are told; a file for programs has those.
func (n *note) unplaced(forReaders bool) styled {
	var parts []styled
	clipped := func(t styled) styled {
		if forReaders {
			return clipped(t)
		}
		return t
	}
	add := func(name string, value styled) {
		label, ok := restLabels[name]
		if !ok {
			label = strings.NewReplacer("_", " ", "-", " ", ".", " ").Replace(strings.TrimPrefix(name, "custom."))
			if label != "" && label[0] >= 'a' && label[0] <= 'z' {
				label = strings.ToUpper(label[:1]) + label[1:]
			}
		}
		parts = append(parts, stop(cat(roman(label+": "), value)))
	}
	for _, role := range nameVariables {
		if list := n.s.Names[role]; len(list) > 0 {
			if !n.used[role] {
				add(role, allNames(list))
			} else if forReaders && len(list) > maxNames {
				add("All names ("+role+")", allNames(list)) // "et al." must not lose anybody
			}
		}
	}
	for _, name := range dateVariables {
		if n.has(name) && (!n.used[name] || n.truncates(name)) {
			n.used[name] = false
			add(name, n.date(name, false))
		}
	}
	for _, name := range textVariables {
		if n.said(name) {
			continue
		}
		if n.s.Fields[name] != "" && !n.used[name] && !notCited[name] {
			value := n.text(name)
			switch {
			case name == "page":
				value = markup(pageRange(n.raw(name)))
			case name == "number-of-volumes" && isNumeric(n.s.Fields[name]):
				parts = append(parts, stop(value.wrapped("", " vols.")))
				continue
			}
			add(name, clipped(value))
		}
	}
	for _, f := range n.s.Other {
		if partOfAName.MatchString(f.Name) {
			continue // for programs
		}
		add(f.Name, clipped(markup(f.Value)))
	}
	return join(" ", parts...)
}

// partOfAName matches what a name has beyond CSL, e.g. author.1.ORCID.
var partOfAName = regexp.MustCompile(`^[a-z-]+\.[0-9]+\.`)

// said reports whether a field tells nothing that the note does not tell.
func (n *note) said(name string) bool {
	v := n.s.Fields[name]
	switch name {
	case "event-place": // Better BibTeX writes one place under both names
		return v == n.s.Fields["publisher-place"] && n.used["publisher-place"]
	case "publisher-place":
		return v == n.s.Fields["event-place"] && n.used["event-place"]
	case "event", "event-title": // proceedings are named for their conference
		return v == n.s.Fields["container-title"] || v == n.s.Fields["title"]
	case "language":
		base, _, _ := strings.Cut(strings.ToLower(v), "-")
		return isEnglish(v) || slices.ContainsFunc(n.s.languages, func(l string) bool {
			pack, _, _ := strings.Cut(strings.ToLower(l), "-")
			return pack == base
		})
	}
	return false
}

// truncates reports whether the note showed only the year of a date that says more.
func (n *note) truncates(name string) bool {
	d := n.s.Dates[name]
	return d.Literal == "" && (name == "issued" && n.is(yearOnly...) || name == "original-date") &&
		chicagoDate(d.EDTF, true) != chicagoDate(d.EDTF, false)
}

// allNames writes the names of a role, however many they are.
func allNames(list []Name) styled {
	names := make([]string, len(list))
	for i, x := range list {
		names[i] = x.Full()
	}
	return markup(strings.Join(names, "; "))
}

// clipped shortens t to maxRest characters.
func clipped(t styled) styled {
	if utf8.RuneCountInString(t.String()) <= maxRest {
		return t
	}
	cut := maxRest
	for cut > maxRest/2 && t[cut].r != ' ' {
		cut--
	}
	return append(append(styled(nil), t[:cut]...), char{r: '…'})
}
