package bot

// A Quiz is a question with answers to choose from, for adapters whose platform has such a thing
// of its own: people choose there, see at once whether they were right, and why. Others show the
// blocks and the buttons of the reply, which say the same.
type Quiz struct {
	Question    string   // at most MaxQuizQuestion characters
	Options     []string // two to ten, of at most MaxQuizOption characters
	Right       int      // the index of the right one
	Explanation string   // at most MaxQuizExplanation characters; its last line is the citation
	Beside      []Button // what is offered with it
}

// Limits of a quiz that every platform with quizzes can carry.
const (
	MaxQuizQuestion    = 300
	MaxQuizOption      = 100
	MaxQuizExplanation = 200
)
