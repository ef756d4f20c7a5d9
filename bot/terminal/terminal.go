// Package terminal is the adapter to a person at a terminal, or to a script that
// writes lines into a pipe: the bot with no account anywhere. It knows how text
// is shown on a terminal and nothing of questions and facts.
package terminal

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode"

	"golang.org/x/term"

	"footnote/bot"
	"footnote/bot/platform"
)

// Platform is what the addresses of this adapter name as their platform.
const Platform bot.Platform = "terminal"

// chatID and userID name the only chat and the only person there are.
const (
	chatID bot.ChatID = "terminal"
	userID bot.UserID = "you"
)

// Config is what an Adapter is made of. Zero fields take what the process has.
type Config struct {
	In  io.Reader // os.Stdin
	Out io.Writer // os.Stdout

	Getenv   func(string) string // os.Getenv: NO_COLOR, TERM, LC_ALL, LC_MESSAGES, LANG
	Greeting string              // shown once before the first prompt; never when input is piped
	Now      func() time.Time    // time.Now
}

// An Adapter is one conversation on a pair of streams. If both are a terminal,
// lines can be edited and replies are set for the eye; otherwise it reads plain
// lines and writes plain text, each reply in one Write, an empty line between
// two.
type Adapter struct {
	Config
	interactive bool
	color       bool
	lang        string

	mu      sync.Mutex
	out     io.Writer // where replies go: Out, or while Run reads keys its editor
	shown   int       // replies so far
	said    int       // lines so far
	actions []offered // of the last reply with buttons
}

// offered is a button as a word to type.
type offered struct{ word, action string }

var _ bot.Adapter = (*Adapter)(nil)

// New returns an Adapter on c's streams.
func New(c Config) *Adapter {
	if c.In == nil {
		c.In = os.Stdin
	}
	if c.Out == nil {
		c.Out = os.Stdout
	}
	if c.Getenv == nil {
		c.Getenv = os.Getenv
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	a := &Adapter{Config: c, out: c.Out, lang: language(c.Getenv)}
	_, in := fileDescriptor(c.In)
	_, out := fileDescriptor(c.Out)
	a.interactive = in && out && c.Getenv("TERM") != "dumb"
	a.color = out && c.Getenv("NO_COLOR") == "" && c.Getenv("TERM") != "dumb"
	return a
}

// fileDescriptor is x's if x is a terminal.
func fileDescriptor(x any) (fd int, isTerminal bool) {
	f, ok := x.(*os.File)
	if !ok {
		return -1, false
	}
	return int(f.Fd()), term.IsTerminal(int(f.Fd()))
}

// language is the language tag of the environment: "de" of "de_DE.UTF-8".
func language(getenv func(string) string) string {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if v := getenv(name); v != "" {
			v, _, _ = strings.Cut(v, ".")
			if v == "C" || v == "POSIX" {
				return ""
			}
			return strings.ReplaceAll(v, "_", "-")
		}
	}
	return ""
}

// Name implements bot.Adapter.
func (a *Adapter) Name() bot.Platform { return Platform }

// Run implements bot.Adapter. It ends without an error at the end of the input,
// at /quit, and at Ctrl-C and Ctrl-D in a terminal.
//
// What Run reads from can be interrupted if it is a file or has a
// SetReadDeadline. With any other reader Run returns only after its next line.
func (a *Adapter) Run(ctx context.Context, deliver bot.DeliverFunc) error {
	in, release := interruptible(ctx, a.In)
	defer release()
	lines, restore, err := a.open(in)
	if err != nil {
		return fmt.Errorf("terminal: %w: %w", err, bot.ErrFatal)
	}
	defer restore()
	for ctx.Err() == nil {
		line, err := lines.next()
		if ctx.Err() != nil {
			return nil
		}
		if line = strings.TrimSpace(typed(line)); line != "" {
			if line == "/quit" || line == "/exit" {
				return nil
			}
			if err := deliver(ctx, a.message(line)); err != nil {
				if ctx.Err() != nil {
					return nil
				}
				return fmt.Errorf("terminal: %w", err)
			}
		}
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return fmt.Errorf("terminal: standard input cannot be read any more: %w", err)
		}
	}
	return nil
}

// message is what a line says.
func (a *Adapter) message(line string) bot.Message {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.said++
	m := bot.Message{
		ID:        bot.MessageID(strconv.Itoa(a.said)),
		From:      bot.User{ID: userID, Lang: a.lang},
		To:        bot.Address{Conversation: bot.In(Platform, chatID)},
		Direct:    true,
		Addressed: true,
		SentAt:    a.Now(),
		Text:      line,
	}
	m.To.ReplyTo = m.ID
	if rest, ok := strings.CutPrefix(line, "/"); ok {
		name, args, _ := strings.Cut(rest, " ")
		name = strings.TrimRight(strings.ToLower(name), "?!.,")
		if args == "" {
			for _, x := range a.actions {
				if x.word == name {
					m.Text, m.Action = "", x.action
					return m
				}
			}
		}
		if isCommand(name) {
			m.Command, m.Text = name, strings.TrimSpace(args)
		}
	}
	return m
}

// isCommand reports whether s can be a command's name: "/1956" is none.
func isCommand(s string) bool {
	for i, c := range s {
		if c != '_' && c != '-' && !unicode.IsLetter(c) && (i == 0 || !unicode.IsDigit(c)) {
			return false
		}
	}
	return s != ""
}

// typed is what a person typed without what a terminal would act on: control
// characters. Tabs and line breaks become spaces. Unlike platform.Clean it keeps the
// marks that turn a direction: whoever writes from right to left may need them.
func typed(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t' || r == '\n' || r == '\r':
			return ' '
		case unicode.IsControl(r):
			return -1
		}
		return r
	}, platform.Valid(s))
}

// Send implements bot.Adapter.
func (a *Adapter) Send(ctx context.Context, to bot.Address, r bot.Reply) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("terminal: send: %w", err)
	}
	r = r.Unfiled()
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(r.Buttons) > 0 {
		a.actions = words(r.Buttons)
	}
	var text string
	if a.interactive {
		p := page{width: a.width(), color: a.color, hints: words(r.Buttons)}
		text = p.render(r) + "\n\n"
	} else {
		p := page{color: a.color}
		if text = p.render(r) + "\n"; a.shown > 0 {
			text = "\n" + text
		}
	}
	a.shown++
	if _, err := io.WriteString(a.out, text); err != nil {
		return fmt.Errorf("terminal: standard output cannot be written any more: %w: %w", err, bot.ErrGone)
	}
	return nil
}

// words are buttons as something to type: "Next page" is /next-page. Choices
// have their numbers already.
func words(buttons []bot.Button) []offered {
	var all []offered
	for _, b := range buttons {
		w := strings.Join(strings.FieldsFunc(strings.ToLower(b.Label), func(r rune) bool {
			return !unicode.IsLetter(r) && !unicode.IsDigit(r)
		}), "-")
		if w != "" && b.Action != "" && !unicode.IsDigit([]rune(w)[0]) {
			all = append(all, offered{w, b.Action})
		}
	}
	return all
}

// The widest a reply is set: longer lines are hard to read. And what is assumed
// where a terminal does not tell its width.
const (
	maxWidth     = 96
	defaultWidth = 80
	minWidth     = 20
)

func (a *Adapter) width() int {
	fd, ok := fileDescriptor(a.Out)
	if !ok {
		return defaultWidth
	}
	w, _, err := term.GetSize(fd)
	if err != nil || w <= 0 {
		return defaultWidth
	}
	return max(minWidth, min(w-1, maxWidth))
}
