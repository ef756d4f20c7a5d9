package csl

import (
	"strings"
	"unicode"
)

// smallWords stay in lower case inside an English title: articles, coordinating
// conjunctions and prepositions of any length (Chicago 8.159), and particles of
// names.
var smallWords = wordSet("a an the and but or nor for so yet aboard about above across after against along amid amidst among " +
	"amongst around as astride at atop barring before behind below beneath beside besides between beyond " +
	"by circa concerning despite down during except from in inside into like minus near of off on onto " +
	"out outside over pace past per plus qua regarding round sans since than through throughout till to " +
	"toward towards under underneath unlike until unto up upon versus via vis-à-vis with within without " +
	"de du des la le et von van der den v vs")

// wordSet returns the words of s.
func wordSet(s string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(s) {
		set[w] = true
	}
	return set
}

// titleCase returns an English title in Chicago's headline capitals. Words that hold
// a capital already are left as they are: an acronym, a name, or a title whose
// author capitalised it.
func titleCase(t styled) styled {
	out := append(styled(nil), t...)
	start := 0
	afterStop := true // first word, or the one after a colon
	var words [][2]int
	for i := 0; i <= len(out); i++ {
		if i < len(out) && !unicode.IsSpace(out[i].r) {
			continue
		}
		if i > start {
			words = append(words, [2]int{start, i})
		}
		start = i + 1
	}
	for n, w := range words {
		word := out[w[0]:w[1]]
		last := n == len(words)-1
		part := 0 // the parts of a word with hyphens are words of their own
		for i := 0; i <= len(word); i++ {
			if i == len(word) || word[i].r == '-' || word[i].r == '‐' || word[i].r == '/' || word[i].r == '–' || word[i].r == '—' {
				capitaliseWord(word[part:i], part == 0 && afterStop || last && i == len(word))
				part = i + 1
			}
		}
		end := word[len(word)-1].r
		afterStop = end == ':' || end == '?' || end == '!' || end == '.' && len(word) > 3 || end == '—' || end == '–'
	}
	return out
}

// capitaliseWord gives a word its capital; always does so for a small word too.
func capitaliseWord(w styled, always bool) {
	first := -1
	var bare strings.Builder
	for i, c := range w {
		if unicode.IsLetter(c.r) || c.r == '’' {
			if first < 0 && unicode.IsLetter(c.r) {
				first = i
			}
			bare.WriteRune(c.r)
		}
		if c.noCase || unicode.IsUpper(c.r) {
			return
		}
	}
	if first < 0 || !always && smallWords[strings.TrimRight(bare.String(), "’")] {
		return
	}
	if first > 0 && unicode.IsNumber(w[first-1].r) { // 20th
		return
	}
	w[first].r = unicode.ToUpper(w[first].r)
}
