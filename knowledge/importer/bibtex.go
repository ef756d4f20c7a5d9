package importer

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"footnote/knowledge/draft"
)

var bibStart = regexp.MustCompile(`(?m)^\s*@\s*[A-Za-z]+\s*[{(]`)

// bibTypes are the types of BibTeX and BibLaTeX, by what they are in CSL.
var bibTypes = map[string]string{
	"book": "book", "mvbook": "book", "booklet": "pamphlet", "collection": "book", "proceedings": "book", "inbook": "chapter", "incollection": "chapter", "bookinbook": "chapter",
	"article": "article-journal", "suppperiodical": "article-journal", "inproceedings": "paper-conference", "conference": "paper-conference", "phdthesis": "thesis", "mastersthesis": "thesis", "thesis": "thesis",
	"techreport": "report", "report": "report", "manual": "report", "unpublished": "manuscript", "online": "webpage", "electronic": "webpage", "www": "webpage", "misc": "document",
	"inreference": "entry-encyclopedia", "letter": "personal_communication", "archive": "manuscript", "newspaper": "article-newspaper", "dataset": "dataset", "patent": "patent", "periodical": "periodical", "video": "motion_picture",
}

// bibFields are the fields that hold one text, by the variable of CSL that they are.
var bibFields = map[string]string{
	"title": "title", "shorttitle": "title-short", "booktitle": "container-title", "journal": "container-title", "journaltitle": "container-title", "volume": "volume",
	"pages": "page", "publisher": "publisher", "address": "publisher-place", "location": "publisher-place", "edition": "edition", "series": "collection-title",
	"doi": "DOI", "url": "URL", "isbn": "ISBN", "issn": "ISSN", "school": "publisher", "institution": "publisher", "organization": "publisher", "note": "note",
	"volumes": "number-of-volumes", "chapter": "chapter-number", "abstract": "abstract", "issue": "issue", "langid": "language", "language": "language", "library": "archive", "type": "genre", "version": "version", "annote": "annote",
}

// bibNotes are the fields that CSL has no label for and a reader of the citation misses: they
// join the note, in this order.
var bibNotes = []string{"howpublished", "titleaddon", "eventtitle", "venue", "addendum", "pubstate"}

// bibKept are the fields that serve the keeping of a library and say nothing of the work; the
// last ones are read with another field.
var bibKept = " file keywords timestamp owner groups date-added date-modified bdsk-file-1 bdsk-url-1 shortjournal rights copyright eprint eprinttype eprintclass archiveprefix " +
	"primaryclass pmid pmcid options sortkey ids priority readstatus mendeley-tags biburl bibsource langidopts urlyear lccn " + "month subtitle booksubtitle entrysubtype year "

// bibThesis are the words for a thesis that BibTeX's programs use, as a citation has them.
var bibThesis = map[string]string{"phdthesis": "PhD diss.", "phd thesis": "PhD diss.", "mathesis": "master's thesis", "mastersthesis": "master's thesis", "candthesis": "candidate's thesis", "bathesis": "bachelor's thesis"}

var bibNames = map[string]string{"author": "author", "editor": "editor", "translator": "translator", "bookauthor": "container-author", "introduction": "contributor", "director": "director"}

// bibLanguages are the names of languages that BibTeX's programs use, as tags.
var bibLanguages = map[string]string{
	"english": "en", "american": "en", "british": "en", "german": "de", "ngerman": "de", "french": "fr", "russian": "ru", "ukrainian": "uk", "spanish": "es",
	"italian": "it", "polish": "pl", "portuguese": "pt", "dutch": "nl", "turkish": "tr", "latin": "la", "greek": "el", "czech": "cs",
}

var bibMonths = map[string]string{"jan": "01", "feb": "02", "mar": "03", "apr": "04", "may": "05", "jun": "06", "jul": "07", "aug": "08", "sep": "09", "oct": "10", "nov": "11", "dec": "12"}

// A bibScanner reads the entries of a text.
type bibScanner struct {
	text   string
	at     int
	macros map[string]string
}

