package bot

import (
	"context"

	"footnote/bot/lang"
)

// LanguageOf is the language to write to who in outside of any conversation: the
// one chosen with /settings, or else what the platform tells.
func (b *Bot) LanguageOf(ctx context.Context, on Platform, who User) string {
	if lang := b.chosenLanguage(ctx, scope{platform: on, person: who.ID}); lang != "" {
		return lang
	}
	return who.Lang
}

// InlineReply states the fact with that id, with its citation, to somebody who
// is in no conversation with the bot: an inline result. false if there is none.
// The value is a Completion's of "ask". It remembers nothing.
func (b *Bot) InlineReply(id, tag string) (Reply, bool) {
	s := b.snap.Load()
	f := s.byID[id]
	if f == nil {
		return Reply{}, false
	}
	k := &talk{bot: b, snap: s, m: Message{From: User{Lang: tag}}, t: b.in(tag)}
	if tag != "" {
		k.langs = []string{tag, lang.Base(tag)}
	}
	r := k.factReply(f, manner{})
	return r, r.Kind == KindAnswer
}
