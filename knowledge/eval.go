package knowledge

// Eval is a pack's own examination: questions that must find a fact, and
// questions that must be declined. None of them is a phrasing of the pack.
type Eval struct {
	Find    []FindCase
	Decline []DeclineCase
}

// A FindCase is a question that must be answered with one of Facts.
type FindCase struct {
	Question string
	Facts    []string // ids; a question listed under several facts may find any of them
	Place    Place
}

// A DeclineCase is a question that must be declined.
type DeclineCase struct {
	Question string // may be empty
	Kind     DeclineKind
	Place    Place
}

// DeclineKind says why a question must be declined.
type DeclineKind string

// The kinds of questions to decline.
const (
	NearMiss     DeclineKind = "near-miss"     // the pack's people or words, but nothing that it holds
	OtherHistory DeclineKind = "other-history" // history that the pack does not cover
	SmallTalk    DeclineKind = "small-talk"    // greetings, thanks, questions about the bot
	Noise        DeclineKind = "noise"         // no question at all
	Hostile      DeclineKind = "hostile"       // attempts to mislead or break the bot
	Empty        DeclineKind = "empty"         // nothing readable
)

func declineKinds() []string {
	return []string{string(NearMiss), string(OtherHistory), string(SmallTalk), string(Noise), string(Hostile), string(Empty)}
}
