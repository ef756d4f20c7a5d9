package platform

import (
	"fmt"
	"log/slog"
	"net/url"
	"strings"
)

// Redacted is what stands in place of a secret wherever it is printed.
const Redacted = "[redacted]"

// A Secret is a token. However it is printed it shows as [Redacted]: with any verb,
// as JSON, YAML or text, and in a log. [Secret.Reveal] is the one way to the text, so
// that its uses can be found. The zero value is no secret.
type Secret struct{ text string }

// NewSecret returns text as a secret: only [Secret.Reveal] gives it back.
func NewSecret(text string) Secret { return Secret{text} }

// Reveal returns the text, for the call that needs it.
func (s Secret) Reveal() string { return s.text }

// IsSet reports whether there is a secret at all.
func (s Secret) IsSet() bool { return s.text != "" }

// String hides the secret. An empty one stays empty, so that a configuration shows
// what is not set.
func (s Secret) String() string {
	if s.text == "" {
		return ""
	}
	return Redacted
}

// Format hides the secret from every verb, %d and %x included.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = fmt.Fprint(f, s.String()) }

// GoString hides the secret from %#v of a struct that holds it.
func (s Secret) GoString() string { return s.String() }

// LogValue hides the secret from slog.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalText hides the secret from encoders of text, and from JSON as key and value.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// MarshalYAML hides the secret from YAML libraries.
func (s Secret) MarshalYAML() (any, error) { return s.String(), nil }

// Scrub replaces each secret in text, in plain and in URL-escaped form. What a server
// says is shown to people, and a hostile or broken one can repeat what it was sent.
func Scrub(text string, secrets ...string) string {
	for _, s := range secrets {
		if s == "" {
			continue
		}
		for _, form := range []string{s, url.PathEscape(s), url.QueryEscape(s)} {
			text = strings.ReplaceAll(text, form, Redacted)
		}
	}
	return text
}
