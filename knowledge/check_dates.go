package knowledge

import (
	"fmt"
	"strconv"
	"strings"
)

// A fact that names a year should have it among its dates, by which people ask
// ("what happened in 1452?"), and one that has dates should not name another year.

// yearsIn returns the years that a text names.
func yearsIn(s string) []int {
	var years []int
	for _, at := range yearIn.FindAllStringSubmatchIndex(s, -1) {
		after := afterYear.FindStringSubmatch(s[at[3]:])
		if after != nil && (after[1] == "" || counted[strings.ToLower(after[1])]) {
			continue
		}
		if y, err := strconv.Atoi(s[at[2]:at[3]]); err == nil {
			years = append(years, y)
		}
	}
	return years
}

// dates compares the years of answers with the dates of their facts.
func (c *checker) dates() {
	undated := 0
	var first *Fact
	for _, f := range c.pack.Facts {
		years := yearsIn(f.Answer.In(c.pack.Languages[0]))
		if len(years) == 0 || f.Status == Retracted { // a correction names the wrong year too
			continue
		}
		if len(f.Dates) == 0 {
			undated++
			if first == nil {
				first = f
			}
			continue
		}
		if len(datedYears(f, years)) > 0 {
			continue // others that it names besides are by the way
		}
		var dates []string
		for _, d := range f.Dates {
			dates = append(dates, string(d.EDTF))
		}
		c.warnFact(f, "the answer speaks of %d, and the fact's dates are %s; correct the one that is wrong, or add the date", years[0], strings.Join(dates, ", "))
	}
	if undated > 0 {
		what := fmt.Sprintf("%d facts name a year in their answer and have no dates, this is the first", undated)
		if undated == 1 {
			what = "the fact names a year in its answer and has no dates"
		}
		warnAt(c.rep, first.Place, "facts["+first.ID+"]", "%s; with dates: [{edtf: %d}] people find it by asking for the year", what, yearsIn(first.Answer.In(c.pack.Languages[0]))[0])
	}
}

// datedYears returns those of the years that a date of f touches.
func datedYears(f *Fact, years []int) []int {
	var in []int
	for _, y := range years {
		for _, d := range f.Dates {
			if from, to, ok := d.EDTF.Years(); ok && from <= y && y <= to {
				in = append(in, y)
				break
			}
		}
	}
	return in
}
