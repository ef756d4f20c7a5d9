package dialog

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"footnote/answers"
	"footnote/bot"
	"footnote/knowledge"
)

// An exchange is the handling of one message.
type exchange struct {
	d     *Dialog
	packs *packs
	told  string // the language of the person's interface, as the platform says
	m     bot.Message
	via   bot.Adapter // the message came through

	language preference
	texts    texts
	langs    []string // in which to give the pack's texts, best first
	foreign  string   // the language that the question is in, where the pack has none in it

	questionID string                  // the question in the ledger that is being answered, or empty
	earlier    []bot.Reply             // to the questions of the message before the one that is being answered
	after      []func(context.Context) // what to do when the replies have gone out
	changed    map[memoryKey]struct{}  // of what is remembered, where other processes are to know
	look       look                    // at what they remember
}

// maxQuestion is how long a question may be, in code points. A longer text is
// no question but something pasted.
const maxQuestion = 2000

// Accept implements [bot.Handler]: the exchange answers from the packs of this moment.
func (d *Dialog) Accept(m bot.Message) bot.Exchange {
	x := &exchange{d: d, packs: d.packs.Load(), told: m.From.Lang, m: m}
	if d.sharing.turns != nil {
		x.changed = map[memoryKey]struct{}{}
	}
	return x
}

// Prepare implements bot.Preparer: what other processes have remembered is asked together with the
// claim of the message.
func (x *exchange) Prepare() {
	if x.d.sharing.turns != nil {
		x.lookUp()
	}
}

// Reply implements bot.Exchange.
func (x *exchange) Reply(ctx context.Context, via bot.Adapter) (replies []bot.Reply, after []func(context.Context)) {
	x.via = via
	if x.d.sharing.changes != nil {
		x.d.keepUp(ctx)
	}
	if x.d.sharing.turns != nil {
		x.recall(ctx)
	}
	x.resolveLanguage(ctx)
	var r bot.Reply
	switch {
	case x.m.Action != "":
		r = x.answerButton(ctx)
	case x.m.Command != "":
		r = x.answerCommand(ctx)
	case x.m.Withheld:
		r = x.info("unreadable.withheld")
	default:
		r = x.answerText(ctx, x.m.Text)
	}
	if len(x.changed) > 0 {
		x.after = append(x.after, x.shareTurn)
	}
	return x.enrich(ctx, append(x.earlier, r)), x.after
}

// answerText answers what a person wrote without a command.
func (x *exchange) answerText(ctx context.Context, text string) bot.Reply {
	if utf8.RuneCountInString(text) > maxQuestion {
		return x.info("too-long", "max", strconv.Itoa(maxQuestion))
	}
	if !readable(text) {
		return x.unreadable()
	}
	if x.m.Replied != "" {
		if r, ok := x.curatorsAnswer(ctx, text); ok {
			return r
		}
	}
	if r, ok := x.pressed(ctx, text); ok {
		return r
	}
	if open := x.ownMemory().quiz; len(open) > 0 {
		if r, ok := x.markTyped(ctx, open, text); ok {
			return r
		}
	}
	if r, ok := x.selection(text); ok {
		return r
	}
	if r, ok := x.moreAbout(text); ok {
		return r
	}
	if form, ok := x.smallTalkForm(text); ok { // "hello, how are you?" is not two questions
		return x.smallTalkReply(form)
	}
	if questions := questionsIn(text); len(questions) > 1 {
		return x.answerSeveral(ctx, questions)
	}
	return x.answerQuestion(ctx, text)
}

// readable reports whether there is a letter or a digit in s.
func readable(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) >= 0
}

func (x *exchange) unreadable() bot.Reply {
	r := bot.Reply{Kind: bot.KindInfo, Private: true, Blocks: []bot.Block{x.texts.block("unreadable")}}
	r.Blocks = append(r.Blocks, x.introduction()...)
	r.Blocks = append(r.Blocks, x.texts.fine("unreadable.hint"))
	return r
}

