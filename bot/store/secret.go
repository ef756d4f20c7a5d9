package store

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"footnote/bot"
)

// secretBytes is the length of a secret; that of the hash it is used with.
const secretBytes = 32

// Secret reads the secret in the file at path, or makes one. It lies beside what
// it is used for and never in it: a copy of that alone does not tell who is in it.
// The file is readable by its owner alone.
func Secret(path string) ([]byte, error) {
	text, err := ReadRegular(path, maxSecretFile)
	switch {
	case err == nil:
		secret, err := ParseSecret(string(text))
		if err != nil {
			return nil, fmt.Errorf("%s is damaged: it should hold %d hexadecimal digits; without its key the file beside it cannot tell who is who, so restore it, or delete both", path, 2*secretBytes)
		}
		return secret, os.Chmod(path, 0o600)
	case !errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("the key cannot be read: %w", err)
	}
	secret := make([]byte, secretBytes)
	_, _ = rand.Read(secret) // never fails
	if err := writeWhole(path, []byte(hex.EncodeToString(secret)+"\n")); err != nil {
		return nil, fmt.Errorf("the key cannot be written: %w", err)
	}
	return secret, nil
}

// maxSecretFile is in bytes: the digits, and room for an editor's line break.
const maxSecretFile = 2*secretBytes + 16

// writeWhole writes a file that its owner alone may read, whole or not at all: neither a
// killed program nor a loss of power leaves half of one.
func writeWhole(path string, data []byte) error {
	half := path + ".new"
	if err := os.Remove(half); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	f, err := os.OpenFile(half, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	if err2 := f.Close(); err == nil {
		err = err2
	}
	if err == nil {
		err = os.Rename(half, path)
	}
	return err
}

// Sealed returns s with encrypted values (AES-256-GCM): a copy of it tells nobody
// what they are. Without the same secret, and under another key, they cannot be
// read, and the error says so.
func Sealed(s bot.Store, secret []byte) bot.Store { return sealed{s, NewSeal(secret, "seal")} }

type sealed struct {
	bot.Store
	seal *Seal
}

func (s sealed) Get(ctx context.Context, key string) (string, error) {
	text, err := s.Store.Get(ctx, key)
	if err != nil || text == "" {
		return "", err
	}
	return s.seal.openText(key, text)
}

func (s sealed) Set(ctx context.Context, key, value string) error {
	return s.Store.Set(ctx, key, s.seal.sealText(key, value))
}
