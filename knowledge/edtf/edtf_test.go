package edtf

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestEDTF(t *testing.T) {
	for _, c := range []struct {
		in          Date
		first, last int
		en, ru      string
	}{
		{"1956", 1956, 1956, "1956", "1956"},
		{"1956-02", 1956, 1956, "February 1956", "февраль 1956"},
		{"1956-02-25", 1956, 1956, "25 February 1956", "25 февраля 1956"},
		{"1956-02-25T10:30:00Z", 1956, 1956, "25 February 1956, 10:30:00Z", "25 февраля 1956, 10:30:00Z"},
		{"1984~", 1984, 1984, "about 1984", "около 1984"},
		{"1984?", 1984, 1984, "perhaps 1984", "возможно, 1984"},
		{"1984%", 1984, 1984, "perhaps about 1984", "возможно, около 1984"},
		{"1984-06~", 1984, 1984, "about June 1984", "около июня 1984"},
		{"1978-04/1979-12", 1978, 1979, "April 1978 – December 1979", "апрель 1978 – декабрь 1979"},
		{"1965/1991", 1965, 1991, "1965–1991", "1965–1991"},
		{"1956-02/1956-02", 1956, 1956, "February 1956", "февраль 1956"},
		{"1956-02/1956-03", 1956, 1956, "February 1956 – March 1956", "февраль 1956 – март 1956"},
		{"1956-02-14/1956-02-25", 1956, 1956, "14 February 1956 – 25 February 1956", "14 февраля 1956 – 25 февраля 1956"},
		{"1956-02-14/1956-03-02", 1956, 1956, "14 February 1956 – 2 March 1956", "14 февраля 1956 – 2 марта 1956"},
		{"1984~/2004-06", 1984, 2004, "about 1984 – June 2004", "около 1984 – июнь 2004"},
		{"1978-04/..", 1978, LatestYear, "since April 1978", "с апреля 1978"},
		{"1991/..", 1991, LatestYear, "since 1991", "с 1991"},
		{"../1991", EarliestYear, 1991, "until 1991", "до 1991"},
		{"1991/", 1991, LatestYear, "from 1991 (end unknown)", "с 1991 (конец неизвестен)"},
		{"/1991", EarliestYear, 1991, "until 1991 (beginning unknown)", "до 1991 (начало неизвестно)"},
		{"195X", 1950, 1959, "1950s", "1950-е годы"},
		{"19XX", 1900, 1999, "20th century", "20 век"},
		{"20XX", 2000, 2099, "21st century", "21 век"},
		{"1956-XX", 1956, 1956, "1956 (month unknown)", "1956 (месяц неизвестен)"},
		{"1956-02-XX", 1956, 1956, "February 1956 (day unknown)", "февраль 1956 (день неизвестен)"},
		{"1956-XX-XX", 1956, 1956, "1956 (month unknown)", "1956 (месяц неизвестен)"},
		{"1956-21", 1956, 1956, "spring 1956", "весна 1956"},
		{"1956-24", 1956, 1956, "winter 1956", "зима 1956"},
		{"0000", 0, 0, "1 BC", "1 до н. э."},
		{"-0043", -43, -43, "44 BC", "44 до н. э."},
		{"-0043-03-15", -43, -43, "15 March 44 BC", "15 марта 44 до н. э."},
		{"-005X", -59, -50, "60 BC – 51 BC", "60 до н. э. – 51 до н. э."},
		{"Y-17000", -17000, -17000, "17001 BC", "17001 до н. э."},
		{"Y17000", 17000, 17000, "17000", "17000"},
		{"Y10000/", 10000, LatestYear, "from 10000 (end unknown)", "с 10000 (конец неизвестен)"},
		{"../Y-17000", EarliestYear, -17000, "until 17001 BC", "до 17001 до н. э."},
		{"Y999999999/..", LatestYear, LatestYear, "since 999999999", "с 999999999"},
		{"2000-02-29", 2000, 2000, "29 February 2000", "29 февраля 2000"},
	} {
		if err := c.in.Check(); err != nil {
			t.Errorf("%s: %v", c.in, err)
			continue
		}
		if first, last, ok := c.in.Years(); first != c.first || last != c.last || !ok {
			t.Errorf("%s: years %d–%d, want %d–%d", c.in, first, last, c.first, c.last)
		}
		if got := c.in.In("en-GB"); got != c.en {
			t.Errorf("%s: %q, want %q", c.in, got, c.en)
		}
		if got := c.in.In("ru"); got != c.ru {
			t.Errorf("%s: %q, want %q", c.in, got, c.ru)
		}
	}
}

