package browser

import (
	"bufio"
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

const thaw = "testdata/thaw"

// footnote is a command of the program on the pack of these tests.
func footnote(t *testing.T, ctx context.Context, env []string, args ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(ctx, program(t), args...)
	cmd.Env = append(append(os.Environ(), "FOOTNOTE_MATCHER_ENCODER=off", "FOOTNOTE_KNOWLEDGE="+thaw, "HOME="+t.TempDir()), env...)
	return cmd
}

// site starts serve with the site alone and returns its address.
func site(t *testing.T, env ...string) string {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	cmd := footnote(t, ctx, append(env, "FOOTNOTE_LISTEN=127.0.0.1:0", "FOOTNOTE_WEB_ENABLED=true", "FOOTNOTE_WEB_URL=https://site.example", "FOOTNOTE_LIMITS_PERSON_PER_MINUTE=0", "FOOTNOTE_STATE="+filepath.Join(t.TempDir(), "state")), "serve")
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	logs, err := cmd.StderrPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		cancel()
		t.Fatal(err)
	}
	address := make(chan string, 1)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		lines := bufio.NewScanner(logs)
		for lines.Scan() {
			if m := regexp.MustCompile(`listening for HTTP" address=(\S+)`).FindStringSubmatch(lines.Text()); m != nil {
				address <- "http://" + m[1]
			}
			if strings.Contains(lines.Text(), "level=ERROR") || strings.Contains(lines.Text(), "Khrushchev") {
				t.Errorf("the log says: %s", lines.Text())
			}
		}
	}()
	t.Cleanup(func() {
		cancel()
		<-ended
		_ = cmd.Wait() // its end is what was asked for
	})
	var at string
	select {
	case at = <-address:
	case <-time.After(patience):
		t.Fatal("serve does not listen")
	}
	for deadline := time.Now().Add(patience); ; time.Sleep(50 * time.Millisecond) { // until the packs are loaded
		if r, err := http.Get(at + "/facts/"); err == nil {
			r.Body.Close()
			if r.StatusCode == http.StatusOK {
				return at
			}
		}
		if time.Now().After(deadline) {
			t.Fatal("serve does not serve its site")
		}
	}
}

// sitePages are a page of each kind.
var sitePages = []struct{ name, path string }{
	{"index", "/"}, {"fact", "/f/secret-speech/"}, {"disputed", "/f/speech-effect/"}, {"earlier", "/f/secret-speech@1.0.0/"}, {"retracted", "/f/first-statue/"},
	{"unsourced", "/f/speech-length/"}, {"gone", "/f/old-claim/"}, {"russian", "/ru/f/secret-speech/"}, {"german", "/de/f/secret-speech/"}, {"facts", "/facts/"}, {"topics", "/topics/"},
	{"topic", "/topics/memory/"}, {"people", "/people/"}, {"years", "/years/"}, {"year", "/years/1956/"}, {"timeline", "/timeline/"}, {"sources", "/sources/"},
	{"source", "/sources/baker1999/"}, {"corrections", "/corrections/"}, {"about", "/about/"}, {"search", "/search/"}, {"ask", "/ask"},
	{"answer", "/ask?q=" + url.QueryEscape("When did Khrushchev denounce Stalin?")}, {"declined", "/ask?q=" + url.QueryEscape("Who built the pyramids?")}, {"lost", "/nothing"},
}

// TestSite: each kind of page, in light and dark and on a phone, has nothing that the browser
// complains of, that axe-core finds, or that is wider than the window.
func TestSite(t *testing.T) {
	at := site(t)
	p := Open(t, 1100, 900)
	c := p.Listen()
	for _, x := range sitePages {
		p.Size(1100, 900)
		p.Dark(false)
		p.Go(at + x.path)
		f := p.Measure()
		t.Logf("%-12s %5.1f kB, %5.1f kB in %d requests, largest part painted after %4.0f ms", x.name, f.Page/1000, f.All/1000, f.Requests, f.Top)
		if f.Page > 60_000 {
			t.Errorf("%s has %.0f bytes", x.name, f.Page)
		}
		p.Accessible(x.name)
		p.Whole(x.name)
		p.Dark(true)
		p.Accessible(x.name + " in the dark")
		p.Whole(x.name + "-dark")
		p.Dark(false)
		p.Size(360, 740)
		p.Fits(x.name + " on a phone")
		p.Whole(x.name + "-phone")
		for _, text := range c.Take() {
			if x.name != "lost" || !strings.Contains(text, "404") {
				t.Errorf("%s: %s", x.name, text)
			}
		}
	}
}

