package dialog

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"errors"
	"slices"
	"strings"
	"time"

	"footnote/answers"
	"footnote/bot"
	"footnote/knowledge"
)

// questionIDLen is the length of the id of a question: 50 random bits, so that nobody
// guesses one of the few that are kept.
const questionIDLen = 10

func newQuestionID() string {
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails
	return strings.ToLower(base32.StdEncoding.EncodeToString(b[:])[:questionIDLen])
}

// isQuestionID reports whether s could be of newQuestionID.
func isQuestionID(s string) bool {
	return len(s) == questionIDLen && strings.Trim(s, base32Letters) == ""
}

const base32Letters = "abcdefghijklmnopqrstuvwxyz234567"

// record begins the record of a question in the ledger, if that takes any: what x says from here
// on is said in answer to it.
func (x *exchange) record(text string, r answers.Result) {
	x.questionID = ""
	l := x.d.c.Ledger
	if l.Terms().Closed {
		return
	}
	a := bot.Record{ID: newQuestionID(), At: x.d.c.Now(), By: x.m.Person(), Outcome: r.Outcome}
	for _, c := range r.Candidates {
		a.Near = append(a.Near, c.Fact.ID)
	}
	if len(r.Candidates) > 0 {
		a.Confidence, a.Margin = r.Candidates[0].Confidence, r.Candidates[0].Confidence
	}
	if len(r.Candidates) > 1 {
		a.Margin -= r.Candidates[1].Confidence
	}
	packs := x.packs.base.Packs
	if f := r.Best(); f != nil {
		a.Fact, packs = f.ID, []*knowledge.Pack{f.Pack}
	}
	for _, p := range packs {
		a.Packs = strings.TrimPrefix(a.Packs+", "+p.ID+" "+p.Version, ", ")
	}
	// Words that only mean something after other words tell a curator nothing, and
	// somebody else's are not the asker's to give.
	if x.mayKeepWords() && !r.FollowUp && !x.m.Quoted {
		a.Words = text
		if !x.m.Direct {
			a.In = x.m.To.Place
		}
	}
	x.questionID = a.ID
	x.later(func(ctx context.Context) { l.Record(ctx, a) })
}

// mayKeepWords reports whether the operator keeps words and whoever decides here
// allows it: the person in the direct chat, the admins in any other place.
func (x *exchange) mayKeepWords() bool {
	l := x.d.c.Ledger
	if l == nil || !l.Terms().Words {
		return false
	}
	if x.m.Direct {
		return l.Allows(x.m.Person())
	}
	return l.AllowsIn(x.m.To.Place)
}

// later has f run when the replies have gone out.
func (x *exchange) later(f func(context.Context)) { x.after = append(x.after, f) }

// recordPick records that f was chosen from what was offered for a question.
func (x *exchange) recordPick(id string, f *knowledge.Fact) {
	if l := x.d.c.Ledger; l != nil && id != "" {
		x.questionID = id
		x.later(func(ctx context.Context) { l.Picked(ctx, id, f.ID) })
	}
}

// withFeedback adds buttons with which to judge r, if it is the reply to a question
// that is recorded.
func (x *exchange) withFeedback(r bot.Reply, verbs ...verb) bot.Reply {
	if x.questionID == "" {
		return r
	}
	of := len(r.Buttons)
	for _, v := range verbs {
		r.Buttons = x.addButton(r.Buttons, feedbackLabels[v], action{verb: v, arg: x.questionID})
	}
	if len(r.Buttons) > of && r.Kind == bot.KindAnswer {
		r.Buttons[of].Row = true
	}
	return r
}

var feedbackLabels = map[verb]string{
	doHelpful: "button.helpful", doUnhelpful: "button.unhelpful", doNone: "button.none", doWanted: "button.want",
}

// feedback answers a press of one of these.
func (x *exchange) feedback(a action) bot.Reply {
	l := x.d.c.Ledger
	if l == nil {
		return x.notice("action.stale") // of a time when there was one
	}
	v, said := bot.Unhelpful, "opinion.unhelpful"
	switch a.verb {
	case doHelpful:
		v, said = bot.Helpful, "opinion.helpful"
	case doWanted:
		v = bot.Wanted
		if x.mayKeepWords() { // or else those of this question are deleted by now
			said = "opinion.wanted"
		}
	}
	x.later(func(ctx context.Context) { l.Judged(ctx, a.arg, x.m.Person(), v) })
	return x.notice(said)
}

