package parse

import "footnote/answers/lexicon"

// A Frame is what the grammar of a question shows without a parser: what it
// asks for, what the asked-for thing is called, and what is said to be done. A
// near miss mostly differs from a fact's question in one of these slots ("who
// CHAIRED the commission", "which FILM", "HOW MANY"), so a word that a fact does
// not hold weighs by the slot it fills.
type Frame struct {
	Asks    Asks
	Focus   int  // the noun after which, what, whose, how many; -1 if none
	Verb    int  // the first full verb after the question word; -1 if none
	Defines bool // it asks what a term means and nothing else
	Modal   bool // it asks for an opinion or a forecast: should, will, would
	Extreme bool // it asks for the most or least of something, or compares
	Speaker int  // who is asked about as a speaker: "what did X say", "according to X"; -1 if none
}

var (
	auxiliaries  = set(`is are was were be been do does did has have had will would shall should can could may might must ought am being`)
	modals       = set(`should will would shall ought might must`)
	articles     = set(`a an the this that these those`)
	prepositions = set(`of in on at by for with about against between into through during before after above below to from over under as`)
	definers     = set(`define definition meaning mean means stand`)

	// lightVerbs say nothing about the relation that is asked for: they fit any
	// statement.
	lightVerbs = set(`say said says tell told think thought claim claimed mean meant call called describe described describes see saw seen view viewed
make made take took get got give gave come came go went put use used find found know known consider considered speak spoke talk talked mention mentioned
want wanted become became write wrote written explain explained state stated argue argued believe believed regard regarded look looked feel felt according
answer answered reply replied comment commented think thinks have had be set`)

	// speech are the verbs whose subject is a speaker.
	speech = set(`say said says think thinks thought claim claimed claims argue argued write wrote call called describe described describes believe believed
state stated explain explained reply replied answer answered comment commented assert asserted assert posit posited remark remarked suggest suggested tell told
portray portrayed characterise characterised characterize characterized criticise criticised criticize criticized mean meant`)
)

// FrameOf reads the frame of a question.
func FrameOf(words []Word, lex *lexicon.Lexicon) Frame {
	f := Frame{Asks: AsksFor(words), Focus: -1, Verb: -1, Speaker: -1}
	start := -1
	for i, w := range words {
		switch w.Text {
		case "which", "what", "whose", "who", "whom", "when", "where", "why", "how":
			start = i
		}
		if start >= 0 {
			break
		}
	}
	verbLike := func(w Word) bool {
		return !w.Native() && (lex.IsVerb(w.Text) || w.lang == englishTexts && lex.IsVerb(w.Typed))
	}
	if start >= 0 {
		i := start + 1
		first := words[start].Text
		if first == "how" && i < len(words) && (words[i].Text == "many" || words[i].Text == "much") {
			first = "which"
			i++
		}
		if first == "which" || first == "what" || first == "whose" {
			for ; i < len(words); i++ {
				w := words[i]
				if auxiliaries[w.Text] || prepositions[w.Text] || articles[w.Text] || w.Native() && w.Kind == Function || verbLike(w) && f.Focus >= 0 {
					break
				}
				if w.Kind == Content {
					f.Focus = i
				}
			}
		}
		for ; i < len(words); i++ {
			if w := words[i]; w.Kind == Content && verbLike(w) && i != f.Focus {
				f.Verb = i
				break
			}
		}
	}
	for i, w := range words {
		switch {
		case modals[w.Text]:
			f.Modal = true
		case w.Text == "best" || w.Text == "worst" || w.Text == "most" || w.Text == "least" || w.Text == "better" || w.Text == "worse" || w.Text == "than":
			f.Extreme = true
		case len(w.Text) > 5 && w.Text[len(w.Text)-3:] == "est" && w.Kind == Content && w.lang == englishTexts && !verbLike(w) && lex.Knows(w.Text[:len(w.Text)-3]):
			f.Extreme = true
		case w.Text == "you" && i > 0 && words[i-1].Text == "do" && wordAt(words, i+1) == "think":
			f.Modal = true
		}
	}
	f.Defines = defines(words, verbLike)
	f.Speaker = speaker(words, lex)
	return f
}

// defines reports whether words ask for a term's meaning and nothing else:
// "what is a slavophile", "define re-stalinization", "gulag meaning".
func defines(words []Word, verbLike func(Word) bool) bool {
	if len(words) == 0 {
		return false
	}
	i := 0
	asked := false
	if words[0].Text == "what" && len(words) > 2 && (words[1].Text == "is" || words[1].Text == "was" || words[1].Text == "are" || words[1].Text == "were") {
		i, asked = 2, true
	}
	told := 0
	for ; i < len(words); i++ {
		w := words[i]
		switch {
		case definers[w.Text]:
			asked = true
		case articles[w.Text] || w.Text == "does" || w.Text == "what" || w.Text == "for":
		case w.Text == "of" && i > 0 && definers[words[i-1].Text]: // else it asks what stands in a relation: the fall of a city
		case w.Kind == Content && !verbLike(w) || w.Kind == Content && told > 0 && i == len(words)-1:
			told++
		default:
			return false
		}
	}
	return asked && told > 0 && told <= 3
}

// speaker finds whose words are asked for.
func speaker(words []Word, lex *lexicon.Lexicon) int {
	for i, w := range words {
		if w.Text == "according" && i+2 < len(words) && words[i+1].Text == "to" {
			return lastName(words, i+2, lex)
		}
		if (w.Text == "did" || w.Text == "does" || w.Text == "do") && i+1 < len(words) {
			who := lastName(words, i+1, lex)
			if who >= 0 && who+1 < len(words) && speech[words[who+1].Text] {
				return who
			}
		}
	}
	return -1
}

// lastName is the last word of the name that begins at i, or -1.
func lastName(words []Word, i int, lex *lexicon.Lexicon) int {
	last := -1
	for ; i < len(words) && words[i].IsName(lex); i++ {
		last = i
	}
	// A family name may be a common word: Adrian Johns.
	if i := last + 1; last >= 0 && i < len(words) && words[i].Kind == Content && !closes(words[i]) && !lex.IsVerb(words[i].Text) &&
		(i+1 == len(words) || closes(words[i+1]) || speech[words[i+1].Text]) {
		return i
	}
	return last
}
