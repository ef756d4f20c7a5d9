package discord

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"footnote/bot"
	dt "footnote/bot/discord/discordtest"
	"footnote/bot/discord/rest"
	"footnote/bot/platform"
)

// ask asks by a command and returns its interaction and where to answer.
func (x *running) ask(command string) (id string, to bot.Address) {
	x.t.Helper()
	n := len(x.messages.All())
	id = x.server.Command("ann", "#forum", command, "question", "who?")
	return id, x.wait(n + 1)[n].To
}

const callbacks, hooks = "POST /interactions/", "/webhooks/"

// An answer that is ready goes out as one call.
func TestAnswersDirectly(t *testing.T) {
	t.Parallel()
	x := start(t, dt.Options{}, Config{})
	x.ready()
	_, to := x.ask("ask")
	x.ok(x.adapter.Send(x.ctx, to, text("he")))
	if p := x.posts(1)[0]; p.Text != "he" || p.Ephemeral || p.Channel != "#forum" {
		t.Errorf("%+v", p)
	}
	private := text("for you")
	private.Private = true
	x.ok(x.adapter.Send(x.ctx, to, private)) // a second message is a follow-up
	if p := x.posts(2)[1]; p.Text != "for you" || !p.Ephemeral || p.User != "ann" {
		t.Errorf("%+v", p)
	}
	if a, b := len(x.server.Calls(callbacks)), len(x.server.Calls("POST "+hooks)); a != 1 || b != 1 {
		t.Errorf("%d callbacks and %d follow-ups, want one each", a, b)
	}
}

// One that is not ready is announced in time, and comes later.
func TestAnnounces(t *testing.T) {
	t.Parallel()
	x := start(t, dt.Options{}, Config{}, func(x *running) { x.adapter.timing.later = 10 * time.Millisecond })
	x.ready()
	for _, command := range []string{"ask", "source"} {
		id, to := x.ask(command)
		x.ok(x.server.WaitAcknowledged(x.ctx, id))
		if thinking, _, ephemeral := x.server.Announced(id); !thinking || ephemeral != (command == "source") {
			t.Errorf("%s: thinking %v, only for the asker %v", command, thinking, ephemeral)
		}
		x.ok(x.adapter.Send(x.ctx, to, text("he, after all")))
	}
	for _, p := range x.posts(2) {
		if p.Text != "he, after all" || p.Edited {
			t.Errorf("%+v", p)
		}
	}
	if n := len(x.server.Calls("PATCH " + hooks)); n != 2 {
		t.Errorf("%d edits, want 2", n)
	}
	if len(x.server.Calls("PATCH "+hooks)) > 0 {
		if v := x.server.Calls("PATCH " + hooks)[0].Path; !strings.HasSuffix(v, "/messages/@original") {
			t.Errorf("edited %s", v)
		}
	}
}

// What only the asker should see is not shown to everybody for having come late.
func TestAnnouncedAnswerStaysPrivate(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault      func(*dt.Server)
		tries      int
		everybody  bool
		follow     int // further messages sent
		withdrawal int
	}{
		"at once":                       {func(*dt.Server) {}, 1, false, 1, 1},
		"withdrawn, but nobody says so": {func(s *dt.Server) { s.FailAfter("DELETE "+hooks, 1, dt.Cut()) }, 2, false, 1, 2},
		"not withdrawn yet":             {func(s *dt.Server) { s.Fail("DELETE "+hooks, 1, dt.HTML(502)) }, 2, false, 1, 2},
		"withdrawn, and then refused":   {func(s *dt.Server) { s.Fail("POST "+hooks, 1, dt.HTML(502)) }, 2, false, 2, 1},
		"not to be withdrawn":           {func(s *dt.Server) { s.Fail("DELETE "+hooks, 1, dt.Refuse(403, 50013, "Missing Permissions")) }, 1, true, 0, 1},
	} {
		x := start(t, dt.Options{}, Config{}, func(x *running) { x.adapter.timing.later = time.Millisecond })
		x.ready()
		id, to := x.ask("ask")
		x.ok(x.server.WaitAcknowledged(x.ctx, id))
		c.fault(x.server)
		miss := text("I have no answer to that.")
		miss.Private = true
		for i := range c.tries {
			err := x.adapter.Send(x.ctx, to, miss)
			if (err == nil) != (i == c.tries-1) || err != nil && strings.Contains(err.Error(), x.server.InteractionToken(id)) {
				t.Errorf("%s: try %d: %v", name, i+1, err)
			}
		}
		p := x.posts(1)
		if thinking, _, _ := x.server.Announced(id); len(p) != 1 || p[0].Ephemeral == c.everybody || thinking {
			t.Errorf("%s: %+v, thinking %v", name, p, thinking)
		}
		if a, b := len(x.server.Calls("DELETE "+hooks)), len(x.server.Calls("POST "+hooks)); a != c.withdrawal || b != c.follow {
			t.Errorf("%s: %d withdrawals and %d messages, want %d and %d", name, a, b, c.withdrawal, c.follow)
		}
	}
}

