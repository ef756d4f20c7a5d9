package telegram_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"footnote/bot"
	"footnote/bot/bottest"
	"footnote/bot/lang"
	"footnote/bot/platform"
	"footnote/bot/telegram"
	"footnote/bot/telegram/telegramtest"
)

// What Telegram says against a message, and what becomes of it.
func TestRefusals(t *testing.T) {
	t.Parallel()
	bad := telegramtest.BadRequest
	forbidden := func(why string) telegramtest.Fault {
		return telegramtest.Fault{Refusal: &telegramtest.Refusal{Code: 403, Text: "Forbidden: " + why}}
	}
	type check func(*testing.T, error)
	is := func(want error) check {
		return func(t *testing.T, err error) {
			if !errors.Is(err, want) {
				t.Errorf("Send returned %v, want %v", err, want)
			}
		}
	}
	transient := func(t *testing.T, err error) {
		for _, permanent := range []error{bot.ErrGone, bot.ErrForbidden, bot.ErrTooLong, bot.ErrFatal} {
			if err == nil || errors.Is(err, permanent) {
				t.Errorf("Send returned %v, want something transient", err)
			}
		}
	}
	for _, c := range []struct {
		name  string
		fault telegramtest.Fault
		sent  int // messages that arrive
		check check
	}{
		{"blocked", telegramtest.Blocked(), 0, is(bot.ErrForbidden)},
		{"kicked", forbidden("bot was kicked from the supergroup chat"), 0, is(bot.ErrForbidden)},
		{"deactivated", forbidden("user is deactivated"), 0, is(bot.ErrForbidden)},
		{"never started", forbidden("bot can't initiate conversation with a user"), 0, is(bot.ErrForbidden)},
		{"no rights", bad("not enough rights to send text messages to the chat"), 0, is(bot.ErrForbidden)},
		{"no texts", bad("CHAT_SEND_PLAIN_FORBIDDEN"), 0, is(bot.ErrForbidden)},
		{"members only", bad("CHAT_GUEST_SEND_FORBIDDEN"), 0, is(bot.ErrForbidden)},
		{"restricted", bad("CHAT_RESTRICTED"), 0, is(bot.ErrForbidden)},
		{"for a fee", bad("ALLOW_PAYMENT_REQUIRED_50"), 0, is(bot.ErrForbidden)},
		{"for subscribers", bad("PRIVACY_PREMIUM_REQUIRED"), 0, is(bot.ErrForbidden)},
		{"closed", bad("CHANNEL_PRIVATE"), 0, is(bot.ErrGone)},
		{"chat not found", bad("chat not found"), 0, is(bot.ErrGone)},
		{"not modified", bad("message is not modified"), 0, is(nil)},
		{"too old", bad("query is too old and response timeout expired or query ID is invalid"), 0, is(bot.ErrGone)},
		{"too long", bad("message is too long"), 0, is(bot.ErrTooLong)},
		{"reply gone", bad("message to be replied not found"), 1, is(nil)},
		{"markup", bad("can't parse entities: Unsupported start tag"), 1, is(nil)},
		{"much markup", bad("ENTITIES_TOO_LONG"), 1, is(nil)},
		{"proxy", telegramtest.BadGateway(), 0, transient},
		{"server", telegramtest.Fault{Refusal: &telegramtest.Refusal{Code: 500, Text: "Internal Server Error"}}, 0, transient},
		{"proxy forbids", telegramtest.Fault{Page: &telegramtest.Page{Status: 403, Body: "<html>WAF"}}, 0, transient},
		{"reset", telegramtest.Fault{Reset: true}, 0, transient},
		{"null result", telegramtest.Fault{Page: &telegramtest.Page{Status: 200, Body: `{"ok":true,"result":null}`}}, 0, is(nil)},
		{"no result", telegramtest.Fault{Page: &telegramtest.Page{Status: 200, Body: `{"ok":true}`}}, 0, is(nil)},
		{"odd result", telegramtest.Fault{Page: &telegramtest.Page{Status: 200, Body: `{"ok":true,"result":{"message_id":"x"}}`}}, 0, is(nil)},
		{"flood", telegramtest.TooMany(90 * time.Second), 0, func(t *testing.T, err error) {
			var retry *bot.RetryError
			if !errors.As(err, &retry) || retry.After != 90*time.Second {
				t.Errorf("Send returned %v, want to wait 90 s", err)
			}
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			server := fake(t, telegramtest.Options{})
			s := start(t, server, telegram.Config{}, nil)
			to := s.asked("a question")
			server.Fail("sendMessage", c.fault)
			err := s.Send(within(t), to, para("an <answer>"))
			c.check(t, err)
			mustNotHold(t, server.Token(), fmt.Sprint(err), fmt.Sprintf("%+v %#v", err, err))
			if strings.Contains(fmt.Sprint(err), "answer>") {
				t.Errorf("the error holds the text: %v", err)
			}
			if got := server.Sent(); len(got) != c.sent || c.sent == 1 && got[0].Text != "an <answer>" {
				t.Errorf("sent %v, want %d", got, c.sent)
			}
		})
	}
}

