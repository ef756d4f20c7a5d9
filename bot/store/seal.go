package store

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
)

// A Seal encrypts values and hashes names for one purpose, so that a copy of what they are
// kept in tells nobody whose they are and what they say. It is safe for concurrent use.
type Seal struct {
	key  []byte
	aead cipher.AEAD
}

// NewSeal returns the Seal of a secret for a purpose: what one made, no other reads.
func NewSeal(secret []byte, purpose string) *Seal {
	s := &Seal{key: derive(secret, purpose+" name")}
	block, err := aes.NewCipher(derive(secret, purpose))
	if err == nil {
		s.aead, err = cipher.NewGCMWithRandomNonce(block)
	}
	if err != nil {
		panic(err) // 32 bytes are always a key
	}
	return s
}

// derive makes a key of a secret that serves others too.
func derive(secret []byte, purpose string) []byte {
	mac := hmac.New(sha256.New, secret)
	_, _ = io.WriteString(mac, purpose) // never fails
	return mac.Sum(nil)
}

// Hash is what stands for the name made of parts: 128 bits, so no two are taken for one.
func (s *Seal) Hash(parts ...string) []byte {
	mac := hmac.New(sha256.New, s.key)
	for _, p := range parts {
		_, _ = mac.Write([]byte{byte(len(p) >> 8), byte(len(p))}) // so that none runs into the next
		_, _ = io.WriteString(mac, p)
	}
	return mac.Sum(nil)[:16]
}

// Seal encrypts text (AES-256-GCM), which Open reads again under the same name alone.
func (s *Seal) Seal(name []byte, text string) []byte {
	return s.aead.Seal(nil, nil, []byte(text), name)
}

// Open is the text that was sealed under name.
func (s *Seal) Open(name, sealed []byte) (string, error) {
	text, err := s.aead.Open(nil, nil, sealed, name)
	return string(text), err
}

// sealText is Seal for what is kept as text, by a name that is told in errors.
func (s *Seal) sealText(name, text string) string {
	return base64.StdEncoding.EncodeToString(s.Seal([]byte(name), text))
}

func (s *Seal) openText(name, sealed string) (string, error) {
	raw, err := base64.StdEncoding.DecodeString(sealed)
	text := ""
	if err == nil {
		text, err = s.Open([]byte(name), raw)
	}
	if err != nil {
		return "", fmt.Errorf("store: %s was written with another secret, or is damaged: %w", name, err)
	}
	return text, nil
}
