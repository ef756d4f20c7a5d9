package telegram_test

import (
	"context"
	"encoding/json"
	"flag"
	"log/slog"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"footnote/bot"
	"footnote/bot/bottest"
	"footnote/bot/dialog"
	"footnote/bot/httpserver"
	"footnote/bot/lang"
	"footnote/bot/platform"
	"footnote/bot/telegram"
	"footnote/bot/telegram/telegramtest"
)

func TestContract(t *testing.T) { contract(t, false) }

// TestContractOverWebhook is the same suite with updates that come in over HTTP.
func TestContractOverWebhook(t *testing.T) { contract(t, true) }

func contract(t *testing.T, webhook bool) {
	bottest.RunAdapterTests(t, bottest.Harness{
		Token: telegramtest.Token,
		New: func(t testing.TB, log *slog.Logger) (bot.Adapter, bottest.Driver) {
			// Who collects messages for the suite settles none, and says nothing to who pressed.
			c := telegram.WithPressWait(telegram.Config{Logger: log, Commands: bottest.Commands()}, 20*time.Millisecond)
			return open(t, webhook, telegram.WithWebhookTimes(c, 5*time.Millisecond, 0))
		},
		Caps: bottest.Caps{Private: true, Groups: true, Mentions: true, Threads: true, Bots: true, Buttons: true, Redeliver: true, Edited: true, Languages: true, Admins: true},
	})
}

func TestTranscripts(t *testing.T) {
	update := flag.Lookup("update").Value.String() == "true" // the flag is convert_test.go's
	transcripts(t, false, update)
}

// TestTranscriptsOverWebhook: the same conversations, to the letter.
func TestTranscriptsOverWebhook(t *testing.T) { transcripts(t, true, false) }

func transcripts(t *testing.T, webhook, update bool) {
	bottest.RunTranscripts(t, bottest.Transcripts{
		Dir: "testdata/transcripts", Update: update, Head: "Telegram, as its apps show it.",
		Caps: bottest.Caps{Groups: true, Buttons: true, Private: true, Languages: true},
		New: func(t testing.TB, log *slog.Logger, d *dialog.Dialog) (bot.Adapter, bottest.Driver) {
			return open(t, webhook, telegram.Config{Logger: log, Suggester: d, Commands: d.Commands()})
		},
	})
}

// open starts a fake and makes an adapter that goes to it.
func open(t testing.TB, webhook bool, c telegram.Config) (bot.Adapter, bottest.Driver) {
	server := telegramtest.Start(t, telegramtest.Options{ReadsGroups: true, Guests: true})
	c.Token, c.Endpoint = platform.NewSecret(telegramtest.Token), server.URL()
	d := &driver{s: server, topics: map[string]int64{}, langs: map[string]string{}, events: map[bottest.Event]json.RawMessage{}, shown: map[string]telegramtest.Sent{}, hidden: map[string]bool{}}
	for _, x := range c.Commands {
		d.hidden[x.Name] = x.Hidden
	}
	if webhook {
		d.http = listen(t)
		c.Webhook = "http://" + d.http.Address()
	}
	a, err := telegram.New(c)
	must(t, err)
	if webhook {
		mount(d.http, a)
	}
	d.adapter = a
	return a, d
}

// languages is how many menus each scope has.
var languages = len(lang.All())

// Menu implements bottest.Menued: what an app in that language lists after "/" in
// a private chat, and in a group if that is another list.
func (d *driver) Menu(ctx context.Context, lang string) ([]string, error) {
	if err := d.s.WaitMenus(ctx, 3*languages); err != nil {
		return nil, err
	}
	if lang == "en" {
		lang = "" // the list for everybody who has none of their own
	}
	var out []string
	for _, scope := range []string{"default", "all_group_chats"} {
		var list []struct{ Command, Description string }
		if err := json.Unmarshal(d.s.Menu(scope, lang), &list); err != nil {
			return nil, err
		}
		out = append(out, scope+":")
		for _, c := range list {
			out = append(out, "/"+c.Command+" — "+c.Description)
		}
	}
	return out, nil
}

