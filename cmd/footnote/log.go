package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"os/signal"
	"regexp"
	"sync"
	"syscall"

	"footnote/bot/platform"
	"footnote/knowledge"
)

// newLogger writes records to w, in the format and from the level of c.
func newLogger(w io.Writer, c Config) *slog.Logger {
	var level slog.Level
	// The settings allow only what slog reads, whatever the case.
	if err := level.UnmarshalText([]byte(c.Log.Level)); err != nil {
		level = slog.LevelInfo
	}
	opts := &slog.HandlerOptions{Level: level}
	if c.Log.Format == "json" {
		return slog.New(slog.NewJSONHandler(w, opts))
	}
	return slog.New(slog.NewTextHandler(w, opts))
}

// startLog begins to log as c says, also what the libraries log by themselves.
func (p *program) startLog(c Config) {
	log := newLogger(p.Err, c)
	p.log, p.json = log, c.Log.Format == "json"
	if p.Process {
		slog.SetDefault(log)
		// Whoever reads the log may leave or hang, and the bot goes on.
		signal.Ignore(syscall.SIGPIPE)
		p.slow(p.json)
	}
}

// logProblems logs what is wrong with the configuration or a pack, one record each.
func logProblems(log *slog.Logger, all []knowledge.Problem) {
	for _, x := range all {
		level := slog.LevelError
		if x.Severity == knowledge.Warning {
			level = slog.LevelWarn
		}
		x.Severity = knowledge.Error // the level says it
		log.Log(context.Background(), level, x.String())
	}
}

// logError logs why a run ends; nothing if err is nil.
func logError(log *slog.Logger, err error) {
	var problems *knowledge.LoadError
	switch {
	case errors.As(err, &problems):
		logProblems(log, problems.Problems)
	case err != nil:
		log.Error(err.Error())
	}
}

// tokenShapes are what the tokens of both platforms look like, so that a token
// that is not configured (a mistyped one, another bot's) does not print either:
//   - Telegram: the bot's number, a colon (as it stands in a URL or escaped) and
//     35 characters; 20 are taken so that a cut one is caught too;
//   - Discord: three dotted parts of base64url, of which the first is the bot's
//     number, at least 17 digits, in base64.
var tokenShapes = regexp.MustCompile(
	`[0-9]{6,12}(?::|%3[Aa])[A-Za-z0-9_-]{20,}` +
		`|\b[A-Za-z0-9_-]{23,28}\.[A-Za-z0-9_-]{6,7}\.[A-Za-z0-9_-]{27,}`)

// A redactor is a writer that hides secrets and what is shaped like one. It
// stands below the log handler, where message, attributes, groups, errors and
// stacks have all become one line, so that nothing can pass beside it. Like
// slog's handlers its callers must write whole lines in one call.
type redactor struct {
	mu      sync.Mutex
	to      io.Writer
	secrets [][]byte
	patient *unhurried // to, if that waits for no reader
}

// slow makes what is written wait no longer than a moment for whoever reads it.
func (r *redactor) slow(json bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.patient == nil {
		r.patient = newUnhurried(r.to, json)
		r.to = r.patient
	}
}

// close writes what waits to be written.
func (r *redactor) close() {
	r.mu.Lock()
	patient := r.patient
	r.mu.Unlock()
	if patient != nil {
		patient.close()
	}
}

func (r *redactor) hide(s platform.Secret) {
	r.mu.Lock()
	defer r.mu.Unlock()
	// A very short secret would tear up ordinary words and protects nothing.
	if len(s.Reveal()) >= minSecret {
		r.secrets = append(r.secrets, []byte(s.Reveal()))
	}
}

// minSecret is the length in bytes from which a configured secret is hidden
// wherever it occurs.
const minSecret = 6

func (r *redactor) Write(line []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	out := line
	for _, s := range r.secrets {
		out = bytes.ReplaceAll(out, s, []byte(platform.Redacted))
	}
	out = tokenShapes.ReplaceAll(out, []byte(platform.Redacted))
	if _, err := r.to.Write(out); err != nil {
		return 0, err
	}
	return len(line), nil
}
