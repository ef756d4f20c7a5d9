package parse

import "strings"

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
