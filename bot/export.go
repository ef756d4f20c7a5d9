package bot

import (
	"slices"
	"strings"
	"unicode/utf8"

	"footnote/knowledge"
	"footnote/knowledge/csl"
)

// exportNames are the formats in which /source gives sources away, with the other
// names that people know them by.
var exportNames = map[string]string{"bibtex": "bibtex", "bib": "bibtex", "ris": "ris", "csl-json": "csl-json", "csljson": "csl-json", "csl": "csl-json"}

// formatNames are the formats as their makers write them.
var formatNames = map[string]string{"bibtex": "BibTeX", "ris": "RIS", "csl-json": "CSL-JSON"}

// allWord before a format asks for all sources. Like a format's name it is the same
// in every language.
const allWord = "all"

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
	var sources []*csl.Source // a fact may cite two places of one source
	for _, c := range cites {
		if !slices.Contains(sources, c.Source) {
			sources = append(sources, c.Source)
		}
	}
	stem := f.ID
	if only > 0 {
		stem += "-" + itoa(only)
	}
	head := k.t.block("source.export.file", "question", k.canonical(f), "format", formatNames[format], "n", itoa(len(sources)))
	text, fitting := fittingSources(format, sources)
	if fitting == 0 {
		return k.asFile(format, stem, sources, head, k.info("source.export.long", "format", format).Blocks)
	}
	instead := []Block{k.t.block("source.export", "question", k.canonical(f), "format", formatNames[format]), copyable(text)}
	if more := len(sources) - fitting; more > 0 {
		instead = append(instead, k.t.fine("source.export.more", "n", itoa(more), "format", format))
	}
	return k.asFile(format, stem, sources, head, instead)
}

// allSources gives away every source of the packs in a format.
func (k *talk) allSources(format string) Reply {
	sources := k.snap.base.Sources()
	if len(sources) == 0 {
		return k.info("source.unknown")
	}
	stem := "footnote-sources" // several packs have no name in common
	if packs := k.snap.base.Packs; len(packs) == 1 {
		stem = packs[0].ID
	}
	head := k.t.block("source.export.all", "pack", k.title(), "format", formatNames[format], "n", itoa(len(sources)))
	instead := k.info("source.export.long", "format", format).Blocks
	if text, fitting := fittingSources(format, sources); fitting == len(sources) {
		instead = []Block{head, copyable(text)}
	}
	return k.asFile(format, stem, sources, head, instead)
}

// fittingSources are as many of the sources as one message shows. Whole entries
// only: half an entry is refused by every program, or worse, read.
func fittingSources(format string, sources []*csl.Source) (text string, fitting int) {
	for n := range sources {
		longer := strings.TrimRight(strings.ReplaceAll(exported(format, sources[:n+1]), "\r\n", "\n"), "\n")
		if utf8.RuneCountInString(longer) > sourcesPage {
			break
		}
		text, fitting = longer, n+1
	}
	return text, fitting
}

func copyable(text string) Block { return Block{Kind: Pre, Spans: []Span{{Text: text, Style: Code}}} }

func exported(format string, sources []*csl.Source) string {
	switch format {
	case "bibtex":
		return csl.BibTeX(sources...)
	case "ris":
		return csl.RIS(sources...)
	}
	return string(csl.JSON(sources...))
}
