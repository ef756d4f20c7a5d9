package main

import (
	"context"
	"encoding/json"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"footnote/bot/bottest"
	"footnote/bot/discord/discordtest"
	"footnote/bot/telegram/telegramtest"
)

// patience bounds every wait; nothing waits that long unless it is broken.
const patience = bottest.Patience

func patiently(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	return ctx
}

// A served is a "footnote serve" under test.
type served struct {
	stop context.CancelFunc
	code chan int
	log  *bottest.Log
}

func startServe(t *testing.T, env []string, args ...string) *served {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	s := &served{stop: stop, code: make(chan int, 1), log: &bottest.Log{}}
	env = append([]string{"FOOTNOTE_STATE=" + t.TempDir(), "FOOTNOTE_MATCHER_CACHE=" + learned(), "FOOTNOTE_KNOWLEDGE=" + village, "FOOTNOTE_LOG_LEVEL=debug",
		"GOGC=set"}, env...) // the heap is all the tests': no serve may bound it
	go func() {
		s.code <- run(ctx, append([]string{"serve"}, args...), env, stdio{In: strings.NewReader(""), Out: s.log, Err: s.log, TTL: shortLease})
	}()
	t.Cleanup(func() {
		stop()
		if t.Failed() {
			t.Logf("serve wrote:\n%s", s.log)
		}
	})
	return s
}

// wait returns the exit code.
func (s *served) wait(t *testing.T) int {
	t.Helper()
	select {
	case code := <-s.code:
		return code
	case <-time.After(patience):
		t.Fatal("serve does not end")
		return -1
	}
}

func telegramEnv(s *telegramtest.Server) []string {
	return []string{"FOOTNOTE_TELEGRAM_TOKEN=" + s.Token(), "FOOTNOTE_TELEGRAM_ENDPOINT=" + s.URL()}
}

// TestServeHoldsConversationsOnBothPlatformsAtOnce is the main job whole: one
// program, two platforms over their real protocols, direct chats and groups.
func TestServeHoldsConversationsOnBothPlatformsAtOnce(t *testing.T) {
	peer := telegramtest.Start(t, telegramtest.Options{})
	guild := discordtest.Start(t, discordtest.Options{})
	s := startServe(t, append(telegramEnv(peer), discordEnv(guild)...))
	ctx := patiently(t)
	if err := guild.Ready(ctx); err != nil {
		t.Fatal(err)
	}

	var wg sync.WaitGroup
	wg.Go(func() { // Ann and a group on Telegram
		ann := peer.Person("ann")
		history := peer.Group("history", false)
		for i, turn := range []struct {
			at   telegramtest.Place
			says string
			want []string
		}{
			{peer.Private(ann), known, []string{"1712", "Chronicle of Unterbruck", "Established"}},
			{peer.Private(ann), "/source", []string{"Anna Moser", "Chronicle of Unterbruck", "14"}},
			{peer.Private(ann), unknown, []string{"no sourced answer"}},
			{history, "@" + peer.Username() + " Who collected the toll at the bridge?", []string{"sexton", "Citation needed"}},
			{history, "/ask@" + peer.Username() + " Why did the mill of Unterbruck burn down?", []string{"spark", "Anna Moser"}},
		} {
			peer.Say(ann, turn.at, turn.says, nil)
			sent, err := peer.WaitSent(ctx, i+1)
			if err != nil {
				t.Errorf("Telegram: no reply to %q: %v", turn.says, err)
				return
			}
			contains(t, "Telegram", turn.says, sent[i].Text, turn.want)
		}
	})
	wg.Go(func() { // Bob on Discord
		for i, turn := range []struct {
			say  func(from, text string)
			says string
			want []string
		}{
			{func(from, text string) { guild.DM(from, text) }, known, []string{"1712", "Chronicle of Unterbruck", "Established"}},
			{func(from, text string) { guild.Command(from, "", "source", "", "") }, "/source", []string{"Anna Moser", "Chronicle of Unterbruck"}},
			{func(from, text string) { guild.DM(from, text) }, unknown, []string{"no sourced answer"}},
			{func(from, text string) { guild.Mention(from, "general", text) }, "Who collected the toll at the bridge?", []string{"sexton", "Citation needed"}},
			{func(from, text string) { guild.Command(from, "general", "ask", "question", text) }, "Why did the mill of Unterbruck burn down?", []string{"spark", "Anna Moser"}},
		} {
			turn.say("bob", turn.says)
			posts, err := guild.WaitSent(ctx, i+1)
			if err != nil {
				t.Errorf("Discord: no reply to %q: %v", turn.says, err)
				return
			}
			contains(t, "Discord", turn.says, posts[i].Text, turn.want)
		}
	})
	wg.Wait()
	s.stop()
	if code := s.wait(t); code != exitOK {
		t.Errorf("exit %d", code)
	}
	log := s.log.String()
	for _, secret := range []string{peer.Token(), guild.Token, "great bell", "tungsten", "sexton"} {
		if strings.Contains(log, secret) {
			t.Errorf("%q stands in the log", secret)
		}
	}
}

func contains(t *testing.T, platform, says, reply string, want []string) {
	t.Helper()
	for _, w := range want {
		if !strings.Contains(reply, w) {
			t.Errorf("%s: the reply to %q lacks %q:\n%s", platform, says, w, reply)
		}
	}
}

func discordEnv(s *discordtest.Server) []string {
	return []string{"FOOTNOTE_DISCORD_TOKEN=" + s.Token, "FOOTNOTE_DISCORD_ENDPOINT=" + s.Endpoint()}
}

