package browser

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// Complaints gathers what the browser complains of from here on: errors of scripts, what the
// Content-Security-Policy forbids, and what could not be loaded.
type Complaints struct {
	mu  sync.Mutex
	all []string
}

// Take returns what was gathered so far, and forgets it.
func (c *Complaints) Take() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	all := c.all
	c.all = nil
	return all
}

// Listen begins to gather complaints.
func (p *Page) Listen() *Complaints {
	p.t.Helper()
	c := &Complaints{}
	err := chromedp.Listen(p.ctx, func(ev any) {
		text := ""
		switch e := ev.(type) {
		case *log.EventEntryAdded:
			if e.Entry.Level == log.EntryLevelError || e.Entry.Level == log.EntryLevelWarning {
				text = fmt.Sprintf("%s: %s (%s)", e.Entry.Source, e.Entry.Text, e.Entry.URL)
			}
		case *runtime.EventExceptionThrown:
			text = e.ExceptionDetails.Text
		case *runtime.EventConsoleAPICalled:
			text = "console." + string(e.Type)
		}
		if text != "" {
			c.mu.Lock()
			c.all = append(c.all, text)
			c.mu.Unlock()
		}
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return c
}

// Scripts lets pages have scripts, or not.
func (p *Page) Scripts(on bool) {
	p.t.Helper()
	p.do(chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !on})
		return err
	}))
}

// Printed shows pages as they are printed, or not.
func (p *Page) Printed(on bool) {
	p.t.Helper()
	kind := ""
	if on {
		kind = "print"
	}
	p.do(chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: kind})
		return err
	}))
}

// Whole writes a picture of the whole page, where a folder for pictures is given.
func (p *Page) Whole(name string) {
	p.t.Helper()
	if *shots == "" {
		return
	}
	png := value(p, chromedp.FullScreenshot(100))
	if err := os.MkdirAll(*shots, 0o755); err != nil {
		p.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(*shots, strings.ReplaceAll(p.t.Name(), "/", "-")+"-"+name+".png"), png, 0o644); err != nil {
		p.t.Fatal(err)
	}
}

// Fits fails the test if the page is wider than the window.
func (p *Page) Fits(name string) {
	p.t.Helper()
	wide := value(p, chromedp.Evaluate[[]string](`document.documentElement.scrollWidth <= document.documentElement.clientWidth ? [] :
		[...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > document.documentElement.clientWidth + 1).slice(0, 3).map(e => e.outerHTML.slice(0, 120))`))
	if len(wide) > 0 {
		p.t.Errorf("%s is wider than the window: %s", name, strings.Join(wide, "; "))
	}
}

// Figures are how large and how fast a page was.
type Figures struct {
	Page, All float64 // bytes over the wire
	Top       float64 // milliseconds until the largest part is to be seen
	Requests  int
}

// Measure tells the figures of the page that is shown.
func (p *Page) Measure() Figures {
	p.t.Helper()
	return value(p, chromedp.Evaluate[Figures](`new Promise(done => {
		const all = performance.getEntriesByType('resource'), page = performance.getEntriesByType('navigation')[0];
		const tell = top => done({Page: page.transferSize, All: all.reduce((n, r) => n + r.transferSize, page.transferSize), Top: top, Requests: all.length + 1});
		new PerformanceObserver(l => tell(l.getEntries().at(-1).startTime)).observe({type: 'largest-contentful-paint', buffered: true});
		setTimeout(() => tell(0), 1000);
	})`, chromedp.EvalAwaitPromise))
}
