package bottest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"go.uber.org/goleak"

	"footnote/bot"
)

// RunAdapterTests runs the contract of bot.Adapter against the harness.
func RunAdapterTests(t *testing.T, h Harness) {
	t.Run("delivers", func(t *testing.T) { testDelivers(t, h) })
	t.Run("replies", func(t *testing.T) { testReplies(t, h) })
	t.Run("keeps the order of a chat", func(t *testing.T) { testOrder(t, h) })
	t.Run("tells chats apart", func(t *testing.T) { testChats(t, h) })
	t.Run("redelivered events keep their id", func(t *testing.T) { testRedelivery(t, h) })
	t.Run("ignores bots, itself and edits", func(t *testing.T) { testIgnores(t, h) })
	t.Run("odd text arrives as valid text", func(t *testing.T) { testOddText(t, h) })
	t.Run("waits for a full bot", func(t *testing.T) { testBackpressure(t, h) })
	t.Run("delivers nothing after its context", func(t *testing.T) { testEnd(t, h) })
	t.Run("ends while the bot is full", func(t *testing.T) { testEndWhileFull(t, h) })
	t.Run("sends", func(t *testing.T) { testSend(t, h) })
	t.Run("sends concurrently", func(t *testing.T) { testSendConcurrently(t, h) })
	t.Run("sends after Run has returned", func(t *testing.T) { testSendAfterRun(t, h) })
	t.Run("buttons carry their action", func(t *testing.T) { testButtons(t, h) })
	t.Run("markup in replies stays text", func(t *testing.T) { testMarkup(t, h) })
	t.Run("long replies keep their citation", func(t *testing.T) { testLong(t, h) })
	t.Run("send honours its context", func(t *testing.T) { testSendContext(t, h) })
	t.Run("says when to try again", func(t *testing.T) { testRateLimit(t, h) })
	t.Run("classifies refusals", func(t *testing.T) { testRefusals(t, h) })
	t.Run("a refused token is fatal", func(t *testing.T) { testFatal(t, h) })
	t.Run("a conversation", func(t *testing.T) { testConversation(t, h) })
	t.Run("settings are the admins'", func(t *testing.T) { testSettings(t, h) })
	t.Run("speaks every language", func(t *testing.T) { testLanguages(t, h) })
	t.Run("survives a dropped connection", func(t *testing.T) { testDrop(t, h) })
}

// A running is one adapter running against its platform, with everything that it
// delivered and logged.
type running struct {
	t        *testing.T
	h        Harness
	adapter  bot.Adapter
	driver   Driver
	log      *Log
	run      *Run // nil while it does not run
	messages Messages

	mu   sync.Mutex
	errs []error
}

// prepare makes an adapter that is not running yet. At the end of the test it is
// stopped, and goroutines and secrets are looked for.
func prepare(t *testing.T, h Harness) *running {
	t.Helper()
	before := goleak.IgnoreCurrent()
	s := &running{t: t, h: h, log: &Log{}}
	s.adapter, s.driver = h.New(t, s.log.Logger())
	t.Cleanup(func() {
		s.stop()
		s.driver.Close()
		s.checkSecrets()
		if t.Failed() {
			t.Logf("the adapter's log:\n%s", s.log)
			return
		}
		if err := goleak.Find(append(slices.Clone(h.Leaks), before)...); err != nil {
			t.Errorf("after Run and Close: %v", err)
		}
	})
	return s
}

// start runs the adapter, which delivers into s.messages or, if deliver is not nil,
// into deliver.
func (s *running) start(deliver bot.DeliverFunc) {
	s.t.Helper()
	if deliver == nil {
		deliver = s.messages.Collect
	}
	s.run = Go(s.t, func(ctx context.Context) error { return s.adapter.Run(ctx, deliver) })
	s.ready()
}

// startBot runs b over the adapter.
func (s *running) startBot(b *bot.Bot) {
	s.t.Helper()
	s.run = Go(s.t, func(ctx context.Context) error { return b.Run(ctx, s.adapter) })
	s.ready()
}

