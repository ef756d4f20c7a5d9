package parse

import "strings"

// An Order tells whether words ask for what lies before what is named, or behind it; or both.
type Order uint8

const (
	orderBefore Order = 1 << iota
	orderAfter
)

// orders are the words that say so.
var orders = func() map[string]Order {
	m := map[string]Order{}
	for w := range set(`before until till preceding prior previous preceded`) {
		m[w] = orderBefore
	}
	for w := range set(`after since following next succeeded`) {
		m[w] = orderAfter
	}
	return m
}()

// OrderOf reads whether words ask for what lies before something, or after it.
func OrderOf(words []Word) Order {
	var o Order
	for _, w := range words {
		o |= orders[w.Text]
	}
	return o
}

// CanonicalKey is what two wordings of the same question have in common: everything
// but articles, auxiliaries and polite words, in its order.
func CanonicalKey(words []Word) string {
	var b strings.Builder
	b.WriteByte('0' + byte(AsksFor(words)))
	for _, w := range words {
		if w.Kind == Function && (articles[w.Text] || auxiliaries[w.Text] && !modals[w.Text] || polite[w.Text]) {
			continue
		}
		b.WriteByte(' ')
		b.WriteString(w.Key)
	}
	return b.String()
}

// maxBare is how many words a name has at most.
const maxBare = 4

// IsNameAlone reports whether words are a name or a term alone ("amin", "quintus veranus"), or ask
// who or what it is and nothing else. "Who built the bridge" asks something else.
func IsNameAlone(words []Word) bool {
	telling, asks, being := 0, false, false
	for i, w := range words {
		if w.Kind == Function {
			asks = asks || w.Text == "who" || w.Text == "what"
			being = being || beings[w.Text] || w.Text == "about"
		}
		switch {
		case w.Kind == Content || w.Kind == Number:
			telling++
		case w.Kind != Function:
			return false
		case w.Text == "who" || w.Text == "what" || beings[w.Text] && i > 0 || articles[w.Text] || polite[w.Text] || w.Text == "about" || w.Text == "of" && i > 0:
		default:
			return false
		}
	}
	return telling > 0 && telling <= maxBare && (being || !asks)
}

// beings ask who or what something is.
var beings = set(`is are was were be been`)

// polite words and openings change nothing about what is asked.
var polite = set(`please tell me you hey hi hello well so and ok sorry guys btw just`)

// ranks are the words that pick one of several: where a fact does not say them, it may be
// about another.
var ranks = set(`first last only next previous earliest latest final original second third later earlier another other former new newest oldest`)

// reasonWords show that a text gives a reason or a purpose.
var reasonWords = set(`because reason reasons since purpose aim aims hope hopes hoped goal motive intention intended`)

// IsRank reports whether a word picks one of several: first, last.
func IsRank(text string) bool { return ranks[text] }

// IsLightVerb reports whether a verb says nothing about the relation that is asked for.
func IsLightVerb(text string) bool { return lightVerbs[text] }

// GivesReason reports whether w shows that a text gives a reason or a purpose.
func (w *Word) GivesReason() bool {
	return reasonWords[w.Text] && (w.English() || w.Text != "since") // since when
}

// Counts reports whether a number may count something: a day of a date, an ordinal and a
// numeral in Roman letters do not.
func (w *Word) Counts() bool {
	ordinal := numerals[w.Typed].ordinal
	for _, end := range [...]string{"st", "nd", "rd", "th"} {
		ordinal = ordinal || strings.HasSuffix(w.Typed, end) && w.Typed[0] <= '9'
	}
	return w.Kind == Number && !w.Day && !ordinal && !(romanLetters(w.Typed) && roman(w.Typed) > 0)
}
