package telegram_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"footnote/bot"
	"footnote/bot/bottest"
	"footnote/bot/telegram"
	"footnote/bot/telegram/telegramtest"
	"footnote/knowledge/csl"
)

// bibliography is a reply with a file.
func bibliography() bot.Reply {
	r := para("The <sources> of @durov")
	r.File = &bot.File{Name: "library-founded.bib", Type: "application/x-bibtex", Data: []byte("@book{a,\r\n  title = {Ä \"<b>\"}\r\n}\r\n"),
		Instead: []bot.Block{{Kind: bot.Pre, Spans: []bot.Span{{Text: "@book{a}", Style: bot.Code}}}}}
	return r
}

func hasFile(m telegramtest.Sent) bool {
	f := bibliography().File
	return m.File != nil && m.File.Name == f.Name && string(m.File.Data) == string(f.Data) && strings.HasPrefix(m.Text, "The <sources> of ")
}

// A file is a document with the text as its caption, where the question was asked.
func TestFile(t *testing.T) {
	server := fake(t, telegramtest.Options{})
	s := start(t, server, telegram.Config{}, nil)
	ann := server.Person("ann")
	forum := server.Group("forum", true)
	server.Say(ann, forum.In(7), "/source bibtex", nil)
	to := s.heard(1)[0].To
	must(t, s.Send(within(t), to, bibliography()))
	long := bibliography()
	long.Blocks[0].Trim = true
	long.Blocks[0].Spans[0].Text = strings.Repeat("long < ", 900)
	must(t, s.Send(within(t), to, long))
	sent := server.Sent()
	if len(sent) != 2 || !hasFile(sent[0]) || fmt.Sprint(sent[0].ReplyTo) != string(to.ReplyTo) || sent[0].Thread != 7 {
		t.Fatalf("%+v", sent)
	}
	if n := telegramtest.Units(sent[1].Text); n > 1024 || n < 900 || sent[1].File == nil {
		t.Errorf("a long text became a caption of %d units", n)
	}
	if n := server.Count("sendMessage"); n != 0 {
		t.Errorf("%d messages beside the documents", n)
	}
}

// What Telegram says against a document, and what becomes of it. The library drops
// the code of a refused upload; none of these could be told apart without it.
func TestFileRefusals(t *testing.T) {
	bad := telegramtest.BadRequest
	for name, c := range map[string]struct {
		fault telegramtest.Fault
		want  error // nil: something arrives
		file  bool  // with the file
		calls int   // of sendDocument
		texts int   // of sendMessage
	}{
		"no right to files": {bad("not enough rights to send documents to the chat"), nil, false, 1, 1},
		"too large":         {telegramtest.Fault{Page: &telegramtest.Page{Status: 413, Body: "<html>413"}}, nil, false, 1, 1},
		"too large, JSON":   {telegramtest.Fault{Refusal: &telegramtest.Refusal{Code: 413, Text: "Request Entity Too Large"}}, nil, false, 1, 1},
		"wrong type":        {bad("wrong type of the web page content"), nil, false, 1, 1},
		"unknown method":    {telegramtest.Fault{Refusal: &telegramtest.Refusal{Code: 404, Text: "Not Found: method not found"}}, nil, false, 1, 1},
		"another server":    {telegramtest.Fault{Page: &telegramtest.Page{Status: 500, Body: `{"error":"Route not found"}`}}, nil, false, 1, 1},
		"markup":            {bad("can't parse entities: Unsupported start tag"), nil, true, 2, 0},
		"reply gone":        {bad("message to be replied not found"), nil, true, 2, 0},
		"blocked":           {telegramtest.Blocked(), bot.ErrForbidden, false, 1, 0},
		"chat not found":    {bad("chat not found"), bot.ErrGone, false, 1, 0},
		"lost":              {telegramtest.Fault{Lost: true}, bot.ErrUncertain, true, 1, 0},
		"cut":               {telegramtest.Fault{Reset: true}, bot.ErrUncertain, false, 1, 0},
		"tired proxy":       {telegramtest.Fault{Page: &telegramtest.Page{Status: 504, Body: "<html>504"}}, bot.ErrUncertain, false, 1, 0},
	} {
		t.Run(name, func(t *testing.T) {
			server := fake(t, telegramtest.Options{})
			s := start(t, server, telegram.Config{}, nil)
			to := s.asked("a question")
			server.Fail("sendDocument", c.fault)
			err := s.Send(within(t), to, bibliography())
			if !errors.Is(err, c.want) || c.want == nil && err != nil {
				t.Errorf("Send returned %v, want %v", err, c.want)
			}
			mustNotHold(t, server.Token(), fmt.Sprint(err), fmt.Sprintf("%+v %#v", err, err))
			if a, b := server.Count("sendDocument"), server.Count("sendMessage"); a != c.calls || b != c.texts {
				t.Errorf("%d documents and %d messages, want %d and %d", a, b, c.calls, c.texts)
			}
			sent := server.Sent()
			switch {
			case c.file && (len(sent) != 1 || !hasFile(sent[0])):
				t.Errorf("sent %+v, want the file", sent)
			case c.want == nil && !c.file && (len(sent) != 1 || sent[0].File != nil || sent[0].Text != "@book{a}"):
				t.Errorf("sent %+v, want the text", sent)
			case c.want != nil && !c.file && len(sent) != 0:
				t.Errorf("sent %+v", sent)
			}
		})
	}
}

