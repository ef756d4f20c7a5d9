package dialog

import (
	"path"
	"slices"
	"strings"

	"footnote/bot"
	"footnote/knowledge"
	"footnote/knowledge/search"
)

// hasImages reports whether any fact has a picture: where none has, there is no command for
// them.
func (d *Dialog) hasImages() bool {
	s := d.packs.Load()
	return s != nil && slices.ContainsFunc(s.base.Facts(), func(f *knowledge.Fact) bool { return len(f.Images) > 0 })
}

// image shows the pictures of the last answer, or of a fact found by its id or by words.
func (x *exchange) image(text string) bot.Reply {
	f := x.packs.byID[strings.ToLower(text)]
	switch {
	case text == "":
		if f = x.last(); f == nil {
			return x.info("image.none")
		}
	case f == nil:
		for _, h := range search.AtLeast(sourceFloor, x.packs.index.Find(text, sourceFields, false)) {
			if len(h.Fact.Images) > 0 {
				f = h.Fact
				break
			}
		}
		if f == nil {
			return x.info("image.none")
		}
	}
	return x.imageReply(f, 1)
}

// imageReply shows one picture of f with its caption, who made it and under which licence.
func (x *exchange) imageReply(f *knowledge.Fact, page int) bot.Reply {
	if len(f.Images) == 0 {
		return x.info("image.none")
	}
	page = min(max(page, 1), len(f.Images))
	i := f.Images[page-1]
	r := bot.Reply{Kind: bot.KindList}
	if caption := x.localized(f.Pack, i.Caption); caption != "" {
		r.Blocks = append(r.Blocks, bot.Block{Spans: []bot.Span{{Text: caption}}, Trim: true})
	}
	r.Blocks = append(r.Blocks,
		bot.Block{Kind: bot.Cite, Spans: []bot.Span{{Text: x.texts.Text("image.credit", "credit", i.Credit, "licence", i.License)}}},
		x.origin(f))
	r.File = &bot.File{Alt: x.localized(f.Pack, i.Alt), URL: i.URL, Type: i.Type(), Data: i.Data()}
	if r.File.Name = path.Base(i.File); i.URL != "" {
		r.File.Name = "picture"
	}
	x.paging(&r, action{verb: doTurn, list: listImages, arg: f.ID}, page, len(f.Images))
	return r
}
