package dialog

import (
	"context"

	"footnote/bot"
	"footnote/bot/lang"
)

// LanguageOf is the language to write to who in outside of any conversation: the
// one chosen with /settings, or else what the platform tells.
func (d *Dialog) LanguageOf(ctx context.Context, on bot.Platform, who bot.User) string {
	if lang := d.chosenLanguage(ctx, scope{platform: on, person: who.ID}); lang != "" {
		return lang
	}
	return who.Lang
}

// Busy is what to say in a language to somebody whose command is turned away, because
// too much waits.
func (d *Dialog) Busy(tag string) string {
	return d.languages.In(tag).Text("notice." + string(bot.NoticeBusy))
}

// InlineReply states the fact with that id, with its citation, to somebody who
// is in no conversation with the bot: an inline result. false if there is none.
// The value is a Completion's of "ask". It remembers nothing.
func (d *Dialog) InlineReply(id, tag string) (bot.Reply, bool) {
	s := d.packs.Load()
	f := s.byID[id]
	if f == nil {
		return bot.Reply{}, false
	}
	x := &exchange{d: d, packs: s, m: bot.Message{From: bot.User{Lang: tag}}, texts: d.textsIn(tag)}
	if tag != "" {
		x.langs = []string{tag, lang.Base(tag)}
	}
	r := x.factReply(f, manner{})
	if n := len(r.Blocks); r.Kind == bot.KindAnswer && d.c.Page != nil { // in another place than this, its origin is all that leads here
		b := r.Blocks[n-1]
		r.Blocks = r.Blocks[:n-1]
		r = x.openly(r, f, b)
	}
	return r, r.Kind == bot.KindAnswer
}