func TestEDTFInOtherLanguages(t *testing.T) {
	for lang, want := range map[string]string{
		"de":    "1956 | Februar 1956 | 25. Februar 1956 | 1. März 1712 | um 1984 | seit April 1978 | bis 1991 | 1950er-Jahre | 20. Jahrhundert | Winter 1956 | 44 v. Chr.",
		"fr-CA": "1956 | février 1956 | 25 février 1956 | 1er mars 1712 | vers 1984 | depuis avril 1978 | jusqu’en 1991 | années 1950 | XXe siècle | hiver 1956 | 44 av. J.-C.",
		"es-ES": "1956 | febrero de 1956 | 25 de febrero de 1956 | 1 de marzo de 1712 | hacia 1984 | desde abril de 1978 | hasta 1991 | años 1950 | siglo XX | invierno de 1956 | 44 a. C.",
		"it":    "1956 | febbraio 1956 | 25 febbraio 1956 | 1º marzo 1712 | circa 1984 | da aprile 1978 | fino al 1991 | anni 1950 | XX secolo | inverno 1956 | 44 a.C.",
		"pt-BR": "1956 | fevereiro de 1956 | 25 de fevereiro de 1956 | 1º de março de 1712 | cerca de 1984 | desde abril de 1978 | até 1991 | década de 1950 | século XX | inverno de 1956 | 44 a.C.",
		"pl":    "1956 | luty 1956 | 25 lutego 1956 | 1 marca 1712 | około 1984 | od kwietnia 1978 | do 1991 | lata 1950–1959 | XX wiek | zima 1956 | 44 p.n.e.",
		"uk":    "1956 | лютий 1956 | 25 лютого 1956 | 1 березня 1712 | близько 1984 | з квітня 1978 | до 1991 | 1950-ті роки | XX століття | зима 1956 | 44 до н. е.",
	} {
		var got []string
		for d := range strings.FieldsSeq("1956 1956-02 1956-02-25 1712-03-01 1984~ 1978-04/.. ../1991 195X 19XX 1956-24 -0043") {
			got = append(got, Date(d).In(lang))
		}
		if got := strings.Join(got, " | "); got != want {
			t.Errorf("in %s:\n%s, want\n%s", lang, got, want)
		}
	}
	for lang, want := range map[string]string{"fr": "jusqu’au 25 février 1956", "es": "hasta el 25 de febrero de 1956", "it": "fino al giorno 25 febbraio 1956", "xx": "until 25 February 1956"} {
		if got := Date("../1956-02-25").In(lang); got != want {
			t.Errorf("in %s: %q, want %q", lang, got, want)
		}
	}
}

// Every file of a language has every section, with what is filled in.
func TestLanguageFiles(t *testing.T) {
	if len(Languages()) < 9 {
		t.Fatalf("languages: %q", Languages())
	}
	for _, tag := range Languages() {
		data, err := languageFiles.ReadFile("languages/" + tag + ".json")
		if err != nil {
			t.Fatal(err)
		}
		var sections map[string]json.RawMessage
		if err := json.Unmarshal(data, &sections); err != nil {
			t.Fatal(err)
		}
		w := reflect.TypeFor[dateWords]()
		for i := range w.NumField() {
			if section := w.Field(i).Tag.Get("json"); sections[section] == nil {
				t.Errorf("%s.json has no section %q", tag, section)
			}
		}
		has := func(section, format, placeholder string) {
			if !strings.Contains(format, placeholder) || strings.Count(format, "{") != 1 && section != "decade" {
				t.Errorf("%s.json: %s is %q, which should have %s once", tag, section, format, placeholder)
			}
		}
		words := wordsFor(tag)
		for section, p := range map[string]byPrecision{"since": words.Since, "until": words.Until, "from": words.From, "up-to": words.UpTo} {
			for _, format := range []string{p.Year, p.Month, p.Day} {
				has(section, format, "{date}")
			}
		}
		for section, format := range map[string]string{"about": words.About, "perhaps": words.Perhaps, "perhaps-about": words.PerhapsAbout, "no-day": words.NoDay, "no-month": words.NoMonth} {
			has(section, format, "{date}")
		}
		has("bc", words.BC, "{year}")
		has("decade", words.Decade, "{year}")
		has("century", words.Century, "{century}")
		has("day", words.Day, "{day}")
		has("first-day", words.FirstDay, "{day}")
		for _, names := range [][]string{words.Months[:], words.MonthsOf[:], words.Seasons[:], words.SeasonsOf[:]} {
			for i, name := range names {
				if name == "" || slices.Index(names, name) != i {
					t.Errorf("%s.json: %q is no name, or that of two", tag, name)
				}
			}
		}
		if !slices.Contains([]string{"ordinal", "roman", "arabic"}, words.Numeral) {
			t.Errorf("%s.json: centuries in %q", tag, words.Numeral)
		}
	}
}

