package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"footnote/bot/discord/discordtest"
	"footnote/bot/ledger"
	"footnote/bot/telegram/telegramtest"
)

// TestServeKeepsSettings is the whole way on both platforms: who may, what is
// kept, and that a new start of the program still knows.
func TestServeKeepsSettings(t *testing.T) {
	t.Parallel() // it waits more than it works
	t.Run("folder", func(t *testing.T) {
		state, path := t.TempDir(), filepath.Join(t.TempDir(), "ledger.db")
		env := []string{"FOOTNOTE_STATE=" + state, "FOOTNOTE_LEDGER_PATH=" + path, "FOOTNOTE_LEDGER_QUESTIONS=on"}
		serveKeepsSettings(t, env, func() ([]ledger.Question, error) { return ledger.Read(t.Context(), path, time.Time{}) })
		for _, file := range []string{stateFile, stateKey} {
			if info, err := os.Stat(filepath.Join(state, file)); err != nil || info.Mode().Perm() != 0o600 {
				t.Errorf("%s: %v, %v", file, info, err)
			}
		}
		for _, file := range []string{path, path + "-wal", filepath.Join(state, stateFile), filepath.Join(state, stateFile+"-wal")} {
			data, err := os.ReadFile(file)
			if err != nil && !os.IsNotExist(err) {
				t.Fatal(err)
			}
			if strings.Contains(string(data), "painted the ceiling") {
				t.Errorf("%s still holds the words", filepath.Base(file))
			}
		}
	})
	t.Run("database", func(t *testing.T) {
		db := openTestDatabase(t, shared.Database(t))
		serveKeepsSettings(t, databaseEnv(t, db.address), func() ([]ledger.Question, error) { return ledger.ReadShared(t.Context(), db.DB, time.Time{}) })
		if all := db.dump(t); strings.Contains(all, "painted the ceiling") || !strings.Contains(all, "telegram") || strings.Contains(all, stateSecret64) {
			t.Errorf("the database holds %s", all)
		}
	})
}

func serveKeepsSettings(t *testing.T, env []string, kept func() ([]ledger.Question, error)) {
	peer := telegramtest.Start(t, telegramtest.Options{})
	guild := discordtest.Start(t, discordtest.Options{})
	env = append(append(telegramEnv(peer), discordEnv(guild)...), env...)
	ann, bob := peer.Person("ann"), peer.Person("bob")
	forum, grown := peer.Group("forum", false), peer.Group("grown", false)
	peer.Admin(forum, bob, "creator")
	guild.Admin("bob", "#forum", true)

	sent, posts := 0, 0
	ctx := patiently(t)
	hears := func(who telegramtest.Person, at telegramtest.Place, text string, change func(map[string]any), want string) {
		t.Helper()
		peer.Say(who, at, text, change)
		sent++
		all, err := peer.WaitSent(ctx, sent)
		if err != nil || !strings.HasPrefix(all[sent-1].Text, want) || all[sent-1].Chat != at.ID {
			t.Fatalf("Telegram, %q: %v, %v, want %q", text, all, err, want)
		}
	}
	sees := func(who, channel, command, text, want string) {
		t.Helper()
		guild.Command(who, channel, command, "change", text)
		posts++
		all, err := guild.WaitSent(ctx, posts)
		if err != nil || !strings.HasPrefix(all[posts-1].Text, want) {
			t.Fatalf("Discord, /%s %s: %v, %v, want %q", command, text, all, err, want)
		}
	}
	const asked = "Who painted the ceiling of the opera?"

	s := startServe(t, env)
	if err := guild.Ready(ctx); err != nil {
		t.Fatal(err)
	}
	hears(ann, forum, "/settings language de", nil, "Only admins can change")
	hears(ann, forum, "/settings questions on", nil, "Only admins can change")
	hears(ann, forum, "/ask "+asked, nil, "I have no sourced answer")
	hears(bob, forum, "/settings language de", nil, "Erledigt")
	hears(bob, forum, "/settings questions on", peer.AsGroup, "Ab jetzt speichere ich")
	hears(ann, forum, "/ask "+asked, nil, "Darauf habe ich")
	hears(ann, peer.Private(ann), "/settings language fr", nil, "C’est fait")
	sees("ann", "#forum", "settings", "language ru", "Only admins can change")
	sees("bob", "#forum", "settings", "language ru", "Готово")
	guild.Mention("bob", "#forum", "/settings language auto")
	posts++
	if all, err := guild.WaitSent(ctx, posts); err != nil || !strings.HasPrefix(all[posts-1].Text, "По набранному сообщению") {
		t.Fatalf("a typed command, with which Discord tells no language either: %v, %v", all, err)
	}
	s.stop()
	if code := s.wait(t); code != exitOK {
		t.Fatalf("exit %d", code)
	}
	all, err := kept()
	if err != nil || len(all) != 2 || all[0].Words != "" || all[1].Words != asked {
		t.Fatalf("kept: %+v, %v", all, err)
	}

	s = startServe(t, env)
	if err := guild.Ready(ctx); err != nil {
		t.Fatal(err)
	}
	hears(ann, forum, "/ask "+asked, nil, "Darauf habe ich")
	hears(ann, peer.Private(ann), "/settings", nil, "Vos réglages")
	sees("ann", "#forum", "about", "", "Footnote")
	if all := guild.Sent(); !strings.Contains(all[posts-1].Text, "лицензия") {
		t.Errorf("after a restart the channel is told %q", all[posts-1].Text)
	}
	peer.Upgrade(forum, grown)
	peer.Say(bob, forum, "", func(m map[string]any) { m["migrate_to_chat_id"] = grown.ID })
	hears(ann, grown, "/ask "+asked, nil, "Darauf habe ich")
	hears(bob, grown, "/settings questions off", nil, "Erledigt")
	hears(ann, peer.Private(ann), "/forget", nil, "C’est fait")
	hears(ann, peer.Private(ann), "/settings", nil, "Your settings")
	s.stop()
	if code := s.wait(t); code != exitOK {
		t.Fatalf("exit %d", code)
	}
	if strings.Contains(s.log.String(), "painted the ceiling") {
		t.Error("the question stands in the log")
	}
}
