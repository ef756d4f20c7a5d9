package terminal_test

import (
	"footnote/answers"
	"footnote/knowledge"
)

// nothing knows nothing.
type nothing struct{}

func (nothing) Base() *knowledge.Base { return &knowledge.Base{} }

func (nothing) Match(answers.Query) answers.Result { return answers.Result{Outcome: answers.Declined} }