// A button whose answer is late is acknowledged without a sign, and its answer is
// a message of its own, private or not as the bot says.
func TestAnnouncesButton(t *testing.T) {
	t.Parallel()
	x := start(t, dt.Options{}, Config{}, func(x *running) { x.adapter.timing.later = 10 * time.Millisecond })
	x.ready()
	r := text("choose")
	r.Buttons = []bot.Button{{Label: "Source", Action: "s:x"}}
	x.server.DM("ann", "who?")
	x.ok(x.adapter.Send(x.ctx, x.wait(1)[0].To, r))
	id, err := x.server.Press("bob", x.posts(1)[0], "Source")
	x.ok(err)
	m := x.wait(2)[1]
	if m.Action != "s:x" {
		t.Errorf("action %q", m.Action)
	}
	x.ok(x.server.WaitAcknowledged(x.ctx, id))
	if thinking, _, _ := x.server.Announced(id); thinking {
		t.Error("a button shows thinking…")
	}
	for i, private := range []bool{true, false} {
		r := text("the source")
		r.Private = private
		x.ok(x.adapter.Send(x.ctx, m.To, r))
		if p := x.posts(2 + i)[1+i]; p.Ephemeral != private || p.Edited {
			t.Errorf("%+v", p)
		}
	}
}

// Answers of different people do not wait for each other.
func TestAnswersAtTheSameTime(t *testing.T) {
	t.Parallel()
	const n = 8
	x := start(t, dt.Options{}, Config{}, func(x *running) { x.adapter.timing.later = time.Millisecond })
	x.ready()
	var to []bot.Address
	for range n {
		id, at := x.ask("ask")
		x.ok(x.server.WaitAcknowledged(x.ctx, id))
		to = append(to, at)
	}
	// Every edit waits in the server until all of them are there.
	all := make(chan struct{}, n)
	together := make(chan struct{})
	go func() {
		defer close(together)
		for range n {
			select {
			case <-all:
			case <-x.ctx.Done():
				return
			}
		}
	}()
	x.server.Fail("PATCH "+hooks, n, func(w http.ResponseWriter, _ *http.Request) {
		all <- struct{}{}
		<-together
		_, _ = w.Write([]byte("{}"))
	})
	errs := make(chan error, n)
	for i := range n {
		go func() { errs <- x.adapter.Send(x.ctx, to[i], text("he")) }()
	}
	for range n {
		x.ok(<-errs)
	}
}

// What became of the first answer decides about the next.
func TestAnswerLost(t *testing.T) {
	t.Parallel()
	x := start(t, dt.Options{}, Config{})
	x.ready()

	_, to := x.ask("ask") // carried out, but the bot does not know
	x.server.FailAfter(callbacks, 1, dt.Cut())
	if err := x.adapter.Send(x.ctx, to, text("one")); err == nil || errors.Is(err, bot.ErrGone) {
		t.Errorf("a lost answer: %v", err)
	}
	x.ok(x.adapter.Send(x.ctx, to, text("one")))
	x.posts(1)

	_, to = x.ask("ask") // not carried out
	x.server.Fail(callbacks, 1, dt.HTML(502))
	if err := x.adapter.Send(x.ctx, to, text("two")); err == nil {
		t.Error("a failed answer has no error")
	}
	x.ok(x.adapter.Send(x.ctx, to, text("two")))
	if p := x.posts(2); len(p) != 2 || p[0].Text != "one" || p[1].Text != "two" {
		t.Errorf("shown %+v", p)
	}

	_, to = x.ask("ask") // somebody else answered
	x.server.Fail(callbacks, 1, dt.Refuse(400, rest.CodeAcknowledged, "Interaction has already been acknowledged."))
	if err := x.adapter.Send(x.ctx, to, text("three")); !errors.Is(err, bot.ErrGone) {
		t.Errorf("somebody else answered: %v", err)
	}
	x.expectLog("second instance")
	if err := x.adapter.Send(x.ctx, to, text("three")); !errors.Is(err, bot.ErrGone) {
		t.Errorf("and again: %v", err)
	}

	_, to = x.ask("ask") // too late
	x.server.Fail(callbacks, 1, dt.Refuse(404, rest.CodeUnknownInteraction, "Unknown interaction"))
	if err := x.adapter.Send(x.ctx, to, text("four")); !errors.Is(err, bot.ErrGone) {
		t.Errorf("too late: %v", err)
	}
}