// answerQuestion answers one question with what the matcher decides.
func (x *exchange) answerQuestion(ctx context.Context, text string) bot.Reply {
	if f := x.packs.byID[strings.TrimSpace(text)]; f != nil {
		return x.picked(f) // a completion sends the id
	}
	previous, unsure := x.previous()
	result, ok := x.match(ctx, answers.Query{Text: text, Lang: x.m.From.Lang, Previous: previous, Names: x.names()})
	if !ok {
		return x.fault()
	}
	x.speak(result)
	if !result.Sure() {
		if f := x.closeToOffered(text); f != nil {
			return x.pickedOffered(f)
		}
	}
	// What goes on from an answer that may not have been one may be none either. More
	// of the same is what was asked for, whatever that was.
	inherits := unsure && result.FollowUp && result.Sure() && result.Why.Reason != answers.ReasonMore
	if inherits {
		result.Tentative = true
	}
	if x.d.c.Ledger != nil {
		x.record(text, result)
	}
	o := explain(result)
	o.inherits = inherits
	o.by, o.at = x.m.From.ID, x.d.c.Now()
	of := memoryKeys(x.m)
	if result.Outcome == answers.Declined && x.m.Awaited() {
		of = of[:1] // a refusal that only this person is shown is not explained to others
	}
	x.rememberFor(of, func(t *memory) {
		if len(x.earlier) > 0 {
			t.before = append(t.before, t.explained)
		} else {
			t.before = nil
		}
		t.explained = o
	})
	switch result.Outcome {
	case answers.Answered:
		best := result.Candidates[0]
		if !result.FollowUp && x.foreign == "" { // of which the phrasing says little
			x.preferLanguageOf(best.Fact, cmp.Or(result.Why.Phrasing, best.Question))
		}
		x.remember(func(t *memory) { t.fact, t.unsure = best.Fact.ID, result.Tentative })
		x.offerNone()
		if result.Why.Reason == answers.ReasonMore {
			return x.more(best.Fact)
		}
		return x.factReply(best.Fact, manner{unsure: result.Tentative, others: offeredBy(result), detail: result.Detail, dates: result.Dates})
	case answers.Choices:
		return x.choicesReply(offeredBy(result))
	default:
		return x.declinedReply(offeredBy(result))
	}
}

// more answers with what there is beyond the answer that was given: the long text, or
// else what the curators relate to it.
func (x *exchange) more(f *knowledge.Fact) bot.Reply {
	if len(f.Detail) > 0 {
		return x.detailReply(f)
	}
	return x.relatedReply(f)
}

// OwnName is what the bot is called everywhere, whatever a platform calls it.
const OwnName = "footnote"

// names returns what the bot is called where the exchange is held.
func (x *exchange) names() []string {
	names := []string{OwnName}
	if a, ok := x.via.(bot.Named); ok {
		names = append(names, a.Called()...)
	}
	return names
}

// match decides on q when it is this message's turn; it returns false if that did not
// come in time. What was decided lately needs no turn.
func (x *exchange) match(ctx context.Context, q answers.Query) (answers.Result, bool) {
	key := x.packs.results.key(q)
	if r, ok := x.packs.results.Get(key); ok {
		if x.d.c.Observe != nil {
			x.observe(r, true, 0)
		}
		return r, true
	}
	select {
	case x.d.matchers <- struct{}{}:
	case <-ctx.Done():
		return answers.Result{}, false
	}
	defer func() { <-x.d.matchers }()
	begun := time.Now()
	r := x.packs.answerer.Match(q)
	if r.Alone { // the answer whatever went before
		x.packs.results.Set(key, r)
	}
	if x.d.c.Observe != nil {
		x.observe(r, false, time.Since(begun))
	}
	return r, true
}

