package bottest

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"footnote/bot"
	"footnote/bot/bottest/await"
)

// MemoryPlatform is what the addresses of a [Memory] name as their platform.
const MemoryPlatform bot.Platform = "memory"

// A Memory is a chat platform in memory: the adapter to it and its Driver in
// one. Tests of the bot use it, also inside testing/synctest.
type Memory struct {
	// Now stamps messages; time.Now if nil. Set it before use.
	Now func() time.Time
	log *slog.Logger

	mu      sync.Mutex
	changed await.Signal
	events  []event
	next    int // index of the first event not yet delivered
	shown   []Shown
	buttons map[string][]bot.Button // by Shown.ID
	langs   map[string]string       // by person, as last spoken
	admins  map[bot.ChatID]map[bot.UserID]bool
	unsure  error // what IsAdmin returns, if not nil
	sent    []Sent
	faults  []Fault
	running bool
	refused bool
	closed  bool
}

type event struct {
	self bool
	bot  bool
	m    bot.Message
}

// Sent is a reply as the bot sent it.
type Sent struct {
	To    bot.Address
	Reply bot.Reply
}

// NewMemory returns a platform with nobody on it. A nil log is silent.
func NewMemory(log *slog.Logger) *Memory {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	return &Memory{Now: time.Now, log: log, buttons: map[string][]bot.Button{}, langs: map[string]string{}, admins: map[bot.ChatID]map[bot.UserID]bool{}}
}

// MemoryHarness returns the harness of a [Memory], which has every cap and no token.
func MemoryHarness() Harness {
	return Harness{
		New: func(t testing.TB, log *slog.Logger) (bot.Adapter, Driver) {
			m := NewMemory(log)
			return m, m
		},
		Caps: Caps{Groups: true, Mentions: true, Threads: true, Bots: true, Buttons: true, Redeliver: true, Private: true, Edited: true, Languages: true, Admins: true},
	}
}

var (
	_ bot.Adapter    = (*Memory)(nil)
	_ bot.Typer      = (*Memory)(nil)
	_ bot.Authorizer = (*Memory)(nil)
	_ Driver         = (*Memory)(nil)
)

// touch wakes everybody who waits for a change.
func (m *Memory) touch() { m.changed.Touch() }

// wait blocks until ok, called with m.mu held, is true.
func (m *Memory) wait(ctx context.Context, ok func() bool) error {
	return m.changed.Until(ctx, func() bool {
		m.mu.Lock()
		defer m.mu.Unlock()
		return ok()
	})
}

// Name implements [bot.Adapter] with MemoryPlatform.
func (m *Memory) Name() bot.Platform { return MemoryPlatform }

// Run implements [bot.Adapter]: it delivers what is said, in the order it was said.
func (m *Memory) Run(ctx context.Context, deliver bot.DeliverFunc) error {
	m.mu.Lock()
	if m.refused {
		m.mu.Unlock()
		return fmt.Errorf("memory: the key was refused: %w", bot.ErrFatal)
	}
	m.running = true
	m.touch()
	m.mu.Unlock()
	defer func() {
		m.mu.Lock()
		m.running = false
		m.mu.Unlock()
	}()
	for {
		if err := m.wait(ctx, func() bool { return m.next < len(m.events) }); err != nil {
			return nil
		}
		m.mu.Lock()
		e := m.events[m.next]
		m.mu.Unlock()
		if ctx.Err() != nil {
			return nil
		}
		if !e.self && !e.bot {
			if err := deliver(ctx, e.m); err != nil && !errors.Is(err, bot.ErrBusy) {
				if ctx.Err() != nil {
					return nil
				}
				return fmt.Errorf("memory: deliver: %w", err)
			}
		}
		m.mu.Lock()
		m.next++
		m.touch()
		m.mu.Unlock()
	}
}

// Send implements [bot.Adapter]: it shows r, unless a fault was injected.
func (m *Memory) Send(ctx context.Context, to bot.Address, r bot.Reply) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("memory: send: %w", err)
	}
	m.mu.Lock()
	var f Fault
	if len(m.faults) > 0 {
		f, m.faults = m.faults[0], m.faults[1:]
	}
	m.mu.Unlock()
	switch f.Kind {
	case RateLimit:
		return &bot.RetryError{After: f.After, Err: errors.New("memory: send: too many")}
	case Hang:
		<-ctx.Done()
		return fmt.Errorf("memory: send: %w", ctx.Err())
	case Fail:
		return errors.New("memory: send: the platform stumbled")
	case Gone:
		return fmt.Errorf("memory: send: %w", bot.ErrGone)
	case Forbidden:
		return fmt.Errorf("memory: send: %w", bot.ErrForbidden)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	s := Shown{ID: strconv.Itoa(len(m.shown)), Thread: string(to.Thread), Text: bot.PlainText(r.Unfiled())}
	if in, ok := strings.CutPrefix(string(to.Chat), "group:"); ok {
		s.In = in
		if r.Private {
			s.Private, s.To = true, string(to.Handle)
		}
	} else {
		s.To = strings.TrimPrefix(string(to.Chat), "direct:")
		s.Private = r.Private
	}
	r.Buttons = slices.DeleteFunc(slices.Clone(r.Buttons), func(b bot.Button) bool { return b.Action == "" }) // nothing is copied here
	for _, b := range r.Buttons {
		s.Buttons = append(s.Buttons, b.Label)
	}
	m.buttons[s.ID] = r.Buttons
	m.shown = append(m.shown, s)
	m.sent = append(m.sent, Sent{To: to, Reply: r})
	m.touch()
	return nil
}