// TestSiteAsk: the same conversation with a script and without one, and by keyboard alone.
func TestSiteAsk(t *testing.T) {
	at := site(t)
	for _, scripts := range []bool{true, false} {
		name := map[bool]string{true: "script", false: "plain"}[scripts]
		t.Run(name, func(t *testing.T) {
			p := Open(t, 1000, 900)
			c := p.Listen()
			press := p.Follow // to another page
			if scripts {
				press = p.Click
			}
			p.Scripts(scripts)
			p.Go(at + "/ask")
			// The field has the focus already.
			p.do(chromedp.KeyEvent("When did Khrushchev denounce Stalin's cult?" + kb.Enter))
			p.See("#talk", "25 February 1956")
			p.See("#talk", "Archer")
			p.Shot("1-answer")
			p.Until("document.activeElement.id === 'q' && document.activeElement.value === ''")
			press(`.exchange:last-child button[value^="1w:"]`)
			p.See(".exchange:last-child", "%") // why, in figures
			p.Eval("document.querySelector('#q').focus(), true")
			p.do(chromedp.KeyEvent("when was that?" + kb.Enter))
			p.See(".exchange:last-child .asked", "when was that?")
			p.See(".exchange:last-child", "25 February 1956")
			press(`.exchange:last-child button[value^="1w:"]`)
			p.See(".exchange:last-child", "follow-up")
			p.Shot("2-why")
			if scripts {
				p.Eval("document.querySelectorAll('.exchange').length === 4") // all that was said stands
				p.Eval("location.search === ''")
			}
			p.Scripts(true) // which axe-core is
			p.Accessible("conversation " + name)
			p.Scripts(scripts)
			p.Eval("document.querySelector('#q').focus(), true")
			p.do(chromedp.KeyEvent("memory of the Thaw" + kb.Enter))
			p.See(".exchange:last-child .asked", "memory of the Thaw")
			p.Shot("3-offers")
			for _, text := range c.Take() {
				t.Error(text)
			}
		})
	}
}

// TestSiteKeyboard: the first key leads past the navigation, and every link and field can be
// reached and seen to have the focus.
func TestSiteKeyboard(t *testing.T) {
	at := site(t)
	p := Open(t, 1000, 900)
	p.Go(at + "/f/secret-speech/")
	p.Press(kb.Tab)
	p.Eval("document.activeElement.className === 'skip' && document.activeElement.getBoundingClientRect().left >= 0")
	p.Shot("skip")
	p.Press(kb.Enter)
	p.Until("document.activeElement.id === 'main'")
	p.Press(kb.Tab)
	p.Eval("document.querySelector('#main').contains(document.activeElement) && getComputedStyle(document.activeElement).outlineStyle !== 'none'")
	reached := 0
	for range 60 {
		p.Press(kb.Tab)
		if value(p, chromedp.Evaluate[bool]("document.activeElement.id === 'q'")) {
			break
		}
		reached++
	}
	if reached < 10 || reached > 50 {
		t.Errorf("the box to ask is %d steps away", reached)
	}
	p.do(chromedp.KeyEvent("how long was it?" + kb.Enter))
	p.See("#talk", "how long was it?")
}

// TestSitePrint: on paper there is the fact with its notes, and nothing to press.
func TestSitePrint(t *testing.T) {
	at := site(t)
	p := Open(t, 800, 1000)
	p.Go(at + "/f/speech-effect/")
	p.Printed(true)
	p.Eval("['.top nav', 'form.ask', '.bottom', 'details.cite'].every(s => getComputedStyle(document.querySelector(s)).display === 'none')")
	p.Eval("getComputedStyle(document.querySelector('.notes')).display !== 'none' && getComputedStyle(document.body).backgroundColor === 'rgb(255, 255, 255)'")
	p.Whole("fact")
	p.Printed(false)
}

// TestSiteExported: the site in a folder works below any path, with its search, and without a
// script leads on by letters.
func TestSiteExported(t *testing.T) {
	dir := t.TempDir()
	if out, err := footnote(t, context.Background(), nil, "export", "--format", "site", "--out", filepath.Join(dir, "history"), "--languages", "de").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	server := httptest.NewServer(http.FileServer(http.Dir(dir)))
	defer server.Close()
	p := Open(t, 1000, 900)
	c := p.Listen()
	p.Go(server.URL + "/history/")
	p.Accessible("index in a folder")
	p.Go(server.URL + "/history/search/?q=season")
	p.See("#hits", "Was the Thaw short?")
	p.Write("#q", "nothing of the kind")
	p.See("#hits", "Nothing was found")
	p.Write("#q", "speech")
	p.Follow(`#hits a[href*="secret-speech"]`)
	p.See("h1", "speech")
	p.Follow(".notes .more")
	p.See("main", "What it supports")
	p.Follow(`.languages a[hreflang="de"]`)
	p.See("main", "Was sie belegt")
	p.Scripts(false)
	p.Go(server.URL + "/history/search/?q=season")
	p.Follow(".letters a")
	p.See("h1", "All facts")
	for _, text := range c.Take() {
		t.Error(text)
	}
}

// TestSiteFromChat: what /source in a chat links to opens.
func TestSiteFromChat(t *testing.T) {
	cmd := footnote(t, context.Background(), []string{"FOOTNOTE_WEB_URL=https://site.example"}, "chat")
	cmd.Stdin = strings.NewReader("When was the secret speech?\n/source\n")
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	m := regexp.MustCompile(`https://site\.example(/f/\S+/)`).FindSubmatch(out)
	if m == nil {
		t.Fatalf("/source links to no page: %s", out)
	}
	p := Open(t, 1000, 900)
	p.Go(site(t) + string(m[1]))
	p.See("h1", "When was the secret speech?")
	p.Eval(`document.querySelector('meta[property="og:title"]').content.includes('secret speech') && document.querySelector('link[rel=canonical]').href === 'https://site.example/f/secret-speech/'`)
}
