package timeline

import (
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/bidi"
	"golang.org/x/text/unicode/norm"
)

// shaped is s as its characters are drawn: composed, without the points and vowel signs
// that would have to be set above and below others, and with each Arabic letter in the
// form that it has beside its neighbours.
func shaped(s string) []rune {
	var out []rune
	arabic := false
	for _, r := range norm.NFC.String(s) {
		if unicode.In(r, unicode.Mn, unicode.Cf) {
			continue
		}
		arabic = arabic || unicode.Is(unicode.Arabic, r)
		out = append(out, r)
	}
	if arabic {
		return joined(out)
	}
	return out
}

// forms are the shapes of an Arabic letter: alone, at the end of a word, at its
// beginning and inside. A letter that does not join the one after it has no last two,
// one that joins none has the first alone.
type forms []rune

// arabicForms are the letters, and lam with alef, which are one shape. Unicode has the
// shapes of a letter one after the other, in the order of forms.
var arabicForms = sync.OnceValue(func() map[string]forms {
	all := map[string]forms{}
	add := func(first, last rune) {
		for r := first; r <= last; r++ {
			of := norm.NFKC.String(string(r)) // the letter itself, composed
			if n, size := utf8.RuneCountInString(of), len(all[of]); of != string(r) && n <= 2 && size < 4 {
				all[of] = append(all[of], r)
			}
		}
	}
	add(0xfe80, 0xfefc)
	add(0xfb50, 0xfbb1)
	add(0xfbd3, 0xfbff)
	return all
})

// tatweel only makes a join longer.
const tatweel = '\u0640'

// joinsNext and joinsPrevious report whether a letter takes part in a join.
func joinsNext(r rune) bool     { return r == tatweel || len(arabicForms()[string(r)]) == 4 }
func joinsPrevious(r rune) bool { return r == tatweel || len(arabicForms()[string(r)]) >= 2 }

// joined gives the letters of a text the forms that they have beside each other.
func joined(in []rune) []rune {
	const isolated, final, initial, medial = 0, 1, 2, 3
	var out []rune
	for i := 0; i < len(in); i++ {
		letter, next := string(in[i]), i+1
		if next < len(in) {
			if two := string(in[i : i+2]); len(arabicForms()[two]) == 2 { // lam with alef
				letter, next = two, i+2
			}
		}
		of := arabicForms()[letter]
		before := i > 0 && joinsNext(in[i-1]) && len(of) >= 2
		after := next < len(in) && joinsPrevious(in[next]) && len(of) == 4
		form := isolated
		switch {
		case before && after:
			form = medial
		case before:
			form = final
		case after:
			form = initial
		}
		switch {
		case form < len(of):
			out = append(out, of[form])
		default:
			out = append(out, []rune(letter)...)
		}
		i = next - 1
	}
	return out
}

// inSight are characters from left to right as a reader sees them, in a line that runs
// from left to right.
func inSight(in []rune) []rune {
	if !hasRTL(in) {
		return in
	}
	// x/text finds the runs and does not order them. The mark makes the line run from
	// left to right, whatever it begins with.
	const mark = "\u200e"
	var p bidi.Paragraph
	if _, err := p.SetString(mark + string(in)); err != nil {
		return in
	}
	order, err := p.Order()
	if err != nil {
		return in
	}
	var out, turned []rune // turned is what is read from right to left and has not ended yet
	flush := func() { out, turned = append(out, turned...), nil }
	for i := range order.NumRuns() {
		run := order.Run(i)
		text := []rune(run.String())
		if run.Direction() == bidi.RightToLeft {
			turned = append([]rune(bidi.ReverseString(string(text))), turned...)
			continue
		}
		if n := number(text); n > 0 && len(turned) > 0 { // a number stands in its place among them
			turned = append(append([]rune(nil), text[:n]...), turned...)
			text = text[n:]
		}
		if len(text) > 0 {
			flush()
			out = append(out, text...)
		}
	}
	flush()
	if len(out) > 0 && string(out[0]) == mark {
		out = out[1:]
	}
	return out
}

func hasRTL(in []rune) bool {
	for _, r := range in {
		if p, _ := bidi.LookupRune(r); p.Class() == bidi.R || p.Class() == bidi.AL {
			return true
		}
	}
	return false
}

// number is how much of the beginning of a text is a number.
func number(in []rune) int {
	n := 0
	for i, r := range in {
		p, _ := bidi.LookupRune(r)
		switch p.Class() {
		case bidi.EN, bidi.AN:
			n = i + 1
		case bidi.ES, bidi.CS, bidi.ET:
		default:
			return n
		}
	}
	return n
}
