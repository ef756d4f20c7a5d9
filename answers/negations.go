package answers

// readNegations finds the negations that deny nothing: those of a question that
// wants a yes ("Didn't he denounce him in 1956?", "…, didn't he?"), of whoever asks
// ("I don't know when"), and of "yes or no", "not only" and "no. 5".
func readNegations(words []word) {
	opening := 0 // where the first clause begins
	for opening < len(words) && openings[words[opening].text] {
		opening++
	}
	for i := range words {
		w := &words[i]
		if w.kind != negation {
			continue
		}
		before, next := last(words[:i]), first(words[i+1:])
		begins := i-1 == opening || i > 1 && ends(words[i-1])
		contracted := i > 0 && auxiliaries[before.text] && before.typed == w.typed
		deny := true
		switch {
		case w.text == "not" && contracted && begins: // didn't he …
			deny = false
		case w.text == "not" && contracted && i+2 == len(words) && subjects[next.text] && (closes(before) || next.text != "there" && next.text != "that" && next.text != "this"): // …, didn't he
			deny = false
		case w.text == "not" && i > 1 && words[i-2].text == "i" && auxiliaries[before.text]: // I don't know when …
			deny = false
		case w.text == "not" && i > 1 && subjects[before.text] && i-2 == opening && auxiliaries[words[i-2].text] && (before.text == "it" || before.text == "you"): // was it not he who …
			deny = false
		case w.text == "not" && (next.text == "only" || next.text == "just" || next.text == "merely" || next.text == "sure" || next.text == "certain"):
			deny = false
		case w.text == "not" && before.text == "or":
			deny = false
		case w.text == "no" && (before.text == "or" || next.text == "doubt" || next.text == "matter"):
			deny = false
		case w.text == "no" && next.kind == number && (w.point || next.before == ' ') && !counts(first(words[min(i+2, len(words)):])): // order no. 227
			deny = false
		case w.text == "no" && w.point && next.text == "of": // no. of ships
			deny = false
			w.text, w.key = "number", stem("number")
		case w.text == "no" && i == 0 && next.before&^loose == ',': // no, I meant …
			deny = false
		case w.text == "never" && next.text == "mind":
			deny = false
		}
		if !deny {
			w.kind = function
			if w.text == "number" {
				w.kind = content
			}
		}
	}
}

// openings go before what is asked.
var openings = set(`and but so ok well hey hi hello wait now then also btw just oh hm actually please because`)

// subjects are the pronouns that may stand after an auxiliary.
var subjects = set(`i you he she it we they there that this`)

// ends reports whether the mark before w ends a sentence or a clause.
func ends(w word) bool { return closes(w) || w.before == '-'|loose }