// A failed call whose request had left may have been carried out, so nobody may
// simply repeat it; one that never left may be repeated.
func TestUnsure(t *testing.T) {
	t.Parallel()
	server := fake(t, telegramtest.Options{})
	s := start(t, server, telegram.Config{}, nil)
	to := s.asked("a question")
	timeout := telegramtest.Fault{Page: &telegramtest.Page{Status: 504, Body: "<html>504 Gateway Time-out</html>"}}
	for name, f := range map[string]telegramtest.Fault{"lost": {Lost: true}, "cut": {Reset: true}, "504": timeout} {
		server.Fail("sendMessage", f)
		if err := s.Send(within(t), to, para("an answer")); !errors.Is(err, bot.ErrUncertain) {
			t.Errorf("%s: Send returned %v", name, err)
		}
	}
	server.Fail("sendMessage", telegramtest.BadGateway())
	if err := s.Send(within(t), to, para("an answer")); err == nil || errors.Is(err, bot.ErrUncertain) {
		t.Errorf("502: Send returned %v", err)
	}
	must(t, s.stop())
	server.Close()
	err := s.Send(within(t), to, para("nobody there"))
	if err == nil || errors.Is(err, bot.ErrUncertain) {
		t.Errorf("Send to a closed port returned %v", err)
	}
	mustNotHold(t, server.Token(), fmt.Sprint(err))
}

// When the answer to a sent answer is lost, the person sees it once and a sentence
// that is true whether or not it arrived.
func TestLostAnswerIsSettled(t *testing.T) {
	t.Parallel()
	for name, x := range map[string]struct {
		fault telegramtest.Fault
		want  []string // what the messages hold, in order
	}{
		"it had arrived": {telegramtest.Fault{Lost: true}, []string{"no sourced answer", "ask again"}},
		"it had not":     {telegramtest.Fault{Reset: true}, []string{"ask again"}},
	} {
		t.Run(name, func(t *testing.T) {
			server := fake(t, telegramtest.Options{})
			base := bottest.Embedded(t)
			b, _ := bottest.Config{Answerer: bottest.Decliner{Of: base}}.New()
			s := start(t, server, telegram.Config{}, func(context.Context, bot.Message) error { return nil })
			must(t, s.stop())
			ctx, cancel := context.WithCancel(t.Context())
			ended := make(chan error, 1)
			go func() { ended <- b.Run(ctx, s.Adapter) }()
			server.Fail("sendMessage", x.fault)
			ann := server.Person("ann")
			server.Say(ann, server.Private(ann), "Who spoke in 1956?", nil)
			_, err := server.WaitSent(within(t), len(x.want))
			must(t, err)
			cancel()
			must(t, <-ended) // everything has been said by then
			sent := server.Sent()
			if len(sent) != len(x.want) {
				t.Fatalf("%d messages, want %d: %+v", len(sent), len(x.want), sent)
			}
			for i, want := range x.want {
				if !strings.Contains(sent[i].Text, want) {
					t.Errorf("message %d is %q, want %q in it", i+1, sent[i].Text, want)
				}
			}
		})
	}
}

