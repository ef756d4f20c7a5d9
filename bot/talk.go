package bot

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"footnote/answers"
	"footnote/bot/lang"
	"footnote/knowledge"
)

// A talk is the answering of one message.
type talk struct {
	bot     *Bot
	adapter Adapter // the message came through
	snap    *snapshot
	m       Message
	voice   voice
	t       texts
	langs   []string // in which to give the pack's texts, best first
	ctx     context.Context

	asked   string                  // the question in the ledger that is being answered, or empty
	earlier []Reply                 // to the questions of the message before the one that is being answered
	after   []func(context.Context) // what to do when the replies have gone out
}

// maxQuestion is how long a question may be, in code points. A longer text is
// no question but something pasted.
const maxQuestion = 2000

// replies are what the bot says to x, in order: more than one if it asks several
// questions. after is what is to be done when they have gone out.
func (b *Bot) replies(ctx context.Context, x item) (all []Reply, after []func(context.Context)) {
	k := &talk{bot: b, adapter: x.adapter, snap: x.snap, m: x.m, voice: x.voice, t: b.in(x.m.From.Lang), ctx: ctx}
	if x.m.From.Lang != "" {
		k.langs = []string{x.m.From.Lang, lang.Base(x.m.From.Lang)}
	}
	var r Reply
	switch {
	case x.m.Action != "":
		r = k.pressed()
	case x.m.Command != "":
		r = k.command()
	case x.m.Withheld:
		r = k.info("unreadable.withheld")
	default:
		r = k.said(x.m.Text)
	}
	return append(k.earlier, r), k.after
}

// said answers what a person wrote without a command.
func (k *talk) said(text string) Reply {
	if utf8.RuneCountInString(text) > maxQuestion {
		return k.info("too-long", "max", strconv.Itoa(maxQuestion))
	}
	if !readable(text) {
		return k.unreadable()
	}
	if r, ok := k.chosen(text); ok {
		return r
	}
	if questions := k.asksSeveral(text); questions != nil {
		return k.several(questions)
	}
	return k.one(text)
}

// readable reports whether there is a letter or a digit in s.
func readable(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) >= 0
}

func (k *talk) unreadable() Reply {
	r := Reply{Kind: KindInfo, Private: true, Blocks: []Block{k.t.block("unreadable")}}
	r.Blocks = append(r.Blocks, k.introduction()...)
	r.Blocks = append(r.Blocks, k.t.fine("unreadable.hint"))
	return r
}

// question asks the matcher.
func (k *talk) question(text string) Reply {
	if f := k.snap.byID[strings.TrimSpace(text)]; f != nil {
		return k.picked(f) // a completion sends the id
	}
	previous, unsure := k.goesOnFrom()
	result, ok := k.match(answers.Query{Text: text, Lang: k.m.From.Lang, Previous: previous, Names: k.names()})
	if !ok {
		return k.bot.noticeReply(k.m.From.Lang, noticeFault)
	}
	if !result.Sure() {
		if f := k.closeToOffered(text); f != nil {
			return k.pickedOffered(f)
		}
	}
	// What goes on from an answer that may not have been one may be none either. More
	// of the same is what was asked for, whatever that was.
	inherits := unsure && result.FollowUp && result.Sure() && result.Why.Reason != answers.ReasonMore
	if inherits {
		result.Tentative = true
	}
	k.ask(text, result)
	o := outcomeOf(result)
	o.inherits = inherits
	o.by, o.at = k.m.From.ID, k.bot.c.Now()
	of := keys(k.m)
	if result.Outcome == answers.Declined && k.m.awaited() {
		of = of[:1] // a refusal that only this person is shown is not explained to others
	}
	k.rememberFor(of, func(t *turn) {
		if len(k.earlier) > 0 {
			t.before = append(t.before, t.result)
		} else {
			t.before = nil
		}
		t.result = o
	})
	switch result.Outcome {
	case answers.Answered:
		best := result.Candidates[0]
		if !result.FollowUp { // of which the phrasing says little
			k.preferLanguageOf(best.Fact, firstOf(result.Why.Phrasing, best.Question))
		}
		k.remember(func(t *turn) { t.fact, t.unsure = best.Fact.ID, result.Tentative })
		k.offerNothing()
		if result.Why.Reason == answers.ReasonMore {
			return k.more(best.Fact)
		}
		return k.factReply(best.Fact, manner{unsure: result.Tentative, others: offeredBy(result), detail: result.Detail, dates: result.Dates})
	case answers.Choices:
		return k.choicesReply(offeredBy(result))
	default:
		return k.declinedReply(offeredBy(result))
	}
}

// more is what there is beside the answer that was given: the long text, or else
// what the curators relate to it.
func (k *talk) more(f *knowledge.Fact) Reply {
	if len(f.Detail) > 0 {
		return k.detailReply(f)
	}
	return k.relatedReply(f)
}

