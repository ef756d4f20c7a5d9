package spell

import (
	"unicode/utf8"

	"footnote/answers/parse"
)

// Bounds of repairs where no list says that a word is right as it stands: only long words,
// and only what everybody slips in.
const (
	minNative     = 6
	longNative    = 9
	costNative    = .7  // a letter doubled, or two that changed places, or one vowel for another
	costLongWords = 1.0 // of long words another letter too
)

// mendNative is mend for a word of another language: only towards the pack's words.
func (s *Speller) mendNative(w *parse.Word, n int) (to string, cost float64) {
	if w.Kind != parse.Content || w.Glossed || n < minNative || w.CommonRank() > 0 || s.count[w.Text] > 0 || s.stems[w.Key] {
		return "", 0
	}
	limit := costNative
	if n >= longNative {
		limit = costLongWords
	}
	first, _ := utf8.DecodeRuneInString(w.Text)
	best := ""
	for l := n - 1; l <= n+1; l++ {
		for i := range s.byLength[l] {
			c := s.byLength[l][i].text
			if r, _ := utf8.DecodeRuneInString(c); r != first || Distance(w.Text, c, 1) > 1 {
				continue
			}
			if d := weighted(w.Text, c); d <= limit && (best == "" || d < cost) {
				best, cost = c, d
			}
		}
	}
	return best, cost
}
