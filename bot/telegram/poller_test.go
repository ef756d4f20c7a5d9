package telegram_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"footnote/bot"
	"footnote/bot/bottest"
	"footnote/bot/platform"
	"footnote/bot/telegram"
	"footnote/bot/telegram/telegramtest"
)

func fake(t testing.TB, o telegramtest.Options) *telegramtest.Server {
	return telegramtest.Start(t, o)
}

func (s *running) says(texts ...string) {
	ann := s.server.Person("ann")
	for _, x := range texts {
		s.server.Say(ann, s.server.Private(ann), x, nil)
	}
}

func TestConversation(t *testing.T) {
	server := fake(t, telegramtest.Options{})
	s := start(t, server, telegram.Config{}, nil)
	to := s.asked("When did Khrushchev denounce Stalin?")
	must(t, s.Send(within(t), to, bot.Reply{Kind: bot.KindAnswer, Blocks: []bot.Block{
		{Spans: []bot.Span{{Text: "Established", Style: bot.Bold}, {Text: ": in February 1956."}}},
		{Kind: bot.Cite, Spans: []bot.Span{{Text: "“Neo-Stalinism”", URL: "https://example.org/Neo"}, {Text: ", note 9."}}},
	}}))
	sent, err := server.WaitSent(within(t), 1)
	must(t, err)
	if want := "Established: in February 1956.\n“Neo-Stalinism”, note 9."; sent[0].Text != want {
		t.Errorf("shown %q, want %q", sent[0].Text, want)
	}
	if sent[0].ReplyTo != 1 {
		t.Errorf("a reply to message %d, want 1", sent[0].ReplyTo)
	}
	if called := s.Called(); len(called) != 2 || called[1] != s.Username() {
		t.Errorf("called %q", called)
	}
	must(t, s.stop())
	s.logged("signed in", "privacy mode is on")
}

// A broken update is skipped and counted; what follows it comes through.
func TestPoisonedUpdates(t *testing.T) {
	t.Parallel()
	server := fake(t, telegramtest.Options{})
	ann := server.Person("ann")
	server.Say(ann, server.Private(ann), "before", nil)
	server.PushRaw(`"message":{"message_id":"seven","chat":{"id":1}}}`)
	server.PushRaw(`"message":[1,2,3]}`)
	server.PushRaw(`"message":{"message_id":7,"from":{"id":1e99}}}`)
	server.PushRaw(`"message":{"message_id":7,"from":{"id":5},"chat":{"id":5,"type":"private"},"date":-1,"text":"odd","entities":[{"type":"mention","offset":-5,"length":99},{"type":"bot_command","offset":2147483647,"length":2147483647}]}}`)
	server.PushRaw(`"brand_new_kind":{"x":1}}`)
	last := server.Say(ann, server.Private(ann), "after", nil)
	s := start(t, server, telegram.Config{}, nil)
	if got := texts(s.heard(3)); !slices.Equal(got, []string{"before", "odd", "after"}) {
		t.Errorf("delivered %q", got)
	}
	must(t, server.WaitConfirmed(within(t), last.Update))
	must(t, s.stop())
	s.logged("skipped=3", "wrong type at message.message_id")
}

// What was handed over is not handed over again: not when Telegram repeats it, not
// after a stop, and not after a crash before the confirmation.
func TestOffsetSurvivesRestart(t *testing.T) {
	t.Parallel()
	server := fake(t, telegramtest.Options{})
	var kept store
	s := start(t, server, telegram.Config{Store: &kept}, nil)
	s.says("one", "two")
	s.heard(2)
	must(t, s.stop())
	if n := server.Unconfirmed(); n != 0 {
		t.Errorf("%d updates are unconfirmed after a stop", n)
	}

	// A crash: the batch was handed over and the offset stored, but Telegram was
	// never told, and offers the batch again to the next process.
	ann := server.Person("ann")
	three := server.Say(ann, server.Private(ann), "three", nil)
	must(t, kept.Set(context.Background(), "telegram.offset.1234567890", fmt.Sprintf("%d@%d", three.Update+1, time.Now().Unix())))
	server.Repeat(three.Raw)
	s = start(t, server, telegram.Config{Store: &kept}, nil)
	s.says("four")
	if got := texts(s.heard(1)); !slices.Equal(got, []string{"four"}) {
		t.Errorf("delivered %q after the restart, want four alone", got)
	}
	must(t, s.stop())

	// An offset of long ago says nothing: Telegram may have begun to number anew.
	must(t, kept.Set(context.Background(), "telegram.offset.1234567890", fmt.Sprintf("%d@%d", 99_000_000, time.Now().Add(-8*24*time.Hour).Unix())))
	s = start(t, server, telegram.Config{Store: &kept}, nil)
	s.says("five")
	if got := texts(s.heard(1)); !slices.Equal(got, []string{"five"}) {
		t.Errorf("delivered %q with an old offset, want five", got)
	}
}

