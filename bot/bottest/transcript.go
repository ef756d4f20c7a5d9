package bottest

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"footnote/bot"
	"footnote/bot/dialog"
	"footnote/bot/lang"
)

// Transcripts are conversations on one platform, one in each language of the
// interface, kept as files for people to read.
type Transcripts struct {
	Dir    string // one file a language, e.g. "ru.txt"
	Update bool   // rewrite them with what is shown now
	Head   string // one line on the platform, for the head of each file
	Caps   Caps
	Leaks  []goleak.Option // as in Harness

	// New returns an adapter for d, and the fake platform it talks to.
	New func(t testing.TB, log *slog.Logger, d *dialog.Dialog) (bot.Adapter, Driver)
}

// What a Driver may offer beyond the suite, for transcripts.
type (
	// A Menued platform lists the bot's commands, as a person whose app speaks lang sees them: a line
	// for each. ctx bounds the wait until the bot has registered them.
	Menued interface {
		Menu(ctx context.Context, lang string) ([]string, error)
	}
	// A Completed platform completes what somebody types into a command.
	Completed interface {
		Complete(t testing.TB, who, lang, command, text string) []string
	}
	// An Inlined platform finds facts in any chat. start is the parameter of the
	// link under the first result.
	Inlined interface {
		Inline(t testing.TB, who, lang, text string) (results []string, start string)
	}
	// A Guested platform lets people ask in chats that the bot is not in.
	Guested interface {
		Guest(t testing.TB, who, lang, text string)
	}
	// A Formed platform shows forms. FillIn writes text into the one that answers asked, a
	// button under shown or a command, and returns what it looks like.
	Formed interface {
		FillIn(t testing.TB, who string, shown Shown, asked Event, text string) (form []string)
	}
	// A Placed platform tells how the adapter names a place such as "#forum".
	Placed interface {
		Place(in string) bot.Place
	}
)

// RunTranscripts holds a long conversation in each language of the interface and
// compares what people see with the files. What it says of facts must be the same
// in every language, and what the bot says of itself must not be.
func RunTranscripts(t *testing.T, x Transcripts) {
	out := map[string]*strings.Builder{}
	for _, lang := range lang.All().Tags() {
		out[lang] = &strings.Builder{}
		fmt.Fprintf(out[lang], "# %s\n%s", x.Head, transcriptNotes)
	}
	now := time.Now()
	clock := func() time.Time { return now } // so that a minute's limit is a minute's
	t.Run("nothing kept", func(t *testing.T) { x.hold(t, Config{Now: clock}, nil, out, (*play).talk) })
	t.Run("where people can come back", func(t *testing.T) {
		c, places, box := open()
		x.hold(t, c, places, out, func(p *play) { p.openTalk(box) })
	})
	t.Run("with a ledger", func(t *testing.T) {
		c := Config{Now: clock, Ledger: &diary{allowed: map[bot.Person]bool{}, allowedIn: map[bot.Place]bool{}}}
		c.Limits.PersonPerMinute = ledgerTurns
		x.hold(t, c, nil, out, (*play).keptTalk)
	})
	for lang, got := range out {
		x.compare(t, lang, got.String())
	}
}

// hold holds a conversation in each language with a bot of that configuration. places are
// those of the curators, which only the platform knows.
func (x Transcripts) hold(t *testing.T, c Config, places []bot.Place, out map[string]*strings.Builder, talk func(*play)) {
	c.Answerer, c.Version = newHarbour(t), "9.9.9"
	more := c.InDialog
	c.InDialog = func(d *dialog.Config) {
		d.Chance = draws()
		if more != nil {
			more(d)
		}
	}
	b, d := c.New()
	s := prepare(t, Harness{Caps: x.Caps, Leaks: x.Leaks, New: func(t testing.TB, log *slog.Logger) (bot.Adapter, Driver) { return x.New(t, log, d) }})
	for i := range places {
		places[i] = s.driver.(Placed).Place(curators)
	}
	s.startBot(b)
	var n int
	shown := map[string][]string{}
	for _, lang := range lang.All().Tags() {
		p := &play{t: t, s: s, b: b, d: d, n: &n, lang: lang, who: speaker(lang), out: out[lang]}
		talk(p)
		shown[lang] = p.texts
	}
	for lang := range shown {
		same(t, lang, shown["en"], shown[lang])
	}
}

// compare compares a transcript with its file, or rewrites that.
func (x Transcripts) compare(t *testing.T, lang, got string) {
	file := filepath.Join(x.Dir, lang+".txt")
	if x.Update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(want) != got {
		t.Errorf("%s: %s\n(read what changed as a person would, then run with -update)", file, firstDifference(string(want), got))
	}
}

const transcriptNotes = `# **bold** _italic_ ` + "`code`" + ` [a link](its address), ▌ a quotation, ~ small print, [ a button ].
# A line of buttons is a row of them. (only …) is what nobody else in the group sees.
`

// same compares a conversation with the English one: as long, and nothing the same
// except what holds no word of the interface.
func same(t *testing.T, lang string, english, other []string) {
	t.Helper()
	if len(english) != len(other) {
		t.Errorf("%s: %d replies, in English %d", lang, len(other), len(english))
		return
	}
	for i := range english {
		if lang != "en" && english[i] == other[i] {
			t.Errorf("%s: the same as in English: %q", lang, other[i])
		}
		if strings.TrimSpace(other[i]) == "" || placeholder.MatchString(other[i]) {
			t.Errorf("%s: %q is shown", lang, other[i])
		}
	}
}
