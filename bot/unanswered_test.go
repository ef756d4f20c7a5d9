package bot_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"footnote/bot"
	"footnote/bot/bottest"
	"footnote/bot/store"
)

// stuck is a bot whose platform takes no reply, and the store it keeps.
func stuck(t *testing.T, c bottest.Config) (*faulty, *bottest.Kept, func() error) {
	t.Helper()
	k := bottest.NewKept()
	c.Unanswered = k
	f, _, stop := startFaulty(t, c, func(ctx context.Context, _ int, _ bot.Address, _ bot.Reply) error {
		<-ctx.Done()
		return ctx.Err()
	})
	f.Now = time.Now
	return f, k, stop
}

// killed is what is left of a process that ends this moment.
func killed(t *testing.T, k *bottest.Kept) bot.Store {
	t.Helper()
	synctest.Wait()
	left := store.Memory()
	for i := range 40 {
		key := "messages"
		if i > 0 {
			key = fmt.Sprint("messages.", i)
		}
		text, err := k.Get(t.Context(), key)
		if err != nil {
			t.Fatal(err)
		}
		if err := left.Set(t.Context(), key, text); err != nil {
			t.Fatal(err)
		}
	}
	return left
}

// However many wait when the process is killed, each is told, also if the next process is
// killed while it tells them.
func TestManyAreKilled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const people = 1500
		f, k, _ := stuck(t, bottest.Config{})
		for i := range people {
			f.Say(t, bottest.Said{Who: fmt.Sprint("person", i), Text: founded})
		}
		time.Sleep(time.Second)
		left := killed(t, k)

		again := bottest.NewKept()
		again.Store = left
		_, _, stop := startFaulty(t, bottest.Config{Unanswered: again}, func(ctx context.Context, _ int, _ bot.Address, _ bot.Reply) error {
			<-ctx.Done()
			return ctx.Err()
		})
		time.Sleep(time.Second)
		left = killed(t, again)
		_ = stop()

		s := bottest.Start(t, bottest.Config{Unanswered: left})
		s.Texts()
		told := map[bot.ChatID]int{}
		for _, x := range s.Sent() {
			told[x.To.Chat]++
		}
		if len(told) != people || len(s.Sent()) != people {
			t.Errorf("%d of %d are told, with %d messages", len(told), people, len(s.Sent()))
		}
	})
}

// A disk that is full is warned of once, and its end is told.
func TestFullDiskIsToldOnce(t *testing.T) {
	var b bytes.Buffer
	log := slog.New(slog.NewTextHandler(&b, nil))
	var s bot.Streak
	for range 9 {
		s.Log(log, errors.New("the disk is full"), "the place could not be stored")
	}
	if n := strings.Count(b.String(), "level=WARN"); n != 1 || !s.Failing() {
		t.Errorf("%d warnings: %s", n, &b)
	}
	for range 3 {
		s.Log(log, nil, "the place could not be stored")
	}
	if n := strings.Count(b.String(), "level=WARN"); n != 2 || s.Failing() || !strings.Contains(b.String(), "works again") {
		t.Errorf("%d warnings: %s", n, &b)
	}
}

// Where one try works and the next fails, the log has a line or two a minute.
func TestFlappingIsToldNowAndThen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var b bytes.Buffer
		log := slog.New(slog.NewTextHandler(&b, nil))
		var s bot.Streak
		for range 100 {
			s.Log(log, errors.New("it is slow"), "the others cannot be asked")
			s.Log(log, nil, "the others cannot be asked")
		}
		if n := strings.Count(b.String(), "level=WARN"); n != 2 {
			t.Errorf("%d warnings: %s", n, &b)
		}
		time.Sleep(time.Minute)
		s.Log(log, errors.New("it is slow"), "the others cannot be asked")
		if n := strings.Count(b.String(), "level=WARN"); n != 3 {
			t.Errorf("%d warnings a minute later: %s", n, &b)
		}
	})
}

