package desk

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"footnote/bot/reports"
	"footnote/bot/store"
)

// reporting is a box with a report of a fact and a question, and a desk that shows it.
func reporting(t *testing.T) (*opened, *reports.Box) {
	t.Helper()
	box := reports.New(store.Memory().In, true, func() time.Time { return time.Date(2026, 2, 1, 12, 0, 0, 0, time.UTC) })
	o := open(t, sample, func(c *Config) {
		c.Reports = func(context.Context) (*reports.Box, error) { return box, nil }
	})
	s, err := o.desk.packs[0].read(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	f := s.base().Fact("bridge-built")
	at := time.Date(2026, 1, 31, 9, 30, 0, 0, time.UTC)
	for _, r := range []reports.Report{
		{Code: "aaaaaaaaaa", At: at, Text: "It was 1435,\n<script>alert(1)</script> says Brandt.", Lang: "de", Fact: f.ID, Pack: "hallin", Version: "0.1.0", Hash: f.Hash()},
		{Code: "bbbbbbbbbb", At: at.Add(time.Hour), Text: "Who painted the bell tower?", Lang: "en"},
		{Code: "cccccccccc", At: at.Add(2 * time.Hour), Text: "Gone.", Fact: "tower", Pack: "elsewhere", Version: "2.0.0", Hash: "abcdefghij"},
	} {
		if err := box.Put(t.Context(), r, reports.Return{Platform: "telegram", Chat: "7", By: "annwhowrote", At: r.At}); err != nil {
			t.Fatal(err)
		}
	}
	return o, box
}

// The page lists what was written, with the fact and its version and without whose it is; an answer
// is kept for the bot, and what is set aside is gone.
func TestReports(t *testing.T) {
	o, box := reporting(t)
	status, page := o.get("/p/1/reports")
	for _, want := range []string{
		"It was 1435,\n&lt;script&gt;alert(1)&lt;/script&gt; says Brandt.", `href="/p/1/fact/bridge-built">When was the stone bridge of Hallin built?`, "between 1431 and 1434.",
		"bridge-built@0.1.0 · hallin", "answer in de", "2026-01-31 09:30 UTC", "A question", "/p/1/new?question=Who%20painted%20the%20bell%20tower%3f", "tower@2.0.0 · elsewhere", `Reports <span class="tag">3</span>`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("no %q", want)
		}
	}
	if status != http.StatusOK || strings.Contains(page, "annwhowrote") || strings.Contains(page, "<script>alert") || strings.Contains(page, "Changed since") {
		t.Errorf("%d %s", status, page)
	}
	do := func(code, what, answer string) (int, string) {
		return o.post("/p/1/reports/"+code, url.Values{"do": {what}, "answer": {answer}})
	}
	if status, page := do("aaaaaaaaaa", "answer", "Brandt dates it\r\nby the old calendar."); status != http.StatusOK || !strings.Contains(page, "on its way") || !strings.Contains(page, "Waits to be passed on") || !strings.Contains(page, `Reports <span class="tag">2</span>`) {
		t.Errorf("%d %s", status, page)
	}
	if answered, err := box.Answered(t.Context()); err != nil || answered["aaaaaaaaaa"] != "Brandt dates it\nby the old calendar." {
		t.Errorf("%q, %v", answered, err)
	}
	if status, page := do("cccccccccc", "aside", ""); status != http.StatusOK || strings.Contains(page, "Gone.") {
		t.Errorf("%d %s", status, page)
	}
	for _, x := range []struct {
		code, answer string
		want         int
	}{
		{"bbbbbbbbbb", " \n", http.StatusBadRequest}, {"bbbbbbbbbb", strings.Repeat("ж", reports.MaxText+1), http.StatusBadRequest},
		{"cccccccccc", "Too late.", http.StatusConflict}, {"nonsense", "No.", http.StatusConflict},
	} {
		if status, _ := do(x.code, "answer", x.answer); status != x.want {
			t.Errorf("%s %.20q: %d, want %d", x.code, x.answer, status, x.want)
		}
	}
	if err := box.Lose(t.Context(), "aaaaaaaaaa", "Brandt dates it by the old calendar."); err != nil {
		t.Fatal(err)
	}
	form := o.form("/p/1/fact/bridge-built")
	form.Set("answer.en", "The stone bridge of Hallin was built between 1431 and 1435.")
	o.post("/p/1/fact/bridge-built", form)
	if _, page := o.get("/p/1/reports"); !strings.Contains(page, "could not be passed on") || !strings.Contains(page, "Changed since") || !strings.Contains(page, "1431 and 1435.") {
		t.Error(page)
	}
	if strings.Contains(o.log.String(), "Brandt") {
		t.Error("what was written is in the log")
	}
}

// Where reports have another place the desk has no page of them, and where nothing is kept yet it
// says why.
func TestReportsElsewhere(t *testing.T) {
	o := open(t, sample)
	if status, page := o.get("/p/1/reports"); status != http.StatusNotFound || !strings.Contains(page, "curators.desk") || strings.Contains(page, ">Reports</a>") {
		t.Errorf("%d %s", status, page)
	}
	o = open(t, sample, func(c *Config) {
		c.Reports = func(context.Context) (*reports.Box, error) { return nil, errors.New("no bot has run with it yet") }
	})
	if status, page := o.get("/p/1/reports"); status != http.StatusServiceUnavailable || !strings.Contains(page, "no bot has run") {
		t.Errorf("%d %s", status, page)
	}
	o, _ = reporting(t)
	if n, err := o.desk.waitingReports(t.Context()); n != 3 || err != nil {
		t.Errorf("%d wait, %v", n, err)
	}
}
