package timeline

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"footnote/knowledge"
	"footnote/knowledge/edtf"
)

// fact is a fact with one date.
func fact(id string, status knowledge.Status, date edtf.Date, label string) *knowledge.Fact {
	f := &knowledge.Fact{ID: id, Status: status, Answer: knowledge.Text{"en": "It happened."}, Dates: []knowledge.Date{{EDTF: date}}}
	if label != "" {
		f.Dates[0].Label = knowledge.Text{"en": label}
	}
	return f
}

func names(all []Event) (out []string) {
	for _, e := range all {
		out = append(out, fmt.Sprintf("%d %s: %s", e.Number, e.When, e.What))
	}
	return out
}

func TestEvents(t *testing.T) {
	speech := fact("speech", knowledge.Established, "1956-02-25", "the speech")
	where := fact("where", knowledge.Established, "1956-02-25", "the speech")
	where.Status = knowledge.Disputed
	wrong := fact("wrong", knowledge.Retracted, "1955", "the speech")
	bare := fact("bare", knowledge.Established, "-0043-03-15", "")
	bare.Answer = knowledge.Text{"en": "St. Blaise was killed at the Forum. Nobody saw it.", "de": "Er wurde getötet."}
	old := fact("old", knowledge.Established, "1917-10-25", "the rising")
	old.Dates[0].Julian = true
	after := fact("after", knowledge.Established, "1917-11-01", "the next day but one")
	got := Events([]*knowledge.Fact{where, speech, wrong, after, old, bare}, english())
	want := []string{
		"1 15 March 44 BC: St. Blaise was killed at the Forum",
		"2 1 November 1917: the next day but one",
		"3 25 October 1917 (Julian calendar): the rising", // 7 November
		"4 25 February 1956: the speech",
	}
	if !slices.Equal(names(got), want) {
		t.Errorf("got %q\nwant %q", names(got), want)
	}
	if last := got[3]; !last.Disputed || !slices.Equal(last.Facts, []*knowledge.Fact{where, speech}) {
		t.Errorf("the event of two facts is %+v", last)
	}
	if got := Events([]*knowledge.Fact{bare}, Words{Tags: []string{"de"}}); !slices.Equal(names(got), []string{"1 15. März 44 v. Chr.: Er wurde getötet"}) {
		t.Errorf("in German: %q", names(got))
	}
}

// Long answers are cut at a word, and never longer than they may be.
func TestShorten(t *testing.T) {
	for _, c := range []struct {
		s    string
		max  int
		want string
	}{{"one two three", 13, "one two three"}, {"one two three", 12, "one two…"}, {"onetwothree", 5, "onet…"}, {"a, b", 3, "a…"}} {
		if got := shorten(c.s, c.max); got != c.want {
			t.Errorf("shorten(%q, %d) = %q, want %q", c.s, c.max, got, c.want)
		}
	}
}

// dates are of every kind, near each other and far apart.
func dates() *rapid.Generator[edtf.Date] {
	year := rapid.OneOf(rapid.IntRange(1900, 2020), rapid.IntRange(-3000, 2020), rapid.IntRange(1956, 1957))
	one := rapid.Custom(func(t *rapid.T) edtf.Date {
		y := year.Draw(t, "year")
		switch rapid.IntRange(0, 6).Draw(t, "kind") {
		case 0:
			return edtf.FromParts(itoa(y), itoa(rapid.IntRange(1, 12).Draw(t, "month")))
		case 1:
			return edtf.FromParts(itoa(y), itoa(rapid.IntRange(1, 12).Draw(t, "month")), itoa(rapid.IntRange(1, 28).Draw(t, "day")))
		case 2:
			return edtf.FromParts(itoa(y)) + "~"
		case 3:
			return edtf.Date(fmt.Sprintf("%02dXX", max(y, 0)/100))
		case 4:
			return edtf.Date(fmt.Sprintf("%03dX?", max(y, 0)/10))
		case 5:
			return edtf.Date(fmt.Sprintf("Y-%d", rapid.IntRange(10_000, 200_000_000).Draw(t, "deep")))
		}
		return edtf.FromParts(itoa(y))
	})
	return rapid.OneOf(one, rapid.Custom(func(t *rapid.T) edtf.Date {
		a := one.Draw(t, "from")
		switch rapid.IntRange(0, 4).Draw(t, "interval") {
		case 0:
			return a + "/.."
		case 1:
			return "../" + a
		case 2:
			return a + "/"
		case 3:
			return "/" + a
		}
		return a + "/" + one.Draw(t, "to")
	})).Filter(func(d edtf.Date) bool { return d.Check() == nil })
}