// Telegram numbers updates anew, at random, after a quiet week.
func TestRenumbered(t *testing.T) {
	server := fake(t, telegramtest.Options{})
	server.Renumber(700_000_000)
	s := start(t, server, telegram.Config{}, nil)
	s.says("high")
	s.heard(1)
	must(t, server.WaitConfirmed(within(t), 700_000_000))
	ann := server.Person("ann")
	server.Renumber(5000)
	server.Repeat(server.Update(server.Say(ann, server.Private(ann), "low", nil).Update)) // as if the offset did not hide it
	s.heard(2)
	server.Renumber(5001)
	s.says("lower numbers go on")
	if got := texts(s.heard(3)); !slices.Equal(got, []string{"high", "low", "lower numbers go on"}) {
		t.Errorf("delivered %q", got)
	}
}

// An update counts as handed over when the bot has accepted it, not before.
func TestAcknowledgedAfterHandOver(t *testing.T) {
	server := fake(t, telegramtest.Options{})
	entered, release := make(chan struct{}), make(chan struct{})
	s := start(t, server, telegram.Config{}, func(ctx context.Context, m bot.Message) error {
		close(entered)
		select {
		case <-release:
		case <-ctx.Done():
		}
		return ctx.Err()
	})
	said := server.Say(server.Person("ann"), server.Private(server.Person("ann")), "slowly", nil)
	<-entered
	if c := server.Confirmed(); c >= said.Update {
		t.Errorf("update %d is confirmed while the bot is still full", c)
	}
	must(t, s.stop())
	if server.Unconfirmed() != 1 {
		t.Errorf("an update that was never accepted is confirmed")
	}
	s = start(t, server, telegram.Config{}, nil)
	if got := texts(s.heard(1)); !slices.Equal(got, []string{"slowly"}) {
		t.Errorf("delivered %q after the restart", got)
	}
}

// A message that the bot does not accept is offered again.
func TestNotAccepted(t *testing.T) {
	server := fake(t, telegramtest.Options{})
	var s *running
	first := true
	ready := make(chan struct{})
	s = start(t, server, telegram.WithClock(telegram.Config{}, newClock()), func(ctx context.Context, m bot.Message) error {
		<-ready
		if first {
			first = false
			return errors.New("not now")
		}
		return s.messages.Collect(ctx, m)
	})
	close(ready)
	s.says("one", "two")
	if got := texts(s.heard(2)); !slices.Equal(got, []string{"one", "two"}) {
		t.Errorf("delivered %q", got)
	}
}

// Stop cancels a poll that waits, at once; and nothing is left behind.
func TestStopsAtOnce(t *testing.T) {
	for _, hang := range []bool{false, true} {
		t.Run(fmt.Sprintf("hang=%v", hang), func(t *testing.T) {
			server := fake(t, telegramtest.Options{})
			if hang {
				server.Fail("getUpdates", telegramtest.Fault{Hang: true})
			}
			s := start(t, server, telegram.Config{}, nil)
			must(t, server.WaitCount(within(t), "getUpdates", 1))
			began := time.Now()
			must(t, s.stop())
			if d := time.Since(began); d > 5*time.Second {
				t.Errorf("stopping took %v", d)
			}
			if err := s.Run(canceled(), s.messages.Collect); err != nil { // again, as often as one likes
				t.Error(err)
			}
		})
	}
}

func canceled() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}

