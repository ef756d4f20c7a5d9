package bot

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"slices"
	"strings"
	"time"

	"footnote/answers"
	"footnote/knowledge"
)

// A Ledger keeps what became of questions, so that curators see what is
// missing. It is safe for concurrent use. None of its methods may hold up the
// conversation for longer than ctx lasts, and what cannot be kept is lost
// silently as far as the conversation is concerned.
type Ledger interface {
	// Asked keeps a, once the reply has gone out. It returns when that is safe, or
	// when waiting for it would be noticed.
	Asked(ctx context.Context, a Asked)
	// Picked keeps that one of the facts offered for the question id was taken.
	Picked(ctx context.Context, id, fact string)
	// Judged keeps what somebody said of the reply to the question id; of one
	// person the last word counts.
	Judged(ctx context.Context, id string, by Person, v Verdict)

	// Forget deletes everything of a person.
	Forget(ctx context.Context, who Person) error
	// Allow sets whether the words of what a person asks in the direct chat may
	// be kept; taking it back deletes those kept so far. After an error they are
	// not kept.
	Allow(ctx context.Context, who Person, words bool) error
	// Allows reports what Allow set. It does no I/O.
	Allows(who Person) bool

	// AllowIn sets whether the words of what is asked in a place may be kept;
	// taking it back deletes those kept from there so far. After an error they are
	// not kept. Who may decide that is for the caller to know.
	AllowIn(ctx context.Context, where Place, words bool) error
	// AllowsIn reports what AllowIn set. It does no I/O.
	AllowsIn(where Place) bool
	// Moved tells that a place has another id from now on.
	Moved(ctx context.Context, from, to Place) error

	// Terms are what /privacy tells. They do not change.
	Terms() LedgerTerms
}

// LedgerTerms are the rules of a Ledger.
type LedgerTerms struct {
	Words bool          // words of questions are kept where people, or the admins of a place, allow it
	Keep  time.Duration // everything older is deleted
}

// A Person is somebody on a platform.
type Person struct {
	Platform Platform
	ID       UserID
}

// Asked is a question with what became of it.
type Asked struct {
	ID         string // made by the bot, new for every question
	At         time.Time
	By         Person
	Outcome    answers.Outcome
	Fact       string   // id of the fact that was the answer, or empty
	Near       []string // ids of the candidates, best first
	Packs      string   // id and version of the pack of Fact, or of all packs
	Confidence float64  // of the best candidate
	Margin     float64  // of it to the next
	Words      string   // the question, only where its words may be kept
	In         Place    // where it was asked if that is a place whose admins allow Words; else zero
}

// A Verdict is what somebody says of a reply.
type Verdict string

// The verdicts.
const (
	Helpful   Verdict = "helpful"
	Unhelpful Verdict = "unhelpful"
	Wanted    Verdict = "wanted" // a refusal; the curators are asked to fill the gap
)

// asksLen is the length of the id of a question: 50 random bits, so that nobody
// guesses one of the few that are kept.
const asksLen = 10

func newAskID() string {
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails
	return strings.ToLower(base32.StdEncoding.EncodeToString(b[:])[:asksLen])
}

// isAskID reports whether s could be of newAskID.
func isAskID(s string) bool { return len(s) == asksLen && strings.Trim(s, base32Letters) == "" }

const base32Letters = "abcdefghijklmnopqrstuvwxyz234567"

func (m Message) person() Person { return Person{m.To.Platform, m.From.ID} }

// ask begins the record of a question, if there is a ledger: what k says from
// here on is said in answer to it.
func (k *talk) ask(text string, r answers.Result) {
	k.asked = ""
	l := k.bot.c.Ledger
	if l == nil {
		return
	}
	a := Asked{ID: newAskID(), At: k.bot.c.Now(), By: k.m.person(), Outcome: r.Outcome}
	for _, c := range r.Candidates {
		a.Near = append(a.Near, c.Fact.ID)
	}
	if len(r.Candidates) > 0 {
		a.Confidence, a.Margin = r.Candidates[0].Confidence, r.Candidates[0].Confidence
	}
	if len(r.Candidates) > 1 {
		a.Margin -= r.Candidates[1].Confidence
	}
	packs := k.snap.base.Packs
	if f := r.Best(); f != nil {
		a.Fact, packs = f.ID, []*knowledge.Pack{f.Pack}
	}
	for _, p := range packs {
		a.Packs = strings.TrimPrefix(a.Packs+", "+p.ID+" "+p.Version, ", ")
	}
	// Words that only mean something after other words tell a curator nothing.
	if k.mayKeepWords() && !r.FollowUp {
		a.Words = text
		if !k.m.Direct {
			a.In = k.m.place()
		}
	}
	k.asked = a.ID
	k.later(func(ctx context.Context) { l.Asked(ctx, a) })
}