// What a process had accepted and not answered when it was killed, the next one
// says to whoever wrote it: once in a direct chat, to each in a group, in their
// language; it answers nothing of it twice, and then forgets it.
func TestKilled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, k, _ := stuck(t, bottest.Config{})
		first := f.Say(t, bottest.Said{Who: "ann", Text: founded})
		f.Say(t, bottest.Said{Who: "ann", Text: founded, Lang: "de"})
		f.Say(t, bottest.Said{Who: "bob", In: "#forum", Thread: "7", How: bottest.Mention, Text: founded})
		f.Say(t, bottest.Said{Who: "cat", In: "#forum", Thread: "7", How: bottest.Mention, Text: founded, Lang: "fr"})
		f.Say(t, bottest.Said{Who: "dan", In: "#forum", Text: "not for the bot"})
		f.Say(t, bottest.Said{Who: "eve", How: bottest.Command, Command: "help"}) // an interaction: the platform shows that it failed
		time.Sleep(time.Second)
		left := killed(t, k)
		if text, _ := left.Get(t.Context(), "messages"); text == "" || strings.Contains(text, "library") || strings.Contains(text, "ann\"") && strings.Contains(text, "user:") {
			t.Errorf("kept: %s", text)
		}

		s := bottest.Start(t, bottest.Config{Unanswered: left})
		got := s.Texts()
		if len(got) != 3 {
			t.Fatalf("told: %q", got)
		}
		to := map[string]string{} // by the message that is replied to
		for i, x := range s.Sent() {
			to[string(x.To.Chat)+" "+string(x.To.Thread)+" "+string(x.To.ReplyTo)] = got[i]
		}
		for place, want := range map[string]string{
			"direct:ann  m1": "Ich wurde unterbrochen", "group:#forum 7 m2": "I was stopped before I had answered this.", "group:#forum 7 m3": "J’ai été interrompu",
		} {
			if !strings.HasPrefix(to[place], want) {
				t.Errorf("at %s: %q, want %q; all: %q", place, to[place], want, to)
			}
		}
		time.Sleep(time.Second)
		synctest.Wait()
		if text, _ := left.Get(t.Context(), "messages"); text != "" {
			t.Errorf("still kept: %s", text)
		}

		// What the platform sends once more was dealt with.
		s.Say(t, bottest.Said{Who: "ann", Text: founded}) // m0 there
		if got := s.Texts(); len(got) != 3 {
			t.Errorf("the message %s was answered as well: %q", first, got[3:])
		}
	})
}

// In a group that has moved on nobody is told one by one.
func TestKilledLongAgo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, k, _ := stuck(t, bottest.Config{})
		for _, who := range []string{"ann", "bob", "cat"} {
			f.Say(t, bottest.Said{Who: who, In: "#forum", How: bottest.Mention, Text: founded})
			f.Say(t, bottest.Said{Who: who, Text: founded})
		}
		time.Sleep(time.Second)
		left := killed(t, k)
		time.Sleep(time.Hour)
		s := bottest.Start(t, bottest.Config{Unanswered: left})
		n := map[string]int{}
		for _, text := range s.Texts() {
			before, _, _ := strings.Cut(text, " before")
			n[before]++
		}
		if len(n) != 2 || n["I was stopped"] != 3 {
			t.Errorf("told: %v", n)
		}
	})
}

// Most messages are answered before anything of them is written.
func TestNothingUnansweredIsWritten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := bottest.NewKept()
		s := bottest.Start(t, bottest.Config{Unanswered: k})
		for range 20 {
			s.Ask(founded)
			time.Sleep(31 * time.Millisecond) // never at the moment of a look
		}
		if n := len(s.Texts()); n != 20 {
			t.Errorf("%d answers", n)
		}
		if err := s.Stop(); err != nil {
			t.Error(err)
		}
		if _, sets := k.Counts(); sets != 0 {
			t.Errorf("%d values were written", sets)
		}
	})
}

// A stop that cannot wait any longer leaves word as well; so does a platform that
// refuses the bot in the middle.
func TestLeftAtTheEnd(t *testing.T) {
	for name, send := range map[string]func(ctx context.Context) error{
		"grace":   func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() },
		"refused": func(context.Context) error { return fmt.Errorf("401: %w", bot.ErrFatal) },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				k := bottest.NewKept()
				f, _, stop := startFaulty(t, bottest.Config{Unanswered: k, InDelivery: bot.Bounded(bot.Grace(time.Second))}, func(ctx context.Context, _ int, _ bot.Address, _ bot.Reply) error { return send(ctx) })
				f.Now = time.Now
				f.Say(t, bottest.Said{Who: "ann", Text: founded})
				f.Say(t, bottest.Said{Who: "bob", Text: founded})
				synctest.Wait()
				if err := stop(); err != nil {
					t.Error(err)
				}
				s := bottest.Start(t, bottest.Config{Unanswered: k})
				if got := s.Texts(); len(got) != 2 || !strings.HasPrefix(got[0], "I was stopped") {
					t.Errorf("told: %q", got)
				}
			})
		})
	}
}

