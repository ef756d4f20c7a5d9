package answers

import (
	"slices"
	"strings"
	"unicode"
)

// This file stands in for what is being written beside it, and goes when that is there.

// Questions splits a message into its questions, in order; one that asks once is
// one element. So far it splits after question
// marks, where what is between them has three words at least.
func Questions(text string) []string {
	var all []string
	for rest := text; rest != ""; {
		n := strings.Index(rest, "? ") + 1
		if n == 0 || strings.IndexFunc(rest[n:], unicode.IsLetter) < 0 || !strings.Contains(rest[n:], "?") {
			n = len(rest)
		}
		all = append(all, strings.TrimSpace(rest[:n]))
		rest = rest[n:]
	}
	// "Resolution: title? body? date?" asks one thing.
	if len(all) < 2 || slices.ContainsFunc(all, func(q string) bool { return len(strings.Fields(q)) < 3 }) {
		return []string{text}
	}
	return all
}

// nearEnough is the confidence from which a question that was not answered is
// shown as near: what is below has a word in common and nothing else.
const nearEnough = .2

// offered are the candidates of r that the person should be offered.
func offered(r Result) []Candidate {
	switch r.Outcome {
	case Choices:
		return r.Candidates
	case Declined:
		n := slices.IndexFunc(r.Candidates, func(c Candidate) bool { return c.Confidence < nearEnough })
		if n >= 0 {
			return r.Candidates[:n]
		}
		return r.Candidates
	}
	return nil
}
