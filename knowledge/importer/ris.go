package importer

import (
	"cmp"
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
	var r risReader
	for n, line := range strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n") {
		m := risLine.FindStringSubmatch(strings.TrimRight(line, " \t\r"))
		switch {
		case m != nil:
			r.field(n+1, m[1], oneLine(m[2]))
		case strings.TrimSpace(line) != "" && r.open:
			r.problem("line %d is no field of RIS and was left out", n+1)
		}
	}
	r.finish()
	return r.items, r.problems
}

// A risReader reads one reference after the other.
type risReader struct {
	items    []draft.Object
	problems []string

	open       bool         // in a reference
	o          draft.Object // so far
	names      map[string][]any
	start, end string // its pages
}

func (r *risReader) problem(format string, args ...any) {
	if len(r.problems) < maxReferenceProblems {
		r.problems = append(r.problems, fmt.Sprintf(format, args...))
	}
}

// finish ends the reference that is open, if one is.
func (r *risReader) finish() {
	if !r.open {
		return
	}
	for _, role := range sortedTags(r.names) {
		r.o.Put(role, r.names[role])
	}
	if archival := r.o.Text("source"); archival != "" && (r.o.Text("type") == "manuscript" || r.o.Text("type") == "document") { // DB is the archive there
		r.o = r.o.Without("source")
		r.o.Put("archive", archival)
	}
	if r.start != "" && r.end != "" && r.end != r.start {
		r.start += "-" + r.end
	}
	r.o.Put("page", r.start)
	r.items = append(r.items, r.o)
	r.open = false
}

// begin begins a reference of a kind, as RIS calls it.
func (r *risReader) begin(kind string) {
	r.finish()
	r.o, r.names, r.start, r.end, r.open = draft.Object{{Key: "type", Value: cmp.Or(risTypes[kind], "document")}}, map[string][]any{}, "", "", true
}

// field reads the field with a tag on a line.
func (r *risReader) field(line int, tag, value string) {
	if tag == "TY" {
		r.begin(value)
		return
	}
	if !r.open || value == "" {
		return
	}
	field := risFields[tag]
	switch {
	case tag == "ER":
		r.finish()
	case tag == "ID":
		r.o.Put("id", value)
	case risNames[tag] != "":
		r.names[risNames[tag]] = append(r.names[risNames[tag]], personOf(value))
	case tag == "PY" || tag == "Y1" || tag == "DA":
		if d := risDate(value); d != "" && (r.o.Get("issued") == nil || tag == "DA") {
			r.o = r.o.Without("issued")
			r.o.Put("issued", d)
		}
	case tag == "Y2":
		r.o.Put("accessed", risDate(value))
	case tag == "SP":
		r.start = value
	case tag == "EP":
		r.end = value
	case tag == "SN" && r.o.Text("type") != "book" && r.o.Text("type") != "chapter":
		r.o.Put("ISSN", value)
	case field != "" && r.o.Get(field) == nil:
		r.o.Put(field, value)
	case tag == "N1":
		note := strings.TrimPrefix(r.o.Text("note")+"; "+value, "; ")
		r.o = r.o.Without("note")
		r.o.Put("note", note)
	case field != "" && r.o.Text(field) == value, strings.Contains(risKept, " "+tag+" "):
	default:
		r.problem("line %d: %s has no place in a source and is left out: %s", line, tag, shortened(value, maxShown))
	}
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
