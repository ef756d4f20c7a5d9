package discord

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"footnote/bot"
	"footnote/bot/bottest"
	dt "footnote/bot/discord/discordtest"
	"footnote/bot/platform"
	"footnote/knowledge/csl"
)

// bibliography is a reply with a file.
func bibliography() bot.Reply {
	r := text("The sources")
	r.Private = true
	r.File = &bot.File{Name: "library-founded.bib", Type: "application/x-bibtex", Data: []byte("@book{a,\r\n  title = {Ä \"@everyone\"}\r\n}\r\n"),
		Instead: []bot.Block{{Kind: bot.Pre, Spans: []bot.Span{{Text: "@book{a}", Style: bot.Code}}}}}
	return r
}

func hasFile(p dt.Sent) bool {
	f := bibliography().File
	return p.Text == "The sources" && len(p.Files) == 1 && p.Files[0].Name == f.Name && p.Files[0].Type == f.Type && string(p.Files[0].Data) == string(f.Data)
}

// In a channel a file goes with its message: once, however often it is sent.
func TestFileInMessage(t *testing.T) {
	t.Parallel()
	x, to := still(t, dt.Options{})
	x.server.FailAfter(sending, 1, dt.Cut())
	if err := x.adapter.Send(x.ctx, to, bibliography()); err == nil || errors.Is(err, bot.ErrForbidden) {
		t.Errorf("with the reply lost: %v", err)
	}
	x.ok(x.adapter.Send(x.ctx, to, bibliography()))
	other := bibliography()
	other.File.Data = []byte("@book{b}")
	x.ok(x.adapter.Send(x.ctx, to, other))
	p := x.posts(2)
	if len(p) != 2 || !hasFile(p[0]) || p[0].ReplyTo != msgID || string(p[1].Files[0].Data) != "@book{b}" {
		t.Errorf("%+v", p)
	}
	var sent struct {
		Mentions json.RawMessage `json:"allowed_mentions"`
		Nonce    string          `json:"nonce"`
	}
	calls := x.server.Calls(sending)
	x.ok(json.Unmarshal(calls[0].Body, &sent))
	if string(sent.Mentions) != `{"parse":[],"replied_user":false}` || sent.Nonce == "" || len(calls[0].Files) != 1 {
		t.Errorf("%s", calls[0].Body)
	}
}

// An interaction is answered with a file directly, after the announcement, and by a
// further message.
func TestFileInInteraction(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		later time.Duration
		first string // the call that carries the first answer
	}{
		"direct":    {time.Minute, callbacks},
		"announced": {10 * time.Millisecond, "PATCH " + hooks},
	} {
		x := start(t, dt.Options{}, Config{}, func(x *running) { x.adapter.timing.later = c.later })
		x.ready()
		id, to := x.ask("source")
		if c.later < time.Second {
			x.ok(x.server.WaitAcknowledged(x.ctx, id))
		}
		x.ok(x.adapter.Send(x.ctx, to, bibliography()))
		x.ok(x.adapter.Send(x.ctx, to, bibliography()))
		for i, p := range x.posts(2) {
			if !hasFile(p) || !p.Ephemeral {
				t.Errorf("%s, message %d: %+v", name, i+1, p)
			}
		}
		for _, prefix := range []string{c.first, "POST " + hooks} {
			if calls := x.server.Calls(prefix); len(calls) != 1 || len(calls[0].Files) != 1 {
				t.Errorf("%s: %s: %d calls", name, prefix, len(calls))
			}
		}
	}
}