// preferLanguageOf makes the language of the phrasing that came closest the one to
// answer in: the question was asked in it.
func (x *exchange) preferLanguageOf(f *knowledge.Fact, phrasing string) {
	for _, q := range f.Questions {
		if q.Text == phrasing && q.Lang != "" {
			if x.language.fixed {
				x.langs = append(x.langs, q.Lang) // what was chosen comes first
				return
			}
			x.langs = append([]string{q.Lang}, x.langs...)
			if x.m.From.Lang == "" { // then the question is all that tells the person's language
				x.texts = x.d.textsIn(q.Lang)
				if spoken := x.untold(q.Lang); spoken != x.ownMemory().spoken {
					x.rememberForAsker(func(t *memory) { t.spoken = spoken })
				}
			}
			return
		}
	}
}

// pickedOffered answers with a fact of those that were offered last.
func (x *exchange) pickedOffered(f *knowledge.Fact) bot.Reply {
	x.recordPick(x.ownMemory().offer.question, f)
	return x.picked(f)
}

// picked answers with a fact that the person chose. What was offered stays: a
// list is read one number after the other.
func (x *exchange) picked(f *knowledge.Fact) bot.Reply {
	x.remember(func(t *memory) {
		t.fact, t.unsure, t.explained = f.ID, false, explanation{fact: f.ID, by: x.m.From.ID, at: x.d.c.Now()}
	})
	return x.factReply(f, manner{})
}

// answerButton answers a pressed button.
func (x *exchange) answerButton(ctx context.Context) bot.Reply {
	a, err := parseAction(x.m.Action)
	if err != nil {
		x.d.c.Log.Debug("a button that is not ours", "platform", x.m.To.Platform)
		return x.notice("action.stale")
	}
	if a.verb == doTurn {
		own := x.m.Direct || a.list != listTopic && a.list != listSearch && a.list != listAbout || x.ownMemory().list == a.listed()
		r := x.turnPage(ctx, a)
		// A page takes the place of the one before it, but not while somebody else may
		// answer with a number of that.
		r.Replace = own && (r.Kind == bot.KindList || r.Kind == bot.KindSource)
		return r
	}
	if feedbackLabels[a.verb] != "" {
		return x.feedback(a)
	}
	switch a.verb {
	case doSet:
		return x.change(ctx, a)
	case doQuiz:
		return x.quiz(ctx, a.arg)
	}
	f := x.packs.byID[a.fact]
	if f == nil && a.fact != "" {
		return x.notice("action.gone")
	}
	switch a.verb {
	case doChoose:
		if a.owner != ownerOf(x.m.To.Platform, x.m.From.ID) {
			return x.notice("choices.owner")
		}
		if slices.Contains(x.ownMemory().offer.facts, f.ID) {
			return x.pickedOffered(f)
		}
		return x.picked(f)
	case doFact:
		return x.picked(f)
	case doSource:
		return x.sourceAs(a.arg, f, 0)
	case doDetail:
		return x.detailReply(f)
	case doReport:
		if x.m.Text != "" {
			return x.report(ctx, f, x.m.Text)
		}
		return x.reportForm(f)
	case doMark:
		return x.mark(ctx, f, strings.HasPrefix(a.arg, markRight))
	case doRelated:
		return x.relatedReply(f)
	case doPositions:
		return x.positionsReply(f)
	case doImage:
		return x.imageReply(f, 1)
	case doTimeline:
		return x.timelineAround(ctx, f)
	default:
		return x.why(a.fact)
	}
}

// notice returns a polite refusal that only the person needs to see.
func (x *exchange) notice(key string, args ...string) bot.Reply {
	return bot.Reply{Kind: bot.KindNotice, Private: true, Blocks: []bot.Block{x.texts.block(key, args...)}}
}

func (x *exchange) relatedReply(f *knowledge.Fact) bot.Reply {
	related := x.packs.related(f)
	if len(related) == 0 {
		return x.info("related.none", "question", x.canonical(f))
	}
	r := bot.Reply{Kind: bot.KindChoices, Blocks: []bot.Block{x.texts.block("related.intro", "question", x.canonical(f))}}
	x.offer(&r, related[:min(len(related), pageSize)], false)
	x.numbered(&r)
	return r
}

func itoa(n int) string { return strconv.Itoa(n) }
