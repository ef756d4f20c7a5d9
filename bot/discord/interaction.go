package discord

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"sync"
	"time"

	"footnote/bot"
	"footnote/bot/discord/rest"
)

// Discord shows "the application did not respond" when an interaction is not
// answered within three seconds. An answer that is ready is sent directly; one
// that is not is announced ("thinking…") after deferAfter, and then has fifteen
// minutes.
const (
	deferAfter = 1600 * time.Millisecond // leaves 1.4 s for the call and what was lost on the way here
	ackTimeout = 2500 * time.Millisecond

	// minAnswer is what a direct answer has at the least before it is given up for an
	// announcement: a call with a new connection on a slow line.
	minAnswer = 800 * time.Millisecond

	// maxInteractions bounds how many interactions are remembered. Beyond it people are
	// told that the bot is busy.
	maxInteractions = 4096

	// ackAtOnce bounds how many acknowledgements are under way.
	ackAtOnce = 32
)

// Types of answers to an interaction.
const (
	answerMessage      = 4
	answerDefer        = 5 // a message will come
	answerDeferUpdate  = 6 // for buttons: something will come, show nothing
	answerUpdate       = 7 // for buttons: the message takes the place of the one with the button
	answerAutocomplete = 8
)

// An interactionState is what Discord was told in answer to an interaction:
//
//	fresh ── announced in time ──▶ deferred ── answered ──▶ answered
//	fresh ── answered at once ───────────────────────────▶ answered
//	fresh, deferred ── unknown to Discord, or answered by somebody else ──▶ lost
//
// A deferred command that everybody sees goes to answered without an answer when its
// announcement is withdrawn, so that the answer can be private.
type interactionState int

const (
	fresh    interactionState = iota // nothing was said to Discord yet
	deferred                         // announced
	answered                         // a first answer is out; what follows are further messages
	lost                             // Discord does not know it any more
)

// An interaction is one that can still be answered.
type interaction struct {
	handle
	born    time.Time
	private bool // announce it so that only the asker sees it
	turn    chan struct{}

	// Guarded by holding turn.
	state     interactionState
	announced bool // an announcement was sent and no reply came: it may have arrived
	plain     bool // messages of components were refused
	tried     bool // an answer was sent and no reply came: it may have arrived

	timer *time.Timer
}

