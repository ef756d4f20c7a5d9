package desk

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"
	"unicode/utf8"

	"footnote/bot"
	"footnote/bot/platform"
	"footnote/bot/reports"
)

// What people wrote to the curators comes from where a running bot keeps it, and so do answers go
// back: the bot passes them on. Nothing of it is written into a pack.

// countEvery is how often it is looked how many reports wait.
const countEvery = 20 * time.Second

// countWait bounds one look.
const countWait = 5 * time.Second

// A reported is a report as the page shows it.
type reported struct {
	reports.Report
	When     string
	Question string // of the fact, where this pack has it
	Now      string // what the fact answers now
	Changed  bool   // it says something else than was reported
}

// reports shows what waits for an answer.
func (v *visit) reports() error {
	s, err := v.ready()
	if err != nil {
		return err
	}
	box, err := v.box()
	if err != nil {
		return err
	}
	all, err := box.Said(v.r.Context())
	if err != nil {
		return refuse(http.StatusServiceUnavailable, "The reports cannot be read: %v", err)
	}
	v.waiting.Store(int64(unanswered(all)))
	var list []reported
	for _, r := range all {
		x := reported{Report: r, When: r.At.UTC().Format("2006-01-02 15:04") + " UTC"}
		if s.loaded != nil && r.Pack == s.loaded.ID {
			if f := s.base().Fact(r.Fact); f != nil {
				main := s.languages()[0]
				x.Question, x.Now, x.Changed = f.Canonical(main), f.Answer.In(main, main), f.Hash() != r.Hash
			}
		}
		list = append(list, x)
	}
	return v.show(http.StatusOK, "reports", "Reports", map[string]any{"Reports": list, "Most": reports.MaxText, "Days": int(reports.Keep / (24 * time.Hour))})
}

// unanswered counts the reports that a curator has something to do with.
func unanswered(all []reports.Report) (n int) {
	for _, r := range all {
		if r.Answer == "" || r.Lost {
			n++
		}
	}
	return n
}

// box is where reports are kept.
func (v *visit) box() (*reports.Box, error) {
	if v.c.Reports == nil {
		return nil, refuse(http.StatusNotFound, "Reports do not come to this desk. They do where the configuration has curators.desk: true, for the bot and for the desk.")
	}
	box, err := v.c.Reports(v.r.Context())
	if err != nil {
		return nil, refuse(http.StatusServiceUnavailable, "The reports cannot be read: %v", err)
	}
	return box, nil
}

// answerReport answers a report, or sets it aside.
func (v *visit) answerReport() error {
	box, err := v.box()
	if err != nil {
		return err
	}
	code := v.r.PathValue("code")
	if v.r.PostForm.Get("do") == "aside" {
		if err := box.Drop(v.r.Context(), code); err != nil && !errors.Is(err, bot.ErrLingers) {
			return refuse(http.StatusServiceUnavailable, "The report cannot be deleted: %v", err)
		}
		return v.done("aside", "reports")
	}
	text := platform.Clean(v.r.PostForm.Get("answer"))
	switch n := utf8.RuneCountInString(text); {
	case oneLine(text) == "":
		return refuse(http.StatusBadRequest, "There is no answer. Go back, and write one, or set the report aside.")
	case n > reports.MaxText:
		return refuse(http.StatusBadRequest, "The answer has %d characters, and a chat takes %d. Go back, and shorten it.", n, reports.MaxText)
	}
	switch err := box.Answer(v.r.Context(), code, text); {
	case errors.Is(err, reports.ErrOver):
		return refuse(http.StatusConflict, "That was answered already, or whoever wrote it had it deleted.")
	case err != nil:
		return refuse(http.StatusServiceUnavailable, "The answer cannot be kept: %v", err)
	}
	return v.done("answered", "reports")
}

// countReports looks how many reports wait, until ctx ends.
func (d *Desk) countReports(ctx context.Context) {
	for {
		if n, err := d.waitingReports(ctx); err == nil {
			d.waiting.Store(int64(n))
		} else if ctx.Err() == nil {
			d.c.Log.Debug("the reports cannot be counted", "error", err)
		}
		select {
		case <-time.After(countEvery):
		case <-ctx.Done():
			return
		}
	}
}

func (d *Desk) waitingReports(ctx context.Context) (int, error) {
	ctx, cancel := context.WithTimeout(ctx, countWait)
	defer cancel()
	box, err := d.c.Reports(ctx)
	if err != nil {
		return 0, err
	}
	all, err := box.Said(ctx)
	if err != nil {
		return 0, fmt.Errorf("reports: %w", err)
	}
	return unanswered(all), nil
}
