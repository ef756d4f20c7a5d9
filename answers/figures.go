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
	figStandard                    // figCosine less what phrasings of different facts usually have, in standard deviations
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
	figUnansweredBy  // figChars less that of the nearest unanswered question, at most .15; .15 without any
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
	figOpposite       // a word is the opposite of one of the phrasing's, or before stands for after
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
	figOrder          // before or after, or words like them, are the question's and not the phrasing's

	// By what is asked.
	figWhen  // it asks when, no phrasing does, and the fact names no date
	figWhere // likewise
	figWho   //
	figWhy   //
	figMany  //
	figTells // the fact can tell what is asked: a date for when, a number for how many
	figAsks  // 1 if the closest phrasing asks the same kind of thing, −1 if another

	figDetailUntold // it asks for a height, a price, a cause of death …, and the fact tells none
	figDetailTold   // and the fact tells one
	figAnotherTime  // it asks what happened again, or of a second one, and the fact knows of one
	figSuccession   // it asks who came before or after, and the fact tells of no order
	figNamesNobody  // it asks who, or for a name, and the fact has no name but those of the question

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

	// least is how much it counts against a sure answer at the least, in log-odds. It is set
	// for what is too rare in the material to be learned, and plain to anybody who reads: a
	// negation, an opposite, another number, a reason that is not told.
	least float64
}

