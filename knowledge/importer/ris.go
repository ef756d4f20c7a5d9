package importer

import (
	"fmt"
	"regexp"
	"strings"

	"footnote/knowledge/draft"
)

var (
	risStart  = regexp.MustCompile(`(?m)\A\s*(?:[A-Z][A-Z0-9]  - |TY\s+-)`)
	risLine   = regexp.MustCompile(`^([A-Z][A-Z0-9])\s{1,2}-\s?(.*)$`)
	firstYear = regexp.MustCompile(`[0-9]{4}`)
)

// risTypes are the types of RIS, by what they are in CSL.
var risTypes = map[string]string{
	"BOOK": "book", "EBOOK": "book", "EDBOOK": "book", "CHAP": "chapter", "ECHAP": "chapter", "JOUR": "article-journal", "EJOUR": "article-journal", "ABST": "article-journal",
	"MGZN": "article-magazine", "NEWS": "article-newspaper", "THES": "thesis", "RPRT": "report", "ELEC": "webpage", "BLOG": "post-weblog", "CONF": "paper-conference",
	"CPAPER": "paper-conference", "UNPB": "manuscript", "MANSCPT": "manuscript", "MAP": "map", "HEAR": "hearing", "BILL": "bill", "CASE": "legal_case", "STAT": "legislation",
	"ENCYC": "entry-encyclopedia", "DICT": "entry-dictionary", "INPR": "manuscript", "PAMP": "pamphlet", "PCOMM": "personal_communication", "VIDEO": "motion_picture",
	"MPCT": "motion_picture", "SOUND": "song", "DATA": "dataset", "ART": "graphic", "STAND": "standard", "PAT": "patent", "COMP": "software", "GEN": "document", "ANCIENT": "classic", "CLSWK": "classic",
}

// risFields are the fields of RIS that hold one text.
var risFields = map[string]string{
	"TI": "title", "T1": "title", "CT": "title", "T2": "container-title", "JF": "container-title", "JO": "container-title", "BT": "container-title", "T3": "collection-title",
	"VL": "volume", "IS": "issue", "PB": "publisher", "CY": "publisher-place", "PP": "publisher-place", "ET": "edition", "DO": "DOI", "UR": "URL", "SN": "ISBN", "LA": "language",
	"ST": "title-short", "M3": "genre", "DB": "source", "CN": "call-number", "NV": "number-of-volumes", "AB": "abstract", "N2": "abstract", "AV": "archive_location", "SE": "section",
}

// risKept are the fields that serve the keeping of a library and say nothing of the work.
const risKept = " KW L1 L2 L3 L4 DP AD AN CA J1 J2 JA LB RN RP C1 C2 C3 C4 C5 C6 C7 C8 U1 U2 U3 U4 U5 "

// risNames are the fields of RIS that hold a person, once for each.
var risNames = map[string]string{"AU": "author", "A1": "author", "A2": "editor", "ED": "editor", "A3": "collection-editor", "A4": "translator"}

// readRIS reads records of RIS.
func readRIS(text string) (items []draft.Object, problems []string) {
	var o draft.Object
	var names map[string][]any
	var start, end string
	open := false
	finish := func() {
		if !open {
			return
		}
		for _, role := range sortedTags(names) {
			o.Put(role, names[role])
		}
		if archival := o.Text("source"); archival != "" && (o.Text("type") == "manuscript" || o.Text("type") == "document") { // DB is the archive there
			o = o.Without("source")
			o.Put("archive", archival)
		}
		if start != "" && end != "" && end != start {
			start += "-" + end
		}
		o.Put("page", start)
		items = append(items, o)
		open = false
	}
	for n, line := range strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n") {
		m := risLine.FindStringSubmatch(strings.TrimRight(line, " \t\r"))
		if m == nil {
			if strings.TrimSpace(line) != "" && open && len(problems) < maxReferenceProblems {
				problems = append(problems, fmt.Sprintf("line %d is no field of RIS and was left out", n+1))
			}
			continue
		}
		tag, value := m[1], oneLine(m[2])
		if tag == "TY" {
			finish()
			kind := risTypes[value]
			if kind == "" {
				kind = "document"
			}
			o, names, start, end, open = draft.Object{{Key: "type", Value: kind}}, map[string][]any{}, "", "", true
			continue
		}
		if !open || value == "" {
			continue
		}
		field := risFields[tag]
		switch {
		case tag == "ER":
			finish()
		case tag == "ID":
			o.Put("id", value)
		case risNames[tag] != "":
			names[risNames[tag]] = append(names[risNames[tag]], personOf(value))
		case tag == "PY" || tag == "Y1" || tag == "DA":
			if d := risDate(value); d != "" && (o.Get("issued") == nil || tag == "DA") {
				o = o.Without("issued")
				o.Put("issued", d)
			}
		case tag == "Y2":
			o.Put("accessed", risDate(value))
		case tag == "SP":
			start = value
		case tag == "EP":
			end = value
		case tag == "SN" && o.Text("type") != "book" && o.Text("type") != "chapter":
			o.Put("ISSN", value)
		case field != "" && o.Get(field) == nil:
			o.Put(field, value)
		case tag == "N1":
			note := strings.TrimPrefix(o.Text("note")+"; "+value, "; ")
			o = o.Without("note")
			o.Put("note", note)
		case field != "" && o.Text(field) == value, strings.Contains(risKept, " "+tag+" "):
		default:
			if len(problems) < maxReferenceProblems {
				problems = append(problems, fmt.Sprintf("line %d: %s has no place in a source and is left out: %s", n+1, tag, shortened(value, maxShown)))
			}
		}
	}
	finish()
	return items, problems
}

// maxReferenceProblems bounds how many lines are complained of.
const maxReferenceProblems = 50

// risDate reads 1987, 1987/04, 1987/04/02/ and what stands behind.
func risDate(s string) string {
	var parts []string
	for part := range strings.SplitSeq(strings.ReplaceAll(s, "-", "/"), "/") {
		part = strings.TrimSpace(part)
		if part == "" || len(parts) == 3 || strings.Trim(part, "0123456789") != "" {
			break
		}
		if len(parts) > 0 && len(part) == 1 {
			part = "0" + part
		}
		parts = append(parts, part)
	}
	if len(parts) == 0 {
		return strings.TrimRight(s, "/ ") // c. 1890///
	}
	return strings.Join(parts, "-")
}

// personOf reads “Family, Given, Suffix”; a name without a comma is a body, or a person of
// one name.
func personOf(s string) draft.Object {
	parts := strings.SplitN(s, ",", 3)
	family := strings.TrimSpace(parts[0])
	if len(parts) == 1 {
		return draft.Object{{Key: "literal", Value: family}}
	}
	var o draft.Object
	o.Put("family", family)
	if len(parts) == 3 {
		o.Put("given", strings.TrimSpace(parts[2]))
		o.Put("suffix", strings.TrimSpace(parts[1]))
		if strings.HasSuffix(strings.TrimSpace(parts[2]), ".") && len(strings.TrimSpace(parts[2])) <= 4 {
			o = draft.Object{{Key: "family", Value: family}, {Key: "given", Value: strings.TrimSpace(parts[1])}, {Key: "suffix", Value: strings.TrimSpace(parts[2])}}
		}
	} else {
		o.Put("given", strings.TrimSpace(parts[1]))
	}
	if o.Text("given") == "" {
		return draft.Object{{Key: "family", Value: family}}
	}
	return o
}
