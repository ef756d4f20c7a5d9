package dialog

import (
	"context"
	"slices"
	"time"

	"footnote/bot"
	"footnote/bot/reports"
	"footnote/knowledge"
)

// Reports and questions go to the curators, where the operator names a place for that, a chat or
// the desk: what was written, of which fact and version, and not by whom. Who answers there is
// heard by whoever asked, once. Kept is, encrypted, where the answer is to go, and what was
// written only where the desk shows it.

// Limits of reports.
const (
	maxReports   = 5               // of one person in a day
	maxReport    = reports.MaxText // characters
	maxHint      = 100             // characters of bot.Form.Hint
	reportMark   = "report"        // begins the line by which an answer finds its report
	reportsInDay = 24 * time.Hour
)

// Connect gives d a way to post where nobody asked.
func (d *Dialog) Connect(post PostFunc) { d.post.Store(&post) }

// hearsReports reports whether there is somebody to report to.
func (d *Dialog) hearsReports() bool {
	return d.c.Reports != nil && (len(d.c.Curators) > 0 || d.c.Reports.AtDesk())
}

// curators is the place of the curators on a platform, or else the first; false if they have none
// but the desk.
func (d *Dialog) curators(on bot.Platform) (bot.Place, bool) {
	if len(d.c.Curators) == 0 {
		return bot.Place{}, false
	}
	if i := slices.IndexFunc(d.c.Curators, func(p bot.Place) bool { return p.Platform == on }); i >= 0 {
		return d.c.Curators[i], true
	}
	return d.c.Curators[0], true
}

// reportCommand is /report: of the fact of the last answer, or a question if there is none.
func (x *exchange) reportCommand(ctx context.Context, text string) bot.Reply {
	f := x.last()
	if t := x.ownMemory(); t.reporting != nil {
		f = x.packs.byID[*t.reporting]
	}
	if text == "" {
		return x.reportForm(f)
	}
	return x.report(ctx, f, text)
}

// reportForm asks what is wrong with f, or what is to be asked if f is nil.
func (x *exchange) reportForm(f *knowledge.Fact) bot.Reply {
	if !x.d.hearsReports() {
		return x.info("report.never")
	}
	title, id := x.texts.Text("report.ask.title"), ""
	r := x.info("report.ask.how")
	if f != nil {
		title, id = x.texts.Text("report.fact.title"), f.ID
		r = x.info("report.fact.how", "question", x.canonical(f))
	}
	x.rememberForAsker(func(t *memory) { t.reporting = &id })
	if s := (action{verb: doReport, fact: id}).String(); s != "" {
		r.Form = &bot.Form{
			Title: bot.Shorten(title, bot.MaxFormTitle), Label: bot.Shorten(x.texts.Text("report.label"), bot.MaxFormTitle),
			Hint: bot.Shorten(x.texts.Text("report.hint"), maxHint), Action: s,
		}
	}
	return r
}

// report passes text on to the curators.
func (x *exchange) report(ctx context.Context, f *knowledge.Fact, text string) bot.Reply {
	d := x.d
	switch {
	case !d.hearsReports():
		return x.info("report.never")
	case !readable(text):
		return x.reportForm(f)
	case !x.mayReport(ctx):
		return x.notice("report.many")
	}
	r := reports.Report{Code: newQuestionID(), At: d.c.Now(), Text: bot.Shorten(text, maxReport), Lang: x.texts.Tag}
	to := reports.Return{
		Platform: x.m.To.Platform, Chat: x.m.To.Chat, Thread: x.m.To.Thread, ReplyTo: x.m.To.ReplyTo, By: x.m.From.ID,
		Lang: x.texts.Tag, At: r.At,
	}
	if x.m.Action != "" { // the message that it is in reply to is ours
		to.ReplyTo = ""
	}
	if f != nil {
		r.Fact, r.Hash, to.Fact = f.ID, f.Hash(), f.ID
		if f.Pack != nil {
			r.Pack, r.Version = f.Pack.ID, f.Pack.Version
		}
	}
	err := d.c.Reports.Put(ctx, r, to)
	if err == nil {
		if err = x.postReport(ctx, f, r); err != nil && !d.c.Reports.AtDesk() {
			_ = d.c.Reports.Drop(context.WithoutCancel(ctx), r.Code)
		}
	}
	if err != nil {
		d.c.Log.Warn("a report could not be passed on to the curators", "platform", x.m.To.Platform, "error", err)
		if !d.c.Reports.AtDesk() {
			return x.notice("report.failed")
		}
	}
	x.rememberForAsker(func(t *memory) { t.reporting = nil })
	return x.info("report.done")
}

// postReport posts r in the chat of the curators, if they have one.
func (x *exchange) postReport(ctx context.Context, f *knowledge.Fact, r reports.Report) error {
	place, ok := x.d.curators(x.m.To.Platform)
	if !ok {
		return nil
	}
	post := x.d.post.Load()
	if post == nil {
		return bot.ErrNotConnected
	}
	return (*post)(ctx, bot.Address{Conversation: bot.Conversation{Place: place}}, x.reportReply(ctx, place, f, r))
}

// mayReport counts a report of this person, in this process and in what all keep, and clears
// away those that nobody answered.
func (x *exchange) mayReport(ctx context.Context) bool {
	n := x.d.reported.Update(x.m.Person(), func(old int, _ bool) int { return old + 1 })
	if n > maxReports {
		return false
	}
	open, theirs, err := x.d.c.Reports.Open(ctx, x.m.Person(), x.d.c.Now().Add(-reportsInDay))
	if err != nil {
		return true // storing will fail too, and says so
	}
	return open < reports.MaxOpen && theirs < maxReports
}

// reportReply is what the curators see in their chat, in the language of that.
func (x *exchange) reportReply(ctx context.Context, at bot.Place, f *knowledge.Fact, report reports.Report) bot.Reply {
	texts := x.d.textsIn(x.d.chosenLanguage(ctx, scope{platform: at.Platform, chat: at.Chat}))
	r := bot.Reply{Kind: bot.KindInfo}
	if f == nil {
		r.Blocks = append(r.Blocks, texts.block("report.asked"))
	} else {
		r.Blocks = append(r.Blocks, texts.block("report.reported", "question", x.canonical(f)))
	}
	r.Blocks = append(r.Blocks, bot.Block{Kind: bot.Quote, Spans: []bot.Span{{Text: report.Text}}})
	if f != nil {
		r.Blocks = append(r.Blocks, bot.Block{Gap: true, Trim: true, Spans: []bot.Span{{Text: x.localized(f.Pack, f.Answer)}}}, x.proof(f))
	}
	r.Blocks = append(r.Blocks, texts.fine("report.answer-here"),
		bot.Block{Kind: bot.Fine, Spans: []bot.Span{{Text: reportMark + originMark + report.Code}}})
	return r
}

// forgetReports deletes the reports of whoever x is with.
func (x *exchange) forgetReports(ctx context.Context) error {
	if x.d.c.Reports == nil {
		return nil
	}
	return x.d.c.Reports.Forget(ctx, x.m.Person())
}

// reportsPrivacy are the keys of what /privacy says of reports.
func (x *exchange) reportsPrivacy() []string {
	switch {
	case !x.d.c.Reports.AtDesk():
		return []string{"privacy.reports"}
	case len(x.d.c.Curators) == 0:
		return []string{"privacy.reports-desk"}
	}
	return []string{"privacy.reports-desk", "privacy.reports-chat"}
}