// What is transient is retried with a growing pause, and said once at warning
// level; the messages come all the same.
func TestTransientFaults(t *testing.T) {
	t.Parallel()
	server := fake(t, telegramtest.Options{})
	server.Fail("getMe", telegramtest.BadGateway(), telegramtest.Fault{Reset: true}, telegramtest.TooMany(7*time.Second),
		telegramtest.Fault{Page: &telegramtest.Page{Status: 200, Body: "<html>a captive portal</html>"}})
	server.Fail("getUpdates", telegramtest.BadGateway(), telegramtest.BadGateway(), telegramtest.Fault{Reset: true},
		telegramtest.Fault{Refusal: &telegramtest.Refusal{Code: 500, Text: "Internal Server Error"}},
		telegramtest.Fault{Page: &telegramtest.Page{Status: 404, Body: "nginx: not found"}},
		telegramtest.Fault{Page: &telegramtest.Page{Status: 200, Body: `{"ok":true,"result":{"not":"a list"}}`}},
		telegramtest.Fault{Page: &telegramtest.Page{Status: 200, Body: `{"ok":tr`}},
		telegramtest.TooMany(30*time.Second))
	c := newClock()
	s := start(t, server, telegram.WithClock(telegram.Config{}, c), nil)
	s.says("still there?")
	s.heard(1)
	must(t, s.stop())
	slept := c.sleeps()
	for _, want := range []time.Duration{7 * time.Second, 30 * time.Second} {
		if !slices.Contains(slept, want) {
			t.Errorf("slept %v, want %v among them: Telegram asked for it", slept, want)
		}
	}
	s.logged("polling works again", "502 Bad Gateway")
	if n := strings.Count(s.log.String(), "level=WARN"); n > 7 {
		t.Errorf("%d warnings for %d faults", n, 12)
	}
}

func TestRefusedToken(t *testing.T) {
	t.Parallel()
	for name, f := range map[string]telegramtest.Fault{
		"401": telegramtest.Unauthorized(),
		"404": {Refusal: &telegramtest.Refusal{Code: 404, Text: "Not Found"}},
	} {
		for _, method := range []string{"getMe", "getUpdates"} {
			t.Run(method+" "+name, func(t *testing.T) {
				server := fake(t, telegramtest.Options{})
				server.Fail(method, f)
				s := start(t, server, telegram.Config{}, nil)
				err := s.ended()
				if !errors.Is(err, bot.ErrFatal) || !strings.Contains(fmt.Sprint(err), "the token is refused") || !strings.Contains(fmt.Sprint(err), "@BotFather") {
					t.Errorf("Run returned %v", err)
				}
				mustNotHold(t, server.Token(), fmt.Sprint(err), fmt.Sprintf("%#v", err))
			})
		}
	}
	t.Run("a proxy that wants a password", func(t *testing.T) {
		server := fake(t, telegramtest.Options{})
		page := telegramtest.Fault{Page: &telegramtest.Page{Status: 401, Body: "<html>401 Authorization Required</html>"}}
		server.Fail("getMe", page)
		server.Fail("getUpdates", page)
		s := start(t, server, telegram.WithClock(telegram.Config{}, newClock()), nil)
		s.says("let in at last?")
		s.heard(1)
		must(t, s.stop())
		s.logged("401 Unauthorized", "polling works again")
	})
	t.Run("no Bot API", func(t *testing.T) {
		server := fake(t, telegramtest.Options{})
		server.Fail("getMe", telegramtest.Fault{Page: &telegramtest.Page{Status: 404, Body: "<html>no such page</html>"}})
		s := start(t, server, telegram.Config{}, nil)
		if err := s.ended(); !errors.Is(err, bot.ErrFatal) || !strings.Contains(err.Error(), "telegram.endpoint") {
			t.Errorf("Run returned %v", err)
		}
	})
}