func (s *running) ready() {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), Patience)
	defer cancel()
	if err := s.driver.Ready(ctx); err != nil {
		s.t.Fatalf("the adapter is not ready: %v", err)
	}
}

// stop ends Run and waits for it.
func (s *running) stop() {
	if s.run == nil {
		return
	}
	err := s.run.Stop()
	s.run = nil
	if err != nil {
		s.t.Errorf("Run returned %v after its context was done, want nil", err)
		s.errs = append(s.errs, err)
	}
}

func (s *running) checkSecrets() {
	if s.h.Token == "" {
		return
	}
	if strings.Contains(s.log.String(), s.h.Token) {
		s.t.Errorf("the log holds the token")
	}
	for _, err := range s.errs {
		for _, text := range []string{err.Error(), fmt.Sprintf("%+v", err), fmt.Sprintf("%#v", err)} {
			if strings.Contains(text, s.h.Token) {
				s.t.Errorf("an error holds the token") // and is not shown here for that reason
			}
		}
	}
}

// wait waits for n delivered messages and returns all there are.
func (s *running) wait(n int) []bot.Message {
	s.t.Helper()
	return s.messages.Wait(s.t, n)
}

// heard lets ann say s in the direct chat if the platform has no groups, and
// returns the message as it was delivered last.
func (s *running) heard(said Said) bot.Message {
	s.t.Helper()
	n := len(s.messages.All())
	s.driver.Say(s.t, said)
	return s.wait(n + 1)[n]
}

func (s *running) shown(n int) []Shown {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), Patience)
	defer cancel()
	all, err := s.driver.WaitShown(ctx, n)
	if err != nil {
		s.t.Fatalf("%d replies were shown, want %d: %v", len(all), n, err)
	}
	return all
}

// send sends r and keeps the error for the search for secrets.
func (s *running) send(ctx context.Context, to bot.Address, r bot.Reply) error {
	err := s.adapter.Send(ctx, to, r)
	if err != nil {
		s.mu.Lock()
		s.errs = append(s.errs, err)
		s.mu.Unlock()
	}
	return err
}

func (s *running) mustSend(to bot.Address, r bot.Reply) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), Patience)
	defer cancel()
	if err := s.send(ctx, to, r); err != nil {
		s.t.Fatalf("Send: %v", err)
	}
}

func say(text string) bot.Reply {
	return bot.Reply{Kind: bot.KindSmall, Blocks: []bot.Block{{Spans: []bot.Span{{Text: text}}}}}
}

// visible removes what a reader does not see, such as the zero-width characters
// that keep a name from pinging.
func visible(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, s)
}

// places are the ways to be addressed that the platform has.
func places(c Caps) []Said {
	all := []Said{{Who: "ann"}, {Who: "ann", How: Command, Command: "ask"}}
	if c.Groups {
		all = append(all, Said{Who: "ann", In: "#forum", How: Command, Command: "ask"})
		if c.Mentions {
			all = append(all, Said{Who: "ann", In: "#forum", How: Mention}, Said{Who: "ann", In: "#forum", How: Reply})
		}
		if c.Threads && c.Mentions {
			all = append(all, Said{Who: "ann", In: "#forum", Thread: "lore", How: Mention})
		}
	}
	return all
}

// A reply to the bot says to what.
func testReplies(t *testing.T, h Harness) {
	if !h.Caps.Groups || !h.Caps.Mentions {
		t.Skip("nobody replies to anything there")
	}
	s := prepare(t, h)
	s.start(nil)
	const of = "Established\nIn 1956.\n\nsecret-speech · pack 1.0.0"
	if m := s.heard(Said{Who: "ann", In: "#forum", How: Reply, Of: of, Text: "source?"}); m.Replied != of || m.Text != "source?" {
		t.Errorf("a reply to %q came as %q, %q", of, m.Replied, m.Text)
	}
	if m := s.heard(Said{Who: "ann", In: "#forum", How: Mention, Text: "source?"}); m.Replied != "" {
		t.Errorf("no reply came as one to %q", m.Replied)
	}
}

