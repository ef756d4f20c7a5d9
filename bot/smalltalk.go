package bot

import (
	"slices"
	"strings"

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

// smallForm is the form that text is, if it is one: of the person's language, or
// else of the first that has it. The bot may be called by its name before or after it.
func (k *talk) smallForm(text string) (smallForm, bool) {
	v := k.bot.vocabulary
	said := v.foldSmall(text)
	forms := v.small[said]
	for _, name := range k.names() {
		if name = v.foldSmall(name); len(forms) == 0 && name != "" {
			forms = v.small[strings.TrimSuffix(strings.TrimPrefix(said, name+" "), " "+name)]
		}
	}
	if len(forms) == 0 || forms[0].kind == "more" && k.last() == nil {
		return smallForm{}, false
	}
	if i := slices.IndexFunc(forms, func(f smallForm) bool { return f.lang == lang.Base(k.m.From.Lang) }); i >= 0 {
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

// smallKinds are the kinds of small talk. Each has a reply in the catalogue, but for
// those from "source" on: commands that people write as words, and the wish for more
// on the last answer, which in English the matcher understands.
var smallKinds = []string{"hello", "how", "thanks", "bye", "who", "ok", "praise", "laugh", "insult", "source", "help", "about", "topics", "sure", "more"}

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

// smallReply answers small talk with one sentence, and does a command that was
// written as a word. In English, which people use everywhere, the language of their
// interface decides; where a language was chosen, that one does.
func (k *talk) smallReply(f smallForm) Reply {
	if f.lang != lang.Default && !k.voice.fixed {
		k.t = k.bot.in(f.lang)
	}
	switch f.kind {
	case "source":
		return k.source("")
	case "help":
		return k.help()
	case "about":
		return k.about()
	case "topics":
		return k.topics(1)
	case "sure":
		return k.whyLast()
	case "who": // what it is, and what it answers from
		r := k.about()
		r.Blocks[0] = k.t.block("small.who")
		return r
	case "more":
		if last := k.last(); last != nil {
			return k.more(last)
		}
		return k.info("related.none") // it was forgotten this moment
	}
	return Reply{Kind: KindSmall, Blocks: []Block{k.t.block("small." + f.kind)}}
}