// A flood and a stumbling server are told as with any message, and nothing is sent
// in place of the file.
func TestFileLater(t *testing.T) {
	server := fake(t, telegramtest.Options{})
	s := start(t, server, telegram.Config{}, nil)
	to := s.asked("a question")
	internal := telegramtest.Fault{Refusal: &telegramtest.Refusal{Code: 500, Text: "Internal Server Error"}}
	for _, f := range []telegramtest.Fault{telegramtest.BadGateway(), internal} {
		server.Fail("sendDocument", f)
		err := s.Send(within(t), to, bibliography())
		for _, class := range []error{bot.ErrUncertain, bot.ErrGone, bot.ErrForbidden, bot.ErrTooLong, bot.ErrFatal} {
			if err == nil || errors.Is(err, class) {
				t.Errorf("Send returned %v, want something transient", err)
			}
		}
	}
	server.Fail("sendDocument", telegramtest.TooMany(90*time.Second))
	var retry *bot.RetryError
	if err := s.Send(within(t), to, bibliography()); !errors.As(err, &retry) || retry.After != 90*time.Second {
		t.Errorf("Send returned %v, want to wait 90 s", err)
	}
	if sent := server.Sent(); len(sent) != 0 {
		t.Errorf("sent %+v", sent)
	}
}

// A group that became a supergroup gets its file there.
func TestFileInUpgradedGroup(t *testing.T) {
	server := fake(t, telegramtest.Options{ReadsGroups: true})
	s := start(t, server, telegram.Config{}, nil)
	ann := server.Person("ann")
	old, now := server.Group("old", false), server.Group("new", false)
	server.Say(ann, old, "/source bibtex", nil)
	to := s.heard(1)[0].To
	server.Upgrade(old, now)
	must(t, s.Send(within(t), to, bibliography()))
	if sent := server.Sent(); len(sent) != 1 || sent[0].Chat != now.ID || !hasFile(sent[0]) {
		t.Errorf("%+v", sent)
	}
}

// From the question to the document: every source of the pack that ships.
func TestAllSourcesAsFile(t *testing.T) {
	server := fake(t, telegramtest.Options{})
	base := bottest.Embedded(t)
	b, _ := bottest.Config{Answerer: bottest.Decliner{Of: base}}.New()
	s := start(t, server, telegram.Config{}, func(context.Context, bot.Message) error { return nil })
	must(t, s.stop())
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- b.Run(ctx, s.Adapter) }()
	ann := server.Person("ann")
	server.Say(ann, server.Private(ann), "/source all bibtex", nil)
	sent, err := server.WaitSent(within(t), 1)
	cancel()
	must(t, err)
	must(t, <-ended)
	if f := sent[0].File; f == nil || f.Name != base.Packs[0].ID+".bib" || string(f.Data) != csl.BibTeX(base.Sources()...) {
		t.Errorf("%+v", sent)
	}
}