func testDelivers(t *testing.T, h Harness) {
	s := prepare(t, h)
	s.start(nil)
	ids := map[bot.MessageID]bool{}
	people := map[bot.UserID]bool{}
	for i, said := range places(h.Caps) {
		said.Text = fmt.Sprintf("Who spoke in February 1956? %d", i)
		m := s.heard(said)
		what := fmt.Sprintf("%+v", said)
		if m.Text != said.Text {
			t.Errorf("%s: Text = %q", what, m.Text)
		}
		if m.Command != said.Command || m.Action != "" {
			t.Errorf("%s: Command = %q, Action = %q", what, m.Command, m.Action)
		}
		if m.Direct != (said.In == "") || !m.Addressed {
			t.Errorf("%s: Direct = %v, Addressed = %v", what, m.Direct, m.Addressed)
		}
		if m.To.Platform != s.adapter.Name() {
			t.Errorf("%s: Platform = %q, the adapter is %q", what, m.To.Platform, s.adapter.Name())
		}
		if m.ID == "" || m.From.ID == "" || m.To.Chat == "" || m.SentAt.IsZero() {
			t.Errorf("%s: something is empty: %+v", what, m)
		}
		if (said.Thread == "") != (m.To.Thread == "") {
			t.Errorf("%s: Thread = %q", what, m.To.Thread)
		}
		if ids[m.ID] {
			t.Errorf("%s: the id %q was used before", what, m.ID)
		}
		ids[m.ID], people[m.From.ID] = true, true
	}
	if len(people) != 1 {
		t.Errorf("ann has %d ids, want 1", len(people))
	}
	if h.Caps.Groups {
		if m := s.heard(Said{Who: "bob", In: "#forum", How: Command, Command: "ask", Text: "and me?"}); people[m.From.ID] {
			t.Errorf("bob has ann's id %q", m.From.ID)
		}
		// What is not addressed may be kept back, but must not look addressed.
		s.driver.Say(t, Said{Who: "ann", In: "#forum", Text: "talking among ourselves"})
		s.heard(Said{Who: "ann", In: "#forum", How: Command, Command: "ask", Text: "the end"})
		for _, m := range s.wait(0) {
			if m.Text == "talking among ourselves" && m.Addressed {
				t.Errorf("a message that is not for the bot is Addressed")
			}
		}
	}
}

func testOrder(t *testing.T, h Harness) {
	s := prepare(t, h)
	s.start(nil)
	const n = 30
	for i := range n {
		s.driver.Say(t, Said{Who: "ann", Text: fmt.Sprint("question ", i)})
	}
	for i, m := range s.wait(n) {
		if want := fmt.Sprint("question ", i); m.Text != want {
			t.Fatalf("message %d is %q, want %q", i, m.Text, want)
		}
	}
}

func testChats(t *testing.T, h Harness) {
	s := prepare(t, h)
	s.start(nil)
	one := s.heard(Said{Who: "ann", Text: "one"})
	if two := s.heard(Said{Who: "ann", Text: "two"}); one.To.Conversation != two.To.Conversation {
		t.Errorf("one chat, two conversations: %+v and %+v", one.To.Conversation, two.To.Conversation)
	}
	if !h.Caps.Groups {
		return
	}
	seen := map[bot.Conversation]string{one.To.Conversation: "the direct chat"}
	more := []Said{{Who: "ann", In: "#forum"}, {Who: "ann", In: "#library"}}
	if h.Caps.Threads {
		more = append(more, Said{Who: "ann", In: "#forum", Thread: "lore"}, Said{Who: "ann", In: "#forum", Thread: "maps"})
	}
	for _, said := range more {
		said.How, said.Text = Mention, "where am I?"
		if !h.Caps.Mentions {
			said.How, said.Command = Command, "ask"
		}
		c := s.heard(said).To.Conversation
		if other, ok := seen[c]; ok {
			t.Errorf("%s %s and %s are one conversation: %+v", said.In, said.Thread, other, c)
		}
		seen[c] = said.In + " " + said.Thread
	}
}

