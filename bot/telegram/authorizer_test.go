package telegram_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"footnote/bot"
	"footnote/bot/telegram"
	"footnote/bot/telegram/telegramtest"
)

// in lets somebody write in a group and returns the message as it was delivered.
func (s *running) in(who telegramtest.Person, at telegramtest.Place, text string, change func(map[string]any)) bot.Message {
	s.t.Helper()
	n := len(s.messages.All())
	s.server.Say(who, at, text, change)
	return s.heard(n + 1)[n]
}

// Telegram says who decides for a group, each time.
func TestIsAdmin(t *testing.T) {
	server := fake(t, telegramtest.Options{})
	s := start(t, server, telegram.Config{}, nil)
	ann, forum, other := server.Person("ann"), server.Group("forum", true), server.Group("other", false)
	asked := s.in(ann, forum.In(7), "/settings language de", nil)
	elsewhere := s.in(ann, other, "/settings language de", nil)
	for i, status := range []string{"", "administrator", "restricted", "creator", "left", "kicked", "administrator", ""} {
		server.Admin(forum, ann, status)
		may, err := s.IsAdmin(within(t), asked)
		if want := status == "creator" || status == "administrator"; err != nil || may != want {
			t.Errorf("%q: %v, %v", status, may, err)
		}
		if n := server.Count("getChatMember"); n != 2*i+1 {
			t.Errorf("%d calls, want one for each time", n)
		}
		if may, err := s.IsAdmin(within(t), elsewhere); may || err != nil {
			t.Errorf("%q elsewhere: %v, %v", status, may, err)
		}
	}
}

// When it cannot be found out, nobody decides, whoever it is.
func TestIsAdminFails(t *testing.T) {
	server := fake(t, telegramtest.Options{})
	s := start(t, server, telegram.Config{}, nil)
	ann, forum := server.Person("ann"), server.Group("forum", false)
	server.Admin(forum, ann, "creator")
	asked := s.in(ann, forum, "/settings", nil)
	page := func(body string) telegramtest.Fault {
		return telegramtest.Fault{Page: &telegramtest.Page{Status: 200, Body: body}}
	}
	someoneElse := fmt.Sprintf(`{"ok":true,"result":{"status":"creator","user":{"id":%d}}}`, ann.ID+1)
	for name, f := range map[string]telegramtest.Fault{
		"hidden members":  telegramtest.BadRequest("CHAT_ADMIN_REQUIRED"),
		"a gone chat":     telegramtest.BadRequest("chat not found"),
		"kicked":          {Refusal: &telegramtest.Refusal{Code: 403, Text: "Forbidden: bot was kicked from the supergroup chat"}},
		"a limit":         telegramtest.TooMany(0),
		"a broken proxy":  telegramtest.BadGateway(),
		"a lost answer":   {Lost: true},
		"a reset":         {Reset: true},
		"nothing":         page(`{"ok":true,"result":null}`),
		"another type":    page(`{"ok":true,"result":true}`),
		"no status":       page(fmt.Sprintf(`{"ok":true,"result":{"user":{"id":%d}}}`, ann.ID)),
		"somebody else's": page(someoneElse),
	} {
		server.Fail("getChatMember", f)
		may, err := s.IsAdmin(within(t), asked)
		if may || err == nil {
			t.Errorf("%s: %v, %v", name, may, err)
			continue
		}
		mustNotHold(t, server.Token(), err.Error(), fmt.Sprintf("%+v %#v", err, err))
	}
	server.Fail("getChatMember", telegramtest.Fault{Hang: true})
	gone, cancel := context.WithCancel(within(t))
	cancel()
	if may, err := s.IsAdmin(gone, asked); may || err == nil {
		t.Errorf("a context that is done: %v, %v", may, err)
	}
	for _, from := range []bot.UserID{"", "ann", "0"} {
		forged := asked
		forged.From.ID = from
		if may, err := s.IsAdmin(within(t), forged); may || err == nil {
			t.Errorf("from %q: %v, %v", from, may, err)
		}
	}
	private := s.in(ann, server.Private(ann), "/settings", nil)
	if may, _ := s.IsAdmin(within(t), private); may {
		t.Error("somebody decides for a group in a private chat")
	}
}

// An admin who writes as the group is one for certain, and nobody else can.
func TestAnonymousAdminIsAdmin(t *testing.T) {
	server := fake(t, telegramtest.Options{})
	s := start(t, server, telegram.Config{}, nil)
	ann, forum := server.Person("ann"), server.Group("forum", false)
	s.in(ann, forum, "/ask who?", server.AsGroup)
	m := s.in(ann, forum, "/settings language de", server.AsGroup)
	if m.Command != "settings" || m.Text != "language de" || string(m.From.ID) != string(m.To.Chat) {
		t.Errorf("heard %+v", m)
	}
	if may, err := s.IsAdmin(within(t), m); !may || err != nil || server.Count("getChatMember") != 0 {
		t.Errorf("%v, %v, %d calls", may, err, server.Count("getChatMember"))
	}
}

// A group that became a supergroup is followed, and whoever wants to know is told
// once, before anything from there is delivered.
func TestIsAdminInAnUpgradedGroup(t *testing.T) {
	var mu sync.Mutex
	var moves []string
	note := func(_ context.Context, from, to bot.Place) {
		mu.Lock()
		defer mu.Unlock()
		moves = append(moves, string(from.Platform)+" "+string(from.Chat)+" "+string(to.Platform)+" "+string(to.Chat))
	}
	server := fake(t, telegramtest.Options{})
	s := start(t, server, telegram.Config{Moved: note}, nil)
	ann, old, now := server.Person("ann"), server.Group("old", false), server.Group("new", false)
	server.Admin(old, ann, "administrator")
	asked := s.in(ann, old, "/settings", nil)
	server.Upgrade(old, now)
	if may, err := s.IsAdmin(within(t), asked); !may || err != nil {
		t.Errorf("asked under the old id: %v, %v", may, err)
	}
	want := fmt.Sprintf("telegram %d telegram %d", old.ID, now.ID)
	mu.Lock()
	got := strings.Join(moves, "; ")
	mu.Unlock()
	if got != want {
		t.Errorf("told %q, want %q", got, want)
	}

	// The same, learnt from the messages that tell of it, one in each group.
	old2, now2 := server.Group("old2", false), server.Group("new2", false)
	server.Upgrade(old2, now2)
	server.Say(ann, old2, "", func(m map[string]any) { m["migrate_to_chat_id"] = now2.ID })
	server.Say(ann, now2, "", func(m map[string]any) { m["migrate_from_chat_id"] = old2.ID })
	s.in(ann, now2, "/settings", nil)
	want += fmt.Sprintf("; telegram %d telegram %d", old2.ID, now2.ID)
	mu.Lock()
	defer mu.Unlock()
	if got := strings.Join(moves, "; "); got != want {
		t.Errorf("told %q, want %q", got, want)
	}
}
