package discordtest_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"testing"
	"time"

	"footnote/bot"
	"footnote/bot/bottest"
	"footnote/bot/discord"
	"footnote/bot/discord/discordtest"
)

// The suite runs in this package, and not beside the adapter's other tests, so
// that the two run at the same time: each of its scenes ends a session, and in
// discordgo that takes a second (D21).
func TestContract(t *testing.T) {
	bottest.RunAdapterTests(t, bottest.Harness{
		Token: discordtest.Token,
		New: func(t testing.TB, log *slog.Logger) (bot.Adapter, bottest.Driver) {
			s := discordtest.New(discordtest.Knobs{})
			a, err := discord.New(discord.Config{Token: discordtest.Token, Endpoint: s.Endpoint(), Logger: log})
			if err != nil {
				t.Fatal(err)
			}
			return a, &driver{t: t, s: s}
		},
		Caps: bottest.Caps{
			Groups: true, Mentions: true, Bots: true, Buttons: true, Redeliver: true, Private: true, Edited: true, Languages: true, Admins: true,
			// Threads: on Discord a thread is a channel with an id of its own, and
			// so a chat of its own.
		},
	})
}

// A driver plays the suite's people on a discordtest.Server.
type driver struct {
	t testing.TB
	s *discordtest.Server
}

func (d *driver) Ready(ctx context.Context) error { return d.s.Ready(ctx) }

func (d *driver) Say(t testing.TB, x bottest.Said) bottest.Event {
	said := discordtest.Said{From: x.Who, Channel: x.In, Text: x.Text, Bot: x.Bot, Self: x.Self}
	if x.Self {
		said.From = "ann"
	}
	switch x.How {
	case bottest.Mention:
		said.Text, said.Mentions = d.s.At(x.Text), true
	case bottest.Reply:
		said.Answers = true
	case bottest.Edit:
		said.Edited = true
	case bottest.Command:
		return bottest.Event(d.s.CommandIn(x.Lang, x.Who, x.In, x.Command, "question", x.Text))
	}
	return bottest.Event(d.s.Say(said))
}

func (d *driver) Admin(t testing.TB, who, in string, is bool) { d.s.Admin(who, in, is) }

func (d *driver) Redeliver(t testing.TB, e bottest.Event) {
	if err := d.s.Redeliver(string(e)); err != nil {
		t.Fatal(err)
	}
}

func (d *driver) Press(t testing.TB, who string, shown bottest.Shown, label string) bottest.Event {
	for _, p := range d.s.Posts() {
		if p.ID == shown.ID {
			id, err := d.s.Press(who, p, label)
			if err != nil {
				t.Fatal(err)
			}
			return bottest.Event(id)
		}
	}
	t.Fatalf("no message %q", shown.ID)
	return ""
}

func (d *driver) WaitShown(ctx context.Context, n int) ([]bottest.Shown, error) {
	posts, err := d.s.WaitPosts(ctx, n)
	var out []bottest.Shown
	for _, p := range posts {
		x := bottest.Shown{ID: p.ID, In: p.Channel, Text: p.Text, Private: p.Ephemeral, Edited: p.Edited}
		if p.Channel == "" || p.Ephemeral {
			x.To = p.User
		}
		for _, b := range p.Buttons {
			x.Buttons = append(x.Buttons, b.Label)
		}
		out = append(out, x)
	}
	return out, err
}

func (d *driver) Inject(t testing.TB, f bottest.Fault) bool {
	const messages = "POST /channels/"
	switch f.Kind {
	case bottest.RefuseToken:
		d.s.RefuseToken = true
	case bottest.RateLimit:
		d.s.Fail(messages, 1, discordtest.RateLimit(f.After, false))
	case bottest.Hang:
		d.s.Fail(messages, 1, d.s.Hang())
	case bottest.Fail:
		d.s.Fail(messages, 1, discordtest.HTML(http.StatusBadGateway))
	case bottest.Gone:
		d.s.Fail(messages, 1, discordtest.Refuse(http.StatusNotFound, 10003, "Unknown Channel"))
	case bottest.Forbidden:
		d.s.Fail(messages, 1, discordtest.Refuse(http.StatusForbidden, 50013, "Missing Permissions"))
	case bottest.Drop:
		identifies, resumes := d.s.Logins()
		d.s.Drop()
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		if err := d.s.WaitLogins(ctx, identifies, resumes+1); err != nil {
			t.Fatalf("no resume after the connection was cut: %v", err)
		}
	default:
		t.Fatal(fmt.Sprint("unknown fault ", f.Kind))
	}
	return true
}

func (d *driver) Close() {
	d.s.Close()
	for _, v := range d.s.Violations() {
		d.t.Errorf("discordtest: %s", v)
	}
}