func testRedelivery(t *testing.T, h Harness) {
	if !h.Caps.Redeliver {
		return
	}
	s := prepare(t, h)
	s.start(nil)
	e := s.driver.Say(t, Said{Who: "ann", Text: "once"})
	s.wait(1)
	s.driver.Redeliver(t, e)
	s.driver.Say(t, Said{Who: "ann", Text: "last"})
	var got []bot.Message
	for n := 2; ; n++ {
		if got = s.wait(n); got[len(got)-1].Text == "last" {
			break
		}
	}
	for _, m := range got {
		if m.Text == "once" && m.ID != got[0].ID {
			t.Errorf("one event came as %q and as %q", got[0].ID, m.ID)
		}
		if m.Text == "last" && m.ID == got[0].ID {
			t.Errorf("two events have the id %q", m.ID)
		}
	}
}

func testIgnores(t *testing.T, h Harness) {
	s := prepare(t, h)
	s.start(nil)
	if h.Caps.Edited {
		s.driver.Say(t, Said{Who: "ann", Text: "typed first"})
		s.wait(1)
		s.driver.Say(t, Said{Who: "ann", How: Edit, Text: "typed better"})
	}
	if h.Caps.Bots {
		s.driver.Say(t, Said{Who: "robot", Bot: true, Text: "I am a bot"})
		s.driver.Say(t, Said{Self: true, Text: "I am you"})
		if h.Caps.Mentions {
			s.driver.Say(t, Said{Who: "robot", Bot: true, In: "#forum", How: Mention, Text: "hello bot"})
		}
	}
	s.driver.Say(t, Said{Who: "ann", Text: "I am a person"})
	var got []bot.Message
	for n := 1; ; n++ {
		if got = s.wait(n); got[len(got)-1].Text == "I am a person" {
			break
		}
	}
	for _, m := range got {
		if m.Text != "I am a person" && m.Text != "typed first" {
			t.Errorf("delivered: %q", m.Text)
		}
	}
}

func testOddText(t *testing.T, h Harness) {
	s := prepare(t, h)
	s.start(nil)
	for _, text := range []string{
		"Кто осудил культ личности?", "誰が演説したのか", "👨‍👩‍👧‍👦 why 🏳️‍🌈?", "e\u0301 and \u202eright to left\u202c",
		"<b>bold</b> & *stars* `code` [link](https://example.org) @everyone </ask:1> <@1>", `\ "quotes" 'and' — dashes`,
		"and so on " + strings.Repeat("very ", 200) + "long",
	} {
		m := s.heard(Said{Who: "ann", Text: text})
		if !utf8.ValidString(m.Text) || m.Text != text {
			t.Errorf("said %q, delivered %q", text, m.Text)
		}
	}
}

func testBackpressure(t *testing.T, h Harness) {
	s := prepare(t, h)
	open := make(chan struct{})
	var active, most int
	s.start(func(ctx context.Context, m bot.Message) error {
		s.mu.Lock()
		active++
		most = max(most, active)
		s.mu.Unlock()
		defer func() { s.mu.Lock(); active--; s.mu.Unlock() }()
		select {
		case <-open:
		case <-ctx.Done():
			return ctx.Err()
		}
		return s.messages.Collect(ctx, m)
	})
	const n = 12
	for i := range n {
		s.driver.Say(t, Said{Who: "ann", Text: fmt.Sprint("question ", i)})
	}
	close(open)
	for i, m := range s.wait(n) {
		if want := fmt.Sprint("question ", i); m.Text != want {
			t.Fatalf("message %d is %q, want %q", i, m.Text, want)
		}
	}
}

