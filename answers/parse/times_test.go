package parse

import (
	"fmt"
	"strings"
	"testing"

	"footnote/knowledge"
	"footnote/knowledge/edtf"
)

// told shows a time: days as dates, with how it stands to them.
func (w When) told() string {
	date := func(day int) string {
		y := yearOf(day)
		m := 1
		for m < 12 && edtf.Day(y, m+1, 1) <= day {
			m++
		}
		return fmt.Sprintf("%d-%02d-%02d", y, m, day-edtf.Day(y, m, 1)+1)
	}
	s := ""
	switch {
	case w.recurring && w.month == 0:
		s = fmt.Sprintf("any %d0s", w.decade)
	case w.recurring:
		s = fmt.Sprintf("any %02d-%02d", w.month, w.day)
	case w.First == w.Last:
		s = date(w.First)
	default:
		s = date(w.First) + "/" + date(w.Last)
		if a, b := yearOf(w.First), yearOf(w.Last); w.First == edtf.Day(a, 1, 1) && w.Last == edtf.Day(b, 12, 31) {
			s = fmt.Sprint(a)
			if a != b {
				s += fmt.Sprintf("/%d", b)
			}
		}
	}
	if w.about {
		s = "~" + s
	}
	return [...]string{relAt: "", relBefore: "before ", relUntil: "until ", relAfter: "after ", relSince: "since "}[w.rel] + s
}

