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

// A timelinePage lists what facts date, below a picture of it.
type timelinePage struct {
	page
	Entries      []timelineEntry
	Pager        pager
	Wide, Narrow string // the paths of the picture, for a screen and for a phone
}

// A timelineEntry is an event, under the number that it has in the picture, with the facts that date it.
type timelineEntry struct {
	timeline.Event
	Facts []link
}

func (s *Site) timelineList(l *language, n int) (File, error) {
	p := timelinePage{page: s.page(l, numbered("timeline/", n))}
	p.Title, p.Section = p.T("web.timeline"), "timeline"
	var facts []*knowledge.Fact
	p.Pager, facts = pagedBy(p.page, "timeline/", s.timeline, n, perTimeline)
	if len(facts) > 0 {
		p.Wide, p.Narrow = p.To(picturePath(n, false)), p.To(picturePath(n, true))
	}
	for _, e := range p.events(facts) {
		entry := timelineEntry{Event: e}
		for _, f := range e.Facts {
			entry.Facts = append(entry.Facts, p.to(f))
		}
		p.Entries = append(p.Entries, entry)
	}
	return write("timeline", p)
}

// events are what the facts of a page of the timeline date, in the words of its language.
func (p page) events(facts []*knowledge.Fact) []timeline.Event {
	if len(facts) == 0 {
		return nil
	}
	return timeline.Events(facts, p.pictureWords(facts[0].Pack))
}

// pictureWords are the words of a picture of facts, those of p first.
func (p page) pictureWords(of *knowledge.Pack) timeline.Words {
	l := p.l
	return timeline.Words{
		Tags:     append([]string{l.words.Tag}, l.texts(of)...),
		Julian:   func(date string) string { return p.T("date.julian", "date", date) },
		About:    p.T("timeline.about"),
		Disputed: strings.ToLower(p.T("status.disputed")),
		Open:     p.T("timeline.open"),
		Break:    p.T("timeline.break"),
	}
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
	width := float64(wideWidth)
	if narrow {
		width = narrowWidth
	}
	t := timeline.New(p.SiteTitle(), "", p.events(facts), p.pictureWords(facts[0].Pack), width)
	return File{Type: "image/svg+xml", Body: []byte(t.SVG(timeline.SVGOptions{Theme: timeline.Auto}))}, true
}
