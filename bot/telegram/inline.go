package telegram

import (
	"context"

	"footnote/bot"
	"footnote/bot/platform"
)

// An Inliner writes out what a completion stands for: the answer with its
// citation. It is fast and safe for concurrent use.
type Inliner interface {
	// LanguageOf is the language to write to who in.
	LanguageOf(ctx context.Context, on bot.Platform, who bot.User) string
	// InlineReply returns the answer to a Completion.Value of "ask"; false if
	// there is none, and then the completion is not offered.
	InlineReply(value, lang string) (bot.Reply, bool)
}

const (
	inlineResults = 10 // Telegram takes 50; nobody scrolls that far
	// inlineCache is short because a reload of the packs must show. It has to be
	// sent: left out, as the library does for 0, it is five minutes.
	inlineCache = 10  // seconds
	maxGist     = 100 // characters; about two lines on a phone
	// maxInlineID is what Telegram allows a result's id and a start parameter.
	maxInlineID = 64
)

// article is an InlineQueryResultArticle.
type article struct {
	Type        string    `json:"type"`
	ID          string    `json:"id"`
	Title       string    `json:"title"`
	Description string    `json:"description,omitempty"`
	Content     inputText `json:"input_message_content"`
	Markup      *markupOf `json:"reply_markup,omitempty"`
}

type inputText struct {
	Text    string  `json:"message_text"`
	Mode    string  `json:"parse_mode,omitempty"`
	Preview preview `json:"link_preview_options"`
}

// answerInline answers an inline query, which has a sender. The results are in the asker's language, so
// Telegram must not hand them to others who type the same.
func (a *Adapter) answerInline(ctx context.Context, q *inlineQuery) {
	results := a.inlineArticles(ctx, platform.Valid(q.Query), q.From)
	p := params{"inline_query_id": q.ID, "cache_time": itoa(inlineCache), "is_personal": "true"}
	p.setJSON("results", results)
	if _, err := a.calls.call(ctx, "answerInlineQuery", p); err != nil {
		a.log.Debug("an inline query was not answered", "err", err)
	}
}

// inlineArticles is never nil: null is refused by strict servers.
func (a *Adapter) inlineArticles(ctx context.Context, text string, who *user) []article {
	out := []article{}
	if a.suggester == nil {
		return out
	}
	inliner, ok := a.suggester.(Inliner)
	if !ok {
		return out
	}
	lang := inliner.LanguageOf(ctx, Platform, sender(who))
	for _, c := range a.suggester.Suggest("ask", text, lang, inlineResults) {
		r, ok := inliner.InlineReply(c.Value, lang)
		if !ok || c.Value == "" || len(c.Value) > maxInlineID {
			continue
		}
		r.Buttons = nil // a pressed button under an inline message has no chat to answer in
		p := render(r, a.Username())
		x := article{Type: "article", ID: c.Value, Title: platform.Clean(c.Label), Description: bot.Shorten(platform.Clean(gist(r)), maxGist)}
		x.Content = inputText{Text: p.HTML, Mode: "HTML", Preview: previewOf(p.Preview)}
		if p.HTML == "" {
			x.Content.Text, x.Content.Mode = p.Plain(), ""
		}
		if x.Content.Text == "" || x.Title == "" {
			continue
		}
		if u := a.deepLink(c.Value); u != "" {
			x.Markup = &markupOf{[][]key{{{Text: "@" + a.Username(), URL: u}}}}
		}
		out = append(out, x)
	}
	return out
}

// deepLink opens the private chat with the bot at a fact: "/start f_ID" comes back.
func (a *Adapter) deepLink(id string) string {
	start := "f_" + id
	name := a.Username()
	if name == "" || len(start) > maxInlineID {
		return ""
	}
	for _, c := range start {
		if c != '_' && c != '-' && (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'z') {
			return ""
		}
	}
	return "https://t.me/" + name + "?start=" + start
}

// gist is the text of the reply that may be trimmed, which is the answer itself,
// for the list of results.
func gist(r bot.Reply) string {
	first := ""
	for _, x := range r.Blocks {
		text := ""
		for _, s := range x.Spans {
			text += s.Text
		}
		if x.Trim {
			return text
		}
		if first == "" && x.Kind == bot.Para {
			first = text
		}
	}
	return first
}