// OwnName is what the bot is called everywhere, whatever a platform calls it.
const OwnName = "footnote"

// names are what the bot is called where k is held.
func (k *talk) names() []string {
	names := []string{OwnName}
	if a, ok := k.adapter.(Named); ok {
		names = append(names, a.Called()...)
	}
	return names
}

// match asks the Answerer when it is this message's turn; false if that did not
// come in time. What is known already has no turn to wait for.
func (k *talk) match(q answers.Query) (answers.Result, bool) {
	key := k.snap.results.key(q)
	if r, ok := k.snap.results.get(key); ok {
		return r, true
	}
	select {
	case k.bot.matchers <- struct{}{}:
	case <-k.ctx.Done():
		return answers.Result{}, false
	}
	defer func() { <-k.bot.matchers }()
	r := k.snap.answerer.Match(q)
	k.snap.results.put(key, r)
	return r, true
}

// preferLanguageOf makes the language of the phrasing that came closest the one to
// answer in: it is the language the question was asked in.
func (k *talk) preferLanguageOf(f *knowledge.Fact, phrasing string) {
	for _, q := range f.Questions {
		if q.Text == phrasing && q.Lang != "" {
			if k.voice.fixed {
				k.langs = append(k.langs, q.Lang) // what was chosen comes first
				return
			}
			k.langs = append([]string{q.Lang}, k.langs...)
			if k.m.From.Lang == "" { // then the question is all that tells the person's language
				k.t = k.bot.in(q.Lang)
			}
			return
		}
	}
}

// pickedOffered answers with a fact of those that were offered last.
func (k *talk) pickedOffered(f *knowledge.Fact) Reply {
	k.pickedFor(k.mine().asked, f)
	return k.picked(f)
}

// picked answers with a fact that the person chose. What was offered stays: a
// list is read one number after the other.
func (k *talk) picked(f *knowledge.Fact) Reply {
	k.remember(func(t *turn) {
		t.fact, t.unsure, t.result = f.ID, false, outcome{fact: f.ID, by: k.m.From.ID, at: k.bot.c.Now()}
	})
	return k.factReply(f, manner{})
}

// pressed answers a button.
func (k *talk) pressed() Reply {
	a, err := parseAction(k.m.Action)
	if err != nil {
		k.bot.c.Log.Debug("a button that is not ours", "platform", k.m.To.Platform)
		return k.notice("action.stale")
	}
	if a.verb == doTurn {
		own := k.m.Direct || a.list != listTopic && a.list != listSearch || k.mine().list == a.listed()
		r := k.turned(a)
		// A page takes the place of the one before it, but not while somebody else may
		// answer with a number of that.
		r.Replace = own && r.Kind != KindNotice
		return r
	}
	if opinionLabels[a.verb] != "" {
		return k.opinion(a)
	}
	if a.verb == doSet {
		return k.change(a)
	}
	f := k.snap.byID[a.fact]
	if f == nil && a.fact != "" {
		return k.notice("action.gone")
	}
	switch a.verb {
	case doChoose:
		if a.owner != ownerOf(k.m.To.Platform, k.m.From.ID) {
			return k.notice("choices.owner")
		}
		if slices.Contains(k.mine().offered, f.ID) {
			return k.pickedOffered(f)
		}
		return k.picked(f)
	case doFact:
		return k.picked(f)
	case doSource:
		return k.sourceAs(a.arg, f, 0)
	case doDetail:
		return k.detailReply(f)
	case doRelated:
		return k.relatedReply(f)
	default:
		return k.why(a.fact)
	}
}

// notice is a polite refusal that only the person needs to see.
func (k *talk) notice(key string, args ...string) Reply {
	return Reply{Kind: KindNotice, Private: true, Blocks: []Block{k.t.block(key, args...)}}
}

// turned shows a page of a list.
func (k *talk) turned(a action) Reply {
	switch a.list {
	case listTopics:
		return k.topics(a.page)
	case listChanges:
		return k.corrections(a.page)
	case listTopic:
		return k.topic(a.arg, a.page)
	case listSearch:
		return k.search(a.arg, a.page)
	default:
		if f := k.snap.byID[a.arg]; f != nil {
			return k.sourceReply(f, a.page, 0)
		}
		return k.notice("action.gone")
	}
}

func (k *talk) relatedReply(f *knowledge.Fact) Reply {
	related := k.snap.related(f)
	if len(related) == 0 {
		return k.info("related.none")
	}
	r := Reply{Kind: KindChoices, Blocks: []Block{k.t.block("related.intro", "question", k.canonical(f))}}
	k.offer(&r, related[:min(len(related), pageSize)], false)
	k.numbered(&r)
	return r
}

func itoa(n int) string { return strconv.Itoa(n) }

// lang is the language in which citations are written: of the answer if known.
func (k *talk) lang() string {
	if len(k.langs) > 0 {
		return k.langs[0]
	}
	return ""
}
