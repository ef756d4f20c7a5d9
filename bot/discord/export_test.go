package discord

import "cmp"

// Locale is what Discord's clients in a language call it, the first if there are
// several, or the language if it has none.
func Locale(lang string) string {
	return cmp.Or(append(locales[lang], lang)...)
}