// A second instance is said clearly and put up with during a restart, not for good.
func TestSecondInstance(t *testing.T) {
	t.Parallel()
	server := fake(t, telegramtest.Options{})
	server.Fail("getUpdates", slices.Repeat([]telegramtest.Fault{telegramtest.OtherPoller()}, 5)...)
	c := newClock()
	s := start(t, server, telegram.WithClock(telegram.Config{}, c), nil)
	s.says("who gets me?")
	s.heard(1)
	must(t, s.stop())
	s.logged("a second instance is running with this token", "polling works again")
	slept := c.sleeps()
	if len(slept) < 5 || slept[4] < 4*slept[0]/2 {
		t.Errorf("slept %v; the pause should grow", slept)
	}

	server.Fail("getUpdates", slices.Repeat([]telegramtest.Fault{telegramtest.OtherPoller()}, 200)...)
	s = start(t, server, telegram.WithClock(telegram.Config{}, newClock()), nil)
	if err := s.ended(); !errors.Is(err, bot.ErrFatal) || !strings.Contains(err.Error(), "a second instance") {
		t.Errorf("Run returned %v", err)
	}
}

// Two adapters with one token, as the server really treats them.
func TestTwoPollers(t *testing.T) {
	t.Parallel()
	server := fake(t, telegramtest.Options{})
	one := start(t, server, telegram.WithClock(telegram.Config{}, newClock()), nil)
	must(t, server.WaitPolling(within(t)))
	two := start(t, server, telegram.WithClock(telegram.Config{}, newClock()), nil)
	// With clocks that do not wait the two throw each other out quickly, until one
	// of them has had enough.
	select {
	case <-one.run.Done():
	case <-two.run.Done():
	case <-time.After(bottest.Patience):
		t.Fatal("neither gave up")
	}
	one.run.Cancel()
	two.run.Cancel()
	errs := []error{one.ended(), two.ended()}
	if !errors.Is(errs[0], bot.ErrFatal) && !errors.Is(errs[1], bot.ErrFatal) {
		t.Errorf("the two ended with %v", errs)
	}
}

func TestWebhookIsRemoved(t *testing.T) {
	server := fake(t, telegramtest.Options{})
	server.SetWebhook("https://example.org/secret-path")
	s := start(t, server, telegram.WithClock(telegram.Config{}, newClock()), nil)
	s.says("hello")
	s.heard(1)
	if strings.Contains(s.log.String(), "secret-path") {
		t.Error("the webhook's address is in the log")
	}
	server.SetWebhook("https://example.org/again") // while polling
	s.says("hello again")
	s.heard(2)
}

// A server without long polling must not be asked in a hot loop: the library
// makes 7,236 requests a second of it.
func TestServerWithoutLongPolling(t *testing.T) {
	t.Parallel()
	server := fake(t, telegramtest.Options{Peer: true})
	c := newClock()
	s := start(t, server, telegram.WithClock(telegram.Config{}, c), nil)
	to := s.asked("still works?")
	must(t, s.Send(within(t), to, para("it does")))
	n := server.Count("getUpdates") + 40
	must(t, server.WaitCount(within(t), "getUpdates", n))
	s.logged("menu could not be set") // and that is not fatal
	must(t, s.stop())
	var pauses []time.Duration
	for _, d := range c.sleeps() {
		if d >= 50*time.Millisecond {
			pauses = append(pauses, d)
		}
	}
	if len(pauses) < 38 || pauses[len(pauses)-1] < 500*time.Millisecond {
		t.Errorf("%d pauses in 40 empty polls, the last %v", len(pauses), pauses[len(pauses)-1])
	}
	sent := server.Sent()
	if len(sent) != 1 || sent[0].Text != "it does" {
		t.Errorf("sent %v", sent)
	}
}

// Simple servers number their updates from 0.
func TestNumbersFromZero(t *testing.T) {
	server := fake(t, telegramtest.Options{})
	server.Renumber(0)
	s := start(t, server, telegram.Config{}, nil)
	s.says("zero", "one")
	if got := texts(s.heard(2)); !slices.Equal(got, []string{"zero", "one"}) {
		t.Errorf("delivered %q", got)
	}
	must(t, server.WaitConfirmed(within(t), 1))
}