// TestServeKeepsGoingOnlyWhereItIsTold loses Discord for good while Telegram works.
func TestServeKeepsGoingOnlyWhereItIsTold(t *testing.T) {
	for _, keepGoing := range []bool{false, true} {
		peer := telegramtest.Start(t, telegramtest.Options{})
		guild := discordtest.Start(t, discordtest.Options{RefuseToken: true})
		env := append(telegramEnv(peer), discordEnv(guild)...)
		if keepGoing {
			env = append(env, "FOOTNOTE_SERVE_KEEP_GOING=true")
		}
		s := startServe(t, env)
		if keepGoing {
			ann := peer.Person("ann")
			peer.Say(ann, peer.Private(ann), known, nil)
			sent, err := peer.WaitSent(patiently(t), 1)
			if err != nil || !strings.Contains(sent[0].Text, "1712") {
				t.Errorf("Telegram should go on: %v, %v", sent, err)
			}
			s.log.Wait(t, "the platform is lost") // which may take longer than Telegram's answer
			s.stop()
		}
		if code := s.wait(t); code != exitFailed {
			t.Errorf("keep-going %t: exit %d, want %d", keepGoing, code, exitFailed)
		}
		log := s.log.String()
		if !strings.Contains(log, "discord.token") || strings.Contains(log, guild.Token) {
			t.Errorf("keep-going %t: it should say what to do, without the token", keepGoing)
		}
	}
}

func TestServeSaysWhyAPlatformRefusedItAndExitsWithOne(t *testing.T) {
	peer := telegramtest.Start(t, telegramtest.Options{RefuseToken: true})
	s := startServe(t, telegramEnv(peer))
	if code := s.wait(t); code != exitFailed {
		t.Errorf("exit %d, want %d", code, exitFailed)
	}
	log := s.log.String()
	if !strings.Contains(log, "level=ERROR msg=stopped") || !strings.Contains(log, "telegram.token") || strings.Contains(log, peer.Token()) {
		t.Errorf("it should say what to do, without the token:\n%s", log)
	}
}

func TestServeGoesOnWithoutAPlaceForItsState(t *testing.T) {
	peer := telegramtest.Start(t, telegramtest.Options{})
	blocked := write(t, "file", "where a folder should be")
	s := startServe(t, append(telegramEnv(peer), "FOOTNOTE_STATE="+blocked))
	ann := peer.Person("ann")
	peer.Say(ann, peer.Private(ann), known, nil)
	if sent, err := peer.WaitSent(patiently(t), 1); err != nil || !strings.Contains(sent[0].Text, "1712") {
		t.Errorf("it should answer all the same: %v, %v", sent, err)
	}
	s.stop()
	if code := s.wait(t); code != exitOK || !strings.Contains(s.log.String(), "level=WARN msg=\"what should outlive a restart") {
		t.Errorf("exit %d; nobody was warned", code)
	}
}

func TestServeAnswersNothingTwiceAfterARestart(t *testing.T) {
	peer := telegramtest.Start(t, telegramtest.Options{})
	env := append(telegramEnv(peer), "FOOTNOTE_STATE="+t.TempDir())
	ann := peer.Person("ann")
	for i, question := range []string{known, "Who collected the toll at the bridge?"} {
		s := startServe(t, env)
		peer.Say(ann, peer.Private(ann), question, nil)
		if _, err := peer.WaitSent(patiently(t), i+1); err != nil {
			t.Fatal(err)
		}
		s.stop()
		if code := s.wait(t); code != exitOK {
			t.Errorf("exit %d", code)
		}
	}
	if sent := peer.Sent(); len(sent) != 2 || !strings.Contains(sent[1].Text, "sexton") {
		t.Errorf("two questions, and these replies: %v", sent)
	}
}

func TestServeLogsJSON(t *testing.T) {
	peer := telegramtest.Start(t, telegramtest.Options{RefuseToken: true})
	s := startServe(t, telegramEnv(peer), "--log-format", "json", "--log-level=info")
	s.wait(t)
	for line := range strings.Lines(s.log.String()) {
		var record struct{ Time, Level, Msg string }
		if err := json.Unmarshal([]byte(line), &record); err != nil || record.Msg == "" || record.Level == "DEBUG" {
			t.Errorf("%v in %s", err, line)
		}
	}
}

func TestServeRefusesMalformedTokens(t *testing.T) {
	for _, env := range []string{"FOOTNOTE_TELEGRAM_TOKEN=not-a-token-at-all", "FOOTNOTE_DISCORD_TOKEN=x"} {
		s := startServe(t, []string{env})
		if code := s.wait(t); code != exitUsage || !strings.Contains(s.log.String(), ".token ") {
			t.Errorf("%s: exit %d\n%s", env, code, s.log)
		}
	}
}

func TestFirstSignalEndsTheContextAndSecondAborts(t *testing.T) {
	aborted := make(chan int, 1)
	ctx, stop := untilSignal(t.Context(), func(code int) { aborted <- code })
	defer stop()
	interrupt := func() {
		self, err := os.FindProcess(os.Getpid())
		if err == nil {
			err = self.Signal(os.Interrupt)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	interrupt()
	select {
	case <-ctx.Done():
	case <-time.After(patience):
		t.Fatal("the first signal did nothing")
	}
	if len(aborted) > 0 {
		t.Fatal("the first signal aborted")
	}
	interrupt()
	select {
	case code := <-aborted:
		if code != exitAborted {
			t.Errorf("exit %d, want %d", code, exitAborted)
		}
	case <-time.After(patience):
		t.Fatal("the second signal did nothing")
	}
}
