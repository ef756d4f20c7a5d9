package importer

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"footnote/knowledge"
	"footnote/knowledge/csl"
	"footnote/knowledge/draft"
	"footnote/knowledge/splice"
	"footnote/knowledge/strictyaml"
)

// MaxReferences is how long a text of sources may be that is read at once, in bytes.
const MaxReferences = strictyaml.MaxFile

// References reads the sources of a text that another program wrote: BibTeX, RIS,
// CSL-JSON or CSL-YAML, as Zotero and others export them. They come back as sources.yaml
// has them, in the order of the text, each under an id of its own; problems name what was
// left out or looks odd.
func References(text string) (items []draft.Object, problems []string, err error) {
	text = strings.TrimSpace(strings.TrimPrefix(text, "\ufeff"))
	switch {
	case text == "":
		return nil, nil, errors.New("there is nothing in it")
	case len(text) > MaxReferences:
		return nil, nil, errors.New("that is more than 8 MB; take it in parts")
	}
	var raw []draft.Object
	switch {
	case text[0] == '[' || text[0] == '{':
		raw, err = cslJSON(text)
	case risStart.MatchString(text):
		raw, problems = readRIS(text)
	case bibStart.MatchString(text):
		raw, problems = readBibTeX(text)
	default:
		raw, err = cslYAML(text)
	}
	if err != nil {
		return nil, nil, err
	}
	if len(raw) == 0 {
		return nil, problems, errors.New("no source is in this text: give BibTeX, RIS, CSL-JSON or CSL-YAML, as Zotero exports them")
	}
	for _, o := range raw {
		for i, m := range o {
			if t, ok := m.Value.(string); ok && strings.HasSuffix(m.Key, "title") {
				o[i].Value = escapes.Replace(t)
			}
		}
	}
	items, odd := canonical(raw)
	return items, append(problems, odd...), nil
}

// escapes are what web pages leave in titles; < and > stay, which would begin or end a form.
var escapes = strings.NewReplacer("&amp;", "&", "&quot;", `"`, "&#39;", "'", "&#039;", "'", "&apos;", "'", "&nbsp;", " ")

// ReferencesIn is [References] of a file; encoding is as in [Options].
func ReferencesIn(name, encoding string) (items []draft.Object, problems []string, err error) {
	if err := knownEncoding(encoding); err != nil {
		return nil, nil, err
	}
	data, err := read(name)
	if err != nil {
		return nil, nil, err
	}
	text, err := decode(data, encoding)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", name, err)
	}
	if items, problems, err = References(text); err != nil {
		err = fmt.Errorf("%s: %w", name, err)
	}
	return items, problems, err
}

func cslJSON(text string) ([]draft.Object, error) {
	if text[0] == '[' {
		text = `{"references": ` + text + "\n}"
	}
	o, err := draft.ParseObject([]byte(text))
	if err != nil {
		return nil, err
	}
	if list := o.List("references"); list != nil {
		return itemsOf(list), nil
	}
	if list := o.List("items"); list != nil {
		return itemsOf(list), nil
	}
	return []draft.Object{o}, nil
}

func cslYAML(text string) ([]draft.Object, error) {
	text = strings.TrimSuffix(strings.TrimPrefix(text, "---\n"), "\n...")
	text = strings.TrimSuffix(text, "\n---")
	now, err := splice.Read([]byte(text))
	if err != nil {
		return nil, fmt.Errorf("this is neither BibTeX, RIS nor CSL-JSON, and not CSL-YAML either: %w", err)
	}
	switch v := now.(type) {
	case []any:
		return itemsOf(v), nil
	case draft.Object:
		return itemsOf(v.List("references")), nil
	}
	return nil, nil
}

func itemsOf(list []any) []draft.Object {
	var out []draft.Object
	for _, x := range list {
		o, ok := x.(draft.Object)
		if !ok {
			continue
		}
		if data, isData := o.Get("csl").(draft.Object); isData { // as Zotero's server has items
			o = data
		}
		out = append(out, o)
	}
	return out
}

// canonical reads items as a pack's sources are read and writes them as packs are written:
// dates as EDTF, names taken apart.
func canonical(raw []draft.Object) (items []draft.Object, problems []string) {
	taken := map[string]bool{}
	list := make([]any, len(raw))
	for i, o := range raw {
		id := oneLine(o.Text("id"))
		if zotero := id; id == "" || strings.Contains(zotero, "://") || strings.HasPrefix(zotero, "http") {
			id = strings.TrimSpace(o.Text("citation-key"))
		}
		if id == "" {
			id = sourceID(o)
		}
		for n, stem := 2, id; taken[id]; n++ {
			id = fmt.Sprintf("%s-%d", stem, n)
		}
		taken[id] = true
		list[i] = append(draft.Object{{Key: "id", Value: id}}, withExtra(o.Without("id", "citation-key"))...)
	}
	var rep strictyaml.Report
	node := strictyaml.ParseForeign("the pasted text", splice.File(draft.Object{{Key: "references", Value: list}}), &rep)
	if node == nil {
		for _, p := range rep.Problems() {
			problems = append(problems, p.Message)
		}
		return nil, problems
	}
	sources, _ := csl.Read(node, map[string]*csl.Source{})
	for _, p := range rep.Problems() {
		problems = append(problems, strings.TrimPrefix(p.Path+": "+p.Message, ": "))
	}
	pack := draft.Of(&knowledge.Pack{Languages: []string{"en"}, Sources: sources})
	for i, o := range pack.Sources {
		pack.Sources[i] = inOrder(o)
	}
	return pack.Sources, problems
}

