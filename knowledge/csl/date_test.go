package csl

import (
	"testing"

	"footnote/knowledge/edtf"
)

func TestChicagoDate(t *testing.T) {
	for in, want := range map[edtf.Date]string{
		"1956":                  "1956",
		"1956-02":               "February 1956",
		"1956-02-25":            "February 25, 1956",
		"1956-02-25T10:30:00Z":  "February 25, 1956",
		"1984~":                 "[1984?]",
		"1984?":                 "[1984?]",
		"1984%":                 "[1984?]",
		"1984-06~":              "[June 1984?]",
		"1978-04/1979-12":       "April 1978–December 1979",
		"1965/1991":             "1965–1991",
		"1956-02/1956-02":       "February 1956",
		"1956-02/1956-03":       "February–March 1956",
		"1956-02-14/1956-02-25": "February 14–25, 1956",
		"1956-02-14/1956-03-02": "February 14–March 2, 1956",
		"1984~/2004-06":         "[1984–June 2004?]",
		"1978-04/..":            "April 1978–",
		"1991/..":               "1991–",
		"../1991":               "to 1991",
		"1991/":                 "1991–",
		"/1991":                 "to 1991",
		"195X":                  "1950s",
		"19XX":                  "20th century",
		"20XX":                  "21st century",
		"1956-XX":               "1956",
		"1956-02-XX":            "February 1956",
		"1956-XX-XX":            "1956",
		"1956-21":               "Spring 1956",
		"1956-24":               "Winter 1956",
		"0000":                  "1 BC",
		"-0043":                 "44 BC",
		"-0043-03-15":           "March 15, 44 BC",
		"-005X":                 "60 BC – 51 BC",
		"Y-17000":               "17001 BC",
		"Y17000":                "17000",
		"Y10000/":               "10000–",
		"../Y-17000":            "to 17001 BC",
		"Y999999999/..":         "999999999–",
		"2000-02-29":            "February 29, 2000",
	} {
		if got := chicagoDate(in, false); got != want {
			t.Errorf("%s: %q, want %q", in, got, want)
		}
	}
}

// Whatever is a date is written as something.
func FuzzChicagoDate(f *testing.F) {
	for _, s := range []string{"1956", "1956-02-25", "1978-04/1979-12", "1984~", "1991/..", "19XX", "Y17000", "-0043", "1956-24/1957"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d := edtf.Date(s)
		if d.Check() == nil && (chicagoDate(d, false) == "" || chicagoDate(d, true) == "") {
			t.Fatalf("%q is shown as nothing", s)
		}
	})
}
