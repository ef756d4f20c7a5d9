package parse

import (
	"strings"
	"unicode"
)

// plainLetters are the letters that no decomposition takes apart, with the way in
// which they are written without a keyboard for them: Walesa, Lodz, Oresund.
var plainLetters = map[rune]string{
	'ł': "l", 'ø': "o", 'đ': "d", 'ı': "i", 'ħ': "h", 'ŧ': "t", 'ƀ': "b", 'ɨ': "i", 'ð': "d", 'þ': "th", 'ß': "ss", 'æ': "ae", 'œ': "oe", 'ĸ': "k", 'ŋ': "ng", 'ə': "a",
}

// A script is one of the three whose letters look alike.
type script uint8

const (
	otherScript script = iota
	latinScript
	cyrillicScript
	greekScript
	scripts
)

func scriptOf(r rune) script {
	switch {
	case r < 0x80:
		if 'a' <= r && r <= 'z' {
			return latinScript
		}
		return otherScript
	case r >= 0x370 && r < 0x400:
		return greekScript
	case r >= 0x400 && r < 0x530:
		return cyrillicScript
	case unicode.Is(unicode.Latin, r):
		return latinScript
	}
	return otherScript
}

// looksLike are the letters of Cyrillic and Greek that are drawn like a Latin
// one, in small letters or in capitals, for by now all are small.
var looksLike = [scripts]map[rune]rune{
	latinScript: {},
	cyrillicScript: {'а': 'a', 'в': 'b', 'с': 'c', 'ԁ': 'd', 'е': 'e', 'н': 'h', 'һ': 'h', 'і': 'i', 'ј': 'j', 'к': 'k', 'м': 'm', 'о': 'o', 'р': 'p', 'ԛ': 'q',
		'ѕ': 's', 'т': 't', 'у': 'y', 'ѵ': 'v', 'ԝ': 'w', 'х': 'x'},
	greekScript: {'α': 'a', 'β': 'b', 'ς': 'c', 'ε': 'e', 'η': 'h', 'ι': 'i', 'ϳ': 'j', 'κ': 'k', 'μ': 'm', 'ν': 'n', 'ο': 'o', 'ρ': 'p', 'τ': 't', 'υ': 'y', 'χ': 'x', 'ζ': 'z'},
}

// drawnAs is looksLike the other way: the letter of a script for a Latin one.
var drawnAs = func() (all [scripts]map[rune]rune) {
	for s := range looksLike {
		all[s] = map[rune]rune{}
		for r, l := range looksLike[s] {
			if old, ok := all[s][l]; !ok || r < old {
				all[s][l] = r
			}
		}
	}
	return all
}()

// oneScript writes each word of folded text in one script, where its letters come
// from several: a Cyrillic С in Constantinople is there to deceive, or by a slip of
// the keyboard. The script of most letters is the word's; of two, the Latin one.
func oneScript(folded string) string {
	var b strings.Builder
	from := 0 // what is written already
	flush := func(start, end int) {
		word := folded[start:end]
		var count [scripts]int
		for _, r := range word {
			count[scriptOf(r)]++
		}
		to, kinds := latinScript, 0
		for s := latinScript; s < scripts; s++ {
			if count[s] > 0 {
				kinds++
			}
			if count[s] > count[to] {
				to = s
			}
		}
		if kinds < 2 {
			return
		}
		b.WriteString(folded[from:start])
		from = end
		for _, r := range word {
			b.WriteRune(inScript(r, to))
		}
	}
	start := -1
	for i, r := range folded {
		if s := unicode.IsLetter(r); s && start < 0 {
			start = i
		} else if !s && start >= 0 {
			flush(start, i)
			start = -1
		}
	}
	if start >= 0 {
		flush(start, len(folded))
	}
	if from == 0 {
		return folded
	}
	b.WriteString(folded[from:])
	return b.String()
}

// inScript is the letter of a script that looks like r, or r if there is none.
func inScript(r rune, to script) rune {
	s := scriptOf(r)
	if s == to || s == otherScript {
		return r
	}
	latin := r
	if s != latinScript {
		l, ok := looksLike[s][r]
		if !ok {
			return r
		}
		latin = l
	}
	if to == latinScript {
		return latin
	}
	if l, ok := drawnAs[to][latin]; ok {
		return l
	}
	return r
}
