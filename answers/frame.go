package answers

import "footnote/answers/lexicon"

// A frame is what the grammar of a question shows without a parser: what it
// asks for, what the asked-for thing is called, and what is said to be done. A
// near miss mostly differs from a fact's question in one of these slots ("who
// CHAIRED the commission", "which FILM", "HOW MANY"), so a word that a fact does
// not hold weighs by the slot it fills.
type frame struct {
	asks    asks
	focus   int  // the noun after which, what, whose, how many; -1 if none
	verb    int  // the first full verb after the question word; -1 if none
	defines bool // it asks what a term means and nothing else
	modal   bool // it asks for an opinion or a forecast: should, will, would
	extreme bool // it asks for the most or least of something, or compares
	speaker int  // who is asked about as a speaker: "what did X say", "according to X"; -1 if none
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

// parse reads the frame of a question.
func parse(words []word, lex *lexicon.Lexicon) frame {
	f := frame{asks: asksFor(words), focus: -1, verb: -1, speaker: -1}
	start := -1
	for i, w := range words {
		switch w.text {
		case "which", "what", "whose", "who", "whom", "when", "where", "why", "how":
			start = i
		}
		if start >= 0 {
			break
		}
	}
	verbLike := func(w word) bool {
		return !w.native() && (lex.IsVerb(w.text) || w.lang == englishTexts && lex.IsVerb(w.typed))
	}
	if start >= 0 {
		i := start + 1
		first := words[start].text
		if first == "how" && i < len(words) && (words[i].text == "many" || words[i].text == "much") {
			first = "which"
			i++
		}
		if first == "which" || first == "what" || first == "whose" {
			for ; i < len(words); i++ {
				w := words[i]
				if auxiliaries[w.text] || prepositions[w.text] || articles[w.text] || w.native() && w.kind == function || verbLike(w) && f.focus >= 0 {
					break
				}
				if w.kind == content {
					f.focus = i
				}
			}
		}
		for ; i < len(words); i++ {
			if w := words[i]; w.kind == content && verbLike(w) && i != f.focus {
				f.verb = i
				break
			}
		}
	}
	for i, w := range words {
		switch {
		case modals[w.text]:
			f.modal = true
		case w.text == "best" || w.text == "worst" || w.text == "most" || w.text == "least" || w.text == "better" || w.text == "worse" || w.text == "than":
			f.extreme = true
		case len(w.text) > 5 && w.text[len(w.text)-3:] == "est" && w.kind == content && w.lang == englishTexts && !verbLike(w) && lex.Knows(w.text[:len(w.text)-3]):
			f.extreme = true
		case w.text == "you" && i > 0 && words[i-1].text == "do" && wordAt(words, i+1) == "think":
			f.modal = true
		}
	}
	f.defines = defines(words, verbLike)
	f.speaker = speaker(words, lex)
	return f
}

// defines reports whether words ask for a term's meaning and nothing else:
// "what is a slavophile", "define re-stalinization", "gulag meaning".
func defines(words []word, verbLike func(word) bool) bool {
	if len(words) == 0 {
		return false
	}
	i := 0
	asked := false
	if words[0].text == "what" && len(words) > 2 && (words[1].text == "is" || words[1].text == "was" || words[1].text == "are" || words[1].text == "were") {
		i, asked = 2, true
	}
	told := 0
	for ; i < len(words); i++ {
		w := words[i]
		switch {
		case definers[w.text]:
			asked = true
		case articles[w.text] || w.text == "does" || w.text == "what" || w.text == "for":
		case w.text == "of" && i > 0 && definers[words[i-1].text]: // else it asks what stands in a relation: the fall of a city
		case w.kind == content && !verbLike(w) || w.kind == content && told > 0 && i == len(words)-1:
			told++
		default:
			return false
		}
	}
	return asked && told > 0 && told <= 3
}

// speaker finds whose words are asked for.
func speaker(words []word, lex *lexicon.Lexicon) int {
	for i, w := range words {
		if w.text == "according" && i+2 < len(words) && words[i+1].text == "to" {
			return lastName(words, i+2, lex)
		}
		if (w.text == "did" || w.text == "does" || w.text == "do") && i+1 < len(words) {
			who := lastName(words, i+1, lex)
			if who >= 0 && who+1 < len(words) && speech[words[who+1].text] {
				return who
			}
		}
	}
	return -1
}

// lastName is the last word of the name that begins at i, or -1.
func lastName(words []word, i int, lex *lexicon.Lexicon) int {
	last := -1
	for ; i < len(words) && words[i].isName(lex); i++ {
		last = i
	}
	// A family name may be a common word: Adrian Johns.
	if i := last + 1; last >= 0 && i < len(words) && words[i].kind == content && !closes(words[i]) && !lex.IsVerb(words[i].text) &&
		(i+1 == len(words) || closes(words[i+1]) || speech[words[i+1].text]) {
		return i
	}
	return last
}