// readBibTeX reads the entries of a text. What does not look like one is passed over.
func readBibTeX(text string) (items []draft.Object, problems []string) {
	s := &bibScanner{text: text, macros: map[string]string{}}
	for {
		i := strings.IndexByte(s.text[s.at:], '@')
		if i < 0 {
			return items, problems
		}
		line := 1 + strings.Count(s.text[:s.at+i], "\n")
		s.at += i + 1
		kind := strings.ToLower(s.word())
		s.space()
		if s.at >= len(s.text) || s.text[s.at] != '{' && s.text[s.at] != '(' || kind == "" {
			continue
		}
		s.at++
		switch kind {
		case "comment", "preamble":
			continue
		case "string":
			if name, value, ok := s.field(); ok {
				s.macros[strings.ToLower(name)] = value
			}
			continue
		}
		s.space()
		key := s.until(",})\n \t")
		fields, whole := s.fields()
		if !whole && len(problems) < maxReferenceProblems {
			problems = append(problems, fmt.Sprintf("the entry %q in line %d is not closed, or a comma is missing in it; some of it may be left out", key, line))
		}
		item, left := bibItem(kind, strings.TrimSpace(key), fields)
		items = append(items, item)
		for _, what := range left {
			if len(problems) < maxReferenceProblems {
				problems = append(problems, fmt.Sprintf("references[%s]: %s", item.Text("id"), what))
			}
		}
	}
}

func (s *bibScanner) space() {
	for s.at < len(s.text) && strings.IndexByte(" \t\r\n", s.text[s.at]) >= 0 {
		s.at++
	}
}

func (s *bibScanner) word() string {
	s.space()
	start := s.at
	for s.at < len(s.text) && (s.text[s.at] == '_' || s.text[s.at] == '-' || s.text[s.at] == ':' || s.text[s.at] >= '0' && s.text[s.at] <= '9' || unicode.IsLetter(rune(s.text[s.at]))) {
		s.at++
	}
	return s.text[start:s.at]
}

func (s *bibScanner) until(stop string) string {
	start := s.at
	for s.at < len(s.text) && strings.IndexByte(stop, s.text[s.at]) < 0 {
		s.at++
	}
	return s.text[start:s.at]
}

// fields reads the fields of an entry; whole reports whether it was closed.
func (s *bibScanner) fields() (fields map[string]string, whole bool) {
	fields = map[string]string{}
	for {
		s.space()
		if s.at >= len(s.text) {
			return fields, false
		}
		switch s.text[s.at] {
		case ',':
			s.at++
			continue
		case '}', ')':
			s.at++
			return fields, true
		case '@':
			return fields, false
		}
		name, value, ok := s.field()
		if !ok {
			return fields, false
		}
		if name = strings.ToLower(name); fields[name] == "" {
			fields[name] = value
		}
	}
}

// field reads name = value.
func (s *bibScanner) field() (name, value string, ok bool) {
	name = s.word()
	s.space()
	if name == "" || s.at >= len(s.text) || s.text[s.at] != '=' {
		return "", "", false
	}
	s.at++
	for {
		s.space()
		if s.at >= len(s.text) {
			return name, value, false
		}
		switch c := s.text[s.at]; c {
		case '{':
			part, closed := s.braced()
			value += part
			if !closed {
				return name, value, false
			}
		case '"':
			part, closed := s.quoted()
			value += part
			if !closed {
				return name, value, false
			}
		default:
			word := s.until(",})# \t\r\n")
			if word == "" {
				return name, value, false
			}
			if m, known := s.macros[strings.ToLower(word)]; known {
				word = m
			}
			value += word
		}
		s.space()
		if s.at < len(s.text) && s.text[s.at] == '#' {
			s.at++
			continue
		}
		return name, value, true
	}
}

// braced reads {…}, with the braces inside.
func (s *bibScanner) braced() (string, bool) {
	depth, start := 0, s.at
	for ; s.at < len(s.text); s.at++ {
		switch s.text[s.at] {
		case '\\':
			s.at++
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				s.at++
				return s.text[start+1 : s.at-1], true
			}
		}
	}
	s.at = min(s.at, len(s.text))
	return s.text[min(start+1, len(s.text)):], false
}

// quoted reads "…", in which braces hide marks.
func (s *bibScanner) quoted() (string, bool) {
	s.at++
	depth, start := 0, s.at
	for ; s.at < len(s.text); s.at++ {
		switch s.text[s.at] {
		case '\\':
			s.at++
		case '{':
			depth++
		case '}':
			depth--
		case '"':
			if depth == 0 {
				s.at++
				return s.text[start : s.at-1], true
			}
		}
	}
	s.at = min(s.at, len(s.text))
	return s.text[min(start, len(s.text)):], false
}

