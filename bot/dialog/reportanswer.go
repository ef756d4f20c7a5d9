package dialog

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"footnote/bot"
	"footnote/bot/reports"
)

// curatorsAnswer passes on what a curator wrote in reply to a report.
func (x *exchange) curatorsAnswer(ctx context.Context, text string) (bot.Reply, bool) {
	d := x.d
	if !d.hearsReports() || !slices.Contains(d.c.Curators, x.m.To.Place) {
		return bot.Reply{}, false
	}
	code := ""
	for line := range strings.Lines(x.m.Replied) {
		line = strings.TrimPrefix(strings.TrimSpace(line), "-# ")
		if rest, ok := strings.CutPrefix(line, reportMark+originMark); ok && isQuestionID(rest) {
			code = rest
		}
	}
	if code == "" {
		return bot.Reply{}, false
	}
	err := d.passOn(ctx, code, text)
	switch {
	case errors.Is(err, reports.ErrOver):
		return x.notice("report.over"), true
	case err != nil:
		d.c.Log.Warn("an answer of the curators could not be passed on", "error", err)
		return x.notice("report.undelivered"), true
	}
	return x.info("report.delivered"), true
}

// passOn tells whoever wrote a report what the curators answer, and deletes it. That the answer is
// on its way is noted before: nobody hears it twice. After any other error than [reports.ErrOver]
// the report is there as before.
func (d *Dialog) passOn(ctx context.Context, code, text string) error {
	to, err := d.c.Reports.Take(ctx, code)
	if err != nil {
		return err
	}
	sending, done := outlive(ctx, endWaits)
	defer done()
	if err := d.tellReporter(sending, code, to, text); err != nil && !errors.Is(err, bot.ErrUncertain) {
		if kept := d.c.Reports.Restore(context.WithoutCancel(ctx), code, to); kept != nil {
			d.c.Log.Warn("where the answer to a report is to go could not be kept", "platform", to.Platform, "error", kept)
		}
		return err
	}
	if err := ignoreLingering(d.c.Reports.Drop(context.WithoutCancel(ctx), code)); err != nil {
		d.c.Log.Warn("a report that is answered could not be deleted, and will be when it is too old", "platform", to.Platform, "error", err)
	}
	return nil
}

// endWaits is how long what is on its way may take when the program ends.
const endWaits = 4 * time.Second

// outlive returns a context that ends some time after ctx: whoever is cut off in the middle does
// not know what became of it.
func outlive(ctx context.Context, by time.Duration) (longer context.Context, done func()) {
	longer, cancel := context.WithCancel(context.WithoutCancel(ctx))
	ended := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(ended)
		select {
		case <-time.After(by):
			cancel()
		case <-longer.Done():
		}
	})
	return longer, func() {
		cancel()
		if !stop() {
			<-ended
		}
	}
}

// tellReporter posts what the curators answer.
func (d *Dialog) tellReporter(ctx context.Context, code string, to reports.Return, text string) error {
	post := d.post.Load()
	if post == nil {
		return bot.ErrNotConnected
	}
	x := &exchange{d: d, packs: d.packs.Load(), texts: d.textsIn(to.Lang)}
	r := bot.Reply{Kind: bot.KindInfo, Once: reportMark + code, Blocks: []bot.Block{
		x.texts.block("report.answer"), {Kind: bot.Quote, Spans: []bot.Span{{Text: bot.Shorten(text, maxReport)}}},
	}}
	if f := x.packs.byID[to.Fact]; f != nil {
		r.Blocks = append(r.Blocks, x.origin(f))
	}
	where := bot.Conversation{Place: bot.Place{Platform: to.Platform, Chat: to.Chat}, Thread: to.Thread}
	return (*post)(ctx, bot.Address{ReplyTo: to.ReplyTo, Conversation: where}, r)
}

// Times of MindReports.
const (
	answersEvery = 3 * time.Second // how often it is looked whether the desk has answered
	tidyEvery    = time.Hour       // how often what is too old is deleted
)

// MindReports passes on what the curators answer at the desk, and deletes the reports that are
// too old, until ctx ends. Of several processes one does: may is asked before each answer whether
// it still does.
func (d *Dialog) MindReports(ctx context.Context, may func() bool) {
	if !d.hearsReports() {
		<-ctx.Done()
		return
	}
	var trouble bot.Streak
	var tidied time.Time
	for {
		var err error
		if d.c.Now().Sub(tidied) >= tidyEvery {
			if err = ignoreLingering(d.c.Reports.Tidy(ctx)); err == nil {
				tidied = d.c.Now()
			}
		}
		if err == nil && d.c.Reports.AtDesk() {
			err = d.passOnAll(ctx, may)
		}
		if ctx.Err() != nil {
			return
		}
		trouble.Log(d.c.Log, err, "what the curators answered at the desk could not be passed on yet, or a report that is too old not be deleted")
		select {
		case <-time.After(answersEvery):
		case <-ctx.Done():
			return
		}
	}
}

// passOnAll passes on what was answered at the desk. An answer that the platform refuses for good
// goes back there.
func (d *Dialog) passOnAll(ctx context.Context, may func() bool) error {
	all, failed := d.c.Reports.Answered(ctx)
	for _, code := range slices.Sorted(maps.Keys(all)) {
		if ctx.Err() != nil || !may() {
			return failed
		}
		switch err := d.passOn(ctx, code, all[code]); {
		case errors.Is(err, reports.ErrOver): // it was answered in the chat meanwhile, or forgotten
			failed = cmp.Or(ignoreLingering(d.c.Reports.Drop(ctx, code)), failed)
		case errors.Is(err, bot.ErrGone), errors.Is(err, bot.ErrForbidden):
			failed = cmp.Or(d.c.Reports.Lose(ctx, code, all[code]), failed)
		case err != nil:
			failed = err // it is tried again
		}
	}
	return failed
}
