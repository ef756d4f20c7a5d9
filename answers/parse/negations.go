package parse

// readNegations finds the negations that deny nothing: those of a question that
// wants a yes ("Didn't he denounce him in 1956?", "…, didn't he?"), of whoever asks
// ("I don't know when"), and of "yes or no", "not only" and "no. 5".
func readNegations(words []Word) {
	opening := 0 // where the first clause begins
	for opening < len(words) && openings[words[opening].Text] {
		opening++
	}
	for i := range words {
		w := &words[i]
		if w.Kind != Negation {
			continue
		}
		before, next := last(words[:i]), first(words[i+1:])
		begins := i-1 == opening || i > 1 && ends(words[i-1])
		contracted := i > 0 && auxiliaries[before.Text] && before.Typed == w.Typed
		deny := true
		switch {
		case w.Text == "not" && contracted && begins: // didn't he …
			deny = false
		case w.Text == "not" && contracted && i+2 == len(words) && subjects[next.Text] && (closes(before) || next.Text != "there" && next.Text != "that" && next.Text != "this"): // …, didn't he
			deny = false
		case w.Text == "not" && i > 1 && words[i-2].Text == "i" && auxiliaries[before.Text]: // I don't know when …
			deny = false
		case w.Text == "not" && i > 1 && subjects[before.Text] && i-2 == opening && auxiliaries[words[i-2].Text] && (before.Text == "it" || before.Text == "you"): // was it not he who …
			deny = false
		case w.Text == "not" && (next.Text == "only" || next.Text == "just" || next.Text == "merely" || next.Text == "sure" || next.Text == "certain"):
			deny = false
		case w.Text == "not" && before.Text == "or":
			deny = false
		case w.Text == "no" && (before.Text == "or" || next.Text == "doubt" || next.Text == "matter"):
			deny = false
		case w.Text == "no" && next.Kind == Number && (w.point || next.Before == ' ') && !counts(first(words[min(i+2, len(words)):])): // order no. 227
			deny = false
		case w.Text == "no" && w.point && next.Text == "of": // no. of ships
			deny = false
			w.Text, w.Key = "number", Stem("number")
		case w.Text == "no" && i == 0 && next.Before&^loose == ',': // no, I meant …
			deny = false
		case w.Text == "never" && next.Text == "mind":
			deny = false
		}
		if !deny {
			w.Kind = Function
			if w.Text == "number" {
				w.Kind = Content
			}
		}
	}
}

// openings go before what is asked.
var openings = set(`and but so ok well hey hi hello wait now then also btw just oh hm actually please because`)

// subjects are the pronouns that may stand after an auxiliary.
var subjects = set(`i you he she it we they there that this`)

// ends reports whether the mark before w ends a sentence or a clause.
func ends(w Word) bool { return closes(w) || w.Before == '-'|loose }
