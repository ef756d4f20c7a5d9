package telegram

import (
	"slices"
	"strconv"

	"footnote/bot"
	"footnote/bot/platform"
)

// Rich messages (Bot API 10.1) have real footnotes: the number behind a sentence leads to its
// citation, and positions stand in a table. They are sent where /settings asks for them, since
// older apps show them badly or not at all; whatever refuses one gets the same as text.

// richFor is how long a chat that refused a rich message gets none.
const richFor = refusedFor

// Rich implements bot.RichAdapter.
func (a *Adapter) Rich() {}

// canBeRich reports whether o may go as a rich message: such have no form for one person alone.
func (o *outgoing) canBeRich(r bot.Reply) bool {
	if o.edit || o.receiver != 0 || o.File != nil || o.quiz != nil {
		return false
	}
	return r.Kind == bot.KindAnswer || r.Kind == bot.KindSource || r.Kind == bot.KindPositions
}

// richText is a RichText: a string, a list of them, or one with a type.
type richText any

type richMark struct {
	Type      string   `json:"type"`
	Text      richText `json:"text"`
	URL       string   `json:"url,omitempty"`
	Name      string   `json:"name,omitempty"`
	Reference string   `json:"reference_name,omitempty"`
}

// A richBlock is an InputRichBlock.
type richBlock struct {
	Type   string       `json:"type"`
	Text   richText     `json:"text,omitempty"`
	Blocks []richBlock  `json:"blocks,omitempty"`
	Items  []richItem   `json:"items,omitempty"`
	Cells  [][]richCell `json:"cells,omitempty"`
	Border bool         `json:"is_bordered,omitempty"`
	Size   int          `json:"size,omitempty"` // of a heading; 1 is the largest
}

type richItem struct {
	Blocks []richBlock `json:"blocks"`
	Value  int         `json:"value,omitempty"`
	Type   string      `json:"type,omitempty"`
}

type richCell struct {
	Text   richText `json:"text"`
	Header bool     `json:"is_header,omitempty"`
	Align  string   `json:"align"`
	Valign string   `json:"valign"`
}

// A richMessage is an InputRichMessage.
type richMessage struct {
	Blocks []richBlock `json:"blocks"`
	Skip   bool        `json:"skip_entity_detection"`
}

// rich writes r in blocks. Nothing in it becomes a mention or a link by itself.
func rich(r bot.Reply) *richMessage {
	r = bot.Fit(r, maxText, visible)
	w := richWriter{}
	if r.Kind == bot.KindPositions {
		w.positions(r)
	} else {
		for x := range r.Lines() {
			w.line(x)
		}
		w.flush()
	}
	return &richMessage{Blocks: w.blocks, Skip: true}
}

// A richWriter writes blocks; the citations below a paragraph are tied to its end.
type richWriter struct {
	blocks []richBlock
	notes  []richBlock // the citations of the last paragraph
	last   int         // that paragraph, counted from 1; 0 for none
	cited  int
}

// texts are the spans of a block.
func texts(spans []bot.Span) []richText {
	var out []richText
	for _, s := range spans {
		text := platform.Clean(s.Text)
		if text == "" {
			continue
		}
		var t richText = text
		switch s.Style {
		case bot.Bold, bot.Italic, bot.Code:
			t = richMark{Type: string(s.Style), Text: text}
		}
		if u := link(s.URL); u != "" {
			t = richMark{Type: "url", Text: t, URL: u}
		}
		out = append(out, t)
	}
	return out
}

func (w *richWriter) line(x bot.Line) {
	text := texts(x.Spans)
	if len(text) == 0 {
		return
	}
	switch x.Kind {
	case bot.Cite:
		w.note(text)
		return
	case bot.Item, bot.Choice:
		item := richItem{Blocks: []richBlock{{Type: "paragraph", Text: text}}}
		if x.Kind == bot.Choice {
			item.Value, item.Type = x.Number, "1"
		}
		if n := len(w.blocks); n > 0 && w.blocks[n-1].Type == "list" && w.blocks[n-1].Items[0].Type == item.Type {
			w.blocks[n-1].Items = append(w.blocks[n-1].Items, item)
			return
		}
		w.flush()
		w.blocks = append(w.blocks, richBlock{Type: "list", Items: []richItem{item}})
	case bot.Quote:
		quote := richBlock{Type: "blockquote", Blocks: []richBlock{{Type: "paragraph", Text: text}}}
		if len(w.notes) > 0 { // it belongs to the citation above it
			w.notes = append(w.notes, quote)
			return
		}
		w.blocks = append(w.blocks, quote)
	case bot.Pre:
		w.flush()
		w.blocks = append(w.blocks, richBlock{Type: "pre", Text: text})
	case bot.Fine:
		w.flush()
		w.blocks = append(w.blocks, richBlock{Type: "footer", Text: text})
	default:
		w.flush()
		w.blocks = append(w.blocks, richBlock{Type: "paragraph", Text: text})
		w.last = len(w.blocks)
	}
}

// note adds a citation: a reference, to which a number at the end of its paragraph leads.
func (w *richWriter) note(text []richText) {
	mark := w.refer(text)
	if w.last > 0 {
		p := &w.blocks[w.last-1]
		p.Text = append(slices.Clip(p.Text.([]richText)), mark)
	}
}

// refer keeps a citation for below and returns the number that leads to it.
func (w *richWriter) refer(text []richText) richText {
	w.cited++
	number := strconv.Itoa(w.cited)
	w.notes = append(w.notes, richBlock{Type: "paragraph", Text: richMark{Type: "reference", Name: "note-" + number, Text: text}})
	return richMark{Type: "reference_link", Reference: "note-" + number, Text: richMark{Type: "superscript", Text: number}}
}

// flush writes the citations of the last paragraph below it.
func (w *richWriter) flush() {
	w.blocks = append(w.blocks, w.notes...)
	w.notes, w.last = nil, 0
}

// positions sets positions in a table, who holds one beside what is claimed, with the
// citations below it.
func (w *richWriter) positions(r bot.Reply) {
	table := richBlock{Type: "table", Border: true}
	var row []richCell
	end := func() {
		if row != nil {
			table.Cells = append(table.Cells, row)
		}
		row = nil
	}
	cell := func(text []richText, header bool) richCell {
		return richCell{Text: text, Header: header, Align: "left", Valign: "top"}
	}
	var last []richBlock
	for x := range r.Lines() {
		text := texts(x.Spans)
		switch {
		case len(text) == 0:
		case x.Kind == bot.Fine:
			last = append(last, richBlock{Type: "footer", Text: text})
		case x.Kind == bot.Para && x.Gap:
			end()
			row = []richCell{cell(text, true), cell(nil, false)}
		case row == nil:
			w.blocks = append(w.blocks, richBlock{Type: "heading", Text: text, Size: 4})
		case x.Kind == bot.Cite:
			row[1].Text = append(slices.Clip(row[1].Text.([]richText)), w.refer(text))
		case x.Kind == bot.Quote:
			w.notes = append(w.notes, richBlock{Type: "blockquote", Blocks: []richBlock{{Type: "paragraph", Text: text}}})
		default:
			row[1].Text = append(slices.Clip(row[1].Text.([]richText)), text...)
		}
	}
	if end(); len(table.Cells) > 0 {
		w.blocks = append(w.blocks, table)
	}
	w.flush()
	w.blocks = append(w.blocks, last...)
}
