package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"html"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"footnote/answers"
	"footnote/bot"
	"footnote/bot/dialog"
	"footnote/bot/discord"
	"footnote/bot/platform"
	"footnote/bot/telegram"
	"footnote/bot/web"
	"footnote/cmd/footnote/desk"
	"footnote/knowledge"
	"footnote/knowledge/strictyaml"
)

func deskCommand() command {
	var f deskFlags
	return command{
		name:    "desk",
		args:    "[PACK]...",
		summary: "write packs in a browser: facts, sources, questions, without YAML",
		help: `
Opens the curator's desk in the browser. PACK is a pack's folder, or a folder of packs;
one that is empty or not there yet is offered a new pack. Without PACK it is the folder
that you are in.

The files stay the truth. Each change replaces the lines concerned: your notes, order
and quotation marks stay. What an editor changed meanwhile is shown and never
overwritten, everything of a session can be taken back, and nothing is committed.

It is for one person on their own machine: it listens on 127.0.0.1, and only the
address that it prints opens it. To use it from elsewhere give --listen and
--password-file, and put something before it that speaks HTTPS.

Examples:
  footnote desk ./my-pack
  footnote desk ./my-pack --ledger asked.db
  footnote desk ./my-pack --no-browser --listen 127.0.0.1:8470
  footnote desk ./my-pack --state /var/lib/footnote

Where the configuration has curators.desk: true, what people reported or asked the
curators waits there too, and a bot that runs with the same state passes the answers on.

Exit codes: 0 ended with Ctrl-C, 1 it could not listen, 2 bad usage or configuration.`,
		flags: func(fs *flag.FlagSet) action {
			f.register(fs)
			fs.StringVar(&f.listen, "listen", "127.0.0.1:0", "listen on `ADDRESS`; port 0 takes one that is free")
			fs.BoolVar(&f.noBrowser, "no-browser", false, "print the address and open nothing")
			fs.StringVar(&f.ledger, "ledger", "", "show what the ledger in `FILE` says was asked, instead of the\none of the configuration")
			fs.StringVar(&f.since, "since", defaultSince, "look back in the ledger as far as `TIME`: 30d, 12w")
			fs.Func("state", "show the reports that wait in the state folder `DIR` of a bot", func(dir string) error {
				f.values = append(f.values, entry{key: "state", values: []string{dir}, at: strictyaml.Problem{File: "--state"}})
				f.reports = true
				return nil
			})
			fs.StringVar(&f.passwordFile, "password-file", "", "ask for the password in `FILE`; needed where others can reach\n--listen")
			fs.Var(&f.hosts, "host", "also answer to the name `HOST`, as a browser has it in the\naddress; may be repeated")
			return f.run
		},
	}
}

// deskFlags are what desk was called with.
type deskFlags struct {
	options
	listen, ledger, since, passwordFile string
	noBrowser, reports                  bool
	hosts                               listFlag
}

func (f *deskFlags) run(ctx context.Context, p *program, packs []string) error {
	c, err := f.configure(p)
	if err != nil {
		return err
	}
	packs = append(packs, c.Knowledge...)
	if len(packs) == 0 {
		packs = []string{"."}
	}
	for _, dir := range packs {
		if at, err := parsePlace(dir); err == nil && at.archived() {
			return usage("%s is an archive, and what is in it cannot be changed; name the folder that it was made of", dir)
		}
		if info, err := os.Stat(dir); err == nil && !info.IsDir() {
			return usage("%s is a file; name the folder of a pack", dir)
		}
	}
	password, err := f.password()
	if err != nil {
		return err
	}
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", f.listen)
	if err != nil {
		return exitError{code: exitFailed, err: fmt.Errorf("--listen: %w", err)}
	}
	defer l.Close()
	token := make([]byte, 16)
	if _, err := rand.Read(token); err != nil {
		return exitError{code: exitFailed, err: err}
	}
	config := f.config(ctx, p, c, packs)
	if c.Curators.Desk || f.reports {
		r := &deskReports{c: c, now: p.Now}
		defer r.close()
		config.Reports = r.box
	}
	config.Token, config.Password, config.Address = hex.EncodeToString(token), password, l.Addr().String()
	config.Hosts = deskHosts(l.Addr(), f.hosts)
	d, err := desk.New(config)
	if err != nil {
		return exitError{code: exitUsage, err: err}
	}
	p.hide(platform.NewSecret(config.Token))
	p.hide(platform.NewSecret(password))
	address := "http://" + config.Hosts[0] + "/?t=" + config.Token
	if _, err := fmt.Fprintln(p.Out, address); err != nil {
		return err
	}
	if !f.noBrowser {
		defer openBrowser(ctx, address)()
	}
	if err := d.Run(ctx, l); err != nil {
		return exitError{code: exitFailed, err: err}
	}
	return nil
}

// password reads the password, which must be there where others can reach the desk.
func (f *deskFlags) password() (string, error) {
	host, _, err := net.SplitHostPort(f.listen)
	if err != nil {
		return "", usage("--listen is %q; it is an address such as 127.0.0.1:8470", f.listen)
	}
	if f.passwordFile == "" {
		if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
			return "", usage("--listen %s can be reached by others: give --password-file FILE too, or listen on 127.0.0.1", f.listen)
		}
		return "", nil
	}
	data, err := os.ReadFile(f.passwordFile)
	if err != nil {
		return "", usage("--password-file: the file cannot be read: %v", errors.Unwrap(err))
	}
	const least = 12
	password := strings.TrimSpace(string(data))
	if len(password) < least || len(data) > 1000 {
		return "", usage("--password-file: the file holds a password of fewer than %d characters, or none", least)
	}
	return password, nil
}

