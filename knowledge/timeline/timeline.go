// Package timeline draws dated facts as a timeline: [Events] finds what happened when,
// [New] lays them out, and [Timeline.SVG] and [Timeline.PNG] draw the same layout.
//
// The pictures say everything twice: with a shape or a pattern, and with a word or
// the date itself. Colour carries nothing. What is drawn is listed by
// [Timeline.Text] as well, for whoever does not see it.
//
// The package knows facts and dates, and nothing of chats and pages.
package timeline

import (
	"strconv"
	"strings"

	"footnote/knowledge"
	"footnote/knowledge/edtf"
)

// An Event is something that facts date: one mark in the picture, and one line of the list beside it.
type Event struct {
	Number   int       // its note: its place in the list beside the picture, from 1
	When     string    // its date, written for people
	What     string    // what it is, in a line or two
	Date     edtf.Date // a valid one
	Julian   bool      // Date is given by the Julian calendar
	Disputed bool
	Facts    []*knowledge.Fact // that date it; at least one
}

// Words are what a picture says besides its events, in one language.
type Words struct {
	Tags     []string                 // the languages that texts are wanted in, best first, the language of dates before all
	Julian   func(date string) string // says of a date that it is given by the Julian calendar
	About    string                   // what a hollow mark means
	Disputed string                   // what a hatched mark means
	Open     string                   // what an arrow means
	Break    string                   // what a broken axis means
}

// Text lists the events of a timeline, one a line, as the picture numbers them.
func (t *Timeline) Text() string {
	var b strings.Builder
	for _, e := range t.Events {
		b.WriteString(strconv.Itoa(e.Number) + ". " + e.line(t.Words) + "\n")
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// line is what the picture says of e, in words alone.
func (e Event) line(w Words) string {
	s := e.When + ": " + e.What
	if e.Disputed {
		s += " (" + w.Disputed + ")"
	}
	return s
}
