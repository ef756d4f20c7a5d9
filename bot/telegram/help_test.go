package telegram_test

import (
	"net/url"
	"strings"
	"testing"
)

// form reads "a=1&b=2" without unescaping, so that JSON can be written in it.
func form(t testing.TB, s string) url.Values {
	t.Helper()
	v := url.Values{}
	for pair := range strings.SplitSeq(s, "&") {
		if k, x, ok := strings.Cut(pair, "="); ok {
			v.Set(k, x)
		}
	}
	return v
}
