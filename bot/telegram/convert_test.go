package telegram

import (
	"encoding/json"
	"flag"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"footnote/bot"
	"footnote/bot/bottest"
)

var updateGoldens = flag.Bool("update", false, "write the goldens anew")

var testIdentity = identity{id: 4242, username: "HistBot", commands: bot.ByName(bottest.Commands())}

// TestConvert reads testdata/convert/*.json: updates as they come over the wire,
// one a file, with what is made of them beside it in a .golden file.
func TestConvert(t *testing.T) {
	files, err := filepath.Glob("testdata/convert/*.json")
	if err != nil || len(files) < 40 {
		t.Fatalf("%d updates, %v", len(files), err)
	}
	for _, f := range files {
		t.Run(strings.TrimSuffix(filepath.Base(f), ".json"), func(t *testing.T) {
			raw, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			var u update
			if err := json.Unmarshal(raw, &u); err != nil {
				t.Fatal(err)
			}
			m, ok := testIdentity.convert(u)
			golden(t, strings.TrimSuffix(f, ".json")+".golden", describe(m, ok))
		})
	}
}

// describe writes a message as a golden.
func describe(m bot.Message, ok bool) string {
	if !ok {
		return "dropped\n"
	}
	var b strings.Builder
	line := func(name, v string) {
		if v != "" {
			b.WriteString(name + ": " + v + "\n")
		}
	}
	var how []string
	if m.Direct {
		how = append(how, "direct")
	}
	if m.Addressed {
		how = append(how, "addressed")
	}
	if m.Quoted {
		how = append(how, "quoted")
	}
	line("how", strings.Join(how, ", "))
	line("id", string(m.ID))
	line("from", string(m.From.ID)+" "+m.From.Name+" "+m.From.Lang)
	line("chat", string(m.To.Chat))
	line("thread", string(m.To.Thread))
	line("reply to", string(m.To.ReplyTo))
	line("command", m.Command)
	line("action", m.Action)
	line("text", m.Text)
	if !m.SentAt.IsZero() {
		line("sent", m.SentAt.UTC().Format(time.RFC3339))
	}
	return b.String()
}

// golden holds got against a file, or writes the file with -update.
func golden(t *testing.T, file, got string) {
	t.Helper()
	bottest.Golden(t, file, got, *updateGoldens)
}

// FuzzConvert: whatever comes over the wire, convert does not panic and makes only
// messages that keep the contract.
func FuzzConvert(f *testing.F) {
	files, _ := filepath.Glob("testdata/convert/*.json")
	for _, name := range files {
		raw, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	f.Add([]byte(`{"update_id":1,"message":{"from":{"id":1},"chat":{"id":-1},"text":"@HistBot /ask x","entities":[{"type":"bot_command","offset":9,"length":4},{"type":"mention","offset":0,"length":8},{"type":"mention","offset":4,"length":9}]}}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		var u update
		if json.Unmarshal(raw, &u) != nil {
			return
		}
		m, ok := testIdentity.convert(u)
		if !ok {
			return
		}
		said := 0
		for _, s := range []string{m.Command, m.Action, m.Text} {
			if !utf8.ValidString(s) {
				t.Errorf("not valid UTF-8: %q", s)
			}
		}
		if m.Action != "" {
			said++
		}
		if m.Command != "" || m.Text != "" {
			said++
		}
		if said > 1 || m.ID == "" || m.From.ID == "" || m.To.Chat == "" || m.To.Platform != Platform || m.Direct && !m.Addressed {
			t.Errorf("%+v", m)
		}
	})
}

// FuzzEntities: hostile offsets over hostile texts.
func FuzzEntities(f *testing.F) {
	f.Add("👍🏽 @HistBot when?", "mention", 5, 8, "bot_command", 0, 3)
	f.Add("/ask—when", "bot_command", 0, 5, "mention", -1, 1<<31-1)
	f.Add("a\xff@HistBot", "mention", 2, 8, "mention", math.MaxInt, math.MaxInt)
	f.Add("/ask @HistBot @HistBot", "mention", 14, 8, "mention", 5, 8)
	f.Fuzz(func(t *testing.T, text, kind1 string, at1, n1 int, kind2 string, at2, n2 int) {
		for _, list := range [][]entity{nil, {}, {{Type: kind1, Offset: at1, Length: n1}, {Type: kind2, Offset: at2, Length: n2}}} {
			m, ok := testIdentity.convert(update{Message: &message{ID: 1, From: &user{ID: 5}, Chat: chat{ID: -5, Type: "group"}, Text: text, Entities: list}})
			if ok && (!utf8.ValidString(m.Text) || !utf8.ValidString(m.Command)) {
				t.Errorf("%q made %+v", text, m)
			}
		}
	})
}

func TestUTF16Span(t *testing.T) {
	for _, c := range []struct {
		text           string
		offset, length int
		want           string
		ok             bool
	}{
		{"👍🏽 @HistBot when?", 5, 8, "@HistBot", true}, // byte 9, rune 3, UTF-16 5
		{"@HistBot", 0, 8, "@HistBot", true},
		{"ж@HistBot", 1, 8, "@HistBot", true},
		{"👍", 0, 2, "👍", true},
		{"👍", 1, 1, "", false}, // inside a surrogate pair
		{"👍x", 0, 1, "", false},
		{"abc", 1, 3, "", false},
		{"abc", -1, 2, "", false},
		{"abc", 0, 0, "", false},
		{"abc", 3, 1, "", false},
		{"abc", math.MaxInt, math.MaxInt, "", false},
		{"abc", 1, math.MaxInt, "", false},
		{"", 0, 1, "", false},
	} {
		s, ok := utf16Span(c.text, c.offset, c.length)
		if ok != c.ok || ok && c.text[s.start:s.end] != c.want {
			t.Errorf("%q %d+%d: %v %v, want %q %v", c.text, c.offset, c.length, s, ok, c.want, c.ok)
		}
	}
}
