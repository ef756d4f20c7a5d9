package platform

import (
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"
)

// UTF16Len returns the length of s in UTF-16 code units, in which both Discord and
// Telegram are measured.
func UTF16Len(s string) int {
	n := 0
	for _, r := range s {
		n += RuneUTF16Len(r)
	}
	return n
}

// RuneUTF16Len returns the length of r in UTF-16 code units.
func RuneUTF16Len(r rune) int {
	if r > 0xFFFF {
		return 2
	}
	return 1
}

// CutUTF16 cuts s to at most max UTF-16 code units, with "…" if something was cut.
func CutUTF16(s string, max int) string {
	if UTF16Len(s) <= max {
		return s
	}
	n := 0
	for i, r := range s {
		n += RuneUTF16Len(r)
		if n > max-1 {
			return strings.TrimRightFunc(s[:i], unicode.IsSpace) + "…"
		}
	}
	return s
}

// Clean makes s text that can be shown: valid UTF-8, no control character but line
// breaks, and none of the marks that turn the direction of what comes after s. Every
// kind of line break becomes "\n", and a tab a space.
func Clean(s string) string {
	if !strings.ContainsFunc(s, unclean) && utf8.ValidString(s) { // nearly every text
		return s
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || !unclean(r):
			return r
		case r == '\t', r == '\v', r == '\f':
			return ' '
		case r == '\u2028', r == '\u2029', r == '\u0085':
			return '\n'
		}
		return -1
	}, strings.ToValidUTF8(s, "\uFFFD"))
}

// unclean reports whether Clean changes r.
func unclean(r rune) bool {
	return r != '\n' && unicode.IsControl(r) || r == '\u2028' || r == '\u2029' || r >= '\u202A' && r <= '\u202E' || r >= '\u2066' && r <= '\u2069'
}

// CleanLine is [Clean] for what must stand on one line.
func CleanLine(s string) string { return strings.ReplaceAll(Clean(s), "\n", " ") }

// Valid returns s with U+FFFD in place of whatever is not valid UTF-8.
func Valid(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	return strings.ToValidUTF8(s, "\uFFFD")
}

// HTTPS returns u parsed if text may link to it: an https address with a host and
// without a user, of at most longest bytes. Otherwise it returns nil.
func HTTPS(u string, longest int) *url.URL {
	if u == "" || len(u) > longest || !utf8.ValidString(u) {
		return nil
	}
	p, err := url.Parse(u)
	if err != nil || p.Scheme != "https" || p.Host == "" || p.User != nil || p.Opaque != "" {
		return nil
	}
	return p
}