func TestDays(t *testing.T) {
	for _, c := range []struct {
		in    Date
		first [3]int
		last  [3]int
	}{
		{"1453-05-29", [3]int{1453, 5, 29}, [3]int{1453, 5, 29}},
		{"1453-05", [3]int{1453, 5, 1}, [3]int{1453, 5, 31}},
		{"1453-02", [3]int{1453, 2, 1}, [3]int{1453, 2, 28}},
		{"1453", [3]int{1453, 1, 1}, [3]int{1453, 12, 31}},
		{"1453-XX", [3]int{1453, 1, 1}, [3]int{1453, 12, 31}},
		{"1453-05-XX", [3]int{1453, 5, 1}, [3]int{1453, 5, 31}},
		{"145X", [3]int{1450, 1, 1}, [3]int{1459, 12, 31}},
		{"14XX", [3]int{1400, 1, 1}, [3]int{1499, 12, 31}},
		{"1453-21", [3]int{1453, 3, 1}, [3]int{1453, 5, 31}},
		{"1453-24", [3]int{1453, 1, 1}, [3]int{1453, 12, 31}},
		{"1453-04-06/1453-05-29", [3]int{1453, 4, 6}, [3]int{1453, 5, 29}},
		{"1431/1434", [3]int{1431, 1, 1}, [3]int{1434, 12, 31}},
		{"../1434", [3]int{EarliestYear, 1, 1}, [3]int{1434, 12, 31}},
		{"1434/", [3]int{1434, 1, 1}, [3]int{LatestYear, 12, 31}},
		{"-0043-03-15", [3]int{-43, 3, 15}, [3]int{-43, 3, 15}},
		{"-0659~", [3]int{-659, 1, 1}, [3]int{-659, 12, 31}},
		{"0000-02-29", [3]int{0, 2, 29}, [3]int{0, 2, 29}},
	} {
		first, last, ok := c.in.Days()
		if !ok || first != Day(c.first[0], c.first[1], c.first[2]) || last != Day(c.last[0], c.last[1], c.last[2]) {
			t.Errorf("%s: %d to %d, want %v to %v", c.in, first, last, c.first, c.last)
		}
	}
	if _, _, ok := Date("1453-13").Days(); ok {
		t.Error("a month that does not exist has days")
	}
	if !Date("-0659~").Approximate() || !Date("1984?/1990").Approximate() || Date("1984").Approximate() {
		t.Error("what is approximate is not told from what is not")
	}
	// Every day follows the one before, as time counts them, also before the year 1.
	day := time.Date(-801, 1, 1, 0, 0, 0, 0, time.UTC)
	for n := Day(-801, 1, 1); day.Year() < 2101; n++ {
		if got := Day(day.Year(), int(day.Month()), day.Day()); got != n {
			t.Fatalf("%s is the day %d, want %d", day.Format(time.DateOnly), got, n)
		}
		day = day.AddDate(0, 0, 1)
	}
	if Day(0, 1, 1) != 0 || Day(1453, 13, 1) != Day(1454, 1, 1) || Day(1453, 0, 1) != Day(1452, 12, 1) {
		t.Error("the calendar does not begin with the year 0, or months do not run on")
	}
}

func TestFromParts(t *testing.T) {
	for want, parts := range map[Date][]string{"1956": {"1956"}, "1956-02-05": {"1956", "2", "5"}, "-0043-03": {"-43", "3"}, "0000": {"0"}, "Y12000": {"12000"},
		"Y-11999": {"-11999"}, "soon": {"soon"}, "0014": {"14"}} {
		if got := FromParts(parts...); got != want {
			t.Errorf("%v: %s, want %s", parts, got, want)
		}
	}
}