func TestSpansOf(t *testing.T) {
	for _, x := range []struct{ in, want string }{
		{"29 May 1453", "1453-05-29"}, {"May 29, 1453", "1453-05-29"}, {"29.05.1453", "1453-05-29"}, {"1453-05-29", "1453-05-29"}, {"29/05/1453", "1453-05-29"},
		{"05/29/1453", "1453-05-29"}, {"the 29th of May 1453", "1453-05-29"}, {"May 29th 1453", "1453-05-29"}, {"29th May, 1453", "1453-05-29"}, {"on the 29th of May of 1453", "1453-05-29"},
		{"1453 May 29", "1453-05-29"}, {"the twenty-ninth of May 1453", "1453-05-29"}, {"may 29 1453", "1453-05-29"}, {"29. May 1453", "1453-05-29"}, {"29 may, in the year 1453", "1453-05-29"},
		{"03/04/1956", "1956-03-04/1956-04-03"},
		{"05/1453", "1453-05-01/1453-05-31"}, {"may 1453", "1453-05-01/1453-05-31"}, {"in May of 1453", "1453-05-01/1453-05-31"}, {"Feb. 1956", "1956-02-01/1956-02-29"}, {"1453-05", "1453-05-01/1453-05-31"},
		{"May 29", "any 05-29"}, {"on 29 May", "any 05-29"}, {"in february", "any 02-00"}, {"what happened on 12 December 1452", "1452-12-12"},
		{"1453", "1453"}, {"in 1453", "1453"}, {"'56", "1956"}, {"1978-79", "1978/1979"}, {"1978/79", "1978/1979"}, {"1914–1918", "1914/1918"}, {"1914 - 1918", "1914/1918"},
		{"1950s", "1950/1959"}, {"the 1950's", "1950/1959"}, {"the fifties", "any 50s"}, {"the 50s", "any 50s"}, {"the '50s", "any 50s"}, {"in the fifties of the 19th century", "1850/1859"}, {"the raid of 867", "867"}, {"an army of 300", ""}, {"1400s", "1400/1499"}, {"the 1400s", "1400/1499"},
		{"early 1450s", "1450-01-01/1453-08-30"}, {"the late 1450s", "1456-05-02/1459-12-31"}, {"late 15th century", "1463-12-20/1500-12-31"},
		{"15th century", "1400/1500"}, {"fifteenth century", "1400/1500"}, {"XV century", "1400/1500"}, {"the 15th c.", "1400/1500"}, {"the first century", "1/100"}, {"5th century BC", "-499/-399"},
		{"the first half of the fifth century AD", "400-01-01/453-11-11"}, {"the 5th to 7th centuries", "400/700"}, {"the 14th and 15th centuries", "1300/1500"}, {"first century BC", "-99/0"},
		{"3rd millennium BC", "-2999/-1999"},
		{"44 BC", "-43"}, {"44 B.C.", "-43"}, {"44 BCE", "-43"}, {"15 March 44 BC", "-43-03-15"}, {"March 15, 44 B.C.", "-43-03-15"}, {"AD 330", "330"}, {"330 CE", "330"}, {"A.D. 330", "330"}, {"in 330", "330"},
		{"330 BC", "-329"}, {"1956 BC", "-1955"}, {"660-650 BC", "-659/-649"}, {"between 44 and 30 BC", "-43/-29"}, {"from 30 BC to AD 14", "-29/14"}, {"about 660 BC", "~-659"},
		{"circa 1190", "~1190"}, {"c. 1190", "~1190"}, {"ca 1190", "~1190"}, {"around 1190", "~1190"}, {"~1190", "~1190"}, {"tell me about 1190", "1190"},
		{"between 1204 and 1261", "1204/1261"}, {"from 1431 to 1434", "1431/1434"}, {"1431 to 1434", "1431/1434"}, {"from 1431 until 1434", "1431/1434"}, {"from 1431-1434", "1431/1434"},
		{"from 6 April to 29 May 1453", "1453-04-06/1453-05-29"}, {"6-29 May 1453", "1453-05-06/1453-05-29"}, {"April-May 1453", "1453-04-01/1453-05-31"}, {"between 6 and 29 May 1453", "1453-05-06/1453-05-29"},
		{"6 April 1453 to 29 May", "1453-04-06/1453-05-29"}, {"from December 1452 to May 1453", "1452-12-01/1453-05-31"}, {"December to May 1453", "1452-12-01/1453-05-31"}, {"from December to May 1453", "1452-12-01/1453-05-31"},
		{"before 1453", "before 1453"}, {"after 1453", "after 1453"}, {"since 1453", "since 1453"}, {"until 1453", "until 1453"}, {"by 1453", "until 1453"}, {"prior to 1453", "before 1453"},
		{"after May 1453", "after 1453-05-01/1453-05-31"}, {"before the year 1453", "before 1453"}, {"pre-1453", "before 1453"}, {"before about 1453", "before ~1453"}, {"built by 30 men", ""},
		{"summer of 1453", "1453-06-01/1453-08-31"}, {"Prague Spring 1968", "1968"}, {"the spring of 1453", "1453-03-01/1453-05-31"},
		{"1452 or 1453", "1452 & 1453"}, {"the 1950s and 1960s", "1950/1959 & 1960/1969"}, {"between 1453", "1453"}, {"from 1453", "1453"},
		{"15 March 44", "any 03-15"}, {"May 330", "330-05-01/330-05-31"}, {"nineteen fifty-six", "1956"},
		{"Jan Hus", ""}, {"may I ask", ""}, {"80,000 men", ""}, {"World War II", ""}, {"Henry V", ""}, {"700 men", ""}, {"the October Revolution", ""}, {"act V", ""}, {"", ""},
		{"When did World War II begin in 1939?", "1939"}, {"1500 soldiers", ""}, {"Did Constantinople fall in the 15th century?", "1400/1500"},
	} {
		words := readAsked(x.in)
		var got []string
		end := 0
		for _, w := range TimesIn(words) {
			got = append(got, w.told())
			if w.from < end || w.to <= w.from || w.to > len(words) {
				t.Errorf("%q: the words %d to %d of %d", x.in, w.from, w.to, len(words))
			}
			end = w.to
		}
		if s := strings.Join(got, " & "); s != x.want {
			t.Errorf("%q names %q, want %q (%s)", x.in, s, x.want, shown(words))
		}
	}
}

