package csl

import (
	"cmp"
	"html"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// A Work is an entry of a bibliography.
type Work struct {
	Source *Source
	Entry  Runs
	URL    string // the address that Entry ends in, if it can be a link
}

// Works returns the sources as the entries of a bibliography, in the order of the
// alphabet (Chicago 14.65–71): by their authors, then by their titles. Where an entry
// has the authors of the one before it, a long dash stands for them. What Chicago has
// no place for is left out; [Source.Note] tells it.
func Works(sources ...*Source) []Work {
	type keyed struct {
		*Source
		lead, title string
		year        int
	}
	list := make([]keyed, len(sources))
	for i, s := range sources {
		n := newNote(s)
		entry := n.entry().String()
		lead := leadOf(s)
		title := s.Title()
		if lead == "" || title == "" {
			title = strings.TrimPrefix(entry, lead)
		}
		first, _, _ := s.Dates["issued"].EDTF.Ends()
		list[i] = keyed{s, lead, sortKey(title), first.Year}
	}
	slices.SortStableFunc(list, func(a, b keyed) int {
		first := func(k keyed) string { return cmp.Or(sortKey(k.lead), k.title) }
		return cmp.Or(strings.Compare(first(a), first(b)), strings.Compare(a.title, b.title), cmp.Compare(a.year, b.year))
	})
	out := make([]Work, len(list))
	for i, k := range list {
		n := newNote(k.Source)
		n.sameAuthor = i > 0 && k.lead != "" && k.lead == list[i-1].lead
		out[i] = Work{Source: k.Source, Entry: orID(n.entry(), k.Source)}
		if address := k.Source.address(); IsLink(address) && strings.Contains(out[i].Entry.String(), address) {
			out[i].URL = address
		}
	}
	return out
}

// leadOf returns the names that an entry begins with.
func leadOf(s *Source) string {
	n := newNote(s)
	for _, p := range principals {
		if list := s.Names[p.role]; len(list) > 0 {
			if !n.leads(p.role) {
				return ""
			}
			return markup(turnedNames(list)).String()
		}
	}
	return ""
}

// sortKey returns what a text is sorted by (Chicago 16.56–64): its words without
// case, accents and punctuation, and without an article before a title.
func sortKey(entry string) string {
	var b strings.Builder
	for _, r := range norm.NFKD.String(strings.ToLower(entry)) {
		switch {
		case unicode.IsLetter(r), unicode.IsNumber(r):
			b.WriteRune(r)
		case unicode.IsSpace(r):
			b.WriteByte(' ')
		}
	}
	key := strings.TrimSpace(b.String())
	for _, article := range []string{"the ", "a ", "an "} {
		if rest, ok := strings.CutPrefix(key, article); ok {
			return rest
		}
	}
	return key
}

// Bibliography returns the sources as a bibliography in plain text: an entry a
// paragraph.
func Bibliography(sources ...*Source) string {
	return paragraphs(sources, func(w Work) string { return oneLine(w.Entry.String()) })
}

// BibliographyMarkdown returns the sources as a bibliography in Markdown (CommonMark).
func BibliographyMarkdown(sources ...*Source) string {
	return paragraphs(sources, func(w Work) string {
		text := w.marked(escapeMarkdown, "*", "*", func(url string) string { return "<" + url + ">" })
		if text != "" && strings.ContainsRune("-+", rune(text[0])) { // a list would begin
			text = `\` + text
		}
		return startOfList(text)
	})
}

// BibliographyHTML returns the sources as a bibliography on a page of HTML.
func BibliographyHTML(sources ...*Source) string {
	entries := paragraphs(sources, func(w Work) string {
		return "<p>" + w.marked(html.EscapeString, "<i>", "</i>", func(url string) string {
			return `<a href="` + html.EscapeString(url) + `">` + html.EscapeString(url) + "</a>"
		}) + "</p>"
	})
	return "<!DOCTYPE html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>Bibliography</title>\n" +
		"<style>p { margin: 0 0 .5em 2em; text-indent: -2em; max-width: 45em }</style>\n<h1>Bibliography</h1>\n" +
		strings.ReplaceAll(entries, "\n\n", "\n") + "</html>\n"
}

// paragraphs writes the entries of a bibliography one below the other.
func paragraphs(sources []*Source, write func(Work) string) string {
	var b strings.Builder
	for i, w := range Works(sources...) {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(write(w) + "\n")
	}
	return b.String()
}

// marked writes the entry with marks around what is in italics, and its address as a
// link.
func (w Work) marked(escape func(string) string, open, close string, link func(url string) string) string {
	var b strings.Builder
	for i, r := range w.Entry {
		text := strings.Join(strings.FieldsFunc(r.Text, func(c rune) bool { return c == '\n' || c == '\r' }), " ")
		if r.Italic {
			// Marks hold only next to a letter: blanks go outside.
			inner := strings.TrimSpace(text)
			before, after, _ := strings.Cut(text, inner)
			if inner == "" {
				b.WriteString(text)
				continue
			}
			b.WriteString(before + open + escape(inner) + close + after)
			continue
		}
		if at := strings.LastIndex(text, w.URL); w.URL != "" && at >= 0 && i == len(w.Entry)-1 {
			b.WriteString(escape(text[:at]) + link(w.URL) + escape(text[at+len(w.URL):]))
			continue
		}
		b.WriteString(escape(text))
	}
	return b.String()
}

// markdownEscaper writes what is special to Markdown as it is.
var markdownEscaper = strings.NewReplacer(`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "<", `\<`, ">", `\>`, "#", `\#`,
	"&", `\&`, "|", `\|`, "~", `\~`)

func escapeMarkdown(s string) string { return markdownEscaper.Replace(s) }

// startOfList escapes the stop of a number that would begin a list: 1984. A novel.
func startOfList(s string) string {
	digits := 0
	for digits < len(s) && s[digits] >= '0' && s[digits] <= '9' {
		digits++
	}
	if digits > 0 && digits < len(s) && (s[digits] == '.' || s[digits] == ')') {
		return s[:digits] + `\` + s[digits:]
	}
	return s
}
