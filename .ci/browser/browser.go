// Package browser is for tests that look at pages in a real browser. It is a module of its
// own, so that the program does not depend on what drives one. Where Chromium is not there,
// such tests are skipped and say so.
package browser

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

var shots = flag.String("shots", "", "write pictures of pages into this `FOLDER`")

// patience is how long a page may take. The machine may have other things to do.
const patience = 30 * time.Second

// A Page is a tab of a browser in a test. What fails in it fails the test.
type Page struct {
	t   testing.TB
	ctx context.Context
}

// Open starts Chromium with one tab of the given size; it ends with the test.
func Open(t testing.TB, width, height int64) *Page {
	t.Helper()
	path := os.Getenv("CHROMIUM")
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path == "" {
			path, _ = exec.LookPath(name)
		}
	}
	if path == "" {
		t.Skip("SKIPPED: there is no Chromium here (apt-get install chromium, or name one with CHROMIUM)")
	}
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.WindowSize(int(width), int(height)),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-dev-shm-usage", true), chromedp.Flag("lang", "en"))
	all, end := chromedp.NewExecAllocator(context.Background(), opts...)
	t.Cleanup(end)
	ctx, closeTab := chromedp.NewContext(all)
	t.Cleanup(closeTab)
	p := &Page{t, ctx}
	// The first step starts the browser, which lives as long as its context.
	if err := chromedp.Do(ctx, chromedp.Navigate("about:blank")); err != nil {
		t.Fatalf("Chromium does not start: %v", err)
	}
	p.do(chromedp.EmulateViewport(width, height))
	return p
}

// do runs steps, each within patience.
func (p *Page) do(steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		p.Shot("failed")
		p.t.Fatalf("%v\n%s", err, p.Text("body"))
	}
}

// value runs an action that gives something.
func value[T any](p *Page, a chromedp.Action[T]) T {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	v, err := chromedp.Run(ctx, a)
	if err != nil {
		p.t.Fatal(err)
	}
	return v
}

// Go opens an address.
func (p *Page) Go(url string) { p.t.Helper(); p.do(chromedp.Navigate(url)) }

// Click clicks what a CSS selector finds first, once it can be seen.
func (p *Page) Click(sel string) { p.t.Helper(); p.do(chromedp.Click(chromedp.CSS(sel))) }

// Follow clicks what leads to another page, and waits until that is there.
func (p *Page) Follow(sel string) {
	p.t.Helper()
	p.do(chromedp.WaitVisible(chromedp.CSS(sel)))
	value(p, chromedp.Evaluate[bool]("window.leaving = true"))
	p.Click(sel)
	p.Arrive()
}

// Arrive waits until another page than before is there.
func (p *Page) Arrive() {
	p.t.Helper()
	p.Until("document.readyState === 'complete' && !window.leaving")
}

// Write puts a text into a field as somebody would who pastes it, in place of what is there.
func (p *Page) Write(sel, text string) {
	p.t.Helper()
	p.do(chromedp.WaitVisible(chromedp.CSS(sel)))
	ok := value(p, chromedp.Evaluate[bool](fmt.Sprintf("(() => { const f = document.querySelector(%s); f.focus(); f.select(); document.execCommand('insertText', false, %s); return true })()", quoted(sel), quoted(text))))
	if !ok {
		p.t.Fatalf("%s cannot be written into", sel)
	}
}

// Choose chooses an entry of a list by its value.
func (p *Page) Choose(sel, value string) {
	p.t.Helper()
	p.Eval(fmt.Sprintf("(() => { const f = document.querySelector(%s); f.value = %s; f.dispatchEvent(new Event('input', {bubbles: true})); return f.value === %s })()", quoted(sel), quoted(value), quoted(value)))
}

// Press presses keys outside any field.
func (p *Page) Press(keys string) { p.t.Helper(); p.do(chromedp.KeyEvent(keys)) }

// Eval runs a script, which must give true.
func (p *Page) Eval(script string) {
	p.t.Helper()
	if !value(p, chromedp.Evaluate[bool](script)) {
		p.Shot("failed")
		p.t.Fatalf("this is not so: %s\n%s", script, p.Text("body"))
	}
}

// Until waits until a script gives true.
func (p *Page) Until(script string) {
	p.t.Helper()
	deadline := time.Now().Add(patience)
	for {
		ctx, cancel := context.WithTimeout(p.ctx, patience)
		ok, err := chromedp.Run(ctx, chromedp.Evaluate[bool]("!!("+script+")"))
		cancel()
		if err == nil && ok {
			return
		}
		if time.Now().After(deadline) {
			p.Shot("failed")
			p.t.Fatalf("this does not come true: %s (%v)\n%s", script, err, p.Text("body"))
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// See waits until a text can be read in what a selector finds.
func (p *Page) See(sel, text string) {
	p.t.Helper()
	p.Until(fmt.Sprintf("document.querySelector(%s)?.innerText.includes(%s)", quoted(sel), quoted(text)))
}

// Text returns what can be read in what a selector finds.
func (p *Page) Text(sel string) string {
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	text, err := chromedp.Run(ctx, chromedp.Evaluate[string](fmt.Sprintf("document.querySelector(%s)?.innerText ?? ''", quoted(sel))))
	if err != nil {
		return err.Error()
	}
	return text
}

// Dark switches to dark colours, or back.
func (p *Page) Dark(dark bool) {
	p.t.Helper()
	scheme := "light"
	if dark {
		scheme = "dark"
	}
	p.do(media(scheme))
}

// Size changes the size of the window.
func (p *Page) Size(width, height int64) {
	p.t.Helper()
	p.do(chromedp.EmulateViewport(width, height))
}

// Shot writes a picture of the window, where a folder for pictures is given.
func (p *Page) Shot(name string) {
	if *shots == "" {
		return
	}
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	png, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	if err == nil {
		err = os.MkdirAll(*shots, 0o755)
	}
	if err == nil {
		err = os.WriteFile(filepath.Join(*shots, strings.ReplaceAll(p.t.Name(), "/", "-")+"-"+name+".png"), png, 0o644)
	}
	if err != nil {
		p.t.Error(err)
	}
}

// Accessible runs axe-core on the page, where AXE names its file; what it finds fails the
// test.
func (p *Page) Accessible(name string) {
	p.t.Helper()
	file := os.Getenv("AXE")
	if file == "" {
		return
	}
	script, err := os.ReadFile(file)
	if err != nil {
		p.t.Fatal(err)
	}
	value(p, chromedp.Evaluate[bool](string(script)+"\n;true"))
	found := value(p, chromedp.Evaluate[[]string](`axe.run().then(r => r.passes.length < 5 ? ['axe looked at nothing'] : r.violations.map(v => v.id + ': ' + v.help + ' — ' + v.nodes.slice(0, 5).map(n => n.html).join(' ')))`, chromedp.EvalAwaitPromise))
	for _, f := range found {
		p.t.Errorf("%s: %s", name, f)
	}
}

// quoted writes a text as JavaScript has it.
func quoted(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err) // a string has a JSON
	}
	return string(b)
}