// Who could not be told is told by the next process, if it is killed before.
func TestKilledTwice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, k, _ := stuck(t, bottest.Config{})
		f.Say(t, bottest.Said{Who: "ann", Text: founded})
		time.Sleep(time.Second)
		again := bottest.NewKept()
		again.Store = killed(t, k)
		_, _, _ = startFaulty(t, bottest.Config{Unanswered: again}, func(ctx context.Context, _ int, _ bot.Address, _ bot.Reply) error {
			<-ctx.Done()
			return ctx.Err()
		})
		time.Sleep(time.Second)
		s := bottest.Start(t, bottest.Config{Unanswered: killed(t, again)})
		if got := s.Texts(); len(got) != 1 || !strings.HasPrefix(got[0], "I was stopped") {
			t.Errorf("told: %q", got)
		}
	})
}

// Without the store, or with nonsense in it, people are answered, and the log says
// what is missing.
func TestUnansweredStoreFails(t *testing.T) {
	for name, prepare := range map[string]func(*bottest.Kept){
		"no disk": func(k *bottest.Kept) { k.Trouble(errors.New("the disk fails"), false) },
		"hangs":   func(k *bottest.Kept) { k.Trouble(nil, true) },
		"nonsense": func(k *bottest.Kept) {
			if err := k.Store.Set(t.Context(), "messages", "{"); err != nil {
				t.Error(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var log bytes.Buffer
				k := bottest.NewKept()
				prepare(k)
				s := bottest.Start(t, bottest.Config{Unanswered: k, Log: slog.New(slog.NewTextHandler(&log, nil))})
				s.Ask(founded)
				time.Sleep(5 * time.Second)
				if got := s.Texts(); len(got) != 1 || !strings.HasPrefix(got[0], "Established") {
					t.Errorf("replies: %q", got)
				}
				if err := s.Stop(); err != nil {
					t.Error(err)
				}
				if n := strings.Count(log.String(), "level=WARN"); n != 1 || !strings.Contains(log.String(), "nobody is told") {
					t.Errorf("the log:\n%s", &log)
				}
			})
		})
	}
}

// However many wait, and however long their addresses are, it fits into a value.
func TestUnansweredFits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		secret := bytes.Repeat([]byte{7}, 32)
		back := store.Memory()
		var log bytes.Buffer
		f, _, _ := startFaulty(t, bottest.Config{Unanswered: store.Sealed(back, secret), Log: slog.New(slog.NewTextHandler(&log, nil))}, func(ctx context.Context, _ int, _ bot.Address, _ bot.Reply) error {
			<-ctx.Done()
			return ctx.Err()
		})
		f.Now = time.Now
		for i := range 1000 {
			f.Say(t, bottest.Said{Who: fmt.Sprintf("%020d", i), In: fmt.Sprintf("#%020d", i), Thread: "12345678901234567890", How: bottest.Mention, Text: founded, Lang: "zh-Hant-TW"})
		}
		time.Sleep(time.Second)
		synctest.Wait()
		if log.Len() > 0 {
			t.Errorf("the log:\n%s", &log)
		}
		text, err := back.Get(t.Context(), "messages")
		if err != nil || text == "" || strings.Contains(text, "#") {
			t.Fatalf("kept, not sealed: %q, %v", text, err)
		}
		left := store.Memory()
		if err := left.Set(t.Context(), "messages", text); err != nil {
			t.Fatal(err)
		}
		s := bottest.Start(t, bottest.Config{Unanswered: store.Sealed(left, secret)})
		if n := len(s.Texts()); n < 100 {
			t.Errorf("%d were told", n)
		}
	})
}

// fullDisk is a store in which there is no room for more.
type fullDisk struct{ bot.Store }

func (fullDisk) Set(context.Context, string, string) error { return errors.New("the disk is full") }

// On a full disk, where deleting works and writing does not, that is told once.
func TestFullDiskOfUnansweredIsToldOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		release := make(chan struct{}, 100)
		f, _, _ := startFaulty(t, bottest.Config{Unanswered: fullDisk{store.Memory().In("unanswered")}, Log: slog.New(slog.NewTextHandler(&log, nil))}, func(context.Context, int, bot.Address, bot.Reply) error {
			<-release
			return nil
		})
		f.Now = time.Now
		for i := range 9 {
			f.Say(t, bottest.Said{Who: fmt.Sprint("person", i), Text: founded})
			time.Sleep(time.Second)
			release <- struct{}{}
			time.Sleep(time.Second)
		}
		if n := strings.Count(log.String(), "level=WARN"); n != 1 || strings.Contains(log.String(), "that works again") {
			t.Errorf("%d warnings: %s", n, &log)
		}
	})
}
