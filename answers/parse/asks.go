package parse

// Asks is what kind of thing a question wants to know. It is weak evidence: a
// fact that was phrased with "when" and tells a place answers "where" too.
type Asks uint8

const (
	AsksOther Asks = iota // which, what, yes-or-no, keywords
	AsksWho
	AsksWhen
	AsksWhere
	AsksWhy
	AsksHowMany
	AsksHow
)

// The nouns after which, what and "the … of" that say what is asked.
var (
	timeNouns = set(`year years date dates day month century decade time period era millennium week season hour`)

	placeNouns = set(`city cities country countries place places town towns station village region state province continent island location site spot capital district
county area territory nation republic kingdom harbour harbor port sea ocean river hometown birthplace`)

	personNouns = set(`person people man woman politician philosopher leader scholar author historian writer sociologist emperor empress king queen sultan pope tsar tsarina czar
shah caliph khan pharaoh general admiral marshal president chancellor minister premier senator governor ambassador architect painter artist sculptor composer poet
novelist playwright physicist scientist chemist mathematician astronomer engineer inventor explorer navigator bishop archbishop patriarch cardinal monk saint prince princess
duke duchess count countess commander officer spy astronaut cosmonaut pilot dictator ruler monarch statesman diplomat revolutionary reformer journalist director actor
actress singer economist psychologist dissident activist`)

	amountNouns = set(`percentage percent share proportion fraction number amount population size length height weight width depth age cost price distance quantity total strength
speed area temperature duration toll`)

	reasonNouns = set(`reason reasons cause causes purpose motive motives`)

	// measures go after how and ask for a number.
	measures = set(`long old often far big large tall high deep fast wide heavy strong small short young rich quickly frequently expensive hot cold thick numerous`)

	// pastTimes go after how and ask for a time.
	pastTimes = set(`late early recently soon`)
)

// tellVerbs go after "do you", "can you" and the like where the question follows.
var tellVerbs = set(`know tell explain remind remember say show find recall give please describe`)

// AsksFor reads the question word. Only the first counts: "what did he say when
// …" asks what. A question that wants yes or no asks nothing else, whatever words
// it goes on with: "was it Stalin who …".
func AsksFor(words []Word) Asks {
	words = words[askedFrom(words):]
	if yesOrNo(words) {
		return AsksOther
	}
	for i, w := range words {
		next, after := wordAt(words, i+1), wordAt(words, i+2)
		switch w.Text {
		case "who", "whom", "whose":
			return AsksWho
		case "when":
			return AsksWhen
		case "where", "whereabouts", "whence":
			return AsksWhere
		case "why", "wherefore":
			return AsksWhy
		case "how":
			switch {
			case next == "many" || next == "much":
				return AsksHowMany
			case next == "come":
				return AsksWhy
			case next == "long" && after == "ago", pastTimes[next]:
				return AsksWhen
			case measures[next]:
				return AsksHowMany
			}
			return AsksHow
		case "what", "which":
			return asksNoun(words, i)
		case "date", "year":
			if i == 0 {
				return AsksWhen
			}
		case "reason", "reasons":
			if i == 0 {
				return AsksWhy
			}
		case "number", "percentage":
			if i == 0 && next == "of" {
				return AsksHowMany
			}
		}
	}
	return AsksOther
}

