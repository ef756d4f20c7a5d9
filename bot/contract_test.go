package bot_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"footnote/bot"
)

// A handle prints nowhere.
func TestHandleIsHidden(t *testing.T) {
	h := bot.Handle("secret")
	raw, err := json.Marshal(map[string]any{"h": h})
	if err != nil {
		t.Fatal(err)
	}
	for _, got := range []string{fmt.Sprint(h), fmt.Sprintf("%v %s %#v", h, h, h), fmt.Sprintf("%+v", bot.Address{Handle: h}), string(raw)} {
		if strings.Contains(got, "secret") || !strings.Contains(got, "[handle]") {
			t.Errorf("%s", got)
		}
	}
	if got := bot.Handle("").String(); got != "" {
		t.Errorf("none is %q", got)
	}
}

func TestRetryError(t *testing.T) {
	boom := errors.New("429")
	err := fmt.Errorf("send: %w", &bot.RetryError{After: time.Second, Err: boom})
	if !errors.Is(err, boom) || !strings.Contains(err.Error(), "429; try again in 1s") {
		t.Errorf("%v", err)
	}
}

func TestEnded(t *testing.T) {
	for want, err := range map[string]error{"stopped": nil, "gone": errors.New("gone")} {
		var c bot.Connection
		c.Up(time.Now())
		c.Ended(time.Now(), err)
		if s := c.Status(); s.Connected || s.Why != want {
			t.Errorf("%+v, want %s", s, want)
		}
	}
}

func TestUnfiled(t *testing.T) {
	text := []bot.Block{{Spans: []bot.Span{{Text: "text"}}}}
	r := bot.Reply{File: &bot.File{Instead: text}}.Unfiled()
	if r.File != nil || bot.PlainText(r) != "text" {
		t.Errorf("%+v", r)
	}
	if r := (bot.Reply{Blocks: text}).Unfiled(); bot.PlainText(r) != "text" {
		t.Errorf("%+v", r)
	}
}

func TestCommandLists(t *testing.T) {
	all := []bot.Command{{Name: "a", Aliases: []string{"b"}}, {Name: "c", Unlisted: true}}
	if l := bot.Listed(all); len(l) != 1 || l[0].Name != "a" {
		t.Errorf("%+v", l)
	}
	if m := bot.ByName(all); len(m) != 3 || m["b"].Name != "a" || m["c"].Name != "c" {
		t.Errorf("%+v", m)
	}
}