// A file that is refused becomes text; what has nothing to do with the file stays
// what it is, and costs no second call.
func TestFileRefused(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		status, code int
		want         error // nil: the text arrives
		calls        int
	}{
		"may not attach": {403, 50013, nil, 2},
		"too large":      {413, 40005, nil, 2},
		"bad form":       {400, 50035, nil, 2},
		"gone":           {404, 10003, bot.ErrGone, 1},
		"bad token":      {401, 0, bot.ErrForbidden, 1},
	} {
		x, to := still(t, dt.Options{})
		x.server.Fail(sending, 1, dt.Refuse(c.status, c.code, "no"))
		err := x.adapter.Send(x.ctx, to, bibliography())
		if !errors.Is(err, c.want) || c.want == nil && err != nil {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
		if n := len(x.server.Calls(sending)); n != c.calls {
			t.Errorf("%s: %d calls, want %d", name, n, c.calls)
		}
		if c.want == nil {
			if p := x.posts(1)[0]; p.Text != "@book{a}" || len(p.Files) > 0 {
				t.Errorf("%s: %+v", name, p)
			}
		}
	}
	x, to := still(t, dt.Options{})
	x.server.Fail(sending, 1, dt.RateLimit(30*time.Second, false))
	var retry *bot.RetryError
	if err := x.adapter.Send(x.ctx, to, bibliography()); !errors.As(err, &retry) || len(x.server.Calls(sending)) != 1 {
		t.Errorf("rate limited: %v after %d calls", err, len(x.server.Calls(sending)))
	}

	for _, later := range []time.Duration{time.Minute, 10 * time.Millisecond} {
		y := start(t, dt.Options{}, Config{}, func(x *running) { x.adapter.timing.later = later })
		y.ready()
		id, to := y.ask("source")
		refused := callbacks
		if later < time.Second {
			y.ok(y.server.WaitAcknowledged(y.ctx, id))
			refused = "PATCH " + hooks
		}
		y.server.Fail(refused, 1, dt.Refuse(403, 50013, "Missing Permissions"))
		y.ok(y.adapter.Send(y.ctx, to, bibliography()))
		if p := y.posts(1)[0]; p.Text != "@book{a}" || len(p.Files) > 0 || !p.Ephemeral {
			t.Errorf("after %s was refused: %+v", refused, p)
		}
	}
}

// The fake itself refuses what Discord would.
func TestFakeRefusesFiles(t *testing.T) {
	t.Parallel()
	for want, change := range map[string]func(*payload){
		"a file of 0 bytes": func(p *payload) { p.file = &bot.File{Name: "a.bib", Type: "text/plain"} },
		"a file called":     func(p *payload) { p.file = &bot.File{Name: "ä b.bib", Type: "text/plain", Data: []byte("x")} },
		"announces file 0":  func(p *payload) { p.Attachments[0].Filename = "other.bib" },
		"0 attachments are": func(p *payload) { p.Attachments = nil },
		"1 attachments are": func(p *payload) { p.file = nil },
	} {
		s := dt.New(dt.Options{})
		a, err := New(Config{Token: platform.NewSecret(s.Token), Endpoint: s.Endpoint()})
		if err != nil {
			t.Fatal(err)
		}
		m := render(bibliography())
		change(&m)
		m.Nonce, m.EnforceNonce = "n", true
		if err := a.post(t.Context(), bot.Address{Conversation: bot.In("", bot.ChatID(s.ID("channel", "#forum")))}, m); err == nil {
			t.Errorf("%s: taken", want)
		}
		if v := strings.Join(s.Violations(), "; "); !strings.Contains(v, want) {
			t.Errorf("%q, want %q", v, want)
		}
		a.rest.Close()
		s.Close()
	}
}

// From the command to the attachment: every source of the pack that ships.
func TestAllSourcesAsFile(t *testing.T) {
	t.Parallel()
	x := prepare(t, dt.Options{}, Config{})
	base := bottest.Embedded(t)
	b, _ := bottest.Config{Answerer: bottest.Decliner{Of: base}}.New()
	ctx, cancel := context.WithCancel(x.ctx)
	ended := make(chan error, 1)
	go func() { ended <- b.Run(ctx, x.adapter) }()
	x.ready()
	x.server.Command("ann", "#forum", "source", "question", "all csl-json")
	p := x.posts(1)[0]
	cancel()
	x.ok(<-ended)
	if len(p.Files) != 1 || p.Files[0].Name != base.Packs[0].ID+".json" || string(p.Files[0].Data) != string(csl.JSON(base.Sources()...)) || !p.Ephemeral {
		t.Errorf("%+v", p)
	}
}
