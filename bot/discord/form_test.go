package discord

import (
	"strings"
	"testing"
	"time"

	"footnote/bot"
	dt "footnote/bot/discord/discordtest"
)

// asksForText is a reply that shows a form where there can be one.
func asksForText() bot.Reply {
	r := text("Write /report and what is wrong.")
	r.Private = true
	r.Form = &bot.Form{Title: "Report this fact", Label: "For the curators", Hint: "What it is", Action: "1x:library-founded"}
	return r
}

// pressed is a pressed button, and where its answer goes.
func pressed(x *running) (id string, to bot.Address) {
	r := text("an answer")
	r.Buttons = []bot.Button{{Label: "Report", Action: "1x:library-founded"}}
	x.server.DM("ann", "who?")
	x.ok(x.adapter.Send(x.ctx, x.wait(1)[0].To, r))
	id, err := x.server.Press("ann", x.posts(1)[0], "Report")
	x.ok(err)
	return id, x.wait(2)[1].To
}

// A form is shown at once, and what is written in it comes as a message with its action.
func TestForm(t *testing.T) {
	t.Parallel()
	x := start(t, dt.Options{}, Config{})
	x.ready()
	id, to := pressed(x)
	x.ok(x.adapter.Send(x.ctx, to, asksForText()))
	form, err := x.server.WaitForm(x.ctx, id)
	x.ok(err)
	if form.Title != "Report this fact" || form.Fields[0].Label != "For the curators" {
		t.Errorf("%+v", form)
	}
	x.server.FillIn("ann", x.posts(1)[0].Channel, form, "It was <@1574400764648964161> a decade later.")
	m := x.wait(3)[2]
	if m.Action != "1x:library-founded" || !strings.Contains(m.Text, "a decade later.") || strings.Contains(m.Text, "<@") {
		t.Errorf("%q, %q", m.Action, m.Text)
	}
	done := text("Sent.")
	done.Private = true
	x.ok(x.adapter.Send(x.ctx, m.To, done))
	if p := x.posts(2)[1]; p.Text != "Sent." || !p.Ephemeral {
		t.Errorf("%+v", p)
	}
}

// Once the press was acknowledged no form can be shown, and the text says how else.
func TestFormTooLate(t *testing.T) {
	t.Parallel()
	x := start(t, dt.Options{}, Config{}, func(x *running) { x.adapter.timing.later = 10 * time.Millisecond })
	x.ready()
	id, to := pressed(x)
	x.ok(x.server.WaitAcknowledged(x.ctx, id))
	x.ok(x.adapter.Send(x.ctx, to, asksForText()))
	if p := x.posts(2)[1]; !strings.Contains(p.Text, "Write /report") {
		t.Errorf("%+v", p)
	}
}