func testEnd(t *testing.T, h Harness) {
	s := prepare(t, h)
	s.start(nil)
	s.heard(Said{Who: "ann", Text: "before"})
	s.stop()
	n := len(s.messages.All())
	s.driver.Say(t, Said{Who: "ann", Text: "after"})
	if got := s.messages.All(); len(got) != n {
		t.Errorf("delivered after Run had returned: %q", got[n].Text)
	}
}

func testEndWhileFull(t *testing.T, h Harness) {
	s := prepare(t, h)
	entered := make(chan struct{}, 1)
	s.start(func(ctx context.Context, m bot.Message) error {
		select {
		case entered <- struct{}{}:
		default:
		}
		<-ctx.Done()
		return ctx.Err()
	})
	for i := range 3 {
		s.driver.Say(t, Said{Who: "ann", Text: fmt.Sprint("question ", i)})
	}
	select {
	case <-entered:
	case <-time.After(Patience):
		t.Fatal("nothing was delivered")
	}
	s.stop()
}

func testSend(t *testing.T, h Harness) {
	s := prepare(t, h)
	s.start(nil)
	for i, said := range places(h.Caps) {
		said.Text = "a question"
		m := s.heard(said)
		text := fmt.Sprintf("Answer %d — “cited”.", i)
		s.mustSend(m.To, say(text))
		got := s.shown(i + 1)[i]
		if !strings.Contains(visible(got.Text), text) {
			t.Errorf("%+v: shown %q, want %q", said, got.Text, text)
		}
		if got.In != said.In || got.Thread != said.Thread || (said.In == "" && got.To != said.Who) {
			t.Errorf("%+v: shown in %q, thread %q, to %q", said, got.In, got.Thread, got.To)
		}
		if got.Private && said.In != "" {
			t.Errorf("%+v: shown privately, and nobody asked for that", said)
		}
	}
	if h.Caps.Private {
		m := s.heard(Said{Who: "ann", In: "#forum", How: Command, Command: "source"})
		r := say("between us")
		r.Private = true
		s.mustSend(m.To, r)
		all := s.shown(len(places(h.Caps)) + 1)
		if got := all[len(all)-1]; !got.Private || got.To != "ann" {
			t.Errorf("a private reply was shown as %+v", got)
		}
	}
}

func testSendConcurrently(t *testing.T, h Harness) {
	s := prepare(t, h)
	s.start(nil)
	to := s.heard(Said{Who: "ann", Text: "a question"}).To
	const n = 8
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			ctx, cancel := context.WithTimeout(context.Background(), Patience)
			defer cancel()
			if err := s.send(ctx, to, say(fmt.Sprint("answer ", i))); err != nil {
				t.Errorf("Send %d: %v", i, err)
			}
		})
	}
	all.Wait()
	seen := map[string]bool{}
	for _, x := range s.shown(n) {
		seen[strings.TrimSpace(visible(x.Text))] = true
	}
	if len(seen) != n {
		t.Errorf("%d different replies were shown, want %d", len(seen), n)
	}
}

func testSendAfterRun(t *testing.T, h Harness) {
	s := prepare(t, h)
	s.start(nil)
	to := s.heard(Said{Who: "ann", Text: "a question"}).To
	s.stop()
	s.mustSend(to, say("answered while leaving"))
	if got := s.shown(1)[0]; !strings.Contains(visible(got.Text), "answered while leaving") {
		t.Errorf("shown %q", got.Text)
	}
}