// An announcement whose reply was lost stands there as "thinking…" until the answer
// takes its place: "already acknowledged" is then our own doing, not a second instance's.
func TestAnnouncementLost(t *testing.T) {
	t.Parallel()
	x := start(t, dt.Options{}, Config{}, func(x *running) { x.adapter.timing.later = 10 * time.Millisecond })
	x.ready()
	x.server.FailAfter(callbacks, 1, dt.Cut())
	id, to := x.ask("ask")
	x.ok(x.server.WaitAcknowledged(x.ctx, id))
	x.log.Wait(t, "could not be announced")
	x.ok(x.adapter.Send(x.ctx, to, text("he, after all")))
	if thinking, _, _ := x.server.Announced(id); thinking {
		t.Error("still thinking")
	}
	if p := x.posts(1); len(p) != 1 || p[0].Text != "he, after all" {
		t.Errorf("shown %+v", p)
	}
}

// An answer whose reply was lost is not taken for an announcement when its time to be
// announced comes: what the bot then sends again would stand there twice.
func TestLostAnswerIsNotAnnounced(t *testing.T) {
	t.Parallel()
	x := start(t, dt.Options{}, Config{}, func(x *running) { x.adapter.timing.later = time.Hour })
	x.ready()
	x.server.Act(dt.Acted{From: "ann", Channel: "#forum", Type: 3, Data: map[string]any{"custom_id": "fn1:1s:x", "component_type": 2}})
	x.ask("ask")
	for i, m := range x.wait(2) {
		x.server.FailAfter(callbacks, 1, dt.Cut())
		if err := x.adapter.Send(x.ctx, m.To, text("one")); err == nil {
			t.Fatal("a lost answer has no error")
		}
		x.adapter.acknowledge(x.ctx, x.adapter.interactions.get(mustHandle(m.To)))
		x.ok(x.adapter.Send(x.ctx, m.To, text("one")))
		if p := x.posts(i + 1); len(p) != i+1 {
			t.Errorf("shown %+v", p)
		}
	}
}

// Where nobody knows whether the answer arrived or its announcement, the answer takes its
// own place, and is not taken away.
func TestPrivateAnswerOrAnnouncementLost(t *testing.T) {
	t.Parallel()
	x := start(t, dt.Options{}, Config{}, func(x *running) { x.adapter.timing.later = time.Hour })
	x.ready()
	_, to := x.ask("ask")
	miss := text("I have no answer to that.")
	miss.Private = true
	x.server.FailAfter(callbacks, 1, dt.Cut())
	if err := x.adapter.Send(x.ctx, to, miss); err == nil {
		t.Fatal("a lost answer has no error")
	}
	x.server.Fail(callbacks, 1, dt.Cut())
	x.adapter.acknowledge(x.ctx, x.adapter.interactions.get(mustHandle(to)))
	x.ok(x.adapter.Send(x.ctx, to, miss))
	if p := x.posts(2); len(p) != 2 || !p[0].Ephemeral || !p[1].Edited || p[1].ID != p[0].ID || len(x.server.Calls("DELETE "+hooks)) > 0 {
		t.Errorf("shown %+v", p)
	}
}

// What Discord will never take is not announced: it shows at once that nothing comes, and
// not for a quarter of an hour that something does.
func TestRefusedAnswerIsNotAnnounced(t *testing.T) {
	t.Parallel()
	x := start(t, dt.Options{}, Config{}, func(x *running) { x.adapter.timing.later = time.Hour })
	x.ready()
	_, to := x.ask("ask")
	x.server.Fail(callbacks, 1, dt.Refuse(400, rest.CodeInvalidForm, "Invalid Form Body"))
	if err := x.adapter.Send(x.ctx, to, text("he")); !errors.Is(err, bot.ErrForbidden) {
		t.Errorf("refused: %v", err)
	}
	x.ok(x.stop()) // those that wait are announced now
	if n := len(x.server.Calls(callbacks)); n != 1 {
		t.Errorf("%d calls, want the answer alone", n)
	}
}

