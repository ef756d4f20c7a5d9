package discord

import (
	"context"
	cryptorand "crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"

	"footnote/bot"
	"footnote/bot/discord/rest"
)

// Send implements bot.Adapter. It makes one attempt: the bot tries again, and may,
// since a message carries a nonce and an interaction knows what became of it.
func (a *Adapter) Send(ctx context.Context, to bot.Address, r bot.Reply) error {
	if err := ctx.Err(); err != nil {
		return rest.NotMade("send a message", err)
	}
	if to.Handle != "" {
		h, ok := parseHandle(to.Handle)
		if !ok {
			return fmt.Errorf("discord: could not answer an interaction: its handle is not one of this adapter: %w", bot.ErrGone)
		}
		return a.answer(ctx, a.interactions.get(h), r)
	}
	if !isID(string(to.Chat)) {
		return fmt.Errorf("discord: could not send a message: the address is not one of Discord's: %w", bot.ErrGone)
	}
	err := a.say(ctx, to, r)
	if r.File != nil && rest.FileRefused(err) {
		a.log.Debug("a file was refused and its text is sent", "error", err)
		r = r.Unfiled()
		err = a.say(ctx, to, r)
	}
	return err
}

// say makes a message of r and posts it.
func (a *Adapter) say(ctx context.Context, to bot.Address, r bot.Reply) error {
	m := render(r)
	err := a.sayAs(ctx, to, r, m)
	if m.Flags&flagComponents != 0 && rest.HasCode(err, rest.CodeInvalidForm) {
		a.log.Warn("Discord did not take a message of components, which goes as text", "kind", r.Kind, "error", err)
		err = a.sayAs(ctx, to, r, plain(r))
	}
	return err
}

func (a *Adapter) sayAs(ctx context.Context, to bot.Address, r bot.Reply, m payload) error {
	if isID(string(to.ReplyTo)) {
		// A reply to a message that was deleted meanwhile is still an answer.
		m.Reference = &reference{MessageID: string(to.ReplyTo)}
	}
	m.Nonce, m.EnforceNonce = nonce(to, r, m), true
	return a.post(ctx, to, m)
}

// post sends a message into a channel.
func (a *Adapter) post(ctx context.Context, to bot.Address, m payload) error {
	c := rest.Call{
		Doing: "send a message", Method: "POST", Body: m, File: m.file,
		Path: "/channels/" + string(to.Chat) + "/messages", Route: "messages " + string(to.Chat), Unread: true,
	}
	_, err := a.rest.Do(ctx, c)
	if m.Reference != nil && rest.HasCode(err, rest.CodeNoReplyPermission) {
		m.Reference = nil
		c.Body = m
		_, err = a.rest.Do(ctx, c)
	}
	return err
}

// Idempotent implements bot.Idempotent.
func (a *Adapter) Idempotent() {}

// nonce names a message so that Discord posts it once, however often it is sent:
// a repeated call whose first reply was lost, the bot's own retry, or another process that
// answers the same question all give the same nonce, whatever they say: the one may have
// another version of a pack. Without a part, what is said takes its place; a message
// that answers nothing has one by its own name, or a random one.
func nonce(to bot.Address, r bot.Reply, m payload) string {
	var seed [sha256.Size]byte
	switch {
	case r.Once != "":
		seed = sha256.Sum256([]byte(string(to.Chat) + " once " + r.Once))
	case to.ReplyTo == "":
		rand32(seed[:])
	case r.Part != "":
		seed = sha256.Sum256([]byte(string(to.Chat) + " " + string(to.ReplyTo) + " " + r.Part))
	default:
		all := make([]byte, 0, len(to.Chat)+len(to.ReplyTo)+len(m.Content)+1024)
		add := func(s string) {
			all = binary.AppendUvarint(all, uint64(len(s))) // so that none runs into the next
			all = append(all, s...)
		}
		add(string(to.Chat))
		add(string(to.ReplyTo))
		add(m.Content)
		var walk func(all []component)
		walk = func(parts []component) {
			for _, c := range parts {
				add(c.Label)
				add(c.CustomID)
				add(c.Content)
				walk(c.Components)
				if c.Accessory != nil {
					walk([]component{*c.Accessory})
				}
				for _, i := range c.Items {
					add(i.Media.URL)
				}
			}
		}
		walk(m.Components)
		if m.file != nil {
			add(m.file.Name)
			add(string(m.file.Data))
		}
		seed = sha256.Sum256(all)
	}
	return base64.RawURLEncoding.EncodeToString(seed[:])[:maxNonce]
}

// maxNonce is the length of a nonce that Discord takes.
const maxNonce = 25

// rand32 fills b; crypto/rand never fails on the systems Go supports.
func rand32(b []byte) { _, _ = cryptorand.Read(b) }

// Typing implements bot.Typer. An interaction needs no sign: Discord shows one.
func (a *Adapter) Typing(ctx context.Context, to bot.Address) {
	if to.Handle != "" || !isID(string(to.Chat)) {
		return
	}
	_, err := a.rest.Do(ctx, rest.Call{
		Doing: "show that an answer is being written", Method: "POST",
		Path: "/channels/" + string(to.Chat) + "/typing", Route: "typing " + string(to.Chat),
	})
	if err != nil && !errors.Is(err, context.Canceled) {
		a.log.Debug("typing", "error", err)
	}
}