func drawnEvents(t *rapid.T) []Event {
	word := rapid.OneOf(rapid.StringMatching(`[a-zа-яіїєґ]{1,12}`), rapid.StringMatching(`[א-ת]{2,8}`), rapid.StringMatching(`[a-z]{60,90}`), rapid.Just("“(—:”"))
	facts := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) *knowledge.Fact {
		label := strings.Join(rapid.SliceOfN(word, 1, 20).Draw(t, "label"), " ")
		status := rapid.SampledFrom([]knowledge.Status{knowledge.Established, knowledge.Disputed}).Draw(t, "status")
		return fact("f", status, dates().Draw(t, "date"), label)
	}), 1, 14).Draw(t, "facts")
	lang := rapid.SampledFrom(edtf.Languages()).Draw(t, "lang")
	w := english()
	w.Tags = []string{lang, "en"}
	return Events(facts, w)
}

// A box is where something is drawn.
type box struct {
	what           string
	x0, y0, x1, y1 float64
}

func (a box) meets(b box) bool { return a.x0 < b.x1 && b.x0 < a.x1 && a.y0 < b.y1 && b.y0 < a.y1 }

// boxes are those of all texts and marks.
func (t *Timeline) boxes() []box {
	var all []box
	r := &ruler{}
	add := func(what string, lines []textLine) {
		for i, l := range lines {
			w := 0.
			for _, p := range l.pieces {
				w += r.width(p.text, p.style.weight(), p.style.size())
			}
			size := l.pieces[0].style.size()
			all = append(all, box{fmt.Sprintf("line %d of %s", i, what), l.x, l.y - size*.8, l.x + w, l.y + size*.25})
		}
	}
	add("the title", t.title)
	add("the note", t.note)
	for _, k := range t.ticks {
		from, to := (&layouter{Timeline: t}).tickSpan(k)
		all = append(all, box{"the name of " + k.label, from, t.axis - 8 - sizeSmall, to, t.axis - 5})
	}
	for i, row := range t.rows {
		add(fmt.Sprintf("event %d", i+1), row.text)
		all = append(all, box{fmt.Sprintf("the mark of event %d", i+1), row.mark.left(), row.mark.y - barHeight/2, row.mark.right(), row.mark.y + barHeight/2})
	}
	for _, e := range t.legend {
		add("the legend", e.lines)
		for _, m := range e.marks {
			all = append(all, box{"a mark of the legend", m.left(), m.y - barHeight/2, m.right(), m.y + barHeight/2})
		}
	}
	return all
}

// Nothing that is drawn collides with anything else or sticks out of the picture, every
// event is there with its number, and marks stand in the order of time.
func TestLabelsNeverCollide(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		events := drawnEvents(rt)
		width := rapid.SampledFrom([]float64{0, 240, 380, 720}).Draw(rt, "width")
		title := rapid.StringMatching(`[A-Za-zА-Я ]{0,120}`).Draw(rt, "title")
		tl := New(title, title, events, english(), width)
		all := tl.boxes()
		for i, a := range all {
			if a.x0 < 0 || a.y0 < 0 || a.x1 > tl.width || a.y1 > tl.height || math.IsNaN(a.x0+a.y0+a.x1+a.y1) {
				rt.Fatalf("%v sticks out of %v × %v", a, tl.width, tl.height)
			}
			for _, b := range all[i+1:] {
				if a.meets(b) {
					rt.Fatalf("%v meets %v", a, b)
				}
			}
		}
		if len(tl.rows) != len(events) {
			rt.Fatalf("%d rows for %d events", len(tl.rows), len(events))
		}
		for i, r := range tl.rows {
			last := r.text[len(r.text)-1]
			if got := last.pieces[len(last.pieces)-1]; got.style != styleNote || strings.TrimSpace(got.text) != itoa(i+1) {
				rt.Fatalf("event %d ends with %+v", i+1, got)
			}
			if x := extentOf(events[i]); r.mark.dot && i > 0 && tl.rows[i-1].mark.dot {
				if before := extentOf(events[i-1]); before.to <= x.from && tl.rows[i-1].mark.x0 > r.mark.x0+1e-6 {
					rt.Fatalf("event %d (%s) stands left of the one before it (%s)", i+1, events[i].Date, events[i-1].Date)
				}
			}
		}
		if err := wellFormed(tl.SVG(SVGOptions{ID: "x-"})); err != nil {
			rt.Fatal(err)
		}
	})
}

func wellFormed(s string) error {
	d := xml.NewDecoder(strings.NewReader(s))
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
}

// english are the words in English, with texts in the languages of tags where there
// are some.
func english(tags ...string) Words {
	return Words{
		Tags:     append([]string{"en"}, tags...),
		Julian:   func(date string) string { return date + " (Julian calendar)" },
		About:    "about then, or within that time",
		Disputed: "disputed",
		Open:     "no end, or no beginning, is given",
		Break:    "years are left out",
	}
}
