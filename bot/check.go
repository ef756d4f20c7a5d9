package bot

import (
	"slices"
	"strings"

	"github.com/rivo/uniseg"

	"footnote/answers"
	"footnote/knowledge"
)

// Bounds of a check: somebody's message is read as far as it is a message, and
// what bears on it is shown as far as it fits.
const (
	maxSentences = 12
	maxChecked   = 3
)

// check looks for facts that bear on what somebody wrote, sentence by sentence.
// It judges nothing: a fact stands beside a sentence, and the reader compares.
func (k *talk) check(text string) Reply {
	if text == "" {
		return k.info("check.usage") // a command with nothing after it, or a picture
	}
	if !readable(text) {
		r := k.info("unreadable")
		r.Blocks = append(r.Blocks, k.t.block("check.usage"))
		return r
	}
	var facts []*knowledge.Fact
	var first outcome
	state := -1
	for n := 0; text != "" && n < maxSentences && len(facts) < maxChecked; {
		var sentence string
		sentence, text, state = uniseg.FirstSentenceInString(text, state)
		if sentence = strings.TrimSpace(sentence); !readable(sentence) {
			continue
		}
		n++
		result, ok := k.match(answers.Query{Text: sentence, Lang: k.m.From.Lang})
		if !ok {
			return k.bot.noticeReply(k.m.From.Lang, noticeFault)
		}
		if f := result.Best(); f != nil && !slices.Contains(facts, f) {
			if facts = append(facts, f); len(facts) == 1 {
				first = outcomeOf(result)
				first.by, first.at = k.m.From.ID, k.bot.c.Now()
			}
		}
	}
	if len(facts) == 0 {
		return k.info("check.none")
	}
	// What is asked next is asked about what stands above, by who sees it alone.
	k.rememberMine(func(t *turn) {
		t.fact, t.result, t.asked, t.offered, t.offeredSources, t.offeredFormat = facts[0].ID, first, "", nil, true, ""
		for _, f := range facts {
			t.offered = append(t.offered, f.ID)
		}
	})
	r := Reply{Kind: KindAnswer, Private: true, Blocks: []Block{k.t.block("check.found")}}
	for i, f := range facts {
		c, err := k.snap.cite(f, k.lang())
		if err != nil {
			k.bot.c.Log.Error("a fact cannot be stated", "error", err)
			return k.bot.noticeReply(k.m.From.Lang, noticeFault)
		}
		blocks := k.stated(c, manner{})
		blocks[0].Gap = true
		r.Blocks = append(r.Blocks, blocks...)
		r.Blocks = append(r.Blocks, k.origin(f))
		key, a := "button.share", action{verb: doFact, fact: f.ID}
		if k.m.Direct { // with whom?
			key, a.verb = "button.source", doSource
			if len(c.cites) == 0 {
				continue
			}
		}
		name := k.t.text(key)
		if len(facts) > 1 {
			name = ChoiceMark(i+1) + name
		}
		if s := a.String(); s != "" {
			r.Buttons = append(r.Buttons, Button{Label: label(name, MaxLabel), Action: s})
		}
	}
	return r
}
