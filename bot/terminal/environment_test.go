package terminal

import (
	"os"
	"testing"
)

// The language is the environment's, as far as that names one.
func TestLanguage(t *testing.T) {
	for _, c := range []struct{ all, lang, want string }{
		{"", "", ""}, {"", "de_DE.UTF-8", "de-DE"}, {"ru", "de_DE", "ru"}, {"C.UTF-8", "de_DE", ""}, {"POSIX", "", ""},
	} {
		got := language(func(name string) string { return map[string]string{"LC_ALL": c.all, "LANG": c.lang}[name] })
		if got != c.want {
			t.Errorf("LC_ALL=%s LANG=%s: %q, want %q", c.all, c.lang, got, c.want)
		}
	}
	if a := New(Config{}); a.In != os.Stdin || a.Out != os.Stdout || a.Now == nil || a.Getenv == nil {
		t.Errorf("%+v", a.Config)
	}
	if got := typed("a\tb\rc\x00\u202ed\xff"); got != "a b c\u202ed\uFFFD" {
		t.Errorf("typed %q", got)
	}
}