func TestGuess(t *testing.T) {
	for in, want := range map[string]Date{"25 February 1956": "1956-02-25", "1965-1991": "1965/1991", "c. 1984": "1984~", "soon": "", "1956": ""} {
		if got := Guess(in); got != want {
			t.Errorf("%s: %s, want %s", in, got, want)
		}
	}
}

func TestNotEDTF(t *testing.T) {
	for in, want := range map[Date]string{
		"":                                  "the date is empty",
		"yesterday":                         "is not an EDTF date",
		"February 1956":                     "did you mean 1956-02?",
		"Feb 1956":                          "is not an EDTF date",
		"25 февраля 1956 года":              "did you mean 1956-02-25?",
		"February 25, 1956":                 "did you mean 1956-02-25?",
		"25.2.1956":                         "did you mean 1956-02-25?",
		"1956-2":                            "did you mean 1956-02?",
		"1956-2-5":                          "did you mean 1956-02-05?",
		"1956/1957-1":                       "is not an EDTF date",
		"1965-1991":                         "did you mean 1965/1991?",
		"1965–1991":                         "did you mean 1965/1991?",
		"c. 1984":                           "did you mean 1984~?",
		"circa 1984":                        "did you mean 1984~?",
		"657 BC":                            "did you mean -0656 (657 BC)?",
		"44 v. Chr.":                        "did you mean -0043 (44 BC)?",
		"ca. 330 B.C.E.":                    "did you mean -0329~ (330 BC)?",
		"1 BCE":                             "did you mean 0000 (1 BC)?",
		"657 до н. э.":                      "did you mean -0656 (657 BC)?",
		"-656":                              "did you mean -0656 (657 BC)?",
		"413":                               "did you mean 0413?",
		"1950s":                             "did you mean 195X?",
		"1956-13":                           "the month 13 does not exist",
		"1956-00":                           "the month 00 does not exist",
		"1956-20":                           "the month 20 does not exist",
		"1900-02-29":                        "the day 29 does not exist in that month",
		"1956-04-31":                        "the day 31 does not exist in that month",
		"1956-02-00":                        "the day 00 does not exist in that month",
		"1956-21-03":                        "a season has no days",
		"195X-02":                           "the year is not fully known",
		"1956-XX-03":                        "the month is not known",
		"-0000":                             "there is no year -0000",
		"1991/1985":                         "the interval ends (1985) before it begins (1991)",
		"1956-03-02/1956-02-14":             "before it begins",
		"../..":                             "an interval needs at least one date",
		"/":                                 "an interval needs at least one date",
		"1991/1992/1993":                    "is not an EDTF date",
		"1956?~":                            "is not an EDTF date",
		" 1956":                             "is not an EDTF date",
		"Y1956":                             "is not an EDTF date",
		"19561":                             "is not an EDTF date",
		"1956-02-25T25:00:00Z":              "is not an EDTF date",
		"..":                                "is not an EDTF date",
		Date(strings.Repeat("1956/", 1000)): "too long",
	} {
		err := in.Check()
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.40q: %v, want …%s…", in, err, want)
		}
		if _, _, ok := in.Years(); ok {
			t.Errorf("%.40q has years", in)
		}
		if got := in.In("en"); got != string(in) {
			t.Errorf("%.40q became %q", in, got)
		}
	}
}

func FuzzEDTF(f *testing.F) {
	for _, s := range []string{"1956", "1956-02-25", "1978-04/1979-12", "1984~", "..", "1991/..", "19XX", "Y17000", "-0043", "25.02.1956", "c. 1984", "1956-24/1957"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		e := Date(s)
		first, last, ok := e.Years()
		if ok != (e.Check() == nil) {
			t.Fatalf("%q: Years and Check disagree", s)
		}
		if a, b, days := e.Days(); days != ok || a > b {
			t.Fatalf("%q: days %d to %d, %t", s, a, b, days)
		}
		if ok && first > last {
			t.Fatalf("%q: %d is after %d", s, first, last)
		}
		if ok && (e.In("en") == "" || e.In("ru") == "") {
			t.Fatalf("%q is shown as nothing", s)
		}
		if g := guess(s); g != "" && Date(g).Check() != nil {
			t.Fatalf("%q: the guess %q is not valid", s, g)
		}
	})
}
