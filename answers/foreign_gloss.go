package answers

import (
	"cmp"
	"slices"
	"strings"

	"footnote/answers/language"
)

// A gloss is a question put into English word for word, so that what reads English questions
// reads it: what is asked, details, times, negations.
type gloss struct {
	words   []string
	asked   bool // it has a question word
	content int  // and so many words that tell something
	and     bool // the last word was "and"
	dies    bool // it asks what somebody died of
}

// put takes up a word that is no content.
func (g *gloss) put(t *language.Table, w *language.Word) {
	switch w.Kind {
	case language.Function:
		if !w.Inverted {
			g.say(t.Says(w))
		}
	case language.Address:
	case language.Asks:
		g.ask(w.English)
	default:
		g.tell(cmp.Or(ordinals[w.English], w.English))
	}
	g.and = isAnd(w)
}

// ordinals are those that English writes as words, and that pick one of several.
var ordinals = map[string]string{"2nd": "second", "3rd": "third", "4th": "fourth", "5th": "fifth", "6th": "sixth", "7th": "seventh", "8th": "eighth", "9th": "ninth", "10th": "tenth"}

// ask takes up a question word. Behind words that tell something it asks nothing: the king who.
func (g *gloss) ask(english string) {
	if g.asked && g.content > 0 && !g.and {
		return
	}
	g.asked = true
	of := strings.TrimSuffix(english, " of")
	g.dies = g.dies || of != english
	g.words = append(g.words, of)
}

// tell takes up a word that tells something.
func (g *gloss) tell(english string) {
	g.content, g.and = g.content+1, false
	g.words = append(g.words, english)
}

// say takes up a word of grammar, if it is one in English.
func (g *gloss) say(english string) {
	last := ""
	if len(g.words) > 0 {
		last = g.words[len(g.words)-1]
	}
	switch {
	case english == "" || english == last:
	case english == "or" && last == "": // it asks whether: czy, чи
	case english == "of" && (last == "how many" || last == "how much"): // combien de
	default:
		g.words = append(g.words, english)
	}
}

// isAnd reports whether a word joins two questions.
func isAnd(w *language.Word) bool {
	switch w.Folded {
	case "und", "et", "y", "e", "i", "a", "и", "а", "і", "та":
		return w.Kind == language.Function
	}
	return false
}

// kinAfterWho are the relatives before which English has "was": who was the wife of.
var kinAfterWho = map[string]bool{"wife": true, "husband": true, "father": true, "mother": true, "parents": true, "son": true, "daughter": true, "child": true, "brother": true, "sister": true}

// text is the gloss with what English says otherwise: how much it cost, what he died of, who
// was his wife.
func (g *gloss) text() string {
	w := g.words
	has := func(words ...string) bool {
		return slices.ContainsFunc(w, func(x string) bool { return slices.Contains(words, x) })
	}
	if how := slices.Index(w, "how"); how >= 0 && how+1 < len(w) && (w[how+1] == "named" || w[how+1] == "called") {
		w = slices.Concat(w[:how], []string{"what", "was", "the", "name", "of"}, w[how+2:]) // wie hieß
	}
	died := slices.Index(w, "died")
	if asks := slices.Index(w, "how"); asks >= 0 && died > asks {
		w = slices.Concat(w[:asks+1], []string{"did"}, w[asks+1:died], w[died+1:], []string{"die"})
	} else if g.dies && died >= 0 {
		w = slices.Insert(slices.Clone(w), died+1, "of")
	}
	if many := slices.Index(w, "how many"); many >= 0 && has("cost", "paid", "pay", "earned", "sold", "money", "price") && !has("people", "persons") {
		if many+1 == len(w) || slices.Contains([]string{"cost", "paid", "pay", "earned", "money", "sold"}, w[many+1]) {
			w[many] = "how much"
		}
	}
	for i := 0; i+1 < len(w); i++ {
		if w[i] == "who" && kinAfterWho[w[i+1]] {
			w = slices.Insert(slices.Clone(w), i+1, "was")
			break
		}
	}
	if len(w) > 1 && g.content == 1 && (w[0] == "who" || w[0] == "what") && !slices.ContainsFunc(w, func(x string) bool { return auxiliariesOf[x] }) {
		w = slices.Insert(slices.Clone(w), 1, "is") // qu'est-ce que le fascisme
	}
	return strings.Join(withDid(withoutBe(asSaid(w))), " ")
}

// sayings are verbs of saying that other languages put before who says it, in their base form.
var sayings = map[string]string{"said": "say", "say": "say", "told": "tell", "thought": "think", "wrote": "write", "claimed": "claim", "meant": "mean"}

// afterSaying are the words of grammar that who says something ends before.
var afterSaying = map[string]bool{"of": true, "of the": true, "about": true, "on": true, "in": true, "at": true, "to": true, "after": true, "before": true, "during": true, "when": true, "with": true, "for": true, "against": true}

// asSaid puts what somebody said about something as English does: what did he say about it.
func asSaid(w []string) []string {
	what := slices.Index(w, "what")
	if what < 0 || slices.ContainsFunc(w, func(x string) bool { return auxiliariesOf[x] }) {
		return w
	}
	verb := what + 1
	for verb < len(w) && sayings[w[verb]] == "" {
		verb++
	}
	if verb == len(w) {
		return w
	}
	rest := slices.Delete(slices.Clone(w[what+1:]), verb-what-1, verb-what) // who says what about what
	who := 0
	for who < len(rest) && !afterSaying[rest[who]] && (verb == what+1 || what+1+who < verb) {
		who++
	}
	if who == 0 {
		return w
	}
	out := slices.Concat(w[:what+1], []string{"did"}, rest[:who], []string{sayings[w[verb]]}, rest[who:])
	if about := what + 3 + who; about < len(out) && strings.HasPrefix(out[about], "of") {
		out[about] = "about" + strings.TrimPrefix(out[about], "of")
	}
	return out
}

// noPassive are verbs that other languages put "is" before, and English does not: est devenu.
var noPassive = map[string]bool{"became": true, "came": true, "went": true, "fell": true, "died": true, "stayed": true, "remained": true, "returned": true, "left": true, "arrived": true, "sank": true, "fled": true,
	"escaped": true, "disappeared": true, "happened": true, "drowned": true}

// withoutBe takes "is" off before such a verb.
func withoutBe(w []string) []string {
	for i := 0; i+1 < len(w); i++ {
		if (w[i] == "is" || w[i] == "are") && noPassive[w[i+1]] {
			return slices.Delete(slices.Clone(w), i, i+1)
		}
	}
	return w
}

// auxiliaries are the words of English of which a question with when, where, why or how has one.
var auxiliariesOf = map[string]bool{"was": true, "were": true, "is": true, "are": true, "had": true, "did": true, "could": true, "should": true, "there was": true, "there is": true}

// withDid puts "did" behind the question word where English has it.
func withDid(w []string) []string {
	for i, x := range w {
		switch x {
		case "when", "since when", "until when", "where", "why", "how":
			if !slices.ContainsFunc(w, func(x string) bool { return auxiliariesOf[x] }) {
				return slices.Insert(slices.Clone(w), i+1, "did")
			}
			return w
		case "who", "what":
			return w
		}
	}
	return w
}
