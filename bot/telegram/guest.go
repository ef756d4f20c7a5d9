package telegram

import (
	"context"
	"errors"
	"fmt"

	"footnote/bot"
	"footnote/bot/platform"
)

// In guest mode (Bot API 10.0) people ask the bot in chats that it is not in, by naming it.
// One message may answer, and it can carry no buttons that come back to us. It is to be
// switched on at @BotFather; getMe tells whether it is.

// guestMark begins the handle of an address in such a chat; the number of the query follows.
const guestMark = "guest "

// guest makes a message of what was said to the bot in a chat that it is not in. Its number
// may be that of another chat, so the chat has a name of its own.
func (me identity) guest(m *message) (bot.Message, bool) {
	out, ok := me.message(m)
	if !ok || m.GuestQuery == "" {
		return bot.Message{}, false
	}
	out.ID = bot.MessageID("g" + m.GuestQuery)
	out.Direct, out.Addressed = false, true
	out.To = bot.Address{Conversation: bot.In(Platform, bot.ChatID("guest:"+itoa(m.Chat.ID))), Handle: bot.Handle(guestMark + m.GuestQuery)}
	return out, true
}

// answerGuest answers a query from a chat that the bot is not in.
func (a *Adapter) answerGuest(ctx context.Context, query string, r bot.Reply) error {
	r = r.Unfiled() // a picture would have to be on a server already
	r.Buttons, r.Replace = nil, false
	p := render(r, a.Username())
	if p.blank {
		return errors.New("telegram: a reply without text cannot be sent")
	}
	x := article{Type: "article", ID: "answer", Title: bot.Shorten(platform.Clean(gist(r)), maxGist)}
	x.Content = inputText{Text: p.HTML, Mode: "HTML", Preview: previewOf(p.Preview)}
	if x.Title == "" {
		x.Title = "Footnote"
	}
	if p.HTML == "" {
		x.Content.Text, x.Content.Mode = p.Plain(), ""
	}
	if name := a.Username(); name != "" {
		x.Markup = &markupOf{[][]key{{{Text: "@" + name, URL: "https://t.me/" + name}}}}
	}
	call := params{"guest_query_id": query}
	call.setJSON("result", x)
	_, err := a.calls.call(ctx, "answerGuestQuery", call)
	var e *apiError
	switch {
	case err == nil:
		return nil
	case unsure(err):
		return fmt.Errorf("%w: %w", explain(ctx, err), bot.ErrUncertain)
	case errors.As(err, &e) && e.fixup() == withoutHTML && x.Content.Mode != "":
		x.Content.Text, x.Content.Mode = p.Plain(), ""
		call.setJSON("result", x)
		_, err = a.calls.call(ctx, "answerGuestQuery", call)
	}
	if errors.As(err, &e) && e.code == 400 { // answered already, or too late
		return fmt.Errorf("%w: %w", e, bot.ErrGone)
	}
	if err != nil {
		return explain(ctx, err)
	}
	return nil
}
