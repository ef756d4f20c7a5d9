package parse

import "slices"

// MaxFollowUp is how many telling words a follow-up has at most: with more it
// is a question of its own.
const MaxFollowUp = 3

var (
	// anaphors stand for something that was said before.
	anaphors = set(`that this it he him his she her they them their those these there then`)

	// persons are those of them that stand for somebody.
	persons = set(`he him his she her they them their`)

	// openers begin a question that goes on from the last one.
	openers = set(`and but so also`)

	// more asks for what else there is on the same thing.
	more = set(`more detail details further elaborate`)
)

// Continues reports whether words begin as a question that goes on from the last
// answer. Such a one is tried as a follow-up first, even if its words alone
// would find something: "what about the cult?" is about the last answer's.
func Continues(words []Word) bool {
	first, next := wordAt(words, 0), wordAt(words, 1)
	return openers[first] || (first == "what" || first == "how") && next == "about"
}

// AsksWhose reports whether words ask for whose words something is and for nothing more:
// "who says so?". Whatever fact holds that somebody says something, it is not meant.
func AsksWhose(words []Word, f Frame) bool {
	if f.Asks != AsksWho {
		return false
	}
	told := false
	for _, w := range words {
		if w.Kind != Function {
			if !Speaks(w) {
				return false
			}
			told = true
		}
	}
	return told
}

// A Leaning is a question that reads as if it left something out.
type Leaning struct {
	Said     []Word // its telling words
	Other    bool   // it asks for something else than was said
	AsksMore bool   // it asks for more on the same
}

// LeaningOf reports whether words read like a follow-up, whatever went before it.
func LeaningOf(words []Word, f Frame) (l Leaning, ok bool) {
	anaphor := false
	for _, w := range words {
		if w.Kind != Function {
			l.Said = append(l.Said, w)
		}
		anaphor = anaphor || anaphors[w.Text]
		l.Other = l.Other || w.Text == "else" || w.Text == "other" || w.Text == "another"
	}
	if len(words) == 0 || len(l.Said) > MaxFollowUp {
		return l, false
	}
	l.AsksMore = wantsMore(words)
	// "Why?", "when exactly?", "who says so?"
	asksAlone := f.Asks != AsksOther && !slices.ContainsFunc(l.Said, func(w Word) bool { return f.Asks != AsksWho || !Speaks(w) })
	return l, (anaphor || Continues(words) || asksAlone || l.AsksMore) && !present(words, f.Asks)
}

// Speaks reports whether w asks for whose words something is: "who says so?",
// "according to whom?".
func Speaks(w Word) bool { return speech[w.Text] || w.Text == "according" }

// present reports whether words ask about the moment or the one who asks, of which no
// answer tells: "what time is it?", "who am I?".
func present(words []Word, asks Asks) bool {
	for i, w := range words {
		switch {
		case w.Text == "am", asks == AsksWhen && (w.Text == "today" || w.Text == "now"):
			return true
		case i == 1 && units[w.Text]:
			if wordAt(words, 2) == "is" && wordAt(words, 3) == "it" && (len(words) == 4 || wordAt(words, 4) == "now" || wordAt(words, 4) == "today") {
				return true
			}
		}
	}
	return false
}

var units = set(`time day date month year`)

// IsAnaphor reports whether a word may stand for something that was said before.
func IsAnaphor(text string) bool { return anaphors[text] }

// IsPersonal reports whether a word stands for somebody.
func IsPersonal(text string) bool { return persons[text] }

// AsksWhoThatIs reports whether words ask who somebody is who was just named: "who was he?".
func AsksWhoThatIs(words []Word) bool {
	who, person := false, false
	for i := range words {
		switch t := words[i].Text; {
		case t == "who":
			who = true
		case persons[t]:
			person = true
		case words[i].Kind != Function || !beings[t] && t != "and" && t != "but" && t != "so" && t != "exactly":
			return false
		}
	}
	return who && person
}

// IsMore reports whether a word asks for what else there is.
func IsMore(text string) bool { return more[text] }

func wantsMore(words []Word) bool {
	for _, w := range words {
		if more[w.Text] {
			return len(words) <= 6
		}
	}
	return false
}

// EndInPreposition reports whether words end in a preposition, or in one and an
// article.
func EndInPreposition(words []Word) bool {
	n := len(words)
	if n > 0 && articles[words[n-1].Text] {
		n--
	}
	return n > 0 && prepositions[words[n-1].Text]
}

// Texts are the words as their language has them.
func Texts(words []Word) []string {
	out := make([]string, len(words))
	for i := range words {
		out[i] = words[i].Own()
	}
	return out
}