// A group that became a supergroup is followed, on sending and from then on.
func TestUpgradedGroup(t *testing.T) {
	t.Parallel()
	server := fake(t, telegramtest.Options{ReadsGroups: true})
	s := start(t, server, telegram.Config{}, nil)
	ann := server.Person("ann")
	old, now := server.Group("old", false), server.Group("new", false)
	server.Say(ann, old, "/ask who", nil)
	to := s.heard(1)[0].To
	server.Upgrade(old, now)
	must(t, s.Send(within(t), to, para("here")))
	must(t, s.Send(within(t), to, para("and here")))
	sent := server.Sent()
	if len(sent) != 2 || sent[0].Chat != now.ID || sent[1].Chat != now.ID {
		t.Errorf("sent %+v, want both in %d", sent, now.ID)
	}
	if n := server.Count("sendMessage"); n != 3 {
		t.Errorf("%d calls for two messages, want 3: the move is remembered", n)
	}

	// The same, learnt from the update that tells of it.
	old2, now2 := server.Group("old2", false), server.Group("new2", false)
	server.Say(ann, old2, "/ask what", nil)
	to = s.heard(2)[1].To
	server.Upgrade(old2, now2)
	server.Say(ann, old2, "", func(m map[string]any) { m["migrate_to_chat_id"] = now2.ID })
	s.says("a private question, so that the update before it has been read")
	s.heard(3)
	calls := server.Count("sendMessage")
	must(t, s.Send(within(t), to, para("there")))
	if n := server.Count("sendMessage"); n != calls+1 || server.Sent()[2].Chat != now2.ID {
		t.Errorf("%d calls, sent %+v", n-calls, server.Sent()[2])
	}

	// Messages are numbered anew there: what stands under the old number is another's.
	server.Say(ann, now2, "/ask something else", nil)
	to = s.heard(4)[3].To
	must(t, s.Send(within(t), to, para("an answer to something else"))) // of the numbers 2 there and here
	server.Press(ann, old2, telegramtest.Sent{ID: 2}, "1:2")
	pressed := s.heard(5)[4].To
	turned := para("page 2")
	turned.Replace = true
	must(t, s.Send(within(t), pressed, turned))
	must(t, s.Send(within(t), pressed, para("an answer")))
	if n := server.Count("editMessageText"); n != 0 {
		t.Errorf("%d edits of messages that are none of the old group's", n)
	}
	for _, x := range server.Sent()[4:] {
		if x.Chat != now2.ID || x.ReplyTo != 0 || x.Edited {
			t.Errorf("sent %+v, want a message of its own", x)
		}
	}
	if x := server.Sent()[2]; x.ReplyTo != 0 {
		t.Errorf("sent %+v, want a message of its own", x)
	}
}

func TestTopics(t *testing.T) {
	server := fake(t, telegramtest.Options{ReadsGroups: true})
	s := start(t, server, telegram.Config{}, nil)
	ann := server.Person("ann")
	at := server.Group("forum", true).In(42)
	server.Say(ann, at, "/ask who", nil)
	to := s.heard(1)[0].To
	must(t, s.Send(within(t), to, para("in the topic")))
	server.CloseTopic(at)
	must(t, s.Send(within(t), to, para("the topic is closed")))
	server.DeleteTopic(at)
	must(t, s.Send(within(t), to, para("the topic is gone")))
	for i, want := range []int64{42, 0, 0} {
		if got := server.Sent()[i].Thread; got != want {
			t.Errorf("message %d went to topic %d, want %d", i, got, want)
		}
	}
	// A reply thread of an ordinary group is no topic: the server refuses its number.
	plain := server.Group("plain", false)
	server.Say(ann, plain, "/ask who", func(m map[string]any) { m["message_thread_id"] = 77 })
	must(t, s.Send(within(t), s.heard(2)[1].To, para("in the group")))
	if n := server.Count("sendMessage"); n != 6 {
		t.Errorf("%d calls, want 6", n)
	}
}

func TestReplyToDeletedMessage(t *testing.T) {
	server := fake(t, telegramtest.Options{})
	s := start(t, server, telegram.Config{}, nil)
	to := s.asked("soon deleted")
	server.DeleteMessage(server.Private(server.Person("ann")), 1)
	must(t, s.Send(within(t), to, para("answered all the same")))
	if got := server.Sent(); len(got) != 1 || got[0].ReplyTo != 0 {
		t.Errorf("sent %+v", got)
	}
}

