package web

import (
	"bytes"
	"context"
	"html/template"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"footnote/bot"
	"footnote/bot/dialog"
	"footnote/knowledge"
)

// An askPage is where questions are asked. What was said before is in the page, in fields
// that nobody sees, and nowhere else.
type askPage struct {
	page
	Action   string // where its forms go
	Asked    string // what is answered here, or empty
	Replies  []reply
	Turn     dialog.Turn
	Refused  string // why nothing is answered
	Focus    bool   // one can type at once; not below what is long, past which a browser would scroll
	Examples []link
}

// maxAsked bounds what a page says it was asked before, in bytes: four for each character of
// the longest question.
const maxAsked = 8000

// ask serves the page where questions are asked, and their answers.
func (s *Server) ask(w http.ResponseWriter, r *http.Request, site *Site, l *language, at string) {
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodPost:
	default:
		w.Header().Set("Allow", "GET, HEAD, POST")
		http.Error(w, "ask with GET or POST", http.StatusMethodNotAllowed)
		return
	}
	if at == "embed" && len(s.c.FrameAncestors) == 0 {
		s.lost(w, r, site, l, l.prefix+at)
		return
	}
	if err := r.ParseForm(); err != nil {
		http.Error(w, "the form cannot be read", http.StatusBadRequest)
		return
	}
	p := askPage{page: site.page(l, at)}
	p.Embedded = at == "embed"
	p.Title, p.Section, p.Action = p.T("web.ask"), "ask", p.To(at)
	for _, f := range site.examples() {
		p.Examples = append(p.Examples, link{Path: "?q=" + url.QueryEscape(canonical(f, l)), Text: p.to(f).Text})
	}
	v := visitOf(r.Form, l, p.page)
	status := http.StatusOK
	if v.Text != "" || v.Action != "" {
		p.Hidden = true
		status = s.answer(w, r, &p, v)
	} else {
		p.Turn = v.Turn
	}
	p.Focus = !p.Embedded && !slices.ContainsFunc(p.Replies, func(r reply) bool { return r.Kind == bot.KindList })
	f, err := write("ask", p)
	if err != nil {
		s.fault(w, err)
		return
	}
	if p.Embedded { // no page that it leads to may stand in a frame
		f.Body = bytes.ReplaceAll(f.Body, []byte("<a "), []byte(`<a target="_blank" `))
	}
	send(w, r, f, status, noStore)
}

// visitOf reads what a form says.
func visitOf(form url.Values, l *language, p page) dialog.Visit {
	v := dialog.Visit{Lang: l.words.Tag, Text: readable(form.Get("q")), Action: readable(form.Get("a"))}
	v.Turn = dialog.Turn{Fact: readable(form.Get("before")), Unsure: form.Get("unsure") != "", Asked: readable(form.Get("asked")), Chosen: readable(form.Get("chosen"))}
	if len(v.Turn.Asked) > maxAsked {
		v.Turn.Asked = ""
	}
	v.Page = func(f *knowledge.Fact) string { return p.To(factPath(f.ID)) }
	return v
}

// readable is s without what is no text, and without blanks around it.
func readable(s string) string {
	return strings.TrimSpace(strings.ReplaceAll(strings.ToValidUTF8(s, ""), "\x00", ""))
}

// answer answers a visit on its page and returns the status of the page.
func (s *Server) answer(w http.ResponseWriter, r *http.Request, p *askPage, v dialog.Visit) int {
	p.Turn = v.Turn
	release, status, wait := s.admit(r)
	if release == nil {
		w.Header().Set("Retry-After", seconds(wait))
		p.Refused = p.T("notice.busy")
		if status == http.StatusTooManyRequests {
			p.Refused = p.T("notice.limit", "seconds", seconds(wait))
		}
		return status
	}
	defer release()
	ctx, cancel := context.WithTimeout(r.Context(), askTime)
	defer cancel()
	replies, turn := s.c.Dialog.Visit(ctx, v)
	p.Asked, p.Turn = v.Text, turn
	for _, x := range replies {
		p.Replies = append(p.Replies, shown(x))
	}
	return http.StatusOK
}

