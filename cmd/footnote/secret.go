package main

import (
	"fmt"
	"log/slog"
)

// redacted is what stands in place of a secret wherever it is printed.
const redacted = "[redacted]"

// A Secret is a token. Every way of printing it by accident shows redacted;
// Reveal is the one way to the text, so that its uses can be found.
type Secret struct{ text string }

// Reveal returns the text, for the adapter that needs it.
func (s Secret) Reveal() string { return s.text }

// IsSet tells whether there is a secret at all.
func (s Secret) IsSet() bool { return s.text != "" }

func (s Secret) String() string {
	if s.text == "" {
		return ""
	}
	return redacted
}

// Format answers every verb, %d and %x included, which would otherwise look
// into the struct.
func (s Secret) Format(f fmt.State, _ rune) { fmt.Fprint(f, s.String()) }

// GoString is for %#v of a struct that holds the secret.
func (s Secret) GoString() string { return s.String() }

// LogValue is for slog.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalText is for JSON keys, XML and everything else that asks for text.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// MarshalJSON is for JSON.
func (s Secret) MarshalJSON() ([]byte, error) { return []byte(`"` + s.String() + `"`), nil }

// MarshalYAML is for YAML libraries.
func (s Secret) MarshalYAML() (any, error) { return s.String(), nil }