// After a 429 the chat waits, and a wait that is longer than the context is told
// at once instead of being waited for.
func TestPaceAfterTooMany(t *testing.T) {
	t.Parallel()
	server := fake(t, telegramtest.Options{})
	c := newClock()
	s := start(t, server, telegram.WithClock(telegram.Config{}, c), nil)
	to := s.asked("a question")
	server.Fail("sendMessage", telegramtest.TooMany(time.Minute))
	var retry *bot.RetryError
	if err := s.Send(within(t), to, para("x")); !errors.As(err, &retry) {
		t.Fatalf("Send returned %v", err)
	}
	calls := server.Count("sendMessage")
	if err := s.Send(within(t), to, para("x")); !errors.As(err, &retry) || retry.After < 50*time.Second || server.Count("sendMessage") != calls {
		t.Errorf("Send returned %v after %d more calls; want to wait without a call", err, server.Count("sendMessage")-calls)
	}
	s.Typing(within(t), to)
	if server.Count("sendChatAction") != 0 {
		t.Error("typing was sent into a flood wait")
	}
	must(t, s.Send(context.Background(), to, para("waited for"))) // without a deadline it waits
	began := c.Now()
	for i := range 3 {
		must(t, s.Send(context.Background(), to, para(fmt.Sprint("slowly ", i))))
	}
	if d := c.Now().Sub(began); d < 3*time.Second {
		t.Errorf("three messages to one chat in %v after a 429", d)
	}
	c.advance(6 * time.Minute)
	began = c.Now()
	for i := range 30 {
		must(t, s.Send(context.Background(), to, para(fmt.Sprint("freely ", i))))
	}
	if d := c.Now().Sub(began); d != 0 {
		t.Errorf("still slow by %v long after the 429", d)
	}
	if strings.Contains(s.log.String(), string(to.Chat)) { // of a private chat that is the person
		t.Error("the log names the person")
	}
}

// A chat that hangs delays no other, and neither does a button that cannot be
// acknowledged.
func TestStuckCallDelaysNobody(t *testing.T) {
	t.Parallel()
	server := fake(t, telegramtest.Options{})
	s := start(t, server, telegram.Config{}, nil)
	ann := server.Person("ann")
	to := s.asked("a question")
	server.Fail("sendMessage", telegramtest.Fault{Hang: true})
	ctx, cancel := context.WithCancel(within(t))
	stuck := make(chan error, 1)
	go func() { stuck <- s.Send(ctx, to, para("never")) }()
	must(t, server.WaitCount(within(t), "sendMessage", 1))
	server.Fail("answerCallbackQuery", telegramtest.Fault{Hang: true})
	server.Press(ann, server.Private(ann), telegramtest.Sent{ID: 9}, "1:x")
	s.heard(2)
	bob := server.Person("bob")
	server.Say(bob, server.Private(bob), "and me?", nil)
	must(t, s.Send(within(t), s.heard(3)[2].To, para("you are next")))
	cancel()
	if err := <-stuck; !errors.Is(err, context.Canceled) {
		t.Errorf("the stuck Send returned %v", err)
	}
	server.Close() // let the hanging button go, so that stopping need not wait for it
}

func TestTyping(t *testing.T) {
	server := fake(t, telegramtest.Options{ReadsGroups: true})
	s := start(t, server, telegram.Config{}, nil)
	server.Say(server.Person("ann"), server.Group("forum", true).In(5), "/ask who", nil)
	to := s.heard(1)[0].To
	s.Typing(within(t), to)
	p := server.Calls("sendChatAction")[0].Params
	if p.Get("action") != "typing" || p.Get("message_thread_id") != "5" {
		t.Errorf("typing was sent as %v", p)
	}
	server.Fail("sendChatAction", telegramtest.BadGateway())
	s.Typing(within(t), to) // and an error is nobody's business
	s.Typing(within(t), bot.Address{Conversation: bot.In(telegram.Platform, "nowhere")})
}

func TestSendNowhere(t *testing.T) {
	server := fake(t, telegramtest.Options{})
	s := start(t, server, telegram.Config{}, nil)
	to := s.asked("x")
	for _, a := range []bot.Address{{}, {Conversation: bot.In(telegram.Platform, "x")}, {Conversation: bot.In("discord", "1")}} {
		if err := s.Send(within(t), a, para("x")); !errors.Is(err, bot.ErrGone) {
			t.Errorf("Send to %+v: %v", a, err)
		}
	}
	if err := s.Send(within(t), to, para(" \n\t ")); err == nil {
		t.Error("a reply without text was sent")
	}
	if n := server.Count("sendMessage"); n != 0 {
		t.Errorf("%d calls", n)
	}
}

