package dialog

import (
	"slices"
	"strings"
	"time"

	"footnote/answers"
	"footnote/bot"
	"footnote/knowledge"
)

// A memoryKey is a person in a conversation, or the conversation itself where
// the person is empty.
type memoryKey struct {
	in  bot.Conversation
	who bot.UserID
}

// A memory is what is remembered of the last exchange: ids rather than facts, so that
// it means the same after a reload, and never what the person wrote, except inside why.
type memory struct {
	fact      string        // id of the fact last answered with, or empty
	unsure    bool          // it may not have answered what was asked, and nobody has said that it did
	offer     offer         // what was offered last
	quiz      []openQuiz    // quiz questions that wait for a number, the first first
	reporting *string       // the fact on which a report was offered last, or empty for a question; nil if none was
	list      string        // the list of which a page was offered last
	page      action        // the page of a list that was shown last, if it has several
	explained explanation   // of the last question
	before    []explanation // of those before it in the same message
	asker     bot.UserID
	spoken    string // the language that the person asked in last, if it is not the pack's or nothing else tells theirs; else empty

	n       int  // how often it was changed, here and in other processes
	unsaved bool // others do not know it
}

// An offer is what somebody can choose from by a number.
type offer struct {
	facts    []string // ids in the order of the numbers
	sources  bool     // to look up their sources, not to answer questions
	format   string   // of the sources, or empty
	question string   // in the ledger, for which it was offered, or empty
}

// idsOf are the ids of facts.
func idsOf(facts []*knowledge.Fact) []string {
	var ids []string
	for _, f := range facts {
		ids = append(ids, f.ID)
	}
	return ids
}

// An explanation is what /why needs of a result.
type explanation struct {
	kind   answers.Outcome // empty if there was no question yet, or the person chose
	by     bot.UserID      // whose question or choice it was
	at     time.Time       // when
	fact   string
	near   []near
	follow bool
	why    answers.Why

	tentative bool
	inherits  bool   // only because the answer before was
	offered   []near // to choose from
}

type near struct {
	fact, question string
	confidence     float64
}

// explain returns what is to be remembered of r.
func explain(r answers.Result) explanation {
	o := explanation{kind: r.Outcome, follow: r.FollowUp, why: r.Why, tentative: r.Tentative}
	nearOf := func(all []answers.Candidate) (out []near) {
		for _, c := range all {
			out = append(out, near{c.Fact.ID, c.Question, c.Confidence})
		}
		return out
	}
	o.near, o.offered = nearOf(r.Candidates), nearOf(r.Offered)
	if f := r.Best(); f != nil {
		o.fact = f.ID
	}
	return o
}

// memoryKeys returns the keys under which the exchange with m is remembered: the
// person's, and in a group the group's as well.
func memoryKeys(m bot.Message) []memoryKey {
	mine := memoryKey{m.To.Conversation, m.From.ID}
	if m.Direct {
		return []memoryKey{mine}
	}
	return []memoryKey{mine, {in: mine.in}}
}

// remember changes what is remembered of this person in this chat, and of the
// chat itself.
func (x *exchange) remember(change func(*memory)) { x.rememberFor(memoryKeys(x.m), change) }

// rememberForAsker changes what is remembered of this person in this chat.
func (x *exchange) rememberForAsker(change func(*memory)) { x.rememberFor(memoryKeys(x.m)[:1], change) }

func (x *exchange) rememberFor(of []memoryKey, change func(*memory)) {
	for _, key := range of {
		x.d.memory.Alter(key, func(t *memory, _ bool) {
			if x.d.c.Now().Sub(t.explained.at) >= x.d.c.bounds.recall { // others may have kept the rest alive
				t.explained, t.before = explanation{}, nil
			}
			change(t)
			t.asker = x.m.From.ID
			if x.d.sharing.turns != nil {
				t.n, t.unsaved = t.n+1, true
				x.changed[key] = struct{}{}
			}
		})
	}
}

// ownMemory returns what is remembered of this person in this chat.
func (x *exchange) ownMemory() memory {
	t, _ := x.d.memory.Get(memoryKey{x.m.To.Conversation, x.m.From.ID})
	return t
}

// last returns the fact that the message goes on from: that of the answer it replies
// to, or else the last one in this chat, to this person, or else to anyone in it. It is
// nil if there is none, or the pack no longer has it.
func (x *exchange) last() *knowledge.Fact {
	f, _ := x.previous()
	return f
}

// previous is last, with whether that answer may not have answered what was asked. Who
// replies to an answer has accepted it as one.
func (x *exchange) previous() (f *knowledge.Fact, unsure bool) {
	if f := x.repliedTo(); f != nil {
		return f, false
	}
	for _, key := range memoryKeys(x.m) {
		if t, ok := x.d.memory.Get(key); ok && x.packs.byID[t.fact] != nil {
			return x.packs.byID[t.fact], t.unsure
		}
	}
	return nil, false
}

// repliedTo returns the fact of the answer that the message is a reply to, by the fine
// print under it; see origin.
func (x *exchange) repliedTo() *knowledge.Fact {
	if x.m.Replied == "" {
		return nil
	}
	for _, line := range slices.Backward(strings.Split(x.m.Replied, "\n")) { // it stands at or near the end
		id, _, _ := strings.Cut(strings.TrimPrefix(strings.TrimSpace(line), "-# "), originMark)
		id, _, _ = strings.Cut(id, versionMark)
		if f := x.packs.byID[id]; f != nil {
			return f
		}
	}
	return nil
}

// forget drops what is remembered of this person on this platform. The count for the
// limits stays for its minute: forgetting must not reset it. Nobody can say whose the
// questions are that were decided lately, so all are dropped.
func (x *exchange) forget() {
	x.packs.results.Clear()
	who, on := x.m.From.ID, x.m.To.Platform
	x.d.memory.DeleteFunc(func(key memoryKey, t memory) bool {
		return key.in.Platform == on && (key.who == who || t.asker == who || t.explained.by == who)
	})
}