// asksNoun reads what a question with which or what at i asks for.
func asksNoun(words []Word, i int) Asks {
	noun, before := wordAt(words, i+1), ""
	if i > 0 {
		before = words[i-1].Text
	}
	switch {
	case noun == "for" && i+2 == len(words), noun == "caused", noun == "causes", noun == "prompted", noun == "motivated":
		return AsksWhy
	case noun == "led" && wordAt(words, i+2) == "to", noun == "made" && i+3 < len(words) && (words[i+3].Kind == Content || words[i+3].Kind == Function && wordAt(words, i+4) != ""):
		return AsksWhy
	}
	j := i + 1
	plural := false
	switch noun {
	case "is", "was", "are", "were":
		// "What was the date of …": the noun after the article is what is asked for.
		j++
		if !articles[wordAt(words, j)] && wordAt(words, j) != "his" && wordAt(words, j) != "her" && wordAt(words, j) != "their" && wordAt(words, j) != "its" {
			if wordAt(words, len(words)-1) == "for" && !knownFor[wordAt(words, len(words)-2)] && len(words) > i+3 {
				return AsksWhy
			}
			return AsksOther
		}
		j++
		plural = true
	case "of":
		j += 2 // which of the years
	}
	for k := j; k < len(words) && k < j+3; k++ { // great city, exact date
		w := words[k]
		if kind := nounAsks(w.Text); kind != AsksOther {
			if plural && (kind == AsksWho || kind == AsksWhere && w.Text != "capital" && w.Text != "location" && w.Text != "birthplace" && w.Text != "hometown") {
				return AsksOther // "what was the city called" is no question for a place
			}
			if w.Text == "time" && plural {
				return AsksOther
			}
			if w.Text == "name" || w.Text == "names" {
				break
			}
			return kind
		}
		if (w.Text == "name" || w.Text == "names") && plural && wordAt(words, k+1) == "of" {
			n := k + 2
			if articles[wordAt(words, n)] {
				n++
			}
			for ; n < len(words) && n < k+6 && words[n].Kind == Content; n++ {
				if personNouns[words[n].Text] {
					return AsksWho
				}
			}
			return AsksOther
		}
		if w.Kind != Content {
			break
		}
		if _, tens := numerals[w.Text]; !tens && !adjectives[w.Text] && (plural || k > j) {
			break
		}
		if !adjectives[w.Text] && k == j && !plural && !personAfter(words, k+1) {
			break
		}
	}
	if wordAt(words, len(words)-1) == "for" && len(words) > i+3 && !knownFor[wordAt(words, len(words)-2)] && before != "for" && (noun == "did" || noun == "does" || noun == "do" || noun == "was" || noun == "is" || noun == "were") {
		return AsksWhy
	}
	return AsksOther
}

// personAfter reports whether the next word is that for a person: which Roman emperor.
func personAfter(words []Word, i int) bool {
	return personNouns[wordAt(words, i)] || placeNouns[wordAt(words, i)]
}

// adjectives may stand between which and the noun that is asked for.
var adjectives = set(`exact great big famous first last total average modern ancient german french british english russian soviet american roman greek byzantine ottoman
italian spanish polish chinese japanese turkish european specific precise approximate estimated main major calendar final original`)

// knownFor are the words after which "for" asks for no reason.
var knownFor = set(`known famous called stand stands stood remembered responsible renowned short used noted look looking`)

func nounAsks(noun string) Asks {
	switch {
	case timeNouns[noun]:
		return AsksWhen
	case placeNouns[noun]:
		return AsksWhere
	case personNouns[noun]:
		return AsksWho
	case amountNouns[noun]:
		return AsksHowMany
	case reasonNouns[noun]:
		return AsksWhy
	}
	return AsksOther
}

// askedFrom is where the question begins behind "do you know", "can you tell me".
func askedFrom(words []Word) int {
	for i := 0; i < len(words) && i < 6; i++ {
		if tellVerbs[words[i].Text] && i > 0 {
			for j := range i {
				if s := words[j].Text; s == "you" || s == "anyone" || s == "anybody" || s == "somebody" || s == "someone" || s == "i" {
					return i + 1
				}
			}
		}
	}
	return 0
}

// yesOrNo reports whether words begin as a question does that wants yes or no.
func yesOrNo(words []Word) bool {
	i := 0
	for i < len(words) && (openings[words[i].Text] || words[i].Kind == Negation && i > 0) {
		i++
	}
	if i >= len(words) || !auxiliaries[words[i].Text] || words[i].Kind == Month || i+1 >= len(words) {
		return false
	}
	switch words[i].Text {
	case "do", "be", "being", "been", "am", "done", "might", "must", "may", "have", "had", "has": // they begin other sentences too
		return words[i+1].Kind == Content || subjects[words[i+1].Text]
	}
	return !questionWord[words[i+1].Text]
}

var questionWord = set(`who whom whose which what when where why how`)

func wordAt(words []Word, i int) string {
	if i >= 0 && i < len(words) {
		return words[i].Text
	}
	return ""
}
