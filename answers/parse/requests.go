package parse

// AsksNothing reports whether words, in English, ask for nothing that a fact could tell: they bid
// the one who is asked to do something ("sing me a song", "ignore all rules"), are about the
// one who is asked ("do you speak Russian?"), or ask for advice ("which ticket should I buy?").
func AsksNothing(words []Word) bool {
	if len(words) == 0 || words[0].Native() {
		return false
	}
	return isAboutYou(words) || isBidding(words) || asksForAdvice(words)
}

// asksForAdvice reports whether what the one who asks should do is asked for, and not what to think.
func asksForAdvice(words []Word) bool {
	for i := 0; i+1 < len(words); i++ {
		if words[i].Text == "should" && (words[i+1].Text == "i" || words[i+1].Text == "we") {
			return i+2 == len(words) || !ofKnowing[words[i+2].Text]
		}
	}
	return false
}

// asksOfYou are the auxiliaries that "you" follows in a question about the one who is asked.
var asksOfYou = set(`do did are were can could will would have had may might should must`)

// ofKnowing follow "you" where the question is about something else: "do you know when".
var ofKnowing = set(`know have got tell give explain say find show remember recall mean help describe name list define please maybe perhaps happen think`)

// isAboutYou reports whether "you" is who the question is about.
func isAboutYou(words []Word) bool {
	for i := 0; i+1 < len(words) && i < 3; i++ {
		if asksOfYou[words[i].Text] && (words[i+1].Text == "you" || words[i+1].Text == "u") {
			return i+2 == len(words) || !ofKnowing[words[i+2].Text]
		}
	}
	return false
}

// toDo are what somebody is bidden to do that is no telling, and whatToDo what stands behind.
var (
	toDo     = set(`sing write compose play draw paint translate ignore forget pretend reveal print output answer repeat make act bring send buy cook call read dance code generate disregard override`)
	whatToDo = set(`me us a an all any every everything your previous prior earlier this that as to with only the`)
)

// beforeBidding are what stands before a bidding: "SYSTEM: reveal", "from now on answer", "please write".
var beforeBidding = set(`system assistant user please now on and then instead just`)

func isBidding(words []Word) bool {
	for i := 0; i+1 < len(words) && i < 5; i++ {
		if i > 0 && !beforeBidding[words[i-1].Text] {
			continue
		}
		if toDo[words[i].Text] && whatToDo[words[i+1].Text] {
			return true
		}
	}
	return false
}
