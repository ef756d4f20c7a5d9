package main

import (
	_ "embed"
	"fmt"
	"strings"
)

// The lists are one entry a line; # begins a comment.
var (
	//go:embed lists/irregular.txt
	irregularList string
	//go:embed lists/opposites.txt
	oppositesList string
	//go:embed lists/families.txt
	familiesList string
	//go:embed lists/places.txt
	placesList string
	//go:embed lists/roles.txt
	rolesList string
)

// entries calls use for each entry of a list.
func entries(list string, use func(line string) error) error {
	for line := range strings.Lines(list) {
		line, _, _ = strings.Cut(line, "#")
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		if err := use(line); err != nil {
			return fmt.Errorf("%q: %w", line, err)
		}
	}
	return nil
}

// keyed splits "key: word word".
func keyed(line string) (key string, words []string, err error) {
	key, rest, ok := strings.Cut(line, ":")
	if words = strings.Fields(rest); !ok || len(words) == 0 {
		return "", nil, fmt.Errorf("want key: words")
	}
	return key, words, nil
}

// sides splits "word word | word word".
func sides(line string) (left, right []string, err error) {
	l, r, ok := strings.Cut(line, "|")
	left, right = strings.Fields(l), strings.Fields(r)
	if !ok || len(left) == 0 || len(right) == 0 {
		return nil, nil, fmt.Errorf("want words | words")
	}
	return left, right, nil
}

// numbers are the words for numbers and their order.
var numbers = set(`zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million
billion trillion first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth
fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth thirtieth fortieth fiftieth sixtieth
seventieth eightieth ninetieth hundredth thousandth millionth billionth`)

// light are words of so many uses that their synonyms say nothing: only a word
// that has the same first sense counts as one.
var light = set(`be have do make get take go give say come see know think let put keep use find set run hold turn
bring call work show become seem want need try ask tell feel look mean happen help like move play start stand
lie pass carry cut hit draw break lay pull push fall catch raise lead
thing way time people man woman part place point case number line side hand head body state order form sort kind
good bad big little new old other own same right well back up down out over off all more most
much many some any just even still only very really so now then here there where when why how who what which
year day world life word fact lot bit piece top level area field matter term`)

func set(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}