// bibItem makes an item of CSL of an entry; left tells what it leaves out.
func bibItem(kind, key string, fields map[string]string) (o draft.Object, left []string) {
	o.Put("id", key)
	t := bibTypes[kind]
	if t == "" {
		t = "document"
	}
	if subtype := fields["entrysubtype"]; t == "article-journal" && (subtype == "newspaper" || subtype == "magazine") {
		t = "article-" + subtype
	}
	o.Put("type", t)
	for _, name := range sortedTags(fields) {
		value := fields[name]
		field := bibFields[name]
		switch {
		case bibNames[name] != "":
			people, others := bibPeople(value)
			if o.Put(bibNames[name], people); others {
				left = append(left, name+` says "and others"; add the others, or write "et al." into the note`)
			}
		case name == "booktitle" && fields["booksubtitle"] != "":
			o.Put(field, unTeX(value)+": "+unTeX(fields["booksubtitle"]))
		case name == "number" && (t == "article-journal" || t == "article-magazine"):
			o.Put("issue", unTeX(value))
		case name == "number" && fields["series"] != "":
			o.Put("collection-number", unTeX(value))
		case name == "number":
			o.Put("number", unTeX(value))
		case name == "urldate":
			o.Put("accessed", unTeX(value))
		case name == "date":
			o = o.Without("issued")
			o.Put("issued", unTeX(value))
		case name == "origdate":
			o.Put("original-date", unTeX(value))
		case name == "year" && fields["date"] == "":
			o.Put("issued", bibYear(unTeX(value), fields["month"]))
		case name == "title":
			title := unTeX(value)
			if sub := unTeX(fields["subtitle"]); sub != "" {
				title += ": " + sub
			}
			o.Put("title", title)
		case field == "page":
			o.Put("page", strings.ReplaceAll(unTeX(value), "–", "-"))
		case field == "language":
			tag := strings.ToLower(unTeX(value))
			if known := bibLanguages[tag]; known != "" {
				tag = known
			}
			if o.Get("language") == nil {
				o.Put("language", tag)
			}
		case field == "URL" || field == "DOI":
			o.Put(field, strings.NewReplacer(`\_`, "_", `\%`, "%", `\&`, "&", `\#`, "#", "{", "", "}", "").Replace(oneLine(value)))
		case field == "genre" && bibThesis[strings.ToLower(unTeX(value))] != "":
			o.Put(field, bibThesis[strings.ToLower(unTeX(value))])
		case field != "" && o.Get(field) == nil:
			o.Put(field, unTeX(value))
		case field != "" && o.Text(field) == unTeX(value), slices.Contains(bibNotes, name), strings.Contains(bibKept, " "+name+" "):
		default:
			left = append(left, fmt.Sprintf("%s = %s has no place in a source and is left out", name, shortened(unTeX(value), maxShown)))
		}
	}
	if t == "thesis" && o.Get("genre") == nil {
		o.Put("genre", bibThesis[kind])
	}
	note := o.Text("note")
	for _, name := range slices.Backward(bibNotes) {
		if more := unTeX(fields[name]); more != "" {
			note = strings.TrimSuffix(more+". "+note, ". ")
		}
	}
	o = o.Without("note")
	o.Put("note", note)
	return o, left
}

// maxShown is how many characters of a text a message shows.
const maxShown = 60

// bibYear is a year with its month, if that is known.
func bibYear(year, month string) string {
	m := strings.ToLower(strings.Trim(month, "{}. "))
	if len(m) >= 3 && bibMonths[m[:3]] != "" && firstYear.FindString(year) == year {
		return year + "-" + bibMonths[m[:3]]
	}
	return year
}

// bibPeople reads “A and B”; others reports whether it ends with “and others”.
func bibPeople(s string) (out []any, others bool) {
	for _, name := range splitAnd(s) {
		name = strings.TrimSpace(name)
		switch {
		case name == "":
		case name == "others":
			others = true
		case strings.HasPrefix(name, "{") && strings.HasSuffix(name, "}") && strings.Count(name, "{") == strings.Count(name, "}"):
			out = append(out, draft.Object{{Key: "literal", Value: unTeX(name)}})
		case strings.Contains(name, ","):
			parts := strings.SplitN(name, ",", 3)
			if len(parts) == 3 { // von Last, Jr, First
				parts = []string{parts[0], parts[2], parts[1]}
			}
			var o draft.Object
			family, particle := unTeX(parts[0]), ""
			if words := strings.Fields(family); len(words) > 1 && unicode.IsLower([]rune(words[0])[0]) {
				i := 0
				for i < len(words)-1 && unicode.IsLower([]rune(words[i])[0]) {
					i++
				}
				particle, family = strings.Join(words[:i], " "), strings.Join(words[i:], " ")
			}
			o.Put("family", family)
			o.Put("given", unTeX(parts[1]))
			o.Put("non-dropping-particle", particle)
			if len(parts) == 3 {
				o.Put("suffix", unTeX(parts[2]))
			}
			out = append(out, o)
		default:
			out = append(out, firstLast(unTeX(name)))
		}
	}
	return out, others
}