func testButtons(t *testing.T, h Harness) {
	if !h.Caps.Buttons {
		return
	}
	s := prepare(t, h)
	s.start(nil)
	r := say("Did you mean")
	r.Kind = bot.KindChoices
	longest := strings.Repeat("a", bot.MaxAction)
	r.Buttons = []bot.Button{
		{Label: "First <b>&", Action: "1:first"},
		{Label: strings.Repeat("Ж", bot.MaxLabel), Action: longest},
		{Label: "Third", Action: "1:third:ж=+/"},
	}
	where := []Said{{Who: "ann"}}
	if h.Caps.Groups {
		where = append(where, Said{Who: "ann", In: "#forum", How: Command, Command: "ask"})
	}
	for i, said := range where {
		said.Text = "a question"
		to := s.heard(said).To
		s.mustSend(to, r)
		shown := s.shown(i + 1)[i]
		if len(shown.Buttons) != len(r.Buttons) {
			t.Fatalf("buttons %q are shown, want %d", shown.Buttons, len(r.Buttons))
		}
		for j, b := range r.Buttons {
			n := len(s.messages.All())
			who := "ann"
			if said.In != "" {
				who = "bob"
			}
			s.driver.Press(t, who, shown, shown.Buttons[j])
			m := s.wait(n + 1)[n]
			if m.Action != b.Action || m.Text != "" || m.Command != "" {
				t.Errorf("%q was pressed and came as Action %q, Text %q, Command %q; want Action %q", b.Label, m.Action, m.Text, m.Command, b.Action)
			}
			if !m.Addressed || m.Direct != (said.In == "") || m.From.ID == "" || m.ID == "" {
				t.Errorf("%q was pressed and came as %+v", b.Label, m)
			}
			if m.To.Conversation != to.Conversation {
				t.Errorf("pressed in %+v, asked in %+v", m.To.Conversation, to.Conversation)
			}
		}
	}
}

func testMarkup(t *testing.T, h Harness) {
	s := prepare(t, h)
	s.start(nil)
	to := s.heard(Said{Who: "ann", Text: "a question"}).To
	for i, text := range []string{
		"*not bold* _not italic_ ~~no~~ ||no|| `no` ```no```", "<b>no</b> &amp; <script>alert(1)</script>",
		"@everyone @here <@123456789012345678> <#1> </ask:1> <t:1:R>", "[text](https://example.org) https://example.org/a_b_c",
		"# no heading\n> no quote\n- no list\n1. no list", `back\slash \* \_`, "צה\u200fל and عربي", "👩‍🚀",
	} {
		s.mustSend(to, bot.Reply{Kind: bot.KindAnswer, Blocks: []bot.Block{
			{Spans: []bot.Span{{Text: text}}},
			{Kind: bot.Cite, Spans: []bot.Span{{Text: "cited: "}, {Text: text, Style: bot.Italic}}},
		}})
		got := visible(s.shown(i + 1)[i].Text)
		for _, line := range strings.Split(visible(text), "\n") {
			if strings.Count(got, line) < 2 {
				t.Errorf("sent %q twice, shown %q", text, got)
				break
			}
		}
	}
}

func testLong(t *testing.T, h Harness) {
	s := prepare(t, h)
	s.start(nil)
	to := s.heard(Said{Who: "ann", Text: "a question"}).To
	const citation = "Frederick Copleston, Philosophy in Russia, note 9."
	for i, filler := range []string{"word ", "<&*_[]()~`>#+-=|{}.! ", "👨‍👩‍👧‍👦 ", "слово ", strings.Repeat("w", 500)} {
		s.mustSend(to, bot.Reply{Kind: bot.KindAnswer, Blocks: []bot.Block{
			{Spans: []bot.Span{{Text: "Attributed", Style: bot.Bold}}},
			{Spans: []bot.Span{{Text: strings.Repeat(filler, 6000/len(filler)+200)}}, Trim: true},
			{Kind: bot.Cite, Spans: []bot.Span{{Text: citation}}},
			{Kind: bot.Fine, Spans: []bot.Span{{Text: "fact-id · pack 1.0.0"}}},
		}})
		if got := visible(s.shown(i + 1)[i].Text); !strings.Contains(got, citation) {
			t.Errorf("a long reply of %q lost its citation: %q", filler, bot.Shorten(got, 300))
		}
	}
}

