package telegramtest

import (
	"encoding/json"
	"net/url"
	"strings"
)

// richBlocks are the blocks that this bot may send, with what they hold.
var richBlocks = map[string]string{"paragraph": "text", "heading": "text", "footer": "text", "pre": "text", "blockquote": "blocks", "list": "items", "table": "cells"}

// richMarks are the kinds of text that it may send.
var richMarks = map[string]bool{"bold": true, "italic": true, "code": true, "superscript": true, "url": true, "reference": true, "reference_link": true}

// A rich is a rich message that is being read: what people see of it, and its footnotes.
type rich struct {
	b          strings.Builder
	references map[string]bool
	links      []string
	wrong      string
}

// checkRich reads a rich message, whose texts are taken as they are, and whose footnotes must
// lead somewhere.
func (s *Server) checkRich(p url.Values) (Sent, *Refusal) {
	bad := func(text string) (Sent, *Refusal) {
		s.problem("sendRichMessage: %s", text)
		return Sent{}, &Refusal{Code: 400, Text: "Bad Request: " + text}
	}
	var m struct {
		Blocks []map[string]any `json:"blocks"`
		Skip   bool             `json:"skip_entity_detection"`
	}
	if err := json.Unmarshal([]byte(p.Get("rich_message")), &m); err != nil || len(m.Blocks) == 0 {
		return bad("RICH_MESSAGE_INVALID")
	}
	if !m.Skip {
		s.problem("sendRichMessage: entities are detected: a text would ping")
	}
	r := rich{references: map[string]bool{}}
	r.blocks(m.Blocks)
	for _, l := range r.links {
		if !r.references[l] {
			r.wrong = "a footnote leads nowhere: " + l
		}
	}
	if text := strings.TrimSpace(r.b.String()); r.wrong != "" || text == "" || Units(text) > maxText {
		return bad("RICH_MESSAGE_INVALID " + r.wrong)
	}
	out := Sent{Rich: true, Text: strings.TrimSpace(r.b.String()), Raw: p.Get("rich_message")}
	if k := p.Get("reply_markup"); k != "" {
		rows, why := keyboardOf(k)
		if why != "" {
			return bad(why)
		}
		out.Buttons = rows
	}
	return out, nil
}

func (r *rich) blocks(all []map[string]any) {
	for _, b := range all {
		kind, _ := b["type"].(string)
		field, ok := richBlocks[kind]
		if !ok || b[field] == nil {
			r.wrong = "a block of type " + kind + " without " + field
			return
		}
		switch field {
		case "text":
			r.text(b["text"])
			r.b.WriteByte('\n')
		case "blocks":
			r.b.WriteString("▌ ")
			r.blocks(objects(b["blocks"]))
		case "items":
			for _, item := range objects(b["items"]) {
				r.b.WriteString("• ")
				r.blocks(objects(item["blocks"]))
			}
		case "cells":
			rows, _ := b["cells"].([]any)
			for _, row := range rows {
				for _, c := range objects(row) {
					if a, _ := c["align"].(string); a != "left" && a != "center" && a != "right" {
						r.wrong = "a cell without align"
					}
					if a, _ := c["valign"].(string); a != "top" && a != "middle" && a != "bottom" {
						r.wrong = "a cell without valign"
					}
					r.b.WriteString("| ")
					r.text(c["text"])
					r.b.WriteByte(' ')
				}
				r.b.WriteString("|\n")
			}
		}
	}
}

// objects are the objects of a list.
func objects(v any) (out []map[string]any) {
	list, _ := v.([]any)
	for _, x := range list {
		if m, ok := x.(map[string]any); ok {
			out = append(out, m)
		}
	}
	return out
}

// text reads a RichText.
func (r *rich) text(v any) {
	switch v := v.(type) {
	case string:
		r.b.WriteString(v)
	case []any:
		for _, x := range v {
			r.text(x)
		}
	case map[string]any:
		kind, _ := v["type"].(string)
		if !richMarks[kind] {
			r.wrong = "a text of type " + kind
		}
		if name, ok := v["name"].(string); ok && kind == "reference" {
			r.references[name] = true
		}
		if name, ok := v["reference_name"].(string); ok && kind == "reference_link" {
			r.links = append(r.links, name)
			r.b.WriteByte('^')
		}
		if u, ok := v["url"].(string); kind == "url" && (!ok || !strings.HasPrefix(u, "https://")) {
			r.wrong = "a link to " + u
		}
		r.text(v["text"])
	}
}
