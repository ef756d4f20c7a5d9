package discord

import (
	"context"
	"encoding/json"
	"errors"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"footnote/bot"
	"footnote/bot/bottest"
	dt "footnote/bot/discord/discordtest"
	"footnote/bot/lang"
	"footnote/bot/platform"
)

// The commands are registered when they changed, with and without a store.
func TestRegistersOnlyChanges(t *testing.T) {
	t.Parallel()
	for name, store := range map[string]bot.Store{"asking Discord": nil, "with a store": &platform.Memory{}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			x := prepare(t, dt.Options{}, Config{Commands: bottest.Commands(), Store: store})
			for run := range 3 {
				if run == 2 {
					x.adapter.commands = x.adapter.commands[1:] // a new version of the program
				}
				before := len(x.server.Calls(""))
				x.start(nil)
				x.ready()
				want := []int{1, 1, 2}[run]
				x.ok(x.server.WaitCalls(x.ctx, "PUT /applications/", want))
				x.log.WaitFor(t, "slash commands registered", want) // the answer has come too, and is remembered before Run ends
				if store == nil {
					x.ok(x.server.WaitCalls(x.ctx, "GET /applications/", run+1))
				}
				x.ok(x.stop())
				if n, list := x.server.Registered(); n != want {
					t.Fatalf("run %d: registered %d times, want %d (%d calls): %s", run, n, want, len(x.server.Calls(""))-before, list)
				}
			}
		})
	}
}

// Without commands, and without a place to remember them, the bot answers.
func TestRegistrationFails(t *testing.T) {
	t.Parallel()
	x := start(t, dt.Options{NoAppID: true}, Config{Commands: bottest.Commands(), Store: broken{}}, func(x *running) {
		x.server.Fail("PUT /applications/", 1, dt.Refuse(403, 50001, "Missing Access"))
	})
	x.log.Wait(t, "slash commands are not registered")
	x.expectAlive("still answering")
}

// What may pass is no reason to go without commands until the next start.
func TestRegistersAgain(t *testing.T) {
	t.Parallel()
	x := start(t, dt.Options{}, Config{Commands: bottest.Commands(), Store: &platform.Memory{}}, func(x *running) {
		x.server.Fail("PUT /applications/", 1, dt.HTML(502))
		x.server.Fail("PUT /applications/", 1, dt.Cut())
		x.server.Fail("PUT /applications/", 1, dt.RateLimit(10*time.Millisecond, false))
	})
	x.log.Wait(t, "not registered yet")
	x.ok(x.server.WaitRegistered(x.ctx))
	x.log.Wait(t, "slash commands registered")
	if n := len(x.server.Calls("PUT /applications/")); n != 4 {
		t.Errorf("%d calls, want 4", n)
	}
}

type broken struct{}

func (broken) Get(context.Context, string) (string, error) { return "", errors.New("broken") }
func (broken) Set(context.Context, string, string) error   { return errors.New("broken") }
func (broken) Delete(context.Context, string) error        { return errors.New("broken") }

// What is registered keeps every limit of Discord's.
func TestCommandsKeepLimits(t *testing.T) {
	t.Parallel()
	x := map[string]bot.CommandText{"en": {Description: "x"}}
	texts := append(bottest.Commands(), bot.Command{Name: "unheard-of", Argument: bot.OptionalArgument, Texts: x},
		bot.Command{Name: "undescribed"}, bot.Command{Name: "Bad Name", Texts: x})
	name := regexp.MustCompile(`^[-_'\p{L}\p{N}]{1,32}$`)
	valid := func(what string, names map[string]string) {
		for locale, n := range names {
			if !name.MatchString(n) || strings.ToLower(n) != n {
				t.Errorf("%s: name %q in %s", what, n, locale)
			}
		}
	}
	short := func(what string, texts map[string]string) {
		for locale, s := range texts {
			if n := platform.UTF16Len(s); n < 1 || n > maxDescription || !utf8.ValidString(s) {
				t.Errorf("%s: %q in %s", what, s, locale)
			}
		}
	}
	var ours []string // the locales of the interface's languages
	for _, tag := range lang.All().Tags() {
		if len(locales[tag]) == 0 {
			t.Errorf("Discord has no clients in %s", tag)
		}
		ours = append(ours, locales[tag]...)
	}
	seen := map[string]bool{}
	inLocale := map[string]map[string]string{}
	for _, c := range commands(texts, true) {
		if seen[c.Name] {
			t.Errorf("%s is registered twice", c.Name)
		}
		seen[c.Name] = true
		if c.Type == commandMessage {
			if c.Description != "" || len(c.Options) > 0 {
				t.Errorf("%s: a message command has neither description nor options", c.Name)
			}
			for _, l := range ours { // capitals and blanks are allowed
				if n := platform.UTF16Len(c.NameLocal[l]); n < 1 || n > 32 {
					t.Errorf("%s: name %q in %s", c.Name, c.NameLocal[l], l)
				}
			}
			continue
		}
		valid(c.Name, c.NameLocal)
		short(c.Name, c.DescriptionLocal)
		short(c.Name, map[string]string{"default": c.Description})
		for locale, n := range c.NameLocal {
			if inLocale[locale] == nil {
				inLocale[locale] = map[string]string{}
			}
			if other := inLocale[locale][n]; other != "" {
				t.Errorf("%s and %s have one name in %s", c.Name, other, locale)
			}
			inLocale[locale][n] = c.Name
		}
		for _, l := range ours {
			if c.Name != "unheard-of" && (c.NameLocal[l] == "" || c.DescriptionLocal[l] == "") {
				t.Errorf("%s has no name or description in %s", c.Name, l)
			}
		}
		for _, o := range c.Options {
			valid(o.Name, o.NameLocal)
			short(o.Name, o.DescriptionLocal)
			if o.MaxLength < 1 || o.MaxLength > 6000 {
				t.Errorf("%s: max_length %d", o.Name, o.MaxLength)
			}
		}
		if body, _ := json.Marshal(c); len(body) > 8000 {
			t.Errorf("%s has %d bytes", c.Name, len(body))
		}
	}
	for _, want := range []string{"ask", "source", "topics", "search", "help", "about", "privacy", "why", "Check with Footnote", "unheard-of"} {
		if !seen[want] {
			t.Errorf("%s is not registered", want)
		}
	}
	if seen["undescribed"] || seen["Bad Name"] {
		t.Error("a command that Discord refuses is registered")
	}
}
