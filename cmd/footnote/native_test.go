package main

import (
	"encoding/json"
	"strings"
	"testing"

	"footnote/bot/discord/discordtest"
	"footnote/bot/telegram/telegramtest"
)

// Somebody's message is checked for the asker alone, and what is found is shared with
// everybody, also by a program that was started anew in between.
func TestCheckedOnDiscordThenSharedAfterARestart(t *testing.T) {
	guild := discordtest.Start(t, discordtest.Options{})
	env := append(discordEnv(guild), "FOOTNOTE_STATE="+t.TempDir())
	ctx := patiently(t)
	s := startServe(t, env)
	if err := guild.Ready(ctx); err != nil {
		t.Fatal(err)
	}
	guild.OnMessage("ann", "#forum", "Check with Footnote", "Nice bell. When was the great bell of Unterbruck cast? <@1574400764648964161>")
	posts, err := guild.WaitSent(ctx, 1)
	if err != nil || !posts[0].Ephemeral || !strings.Contains(posts[0].Text, "1712") || len(posts[0].Buttons) != 1 {
		t.Fatalf("checked: %+v, %v", posts, err)
	}
	s.stop()
	s.wait(t)
	guild.Mention("bob", "#forum", known) // while no program runs

	s = startServe(t, env)
	if err := guild.WaitLogins(ctx, 1, 1); err != nil {
		t.Fatal(err)
	}
	if posts, err = guild.WaitSent(ctx, 2); err != nil || !strings.Contains(posts[1].Text, "1712") || posts[1].ReplyTo == "" {
		t.Errorf("asked in between: %+v, %v", posts, err)
	}
	if _, err := guild.Press("ann", posts[0], "Share"); err != nil {
		t.Fatal(err)
	}
	posts, err = guild.WaitSent(ctx, 3)
	if err != nil || posts[2].Ephemeral || !strings.Contains(posts[2].Text, "1712") || !strings.Contains(posts[2].Text, "Chronicle of Unterbruck") {
		t.Errorf("shared: %+v, %v", posts, err)
	}
	s.stop()
	s.wait(t)
}

// Installed by a person the bot is used where it is no member: there it can only
// answer the interaction, and does nothing else.
func TestDiscordWhereTheBotIsNoMember(t *testing.T) {
	guild := discordtest.Start(t, discordtest.Options{})
	s := startServe(t, discordEnv(guild))
	ctx := patiently(t)
	if err := guild.Ready(ctx); err != nil {
		t.Fatal(err)
	}
	command := func(name, option, text string) {
		data := map[string]any{"id": "1", "name": name, "type": 1}
		if option != "" {
			data["options"] = []any{map[string]any{"name": option, "type": 3, "value": text}}
		}
		guild.Act(discordtest.Acted{From: "ann", Channel: "#theirs", Type: 2, Data: data, Extra: map[string]any{
			"context": 2, "guild_id": nil, "member": nil, "channel": map[string]any{"id": "5", "type": 3},
			"user":                           map[string]any{"id": "77", "username": "ann"},
			"authorizing_integration_owners": map[string]any{"1": "77"},
		}})
	}
	for i, x := range []struct {
		name, option, text, want string
		private                  bool
	}{
		{"ask", "question", known, "1712", false},
		{"source", "", "", "Anna Moser", true},
		{"why", "", "", "came closest", true},
		{"ask", "question", unknown, "no sourced answer", true},
		{"help", "", "", "Ask me a history question", true},
	} {
		command(x.name, x.option, x.text)
		posts, err := guild.WaitSent(ctx, i+1)
		if err != nil {
			t.Fatal(err)
		}
		if p := posts[i]; !strings.Contains(p.Text, x.want) || p.Ephemeral != x.private || p.Interaction == "" {
			t.Errorf("/%s %s: %+v", x.name, x.text, p)
		}
	}
	for _, path := range []string{"POST /channels/", "POST /webhooks/"} {
		if n := len(guild.Calls(path)); n > 0 {
			t.Errorf("%d calls %s: it is no member, and has five further messages at most", n, path)
		}
	}
	s.stop()
	s.wait(t)
}