// lock waits for the turn to say something about the interaction.
func (p *interaction) lock(ctx context.Context) error {
	select {
	case p.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (p *interaction) unlock() { <-p.turn }

// interactions are the interactions of the last fifteen minutes, as far as they fit.
type interactions struct {
	after time.Duration
	now   func() time.Time
	wg    sync.WaitGroup

	mu   sync.Mutex
	byID map[string]*interaction
	ids  []string // in order of arrival
}

func newInteractions(after time.Duration, now func() time.Time) *interactions {
	return &interactions{after: after, now: now, byID: map[string]*interaction{}}
}

// add remembers an interaction and calls late, once, if it is still there and
// unanswered after the time for a direct answer. It reports false for one that is
// already known (Discord may send an event twice), and full when there is no room.
func (ps *interactions) add(h handle, private bool, late func(*interaction)) (p *interaction, isNew, full bool) {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	if p := ps.byID[h.id]; p != nil {
		return p, false, false
	}
	now := ps.now()
	for len(ps.ids) > 0 {
		old := ps.byID[ps.ids[0]]
		if old != nil && len(ps.ids) < maxInteractions && now.Sub(old.born) < expires {
			break
		}
		if old != nil && now.Sub(old.born) < expires && len(old.turn) > 0 {
			return nil, true, true // the oldest is being answered right now
		}
		if old != nil && now.Sub(old.born) < ps.after {
			return nil, true, true // all of them are new: a flood
		}
		if old != nil {
			ps.stopTimer(old)
		}
		delete(ps.byID, ps.ids[0])
		ps.ids = ps.ids[1:]
	}
	p = &interaction{handle: h, born: now, private: private, turn: make(chan struct{}, 1)}
	ps.byID[h.id] = p
	ps.ids = append(ps.ids, h.id)
	ps.wg.Add(1)
	p.timer = time.AfterFunc(ps.after, func() {
		defer ps.wg.Done()
		late(p)
	})
	return p, true, false
}

// get finds an interaction by its handle. One that was forgotten is taken for
// answered: further messages are the only thing that can still work.
func (ps *interactions) get(h handle) *interaction {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	if p := ps.byID[h.id]; p != nil && p.token == h.token {
		return p
	}
	born := snowflakeTime(h.id)
	if born.IsZero() || born.Year() < 2016 { // interactions are younger than that: not Discord's id
		born = ps.now()
	}
	return &interaction{handle: h, born: born, turn: make(chan struct{}, 1), state: answered}
}

// stopTimer stops the timer once an answer is out.
func (ps *interactions) stopTimer(p *interaction) {
	if p.timer != nil && p.timer.Stop() {
		ps.wg.Done()
	}
}

// flush calls late at once for all that wait for their timer, and returns when
// every call has returned. After it, answers need no timer: they find the
// interaction announced.
func (ps *interactions) flush(late func(*interaction)) {
	ps.hurry(late)
	ps.wg.Wait()
}

// hurry is flush without waiting for the calls.
func (ps *interactions) hurry(late func(*interaction)) {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	for _, p := range ps.byID {
		if p.timer != nil && p.timer.Stop() {
			go func() {
				defer ps.wg.Done()
				late(p)
			}()
		}
	}
}

// giveUp leaves an interaction to the process that has claimed it.
func (a *Adapter) giveUp(ctx context.Context, h handle) {
	p := a.interactions.get(h)
	if p.lock(ctx) != nil {
		return
	}
	defer p.unlock()
	p.state = lost
	a.interactions.stopTimer(p)
}

// acknowledge announces an answer, if none is out yet.
func (a *Adapter) acknowledge(ctx context.Context, p *interaction) {
	ctx, cancel := context.WithTimeout(ctx, ackTimeout)
	defer cancel()
	select {
	case a.acks <- struct{}{}:
		defer func() { <-a.acks }()
	case <-ctx.Done():
		return
	}
	if p.lock(ctx) != nil {
		return
	}
	defer p.unlock()
	if p.state != fresh {
		return
	}
	r := callback{Type: answerDefer}
	switch {
	case p.component:
		r.Type = answerDeferUpdate
	case p.private:
		r.Data = map[string]int{"flags": flagEphemeral}
	}
	_, err := a.rest.Do(ctx, p.callback("announce an answer", r))
	switch {
	case p.tried && rest.HasCode(err, rest.CodeAcknowledged):
		return // the answer arrived, and its next try will find that out
	case err == nil, rest.HasCode(err, rest.CodeAcknowledged):
		p.state = deferred
	case rest.HasCode(err, rest.CodeUnknownInteraction):
		p.state = lost
	default:
		p.announced = p.announced || rest.MaybeArrived(err)
	}
	if err != nil {
		a.log.Warn("an interaction could not be announced", "error", err)
	}
}

// A callback is the first answer to an interaction.
type callback struct {
	Type int `json:"type"`
	Data any `json:"data,omitempty"`
}

func (p *interaction) callback(doing string, r callback) rest.Call {
	m, _ := r.Data.(payload)
	return rest.Call{
		Doing: doing, Method: "POST", Secret: p.token, Body: r, File: m.file,
		Path: "/interactions/" + p.id + "/" + url.PathEscape(p.token) + "/callback",
	}
}

// answer says r in answer to the interaction.
func (a *Adapter) answer(ctx context.Context, p *interaction, r bot.Reply) error {
	if a.now().Sub(p.born) > expires {
		return rest.Gone("answer an interaction", "its fifteen minutes are over", 0)
	}
	if err := p.lock(ctx); err != nil {
		return rest.NotMade("answer an interaction", err)
	}
	defer p.unlock()
	err := a.answerOnce(ctx, p, r)
	if isLaid(r) && !p.plain && rest.HasCode(err, rest.CodeInvalidForm) {
		a.log.Warn("Discord did not take a message of components, which goes as text", "kind", r.Kind, "error", err)
		p.plain = true
		err = a.answerOnce(ctx, p, r)
	}
	if r.File != nil && rest.FileRefused(err) {
		a.log.Debug("a file was refused and its text is sent", "error", err)
		err = a.answerOnce(ctx, p, r.Unfiled())
	}
	return err
}

// answerOnce is answer in one way. p's turn is held.
func (a *Adapter) answerOnce(ctx context.Context, p *interaction, r bot.Reply) error {
	m := render(r)
	if p.plain {
		m = plain(r)
	}
	private := 0
	if r.Private {
		private = flagEphemeral
	}
	first := callback{Type: answerMessage, Data: m}
	if p.component && r.Replace {
		first.Type = answerUpdate
	} else {
		m.Flags |= private
		first.Data = m
	}
	if r.Form != nil && p.state == fresh { // later no form can be shown, and the blocks say how else
		first = callback{Type: answerForm, Data: formOf(r.Form)}
	}
	if p.state == fresh {
		if err := a.answerFirst(ctx, p, first); p.state != deferred {
			return err
		}
	}
	hook := "/webhooks/" + p.app + "/" + url.PathEscape(p.token)
	switch {
	case p.state == lost:
		return rest.Gone("answer an interaction", "", rest.CodeUnknownInteraction)
	case p.state == deferred && !p.component && r.Private && !p.private && !(p.tried && p.announced):
		// Announced for everybody, and only for the asker: a message keeps who can see
		// it. Discord would also make the next message of the announcement, unless that
		// is withdrawn first (discord/discord-api-docs#2739). Where it may be the answer
		// that arrived and not the announcement, nothing is taken away.
		switch err := a.withdraw(ctx, p); {
		case err == nil:
			p.state = answered
			return a.answerOnce(ctx, p, r)
		case !errors.Is(err, bot.ErrGone) && !errors.Is(err, bot.ErrForbidden):
			return err
		}
		p.private = true // it stays, and everybody sees the answer: better than none
		return a.answerOnce(ctx, p, r)
	case p.state == deferred && (!p.component || r.Replace):
		// Of a command, the original is the announcement, and whether others see it
		// was settled with it; of a button, it is the message with the button.
		m.Flags &^= flagEphemeral
		_, err := a.rest.Do(ctx, rest.Call{Doing: "edit an announced answer", Method: "PATCH", Path: hook + "/messages/@original", Body: m, File: m.file, Secret: p.token})
		if err == nil {
			p.state = answered
		}
		return err
	default:
		m.Flags |= private
		_, err := a.rest.Do(ctx, rest.Call{Doing: "add to an answer", Method: "POST", Path: hook, Body: m, File: m.file, Secret: p.token})
		switch {
		case err == nil:
			p.state = answered
		case rest.Unsure(err): // these messages have no nonce
			return fmt.Errorf("%w: %w", err, bot.ErrUncertain)
		}
		return err
	}
}

// withdraw takes an announcement back. p's turn is held.
func (a *Adapter) withdraw(ctx context.Context, p *interaction) error {
	_, err := a.rest.Do(ctx, rest.Call{
		Doing: "withdraw an announcement", Method: "DELETE", Secret: p.token,
		Path: "/webhooks/" + p.app + "/" + url.PathEscape(p.token) + "/messages/@original",
	})
	if rest.HasCode(err, rest.CodeUnknownMessage) {
		return nil // by an attempt whose reply was lost, or by a moderator
	}
	return err
}

// answerFirst sends the direct answer. p's turn is held.
func (a *Adapter) answerFirst(ctx context.Context, p *interaction, c callback) error {
	again := p.tried
	m, _ := c.Data.(payload)
	withFile := m.file != nil // then it may be the file that is refused
	// One that hangs must not keep the announcement from going out in time.
	ctx, cancel := context.WithTimeout(ctx, max(a.timing.later-a.now().Sub(p.born), minAnswer))
	defer cancel()
	_, err := a.rest.Do(ctx, p.callback("answer an interaction", c))
	switch {
	case rest.HasCode(err, rest.CodeAcknowledged) && p.announced && !(again && p.component):
		// It was announced after all. If an answer arrived as well, its text takes
		// its own place; a button's would stand there twice.
		p.state = deferred
		a.interactions.stopTimer(p)
		return err
	case err == nil, again && rest.HasCode(err, rest.CodeAcknowledged):
		// After an attempt whose reply was lost, "already acknowledged" means that
		// it arrived.
		p.state = answered
		a.interactions.stopTimer(p)
		return nil
	case rest.HasCode(err, rest.CodeAcknowledged) && !a.cluster.Alone():
		// Another process has announced it, before it knew that this one has the claim. Only
		// who has it answers.
		p.state = deferred
		a.interactions.stopTimer(p)
		return err
	case rest.HasCode(err, rest.CodeAcknowledged):
		a.log.Warn("somebody else answered an interaction of this bot: is a second instance running with the same token?")
		p.state = lost
	case rest.HasCode(err, rest.CodeUnknownInteraction):
		p.state = lost
	case errors.Is(err, bot.ErrForbidden) && !withFile:
		// No attempt will do better, and an announcement would promise one.
	default:
		p.tried = p.tried || rest.MaybeArrived(err)
		return err
	}
	a.interactions.stopTimer(p)
	return err
}
