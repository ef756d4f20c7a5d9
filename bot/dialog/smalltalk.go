package dialog

import (
	"slices"
	"strings"

	"footnote/bot"
	"footnote/bot/lang"
	"footnote/knowledge/search"
)

// Small talk is recognised only when it is the whole message: one of these forms
// after folding (case, accents, punctuation and repeated letters do not matter).
// So "thanks" is small talk and "thanks to whom did the thaw begin?" is a
// question. A form is answered in the person's own language where that has it, and
// else in one that does.

// longestSmall is the longest message, in bytes, that can be small talk.
const longestSmall = 80

// smallTalkForm returns the form that text is, if it is one: of the person's language,
// or else of the first that has it. The bot may be called by its name before or after it.
func (x *exchange) smallTalkForm(text string) (smallTalkForm, bool) {
	v := x.d.vocabulary
	said := v.foldSmall(text)
	forms := v.small[said]
	for _, name := range x.names() {
		if name = v.foldSmall(name); len(forms) == 0 && name != "" {
			forms = v.small[strings.TrimSuffix(strings.TrimPrefix(said, name+" "), " "+name)]
		}
	}
	if len(forms) == 0 || forms[0].kind == "more" && x.last() == nil {
		return smallTalkForm{}, false
	}
	if i := slices.IndexFunc(forms, func(f smallTalkForm) bool { return f.lang == lang.Base(x.m.From.Lang) }); i >= 0 {
		return forms[i], true
	}
	return forms[0], true
}

// foldSmall folds text, or returns "" if it is too long to be small talk.
func (v *vocabulary) foldSmall(text string) string {
	if len(text) > longestSmall {
		return ""
	}
	return v.squeeze(strings.ReplaceAll(strings.Join(search.Words(text, 8), " "), "ß", "ss"))
}

// smallTalkKinds are the kinds of small talk. Each has a text, except those from
// "source" on: commands that people write as words, and the wish for more on the last
// answer, which in English the matcher understands.
var smallTalkKinds = []string{"hello", "how", "thanks", "bye", "who", "ok", "praise", "laugh", "insult", "source", "help", "about", "topics", "sure", "more"}

// squeeze makes each run of one letter that letter: "thaaanks" is "thanks", and
// "hahahaha" is "haha".
func (v *vocabulary) squeeze(s string) string {
	var b strings.Builder
	var last rune
	for _, r := range s {
		if r != last || r == ' ' {
			b.WriteRune(r)
		}
		last = r
	}
	s = b.String()
	for _, laugh := range v.laughter { // laughter goes on at will
		for strings.HasPrefix(s, laugh+laugh+laugh) && strings.Trim(s, laugh) == "" {
			s = s[len(laugh):]
		}
	}
	return s
}

// smallTalkReply answers small talk with one sentence, and does a command that was
// written as a word. In English, which people use everywhere, the language of their
// interface decides; where a language was chosen, that one does.
func (x *exchange) smallTalkReply(f smallTalkForm) bot.Reply {
	if f.lang != lang.Default && !x.language.fixed {
		x.texts = x.d.textsIn(f.lang)
	}
	switch f.kind {
	case "source":
		return x.source("")
	case "help":
		return x.help()
	case "about":
		return x.about()
	case "topics":
		return x.topics(1)
	case "sure":
		return x.whyLast()
	case "who": // what it is, and what it answers from
		r := x.about()
		r.Blocks[0] = x.texts.block("small.who")
		return r
	case "more":
		if last := x.last(); last != nil {
			return x.more(last)
		}
		return x.info("related.usage", "example", x.example()) // it was forgotten this moment
	}
	return bot.Reply{Kind: bot.KindSmall, Blocks: []bot.Block{x.texts.block("small." + f.kind)}}
}
