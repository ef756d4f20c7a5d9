package edtf

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

var (
	guessBC        = regexp.MustCompile(`(?i)^(c\.?\s*|ca\.?\s*|circa\s+|about\s+)?(\d{1,4})\s*(?:b\.?\s?c\.?(?:\s?e\.?)?|v\.?\s?chr\.?|av\.?\s?j\.?-?\s?c\.?|a\.\s?c\.?|до\s+н\.?\s?э\.?)$`)
	guessFewDigits = regexp.MustCompile(`^(-?)(\d{1,3})$`)
	guessDayFirst  = regexp.MustCompile(`^([0-9]{1,2})[./]([0-9]{1,2})[./]([0-9]{4})$`)
	guessShort     = regexp.MustCompile(`^([0-9]{4})[-./]([0-9]{1,2})(?:[-./]([0-9]{1,2}))?$`)
	guessSpan      = regexp.MustCompile(`^([0-9]{4}) *[-–—] *([0-9]{4})$`)
	guessCirca     = regexp.MustCompile(`(?i)^(?:c\.?|ca\.?|circa|about|around) *([0-9]{4})$`)
	guessDecade    = regexp.MustCompile(`^([0-9]{3})0'?s$`)
	guessNumbers   = regexp.MustCompile(`[0-9]+`)
)

// Guess returns the date that was probably meant by what is no EDTF, such as "25
// February 1956", or "". What it returns is always valid.
func Guess(s string) Date { return Date(guess(s)) }

// guess returns the EDTF that was probably meant, or "". What it
// returns is always valid. A date such as 03/04/1956 is read day first.
func guess(s string) string {
	s = strings.TrimSpace(s)
	if m := guessBC.FindStringSubmatch(s); m != nil {
		return beforeChrist(m[2], m[1] != "")
	}
	g := ""
	switch {
	case guessDayFirst.MatchString(s):
		m := guessDayFirst.FindStringSubmatch(s)
		g = m[3] + "-" + two(m[2]) + "-" + two(m[1])
	case guessSpan.MatchString(s):
		m := guessSpan.FindStringSubmatch(s)
		g = m[1] + "/" + m[2]
	case guessShort.MatchString(s):
		m := guessShort.FindStringSubmatch(s)
		g = m[1] + "-" + two(m[2])
		if m[3] != "" {
			g += "-" + two(m[3])
		}
	case guessCirca.MatchString(s):
		g = guessCirca.FindStringSubmatch(s)[1] + "~"
	case guessFewDigits.MatchString(s):
		m := guessFewDigits.FindStringSubmatch(s)
		g = m[1] + strings.Repeat("0", 4-len(m[2])) + m[2]
	case guessDecade.MatchString(s):
		g = guessDecade.FindStringSubmatch(s)[1] + "X"
	default:
		g = guessNamedMonth(s)
	}
	if g == s || g == "" || Date(g).Check() != nil {
		return ""
	}
	return g
}

// beforeChrist is a year BC as EDTF counts: 1 BC is the year 0000.
func beforeChrist(year string, circa bool) string {
	n, err := strconv.Atoi(year)
	if err != nil || n == 0 {
		return ""
	}
	g := fmt.Sprintf("%04d", n-1)
	if n > 1 {
		g = "-" + g
	}
	if circa {
		g += "~"
	}
	return g
}

// guessNamedMonth reads "25 February 1956", "February 25, 1956" and the like, with
// the months of any language.
func guessNamedMonth(s string) string {
	words := strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.Is(unicode.Mn, r) })
	month := 0
	for _, lang := range Languages() {
		for i, names := range Months(lang) {
			for _, name := range names {
				if slices.Contains(words, strings.ToLower(name)) {
					month = i + 1
				}
			}
		}
	}
	year, day := "", ""
	for _, n := range guessNumbers.FindAllString(s, 3) {
		if len(n) == 4 {
			year = n
		} else if len(n) <= 2 {
			day = n
		}
	}
	if month == 0 || year == "" {
		return ""
	}
	g := fmt.Sprintf("%s-%02d", year, month)
	if day != "" {
		g += "-" + two(day)
	}
	return g
}

func two(s string) string {
	if len(s) == 1 {
		return "0" + s
	}
	return s
}