func testSendContext(t *testing.T, h Harness) {
	s := prepare(t, h)
	s.start(nil)
	to := s.heard(Said{Who: "ann", Text: "a question"}).To
	over, cancel := context.WithCancel(context.Background())
	cancel()
	if err := s.send(over, to, say("too late")); !errors.Is(err, context.Canceled) {
		t.Errorf("Send with a context that is over: %v, want context.Canceled", err)
	}
	if !s.driver.Inject(t, Fault{Kind: Hang}) {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	sent := make(chan error, 1)
	go func() { sent <- s.send(ctx, to, say("never answered")) }()
	select {
	case err := <-sent:
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Send to a platform that hangs: %v, want context.DeadlineExceeded", err)
		}
	case <-time.After(Patience):
		t.Fatal("Send did not return when its context was over")
	}
}

func testRateLimit(t *testing.T, h Harness) {
	s := prepare(t, h)
	s.start(nil)
	to := s.heard(Said{Who: "ann", Text: "a question"}).To
	const after = time.Hour
	if !s.driver.Inject(t, Fault{Kind: RateLimit, After: after}) {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), Patience/2)
	defer cancel()
	begun := time.Now()
	err := s.send(ctx, to, say("too much"))
	var retry *bot.RetryError
	if !errors.As(err, &retry) || retry.After < after-time.Minute || retry.After > after+time.Minute {
		t.Errorf("Send to a platform that asks for an hour: %v, want a *RetryError with After about %v", err, after)
	}
	if waited := time.Since(begun); waited > Patience/4 {
		t.Errorf("Send waited %v for what cannot come before its context is over", waited)
	}
}

func testRefusals(t *testing.T, h Harness) {
	s := prepare(t, h)
	s.start(nil)
	to := s.heard(Said{Who: "ann", Text: "a question"}).To
	for kind, want := range map[FaultKind]error{Gone: bot.ErrGone, Forbidden: bot.ErrForbidden} {
		if !s.driver.Inject(t, Fault{Kind: kind}) {
			continue
		}
		ctx, cancel := context.WithTimeout(context.Background(), Patience)
		err := s.send(ctx, to, say("is anybody there?"))
		cancel()
		if !errors.Is(err, want) {
			t.Errorf("%s: Send returned %v, want %v", kind, err, want)
		}
	}
	if s.driver.Inject(t, Fault{Kind: Fail}) {
		ctx, cancel := context.WithTimeout(context.Background(), Patience)
		defer cancel()
		err := s.send(ctx, to, say("hello?")) // an adapter may try again by itself
		for _, permanent := range []error{bot.ErrFatal, bot.ErrGone, bot.ErrForbidden, bot.ErrTooLong} {
			if errors.Is(err, permanent) {
				t.Errorf("a transient fault came as %v", err)
			}
		}
	}
	s.mustSend(to, say("still here"))
}

func testFatal(t *testing.T, h Harness) {
	s := prepare(t, h)
	if !s.driver.Inject(t, Fault{Kind: RefuseToken}) {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), Patience)
	defer cancel()
	err := s.adapter.Run(ctx, s.messages.Collect)
	if ctx.Err() != nil || !errors.Is(err, bot.ErrFatal) {
		t.Fatalf("Run with a refused token: %v, want ErrFatal", err)
	}
	s.errs = append(s.errs, err)
}

func testDrop(t *testing.T, h Harness) {
	s := prepare(t, h)
	s.start(nil)
	s.heard(Said{Who: "ann", Text: "before"})
	if !s.driver.Inject(t, Fault{Kind: Drop}) {
		return
	}
	s.ready()
	s.driver.Say(t, Said{Who: "ann", Text: "after"})
	var got []bot.Message
	for n := 2; ; n++ {
		if got = s.wait(n); got[len(got)-1].Text == "after" {
			break
		}
	}
	for _, m := range got[1:] {
		if m.Text == "before" && m.ID != got[0].ID {
			t.Errorf("an old event came again with a new id")
		}
	}
}