// splitAnd splits a list of names at “and” outside braces.
func splitAnd(s string) []string {
	var out []string
	depth, start := 0, 0
	words := oneLine(s)
	for i := 0; i < len(words); i++ {
		switch {
		case words[i] == '\\':
			i++
		case words[i] == '{':
			depth++
		case words[i] == '}':
			depth--
		case depth == 0 && strings.HasPrefix(words[i:], " and "):
			out = append(out, words[start:i])
			start = i + len(" and ")
			i = start - 1
		}
	}
	return append(out, words[start:])
}

// firstLast reads “First von Last”.
func firstLast(name string) draft.Object {
	words := strings.Fields(name)
	if len(words) < 2 {
		return draft.Object{{Key: "literal", Value: name}}
	}
	last := len(words) - 1
	from := last
	for from > 1 && unicode.IsLower([]rune(words[from-1])[0]) {
		from--
	}
	o := draft.Object{{Key: "family", Value: words[last]}, {Key: "given", Value: strings.Join(words[:from], " ")}}
	o.Put("non-dropping-particle", strings.Join(words[from:last], " "))
	return o
}

// texAccents are TeX's accents as combining characters.
var texAccents = map[byte]string{'`': "\u0300", '\'': "\u0301", '^': "\u0302", '~': "\u0303", '"': "\u0308", '=': "\u0304", '.': "\u0307", 'u': "\u0306", 'v': "\u030c", 'H': "\u030b", 'c': "\u0327", 'k': "\u0328", 'r': "\u030a", 'd': "\u0323"}

// texLetters are letters that TeX has names for.
var texLetters = map[string]string{"ss": "ß", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "o": "ø", "O": "Ø", "aa": "å", "AA": "Å", "l": "ł", "L": "Ł", "i": "ı", "j": "j", "dh": "ð", "th": "þ", "textendash": "–", "textemdash": "—", "S": "§", "ldots": "…", "dots": "…"}

// unTeX returns a text of BibTeX as people read it: without braces, with its accents.
func unTeX(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '{' || c == '}':
		case c == '~':
			b.WriteByte(' ')
		case c == '-' && strings.HasPrefix(s[i:], "---"):
			b.WriteString("—")
			i += 2
		case c == '-' && strings.HasPrefix(s[i:], "--"):
			b.WriteString("–")
			i++
		case c == '`' && strings.HasPrefix(s[i:], "``"):
			b.WriteString("“")
			i++
		case c == '\'' && strings.HasPrefix(s[i:], "''"):
			b.WriteString("”")
			i++
		case c == '\\' && i+1 < len(s):
			i += command(&b, s[i+1:])
		default:
			b.WriteByte(c)
		}
	}
	return oneLine(norm.NFC.String(strings.ToValidUTF8(b.String(), "")))
}

// command writes what stands after a backslash and returns how much of it was read.
func command(b *strings.Builder, s string) int {
	n := 0
	for n < len(s) && (s[n] >= 'a' && s[n] <= 'z' || s[n] >= 'A' && s[n] <= 'Z') {
		n++
	}
	if name := s[:n]; n > 1 || n == 1 && texAccents[s[0]] == "" || n == 1 && len(s) > 1 && texLetters[name] != "" {
		if letter, ok := texLetters[name]; ok {
			b.WriteString(letter)
		}
		if n < len(s) && s[n] == ' ' {
			n++
		}
		return n
	}
	if accent := texAccents[s[0]]; accent != "" {
		at := 1
		for at < len(s) && (s[at] == '{' || s[at] == ' ') {
			at++
		}
		if strings.HasPrefix(s[min(at, len(s)):], `\i`) {
			b.WriteString("i" + accent)
			return at + 2
		}
		if at < len(s) {
			r := []rune(s[at:min(len(s), at+4)])[0]
			b.WriteString(string(r) + accent)
			return at + len(string(r))
		}
		return at
	}
	b.WriteByte(s[0]) // \& \% \_ and the like
	return 1
}