// remembering is /remember: whether the words of questions may be kept.
func (x *exchange) remembering(ctx context.Context, text string) bot.Reply {
	l := x.d.c.Ledger
	switch {
	case l == nil || !l.Terms().Words:
		return x.info("allow.never")
	case !x.m.Direct && l.AllowsIn(x.m.To.Place):
		return x.info("allow.group-on")
	case !x.m.Direct:
		return x.info("allow.group-off")
	}
	on, ok := parseSwitch(text)
	if !ok {
		if l.Allows(x.m.Person()) {
			return x.info("allow.is-on", "days", days(l.Terms().Keep))
		}
		return x.info("allow.is-off", "days", days(l.Terms().Keep))
	}
	err := l.Allow(ctx, x.m.Person(), on)
	if err != nil && !errors.Is(err, bot.ErrLingers) {
		x.d.c.Log.Warn("the ledger could not be written", "error", err)
		return x.notice("allow.failed")
	}
	if on {
		return x.info("allow.on", "days", days(l.Terms().Keep))
	}
	return x.lingering(x.info("allow.off"), err)
}

// lingering is r, which says that something was deleted, with what has to be added if err
// says that the disk still holds it.
func (x *exchange) lingering(r bot.Reply, err error) bot.Reply {
	if errors.Is(err, bot.ErrLingers) {
		x.d.c.Log.Warn("what somebody had deleted is still on the disk for a while", "platform", x.m.To.Platform, "why", err)
		r.Blocks = append(r.Blocks, x.texts.fine("deleted.lingers"))
	}
	return r
}

// forgetAll is /forget.
func (x *exchange) forgetAll(ctx context.Context, _ string) bot.Reply {
	x.forget()
	done := "forget.done"
	settings := x.d.choices.set(ctx, x.personScope(), "")
	if err := x.d.looking.set(ctx, x.personScope(), ""); err != nil && (settings == nil || errors.Is(settings, bot.ErrLingers)) {
		settings = err
	}
	if err := x.forgetDaily(ctx); err != nil && (settings == nil || errors.Is(settings, bot.ErrLingers)) {
		settings = err
	}
	if err := x.forgetReports(ctx); err != nil && settings == nil {
		settings = err
	}
	if err := x.forgetScore(ctx); err != nil && (settings == nil || errors.Is(settings, bot.ErrLingers)) {
		settings = err
	}
	if err := x.forgetTurns(ctx); err != nil && (settings == nil || errors.Is(settings, bot.ErrLingers)) {
		settings = err
	}
	if settings != nil && !errors.Is(settings, bot.ErrLingers) {
		x.d.c.Log.Warn("settings could not be deleted", "platform", x.m.To.Platform, "error", settings)
		done = "forget.failed"
	}
	l := x.d.c.Ledger
	if l == nil {
		return x.lingering(x.info(done), settings)
	}
	if done != "forget.failed" {
		done = "forget.deleted"
	}
	records := l.Forget(ctx, x.m.Person())
	if records != nil && !errors.Is(records, bot.ErrLingers) {
		x.d.c.Log.Warn("the ledger could not be written", "error", records)
		done = "forget.failed"
	}
	return x.lingering(x.info(done), errors.Join(settings, records))
}

// privacyKeys returns the keys of what /privacy says, in order.
func (x *exchange) privacyKeys() []string {
	always := []string{"privacy.settings", "privacy.memory", "privacy.same", "privacy.limits", "privacy.log"}
	if x.d.sharing.turns != nil {
		always = slices.Insert(always, 2, "privacy.shared")
	}
	if x.d.c.StoresUnanswered {
		always = slices.Insert(always, 1, "privacy.unanswered")
	}
	if x.d.hearsReports() {
		always = slices.Insert(always, 1, x.reportsPrivacy()...)
	}
	if x.d.c.Daily != nil {
		always = slices.Insert(always, 1, "privacy.daily")
	}
	if x.d.c.Scores != nil {
		always = slices.Insert(always, 1, "privacy.scores")
	}
	l := x.d.c.Ledger
	if l == nil {
		return slices.Concat([]string{"privacy.stored"}, always, []string{"privacy.forget"})
	}
	keys := []string{"privacy.kept"}
	switch may := x.mayKeepWords(); {
	case !l.Terms().Words:
		keys = append(keys, "privacy.words-never")
	case !x.m.Direct && may:
		keys = append(keys, "privacy.words-here")
	case !x.m.Direct:
		keys = append(keys, "privacy.words-not-here")
	case may:
		keys = append(keys, "privacy.words-on", "privacy.words-groups")
	default:
		keys = append(keys, "privacy.words-ask", "privacy.words-groups")
	}
	end := []string{"privacy.delete"}
	if l.Terms().Marks {
		end = append(end, "privacy.mark")
	}
	return slices.Concat(keys, always, end)
}

// days is d in whole days, at least one.
func days(d time.Duration) string {
	const day = 24 * time.Hour
	return itoa(int((d + day - 1) / day))
}
