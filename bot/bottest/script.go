package bottest

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// RunScripts plays every script that pattern matches (as in filepath.Glob)
// against a bot of its own, and compares what the bot says with the script. With
// update the scripts are rewritten with what it said.
//
// A script is a text file. Each line that begins with ">" is said by ann in her
// direct chat; what the bot shows until the next such line follows, each line
// after "<".
//
//	# a comment
//	> Who was Stalin?            a question
//	> /source 2                  a command
//	> [Source]                   a press of the last shown button that begins so
//	bob> hello                   bob in his direct chat
//	bob in #forum> hello         bob mentions the bot in #forum
//	bob in #forum/lore> hello    in a topic of it
//	bob in #forum (ru)> привет   with an interface in Russian
//	bob near #forum> hello       bob says it in #forum, not to the bot
//	~ 45m                        time goes by
//	! bob in #forum              bob becomes an admin of #forum
//
// Buttons are shown as one line of labels in brackets. A reply that only one
// person sees begins with that person's name in parentheses. Time is that of a
// testing/synctest bubble, so waiting costs nothing.
func RunScripts(t *testing.T, pattern string, update bool, config func() Config) {
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		t.Fatalf("no scripts match %s (%v)", pattern, err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var got string
			synctest.Test(t, func(t *testing.T) { got = Play(t, string(data), config()) })
			if got == string(data) {
				return
			}
			if update {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			t.Errorf("%s: %s\n(run with -update if the new reply is right)", file, firstDifference(string(data), got))
		})
	}
}

var scriptLine = regexp.MustCompile(`^([a-z]*)( ?(?:in|near) #[^ ()>/]+)?(/[^ ()>]+)?(?: ?\(([a-zA-Z-]+)\))?> ?(.*)$`)

// Play plays one script inside a synctest bubble and returns it with what the
// bot said.
func Play(t *testing.T, script string, c Config) string {
	m := NewMemory(c.Log)
	m.Now = time.Now
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	b, _ := c.New()
	go func() { done <- b.Run(ctx, m) }()
	synctest.Wait()
	defer func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("Run: %v", err)
		}
	}()

	var out strings.Builder
	shown := 0
	for line := range strings.Lines(script) {
		line = strings.TrimSuffix(line, "\n")
		if strings.HasPrefix(line, "<") {
			continue
		}
		out.WriteString(line + "\n")
		if wait, ok := strings.CutPrefix(line, "~"); ok {
			d, err := time.ParseDuration(strings.TrimSpace(wait))
			if err != nil {
				t.Fatalf("%q: %v", line, err)
			}
			time.Sleep(d)
			continue
		}
		if admin, ok := strings.CutPrefix(line, "! "); ok {
			who, in, ok := strings.Cut(admin, " in ")
			if !ok {
				t.Fatalf("%q: not of the form \"! bob in #forum\"", line)
			}
			m.Admin(t, who, in, true)
			continue
		}
		x := scriptLine.FindStringSubmatch(line)
		if x == nil || strings.HasPrefix(line, "#") {
			if line != "" && !strings.HasPrefix(line, "#") {
				t.Fatalf("the script has a line of no known form: %q", line)
			}
			continue
		}
		perform(t, m, x)
		synctest.Wait()
		all, _ := m.WaitShown(ctx, 0)
		for _, s := range all[shown:] {
			writeShown(&out, s)
		}
		shown = len(all)
	}
	return out.String()
}

// perform does what a line of a script says.
func perform(t *testing.T, m *Memory, x []string) {
	s := Said{Who: x[1], Lang: x[4], Text: x[5]}
	if s.Who == "" {
		s.Who = "ann"
	}
	how, place, _ := strings.Cut(strings.TrimSpace(x[2]), " ")
	s.In, s.Thread = place, strings.TrimPrefix(x[3], "/")
	if how == "in" {
		s.How = Mention
	}
	if label, ok := strings.CutPrefix(s.Text, "["); ok {
		label = strings.TrimSuffix(label, "]")
		all, _ := m.WaitShown(context.Background(), 0)
		for _, shown := range slices.Backward(all) {
			if shown.In != s.In || shown.In == "" && shown.To != s.Who {
				continue
			}
			for _, l := range shown.Buttons {
				if strings.HasPrefix(l, label) {
					m.Press(t, s.Who, shown, l)
					return
				}
			}
		}
		t.Fatalf("no button that begins with %q was shown", label)
	}
	if rest, ok := strings.CutPrefix(s.Text, "/"); ok {
		s.How = Command
		s.Command, s.Text, _ = strings.Cut(rest, " ")
	}
	m.Say(t, s)
}

func writeShown(out *strings.Builder, s Shown) {
	if s.Private && s.In != "" {
		out.WriteString("< (" + s.To + ")\n")
	}
	for line := range strings.SplitSeq(s.Text, "\n") {
		out.WriteString(strings.TrimRight("< "+line, " ") + "\n")
	}
	if len(s.Buttons) > 0 {
		out.WriteString("< [" + strings.Join(s.Buttons, "] [") + "]\n")
	}
}

// firstDifference shows where two texts differ.
func firstDifference(want, got string) string {
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range max(len(w), len(g)) {
		if i >= len(w) || i >= len(g) || w[i] != g[i] {
			from := max(0, i-3)
			return "from line " + strings.Join([]string{
				"", "want:", strings.Join(w[from:min(len(w), i+8)], "\n"), "got:", strings.Join(g[from:min(len(g), i+8)], "\n"),
			}, "\n")
		}
	}
	return "no difference"
}
