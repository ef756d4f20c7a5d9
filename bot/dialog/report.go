package dialog

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"footnote/bot"
	"footnote/knowledge"
)

// Reports and questions go to a place of the curators, where the operator names one: what was
// written, of which fact and version, and not by whom. Who answers the message there is heard by
// whoever asked, once. What is written is posted and not kept; kept is, encrypted, where the answer
// is to go.

// Limits of reports.
const (
	maxReports   = 5                   // of one person in a day
	maxOpen      = 500                 // that wait for an answer
	reportsFor   = 30 * 24 * time.Hour // for which an answer is awaited
	maxReport    = bot.MaxFormText     // characters
	maxHint      = 100                 // characters of bot.Form.Hint
	reportMark   = "report"            // begins the line by which an answer finds its report
	reportsInDay = 24 * time.Hour
)

// An openReport is where the answer to a report is to go.
type openReport struct {
	Platform bot.Platform  `json:"p"`
	Chat     bot.ChatID    `json:"c"`
	Thread   bot.ThreadID  `json:"t,omitempty"`
	ReplyTo  bot.MessageID `json:"r,omitempty"`
	By       bot.UserID    `json:"u"` // for /forget
	Lang     string        `json:"l,omitempty"`
	Fact     string        `json:"f,omitempty"`
	At       time.Time     `json:"at"`
}

// Connect gives d a way to post where nobody asked.
func (d *Dialog) Connect(post PostFunc) { d.post.Store(&post) }

// hearsReports reports whether there is somebody to report to.
func (d *Dialog) hearsReports() bool { return len(d.c.Curators) > 0 && d.c.Reports != nil }