var figureKinds = func() [figures]figureKind {
	k := [figures]figureKind{
		figCosine:        {name: "cosine", sign: helps, meaning: true, rank: true},
		figCosine3:       {name: "cosine of three", sign: helps, meaning: true, rank: true},
		figCentred:       {name: "centred cosine", sign: helps, meaning: true, rank: true},
		figWhole:         {name: "cosine of the whole fact", sign: helps, meaning: true, rank: true},
		figStandard:      {name: "standard score", sign: helps, meaning: true, rank: false},
		figCosineLead:    {name: "lead by cosine", sign: free, meaning: true, rank: true},
		figCentredLead:   {name: "lead by centred cosine", sign: free, meaning: true, rank: true},
		figWholeLead:     {name: "lead by whole fact", sign: free, meaning: true, rank: true},
		figClass:         {name: "class", sign: helps, meaning: true, rank: true},
		figClassLead:     {name: "lead by class", sign: free, meaning: true, rank: true},
		figClassEnergy:   {name: "energy", sign: helps, meaning: true, rank: false},
		figUnanswered:    {name: "unanswered by meaning", sign: helps, meaning: true, rank: false},
		figNearestOfAll:  {name: "nearest phrasing", sign: free, meaning: true, rank: false},
		figDoubt:         {name: "doubt", sign: against, meaning: true, rank: false},
		figPredicate:     {name: "cosine of the predicate", sign: helps, meaning: true, rank: true},
		figPredicateLead: {name: "lead by predicate", sign: free, meaning: true, rank: true},

		figPhrasing:      {name: "BM25 of phrasings", sign: free, meaning: false, rank: true},
		figPhrasingLead:  {name: "lead by phrasings", sign: free, meaning: false, rank: true},
		figText:          {name: "BM25 of the fact", sign: free, meaning: false, rank: true},
		figTextLead:      {name: "lead by text", sign: free, meaning: false, rank: true},
		figChars:         {name: "characters", sign: free, meaning: false, rank: true},
		figCharsLead:     {name: "lead by characters", sign: free, meaning: false, rank: true},
		figUnansweredBy:  {name: "unanswered by characters", sign: helps, meaning: false, rank: false},
		figCoverBest:     {name: "held by the phrasing", sign: free, meaning: false, rank: true},
		figCoverFact:     {name: "held by phrasings", sign: free, meaning: false, rank: true},
		figCoverBeyond:   {name: "held by the rest of the fact", sign: free, meaning: false, rank: true},
		figElsewhere:     {name: "held elsewhere", sign: against, meaning: false, rank: true},
		figNowhere:       {name: "held nowhere", sign: against, meaning: false, rank: false},
		figReverse:       {name: "phrasing held", sign: free, meaning: false, rank: true},
		figMissing:       {name: "missing words", sign: against, meaning: false, rank: true},
		figMissingWeight: {name: "heaviest missing word", sign: against, meaning: false, rank: true},
		figWords:         {name: "words", sign: free, meaning: false, rank: false},

		figCoverSense:     {name: "held by sense", sign: helps, meaning: false, rank: true},
		figMissingSense:   {name: "missing by sense", sign: against, meaning: false, rank: true},
		figReverseSense:   {name: "phrasing held by sense", sign: free, meaning: false, rank: true},
		figOpposite:       {name: "opposite", sign: against, meaning: false, rank: true},
		figSister:         {name: "another of its kind", sign: against, meaning: false, rank: true},
		figBroader:        {name: "broader or narrower", sign: free, meaning: false, rank: true},
		figNameMissing:    {name: "names missing", sign: against, meaning: false, rank: true},
		figNumberMissing:  {name: "number missing", sign: against, meaning: false, rank: true},
		figDateMissing:    {name: "date disagrees", sign: against, meaning: false, rank: true},
		figDateAgrees:     {name: "date agrees", sign: helps, meaning: false, rank: true},
		figDayDisagrees:   {name: "day disagrees", sign: against, meaning: false, rank: true},
		figNegation:       {name: "negation differs", sign: against, meaning: false, rank: true},
		figNegationUnseen: {name: "negation unseen", sign: against, meaning: false, rank: true},
		figRelation:       {name: "another relation", sign: against, meaning: false, rank: true},
		figRelationUnheld: {name: "relation unheld", sign: against, meaning: false, rank: true},
		figRank:           {name: "first or last", sign: against, meaning: false, rank: true},
		figUnique:         {name: "held by no other", sign: free, meaning: false, rank: true},
		figBare:           {name: "bare name", sign: helps, meaning: false, rank: true},
		figOrder:          {name: "before or after", sign: against, meaning: false, rank: true},

		figWhen:  {name: "when", sign: against, meaning: false, rank: true},
		figWhere: {name: "where", sign: against, meaning: false, rank: true},
		figWho:   {name: "who", sign: against, meaning: false, rank: true},
		figWhy:   {name: "why", sign: against, meaning: false, rank: true},
		figMany:  {name: "how many", sign: against, meaning: false, rank: true},
		figTells: {name: "tells", sign: helps, meaning: false, rank: true},
		figAsks:  {name: "asks the same", sign: helps, meaning: false, rank: true},

		figDetailUntold: {name: "detail untold", sign: against, meaning: false, rank: true},
		figDetailTold:   {name: "detail told", sign: helps, meaning: false, rank: true},
		figAnotherTime:  {name: "another time", sign: against, meaning: false, rank: true},
		figSuccession:   {name: "succession untold", sign: against, meaning: false, rank: true},
		figNamesNobody:  {name: "names nobody", sign: against, meaning: false, rank: true},

		figPhrasings: {name: "phrasings", sign: free, meaning: false, rank: true},
		figFacts:     {name: "facts", sign: free, meaning: false, rank: false},

		figLead:  {name: "lead", sign: helps, meaning: false, rank: false},
		figShare: {name: "share", sign: helps, meaning: false, rank: false},
		figScore: {name: "score", sign: free, meaning: false, rank: false},
		figDepth: {name: "depth", sign: helps, meaning: false, rank: false},
	}
	for h, name := range hardNames {
		k[figHard+figure(h)] = figureKind{name: "against: " + name, sign: against}
	}
	for i, least := range map[figure]float64{figNumberMissing: 1.2, figOpposite: 1.8, figNegation: 1.5, figNegationUnseen: .7, figWhy: 1.5} {
		k[i].least = least
	}
	return k
}()

// A vectorOfFigures holds a question's figures for one fact.
type figuresOf [figures]float32