// A direct answer that hangs, on a connection that died unnoticed, makes room in time
// for the announcement, and comes after it.
func TestStuckAnswerIsAnnounced(t *testing.T) {
	t.Parallel()
	x := start(t, dt.Options{}, Config{}, func(x *running) { x.adapter.timing.later = time.Second })
	x.ready()
	x.server.Fail(callbacks, 1, x.server.Hang())
	id, to := x.ask("ask")
	if err := x.adapter.Send(x.ctx, to, text("he")); err == nil || errors.Is(err, bot.ErrGone) {
		t.Errorf("it hangs: %v", err)
	}
	x.ok(x.server.WaitAcknowledged(x.ctx, id))
	x.ok(x.adapter.Send(x.ctx, to, text("he")))
	if p := x.posts(1); len(p) != 1 || p[0].Text != "he" {
		t.Errorf("shown %+v", p)
	}
}

// A further message of an interaction has no nonce: one that may have arrived must
// not be repeated.
func TestFollowUpLost(t *testing.T) {
	t.Parallel()
	x := start(t, dt.Options{}, Config{})
	x.ready()
	_, to := x.ask("ask")
	x.ok(x.adapter.Send(x.ctx, to, text("one")))
	x.server.FailAfter("POST "+hooks, 1, dt.Cut())
	if err := x.adapter.Send(x.ctx, to, text("two")); !errors.Is(err, bot.ErrUncertain) {
		t.Errorf("a lost follow-up: %v", err)
	}
	x.server.Fail("POST "+hooks, 1, dt.HTML(502))
	if err := x.adapter.Send(x.ctx, to, text("three")); err == nil || errors.Is(err, bot.ErrUncertain) {
		t.Errorf("a refused follow-up: %v", err)
	}
}

// After fifteen minutes nothing is even tried; an interaction that was forgotten
// is answered by a further message as long as its token lives.
func TestOldInteractions(t *testing.T) {
	t.Parallel()
	x := start(t, dt.Options{}, Config{})
	x.ready()
	_, to := x.ask("ask")
	x.ok(x.adapter.Send(x.ctx, to, text("one")))
	x.adapter.interactions.mu.Lock()
	x.adapter.interactions.byID = map[string]*interaction{}
	x.adapter.interactions.mu.Unlock()
	x.ok(x.adapter.Send(x.ctx, to, text("two")))
	x.posts(2)

	h := mustHandle(to)
	h.id = strconv.FormatInt((time.Now().Add(-15*time.Minute).UnixMilli()-discordEpoch)<<22, 10)
	old := bot.Address{Conversation: bot.In(Platform, to.Chat), Handle: bot.Handle(strings.Join([]string{h.id, h.app, "c", h.token}, " "))}
	calls := len(x.server.Calls("POST "))
	if err := x.adapter.Send(x.ctx, old, text("x")); !errors.Is(err, bot.ErrGone) || len(x.server.Calls("POST ")) != calls {
		t.Errorf("after fifteen minutes: %v", err)
	}
}

// At the end of Run, those who wait are told, and their answers still come.
func TestAnnouncesAtTheEnd(t *testing.T) {
	t.Parallel()
	x := start(t, dt.Options{}, Config{}, func(x *running) { x.adapter.timing.later = time.Hour })
	x.ready()
	id, to := x.ask("ask")
	if err := x.stop(); err != nil {
		t.Fatal(err)
	}
	if thinking, _, _ := x.server.Announced(id); !thinking {
		t.Error("the asker was not told")
	}
	x.ok(x.adapter.Send(x.ctx, to, text("he")))
	x.posts(1)
}

