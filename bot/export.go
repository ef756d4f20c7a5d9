package bot

import (
	"slices"
	"strings"
	"unicode/utf8"

	"footnote/knowledge"
)

// exportNames are the formats in which /source gives sources away, with the other
// names that people know them by.
var exportNames = map[string]string{"bibtex": "bibtex", "bib": "bibtex", "ris": "ris", "csl-json": "csl-json", "csljson": "csl-json", "csl": "csl-json"}

// exportFormat takes a format off the end of what follows /source.
func exportFormat(text string) (rest, format string) {
	words := strings.Fields(text)
	if len(words) == 0 {
		return text, ""
	}
	format, ok := exportNames[strings.ToLower(words[len(words)-1])]
	if !ok {
		return text, ""
	}
	return strings.Join(words[:len(words)-1], " "), format
}

// sourceAs shows the full citations of f, or its sources in a format; only, if
// not 0, is the number of the only citation wanted.
func (k *talk) sourceAs(format string, f *knowledge.Fact, only int) Reply {
	cites := factCites(f)
	if format == "" || len(cites) == 0 || only > len(cites) {
		return k.sourceReply(f, 1, only)
	}
	if only > 0 {
		cites = cites[only-1 : only]
	}
	var sources []*knowledge.Source // a fact may cite two places of one source
	for _, c := range cites {
		if !slices.Contains(sources, c.Source) {
			sources = append(sources, c.Source)
		}
	}
	// Whole entries only: half an entry is refused by every program, or worse, read.
	text, fitting := "", 0
	for n := range sources {
		longer := exported(format, sources[:n+1])
		if utf8.RuneCountInString(longer) > sourcesPage {
			break
		}
		text, fitting = longer, n+1
	}
	if fitting == 0 {
		return k.info("source.export.long", "format", format)
	}
	r := Reply{Kind: KindSource, Private: true, Blocks: []Block{
		k.t.block("source.export", "question", k.canonical(f), "format", format),
		{Kind: Pre, Spans: []Span{{Text: text, Style: Code}}},
	}}
	if more := len(sources) - fitting; more > 0 {
		r.Blocks = append(r.Blocks, k.t.fine("source.export.more", "n", itoa(more), "format", format))
	}
	return r
}

func exported(format string, sources []*knowledge.Source) string {
	text := ""
	switch format {
	case "bibtex":
		text = knowledge.BibTeX(sources...)
	case "ris":
		text = knowledge.RIS(sources...)
	case "csl-json":
		text = string(knowledge.CSLJSON(sources...))
	}
	return strings.TrimRight(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
}
