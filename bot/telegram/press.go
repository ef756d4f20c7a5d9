package telegram

import (
	"context"
	"strings"
	"sync"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"footnote/bot"
	"footnote/bot/platform"
)

// A pressed button turns until its query is answered, and that answer can carry a
// short text which only the person sees who pressed. A notice ("these choices were
// offered to somebody else") is best said so: in a group it would be a message for
// everybody. So the answer to the query waits for what the bot says, but not for
// long: whatever becomes of the message, the button must stop turning.

const (
	// maxToast is in UTF-16 units, as Telegram counts the text of such an answer.
	maxToast = 200
	// longToast is from where on a text is shown until it is dismissed: what passes
	// by is read by nobody beyond a line or two.
	longToast = 60
	// pressWait is how long a button turns for want of something to say.
	pressWait = time.Second
	// toastTimeout bounds saying it so; after that it goes as a message.
	toastTimeout = 3 * time.Second
)

// ownMessage begins the handle of an address whose ReplyTo is the bot's own
// message, which Send may therefore edit in place. The number of the query that
// pressing made follows.
const ownMessage = "own "

// presses are the queries that wait for what the bot says.
type presses struct {
	mu   sync.Mutex
	open map[string]chan struct{} // closed when there is no need to wait any more
}

// begin notes a query. What it returns is closed by say or let.
func (p *presses) begin(id string) <-chan struct{} {
	p.mu.Lock()
	defer p.mu.Unlock()
	if c, ok := p.open[id]; ok {
		return c // the same press, delivered again
	}
	if p.open == nil {
		p.open = map[string]chan struct{}{}
	}
	c := make(chan struct{})
	p.open[id] = c
	return c
}

// take makes the caller the one who answers the query; false if somebody else is.
func (p *presses) take(id string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	c, ok := p.open[id]
	if !ok {
		return false
	}
	delete(p.open, id)
	closeOnce(c)
	return true
}

// let ends the wait: nothing will be said in answer to the query.
func (p *presses) let(id string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if c, ok := p.open[id]; ok {
		closeOnce(c)
	}
}

// closeOnce closes c unless it is. The mutex of its owner is held.
func closeOnce(c chan struct{}) {
	select {
	case <-c:
	default:
		close(c)
	}
}

// toast says r to the person who pressed, if it is a notice short enough for that
// and nobody has answered the query yet, and reports whether that was done.
func (a *Adapter) toast(ctx context.Context, to bot.Address, r bot.Reply) bool {
	query, pressed := strings.CutPrefix(string(to.Handle), ownMessage)
	if !pressed || query == "" {
		return false
	}
	text := strings.TrimSpace(platform.Clean(bot.PlainText(r)))
	if n := platform.UTF16Len(text); r.Kind != bot.KindNotice || n == 0 || n > maxToast || len(r.Buttons) > 0 {
		a.presses.let(query)
		return false
	}
	if !a.presses.take(query) {
		return false
	}
	p := tgbotapi.Params{"callback_query_id": query, "text": text}
	if platform.UTF16Len(text) > longToast {
		p["show_alert"] = "true"
	}
	ctx, cancel := context.WithTimeout(ctx, toastTimeout)
	defer cancel()
	if _, err := a.calls.call(ctx, "answerCallbackQuery", p); err != nil {
		a.log.Debug("a notice could not be shown over the chat and goes as a message", "err", err)
		return false
	}
	return true
}
