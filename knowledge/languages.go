package knowledge

import (
	"regexp"
	"strings"
)

// This file holds what the checks know of single languages.

// littleWords carry no content. Question words are not among them: who and when
// ask for different facts.
var littleWords = wordSet(`a an the of in on at to by for from with and or is was were are be been did does do has have had it its that this there
	s about tell me please i you we can could would
	в на о об и из с со от до по за для у к был была было были ли же это`)

var possessives = strings.NewReplacer("'s ", " ", "’s ", " ", "'s?", " ", "’s?", " ")

// yearIn finds what reads like a year: four figures after a word or sign that
// years stand after.
var yearIn = regexp.MustCompile(`(?i)(?:^|\b(?:in|of|from|to|by|on|since|until|till|before|after|about|around|circa|ca|between|and|during|early|late|mid|year|years|spring|summer|autumn|winter|` +
	`january|february|march|april|may|june|july|august|september|october|november|december|[0-9]{1,2})[.,]?\s+|[(/–—-])(1[0-9]{3}|20[0-9]{2})\b`)

// afterYear is what stands behind a number that is no year: "1500 men", "1500.5".
var afterYear = regexp.MustCompile(`^(?:[.,][0-9]|\s+(\p{L}+))`)

// counted are words after which a number counts something.
var counted = wordSet("men women people children soldiers troops prisoners houses families ships miles kilometres metres feet pounds marks florins ducats years days workers members copies pages horses guns")

// wordSet returns the words of s.
func wordSet(s string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(s) {
		set[w] = true
	}
	return set
}