// A bot that is full for long turns people away and says so, in the words that it is given; the
// connection lives.
func TestBusy(t *testing.T) {
	t.Parallel()
	words := func(lang string) string { return "busy in " + lang }
	x := prepare(t, dt.Options{}, Config{Busy: words}, func(x *running) {
		x.adapter.timing.stall = time.Millisecond
		x.adapter.queueSize = 4
	})
	entered := make(chan struct{}, 100)
	x.start(func(ctx context.Context, m bot.Message) error {
		entered <- struct{}{}
		<-ctx.Done()
		return ctx.Err()
	})
	x.ready()
	x.server.DM("ann", "the one that is being answered")
	<-entered
	for i := range 4 {
		x.server.DM("ann", fmt.Sprint(i))
	}
	x.server.DM("ann", "too many")
	x.server.Command("bob", "#forum", "ask", "question", "who?")
	p := x.posts(1)[0]
	if p.Text != "busy in en-GB" || !p.Ephemeral || p.User != "bob" {
		t.Errorf("%+v", p)
	}
	if err := x.stop(); err != nil {
		t.Fatal(err)
	}
	x.expectLog("events were not answered")
}

// A command that the bot leaves out is turned away, announced or not; what comes
// after it is delivered.
func TestLeftOutCommand(t *testing.T) {
	t.Parallel()
	for _, late := range []bool{false, true} {
		x := prepare(t, dt.Options{}, Config{}, func(x *running) {
			if late {
				x.adapter.timing.later = time.Millisecond
			}
		})
		x.start(func(ctx context.Context, m bot.Message) error {
			if m.Command == "" {
				return x.messages.Collect(ctx, m)
			}
			if late {
				h, _ := parseHandle(m.To.Handle)
				_ = x.server.WaitAcknowledged(x.ctx, h.id)
			}
			return bot.ErrBusy
		})
		x.ready()
		x.server.Command("bob", "#forum", "ask", "question", "who?")
		if p := x.posts(1)[0]; p.Text != busy("en") || !p.Ephemeral || p.User != "bob" {
			t.Errorf("late %v: %+v", late, p)
		}
		x.expectAlive("the next")
	}
}

// suggester completes everything with the same.
type suggester func(command, text, lang string, n int) []bot.Completion

func (f suggester) Suggest(command, text, lang string, n int) []bot.Completion {
	return f(command, text, lang, n)
}

func TestCompletes(t *testing.T) {
	t.Parallel()
	many := suggester(func(command, text, lang string, n int) []bot.Completion {
		var out []bot.Completion
		switch text {
		case "none":
		case "panic":
			panic("boom over " + text)
		default:
			out = append(out, bot.Completion{Label: command + " " + text + " " + lang, Value: "id"},
				bot.Completion{Label: strings.Repeat("ж", 200), Value: "long"}, bot.Completion{Label: "", Value: "x"}, bot.Completion{Label: "x", Value: ""},
				bot.Completion{Label: "x", Value: strings.Repeat("v", 101)})
			for i := range 2 * n {
				out = append(out, bot.Completion{Label: fmt.Sprint(i), Value: fmt.Sprint(i)})
			}
		}
		return out
	})
	x := start(t, dt.Options{}, Config{Suggester: many})
	x.ready()
	got, err := x.server.WaitChoices(x.ctx, x.server.Complete("ann", "#forum", "ask", "question", "khru"))
	x.ok(err)
	if len(got) != maxChoices || got[0] != (dt.Choice{Name: "ask khru en-GB", Value: "id"}) || got[1].Value != "long" || platform.UTF16Len(got[1].Name) != maxChoiceText {
		t.Errorf("completions %+v", got)
	}
	x.server.Complete("ann", "", "ask", "question", "panic")
	got, err = x.server.WaitChoices(x.ctx, x.server.Complete("ann", "", "ask", "question", "none"))
	x.ok(err)
	if len(got) != 0 {
		t.Errorf("completions of nothing: %+v", got)
	}
	x.log.Wait(t, "could not be served")
	if x.log.Says("boom over") {
		t.Error("the log holds what somebody typed")
	}
	x.server.Fail(callbacks, 1, dt.HTML(502))
	x.server.Complete("ann", "", "ask", "question", "failing")
	x.expectAlive("still here")
}