// Buttons are acknowledged once they are handed over, wherever they are.
func TestButtonsAreAcknowledged(t *testing.T) {
	t.Parallel()
	server := fake(t, telegramtest.Options{})
	s := start(t, server, telegram.Config{}, nil)
	ann := server.Person("ann")
	_, query := server.Press(ann, server.Private(ann), telegramtest.Sent{ID: 3}, "1:source")
	m := s.heard(1)[0]
	if m.Action != "1:source" || !m.Addressed || m.To.ReplyTo != "3" || m.SentAt.IsZero() {
		t.Errorf("delivered %+v", m)
	}
	must(t, server.WaitAnswered(within(t), query))
	inline := server.PressInline(ann, "1:source") // Message is nil
	must(t, server.WaitAnswered(within(t), inline))
	calls := server.Calls("answerCallbackQuery")
	if u := calls[len(calls)-1].Params.Get("url"); !strings.HasPrefix(u, "https://t.me/"+server.Username()+"?start=") {
		t.Errorf("a button under an inline message leads to %q", u)
	}
	if n := len(s.heard(1)); n != 1 {
		t.Errorf("%d messages", n)
	}
}

// A reply that replaces the message whose button was pressed edits it in place,
// and becomes a message of its own where that cannot be.
func TestEditsInPlace(t *testing.T) {
	t.Parallel()
	server := fake(t, telegramtest.Options{})
	s := start(t, server, telegram.Config{}, nil)
	ann := server.Person("ann")
	to := s.asked("/topics")
	page := func(n int) bot.Reply {
		r := para(fmt.Sprint("page ", n))
		r.Buttons = []bot.Button{{Label: "Next", Action: fmt.Sprint("1:", n+1)}}
		r.Replace = true
		return r
	}
	must(t, s.Send(within(t), to, page(1))) // no button was pressed: a message
	first := server.Sent()[0]
	server.Press(ann, server.Private(ann), first, "1:2")
	pressed := s.heard(2)[1].To
	must(t, s.Send(within(t), pressed, page(2)))
	must(t, s.Send(within(t), pressed, page(2))) // not modified is success
	must(t, s.Send(within(t), pressed, para("no replacement")))
	sent := server.Sent()
	if len(sent) != 3 || !sent[1].Edited || sent[1].ID != first.ID || sent[1].Text != "page 2" || sent[1].Buttons[0][0].Data != "1:3" || sent[2].Edited || sent[2].ReplyTo != first.ID {
		t.Errorf("sent %+v", sent)
	}
	server.Fail("editMessageText", telegramtest.BadRequest("message can't be edited"))
	must(t, s.Send(within(t), pressed, page(3)))
	if sent = server.Sent(); len(sent) != 4 || sent[3].Edited || sent[3].Text != "page 3" {
		t.Errorf("sent %+v", sent)
	}
}

// Who turns a page of a list that somebody else asked for gets a page of his own:
// the other one may answer with a number of what stands there.
func TestPagesOfAnothersList(t *testing.T) {
	t.Parallel()
	server := fake(t, telegramtest.Options{ReadsGroups: true})
	base := bottest.Embedded(t)
	b, _ := bottest.Config{Answerer: bottest.Decliner{Of: base}}.New()
	a, err := telegram.New(telegram.Config{Token: platform.NewSecret(telegramtest.Token), Endpoint: server.URL(), Commands: bottest.Commands()})
	must(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- b.Run(ctx, a) }()
	ann, bob, group := server.Person("ann"), server.Person("bob"), server.Group("group", false)
	n := 0
	next := func() telegramtest.Sent {
		n++
		sent, err := server.WaitSent(within(t), n)
		must(t, err)
		return sent[n-1]
	}
	turn := func(who telegramtest.Person, list telegramtest.Sent) telegramtest.Sent {
		last := list.Buttons[len(list.Buttons)-1]
		server.Press(who, group, list, last[len(last)-1].Data)
		return next()
	}
	second := func(list telegramtest.Sent) { // what ann gets for the number 2 under list
		server.Say(ann, group, "2", server.ReplyTo(list))
		_, id, _ := strings.Cut(list.Buttons[0][1].Data, ":")
		if got := next(); !strings.Contains(got.Text, id+" · ") {
			t.Errorf("2 of\n%s\nis\n%s", list.Text, got.Text)
		}
	}
	server.Say(ann, group, "/search stalin", nil)
	list := next()
	if his := turn(bob, list); his.Edited {
		t.Errorf("what ann asked for became %s", his.Text)
	}
	second(list)
	hers := turn(ann, list)
	if !hers.Edited || hers.ID != list.ID {
		t.Errorf("ann's list was not turned in place: %+v", hers)
	}
	second(hers)
	cancel()
	must(t, <-ended)
}

