package dialog

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"footnote/bot"
	"footnote/knowledge"
	"footnote/knowledge/csl"
	"footnote/knowledge/search"
)

// exportNames are the formats in which /source gives sources away, with the other
// names that people know them by.
var exportNames = map[string]string{"bibtex": "bibtex", "bib": "bibtex", "ris": "ris", "csl-json": "csl-json", "csljson": "csl-json", "csl": "csl-json",
	"txt": "txt", "html": "html", "markdown": "markdown", "md": "markdown"}

// formatNames are the formats as their makers write them.
var formatNames = map[string]string{"bibtex": "BibTeX", "ris": "RIS", "csl-json": "CSL-JSON", "txt": "TXT", "html": "HTML", "markdown": "Markdown"}

// allWord asks for all sources: alone or before the number of a page for the
// bibliography, before a format for a file. Like a format's name it is the same
// in every language.
const allWord = "all"

// sourceFields are where /source looks. A hit must have most of what was typed, and
// clearly more than the next one, or else the person chooses.
var sourceFields = []search.Field{search.InNames, search.InSources, search.InPhrasings}

const (
	sourceFloor  = .55
	sourceMargin = .12
)

// sourcesPage is how many characters of full citations one reply shows; Discord
// takes 2,000.
const sourcesPage = 1400

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

// source shows the full citations of the last answer, of one of them by its
// number, or of a fact found by id or by words. A format as the last word asks for
// the sources in that format, as a file. "all" in place of a fact means all sources.
func (x *exchange) source(text string) bot.Reply {
	last := x.last()
	text, format := exportFormat(text)
	if format != "" && strings.EqualFold(text, allWord) {
		return x.allSources(format)
	}
	if page, ok := pageOfAll(text); ok && format == "" {
		return x.bibliography(page)
	}
	if text == "" {
		if last == nil {
			return x.info("source.usage", "example", x.example())
		}
		return x.sourceAs(format, last, 0)
	}
	if n, err := strconv.Atoi(strings.Trim(text, "#.[]() ")); err == nil && n > 0 && n <= maxPage {
		if last == nil {
			return x.info("source.usage", "example", x.example())
		}
		return x.sourceAs(format, last, n)
	}
	if f := x.packs.byID[strings.ToLower(text)]; f != nil {
		return x.sourceAs(format, f, 0)
	}
	hits := search.AtLeast(sourceFloor, x.packs.index.Find(text, sourceFields, false))
	switch {
	case len(hits) == 0:
		return x.info("source.unknown")
	case len(hits) == 1 || hits[0].Score-hits[1].Score >= sourceMargin:
		return x.sourceAs(format, hits[0].Fact, 0)
	}
	hits = hits[:min(len(hits), pageSize)]
	r := bot.Reply{Kind: bot.KindChoices, Private: true, Blocks: []bot.Block{x.texts.block("source.several")}}
	for i, h := range hits {
		q := x.canonical(h.Fact)
		r.Blocks = append(r.Blocks, bot.Block{Kind: bot.Choice, Spans: []bot.Span{{Text: q}, {Text: " "}, {Text: h.Fact.ID, Style: bot.Code}}})
		if s := (action{verb: doSource, fact: h.Fact.ID, arg: format}).String(); s != "" {
			r.Buttons = append(r.Buttons, bot.Button{Label: label(bot.ChoiceMark(i+1)+q, maxOption), Action: s})
		}
	}
	x.remember(func(t *memory) {
		t.offer, t.quiz = offer{sources: true, format: format}, nil
		for _, h := range hits {
			t.offer.facts = append(t.offer.facts, h.Fact.ID)
		}
	})
	x.numbered(&r)
	return r
}