// Whoever types, or a program in a person's name, may ask for completions without
// end, and each may hang: others are completed all the same.
func TestTypingFlood(t *testing.T) {
	t.Parallel()
	one := suggester(func(command, text, lang string, n int) []bot.Completion {
		return []bot.Completion{{Label: text, Value: "id"}}
	})
	x := start(t, dt.Options{}, Config{Suggester: one})
	x.ready()
	const most = 4 // of one person
	x.server.Fail(callbacks, most, x.server.Hang())
	for range 10 * maxBackground {
		x.server.Complete("mallory", "#forum", "ask", "question", "m")
	}
	x.ok(x.server.WaitCalls(x.ctx, callbacks, most))
	x.expectAlive("everything before was read")
	got, err := x.server.WaitChoices(x.ctx, x.server.Complete("ann", "#forum", "ask", "question", "khru"))
	x.ok(err)
	if len(got) != 1 || got[0].Name != "khru" {
		t.Errorf("completions %+v", got)
	}
	if n := len(x.server.Calls(callbacks)); n > maxBackground { // those that hang are given up in time, on a slow machine meanwhile
		t.Errorf("%d completions were answered or tried, want %d", n, most+1)
	}
}

// Discord may send an event several times.
func TestDuplicateEvents(t *testing.T) {
	t.Parallel()
	x := start(t, dt.Options{}, Config{})
	x.ready()
	id, to := x.ask("ask")
	x.ok(x.server.Redeliver(id))
	if again := x.wait(2)[1]; again.ID != bot.MessageID(id) || again.To != to {
		t.Errorf("the same event came as %+v", again)
	}
	x.ok(x.adapter.Send(x.ctx, to, text("he")))
	x.posts(1)
}

// Live events with what discordgo cannot decode.
func TestUnknownComponents(t *testing.T) {
	t.Parallel()
	x := start(t, dt.Options{}, Config{})
	x.ready()
	odd := []any{map[string]any{"type": 20, "id": 1}, map[string]any{"type": 1, "components": []any{map[string]any{"type": 99}}}}
	x.server.Say(dt.Said{From: "ann", Text: "one", Extra: map[string]any{"components": odd}})
	x.server.Act(dt.Acted{From: "ann", Channel: "#forum", Type: 3, Data: map[string]any{"custom_id": "fn1:two", "component_type": 2},
		Extra: map[string]any{"message": map[string]any{"id": "5", "components": odd}}})
	x.server.OnMessage("ann", "#forum", "Check with Footnote", "three")
	got := x.wait(3)
	if got[0].Text != "one" || got[1].Action != "two" || got[2].Command != "check" || got[2].Text != "three" {
		t.Errorf("%+v", got)
	}
}

// A page takes the place of the one before it, at once or late; its old buttons go.
func TestReplaces(t *testing.T) {
	t.Parallel()
	for _, late := range []bool{false, true} {
		x := start(t, dt.Options{}, Config{}, func(x *running) {
			if late {
				x.adapter.timing.later = time.Millisecond
			}
		})
		x.ready()
		page := text("page 1")
		page.Buttons = []bot.Button{{Label: "Next", Action: "p:2"}}
		x.server.DM("ann", "/topics")
		x.ok(x.adapter.Send(x.ctx, x.wait(1)[0].To, page))
		first := x.posts(1)[0]
		id, err := x.server.Press("ann", first, "Next")
		x.ok(err)
		to := x.wait(2)[1].To
		if late {
			x.ok(x.server.WaitAcknowledged(x.ctx, id))
		}
		next := text("page 2")
		next.Replace, next.Private = true, true
		x.ok(x.adapter.Send(x.ctx, to, next))
		if p := x.posts(2)[1]; p.Text != "page 2" || !p.Edited || p.ID != first.ID || len(p.Buttons) > 0 || p.Ephemeral {
			t.Errorf("late %v: %+v", late, p)
		}
	}
}

// Nothing grows with the number of interactions.
func TestBoundedMemory(t *testing.T) {
	t.Parallel()
	now := time.Unix(1e9, 0)
	ps := newInteractions(time.Hour, func() time.Time { return now })
	full := 0
	for i := range 3 * maxInteractions {
		if _, _, f := ps.add(handle{id: fmt.Sprint(i)}, false, func(*interaction) {}); f {
			full++
		}
	}
	if len(ps.byID) > maxInteractions || len(ps.ids) > maxInteractions || full != 2*maxInteractions {
		t.Errorf("%d interactions remembered, %d turned away", len(ps.byID), full)
	}
	now = now.Add(2 * time.Hour) // all are forgotten, and there is room
	if _, _, f := ps.add(handle{id: "x"}, false, func(*interaction) {}); f || len(ps.byID) != 1 || len(ps.ids) != 1 {
		t.Errorf("after expiry: full %v, %d remembered", f, len(ps.byID))
	}
	ps.flush(func(*interaction) {})
}