// admit lets a question be answered if its address has not asked too much and there is a slot
// for it; release gives that back.
func (s *Server) admit(r *http.Request) (release func(), status int, wait time.Duration) {
	if wait, ok := s.limit.allow(s.client(r)); !ok {
		return nil, http.StatusTooManyRequests, wait
	}
	t := time.NewTimer(askTime / 2)
	defer t.Stop()
	select {
	case s.asks <- struct{}{}:
		return func() { <-s.asks }, http.StatusOK, 0
	case <-t.C:
	case <-r.Context().Done():
	}
	return nil, http.StatusServiceUnavailable, window
}

func seconds(d time.Duration) string { return strconv.Itoa(int(math.Ceil(d.Seconds()))) }

// A reply is a bot.Reply as a page shows it.
type reply struct {
	Kind    bot.Kind
	Parts   []replyPart
	Buttons []bot.Button
}

// A replyPart is a block of a reply, or a list of them.
type replyPart struct {
	Kind  bot.BlockKind
	Gap   bool
	Trim  bool // it is the text of an answer, not what stands around it
	Spans []bot.Span
	Items []replyItem // of a list
	Drawn drawing     // a picture, in place of all else
}

// A drawing is a picture as elements of the page, of which a stylesheet shows one.
type drawing struct{ Wide, Narrow template.HTML }

// A replyItem is an entry of a list, with the button that chooses it if there is one.
type replyItem struct {
	Number int // of a choice
	Spans  []bot.Span
	Action string
}

// shown sets a reply for a page: lists as lists, and the buttons of choices where their
// choices stand.
func shown(r bot.Reply) reply {
	var drawn drawing
	if r.File.Picture() {
		drawn = drawing{Wide: template.HTML(r.File.Drawn[0]), Narrow: template.HTML(r.File.Drawn[1])}
	}
	r = r.Unfiled()
	out := reply{Kind: r.Kind}
	for _, b := range r.Buttons {
		if b.Action != "" { // what can be copied can be copied from a page anyway
			out.Buttons = append(out.Buttons, b)
		}
	}
	choice := 0
	for _, b := range r.Blocks {
		if b.Kind != bot.Item && b.Kind != bot.Choice {
			out.Parts = append(out.Parts, replyPart{Kind: b.Kind, Gap: b.Gap, Trim: b.Trim, Spans: b.Spans})
			continue
		}
		if n := len(out.Parts); n == 0 || out.Parts[n-1].Kind != b.Kind {
			out.Parts = append(out.Parts, replyPart{Kind: b.Kind})
		}
		list := &out.Parts[len(out.Parts)-1]
		item := replyItem{Spans: b.Spans}
		if b.Kind == bot.Choice {
			choice++
			item.Number, item.Action = choice, out.take(choice)
		}
		list.Items = append(list.Items, item)
	}
	if drawn.Wide != "" && len(out.Parts) > 0 { // below what says of what it is, above the list that says the same
		out.Parts = slices.Insert(out.Parts, 1, replyPart{Drawn: drawn})
	}
	return out
}

// take takes the button of a choice away and returns its action: the one that is called by
// the choice's number.
func (r *reply) take(n int) string {
	for i, b := range r.Buttons {
		if b.Label == strconv.Itoa(n) || strings.HasPrefix(b.Label, bot.ChoiceMark(n)) {
			r.Buttons = append(r.Buttons[:i:i], r.Buttons[i+1:]...)
			return b.Action
		}
	}
	return ""
}

// Link is the address of a span if it can be a link: of the web, or of this site.
func (p askPage) Link(s bot.Span) string {
	if strings.HasPrefix(s.URL, "https://") || strings.HasPrefix(s.URL, p.Root) {
		return s.URL
	}
	return ""
}

// With hands a template spans with the page that they stand on.
func (p askPage) With(spans []bot.Span) any {
	return struct {
		Page  askPage
		Spans []bot.Span
	}{p, spans}
}
