package dialog

import (
	"footnote/bot"
	"footnote/bot/lang"
)

// texts writes the texts of a language as blocks.
type texts struct{ *lang.Language }

// spans is the text for key with what is to be typed set as code; see lang.Pieces.
func (t texts) spans(key string, args ...string) []bot.Span {
	var spans []bot.Span
	for _, p := range t.Pieces(key, args...) {
		s := bot.Span{Text: p.Text}
		if p.Typed {
			s.Style = bot.Code
		}
		spans = append(spans, s)
	}
	return spans
}

func (t texts) block(key string, args ...string) bot.Block {
	return bot.Block{Spans: t.spans(key, args...)}
}

// fine is a block of fine print.
func (t texts) fine(key string, args ...string) bot.Block {
	return bot.Block{Kind: bot.Fine, Spans: t.spans(key, args...)}
}

// textsIn returns the texts in a language, or in the one that stands for it.
func (d *Dialog) textsIn(tag string) texts { return texts{d.languages.In(tag)} }
