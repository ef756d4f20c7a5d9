package importer

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"footnote/knowledge"
)

// badText says why s cannot be part of a pack, or nothing.
func badText(s string) string {
	switch {
	case !utf8.ValidString(s):
		return "this is not UTF-8; save the file as UTF-8"
	case strings.ContainsRune(s, 0):
		return "a zero byte stands here; the file is damaged, or no text"
	}
	return ""
}

// clean makes one line of s: composed characters, single spaces, and nothing
// that nobody sees.
func clean(s string) string {
	s = norm.NFC.String(s)
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case knowledge.Invisible(r), r == 0xfeff, r == 0xfffc, r == 0xfffd:
			return -1
		case unicode.IsControl(r), r >= 0xfff0 && r <= 0xffff && !unicode.IsPrint(r):
			return -1
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

// shortened returns s in at most limit characters: whole sentences if they fill a
// third of it, else whole words, with "…" where something is left out.
func shortened(s string, limit int) string {
	r := []rune(s)
	if len(r) <= limit {
		return s
	}
	for i := limit - 1; i > limit/3; i-- {
		if strings.ContainsRune(".!?", r[i]) && unicode.IsSpace(r[i+1]) {
			return string(r[:i+1])
		}
	}
	for i := limit - 1; i > limit/3; i-- {
		if unicode.IsSpace(r[i]) {
			return strings.TrimRight(string(r[:i]), " ,;:") + "…"
		}
	}
	return string(r[:limit-1]) + "…"
}

// questionWords say little about what is asked and make ids long.
var questionWords = map[string]bool{"what": true, "who": true, "when": true, "where": true, "which": true, "why": true, "how": true, "is": true,
	"are": true, "was": true, "were": true, "did": true, "do": true, "does": true, "the": true, "a": true, "an": true, "of": true, "in": true, "to": true}

// idOf makes an id of a question: its words in plain letters, without those that
// every question has. It is empty if the question has no such letters.
func idOf(question string) string {
	plain := strings.Map(func(r rune) rune {
		switch {
		case unicode.IsMark(r), r == '\'', r == '’':
			return -1
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			return r
		case unicode.IsLetter(r):
			return '*' // of another script: the word is left out
		}
		return ' '
	}, norm.NFKD.String(strings.ToLower(question)))
	var kept, all []string
	for _, w := range strings.Fields(plain) {
		if strings.Contains(w, "*") {
			continue
		}
		all = append(all, w)
		if !questionWords[w] {
			kept = append(kept, w)
		}
	}
	if len(kept) == 0 {
		kept = all
	}
	id := ""
	for _, w := range kept {
		if len(id)+1+len(w) > maxStem {
			break
		}
		id = strings.TrimPrefix(id+"-"+w, "-")
	}
	if id == "" && len(kept) > 0 {
		id = kept[0][:maxStem]
	}
	return id
}

// maxStem leaves room in an id for a number.
const maxStem = knowledge.MaxID - 6

// unique returns stem, or stem with the first number that makes it new.
func unique(stem string, taken map[string]int) string {
	if stem == "" {
		stem = "imported"
	}
	taken[stem]++
	if n := taken[stem]; n > 1 {
		for {
			id := stem + "-" + strconv.Itoa(n)
			if taken[id] == 0 {
				taken[id], taken[stem] = 1, n
				return id
			}
			n++
		}
	}
	return stem
}
