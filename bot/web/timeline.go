package web

import (
	"fmt"
	"strconv"
	"strings"

	"footnote/knowledge"
	"footnote/knowledge/timeline"
)

// perTimeline is how many facts a page of the timeline has: what a picture still shows.
const perTimeline = 40

// A timelinePage lists facts by their first dates, below a picture of them.
type timelinePage struct {
	page
	Entries      []timelineEntry
	Pager        pager
	Wide, Narrow string // the paths of the picture, for a screen and for a phone
}

// A timelineEntry is a fact at its dates.
type timelineEntry struct {
	When []string
	link
}

func (s *Site) timelineList(l *language, n int) (File, error) {
	p := timelinePage{page: s.page(l, numbered("timeline/", n))}
	p.Title, p.Section = p.T("web.timeline"), "timeline"
	var facts []*knowledge.Fact
	p.Pager, facts = pagedBy(p.page, "timeline/", s.timeline, n, perTimeline)
	if len(facts) > 0 {
		p.Wide, p.Narrow = p.To(picturePath(n, false)), p.To(picturePath(n, true))
	}
	for _, f := range facts {
		e := timelineEntry{link: p.to(f)}
		for _, d := range f.Dates {
			e.When = append(e.When, p.date(d.EDTF, d.Julian))
		}
		p.Entries = append(p.Entries, e)
	}
	return write("timeline", p)
}

// The widths of pictures: that of a page, and that of a phone.
const (
	wideWidth   = 700
	narrowWidth = 340
	narrowMark  = "-narrow"
)

// picturePath is the path of the picture of page n, below the prefix of a language.
func picturePath(n int, narrow bool) string {
	mark := ""
	if narrow {
		mark = narrowMark
	}
	return fmt.Sprintf("timeline/%d%s.svg", n, mark)
}

// picture draws what is at a path of picturePath; ok is false if that is none.
func (s *Site) picture(l *language, at string) (f File, ok bool) {
	name, isPicture := strings.CutSuffix(strings.TrimPrefix(at, "timeline/"), ".svg")
	name, narrow := strings.CutSuffix(name, narrowMark)
	n, err := strconv.Atoi(name)
	if !isPicture || err != nil || n < 1 || at != picturePath(n, narrow) || n > pages(len(s.timeline), perTimeline) || len(s.timeline) == 0 {
		return File{}, false
	}
	p := s.page(l, "timeline/")
	facts := s.timeline[(n-1)*perTimeline : min(n*perTimeline, len(s.timeline))]
	words := timeline.Words{
		Tags:     append([]string{l.words.Tag}, l.texts(facts[0].Pack)...),
		Julian:   func(date string) string { return p.T("date.julian", "date", date) },
		About:    p.T("timeline.about"),
		Disputed: strings.ToLower(p.T("status.disputed")),
		Open:     p.T("timeline.open"),
		Break:    p.T("timeline.break"),
	}
	width := float64(wideWidth)
	if narrow {
		width = narrowWidth
	}
	t := timeline.New(p.SiteTitle(), "", timeline.Events(facts, words), words, width)
	return File{Type: "image/svg+xml", Body: []byte(t.SVG(timeline.SVGOptions{Theme: timeline.Auto}))}, true
}
