package telegram

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"time"

	"footnote/bot"
)

// The text under a picture is a quarter of what a message may have, and Telegram has no
// words for who does not see the picture. Where the text of a reply is longer, the picture
// goes first, under its title, and the whole text follows as a message of its own.

// pictureRecall is how long a picture is remembered as sent: while its text may be tried
// again.
const pictureRecall = 10 * time.Minute

// pictureFirst sends the picture that r has if its text does not fit under it, and returns what
// is left to send. A picture that could not be sent is given up: the text says the same.
// The error is one that asks to wait, or the context's.
func (a *Adapter) pictureFirst(ctx context.Context, chat int64, to bot.Address, r bot.Reply) (bot.Reply, error) {
	r = r.Told()
	if visible(clean(r, a.Username(), true)) <= maxCaption {
		return r, nil
	}
	rest := r
	rest.File = nil
	key := pictureKey(to, r.File)
	if a.pictures.Has(key) && to.ReplyTo != "" { // and the text is tried again
		return rest, nil
	}
	title := r
	title.Blocks, title.Buttons = r.Blocks[:min(len(r.Blocks), 1)], nil
	post := a.outgoing(to, a.where(chat), title, render(title, a.Username()))
	if err := a.pace.wait(ctx, post.chat); err != nil {
		return r, err
	}
	err := post.send(ctx, a.calls)
	var e *apiError
	switch {
	case err == nil:
		a.pictures.Set(key, struct{}{})
	case ctx.Err() != nil:
		return r, explain(ctx, err)
	case errors.As(err, &e) && e.code == 429:
		a.pace.refused(post.chat, e.wait())
		return r, explain(ctx, err)
	default:
		a.log.Debug("a picture could not be sent and its text goes alone", "err", err)
	}
	return rest, nil
}

// pictureKey names a picture in answer to a message.
func pictureKey(to bot.Address, f *bot.File) string {
	return fmt.Sprintf("%s %s %s %x", to.Chat, to.ReplyTo, f.URL, sha256.Sum256(f.Data))
}
