package dialog

import (
	"slices"
	"strconv"
	"strings"
	"sync"

	"footnote/answers/parse"
	"footnote/bot/lang"
	"footnote/knowledge/edtf"
	"footnote/knowledge/search"
)

// A vocabulary is what people say to the bot beside questions, in all languages at
// once and folded: whatever somebody's interface speaks, people write as they like.
type vocabulary struct {
	small         map[string][]smallTalkForm
	laughter      []string
	choices       map[string]int // -1 is the last one
	beforeNumbers []string
	months        map[string]bool
	betweenDates  map[string]bool
	moreAbout     [][]string // what stands before a name of which more is wanted, in words; the longest first
}

// A smallTalkForm is a kind of small talk in a language.
type smallTalkForm struct{ kind, lang string }

// vocabularyOf is what is said in some languages; nil are all of this program.
func vocabularyOf(langs lang.Set) *vocabulary {
	if langs == nil {
		return usualVocabulary()
	}
	return newVocabulary(langs)
}

var usualVocabulary = sync.OnceValue(func() *vocabulary { return newVocabulary(lang.All()) })

func newVocabulary(langs lang.Set) *vocabulary {
	v := &vocabulary{small: map[string][]smallTalkForm{}, choices: map[string]int{}, months: map[string]bool{}, betweenDates: map[string]bool{}}
	all := []*lang.Language{langs[lang.Default]} // first, where a form is in several languages
	for _, tag := range langs.Tags() {
		if tag != lang.Default {
			all = append(all, langs[tag])
		}
	}
	fold := func(s string) string { return strings.Join(search.Words(s, search.MaxWords), " ") }
	for _, l := range all {
		v.laughter = append(v.laughter, l.Laughter...)
	}
	for _, l := range all {
		for _, kind := range smallTalkKinds {
			for _, form := range smallTalkForms(l, kind) {
				key := v.foldSmall(form)
				v.small[key] = append(v.small[key], smallTalkForm{kind, l.Tag})
			}
		}
		for n, names := range l.Choices {
			number, err := strconv.Atoi(n)
			if err != nil {
				number = -1
			}
			for _, name := range names {
				v.choices[fold(name)] = number
			}
		}
		for _, word := range l.BeforeNumbers {
			v.beforeNumbers = append(v.beforeNumbers, fold(word))
		}
		for _, names := range edtf.Months(l.Tag) {
			for _, month := range names {
				v.months[fold(month)] = true
			}
		}
		for _, word := range l.BetweenDates {
			v.betweenDates[fold(word)] = true
		}
		for _, form := range l.MoreAbout {
			v.moreAbout = append(v.moreAbout, search.Words(form, search.MaxWords))
		}
	}
	slices.SortStableFunc(v.moreAbout, func(a, b []string) int { return len(b) - len(a) })
	return v
}

// smallTalkForms are the forms of one kind of small talk. Those of English that the
// matcher knows too are in package answers.
func smallTalkForms(l *lang.Language, kind string) []string {
	if l.Tag == lang.Default {
		return slices.Concat(parse.Pleasantries[kind], l.SmallTalk[kind])
	}
	return l.SmallTalk[kind]
}
