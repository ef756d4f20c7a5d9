package dialog_test

import (
	"context"
	"encoding/json"
	"io"
	"maps"
	"strings"
	"testing"

	"footnote/bot"
	"footnote/bot/bottest"
	"footnote/bot/dialog"
	"footnote/bot/discord"
	"footnote/bot/discord/discordtest"
	"footnote/bot/lang"
	"footnote/bot/platform"
	"footnote/bot/telegram"
	"footnote/bot/telegram/telegramtest"
	"footnote/bot/terminal"
)

// A new command is an entry, its texts in each language and its function, and then it is
// there: in the help, in the menus of both platforms, and wherever somebody types it.
func TestNewCommandOnEveryPlatform(t *testing.T) {
	langs := lang.Set{}
	for tag, l := range lang.All() {
		own := *l
		own.Commands, langs[tag] = maps.Clone(l.Commands), &own
		own.Commands["lineage"] = lang.Command{Description: "Lineage in " + tag, Option: "years", Hint: "Which years, in " + tag}
	}
	d := dialog.New(dialog.Config{Answerer: bottest.Scripted(bottest.Library(t)), Languages: langs})
	d.AddCommand(bot.Command{Name: "lineage", Aliases: []string{"years"}, Argument: bot.RequiredArgument, Public: true}, func(text string) bot.Reply {
		return bot.Reply{Kind: bot.KindInfo, Blocks: []bot.Block{{Spans: []bot.Span{{Text: "from " + text}}}}}
	})

	guild, peer := discordtest.Start(t, discordtest.Options{}), telegramtest.Start(t, telegramtest.Options{})
	onDiscord, err := discord.New(discord.Config{Token: platform.NewSecret(guild.Token), Endpoint: guild.Endpoint(), Commands: d.Commands()})
	if err != nil {
		t.Fatal(err)
	}
	onTelegram, err := telegram.New(telegram.Config{Token: platform.NewSecret(peer.Token()), Endpoint: peer.URL(), Commands: d.Commands()})
	if err != nil {
		t.Fatal(err)
	}
	keys, typed := io.Pipe()
	var screen bottest.Log
	onTerminal := terminal.New(terminal.Config{In: keys, Out: &screen, Getenv: func(string) string { return "" }})
	run := bottest.Go(t, func(ctx context.Context) error {
		return bot.New(bot.Config{Handler: d}).Run(ctx, onDiscord, onTelegram, onTerminal)
	})
	defer func() {
		_ = typed.Close()
		if err := run.Stop(); err != nil {
			t.Error(err)
		}
	}()
	ctx, cancel := context.WithTimeout(t.Context(), bottest.Patience)
	defer cancel()
	ok := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	const listed = "/lineage – Lineage in en"

	t.Run("terminal", func(t *testing.T) {
		_, err := io.WriteString(typed, "/help\n/lineage 1700\n/years 1800\n")
		ok(err)
		for _, want := range []string{"• " + listed + "\n", "from 1700\n", "from 1800\n"} {
			screen.Wait(t, want)
		}
	})
	t.Run("telegram", func(t *testing.T) {
		ok(peer.WaitMenus(ctx, 3*len(langs)))
		for _, scope := range []string{"default", "all_group_chats", "all_chat_administrators"} {
			for tag := range langs {
				of := tag
				if tag == lang.Default {
					of = "" // the list for everybody who has none of their own
				}
				if menu := string(peer.Menu(scope, of)); !strings.Contains(menu, `{"command":"lineage","description":"Lineage in `+tag+`"}`) {
					t.Errorf("the menu %s in %s: %s", scope, tag, menu)
				}
			}
		}
		ann := peer.Person("ann")
		for i, x := range []struct{ says, want string }{{"/lineage 1700", "from 1700"}, {"/years 1800", "from 1800"}, {"/help", listed}} {
			peer.Say(ann, peer.Private(ann), x.says, nil)
			sent, err := peer.WaitSent(ctx, i+1)
			ok(err)
			if !strings.Contains(sent[i].Text, x.want) {
				t.Errorf("%s: %q", x.says, sent[i].Text)
			}
		}
	})
	t.Run("discord", func(t *testing.T) {
		ok(guild.WaitRegistered(ctx))
		type named struct {
			Name, Description string
			Descriptions      map[string]string `json:"description_localizations"`
			Required          bool
			Options           []named
		}
		var all []named
		_, list := guild.Registered()
		ok(json.Unmarshal(list, &all))
		found := false
		for _, c := range all {
			if c.Name != "lineage" {
				continue
			}
			found = true
			if c.Description != "Lineage in en" || c.Descriptions["de"] != "Lineage in de" || len(c.Options) != 1 {
				t.Fatalf("registered as %+v", c)
			}
			if o := c.Options[0]; o.Name != "years" || !o.Required || o.Descriptions["fr"] != "Which years, in fr" {
				t.Errorf("its option is registered as %+v", o)
			}
		}
		if !found {
			t.Errorf("registered: %s", list)
		}
		guild.Command("ann", "#forum", "lineage", "years", "1700")
		guild.Command("ann", "#forum", "help", "", "")
		posts, err := guild.WaitSent(ctx, 2)
		ok(err)
		for _, p := range posts {
			if help := strings.Contains(p.Text, listed); !help && p.Text != "from 1700" || help != p.Ephemeral {
				t.Errorf("%+v", p)
			}
		}
	})
}
