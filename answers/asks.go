package answers

// asks is what kind of thing a question wants to know. It is weak evidence: a
// fact that was phrased with "when" and tells a place answers "where" too.
type asks uint8

const (
	asksOther asks = iota // which, what, yes-or-no, keywords
	asksWho
	asksWhen
	asksWhere
	asksWhy
	asksHowMany
	asksHow
)

// asksFor reads the question word. Only the first counts: "what did he say when
// …" asks what.
func asksFor(words []word) asks {
	for i, w := range words {
		next, after := wordAt(words, i+1), wordAt(words, i+2)
		switch w.text {
		case "who", "whom", "whose":
			return asksWho
		case "when":
			return asksWhen
		case "where":
			return asksWhere
		case "why", "wherefore":
			return asksWhy
		case "how":
			switch next {
			case "many", "much":
				return asksHowMany
			case "come":
				return asksWhy
			case "long", "old", "often", "far", "big", "large", "tall":
				return asksHowMany
			}
			return asksHow
		case "what", "which", "in", "on", "at":
			switch next {
			case "year", "date", "day", "month", "century", "decade", "time":
				return asksWhen
			case "what", "which":
				switch after {
				case "year", "date", "day", "month", "century", "decade":
					return asksWhen
				case "city", "country", "place", "town":
					return asksWhere
				}
				continue
			case "city", "country", "place", "town", "station":
				return asksWhere
			case "person", "politician", "philosopher", "leader", "scholar", "author", "historian", "writer", "sociologist":
				return asksWho
			case "for":
				if i+2 == len(words) {
					return asksWhy
				}
			case "reason", "reasons":
				return asksWhy
			}
			if w.text == "what" || w.text == "which" {
				if (next == "is" || next == "was") && articles[after] {
					after = wordAt(words, i+3)
				}
				if (next == "is" || next == "was") && (after == "reason" || after == "cause") {
					return asksWhy
				}
				return asksOther
			}
		case "date", "year":
			if i == 0 {
				return asksWhen
			}
		case "reason", "reasons":
			if i == 0 {
				return asksWhy
			}
		}
	}
	return asksOther
}

func wordAt(words []word, i int) string {
	if i < len(words) {
		return words[i].text
	}
	return ""
}