func TestAgrees(t *testing.T) {
	for _, x := range []struct {
		a, b             string
		agrees, sameYear bool
	}{
		{"1453", "29 May 1453", true, true}, {"1453", "1453", true, true}, {"1452", "29 May 1453", false, false},
		{"30 May 1453", "29 May 1453", false, true}, {"May 1453", "29 May 1453", true, true}, {"June 1453", "29 May 1453", false, true},
		{"29 May", "29 May 1453", true, true}, {"30 May", "29 May 1453", false, false}, {"in May", "29 May 1453", true, true}, {"in June", "29 May 1453", false, false},
		{"in June", "1453", true, true}, {"29 May", "29 May", true, true}, {"29 May", "in May", true, true}, {"29 May", "28 May", false, false},
		{"the fifties", "1956", true, true}, {"the fifties", "29 May 1453", true, true}, {"the forties", "1956", false, false}, {"the forties", "1900 to 2000", true, true},
		{"the forties", "1 September 1939", false, false}, {"1450s", "29 May 1453", true, true}, {"15th century", "1453", true, true}, {"14th century", "1453", false, false},
		{"19th century", "1 September 1939", false, false}, {"415", "1415", true, true}, // 415 by itself is no year
		{"in 415", "1415", false, false}, {"44 BC", "15 March 44 BC", true, true}, {"44 AD", "15 March 44 BC", false, false}, {"330 BC", "AD 330", false, false},
		{"before 1453", "AD 330", true, true}, {"before 1453", "29 May 1453", false, true}, {"after 1453", "29 May 1453", false, true}, {"since 1453", "29 May 1453", true, true},
		{"until 1453", "29 May 1453", true, true}, {"after 1450", "29 May 1453", true, true}, {"between 1400 and 1450", "29 May 1453", false, false}, {"between 1450 and 1460", "29 May 1453", true, true},
		{"c. 1190", "1192", true, true}, {"c. 1190", "1290", false, false}, {"early 1450s", "1453", true, true}, {"late 1450s", "1453", false, false}, {"late 15th century", "1453", false, false},
		{"05/04/1453", "5 April 1453", true, true}, {"05/04/1453", "4 May 1453", true, true}, {"05/04/1453", "4 June 1453", false, true},
	} {
		a, b := TimesIn(readAsked(x.a)), TimesIn(readAsked(x.b))
		if x.a == "415" {
			if a != nil {
				t.Errorf("%q is %s", x.a, a[0].told())
			}
			continue
		}
		if len(a) != 1 || len(b) != 1 {
			t.Errorf("%q and %q: %d and %d times", x.a, x.b, len(a), len(b))
			continue
		}
		if got := a[0].Agrees(b[0]); got != x.agrees || b[0].Agrees(a[0]) != got || a[0].Contradicts(b[0]) == got {
			t.Errorf("%s agrees with %s: %t, want %t", a[0].told(), b[0].told(), got, x.agrees)
		}
		if got := a[0].SameYear(b[0]); !a[0].recurring && a[0].rel == relAt && got != x.sameYear {
			t.Errorf("%s is in the year of %s: %t, want %t", a[0].told(), b[0].told(), got, x.sameYear)
		}
	}
}

func TestFactSpans(t *testing.T) {
	f := &knowledge.Fact{Dates: []knowledge.Date{{EDTF: "1453-05-29"}, {EDTF: "-0659~"}, {EDTF: "1431/1434"}, {EDTF: "19XX"}, {EDTF: "1991/.."}, {EDTF: "nothing"}}}
	var got []string
	for _, w := range FactTimes(f)[:4] {
		got = append(got, w.told())
	}
	if s := strings.Join(got, " & "); s != "1453-05-29 & ~-659 & 1431/1434 & 1900/1999" {
		t.Errorf("the dates are %s", s)
	}
	open := FactTimes(f)
	if len(open) != 5 || !open[4].Agrees(TimesIn(read("2011"))[0]) || open[4].Agrees(TimesIn(read("1990"))[0]) {
		t.Errorf("what has not ended: %+v", open)
	}
}

// Every day is in its year.
func TestYearOf(t *testing.T) {
	for y := -1200; y < 2200; y++ {
		if a, b := yearOf(edtf.Day(y, 1, 1)), yearOf(edtf.Day(y, 12, 31)); a != y || b != y {
			t.Fatalf("the year %d begins in %d and ends in %d", y, a, b)
		}
	}
}

func FuzzSpansOf(f *testing.F) {
	for _, s := range []string{"29 May 1453", "1453-05-29", "from 6 April to 29 May 1453", "660-650 BC", "the late 15th century", "'50s", "03/04/1956", "99 december 9999 bc", "in the year", "c. the first half of the"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		words := readAsked(s)
		end := 0
		for _, w := range TimesIn(words) {
			if w.from < end || w.to <= w.from || w.to > len(words) || !w.recurring && w.First > w.Last || w.recurring && (w.month < 0 || w.month > 12 || w.day < 0 || w.day > 31) {
				t.Fatalf("%q names %+v in %d words", s, w, len(words))
			}
			if !w.Agrees(w) {
				t.Fatalf("%q: %+v does not agree with itself", s, w)
			}
			end = w.to
		}
	})
}
