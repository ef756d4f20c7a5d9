package discord

import (
	"bytes"
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
)

// ask asks by a command and returns its interaction and where to answer.
func (x *scene) ask(command string) (id string, to bot.Address) {
	x.t.Helper()
	x.mu.Lock()
	n := len(x.got)
	x.mu.Unlock()
	id = x.s.Command("ann", "#forum", command, "question", "who?")
	return id, x.wait(n + 1)[n].To
}

const callbacks, hooks = "POST /interactions/", "/webhooks/"

// An answer that is ready goes out as one call.
func TestAnswersDirectly(t *testing.T) {
	t.Parallel()
	x := play(t, dt.Knobs{}, Config{})
	x.ready()
	_, to := x.ask("ask")
	x.ok(x.a.Send(x.ctx, to, text("he")))
	if p := x.posts(1)[0]; p.Text != "he" || p.Ephemeral || p.Channel != "#forum" {
		t.Errorf("%+v", p)
	}
	private := text("for you")
	private.Private = true
	x.ok(x.a.Send(x.ctx, to, private)) // a second message is a follow-up
	if p := x.posts(2)[1]; p.Text != "for you" || !p.Ephemeral || p.User != "ann" {
		t.Errorf("%+v", p)
	}
	if a, b := len(x.s.Calls(callbacks)), len(x.s.Calls("POST "+hooks)); a != 1 || b != 1 {
		t.Errorf("%d callbacks and %d follow-ups, want one each", a, b)
	}
}