// The same event again, and a poll that repeats itself for ever, come once.
func TestRepeated(t *testing.T) {
	server := fake(t, telegramtest.Options{})
	s := start(t, server, telegram.WithClock(telegram.Config{}, newClock()), nil)
	ann := server.Person("ann")
	said := server.Say(ann, server.Private(ann), "once", nil)
	s.heard(1)
	for range 5 {
		server.Repeat(said.Raw)
	}
	s.says("last")
	if got := texts(s.heard(2)); !slices.Equal(got, []string{"once", "last"}) {
		t.Errorf("delivered %q", got)
	}
}

func TestPollParameters(t *testing.T) {
	server := fake(t, telegramtest.Options{})
	s := start(t, server, telegram.Config{}, nil)
	s.says("x")
	s.heard(1)
	must(t, server.WaitCount(within(t), "getUpdates", 2))
	must(t, s.stop())
	p := server.Calls("getUpdates")[0].Params
	if p.Get("timeout") != "50" || p.Get("limit") != "100" || p.Get("allowed_updates") != `["message","callback_query"]` {
		t.Errorf("polled with %v", p)
	}
}

// Telegram sends an album as a message for each photo; help is offered once.
func TestAlbum(t *testing.T) {
	server := fake(t, telegramtest.Options{})
	base := bottest.Embedded(t)
	b, _ := bottest.Config{Answerer: bottest.Decliner{Of: base}}.New()
	a, err := telegram.New(telegram.Config{Token: platform.NewSecret(telegramtest.Token), Endpoint: server.URL(), Commands: bottest.Commands()})
	must(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- b.Run(ctx, a) }()
	ann := server.Person("ann")
	for range 4 {
		server.Say(ann, server.Private(ann), "", func(m map[string]any) {
			delete(m, "text")
			m["media_group_id"], m["photo"] = "13579", []any{map[string]any{"file_id": "x"}}
		})
	}
	server.Say(ann, server.Private(ann), "/why", nil)
	_, err = server.WaitSent(within(t), 2)
	must(t, err)
	cancel()
	must(t, <-ended)
	sent := server.Sent()
	if len(sent) != 2 || !strings.Contains(sent[0].Text, "no words") || !strings.Contains(sent[1].Text, "Ask something first") {
		t.Errorf("sent %+v", sent)
	}
}

// On a machine whose clock is wrong a question in a group is not taken for an old one.
func TestWrongClock(t *testing.T) {
	for _, ahead := range []time.Duration{15 * time.Minute, -15 * time.Minute} {
		server := telegramtest.Start(t, telegramtest.Options{})
		c := newClock()
		c.advance(time.Until(c.Now()) * -1) // now
		c.advance(ahead)
		s := start(t, server, telegram.WithClock(telegram.Config{}, c), nil)
		ann, forum := server.Person("ann"), server.Group("forum", false)
		for i := range 2 {
			server.Say(ann, forum, "@"+server.Username()+" When?", nil)
			if age := c.Now().Sub(s.heard(i + 1)[i].SentAt).Abs(); age > 5*time.Minute {
				t.Errorf("ahead %v: message %d is %v old", ahead, i, age)
			}
		}
		s.logged("clock is wrong")
	}
}

// Who writes as the group, or as a channel, is answered, each with a turn of its own, and
// a channel administers nothing.
func TestWhoWritesAsAChat(t *testing.T) {
	server := telegramtest.Start(t, telegramtest.Options{})
	s := start(t, server, telegram.Config{}, nil)
	ann, forum := server.Person("ann"), server.Group("forum", false)
	asChannel := func(m map[string]any) {
		m["sender_chat"] = map[string]any{"id": -100777, "type": "channel", "title": "News"}
	}
	server.Say(ann, forum, "@"+server.Username()+" as the group?", server.AsGroup)
	server.Say(ann, forum, "@"+server.Username()+" as a channel?", asChannel)
	server.Say(ann, forum, "/settings@"+server.Username()+" language de", asChannel)
	all := s.heard(3)
	if all[0].Text != "as the group?" || all[1].Text != "as a channel?" || all[0].From.ID == all[1].From.ID || all[0].From.ID == "" || all[1].From.Name != "" {
		t.Errorf("%+v", all)
	}
	if may, err := s.IsAdmin(within(t), all[2]); may || err != nil {
		t.Errorf("a channel administers: %t, %v", may, err)
	}
}