// mayKeepWords reports whether the operator keeps words and whoever decides here
// allows it: the person in the direct chat, the admins in any other place.
func (k *talk) mayKeepWords() bool {
	l := k.bot.c.Ledger
	if l == nil || !l.Terms().Words {
		return false
	}
	if k.m.Direct {
		return l.Allows(k.m.person())
	}
	return l.AllowsIn(k.m.place())
}

// later has f run when the reply has gone out.
func (k *talk) later(f func(context.Context)) { k.after = append(k.after, f) }

// pickedFor notes that f was taken of what was offered for a question.
func (k *talk) pickedFor(id string, f *knowledge.Fact) {
	if l := k.bot.c.Ledger; l != nil && id != "" {
		k.asked = id
		k.later(func(ctx context.Context) { l.Picked(ctx, id, f.ID) })
	}
}

// withOpinions adds buttons with which to say something of r, if it is the reply
// to a question that is kept.
func (k *talk) withOpinions(r Reply, verbs ...verb) Reply {
	if k.asked == "" {
		return r
	}
	of := len(r.Buttons)
	for _, v := range verbs {
		r.Buttons = k.button(r.Buttons, opinionLabels[v], action{verb: v, arg: k.asked})
	}
	if len(r.Buttons) > of && r.Kind == KindAnswer {
		r.Buttons[of].Row = true
	}
	return r
}

var opinionLabels = map[verb]string{
	doHelpful: "button.helpful", doUnhelpful: "button.unhelpful", doNone: "button.none", doWant: "button.want",
}

// opinion answers a press of one of these.
func (k *talk) opinion(a action) Reply {
	l := k.bot.c.Ledger
	if l == nil {
		return k.notice("action.stale") // of a time when there was one
	}
	v, said := Unhelpful, "opinion.unhelpful"
	switch a.verb {
	case doHelpful:
		v, said = Helpful, "opinion.helpful"
	case doWant:
		v = Wanted
		if k.mayKeepWords() { // or else those of this question are deleted by now
			said = "opinion.wanted"
		}
	}
	k.later(func(ctx context.Context) { l.Judged(ctx, a.arg, k.m.person(), v) })
	return k.notice(said)
}

// allow is /remember: whether the words of questions may be kept.
func (k *talk) allow(text string) Reply {
	l := k.bot.c.Ledger
	switch {
	case l == nil || !l.Terms().Words:
		return k.info("allow.never")
	case !k.m.Direct && l.AllowsIn(k.m.place()):
		return k.info("allow.group-on")
	case !k.m.Direct:
		return k.info("allow.group-off")
	}
	on, ok := parseSwitch(text)
	if !ok {
		if l.Allows(k.m.person()) {
			return k.info("allow.is-on", "days", days(l.Terms().Keep))
		}
		return k.info("allow.is-off", "days", days(l.Terms().Keep))
	}
	if err := l.Allow(k.ctx, k.m.person(), on); err != nil {
		k.bot.c.Log.Warn("the ledger could not be written", "error", err)
		return k.notice("allow.failed")
	}
	if on {
		return k.info("allow.on", "days", days(l.Terms().Keep))
	}
	return k.info("allow.off")
}

// forgetAll is /forget.
func (k *talk) forgetAll() Reply {
	k.forget()
	done := "forget.done"
	if err := k.bot.languages.set(k.ctx, k.m.ofPerson(), ""); err != nil {
		k.bot.c.Log.Warn("settings could not be deleted", "platform", k.m.To.Platform, "error", err)
		done = "forget.failed"
	}
	l := k.bot.c.Ledger
	if l == nil {
		return k.info(done)
	}
	if done != "forget.failed" {
		done = "forget.deleted"
	}
	if err := l.Forget(k.ctx, k.m.person()); err != nil {
		k.bot.c.Log.Warn("the ledger could not be written", "error", err)
		done = "forget.failed"
	}
	return k.info(done)
}

// privacyKeys are what /privacy says, in order.
func (k *talk) privacyKeys() []string {
	always := []string{"privacy.settings", "privacy.memory", "privacy.same", "privacy.limits", "privacy.log"}
	if k.bot.c.Owed != nil {
		always = slices.Insert(always, 1, "privacy.owed")
	}
	l := k.bot.c.Ledger
	if l == nil {
		return slices.Concat([]string{"privacy.stored"}, always, []string{"privacy.forget"})
	}
	keys := []string{"privacy.kept"}
	switch may := k.mayKeepWords(); {
	case !l.Terms().Words:
		keys = append(keys, "privacy.words-never")
	case !k.m.Direct && may:
		keys = append(keys, "privacy.words-here")
	case !k.m.Direct:
		keys = append(keys, "privacy.words-not-here")
	case may:
		keys = append(keys, "privacy.words-on", "privacy.words-groups")
	default:
		keys = append(keys, "privacy.words-ask", "privacy.words-groups")
	}
	return slices.Concat(keys, always, []string{"privacy.delete"})
}

// days is d in whole days, at least one.
func days(d time.Duration) string {
	const day = 24 * time.Hour
	return itoa(int((d + day - 1) / day))
}