// sourceAs shows the full citations of f, or its sources in a format; only, if
// not 0, is the number of the only citation wanted.
func (x *exchange) sourceAs(format string, f *knowledge.Fact, only int) bot.Reply {
	cites := f.AllCites()
	if format == "" || len(cites) == 0 || only > len(cites) {
		return x.sourceReply(f, 1, only)
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
	head := x.texts.block("source.export.file", "question", x.canonical(f), "format", formatNames[format], "n", itoa(len(sources)))
	text, fitting := fittingSources(format, sources)
	if fitting == 0 {
		return x.fileReply(format, stem, sources, head, x.info("source.export.long", "format", format).Blocks)
	}
	instead := []bot.Block{x.texts.block("source.export", "question", x.canonical(f), "format", formatNames[format]), copyable(text)}
	if more := len(sources) - fitting; more > 0 {
		instead = append(instead, x.texts.fine("source.export.more", "n", itoa(more), "format", format))
	}
	return x.fileReply(format, stem, sources, head, instead)
}

// pageOfAll reads "all", "all 2", which ask for a page of the bibliography.
func pageOfAll(text string) (page int, ok bool) {
	words := strings.Fields(text)
	if len(words) == 0 || len(words) > 2 || !strings.EqualFold(words[0], allWord) {
		return 0, false
	}
	if len(words) == 1 {
		return 1, true
	}
	page, err := strconv.Atoi(words[1])
	return page, err == nil && page > 0
}

// bibliography shows a page of the bibliography of all sources.
func (x *exchange) bibliography(page int) bot.Reply {
	works := x.packs.works()
	if len(works) == 0 {
		return x.info("source.unknown")
	}
	r := bot.Reply{Kind: bot.KindSource, Private: true, Blocks: []bot.Block{x.texts.block("source.all", "pack", x.title(), "n", itoa(len(works)))}}
	pages := [][]bot.Block{nil}
	size := 0
	for _, w := range works {
		b := bot.Block{Kind: bot.Cite, Spans: spansOf("", w.Entry, w.URL)}
		n := utf8.RuneCountInString(w.Entry.String())
		if size > 0 && size+n > sourcesPage {
			pages, size = append(pages, nil), 0
		}
		pages[len(pages)-1] = append(pages[len(pages)-1], b)
		size += n
	}
	pages = pages[:min(len(pages), maxPage)]
	page = min(max(page, 1), len(pages))
	r.Blocks = append(r.Blocks, pages[page-1]...)
	x.paging(&r, action{verb: doTurn, list: listWorks}, page, len(pages))
	if len(pages) > 1 {
		r.Blocks = append(r.Blocks, x.texts.fine("source.all.page"))
	}
	r.Blocks = append(r.Blocks, x.texts.fine("source.all.hint"))
	return r
}

// allSources gives away every source of the packs in a format.
func (x *exchange) allSources(format string) bot.Reply {
	sources := x.packs.base.Sources()
	if len(sources) == 0 {
		return x.info("source.unknown")
	}
	stem := "footnote-sources" // several packs have no name in common
	if packs := x.packs.base.Packs; len(packs) == 1 {
		stem = packs[0].ID
	}
	head := x.texts.block("source.export.all", "pack", x.title(), "format", formatNames[format], "n", itoa(len(sources)))
	instead := x.info("source.export.long", "format", format).Blocks
	if text, fitting := fittingSources(format, sources); fitting == len(sources) {
		instead = []bot.Block{head, copyable(text)}
	}
	return x.fileReply(format, stem, sources, head, instead)
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

func copyable(text string) bot.Block {
	return bot.Block{Kind: bot.Pre, Spans: []bot.Span{{Text: text, Style: bot.Code}}}
}

func exported(format string, sources []*csl.Source) string {
	switch format {
	case "bibtex":
		return csl.BibTeX(sources...)
	case "ris":
		return csl.RIS(sources...)
	case "txt":
		return csl.Bibliography(sources...)
	case "html":
		return csl.BibliographyHTML(sources...)
	case "markdown":
		return csl.BibliographyMarkdown(sources...)
	}
	return string(csl.JSON(sources...))
}

// sourceReply shows the full citations of f from page on; only, if not 0, is
// the number of the only one wanted.
func (x *exchange) sourceReply(f *knowledge.Fact, page, only int) bot.Reply {
	c, err := x.packs.cite(f)
	if err != nil {
		x.d.c.Log.Error("a fact cannot be cited", "error", err)
		return x.fault()
	}
	r := bot.Reply{Kind: bot.KindSource, Private: true, Blocks: []bot.Block{x.texts.block("source.of", "question", x.canonical(f))}}
	if len(c.cites) == 0 {
		r.Blocks = append(r.Blocks, x.texts.block("source.none"))
		return x.openly(r, f, x.proof(f))
	}
	if only > len(c.cites) {
		return x.info("source.range", "n", itoa(only), "count", itoa(len(c.cites)))
	}
	pages := [][]bot.Block{nil}
	size := 0
	for i := range c.cites {
		if only != 0 && i != only-1 {
			continue
		}
		blocks := c.full(i)
		blocks[0].Gap = len(pages[len(pages)-1]) > 0
		n := utf8.RuneCountInString(bot.PlainText(bot.Reply{Blocks: blocks}))
		if size > 0 && size+n > sourcesPage {
			pages, size = append(pages, nil), 0
			blocks[0].Gap = false
		}
		pages[len(pages)-1] = append(pages[len(pages)-1], blocks...)
		size += n
	}
	page = min(max(page, 1), len(pages))
	r.Blocks = append(r.Blocks, pages[page-1]...)
	r.Buttons = x.copyButtons(c, only)
	r = x.openly(r, f, x.proof(f))
	if x.d.hearsReports() {
		r.Buttons = x.addButton(r.Buttons, "button.report", action{verb: doReport, fact: f.ID})
	}
	x.paging(&r, action{verb: doTurn, list: listSources, arg: f.ID}, page, len(pages))
	return r
}

// maxCopies is for how many citations there are buttons that copy them: one row.
const maxCopies = 3

// copyButtons copy the citations of c, or only one, where the platform can: the full one, or
// the short one where that is too long for a button.
func (x *exchange) copyButtons(c cited, only int) []bot.Button {
	if only == 0 && len(c.cites) > maxCopies {
		return nil
	}
	var all []bot.Button
	for i := range c.cites {
		if only != 0 && i != only-1 {
			continue
		}
		cite := c.cites[i].Citation()
		text := cite.Full.String()
		if len(utf16.Encode([]rune(text))) > bot.MaxCopy {
			text = cite.Short.String()
		}
		name := x.texts.Text("button.copy")
		if len(c.cites) > 1 {
			name += " " + strings.TrimSpace(c.mark(i))
		}
		all = append(all, bot.Button{Label: label(name, bot.MaxLabel), Copy: text})
	}
	return all
}

// fileForms are the suffix and the MIME type of each format of sources.
var fileForms = map[string]struct{ suffix, mime string }{
	"bibtex":   {".bib", "application/x-bibtex"},
	"ris":      {".ris", "application/x-research-info-systems"},
	"csl-json": {".json", "application/vnd.citationstyles.csl+json"},
	"txt":      {".txt", "text/plain"},
	"html":     {".html", "text/html"},
	"markdown": {".md", "text/markdown"},
}

// maxStem bounds a file's name without its suffix; every file system takes more.
const maxStem = 80

// fileName makes a name of ids that no system and no platform changes.
func fileName(stem, format string) string {
	stem = strings.Map(func(c rune) rune {
		switch {
		case c >= 'A' && c <= 'Z':
			return c + 'a' - 'A'
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9', c == '-', c == '_':
			return c
		}
		return '-'
	}, stem)
	stem = strings.Trim(stem[:min(len(stem), maxStem)], "-_")
	if stem == "" {
		stem = "sources"
	}
	return stem + fileForms[format].suffix
}

// fileReply is the reply with the sources in a file, under head; instead is said where
// no file can be sent.
func (x *exchange) fileReply(format, stem string, sources []*csl.Source, head bot.Block, instead []bot.Block) bot.Reply {
	r := bot.Reply{Kind: bot.KindSource, Private: true, Blocks: instead}
	if data := []byte(exported(format, sources)); len(data) > 0 && len(data) <= bot.MaxFile {
		head.Trim = true // a caption is short, the names of many packs may not be
		r.Blocks = []bot.Block{head}
		r.File = &bot.File{Name: fileName(stem, format), Type: fileForms[format].mime, Data: data, Instead: instead}
	}
	return r
}
