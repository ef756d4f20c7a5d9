package store

import (
	"cmp"
	"context"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"strings"

	"footnote/bot"
)

// Hidden returns s with hashes in place of the keys and with encrypted values, which hold the
// keys too: a copy of it tells nobody whose values it holds or what they are, and whoever has the
// secret can list them.
func Hidden(s bot.Listing, seal *Seal) bot.Listing { return hidden{s, seal} }

type hidden struct {
	store bot.Listing
	seal  *Seal
}

// mark stands between key and value; no key has one.
const mark = "\x00"

func (h hidden) name(key string) string { return hex.EncodeToString(h.seal.Hash(key)) }

// open returns the key and the value that stand under name; empty if nothing does.
func (h hidden) open(ctx context.Context, name string) (key, value string, err error) {
	text, err := h.store.Get(ctx, name)
	if err != nil || text == "" {
		return "", "", err
	}
	return h.read(name, text)
}

// read returns the key and the value in what is kept under name.
func (h hidden) read(name, text string) (key, value string, err error) {
	raw, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return "", "", err
	}
	plain, err := h.seal.Open([]byte(name), raw)
	key, value, _ = strings.Cut(plain, mark)
	return key, value, err
}

func (h hidden) Get(ctx context.Context, key string) (string, error) {
	_, value, err := h.open(ctx, h.name(key))
	return value, err
}

func (h hidden) Set(ctx context.Context, key, value string) error {
	if err := checkKey(key); err != nil {
		return err
	}
	name := h.name(key)
	return h.store.Set(ctx, name, base64.StdEncoding.EncodeToString(h.seal.Seal([]byte(name), key+mark+value)))
}

func (h hidden) Delete(ctx context.Context, key string) error {
	return h.store.Delete(ctx, h.name(key))
}

// Take implements [bot.Listing].
func (h hidden) Take(ctx context.Context, key string) (string, error) {
	name := h.name(key)
	text, err := h.store.Take(ctx, name)
	if text == "" || err != nil && !errors.Is(err, bot.ErrLingers) {
		return "", err
	}
	_, value, bad := h.read(name, text)
	return value, cmp.Or(bad, err)
}

// Keys implements [bot.Listing]. What was written with another secret is left out.
func (h hidden) Keys(ctx context.Context) ([]string, error) {
	names, err := h.store.Keys(ctx)
	if err != nil {
		return nil, err
	}
	var all []string
	for _, name := range names {
		if key, _, err := h.open(ctx, name); err == nil && key != "" {
			all = append(all, key)
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
	}
	return all, nil
}