// Inline implements bottest.Inlined.
func (d *driver) Inline(t testing.TB, who, lang, text string) (results []string, start string) {
	person := d.s.Person(who)
	person.Lang = lang
	before := len(d.s.Calls("answerInlineQuery"))
	must(t, d.s.WaitAnswered(within(t), d.s.Inline(person, text)))
	var list []struct {
		Title, Description string
		Content            struct {
			Text string `json:"message_text"`
		} `json:"input_message_content"`
		Markup struct {
			Rows [][]telegramtest.Button `json:"inline_keyboard"`
		} `json:"reply_markup"`
	}
	must(t, json.Unmarshal([]byte(d.s.Calls("answerInlineQuery")[before].Params.Get("results")), &list))
	for i, x := range list {
		text, entities, err := telegramtest.ParseHTML(x.Content.Text)
		must(t, err)
		results = append(results, x.Title+"\n"+x.Description)
		if i > 0 {
			continue // the first is chosen
		}
		b := x.Markup.Rows[0][0]
		results = append(results, "→ "+strings.ReplaceAll(telegramtest.Look(text, entities), "\n", "\n  ")+"\n  [ "+b.Text+" ] opens "+b.URL)
		_, start, _ = strings.Cut(b.URL, "?start=")
	}
	return results, start
}

// Guest implements bottest.Guested.
func (d *driver) Guest(t testing.TB, who, lang, text string) {
	person := d.s.Person(who)
	person.Lang = lang
	d.s.Guest(person, "@"+d.s.Username()+" "+text)
}

// Place implements bottest.Placed.
func (d *driver) Place(in string) bot.Place {
	return bot.Place{Platform: telegram.Platform, Chat: bot.ChatID(strconv.FormatInt(d.s.Group(in, true).ID, 10))}
}

// quizLook is how a quiz looks, with what an app shows when somebody has chosen.
func quizLook(p *telegramtest.Poll, question string) string {
	var b strings.Builder
	b.WriteString("(a quiz) " + question)
	for i, o := range p.Options {
		mark := "○ "
		if i == p.Right {
			mark = "◉ "
		}
		b.WriteString("\n" + mark + o)
	}
	return b.String() + "\n(once somebody has chosen) " + strings.ReplaceAll(p.Explanation, "\n", " / ")
}

// driver plays the contract suite's people on the fake.
type driver struct {
	s       *telegramtest.Server
	http    *httpserver.Server // nil where the adapter polls
	adapter *telegram.Adapter
	hidden  map[string]bool // commands that apps send as ephemeral messages in groups, by the menu

	mu     sync.Mutex
	topics map[string]int64
	langs  map[string]string // by person
	events map[bottest.Event]json.RawMessage
	people []string
	groups []string
	shown  map[string]telegramtest.Sent
	looked []bottest.Shown // the messages that were looked at, in order
}

func (d *driver) Ready(ctx context.Context) error {
	if d.http != nil {
		return d.s.WaitWebhook(ctx)
	}
	return d.s.WaitPolling(ctx)
}

// place is where something is said, remembered so that it can be told back.
func (d *driver) place(who, in, thread string) telegramtest.Place {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.people = append(d.people, who)
	if in == "" {
		return d.s.Private(d.s.Person(who))
	}
	d.groups = append(d.groups, in)
	p := d.s.Group(in, true)
	if strings.HasPrefix(in, bottest.Hall) {
		asAdmin(d.s, p)
	}
	if thread != "" {
		if _, ok := d.topics[thread]; !ok {
			d.topics[thread] = int64(100 + len(d.topics))
		}
		p = p.In(d.topics[thread])
	}
	return p
}

func (d *driver) Say(t testing.TB, x bottest.Said) bottest.Event {
	who := d.s.Person(x.Who)
	who.Bot, who.Lang = x.Bot, x.Lang
	d.mu.Lock()
	d.langs[x.Who] = x.Lang
	d.mu.Unlock()
	if x.Self {
		who = telegramtest.Person{ID: d.s.BotID(), Name: "Footnote", Bot: true}
	}
	at := d.place(x.Who, x.In, x.Thread)
	text, change := x.Text, func(map[string]any) {}
	switch x.How {
	case bottest.Mention:
		text = "@" + d.s.Username() + " " + x.Text
	case bottest.Reply:
		change = d.s.ReplyTo(telegramtest.Sent{ID: 1, Text: x.Of})
	case bottest.Command:
		text = "/" + x.Command + " " + x.Text
		if x.In != "" && d.hidden[x.Command] {
			change = d.s.Alone
		}
	case bottest.Edit:
		change = func(m map[string]any) { m["edit_date"] = m["date"] }
	}
	said := d.s.Say(who, at, text, change)
	return d.event(said)
}