// withExtra returns o with the labels that people write into Zotero's field Extra, "Original Date: 1890" or
// "archive-place: Moscow", each on a line: in CSL-JSON they come as a part of the note.
func withExtra(o draft.Object) draft.Object {
	var rest []string
	var found draft.Object
	for line := range strings.Lines(o.Text("note")) {
		line = strings.TrimSpace(line)
		name, value, _ := strings.Cut(line, ":")
		key := ""
		for _, k := range slices.Concat(csl.TextVariables(), csl.DateVariables()) {
			if strings.EqualFold(strings.NewReplacer(" ", "-", "_", "-").Replace(name), strings.ReplaceAll(k, "_", "-")) {
				key = k
			}
		}
		if value = strings.TrimSpace(value); value == "" || key == "" || key == "note" || o.Has(key) || found.Has(key) {
			rest = append(rest, line)
			continue
		}
		found.Put(key, value)
	}
	if len(found) == 0 {
		return o
	}
	o = append(o.Without("note"), found...)
	o.Put("note", strings.TrimSpace(strings.Join(rest, "\n")))
	return o
}

// usualOrder is the order in which a person describes a source; what is not in it comes
// after it.
var usualOrder = []string{"id", "type", "author", "editor", "translator", "title", "title-short", "container-title", "volume", "issue", "page", "edition", "collection-title", "collection-number",
	"publisher-place", "publisher", "genre", "archive", "archive-place", "archive_location", "issued", "original-date", "DOI", "URL", "accessed", "language", "ISBN", "ISSN"}

// inOrder returns a source with its labels in that order.
func inOrder(o draft.Object) draft.Object {
	var out draft.Object
	for _, key := range usualOrder {
		if o.Has(key) {
			out = append(out, draft.Member{Key: key, Value: o.Get(key)})
		}
	}
	return append(out, o.Without(usualOrder...)...)
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// sourceID makes an id of the first author and the year, as people name sources:
// brandt1987.
func sourceID(o draft.Object) string {
	who := ""
	for _, role := range []string{"author", "editor"} {
		if list := o.List(role); who == "" && len(list) > 0 {
			if n, ok := list[0].(draft.Object); ok {
				who = n.Text("family") + n.Text("literal")
			}
		}
	}
	if who == "" {
		who = o.Text("title")
	}
	word := strings.Join(slices.Collect(firstWords(who)), "")
	if strings.ContainsFunc(word, func(r rune) bool { return unicode.Is(unicode.Latin, r) }) {
		word = norm.NFD.String(plainLetters.Replace(word)) // an é is an e
	}
	word = strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, word)
	year := firstYear.FindString(fmt.Sprint(o.Get("issued")))
	if id := word + year; id != "" {
		return id
	}
	return "source"
}

// plainLetters writes letters that have no accent to take off as people do who lack them.
var plainLetters = strings.NewReplacer("ß", "ss", "æ", "ae", "Æ", "ae", "œ", "oe", "Œ", "oe", "ø", "o", "Ø", "o", "ł", "l", "Ł", "l", "đ", "d", "Đ", "d", "ð", "d", "þ", "th", "ı", "i")

// firstWords yields the first two words of a name.
func firstWords(s string) func(func(string) bool) {
	return func(yield func(string) bool) {
		for i, w := range strings.Fields(s) {
			if i == 2 || !yield(w) {
				return
			}
		}
	}
}

// SameWork reports why two sources look like one work, or "".
func SameWork(a, b draft.Object) string {
	doi := func(o draft.Object) string {
		s := strings.ToLower(o.Text("DOI"))
		if i := strings.Index(s, "10."); i >= 0 {
			return s[i:]
		}
		return ""
	}
	isbn := func(o draft.Object) string { return strings.Map(digit, o.Text("ISBN")) }
	switch {
	case doi(a) != "" && doi(a) == doi(b):
		return "the same DOI"
	case isbn(a) != "" && isbn(a) == isbn(b) && a.Text("type") == b.Text("type"):
		return "the same ISBN"
	}
	title := func(o draft.Object) string { return knowledge.BareWords(o.Text("title")) }
	year := func(o draft.Object) string { return firstYear.FindString(o.Text("issued")) }
	for _, o := range []draft.Object{a, b} {
		if o.Text("archive_location") != "" || slices.Contains([]string{"manuscript", "document", "personal_communication"}, o.Text("type")) {
			// An archive has many a "Letter" of one year.
			if a.Text("issued") != b.Text("issued") || a.Text("archive_location") != b.Text("archive_location") {
				return ""
			}
		}
	}
	if title(a) != "" && title(a) == title(b) && year(a) == year(b) {
		return "the same title and year"
	}
	return ""
}

func digit(r rune) rune {
	if r >= '0' && r <= '9' || r == 'X' {
		return r
	}
	return -1
}

// sortedTags returns the keys of a set in order.
func sortedTags[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
