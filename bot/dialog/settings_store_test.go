package dialog

import (
	"context"
	"footnote/bot"
	"testing"
	"time"
)

// late is a store in which something is chosen just after it was read.
type late struct {
	bot.Store
	meanwhile func()
}

func (s late) Get(context.Context, string) (string, error) { s.meanwhile(); return "", nil }
func (late) Set(context.Context, string, string) error     { return nil }

// What is chosen while the store is being read is not replaced by what it had.
func TestChosenWhileReading(t *testing.T) {
	c := Config{Now: time.Now, bounds: bounds{choices: 4}}
	s := scope{platform: "telegram", chat: "-5"}
	var l *choices
	c.Settings = late{meanwhile: func() {
		if err := l.set(t.Context(), s, "de"); err != nil {
			t.Error(err)
		}
	}}
	l = newChoices(c, "language")
	for range 2 {
		if got := l.of(t.Context(), s); got != "de" {
			t.Errorf("%q is spoken, and de was chosen", got)
		}
	}
}

// No two scopes share a key, whatever a platform's ids look like.
func TestScopesHaveKeysOfTheirOwn(t *testing.T) {
	seen := map[string]scope{}
	for _, platform := range []bot.Platform{"telegram", "discord"} {
		for _, id := range []string{"5", "-5", "person 5", "chat 5", ""} {
			for _, s := range []scope{{platform: platform, chat: bot.ChatID(id)}, {platform: platform, person: bot.UserID(id)}} {
				if other, ok := seen[s.key("language")]; ok && other != s {
					t.Errorf("%+v and %+v are kept under %q", s, other, s.key("language"))
				}
				seen[s.key("language")] = s
			}
		}
	}
}
