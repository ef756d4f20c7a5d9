package answers

// A figure is one number that tells how a question stands to one fact. What the
// figures are worth is learned across packs (decision.go, learn_test.go); their signs are
// held by meaning where more of a figure can only speak for the fact, or only against it.
// Signs of likeness by letters and words must stay free: beside likeness in meaning, a
// question that shares nearly all words with a phrasing is more often one that exchanges the
// telling one.
type figure int

const (
	// By meaning: cosines of the sentence encoder's vectors.
	figCosine        figure = iota // with the nearest phrasing
	figCosine3                     // with the mean of the three nearest phrasings
	figCentred                     // with the nearest phrasing, both less the pack's mean
	figWhole                       // with the first phrasing and the answer in one text
	figDeviation                   // of figCosine from what phrasings of different facts usually have
	figCosineLead                  // figCosine less that of the best other fact
	figCentredLead                 //
	figWholeLead                   //
	figClass                       // the classifier's log-odds of the fact
	figClassLead                   // its logit less that of the best other fact
	figClassEnergy                 // ln Σ exp of all its logits less ln facts: how much the question is like anything
	figUnanswered                  // figCosine less the cosine with the nearest unanswered question, at most .15; .15 without any
	figNearestOfAll                // cosine with the nearest phrasing of any fact
	figDoubt                       // how much rather the question is like unanswered questions than like phrasings (doubt.go)
	figPredicate                   // cosine with the nearest phrasing, names, numbers and dates taken out of both
	figPredicateLead               // figPredicate less the nearest of any fact

	// By letters and words.
	figPhrasing      // BM25 of the nearest phrasing
	figPhrasingLead  //
	figText          // BM25 of the whole fact
	figTextLead      //
	figChars         // cosine of character runs with the nearest phrasing
	figCharsLead     //
	figUnansweredBy  // figChars less that of the nearest unanswered question, at most .3; .3 without any
	figCoverBest     // share of the question's weight that the closest phrasing holds
	figCoverFact     // that any phrasing of the fact holds
	figCoverBeyond   // that only answer, detail, keywords, people, dates or sources hold
	figElsewhere     // that this fact does not hold and another does
	figNowhere       // that no fact holds
	figReverse       // share of the closest phrasing's weight that the question holds
	figMissing       // number of the words that the fact does not hold, at most 5
	figMissingWeight // the heaviest of them
	figWords         // ln(1 + telling words)

	// By what is exchanged: words are aligned with the closest phrasing.
	figCoverSense     // figCoverFact with synonyms, derivations and peoples of a country
	figMissingSense   // the heaviest word that has not even such a one
	figReverseSense   // figReverse with synonyms
	figOpposite       // a word is the opposite of one of the phrasing's
	figSister         // number of words that are another thing of the same kind, at most 2
	figBroader        // share that is a broader or narrower word
	figNameMissing    // names that the fact does not hold, at most 2
	figNumberMissing  // a number that it does not hold
	figDateMissing    // a date that disagrees with its dates
	figDateAgrees     // a date that agrees with its dates
	figDayDisagrees   // it agrees in the year and not in the day
	figNegation       // question and closest phrasing differ in negation
	figNegationUnseen // a negation that no phrasing has
	figRelation       // it asks for another relation (wife, architect, successor …) than the phrasing
	figRelationUnheld // it asks for a relation of which the fact has no word
	figRank           // first, last, only, next and the like are the question's and not the fact's
	figUnique         // share of its weight that this fact holds and no other
	figBare           // it is a name or a term alone, which this fact holds
	figOrder          // before, after, since, until are the question's and not the phrasing's

	// By what is asked.
	figWhen  // it asks when, no phrasing does, and the fact names no date
	figWhere // likewise
	figWho   //
	figWhy   //
	figMany  //
	figTells // the fact can tell what is asked: a date for when, a number for how many
	figAsks  // 1 if the closest phrasing asks the same kind of thing, −1 if another

	// Of the pack.
	figPhrasings // ln of the fact's phrasings
	figFacts     // ln of the pack's facts

	// Of the fact's place among the candidates, by the ranker's scores.
	figLead  // first less second
	figShare // the first one's share of all exponentials
	figScore // the first one's score
	figDepth // first less fourth

	// Hard evidence (evidence.go), each 0 or 1.
	figHard
	figures = figHard + hardKinds
)