// config is what the desk works with.
func (f *deskFlags) config(ctx context.Context, p *program, c Config, packs []string) desk.Config {
	out := desk.Config{
		Folders: packs, Correct: rightly, Previews: deskPreviews(ctx), Log: newLogger(p.Err, c),
		Matcher: func(ctx context.Context, base *knowledge.Base) (*answers.Matcher, error) {
			return matcherOf(ctx, c, base, allAtOnce, newProgress(nil))
		},
		Words: func(ctx context.Context, base *knowledge.Base) (*answers.Matcher, error) {
			quick := c
			quick.Matcher.Encoder = "off"
			return matcherOf(ctx, quick, base, allAtOnce, newProgress(nil))
		},
	}
	out.Site = func(base *knowledge.Base) func(string) ([]byte, string, bool) {
		site := web.New(base, web.Config{})
		return func(at string) ([]byte, string, bool) {
			page, ok, err := site.Page(at)
			return page.Body, page.Type, ok && err == nil
		}
	}
	if cmp.Or(f.ledger, c.Ledger.Path) != "" {
		out.Asked = func(ctx context.Context) (desk.Asked, error) {
			all, err := readLedger(ctx, c, f.ledger, f.since)
			asked := desk.Asked{Questions: badly(all), People: defaultPeople, Feedback: map[string]desk.Feedback{}}
			for _, q := range all {
				j := asked.Feedback[q.Fact]
				j.Helpful += q.Said[bot.Helpful]
				j.Unhelpful += q.Said[bot.Unhelpful]
				if q.Fact != "" && j != (desk.Feedback{}) {
					asked.Feedback[q.Fact] = j
				}
			}
			return asked, err
		}
	}
	return out
}

// deskHosts are what the header Host may be, the one to print first.
func deskHosts(at net.Addr, more []string) []string {
	host, port, _ := net.SplitHostPort(at.String())
	var out []string
	for _, h := range more {
		if _, _, err := net.SplitHostPort(h); err != nil {
			out = append(out, h)
			h = net.JoinHostPort(strings.Trim(h, "[]"), port)
		}
		out = append(out, h)
	}
	if ip := net.ParseIP(host); ip != nil && !ip.IsUnspecified() {
		out = append(out, net.JoinHostPort(host, port))
		if len(more) == 0 {
			out = append(out, net.JoinHostPort("localhost", port))
		}
		return out
	}
	return append(out, net.JoinHostPort("127.0.0.1", port), net.JoinHostPort("localhost", port))
}

// openBrowser opens an address by way of a file that only this user can read: the
// arguments of a program can be read by everybody on the machine, and the address opens
// the desk. done takes the file away.
func openBrowser(ctx context.Context, address string) (done func()) {
	done = func() {}
	file, err := os.CreateTemp("", "footnote-desk-*.html")
	if err != nil {
		return done
	}
	done = func() { os.Remove(file.Name()) }
	_, err = fmt.Fprintf(file, "<!doctype html><meta charset=utf-8><meta name=referrer content=no-referrer><meta http-equiv=refresh content=\"0;url=%[1]s\"><a href=\"%[1]s\">Footnote desk</a>\n", html.EscapeString(address))
	if file.Close() != nil || err != nil {
		return done
	}
	open := []string{"xdg-open"}
	switch runtime.GOOS {
	case "windows":
		open = []string{"rundll32", "url.dll,FileProtocolHandler"}
	case "darwin":
		open = []string{"open"}
	}
	cmd := exec.CommandContext(ctx, open[0], append(open[1:], filepath.Clean(file.Name()))...)
	if cmd.Start() != nil {
		return done // the address is printed
	}
	ended := make(chan struct{})
	go func() {
		_ = cmd.Wait()
		close(ended)
	}()
	return func() {
		const patience = time.Second
		select {
		case <-ended:
		case <-time.After(patience):
			_ = cmd.Process.Kill()
			<-ended
		}
		os.Remove(file.Name())
	}
}

// A oneFact answers everything with one fact, so that its reply can be seen.
type oneFact struct {
	base *knowledge.Base
	fact *knowledge.Fact
}

func (o oneFact) Base() *knowledge.Base { return o.base }

func (o oneFact) Match(answers.Query) answers.Result {
	return answers.Result{Outcome: answers.Answered, Alone: true, Candidates: []answers.Candidate{{Fact: o.fact, Question: o.fact.Canonical(""), Confidence: 1}}, Why: answers.Why{Confidence: 1, Margin: 1}}
}

// deskPreviews shows a fact as the bot answers with it on each platform, by what the
// adapters would send.
func deskPreviews(ctx context.Context) func(*knowledge.Base, *knowledge.Fact) []desk.Preview {
	return func(base *knowledge.Base, f *knowledge.Fact) []desk.Preview {
		d := dialog.New(dialog.Config{Answerer: oneFact{base, f}})
		m := bot.Message{Text: f.Canonical(""), Direct: true, Addressed: true, From: bot.User{ID: "curator", Lang: f.Pack.Languages[0]}}
		replies, _ := d.Accept(m).Reply(ctx, nil)
		onDiscord, onTelegram := desk.Preview{Platform: "Discord"}, desk.Preview{Platform: "Telegram"}
		for _, r := range replies {
			onDiscord.Blocks = append(onDiscord.Blocks, desk.FromDiscord(discord.Markdown(r))...)
			onTelegram.Blocks = append(onTelegram.Blocks, desk.FromTelegram(telegram.HTML(r))...)
			for _, b := range r.Buttons {
				onDiscord.Buttons, onTelegram.Buttons = append(onDiscord.Buttons, b.Label), append(onTelegram.Buttons, b.Label)
			}
		}
		return []desk.Preview{onDiscord, onTelegram}
	}
}
