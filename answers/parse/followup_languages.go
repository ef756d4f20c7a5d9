package parse

import (
	"maps"
	"slices"
	"strings"

	"footnote/answers/language"
)

// People go on in their own language, whatever the pack's: "und wann war das?",
// "а почему?", "et Brejnev ?". A question of a few words, of which all go into any
// follow-up of that language, is read word for word as English, in which follow-ups
// are understood. Behind a word that goes on from the last answer ("und", "et") other
// words stay as they are, for they may be names. Nothing else is translated.

// maxForeignFollowUp is how many words such a question has at most.
const maxForeignFollowUp = 7

// followUpWords are what the words of follow-ups are in English; "" where English has no
// word for them.
type followUpWords map[string]string

// FollowUpWords are what the words of a language's follow-ups, folded as questions are, are in
// English, or "" where English has no word for them; nil where they are not known.
func FollowUpWords(tag string) map[string]string { return foreignFollowUps[tag] }

// GoesOn reports whether a word of a language goes on from the last answer, as "and" does.
func GoesOn(tag, folded string) bool { return goesOn[foreignFollowUps[tag][folded]] }

// followUpTags are the languages of foreignFollowUps, in their order.
var followUpTags = slices.Sorted(maps.Keys(foreignFollowUps))

// foreignFollowUps are those of all languages but English, by their tags.
var foreignFollowUps = func() map[string]followUpWords {
	all := map[string]followUpWords{}
	for tag, t := range language.AllPleasantries() {
		all[tag] = makeFollowUpWords(t.Follow)
	}
	return all
}()

// followUpFirst are the words with which any of them begins, those of phrases too.
var followUpFirst = func() map[string]bool {
	m := set(`por qu est`)
	for _, t := range foreignFollowUps {
		for w := range t {
			m[w] = true
		}
	}
	return m
}()

var (
	// goesOn are the words with which a question goes on from the last one, in English.
	goesOn = set(`and but also`)

	// asking are those of which a follow-up has one, or else it is something else
	// that happens to be made of such words: "war", "tag".
	asking = set(`and but also when who where why how what which`)
)

// phrases are what is one word in English.
var phrases = strings.NewReplacer(" por que ", " porque ", " qu est ce qui ", " quoi ", " qu est ce que ", " quoi ", " est ce que ", " ")

func makeFollowUpWords(words string) followUpWords {
	t := followUpWords{}
	for pair := range strings.FieldsSeq(words) {
		from, to, _ := strings.Cut(pair, "=")
		t[Fold(from)] = strings.ReplaceAll(to, "+", " ")
	}
	return t
}

// FollowUpInEnglish is text in English, if it is a follow-up of another language.
func FollowUpInEnglish(text string) (string, bool) {
	const longest = 80 // bytes: seven words of any of them
	if len(text) > longest {
		return "", false
	}
	folded := strings.ReplaceAll(Fold(text), "'", " ")
	c := cutter{s: folded}
	if first, ok := c.next(); !ok || !followUpFirst[first.text] { // most questions, at once
		return "", false
	}
	var words []string
	split(folded, func(w string) { words = append(words, w) })
	words = strings.Fields(phrases.Replace(" " + strings.Join(words, " ") + " "))
	if len(words) == 0 || len(words) > maxForeignFollowUp {
		return "", false
	}
	for _, tag := range followUpTags {
		if words[0] == "a" || words[0] == "i" { // "a war", "I love you": English unless the next word is none
			if _, known := foreignFollowUps[tag][words[min(1, len(words)-1)]]; !known || len(words) == 1 {
				continue
			}
		}
		if english, ok := foreignFollowUps[tag].read(words); ok {
			return english, true
		}
	}
	return "", false
}

func (t followUpWords) read(words []string) (string, bool) {
	first, ok := t[words[0]]
	if !ok {
		return "", false
	}
	names, asks := 0, false
	var out []string
	for _, w := range words {
		english, ok := t[w]
		asks = asks || asking[english] || english == "how many"
		switch {
		case ok:
			out = append(out, english)
		case goesOn[first]:
			out = append(out, w)
			names++
		default:
			return "", false
		}
	}
	return strings.Join(strings.Fields(strings.Join(out, " ")), " "), asks && names <= MaxFollowUp
}