func TestMenus(t *testing.T) {
	t.Parallel()
	server := fake(t, telegramtest.Options{})
	var kept store
	s := start(t, server, telegram.Config{Store: &kept}, nil)
	languages := len(lang.All())
	all := 3 * languages // 3 scopes
	must(t, server.WaitCount(within(t), "setMyCommands", all))
	must(t, kept.wait(within(t), "telegram.menus.1234567890"))
	must(t, s.stop())
	asked := server.Count("getMyCommands")
	s = start(t, server, telegram.Config{Store: &kept}, nil)
	s.says("x")
	s.heard(1)
	must(t, s.stop())
	if server.Count("setMyCommands") != all || server.Count("getMyCommands") != asked {
		t.Errorf("the menus were asked for or set again: %d, %d", server.Count("setMyCommands"), server.Count("getMyCommands")-asked)
	}
	langs := map[string]bool{}
	lists := map[string]string{} // by scope
	for _, c := range server.Calls("setMyCommands") {
		langs[c.Params.Get("language_code")] = true
		lists[c.Params.Get("scope")] = c.Params.Get("commands")
		if !strings.Contains(c.Params.Get("commands"), `"ask"`) || strings.Contains(c.Params.Get("commands"), `"start"`) {
			t.Errorf("a menu: %s", c.Params.Get("commands"))
		}
	}
	if len(langs) != languages || len(lists) != 3 {
		t.Errorf("languages %v, menus %v", langs, lists)
	}
	for _, x := range []struct {
		scope             string
		privacy, settings bool
	}{{"default", true, true}, {"all_group_chats", false, false}, {"all_chat_administrators", false, true}} {
		list := lists[`{"type":"`+x.scope+`"}`]
		if strings.Contains(list, `"privacy"`) != x.privacy || strings.Contains(list, `"settings"`) != x.settings {
			t.Errorf("%s has %s", x.scope, list)
		}
	}

	// Another store, the same menus at Telegram: compared, and not set again.
	s = start(t, server, telegram.Config{Store: &store{}}, nil)
	must(t, server.WaitCount(within(t), "getMyCommands", asked+all))
	must(t, s.stop())
	if n := server.Count("setMyCommands"); n != all {
		t.Errorf("%d menus set, want the %d of the first start", n, all)
	}
}

// A command that is added stands in the menus, in each language that has a
// text of it.
func TestNewCommand(t *testing.T) {
	server := fake(t, telegramtest.Options{ReadsGroups: true})
	all := append(bottest.Commands(), bot.Command{
		Name: "almanac", Aliases: []string{"yearbook"}, Texts: map[string]bot.CommandText{"en": {Description: "In English"}, "la": {Description: "Latine"}},
	})
	s := start(t, server, telegram.Config{Commands: all}, nil)
	must(t, server.WaitCount(within(t), "setMyCommands", 18)) // 3 scopes, 6 languages
	for _, c := range server.Calls("setMyCommands") {
		want := `{"command":"almanac","description":"In English"}`
		if c.Params.Get("language_code") == "la" {
			want = `{"command":"almanac","description":"Latine"}`
		}
		if list := c.Params.Get("commands"); !strings.Contains(list, want) || strings.Contains(list, "yearbook") {
			t.Errorf("in %q: %s", c.Params.Get("language_code"), list)
		}
	}
	must(t, s.stop())
}

// No commands are an empty menu, which Telegram has from the beginning.
func TestNoCommands(t *testing.T) {
	server := fake(t, telegramtest.Options{ReadsGroups: true})
	s := start(t, server, telegram.Config{Commands: []bot.Command{}}, nil)
	must(t, server.WaitCount(within(t), "getMyCommands", 3)) // 3 scopes
	must(t, s.stop())
	if n := server.Count("setMyCommands"); n != 0 {
		t.Errorf("%d menus set", n)
	}
}

