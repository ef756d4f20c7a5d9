package main

import (
	"slices"
	"strings"
)

// otherWays are other ways of asking an English question, made by pattern from its
// first words. They are for a curator to choose from and to put right, and never
// stand among the questions of a fact by themselves: what a program can make of one
// wording, it knows already.
func otherWays(question string) []string {
	q := strings.TrimRight(strings.TrimSpace(question), "?!. ")
	words := strings.Fields(q)
	for _, p := range questionPatterns {
		head := strings.Fields(p.head)
		if len(words) <= len(head) || !strings.EqualFold(strings.Join(words[:len(head)], " "), p.head) {
			continue
		}
		rest := words[len(head):]
		at := slices.IndexFunc(rest, func(w string) bool { return auxiliary[strings.ToLower(w)] })
		var topic []string
		if at >= 0 {
			topic = slices.Delete(slices.Clone(rest), at, at+1)
		}
		if len(rest) == 1 && at == 0 {
			return nil // "When was?"
		}
		var out []string
		for _, w := range p.ways {
			if at < 0 && strings.Contains(w, "{topic}") {
				continue
			}
			out = append(out, strings.NewReplacer("{rest}", strings.Join(rest, " "), "{topic}", strings.Join(topic, " ")).Replace(w))
		}
		return out
	}
	return nil
}

// auxiliary are the verbs that fall away when a question becomes a few words.
var auxiliary = map[string]bool{"was": true, "were": true, "is": true, "are": true, "did": true, "does": true, "do": true, "has": true, "have": true, "had": true}

// questionPatterns are ways to go on: {rest} is the question behind its first
// words, {topic} the same without its was, did and the like, if it has one.
var questionPatterns = []struct {
	head string
	ways []string
}{
	{"when", []string{"In which year {rest}?", "On what date {rest}?", "date of {topic}"}},
	{"in which year", []string{"When {rest}?", "What year {rest}?", "year of {topic}"}},
	{"in what year", []string{"When {rest}?", "Which year {rest}?", "year of {topic}"}},
	{"who", []string{"Which person {rest}?", "What was the name of the one who {rest}?", "name of {topic}", "the one who {rest}"}},
	{"where", []string{"In which place {rest}?", "At what place {rest}?", "place of {topic}"}},
	{"why", []string{"For what reason {rest}?", "What was the reason that {topic}?", "reason for {topic}"}},
	{"how many", []string{"What was the number of {topic}?", "What number of {rest}?", "number of {topic}"}},
	{"how much", []string{"What amount of {rest}?", "At what price {rest}?", "amount of {topic}"}},
	{"how long", []string{"For how many years {rest}?", "What length of time {rest}?", "length of {topic}"}},
	{"how old", []string{"At what age {rest}?", "In which year of life {rest}?", "age of {topic}"}},
	{"how", []string{"In what way {rest}?", "By what means {rest}?", "way in which {topic}"}},
}
