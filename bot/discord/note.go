package discord

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/base64"
	"errors"

	"footnote/bot/cluster"
	"footnote/bot/platform"
)

// A note keeps a session in the note of its shard's lease, for whoever has the lease next. It
// is a bot.Store of one value, sealed with a key that is made of the bot's token: all
// processes have that, and a session is of no use without it.
type note struct {
	lease cluster.Lease
	seal  cipher.AEAD
}

func newNote(l cluster.Lease, token platform.Secret) note {
	key, err := hkdf.Key(sha256.New, []byte(token.Reveal()), nil, "footnote discord session", 32)
	if err != nil {
		panic(err) // cannot happen: the length is possible
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		panic(err) // nor here
	}
	seal, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		panic(err)
	}
	return note{l, seal}
}

// Get implements bot.Store. What another token has sealed, or nobody, is as if it were not
// there.
func (n note) Get(context.Context, string) (string, error) {
	return n.open(n.lease.Note()), nil
}

func (n note) open(text string) string {
	raw, err := base64.StdEncoding.DecodeString(text)
	if err != nil || len(raw) == 0 {
		return ""
	}
	out, err := n.seal.Open(nil, nil, raw, []byte(n.lease.Name()))
	if err != nil {
		return ""
	}
	return string(out)
}

// Set implements bot.Store. When the lease is lost there is nothing to write: its next holder
// does.
func (n note) Set(ctx context.Context, _, value string) error {
	text := ""
	if value != "" {
		text = base64.StdEncoding.EncodeToString(n.seal.Seal(nil, nil, []byte(value), []byte(n.lease.Name())))
	}
	err := n.lease.SetNote(ctx, text)
	if errors.Is(err, cluster.ErrLost) {
		return nil
	}
	return err
}

// Delete implements bot.Store.
func (n note) Delete(ctx context.Context, key string) error { return n.Set(ctx, key, "") }
