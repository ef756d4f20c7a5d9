package dialog

import (
	"cmp"
	"maps"
	"slices"

	"footnote/answers"
	"footnote/bot"
	"footnote/bot/lang"
	"footnote/knowledge"
)

// People ask in another language than the pack's. They are answered in theirs, with one line
// that says what language the pack is in, and the conversation goes on in theirs until they ask
// in the pack's, or in a language that nobody knows here: then it goes on in that of their
// interface. Where no interface tells their language, as with messages on Discord, that of their
// last question does. A language that was chosen stays.

// speak makes the language of a question the one to answer in, if the pack has no questions in
// it, and remembers it.
func (x *exchange) speak(r answers.Result) {
	if x.language.fixed || r.Lang == "" && !r.Unknown {
		return
	}
	x.foreign = ""
	spoken := ""
	if r.Foreign && x.d.languages[r.Lang] != nil {
		spoken = r.Lang
	} else {
		spoken = x.untold(r.Lang)
	}
	if before := x.ownMemory().spoken; before != spoken {
		x.rememberForAsker(func(t *memory) { t.spoken = spoken })
		if spoken == "" {
			x.speakIn(x.told)
		}
	}
	if spoken != "" {
		x.speakIn(spoken)
		x.foreign = spoken
	}
}

// untold is the language of a question where no interface tells that of the person; "" where one
// does, or where it is spoken anyway.
func (x *exchange) untold(tag string) string {
	l := lang.Base(tag)
	if x.told != "" || x.d.languages[l] == nil || l == lang.Default && x.m.PlaceLang == "" {
		return ""
	}
	return l
}

// speakIn makes tag the language of what the bot says by itself, and the first that the pack's
// texts are given in; if it is empty, what the place prefers.
func (x *exchange) speakIn(tag string) {
	x.m.From.Lang = tag
	tag = cmp.Or(tag, x.m.PlaceLang)
	x.texts, x.langs = x.d.textsIn(tag), nil
	if tag != "" {
		x.langs = []string{tag, lang.Base(tag)}
	}
}

// isForeign reports whether a tag is of the language that the question is in: pt-BR is Portuguese.
func (x *exchange) isForeign(tag string) bool { return lang.Base(tag) == x.foreign }

// inPackLanguage is a line that says what language the texts shown of facts are in, where the
// question is in another; none where one of them has the language.
func (x *exchange) inPackLanguage(facts ...*knowledge.Fact) []bot.Block {
	if x.foreign == "" {
		return nil
	}
	tag := ""
	for _, f := range facts {
		if slices.ContainsFunc(slices.Collect(maps.Keys(f.Answer)), x.isForeign) {
			return nil
		}
		if tag == "" && f.Pack != nil && len(f.Pack.Languages) > 0 {
			tag = f.Pack.Languages[0]
		}
	}
	if tag == "" {
		for _, p := range x.packs.base.Packs {
			if slices.ContainsFunc(p.Languages, x.isForeign) {
				return nil
			}
			if tag == "" && len(p.Languages) > 0 {
				tag = p.Languages[0]
			}
		}
	}
	key := "foreign." + lang.Base(tag)
	if !x.texts.Has(key) {
		key = "foreign.other"
	}
	return []bot.Block{x.texts.fine(key)}
}