// curators is the place of the curators on a platform, or else the first.
func (d *Dialog) curators(on bot.Platform) bot.Place {
	if i := slices.IndexFunc(d.c.Curators, func(p bot.Place) bool { return p.Platform == on }); i >= 0 {
		return d.c.Curators[i]
	}
	return d.c.Curators[0]
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

// report posts text to the curators.
func (x *exchange) report(ctx context.Context, f *knowledge.Fact, text string) bot.Reply {
	d := x.d
	post := d.post.Load()
	switch {
	case !d.hearsReports() || post == nil:
		return x.info("report.never")
	case !readable(text):
		return x.reportForm(f)
	case !x.mayReport(ctx):
		return x.notice("report.many")
	}
	code := newQuestionID()
	open := openReport{
		Platform: x.m.To.Platform, Chat: x.m.To.Chat, Thread: x.m.To.Thread, ReplyTo: x.m.To.ReplyTo, By: x.m.From.ID,
		Lang: x.m.From.Lang, At: d.c.Now(),
	}
	if x.m.Action != "" { // the message that it is in reply to is ours
		open.ReplyTo = ""
	}
	if f != nil {
		open.Fact = f.ID
	}
	to := bot.Address{Conversation: bot.Conversation{Place: d.curators(x.m.To.Platform)}}
	err := d.keepReport(ctx, code, open)
	if err == nil {
		if err = (*post)(ctx, to, x.reportReply(ctx, f, text, code)); err != nil {
			_ = d.c.Reports.Delete(context.WithoutCancel(ctx), code)
		}
	}
	if err != nil {
		d.c.Log.Warn("a report could not be passed on to the curators", "platform", to.Platform, "error", err)
		return x.notice("report.failed")
	}
	x.rememberForAsker(func(t *memory) { t.reporting = nil })
	return x.info("report.done")
}

// mayReport counts a report of this person, and clears away those that nobody answered.
func (x *exchange) mayReport(ctx context.Context) bool {
	n := x.d.reported.Update(x.m.Person(), func(old int, _ bool) int { return old + 1 })
	if n > maxReports {
		return false
	}
	keys, err := x.d.c.Reports.Keys(ctx)
	if err != nil {
		return true // storing will fail too, and says so
	}
	left := 0
	for _, code := range keys {
		if o, err := x.d.openReport(ctx, code); err != nil || x.d.c.Now().Sub(o.At) > reportsFor {
			_ = x.d.c.Reports.Delete(ctx, code)
			continue
		}
		left++
	}
	return left < maxOpen
}

func (d *Dialog) keepReport(ctx context.Context, code string, o openReport) error {
	text, err := json.Marshal(o)
	if err != nil {
		return err
	}
	return d.c.Reports.Set(ctx, code, string(text))
}

var errNoReport = errors.New("no such report")

func (d *Dialog) openReport(ctx context.Context, code string) (o openReport, err error) {
	text, err := d.c.Reports.Get(ctx, code)
	if err == nil && text == "" {
		err = errNoReport
	}
	if err != nil {
		return o, err
	}
	return o, json.Unmarshal([]byte(text), &o)
}

// reportReply is what the curators see, in the language of their place.
func (x *exchange) reportReply(ctx context.Context, f *knowledge.Fact, text, code string) bot.Reply {
	texts := x.d.textsIn(x.d.chosenLanguage(ctx, scope{platform: x.d.curators(x.m.To.Platform).Platform, chat: x.d.curators(x.m.To.Platform).Chat}))
	r := bot.Reply{Kind: bot.KindInfo}
	if f == nil {
		r.Blocks = append(r.Blocks, texts.block("report.asked"))
	} else {
		r.Blocks = append(r.Blocks, texts.block("report.reported", "question", x.canonical(f)))
	}
	r.Blocks = append(r.Blocks, bot.Block{Kind: bot.Quote, Spans: []bot.Span{{Text: bot.Shorten(text, maxReport)}}})
	if f != nil {
		r.Blocks = append(r.Blocks, bot.Block{Gap: true, Trim: true, Spans: []bot.Span{{Text: x.localized(f.Pack, f.Answer)}}}, x.proof(f))
	}
	r.Blocks = append(r.Blocks, texts.fine("report.answer-here"),
		bot.Block{Kind: bot.Fine, Spans: []bot.Span{{Text: reportMark + originMark + code}}})
	return r
}

// curatorsAnswer passes on what a curator wrote in reply to a report.
func (x *exchange) curatorsAnswer(ctx context.Context, text string) (bot.Reply, bool) {
	d := x.d
	if !d.hearsReports() || x.m.Replied == "" || !slices.Contains(d.c.Curators, x.m.To.Place) {
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
	o, err := d.openReport(ctx, code)
	if errors.Is(err, errNoReport) {
		return x.notice("report.over"), true
	}
	if err == nil {
		err = ignoreLingering(d.c.Reports.Delete(ctx, code)) // first, so that nobody hears it twice
	}
	if err == nil {
		if err = x.passOn(ctx, o, text); err != nil && !errors.Is(err, bot.ErrUncertain) {
			_ = d.keepReport(context.WithoutCancel(ctx), code, o)
		}
	}
	if err != nil {
		d.c.Log.Warn("an answer of the curators could not be passed on", "platform", o.Platform, "error", err)
		return x.notice("report.undelivered"), true
	}
	return x.info("report.delivered"), true
}

// passOn tells whoever asked what the curators answer.
func (x *exchange) passOn(ctx context.Context, o openReport, text string) error {
	post := x.d.post.Load()
	if post == nil {
		return bot.ErrNotConnected
	}
	texts := x.d.textsIn(o.Lang)
	r := bot.Reply{Kind: bot.KindInfo, Blocks: []bot.Block{
		texts.block("report.answer"), {Kind: bot.Quote, Spans: []bot.Span{{Text: bot.Shorten(text, maxReport)}}},
	}}
	if f := x.packs.byID[o.Fact]; f != nil {
		r.Blocks = append(r.Blocks, x.origin(f))
	}
	to := bot.Address{ReplyTo: o.ReplyTo, Conversation: bot.Conversation{Place: bot.Place{Platform: o.Platform, Chat: o.Chat}, Thread: o.Thread}}
	return (*post)(ctx, to, r)
}

// forgetReports deletes where answers to somebody's reports were to go.
func (x *exchange) forgetReports(ctx context.Context) error {
	if x.d.c.Reports == nil {
		return nil
	}
	keys, err := x.d.c.Reports.Keys(ctx)
	if err != nil {
		return err
	}
	for _, code := range keys {
		o, err := x.d.openReport(ctx, code)
		if err == nil && o.Platform == x.m.To.Platform && o.By == x.m.From.ID {
			if err := x.d.c.Reports.Delete(ctx, code); err != nil {
				return err
			}
		}
	}
	return nil
}
