package importer

import (
	"regexp"
	"strings"
)

// OpenTriviaQA's text: a question after "#Q ", its answer after "^ ", the answers to
// choose from after a letter.

var triviaOption = regexp.MustCompile(`^[A-Z] `)

// openTriviaQA reads such a text. Questions and answers may go over several lines.
func (m *maker) openTriviaQA(text string) {
	var e *entry
	answered, options := false, false
	end := func() {
		if e == nil {
			return
		}
		if !answered {
			m.bad(e.line, "the question has no answer; it stands on a line that begins with ^")
		} else {
			m.add(*e)
		}
		e, answered, options = nil, false, false
	}
	number := 0
	for line := range strings.Lines(text) {
		number++
		line = strings.TrimRight(line, "\r\n")
		trimmed := strings.TrimSpace(line)
		switch {
		case m.givenUp:
			return
		case strings.HasPrefix(trimmed, "#Q"):
			end()
			e = &entry{line: number, origin: "OpenTriviaQA", questions: []question{{strings.TrimSpace(trimmed[2:]), number}}}
		case trimmed == "":
		case e == nil:
			m.bad(number, "this line stands outside any question; a question begins with #Q")
		case strings.HasPrefix(trimmed, "^") && !answered:
			e.answer, answered = strings.TrimSpace(trimmed[1:]), true
		case answered && triviaOption.MatchString(line):
			options = true
		case options: // the end of an option that goes over two lines
		case answered:
			e.answer += "\n" + trimmed
		default:
			e.questions[0].text += "\n" + trimmed
		}
	}
	end()
}
