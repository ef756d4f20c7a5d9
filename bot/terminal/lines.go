package terminal

import (
	"bufio"
	"errors"
	"io"

	"golang.org/x/term"
)

// lines is where the person's lines come from. The last may come with io.EOF.
type lines interface {
	next() (string, error)
}

const (
	// prompt is kept short: what follows it is the person's.
	prompt = "> "
	// maxLine is how much of a line is kept, in bytes; the rest is read and
	// dropped. The bot answers far shorter ones with a sentence on their length.
	maxLine = 32 << 10
)

// open prepares reading in. restore undoes it.
func (a *Adapter) open(in io.Reader) (l lines, restore func(), err error) {
	fd, _ := fileDescriptor(a.In)
	if !a.interactive {
		return &plainLines{bufio.NewReaderSize(in, 4<<10)}, func() {}, nil
	}
	if a.Greeting != "" {
		p := page{width: a.width(), color: a.color}
		if _, err := io.WriteString(a.Out, p.note(a.Greeting)+"\n\n"); err != nil {
			return nil, nil, err
		}
	}
	state, err := term.MakeRaw(fd)
	if err != nil {
		return nil, nil, err
	}
	shown := prompt
	if a.color {
		shown = escBold + prompt + escReset
	}
	t := term.NewTerminal(struct {
		io.Reader
		io.Writer
	}{in, a.Out}, shown)
	t.SetBracketedPasteMode(true) // so that a pasted page is not run line by line unseen
	a.mu.Lock()
	a.out = t
	a.mu.Unlock()
	return &editedLines{a, t}, func() {
		a.mu.Lock()
		defer a.mu.Unlock()
		a.out = a.Out
		t.SetBracketedPasteMode(false)
		_ = term.Restore(fd, state)
		_, _ = io.WriteString(a.Out, "\n")
	}, nil
}

// editedLines reads keys, with editing and history.
type editedLines struct {
	a *Adapter
	t *term.Terminal
}

func (l *editedLines) next() (string, error) {
	fd, _ := fileDescriptor(l.a.Out)
	if w, h, err := term.GetSize(fd); err == nil && w > 0 {
		_ = l.t.SetSize(w, h)
	}
	line, err := l.t.ReadLine()
	if errors.Is(err, term.ErrPasteIndicator) {
		err = nil
	}
	return line, err
}

// plainLines reads lines of any length.
type plainLines struct{ r *bufio.Reader }

func (l *plainLines) next() (string, error) {
	var line []byte
	for {
		piece, more, err := l.r.ReadLine()
		line = append(line, piece[:min(len(piece), maxLine-len(line))]...)
		if err != nil || !more {
			return string(line), err
		}
	}
}