func TestBadConfiguration(t *testing.T) {
	const secret = "AAHsecretsecretsecretsecretsecret00"
	for _, c := range []struct {
		token    string
		endpoint string
		want     string
	}{
		{"", "", "telegram.token is empty"},
		{"123456:" + secret + "\n", "", "space or a line break"},
		{"bot123456:" + secret, "", `begins with "bot"`},
		{"123456" + secret, "", "does not look like a token"},
		{"123456:" + secret + "/..", "", "does not look like a token"},
		{"123456:" + secret, "api.telegram.org", "telegram.endpoint"},
		{"123456:" + secret, "ftp://example.org", "telegram.endpoint"},
		{"123456:" + secret, "https://user:pw@example.org", "telegram.endpoint"},
		{"123456:" + secret, "https://example.org/?x=1", "telegram.endpoint"},
		{"123456:" + secret, "https://example.org/%zz", "telegram.endpoint"},
	} {
		_, err := telegram.New(telegram.Config{Token: platform.NewSecret(c.token), Endpoint: c.endpoint})
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), secret) || strings.Contains(err.Error(), "pw") || strings.Contains(err.Error(), "\n") {
			t.Errorf("New(%d bytes, %q): %v, want %q", len(c.token), c.endpoint, err, c.want)
		}
	}
	for _, endpoint := range []string{"", "http://127.0.0.1:8081", "http://127.0.0.1:8081/", "https://example.org/a%20proxy"} {
		if _, err := telegram.New(telegram.Config{Token: platform.NewSecret("1:x"), Endpoint: endpoint}); err != nil {
			t.Errorf("New with endpoint %q: %v", endpoint, err)
		}
	}
}

func TestOneRunAtATime(t *testing.T) {
	server := fake(t, telegramtest.Options{})
	s := start(t, server, telegram.Config{}, nil)
	must(t, server.WaitPolling(within(t)))
	if err := s.Run(within(t), s.messages.Collect); err == nil {
		t.Error("a second Run was allowed")
	}
}

// What only the person who pressed needs to know is said over the chat, where it can
// be; what is longer, or comes too late, is a message.
func TestNoticesToWhoPressed(t *testing.T) {
	t.Parallel()
	server := fake(t, telegramtest.Options{})
	s := start(t, server, telegram.Config{}, nil)
	ann := server.Person("ann")
	group := server.Group("forum", true).In(7)
	n := 0
	press := func() bot.Address {
		n++
		server.Press(ann, group, telegramtest.Sent{ID: 9, Thread: 7}, "1:x")
		return s.heard(n)[n-1].To
	}
	notice := func(text string) bot.Reply {
		r := para(text)
		r.Kind, r.Private = bot.KindNotice, true
		return r
	}
	last := func() telegramtest.Sent {
		all := server.Sent()
		return all[len(all)-1]
	}
	alert := func() string {
		calls := server.Calls("answerCallbackQuery")
		return calls[len(calls)-1].Params.Get("show_alert")
	}

	must(t, s.Send(within(t), press(), notice("Not yours.")))
	if x := last(); !x.Toast || x.Text != "Not yours." || alert() != "" {
		t.Errorf("shown %+v with alert %q", x, alert())
	}
	must(t, s.Send(within(t), press(), notice(strings.Repeat("word ", 30))))
	if x := last(); !x.Toast || alert() != "true" {
		t.Errorf("a longer notice: %+v with alert %q", x, alert())
	}
	for name, r := range map[string]bot.Reply{"too long": notice(strings.Repeat("word ", 60)), "no notice": para("An answer.")} {
		_, query := server.Press(ann, group, telegramtest.Sent{ID: 9, Thread: 7}, "1:x")
		n++
		must(t, s.Send(within(t), s.heard(n)[n-1].To, r))
		if x := last(); x.Toast || x.Thread != 7 {
			t.Errorf("%s: shown %+v", name, x)
		}
		must(t, server.WaitAnswered(within(t), query)) // the button does not turn any more
	}
	_, query := server.Press(ann, group, telegramtest.Sent{ID: 9, Thread: 7}, "1:x")
	n++
	to := s.heard(n)[n-1].To
	must(t, server.WaitAnswered(within(t), query)) // nobody said anything in time
	must(t, s.Send(within(t), to, notice("Late.")))
	if x := last(); x.Toast || x.Text != "Late." {
		t.Errorf("a late notice: %+v", x)
	}
	to = press()
	server.Fail("answerCallbackQuery", telegramtest.BadRequest("query is too old and response timeout expired or query ID is invalid"))
	must(t, s.Send(within(t), to, notice("Refused.")))
	if x := last(); x.Toast || x.Text != "Refused." {
		t.Errorf("a refused one: %+v", x)
	}
}
