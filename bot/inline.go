package bot

// InlineReply states the fact with that id, with its citation, to somebody who
// is in no conversation with the bot: an inline result. false if there is none.
// The value is a Completion's of "ask". It remembers nothing.
func (b *Bot) InlineReply(id, lang string) (Reply, bool) {
	s := b.snap.Load()
	f := s.byID[id]
	if f == nil {
		return Reply{}, false
	}
	k := &talk{bot: b, snap: s, m: Message{From: User{Lang: lang}}, t: b.texts.in(lang)}
	if lang != "" {
		k.langs = []string{lang, baseLang(lang)}
	}
	r := k.factReply(f)
	return r, r.Kind == KindAnswer
}