// Whatever is typed after the bot's name, in whatever chat, gets results within the
// limits (the fake judges them), and each states its fact with the citation.
func TestInlineMode(t *testing.T) {
	peer := telegramtest.Start(t, telegramtest.Options{})
	s := startServe(t, telegramEnv(peer))
	ctx := patiently(t)
	ann := peer.Person("ann")
	for i, x := range []struct {
		typed string
		want  int
	}{
		{"", 3}, {"bell", 1}, {"moser", 2}, {strings.Repeat("b", 256), 0}, {strings.Repeat("👩‍👩‍👧", 42), 3}, {"@great *bell*<", 1}, {"\u202e\u200b", 3}, {"колокол", 0},
	} {
		if err := peer.WaitAnswered(ctx, peer.Inline(ann, x.typed)); err != nil {
			t.Fatal(err)
		}
		var results []struct {
			ID      string
			Content struct {
				Text string `json:"message_text"`
			} `json:"input_message_content"`
		}
		p := peer.Calls("answerInlineQuery")[i].Params
		if err := json.Unmarshal([]byte(p.Get("results")), &results); err != nil || len(results) != x.want {
			t.Errorf("%.20q: %d results, want %d (%v)", x.typed, len(results), x.want, err)
		}
		for _, r := range results {
			if !strings.Contains(r.Content.Text, "Chronicle of Unterbruck") && !strings.Contains(r.Content.Text, "Citation needed") {
				t.Errorf("%.20q: %s is without its citation: %s", x.typed, r.ID, r.Content.Text)
			}
		}
		if p.Get("is_personal") != "true" || p.Get("cache_time") == "" || p.Get("cache_time") == "0" {
			t.Errorf("answered with %v", p)
		}
	}
	s.stop()
	s.wait(t)
}

// As it is really shown, an answer tells by its fine print what a reply to it is about.
func TestReplyIsAboutTheAnswerAboveIt(t *testing.T) {
	peer, guild := telegramtest.Start(t, telegramtest.Options{}), discordtest.Start(t, discordtest.Options{})
	s := startServe(t, append(telegramEnv(peer), discordEnv(guild)...))
	ctx := patiently(t)
	if err := guild.Ready(ctx); err != nil {
		t.Fatal(err)
	}
	ann, bob, history := peer.Person("ann"), peer.Person("bob"), peer.Group("history", false)
	const other = "Why did the mill of Unterbruck burn down?"
	peer.Say(ann, history, "/ask "+known, nil)
	first, err := peer.WaitSent(ctx, 1)
	if err != nil {
		t.Fatal(err)
	}
	peer.Say(bob, history, "/ask "+other, nil)
	if _, err := peer.WaitSent(ctx, 2); err != nil {
		t.Fatal(err)
	}
	peer.Say(bob, history, "/source", peer.ReplyTo(first[0]))
	if sent, err := peer.WaitSent(ctx, 3); err != nil || !strings.Contains(sent[2].Text, "Chronicle of Unterbruck") || !strings.Contains(sent[2].Text, known) {
		t.Errorf("on Telegram: %+v, %v", sent, err)
	}

	guild.Mention("ann", "#forum", known)
	posts, err := guild.WaitSent(ctx, 1)
	if err != nil {
		t.Fatal(err)
	}
	guild.Mention("bob", "#forum", other)
	if _, err := guild.WaitSent(ctx, 2); err != nil {
		t.Fatal(err)
	}
	guild.Say(discordtest.Said{From: "bob", Channel: "#forum", Text: "source?", Answers: true, Of: posts[0].Content})
	if posts, err = guild.WaitSent(ctx, 3); err != nil || !strings.Contains(posts[2].Text, "Chronicle of Unterbruck") || !strings.Contains(posts[2].Text, known) {
		t.Errorf("on Discord: %+v, %v", posts, err)
	}
	s.stop()
	s.wait(t)
}
