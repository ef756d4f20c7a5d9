package discord_test

import (
	"cmp"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"footnote/bot"
	"footnote/bot/bottest"
	"footnote/bot/dialog"
	"footnote/bot/discord"
	"footnote/bot/discord/discordtest"
	"footnote/bot/platform"
)

func TestContract(t *testing.T) {
	bottest.RunAdapterTests(t, bottest.Harness{
		Token: discordtest.Token,
		New: func(t testing.TB, log *slog.Logger) (bot.Adapter, bottest.Driver) {
			s := discordtest.New(discordtest.Options{})
			a, err := discord.New(discord.Config{Token: platform.NewSecret(discordtest.Token), Endpoint: s.Endpoint(), Logger: log, Commands: bottest.Commands()})
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
		Leaks: discordtest.Leaks(),
	})
}

func TestTranscripts(t *testing.T) {
	update := flag.Lookup("update").Value.String() == "true" // the flag is render_test.go's
	bottest.RunTranscripts(t, bottest.Transcripts{
		Dir: "testdata/transcripts", Update: update, Leaks: discordtest.Leaks(), Head: "Discord, as its clients show it.",
		Caps: bottest.Caps{Groups: true, Buttons: true, Private: true, Languages: true},
		New: func(t testing.TB, log *slog.Logger, d *dialog.Dialog) (bot.Adapter, bottest.Driver) {
			s := discordtest.New(discordtest.Options{})
			a, err := discord.New(discord.Config{Token: platform.NewSecret(discordtest.Token), Endpoint: s.Endpoint(), Logger: log, Suggester: d, Commands: d.Commands()})
			if err != nil {
				t.Fatal(err)
			}
			return a, &driver{t: t, s: s}
		},
	})
}

// Menu implements bottest.Menued: what a client in that language lists after "/".
func (d *driver) Menu(ctx context.Context, lang string) ([]string, error) {
	if err := d.s.WaitRegistered(ctx); err != nil {
		return nil, err
	}
	type named struct {
		Type             int
		Name             string
		NameLocal        map[string]string `json:"name_localizations"`
		Description      string
		DescriptionLocal map[string]string `json:"description_localizations"`
	}
	var all []struct {
		named
		Options []named
	}
	_, list := d.s.Registered()
	if err := json.Unmarshal(list, &all); err != nil {
		return nil, err
	}
	in := func(texts map[string]string, or string) string { return cmp.Or(texts[discord.Locale(lang)], or) }
	var out []string
	for _, c := range all {
		if c.Type == 3 {
			out = append(out, "on a message: "+in(c.NameLocal, c.Name))
			continue
		}
		line := "/" + in(c.NameLocal, c.Name)
		for _, o := range c.Options {
			line += " " + in(o.NameLocal, o.Name) + ": (" + in(o.DescriptionLocal, o.Description) + ")"
		}
		out = append(out, line+" — "+in(c.DescriptionLocal, c.Description))
	}
	return out, nil
}

// Complete implements bottest.Completed.
func (d *driver) Complete(t testing.TB, who, lang, command, text string) []string {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	id := d.s.Act(discordtest.Acted{From: who, Locale: discord.Locale(lang), Type: 4, Data: map[string]any{
		"id": "1", "name": command, "type": 1, "options": []any{map[string]any{"name": "question", "type": 3, "value": text, "focused": true}},
	}})
	choices, err := d.s.WaitChoices(ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, c := range choices {
		out = append(out, c.Name)
	}
	return out
}

// FillIn implements bottest.Formed.
func (d *driver) FillIn(t testing.TB, who string, shown bottest.Shown, asked bottest.Event, text string) []string {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	form, err := d.s.WaitForm(ctx, string(asked))
	if err != nil {
		t.Fatal(err)
	}
	d.s.FillIn(who, shown.In, form, text)
	field := form.Fields[0]
	return []string{form.Title, field.Label, "[ " + field.Field.Placeholder + " ]"}
}

// Place implements bottest.Placed.
func (d *driver) Place(in string) bot.Place {
	return bot.Place{Platform: discord.Platform, Chat: bot.ChatID(d.s.ID("channel", in))}
}

// A driver plays the suite's people on a discordtest.Server.
type driver struct {
	t testing.TB
	s *discordtest.Server

	mu    sync.Mutex
	shown []bottest.Shown // the posts that were looked at; reading one takes a while
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
		said.Answers, said.Of = true, x.Of
	case bottest.Edit:
		said.Edited = true
	case bottest.Command:
		return bottest.Event(d.s.CommandIn(discord.Locale(x.Lang), x.Who, x.In, x.Command, "question", x.Text))
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
	for _, p := range d.s.Sent() {
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
	posts, err := d.s.WaitSent(ctx, n)
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, p := range posts[min(len(d.shown), len(posts)):] {
		x := bottest.Shown{ID: p.ID, In: p.Channel, Text: p.Text, Private: p.Ephemeral, Edited: p.Edited}
		if p.Channel == "" || p.Ephemeral {
			x.To = p.User
		}
		for _, b := range p.Buttons {
			x.Buttons = append(x.Buttons, b.Label)
		}
		left := x.Buttons
		for _, n := range p.Rows {
			left = left[:len(left)-n]
		}
		left, x.Rows = x.Buttons[len(left):], [][]string{}
		for _, n := range p.Rows {
			x.Rows, left = append(x.Rows, left[:n]), left[n:]
		}
		if x.Look = p.Look; !p.Laid {
			x.Look = discordtest.Look(p.Content)
		}
		for _, f := range p.Files {
			x.File, x.Alt = f.Name, f.Alt
		}
		d.shown = append(d.shown, x)
	}
	return slices.Clone(d.shown), err
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
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
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
