package dialog

import (
	"context"
	"slices"
	"strings"

	"github.com/rivo/uniseg"

	"footnote/answers"
	"footnote/bot"
	"footnote/knowledge"
)

// Bounds of a check: somebody's message is read as far as it is a message, and
// what bears on it is shown as far as it fits.
const (
	maxSentences = 12
	maxChecked   = 3
)

// A bearingFact is a fact that bears on a sentence of what is checked.
type bearingFact struct {
	fact    *knowledge.Fact
	result  answers.Result // on the first sentence that it bears on
	differs bool           // a sentence has a date or a number that the fact has not
	said    []string       // those figures, as the sentences have them
	vague   bool           // it may not bear on it at all

	sentence string // the first sentence that it bears on, as it stands there
}

// check looks for facts that bear on what somebody wrote, sentence by sentence. It
// judges nothing: each fact is shown with the sentence, and the reader compares. A date
// or a number that the sentence has and the fact has not is pointed out, since those
// are easily read over and are most often wrong.
func (x *exchange) check(ctx context.Context, text string) bot.Reply {
	if text == "" {
		return x.info("check.usage") // a command with nothing after it, or a picture
	}
	if !readable(text) {
		r := x.info("unreadable")
		r.Blocks = append(r.Blocks, x.texts.block("check.usage"))
		return r
	}
	var all []bearingFact
	state, firm := -1, 0
	for n := 0; text != "" && n < maxSentences && firm < maxChecked; {
		var sentence string
		sentence, text, state = uniseg.FirstSentenceInString(text, state)
		if sentence = strings.TrimSpace(sentence); !readable(sentence) {
			continue
		}
		n++
		result, ok := x.match(ctx, answers.Query{Text: sentence, Lang: x.m.From.Lang})
		if !ok {
			return x.fault()
		}
		all = x.addBearing(all, sentence, result)
		firm = 0
		for _, b := range all {
			if !b.vague {
				firm++
			}
		}
	}
	all = shown(all)
	if len(all) == 0 {
		return x.info("check.none")
	}
	// What is asked next is asked about what stands above, by who sees it alone.
	first := explain(all[0].result)
	first.by, first.at = x.m.From.ID, x.d.c.Now()
	x.rememberForAsker(func(t *memory) {
		t.fact, t.unsure, t.explained = all[0].fact.ID, all[0].vague, first
		t.offer, t.quiz = offer{sources: true}, nil
		for _, b := range all {
			t.offer.facts = append(t.offer.facts, b.fact.ID)
		}
	})
	r := bot.Reply{Kind: bot.KindAnswer, Private: true, Quote: all[0].sentence}
	if !all[0].vague {
		r.Blocks = append(r.Blocks, x.texts.block("check.found"))
	}
	for i, b := range all {
		c, err := x.packs.cite(b.fact)
		if err != nil {
			x.d.c.Log.Error("a fact cannot be stated", "error", err)
			return x.fault()
		}
		blocks := slices.Concat(x.remark(b), x.stated(c, b.manner()))
		blocks[0].Gap = len(r.Blocks) > 0
		r.Blocks = append(r.Blocks, blocks...)
		r.Blocks = append(r.Blocks, x.origin(b.fact))
		key, a := "button.share", action{verb: doFact, fact: b.fact.ID}
		if x.m.Direct { // with whom?
			key, a.verb = "button.source", doSource
			if len(c.cites) == 0 {
				continue
			}
		}
		name := x.texts.Text(key)
		if len(all) > 1 {
			name = bot.ChoiceMark(i+1) + name
		}
		if s := a.String(); s != "" {
			r.Buttons = append(r.Buttons, bot.Button{Label: label(name, bot.MaxLabel), Action: s})
		}
	}
	return r
}

// addBearing adds to all the fact that bears on sentence, if one does.
func (x *exchange) addBearing(all []bearingFact, sentence string, r answers.Result) []bearingFact {
	f := r.Best()
	if f == nil {
		return all
	}
	b := bearingFact{fact: f, result: r, sentence: sentence, differs: r.Tentative && (r.Why.Reason == reasonDate || r.Why.Reason == reasonNumber)}
	b.vague = r.Tentative && !b.differs
	if b.differs {
		b.said = x.d.vocabulary.figuresSaid(sentence, r.Why.Missing)
	}
	i := slices.IndexFunc(all, func(other bearingFact) bool { return other.fact == f })
	if i < 0 {
		return append(all, b)
	}
	before := &all[i]
	before.vague = before.vague && b.vague
	before.differs = before.differs || b.differs
	for _, s := range b.said {
		if !slices.Contains(before.said, s) {
			before.said = append(before.said, s)
		}
	}
	return all
}

// The reasons why a fact that bears on a sentence is contradicted by it, as evidence
// is called in package answers.
const (
	reasonDate   answers.Reason = "date"
	reasonNumber answers.Reason = "number"
)

// shown is what is shown of all. A fact that may have nothing to do with it helps who
// checks a claim only where there is nothing better to read, and one is enough: it
// comes last.
func shown(all []bearingFact) []bearingFact {
	var firm, vague []bearingFact
	for _, b := range all {
		if b.vague {
			vague = append(vague, b)
		} else {
			firm = append(firm, b)
		}
	}
	if len(firm) < maxChecked {
		firm = append(firm, vague[:min(len(vague), 1)]...)
	}
	return firm
}

// manner is how the fact is stated: with its dates where a date is what differs.
func (b *bearingFact) manner() manner {
	return manner{detail: b.result.Detail, dates: b.result.Dates || b.differs && b.result.Why.Reason == reasonDate}
}

// remark is what is said before the fact, if anything.
func (x *exchange) remark(b bearingFact) []bot.Block {
	switch {
	case b.vague:
		return []bot.Block{x.texts.block("check.vague")}
	case len(b.said) > 0:
		return []bot.Block{x.texts.block("check.differs", "words", x.quotedList(b.said))}
	case b.differs:
		return []bot.Block{x.texts.block("check.figure")}
	}
	return nil
}
