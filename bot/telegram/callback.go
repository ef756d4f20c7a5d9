package telegram

import (
	"context"
	"strings"
	"sync"
	"time"

	"footnote/bot"
	"footnote/bot/platform"
)

// A pressed button turns until its query is answered, and that answer can carry a
// short text which only the person sees who pressed. A notice ("these choices were
// offered to somebody else") is best said so: in a group it would be a message for
// everybody. So the answer to the query waits for what the bot says, but not for
// long: whatever becomes of the message, the button must stop turning.

const (
	// maxAlert is in UTF-16 units, as Telegram counts the text of such an answer.
	maxAlert = 200
	// longAlert is from where on a text is shown until it is dismissed: what passes
	// by is read by nobody beyond a line or two.
	longAlert = 60
	// pressWait is how long a button turns for want of something to say.
	pressWait = time.Second
	// alertTimeout bounds saying it so; after that it goes as a message.
	alertTimeout = 3 * time.Second
)

// ownMessage begins the handle of an address whose ReplyTo is the bot's own
// message, which Send may therefore edit in place. The number of the query that
// pressing made follows.
const ownMessage = "own "

// callbacks are the queries of pressed buttons that wait for what the bot says.
type callbacks struct {
	mu   sync.Mutex
	open map[string]chan struct{} // closed when there is no need to wait any more
}

// begin notes a query. What it returns is closed by claim or release.
func (c *callbacks) begin(id string) <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	if said, ok := c.open[id]; ok {
		return said // the same press, delivered again
	}
	if c.open == nil {
		c.open = map[string]chan struct{}{}
	}
	said := make(chan struct{})
	c.open[id] = said
	return said
}

// claim makes the caller the one who answers the query; false if somebody else is.
func (c *callbacks) claim(id string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	said, ok := c.open[id]
	if !ok {
		return false
	}
	delete(c.open, id)
	closeOnce(said)
	return true
}

// release ends the wait: nothing will be said in answer to the query.
func (c *callbacks) release(id string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if said, ok := c.open[id]; ok {
		closeOnce(said)
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

// alert says r to the person who pressed, if it is a notice short enough for that
// and nobody has answered the query yet, and reports whether that was done.
func (a *Adapter) alert(ctx context.Context, to bot.Address, r bot.Reply) bool {
	query, pressed := strings.CutPrefix(string(to.Handle), ownMessage)
	if !pressed || query == "" {
		return false
	}
	text := strings.TrimSpace(platform.Clean(bot.PlainText(r)))
	if n := platform.UTF16Len(text); r.Kind != bot.KindNotice || n == 0 || n > maxAlert || len(r.Buttons) > 0 {
		a.callbacks.release(query)
		return false
	}
	if !a.callbacks.claim(query) {
		return false
	}
	p := params{"callback_query_id": query, "text": text}
	if platform.UTF16Len(text) > longAlert {
		p["show_alert"] = "true"
	}
	ctx, cancel := context.WithTimeout(ctx, alertTimeout)
	defer cancel()
	if _, err := a.calls.call(ctx, "answerCallbackQuery", p); err != nil {
		a.log.Debug("a notice could not be shown over the chat and goes as a message", "err", err)
		return false
	}
	return true
}

// answerButton stops the button from turning, whatever becomes of the message,
// unless what the bot said in answer did; said is nil if nothing will be.
func (a *Adapter) answerButton(ctx context.Context, q *callbackQuery, said <-chan struct{}) {
	if said != nil {
		enough := time.NewTimer(a.pressWait)
		select {
		case <-said:
		case <-enough.C:
		case <-ctx.Done():
		}
		enough.Stop()
		if !a.callbacks.claim(q.ID) {
			return
		}
	}
	p := params{"callback_query_id": q.ID}
	if q.Message == nil && a.Username() != "" {
		// Under an inline message there is no chat to answer in: lead to our own.
		p["url"] = "https://t.me/" + a.Username() + "?start=inline"
	}
	if _, err := a.calls.call(ctx, "answerCallbackQuery", p); err != nil {
		a.log.Debug("a pressed button was not acknowledged", "err", err)
	}
}