// Typing implements [bot.Typer]; nobody sees it.
func (m *Memory) Typing(context.Context, bot.Address) {}

// IsAdmin implements [bot.Authorizer] by what Admin has set, or fails as Unsure says.
func (m *Memory) IsAdmin(_ context.Context, x bot.Message) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.admins[x.To.Chat][x.From.ID], m.unsure
}

// Admin implements Driver.
func (m *Memory) Admin(t testing.TB, who, in string, is bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	chat := bot.ChatID("group:" + in)
	if m.admins[chat] == nil {
		m.admins[chat] = map[bot.UserID]bool{}
	}
	m.admins[chat][bot.UserID("user:"+who)] = is
}

// Unsure makes IsAdmin fail from now on, or work again with nil.
func (m *Memory) Unsure(err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.unsure = err
}

// Ready implements Driver.
func (m *Memory) Ready(ctx context.Context) error {
	return m.wait(ctx, func() bool { return m.running })
}

// Say implements Driver.
func (m *Memory) Say(t testing.TB, s Said) Event {
	m.mu.Lock()
	defer m.mu.Unlock()
	e := event{self: s.Self, bot: s.Bot || s.How == Edit}
	m.langs[s.Who] = s.Lang
	e.m = bot.Message{
		ID:        bot.MessageID("m" + strconv.Itoa(len(m.events))),
		From:      bot.User{ID: bot.UserID("user:" + s.Who), Name: s.Who, Lang: s.Lang},
		Direct:    s.In == "",
		Addressed: s.In == "" || s.How != Plain,
		SentAt:    m.Now(),
	}
	e.m.To = bot.Address{Conversation: bot.Conversation{Place: bot.Place{Platform: MemoryPlatform}, Thread: bot.ThreadID(s.Thread)}, ReplyTo: e.m.ID, Handle: bot.Handle(s.Who)}
	if s.In == "" {
		e.m.To.Chat = bot.ChatID("direct:" + s.Who)
	} else {
		e.m.To.Chat = bot.ChatID("group:" + s.In)
	}
	e.m.Text = strings.ToValidUTF8(s.Text, "\uFFFD")
	switch s.How {
	case Command:
		e.m.Command = s.Command
	case Reply:
		e.m.Command, e.m.Replied = s.Command, s.Of
	}
	return m.add(e)
}

// add appends e. m.mu is held.
func (m *Memory) add(e event) Event {
	m.events = append(m.events, e)
	m.touch()
	return Event(strconv.Itoa(len(m.events) - 1))
}

// Redeliver implements Driver.
func (m *Memory) Redeliver(t testing.TB, e Event) {
	i, err := strconv.Atoi(string(e))
	m.mu.Lock()
	defer m.mu.Unlock()
	if err != nil || i >= len(m.events) {
		t.Fatalf("memory: no event %q", e)
	}
	m.add(m.events[i])
}

// Press implements Driver.
func (m *Memory) Press(t testing.TB, who string, shown Shown, label string) Event {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, b := range m.buttons[shown.ID] {
		if b.Label == label {
			return m.pressed(who, shown, b.Action)
		}
	}
	t.Fatalf("memory: no button %q under %q; there are %q", label, shown.Text, shown.Buttons)
	return ""
}

// PressAction presses a button with any action at all, as a forger would.
func (m *Memory) PressAction(who string, shown Shown, action string) Event {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.pressed(who, shown, action)
}

func (m *Memory) pressed(who string, shown Shown, action string) Event {
	e := event{m: bot.Message{
		ID:        bot.MessageID("m" + strconv.Itoa(len(m.events))),
		From:      bot.User{ID: bot.UserID("user:" + who), Name: who, Lang: m.langs[who]},
		Direct:    shown.In == "",
		Addressed: true,
		Action:    action,
		SentAt:    m.Now(),
	}}
	chat := "direct:" + shown.To
	if shown.In != "" {
		chat = "group:" + shown.In
	}
	e.m.To = bot.Address{Conversation: bot.Conversation{Place: bot.Place{Platform: MemoryPlatform, Chat: bot.ChatID(chat)}, Thread: bot.ThreadID(shown.Thread)}, Handle: bot.Handle(who)}
	return m.add(e)
}

// WaitShown implements Driver.
func (m *Memory) WaitShown(ctx context.Context, n int) ([]Shown, error) {
	err := m.wait(ctx, func() bool { return len(m.shown) >= n })
	m.mu.Lock()
	defer m.mu.Unlock()
	return append([]Shown(nil), m.shown...), err
}

// Sent returns everything the bot sent so far.
func (m *Memory) Sent() []Sent {
	m.mu.Lock()
	defer m.mu.Unlock()
	return append([]Sent(nil), m.sent...)
}

// Inject implements Driver.
func (m *Memory) Inject(t testing.TB, f Fault) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	switch f.Kind {
	case RefuseToken:
		m.refused = true
	case Drop: // there is no connection to cut
		return false
	default:
		m.faults = append(m.faults, f)
	}
	return true
}

// Close implements Driver.
func (m *Memory) Close() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.closed = true
}
