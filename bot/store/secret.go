package store

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
)

// secretBytes is the length of a secret; that of the hash it is used with.
const secretBytes = 32

// Secret reads the secret in the file at path, or makes one. It lies beside what
// it is used for and never in it: a copy of that alone does not tell who is in it.
// The file is readable by its owner alone.
func Secret(path string) ([]byte, error) {
	text, err := os.ReadFile(path)
	switch {
	case err == nil:
		secret, err := hex.DecodeString(strings.TrimSpace(string(text)))
		if err != nil || len(secret) != secretBytes {
			return nil, fmt.Errorf("%s is damaged: it should hold %d hexadecimal digits; without its key the file beside it cannot tell who is who, so restore it, or delete both", path, 2*secretBytes)
		}
		return secret, os.Chmod(path, 0o600)
	case !errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("the key cannot be read: %w", err)
	}
	secret := make([]byte, secretBytes)
	_, _ = rand.Read(secret) // never fails
	// Whole or not at all: a killed program must leave no half of a key.
	half := path + ".new"
	if err := os.WriteFile(half, []byte(hex.EncodeToString(secret)+"\n"), 0o600); err != nil {
		return nil, fmt.Errorf("the key cannot be written: %w", err)
	}
	if err := os.Rename(half, path); err != nil {
		return nil, fmt.Errorf("the key cannot be written: %w", err)
	}
	return secret, nil
}
