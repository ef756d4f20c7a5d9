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
// who or what it is and nothing else.
func IsNameAlone(words []Word) bool {
	telling := 0
	for i, w := range words {
		switch {
		case w.Kind == Content || w.Kind == Number:
			telling++
		case w.Kind != Function:
			return false
		case w.Text == "who" || w.Text == "what" || auxiliaries[w.Text] && !modals[w.Text] || articles[w.Text] || polite[w.Text] || w.Text == "about" || w.Text == "of" && i > 0:
		default:
			return false
		}
	}
	return telling > 0 && telling <= maxBare
}