func (d *driver) Admin(t testing.TB, who, in string, is bool) {
	status := ""
	if is {
		status = "administrator"
	}
	d.s.Admin(d.place(who, in, ""), d.s.Person(who), status)
}

func (d *driver) event(said telegramtest.Said) bottest.Event {
	e := bottest.Event(strconv.FormatInt(said.Update, 10))
	d.mu.Lock()
	defer d.mu.Unlock()
	d.events[e] = said.Raw
	return e
}

func (d *driver) Redeliver(t testing.TB, e bottest.Event) {
	d.mu.Lock()
	raw, ok := d.events[e]
	d.mu.Unlock()
	if !ok {
		t.Fatalf("no event %q", e)
	}
	d.s.Repeat(raw)
}

func (d *driver) Press(t testing.TB, who string, shown bottest.Shown, label string) bottest.Event {
	d.mu.Lock()
	sent, ok := d.shown[shown.ID]
	person := d.s.Person(who)
	person.Lang = d.langs[who]
	d.mu.Unlock()
	if ok {
		for _, row := range sent.Buttons {
			for _, b := range row {
				if b.Text == label {
					said, _ := d.s.Press(person, d.place(shown.To, shown.In, shown.Thread), sent, b.Data)
					return d.event(said)
				}
			}
		}
	}
	t.Fatalf("no button %q under %q", label, shown.ID)
	return ""
}

func (d *driver) WaitShown(ctx context.Context, n int) ([]bottest.Shown, error) {
	all, err := d.s.WaitSent(ctx, n)
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, m := range all[min(len(d.looked), len(all)):] {
		x := bottest.Shown{ID: strconv.FormatInt(m.Chat, 10) + ":" + strconv.FormatInt(m.ID, 10), Text: m.Text, Edited: m.Edited}
		for _, who := range d.people {
			if id := d.s.Person(who).ID; id == m.Chat || id == m.Alone {
				x.To = who
			}
		}
		for _, in := range d.groups {
			if d.s.Group(in, true).ID == m.Chat {
				x.In = in
			}
		}
		for name := range maps.Keys(d.topics) {
			if d.topics[name] == m.Thread {
				x.Thread = name
			}
		}
		for _, row := range m.Buttons {
			x.Rows = append(x.Rows, nil)
			for _, b := range row {
				x.Buttons = append(x.Buttons, b.Text)
				x.Rows[len(x.Rows)-1] = append(x.Rows[len(x.Rows)-1], b.Text)
			}
		}
		x.Private = m.Alone != 0
		if x.Look = telegramtest.Look(m.Text, m.Entities); m.Toast {
			x.Look = "(over the chat, for who pressed) " + x.Look
		}
		if m.File != nil {
			x.File = m.File.Name
		}
		if m.Poll != nil {
			x.Poll, x.Look = true, quizLook(m.Poll, m.Text)
		}
		d.shown[x.ID] = m
		d.looked = append(d.looked, x)
	}
	return slices.Clone(d.looked), err
}

func (d *driver) Inject(t testing.TB, f bottest.Fault) bool {
	send := func(x telegramtest.Fault) { d.s.Fail("sendMessage", x) }
	switch f.Kind {
	case bottest.RefuseToken:
		d.s.Fail("getMe", telegramtest.Unauthorized())
	case bottest.RateLimit:
		send(telegramtest.TooMany(f.After))
	case bottest.Hang:
		send(telegramtest.Fault{Hang: true})
	case bottest.Fail:
		send(telegramtest.BadGateway())
	case bottest.Gone:
		send(telegramtest.BadRequest("chat not found"))
	case bottest.Forbidden:
		send(telegramtest.Blocked())
	case bottest.Drop:
		return d.s.CutPoll()
	default:
		return false
	}
	return true
}

func (d *driver) Close() {
	d.s.Close()
	if d.http != nil {
		d.http.Close()
	}
}

// mustNotHold fails if any of texts holds the token or its secret.
func mustNotHold(t testing.TB, token string, texts ...string) {
	t.Helper()
	_, secret, _ := strings.Cut(token, ":")
	for _, s := range texts {
		if strings.Contains(s, token) || strings.Contains(s, secret) {
			t.Errorf("the token shows in a text of %d bytes", len(s)) // and is not repeated here
		}
	}
}