// A sign says how a figure may count.
type sign int8

const (
	free    sign = 0
	helps   sign = 1
	against sign = -1
)

// A figureKind is what is known of a figure before anything is learned.
type figureKind struct {
	name    string
	sign    sign
	meaning bool // needs the encoder
	rank    bool // tells candidates of one question apart, so that the ranker sees it
}

var figureKinds = func() [figures]figureKind {
	k := [figures]figureKind{
		figCosine:        {"cosine", helps, true, true},
		figCosine3:       {"cosine of three", helps, true, true},
		figCentred:       {"centred cosine", helps, true, true},
		figWhole:         {"cosine of the whole fact", helps, true, true},
		figDeviation:     {"deviation", helps, true, false},
		figCosineLead:    {"lead by cosine", free, true, true},
		figCentredLead:   {"lead by centred cosine", free, true, true},
		figWholeLead:     {"lead by whole fact", free, true, true},
		figClass:         {"class", helps, true, true},
		figClassLead:     {"lead by class", free, true, true},
		figClassEnergy:   {"energy", helps, true, false},
		figUnanswered:    {"unanswered by meaning", helps, true, false},
		figNearestOfAll:  {"nearest phrasing", free, true, false},
		figDoubt:         {"doubt", against, true, false},
		figPredicate:     {"cosine of the predicate", helps, true, true},
		figPredicateLead: {"lead by predicate", free, true, true},

		figPhrasing:      {"BM25 of phrasings", free, false, true},
		figPhrasingLead:  {"lead by phrasings", free, false, true},
		figText:          {"BM25 of the fact", free, false, true},
		figTextLead:      {"lead by text", free, false, true},
		figChars:         {"characters", free, false, true},
		figCharsLead:     {"lead by characters", free, false, true},
		figUnansweredBy:  {"unanswered by characters", helps, false, false},
		figCoverBest:     {"held by the phrasing", free, false, true},
		figCoverFact:     {"held by phrasings", free, false, true},
		figCoverBeyond:   {"held by the rest of the fact", free, false, true},
		figElsewhere:     {"held elsewhere", against, false, true},
		figNowhere:       {"held nowhere", against, false, false},
		figReverse:       {"phrasing held", free, false, true},
		figMissing:       {"missing words", against, false, true},
		figMissingWeight: {"heaviest missing word", against, false, true},
		figWords:         {"words", free, false, false},

		figCoverSense:     {"held by sense", helps, false, true},
		figMissingSense:   {"missing by sense", against, false, true},
		figReverseSense:   {"phrasing held by sense", free, false, true},
		figOpposite:       {"opposite", against, false, true},
		figSister:         {"another of its kind", against, false, true},
		figBroader:        {"broader or narrower", free, false, true},
		figNameMissing:    {"names missing", against, false, true},
		figNumberMissing:  {"number missing", against, false, true},
		figDateMissing:    {"date disagrees", against, false, true},
		figDateAgrees:     {"date agrees", helps, false, true},
		figDayDisagrees:   {"day disagrees", against, false, true},
		figNegation:       {"negation differs", against, false, true},
		figNegationUnseen: {"negation unseen", against, false, true},
		figRelation:       {"another relation", against, false, true},
		figRelationUnheld: {"relation unheld", against, false, true},
		figRank:           {"first or last", against, false, true},
		figUnique:         {"held by no other", free, false, true},
		figBare:           {"bare name", helps, false, true},
		figOrder:          {"before or after", against, false, true},

		figWhen:  {"when", against, false, true},
		figWhere: {"where", against, false, true},
		figWho:   {"who", against, false, true},
		figWhy:   {"why", against, false, true},
		figMany:  {"how many", against, false, true},
		figTells: {"tells", helps, false, true},
		figAsks:  {"asks the same", helps, false, true},

		figPhrasings: {"phrasings", free, false, true},
		figFacts:     {"facts", free, false, false},

		figLead:  {"lead", helps, false, false},
		figShare: {"share", helps, false, false},
		figScore: {"score", free, false, false},
		figDepth: {"depth", helps, false, false},
	}
	for h, name := range hardNames {
		k[figHard+figure(h)] = figureKind{"against: " + name, against, false, false}
	}
	return k
}()

// A vectorOfFigures holds a question's figures for one fact.
type figuresOf [figures]float32