// One that is not ready is announced in time, and comes later.
func TestAnnounces(t *testing.T) {
	t.Parallel()
	x := play(t, dt.Knobs{}, Config{}, func(x *scene) { x.a.timing.later = 10 * time.Millisecond })
	x.ready()
	for _, command := range []string{"ask", "source"} {
		id, to := x.ask(command)
		x.ok(x.s.WaitAcknowledged(x.ctx, id))
		if thinking, _, ephemeral := x.s.Announced(id); !thinking || ephemeral != (command == "source") {
			t.Errorf("%s: thinking %v, only for the asker %v", command, thinking, ephemeral)
		}
		x.ok(x.a.Send(x.ctx, to, text("he, after all")))
	}
	for _, p := range x.posts(2) {
		if p.Text != "he, after all" || p.Edited {
			t.Errorf("%+v", p)
		}
	}
	if n := len(x.s.Calls("PATCH " + hooks)); n != 2 {
		t.Errorf("%d edits, want 2", n)
	}
	if len(x.s.Calls("PATCH "+hooks)) > 0 {
		if v := x.s.Calls("PATCH " + hooks)[0].Path; !strings.HasSuffix(v, "/messages/@original") {
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
		x := play(t, dt.Knobs{}, Config{}, func(x *scene) { x.a.timing.later = time.Millisecond })
		x.ready()
		id, to := x.ask("ask")
		x.ok(x.s.WaitAcknowledged(x.ctx, id))
		c.fault(x.s)
		miss := text("I have no answer to that.")
		miss.Private = true
		for i := range c.tries {
			err := x.a.Send(x.ctx, to, miss)
			if (err == nil) != (i == c.tries-1) || err != nil && strings.Contains(err.Error(), x.s.InteractionToken(id)) {
				t.Errorf("%s: try %d: %v", name, i+1, err)
			}
		}
		p := x.posts(1)
		if thinking, _, _ := x.s.Announced(id); len(p) != 1 || p[0].Ephemeral == c.everybody || thinking {
			t.Errorf("%s: %+v, thinking %v", name, p, thinking)
		}
		if a, b := len(x.s.Calls("DELETE "+hooks)), len(x.s.Calls("POST "+hooks)); a != c.withdrawal || b != c.follow {
			t.Errorf("%s: %d withdrawals and %d messages, want %d and %d", name, a, b, c.withdrawal, c.follow)
		}
	}
}

// A button whose answer is late is acknowledged without a sign, and its answer is
// a message of its own, private or not as the bot says.
func TestAnnouncesButton(t *testing.T) {
	t.Parallel()
	x := play(t, dt.Knobs{}, Config{}, func(x *scene) { x.a.timing.later = 10 * time.Millisecond })
	x.ready()
	r := text("choose")
	r.Buttons = []bot.Button{{Label: "Source", Action: "s:x"}}
	x.s.DM("ann", "who?")
	x.ok(x.a.Send(x.ctx, x.wait(1)[0].To, r))
	id, err := x.s.Press("bob", x.posts(1)[0], "Source")
	x.ok(err)
	m := x.wait(2)[1]
	if m.Action != "s:x" {
		t.Errorf("action %q", m.Action)
	}
	x.ok(x.s.WaitAcknowledged(x.ctx, id))
	if thinking, _, _ := x.s.Announced(id); thinking {
		t.Error("a button shows thinking…")
	}
	for i, private := range []bool{true, false} {
		r := text("the source")
		r.Private = private
		x.ok(x.a.Send(x.ctx, m.To, r))
		if p := x.posts(2 + i)[1+i]; p.Ephemeral != private || p.Edited {
			t.Errorf("%+v", p)
		}
	}
}

// R1, R2: answers of different people do not wait for each other.
func TestAnswersAtTheSameTime(t *testing.T) {
	t.Parallel()
	const n = 8
	x := play(t, dt.Knobs{}, Config{}, func(x *scene) { x.a.timing.later = time.Millisecond })
	x.ready()
	var to []bot.Address
	for range n {
		id, at := x.ask("ask")
		x.ok(x.s.WaitAcknowledged(x.ctx, id))
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
	x.s.Fail("PATCH "+hooks, n, func(w http.ResponseWriter, _ *http.Request) {
		all <- struct{}{}
		<-together
		_, _ = w.Write([]byte("{}"))
	})
	errs := make(chan error, n)
	for i := range n {
		go func() { errs <- x.a.Send(x.ctx, to[i], text("he")) }()
	}
	for range n {
		x.ok(<-errs)
	}
}

// What became of the first answer decides about the next.
func TestAnswerLost(t *testing.T) {
	t.Parallel()
	x := play(t, dt.Knobs{}, Config{})
	x.ready()

	_, to := x.ask("ask") // carried out, but the bot does not know
	x.s.FailAfter(callbacks, 1, dt.Cut())
	if err := x.a.Send(x.ctx, to, text("one")); err == nil || errors.Is(err, bot.ErrGone) {
		t.Errorf("a lost answer: %v", err)
	}
	x.ok(x.a.Send(x.ctx, to, text("one")))
	x.posts(1)

	_, to = x.ask("ask") // not carried out
	x.s.Fail(callbacks, 1, dt.HTML(502))
	if err := x.a.Send(x.ctx, to, text("two")); err == nil {
		t.Error("a failed answer has no error")
	}
	x.ok(x.a.Send(x.ctx, to, text("two")))
	if p := x.posts(2); len(p) != 2 || p[0].Text != "one" || p[1].Text != "two" {
		t.Errorf("shown %+v", p)
	}

	_, to = x.ask("ask") // somebody else answered
	x.s.Fail(callbacks, 1, dt.Refuse(400, codeAcknowledged, "Interaction has already been acknowledged."))
	if err := x.a.Send(x.ctx, to, text("three")); !errors.Is(err, bot.ErrGone) {
		t.Errorf("somebody else answered: %v", err)
	}
	x.expectLog("second instance")
	if err := x.a.Send(x.ctx, to, text("three")); !errors.Is(err, bot.ErrGone) {
		t.Errorf("and again: %v", err)
	}

	_, to = x.ask("ask") // too late
	x.s.Fail(callbacks, 1, dt.Refuse(404, codeUnknownInteraction, "Unknown interaction"))
	if err := x.a.Send(x.ctx, to, text("four")); !errors.Is(err, bot.ErrGone) {
		t.Errorf("too late: %v", err)
	}
}

// An announcement whose reply was lost stands there as "thinking…" until the answer
// takes its place: "already acknowledged" is then our own doing, not a second instance's.
func TestAnnouncementLost(t *testing.T) {
	t.Parallel()
	x := play(t, dt.Knobs{}, Config{}, func(x *scene) { x.a.timing.later = 10 * time.Millisecond })
	x.ready()
	x.s.FailAfter(callbacks, 1, dt.Cut())
	id, to := x.ask("ask")
	x.ok(x.s.WaitAcknowledged(x.ctx, id))
	x.waitLog("could not be announced")
	x.ok(x.a.Send(x.ctx, to, text("he, after all")))
	if thinking, _, _ := x.s.Announced(id); thinking {
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
	x := play(t, dt.Knobs{}, Config{}, func(x *scene) { x.a.timing.later = time.Hour })
	x.ready()
	x.s.Act(dt.Acted{From: "ann", Channel: "#forum", Type: 3, Data: map[string]any{"custom_id": "fn1:1s:x", "component_type": 2}})
	x.ask("ask")
	for i, m := range x.wait(2) {
		x.s.FailAfter(callbacks, 1, dt.Cut())
		if err := x.a.Send(x.ctx, m.To, text("one")); err == nil {
			t.Fatal("a lost answer has no error")
		}
		x.a.acknowledge(x.ctx, x.a.pending.get(mustHandle(m.To)))
		x.ok(x.a.Send(x.ctx, m.To, text("one")))
		if p := x.posts(i + 1); len(p) != i+1 {
			t.Errorf("shown %+v", p)
		}
	}
}

// Where nobody knows whether the answer arrived or its announcement, the answer takes its
// own place, and is not taken away.
func TestPrivateAnswerOrAnnouncementLost(t *testing.T) {
	t.Parallel()
	x := play(t, dt.Knobs{}, Config{}, func(x *scene) { x.a.timing.later = time.Hour })
	x.ready()
	_, to := x.ask("ask")
	miss := text("I have no answer to that.")
	miss.Private = true
	x.s.FailAfter(callbacks, 1, dt.Cut())
	if err := x.a.Send(x.ctx, to, miss); err == nil {
		t.Fatal("a lost answer has no error")
	}
	x.s.Fail(callbacks, 1, dt.Cut())
	x.a.acknowledge(x.ctx, x.a.pending.get(mustHandle(to)))
	x.ok(x.a.Send(x.ctx, to, miss))
	if p := x.posts(2); len(p) != 2 || !p[0].Ephemeral || !p[1].Edited || p[1].ID != p[0].ID || len(x.s.Calls("DELETE "+hooks)) > 0 {
		t.Errorf("shown %+v", p)
	}
}

// What Discord will never take is not announced: it shows at once that nothing comes, and
// not for a quarter of an hour that something does.
func TestRefusedAnswerIsNotAnnounced(t *testing.T) {
	t.Parallel()
	x := play(t, dt.Knobs{}, Config{}, func(x *scene) { x.a.timing.later = time.Hour })
	x.ready()
	_, to := x.ask("ask")
	x.s.Fail(callbacks, 1, dt.Refuse(400, codeInvalidForm, "Invalid Form Body"))
	if err := x.a.Send(x.ctx, to, text("he")); !errors.Is(err, bot.ErrForbidden) {
		t.Errorf("refused: %v", err)
	}
	x.ok(x.end()) // those that wait are announced now
	if n := len(x.s.Calls(callbacks)); n != 1 {
		t.Errorf("%d calls, want the answer alone", n)
	}
}

// A direct answer that hangs, on a connection that died unnoticed, makes room in time
// for the announcement, and comes after it.
func TestStuckAnswerIsAnnounced(t *testing.T) {
	t.Parallel()
	x := play(t, dt.Knobs{}, Config{}, func(x *scene) { x.a.timing.later = time.Second })
	x.ready()
	x.s.Fail(callbacks, 1, x.s.Hang())
	id, to := x.ask("ask")
	if err := x.a.Send(x.ctx, to, text("he")); err == nil || errors.Is(err, bot.ErrGone) {
		t.Errorf("it hangs: %v", err)
	}
	x.ok(x.s.WaitAcknowledged(x.ctx, id))
	x.ok(x.a.Send(x.ctx, to, text("he")))
	if p := x.posts(1); len(p) != 1 || p[0].Text != "he" {
		t.Errorf("shown %+v", p)
	}
}

// A further message of an interaction has no nonce: one that may have arrived must
// not be repeated.
func TestFollowUpLost(t *testing.T) {
	t.Parallel()
	x := play(t, dt.Knobs{}, Config{})
	x.ready()
	_, to := x.ask("ask")
	x.ok(x.a.Send(x.ctx, to, text("one")))
	x.s.FailAfter("POST "+hooks, 1, dt.Cut())
	if err := x.a.Send(x.ctx, to, text("two")); !errors.Is(err, bot.ErrUnsure) {
		t.Errorf("a lost follow-up: %v", err)
	}
	x.s.Fail("POST "+hooks, 1, dt.HTML(502))
	if err := x.a.Send(x.ctx, to, text("three")); err == nil || errors.Is(err, bot.ErrUnsure) {
		t.Errorf("a refused follow-up: %v", err)
	}
}

// After fifteen minutes nothing is even tried; an interaction that was forgotten
// is answered by a further message as long as its token lives.
func TestOldInteractions(t *testing.T) {
	t.Parallel()
	x := play(t, dt.Knobs{}, Config{})
	x.ready()
	_, to := x.ask("ask")
	x.ok(x.a.Send(x.ctx, to, text("one")))
	x.a.pending.mu.Lock()
	x.a.pending.byID = map[string]*pending{}
	x.a.pending.mu.Unlock()
	x.ok(x.a.Send(x.ctx, to, text("two")))
	x.posts(2)

	h := mustHandle(to)
	h.id = strconv.FormatInt((time.Now().Add(-15*time.Minute).UnixMilli()-discordEpoch)<<22, 10)
	old := bot.Address{Conversation: bot.In(Platform, to.Chat), Handle: bot.Handle(strings.Join([]string{h.id, h.app, "c", h.token}, " "))}
	calls := len(x.s.Calls("POST "))
	if err := x.a.Send(x.ctx, old, text("x")); !errors.Is(err, bot.ErrGone) || len(x.s.Calls("POST ")) != calls {
		t.Errorf("after fifteen minutes: %v", err)
	}
}

// At the end of Run, those who wait are told, and their answers still come.
func TestAnnouncesAtTheEnd(t *testing.T) {
	t.Parallel()
	x := play(t, dt.Knobs{}, Config{}, func(x *scene) { x.a.timing.later = time.Hour })
	x.ready()
	id, to := x.ask("ask")
	if err := x.end(); err != nil {
		t.Fatal(err)
	}
	if thinking, _, _ := x.s.Announced(id); !thinking {
		t.Error("the asker was not told")
	}
	x.ok(x.a.Send(x.ctx, to, text("he")))
	x.posts(1)
}

// A bot that is full for long turns people away and says so; the connection lives.
func TestBusy(t *testing.T) {
	t.Parallel()
	x := prepare(t, dt.Knobs{}, Config{}, func(x *scene) {
		x.a.timing.stall = time.Millisecond
		x.a.queueSize = 4
	})
	entered := make(chan struct{}, 100)
	x.run(func(ctx context.Context, m bot.Message) error {
		entered <- struct{}{}
		<-ctx.Done()
		return ctx.Err()
	})
	x.ready()
	x.s.DM("ann", "the one that is being answered")
	<-entered
	for i := range 4 {
		x.s.DM("ann", fmt.Sprint(i))
	}
	x.s.DM("ann", "too many")
	x.s.Command("bob", "#forum", "ask", "question", "who?")
	p := x.posts(1)[0]
	if p.Text != busy("en") || !p.Ephemeral || p.User != "bob" {
		t.Errorf("%+v", p)
	}
	if err := x.end(); err != nil {
		t.Fatal(err)
	}
	x.expectLog("events were not answered")
}

// A command that the bot leaves out is turned away, announced or not; what comes
// after it is delivered.
func TestLeftOutCommand(t *testing.T) {
	t.Parallel()
	for _, late := range []bool{false, true} {
		x := prepare(t, dt.Knobs{}, Config{}, func(x *scene) {
			if late {
				x.a.timing.later = time.Millisecond
			}
		})
		x.run(func(ctx context.Context, m bot.Message) error {
			if m.Command == "" {
				return x.collect(ctx, m)
			}
			if late {
				h, _ := parseHandle(m.To.Handle)
				_ = x.s.WaitAcknowledged(x.ctx, h.id)
			}
			return bot.ErrBusy
		})
		x.ready()
		x.s.Command("bob", "#forum", "ask", "question", "who?")
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
	x := play(t, dt.Knobs{}, Config{Suggester: many})
	x.ready()
	got, err := x.s.WaitChoices(x.ctx, x.s.Complete("ann", "#forum", "ask", "question", "khru"))
	x.ok(err)
	if len(got) != maxChoices || got[0] != (dt.Choice{Name: "ask khru en-GB", Value: "id"}) || got[1].Value != "long" || utf16Len(got[1].Name) != maxChoiceText {
		t.Errorf("completions %+v", got)
	}
	x.s.Complete("ann", "", "ask", "question", "panic") // D3
	got, err = x.s.WaitChoices(x.ctx, x.s.Complete("ann", "", "ask", "question", "none"))
	x.ok(err)
	if len(got) != 0 {
		t.Errorf("completions of nothing: %+v", got)
	}
	x.waitLog("could not be served")
	if bytes.Contains(x.logs.bytes(), []byte("boom over")) {
		t.Error("the log holds what somebody typed")
	}
	x.s.Fail(callbacks, 1, dt.HTML(502))
	x.s.Complete("ann", "", "ask", "question", "failing")
	x.expectAlive("still here")
}

// Whoever types, or a program in a person's name, may ask for completions without
// end, and each may hang: others are completed all the same.
func TestTypingFlood(t *testing.T) {
	t.Parallel()
	one := suggester(func(command, text, lang string, n int) []bot.Completion {
		return []bot.Completion{{Label: text, Value: "id"}}
	})
	x := play(t, dt.Knobs{}, Config{Suggester: one})
	x.ready()
	const most = 4 // of one person
	x.s.Fail(callbacks, most, x.s.Hang())
	for range 10 * maxExtras {
		x.s.Complete("mallory", "#forum", "ask", "question", "m")
	}
	x.ok(x.s.WaitCalls(x.ctx, callbacks, most))
	x.expectAlive("everything before was read")
	got, err := x.s.WaitChoices(x.ctx, x.s.Complete("ann", "#forum", "ask", "question", "khru"))
	x.ok(err)
	if len(got) != 1 || got[0].Name != "khru" {
		t.Errorf("completions %+v", got)
	}
	if n := len(x.s.Calls(callbacks)); n > maxExtras { // those that hang are given up in time, on a slow machine meanwhile
		t.Errorf("%d completions were answered or tried, want %d", n, most+1)
	}
}

// Discord may send an event several times.
func TestDuplicateEvents(t *testing.T) {
	t.Parallel()
	x := play(t, dt.Knobs{}, Config{})
	x.ready()
	id, to := x.ask("ask")
	x.ok(x.s.Redeliver(id))
	if again := x.wait(2)[1]; again.ID != bot.MessageID(id) || again.To != to {
		t.Errorf("the same event came as %+v", again)
	}
	x.ok(x.a.Send(x.ctx, to, text("he")))
	x.posts(1)
}

// Live events with what discordgo cannot decode (D1, D2).
func TestUnknownComponents(t *testing.T) {
	t.Parallel()
	x := play(t, dt.Knobs{}, Config{})
	x.ready()
	odd := []any{map[string]any{"type": 20, "id": 1}, map[string]any{"type": 1, "components": []any{map[string]any{"type": 99}}}}
	x.s.Say(dt.Said{From: "ann", Text: "one", Extra: map[string]any{"components": odd}})
	x.s.Act(dt.Acted{From: "ann", Channel: "#forum", Type: 3, Data: map[string]any{"custom_id": "fn1:two", "component_type": 2},
		Extra: map[string]any{"message": map[string]any{"id": "5", "components": odd}}})
	x.s.OnMessage("ann", "#forum", "Check with Footnote", "three")
	got := x.wait(3)
	if got[0].Text != "one" || got[1].Action != "two" || got[2].Command != "check" || got[2].Text != "three" {
		t.Errorf("%+v", got)
	}
}

// A page takes the place of the one before it, at once or late; its old buttons go.
func TestReplaces(t *testing.T) {
	t.Parallel()
	for _, late := range []bool{false, true} {
		x := play(t, dt.Knobs{}, Config{}, func(x *scene) {
			if late {
				x.a.timing.later = time.Millisecond
			}
		})
		x.ready()
		page := text("page 1")
		page.Buttons = []bot.Button{{Label: "Next", Action: "p:2"}}
		x.s.DM("ann", "/topics")
		x.ok(x.a.Send(x.ctx, x.wait(1)[0].To, page))
		first := x.posts(1)[0]
		id, err := x.s.Press("ann", first, "Next")
		x.ok(err)
		to := x.wait(2)[1].To
		if late {
			x.ok(x.s.WaitAcknowledged(x.ctx, id))
		}
		next := text("page 2")
		next.Replace, next.Private = true, true
		x.ok(x.a.Send(x.ctx, to, next))
		if p := x.posts(2)[1]; p.Text != "page 2" || !p.Edited || p.ID != first.ID || len(p.Buttons) > 0 || p.Ephemeral {
			t.Errorf("late %v: %+v", late, p)
		}
	}
}
