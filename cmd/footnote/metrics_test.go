package main

import (
	"strings"
	"testing"

	"footnote/bot/discord/discordtest"
	"footnote/bot/telegram/telegramtest"
)

// TestFiguresOfAConversation: what was talked about shows in figures, and not a word of it.
func TestFiguresOfAConversation(t *testing.T) {
	peer := telegramtest.Start(t, telegramtest.Options{})
	guild := discordtest.Start(t, discordtest.Options{})
	s := startServe(t, append(append(telegramEnv(peer), discordEnv(guild)...), "FOOTNOTE_LISTEN=127.0.0.1:0"))
	at, ctx := s.address(t), patiently(t)
	ann := peer.Person("ann")
	if err := guild.Ready(ctx); err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{known, "/source", unknown} {
		peer.Say(ann, peer.Private(ann), text, nil)
	}
	if _, err := peer.WaitSent(ctx, 3); err != nil {
		t.Fatal(err)
	}
	guild.DM("bob", known)
	if _, err := guild.WaitSent(ctx, 1); err != nil {
		t.Fatal(err)
	}
	var text string
	for _, want := range []string{
		`footnote_questions_total{outcome="sure",platform="telegram"} 1`,
		`footnote_questions_total{outcome="sure",platform="discord"} 1`,
		`footnote_messages_received_total{platform="telegram"} 3`,
		`footnote_messages_answered_total{kind="answer",platform="telegram",sent="true"} 1`,
		`footnote_messages_answered_total{kind="source",platform="telegram",sent="true"} 1`,
		`footnote_messages_answered_total{kind="declined",platform="telegram",sent="true"} 1`,
		`footnote_messages_answered_total{kind="answer",platform="discord",sent="true"} 1`,
		`footnote_stage_seconds_count{platform="telegram",stage="send"} 3`,
		`footnote_platform_calls_total{platform="telegram",route="sendMessage",status="200"} 3`,
		`footnote_platform_calls_total{platform="discord",route=`,
		`footnote_platform_connected{platform="telegram"} 1`,
		`footnote_queue_messages 0`,
		`footnote_pack_info{pack="village"`,
		`footnote_packs_refused 0`,
	} {
		// A message is counted a moment after its reply was seen.
		for text = ""; !strings.Contains(text, want); {
			if _, text = get(t, at+"/metrics"); ctx.Err() != nil {
				t.Fatalf("the figures lack %s:\n%s", want, text)
			}
		}
	}
	s.stop()
	s.wait(t)
	var names strings.Builder // without the values, of which some have as many digits as an id
	for line := range strings.Lines(strings.ToLower(text)) {
		line = strings.TrimSpace(line)
		if i := strings.LastIndexByte(line, ' '); i >= 0 && !strings.HasPrefix(line, "#") {
			line = line[:i]
		}
		names.WriteString(line + "\n")
	}
	lower := names.String()
	for _, word := range append(strings.Fields(strings.ToLower(known+" "+unknown)), peer.Token(), "ann", "bob", "7000000") {
		if len(word) > 4 && strings.Contains(lower, word) {
			t.Errorf("the figures hold %q", word)
		}
	}
}
