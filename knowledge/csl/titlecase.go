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
	"out outside over pace per plus qua regarding round sans since than through throughout till to " +
	"toward towards under underneath unlike until unto up upon versus via vis-à-vis with within without " +
	"al ca de et pro van von vs")

// abbreviations are words whose stop does not end a sentence.
var abbreviations = wordSet("inc. ltd. corp. bros. dept. univ. vols. eds. etc. prof.")

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
// author capitalised it. So are single letters, which are symbols (800 m) or words
// of another language, and addresses and tags (#history).
func titleCase(t styled) styled {
	out := append(styled(nil), t...)
	var words [][2]int
	start := 0
	for i := 0; i <= len(out); i++ {
		if i < len(out) && !unicode.IsSpace(out[i].r) {
			continue
		}
		if i > start {
			words = append(words, [2]int{start, i})
		}
		start = i + 1
	}
	begins := true // a title, or a subtitle
	for n, w := range words {
		word := out[w[0]:w[1]]
		text := word.String()
		if !strings.HasPrefix(text, "#") && !strings.HasPrefix(text, "@") && !strings.Contains(text, "://") {
			capitaliseWord(word, begins, n == len(words)-1)
		}
		end := word[len(word)-1].r
		begins = end == ':' || end == '?' || end == '!' || end == '—' || end == '–' || endsSentence(text)
	}
	return out
}

// endsSentence reports whether the stop after a word ends a sentence: not that of
// "D.C." or "Inc.".
func endsSentence(word string) bool {
	return len(word) > 4 && strings.HasSuffix(word, ".") && strings.Count(word, ".") == 1 && !abbreviations[strings.ToLower(word)]
}

// capitaliseWord gives the parts of a word, which hyphens and strokes divide, their
// capitals. The first word of a title and the last have one even if they are small.
func capitaliseWord(word styled, first, last bool) {
	part := 0
	for i := 0; i <= len(word); i++ {
		if i == len(word) || strings.ContainsRune("-‐/–—", word[i].r) {
			capitalisePart(word[part:i], part == 0 && first, last && i == len(word))
			part = i + 1
		}
	}
}

// capitalisePart gives a part of a word its capital.
func capitalisePart(w styled, first, last bool) {
	at := -1
	var bare []rune
	for i, c := range w {
		if c.noCase || unicode.IsUpper(c.r) {
			return
		}
		if unicode.IsLetter(c.r) && at < 0 {
			at = i
		}
		if unicode.IsLetter(c.r) || c.r == '’' && at >= 0 {
			bare = append(bare, c.r)
		}
	}
	if at < 0 || at > 0 && unicode.IsNumber(w[at-1].r) { // 20th
		return
	}
	word := strings.TrimRight(string(bare), "’")
	single := len([]rune(word)) == 1 && !smallWords[word] || len(bare) > 1 && bare[1] == '’' // à, l’épreuve
	if !first && (single || smallWords[word] && !last) {
		return
	}
	w[at].r = unicode.ToUpper(w[at].r)
}
