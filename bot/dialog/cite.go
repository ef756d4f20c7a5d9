package dialog

import (
	"fmt"
	"strings"

	"footnote/bot"
	"footnote/knowledge"
	"footnote/knowledge/csl"
)

// cited is a fact together with its citations, as they stand under a reply. Replies that
// state a fact are made of a cited and of nothing else, and only cite makes one: so there
// is no answer without its citation, save where the fact's status says that there is
// none.
type cited struct {
	fact  *knowledge.Fact
	cites []knowledge.Cite // the fact's own, then those of the positions
	short []csl.Runs       // the short note of each

	// ofPosition holds for each position the indexes into cites.
	ofPosition [][]int
}

// cite writes the citations of f. It fails if there are none and the status does
// not say so.
func cite(f *knowledge.Fact) (cited, error) {
	c := cited{fact: f}
	at := map[knowledge.Cite]int{}
	for i, x := range f.AllCites() {
		at[x] = i
		c.cites, c.short = append(c.cites, x), append(c.short, x.Short())
	}
	if len(c.cites) == 0 && f.Status != knowledge.CitationNeeded {
		return cited{}, fmt.Errorf("fact %s is %s and has no citation", f.ID, f.Status)
	}
	for _, p := range f.Positions {
		var own []int
		for _, x := range p.Cites {
			own = append(own, at[x])
		}
		c.ofPosition = append(c.ofPosition, own)
	}
	return c, nil
}

// mark is the number of citation i where there are several.
func (c cited) mark(i int) string {
	if len(c.cites) < 2 {
		return ""
	}
	return fmt.Sprintf("[%d] ", i+1)
}

// under is the block of citation i as it stands under an answer.
func (c cited) under(i int) bot.Block {
	return bot.Block{Kind: bot.Cite, Spans: spansOf(c.mark(i), c.short[i], "")}
}

// full is citation i with everything: note, address, quotation. Few ask for that, so it is
// written when somebody does.
func (c cited) full(i int) []bot.Block {
	x := c.cites[i].Citation()
	b := bot.Block{Kind: bot.Cite, Spans: spansOf(c.mark(i), x.Full, x.URL)}
	if x.URL != "" && !strings.Contains(x.Full.String(), x.URL) {
		b.Spans = append(b.Spans, bot.Span{Text: " "}, bot.Span{Text: x.URL, URL: x.URL})
	}
	blocks := []bot.Block{b}
	if x.Quote != "" {
		blocks = append(blocks, bot.Block{Kind: bot.Quote, Spans: []bot.Span{{Text: quoted(x.Quote)}}})
	}
	if x.Translation != "" {
		blocks = append(blocks, bot.Block{Kind: bot.Quote, Spans: []bot.Span{{Text: x.Translation, Style: bot.Italic}}})
	}
	return blocks
}

// quoted puts s in quotation marks unless it brings its own.
func quoted(s string) string {
	if strings.IndexAny(s, "“„«\"") == 0 {
		return s
	}
	return "“" + s + "”"
}

// spansOf sets a citation after its mark. Where the text shows url it becomes a
// link; only https is ever linked.
func spansOf(mark string, runs csl.Runs, url string) []bot.Span {
	var spans []bot.Span
	if mark != "" {
		spans = append(spans, bot.Span{Text: mark})
	}
	if !strings.HasPrefix(url, "https://") {
		url = ""
	}
	for _, r := range runs {
		style := bot.Plain
		if r.Italic {
			style = bot.Italic
		}
		rest := r.Text
		for url != "" {
			before, after, ok := strings.Cut(rest, url)
			if !ok {
				break
			}
			if before != "" {
				spans = append(spans, bot.Span{Text: before, Style: style})
			}
			spans = append(spans, bot.Span{Text: url, Style: style, URL: url})
			rest = after
		}
		if rest != "" {
			spans = append(spans, bot.Span{Text: rest, Style: style})
		}
	}
	return spans
}
