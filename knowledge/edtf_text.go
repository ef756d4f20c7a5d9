package knowledge

import (
	"fmt"
	"strconv"
	"strings"
)

var (
	monthsEnglish = [12]string{"January", "February", "March", "April", "May", "June", "July",
		"August", "September", "October", "November", "December"}
	monthsRussian = [12]string{"январь", "февраль", "март", "апрель", "май", "июнь", "июль",
		"август", "сентябрь", "октябрь", "ноябрь", "декабрь"}
	monthsRussianOf = [12]string{"января", "февраля", "марта", "апреля", "мая", "июня", "июля",
		"августа", "сентября", "октября", "ноября", "декабря"}
	monthsGerman = [12]string{"Januar", "Februar", "März", "April", "Mai", "Juni", "Juli",
		"August", "September", "Oktober", "November", "Dezember"}
	monthsFrench = [12]string{"janvier", "février", "mars", "avril", "mai", "juin", "juillet",
		"août", "septembre", "octobre", "novembre", "décembre"}
	monthsSpanish = [12]string{"enero", "febrero", "marzo", "abril", "mayo", "junio", "julio",
		"agosto", "septiembre", "octubre", "noviembre", "diciembre"}
)

// dateWords are the words around dates in one language.
type dateWords struct {
	months, monthsOf                    [12]string // "February" and as in "25 February"
	seasons, seasonsOf                  [4]string
	about, perhaps, perhapsAbout        string
	since, until, from, upTo            string // formats with one date
	bc, decade, century, noDay, noMonth string
	first                               string           // the first of a month; "1" if empty
	dayDot                              string           // what follows the number of a day
	numeral                             func(int) string // of a century; nil if it is a plain number
	of                                  string           // what stands before a month's year, and before the month of a day
}

func wordsFor(lang string) dateWords {
	base, _, _ := strings.Cut(strings.ToLower(lang), "-")
	switch base {
	case "de":
		seasons := [4]string{"Frühling", "Sommer", "Herbst", "Winter"}
		return dateWords{
			months: monthsGerman, monthsOf: monthsGerman, seasons: seasons, seasonsOf: seasons,
			about: "um %s", perhaps: "vielleicht %s", perhapsAbout: "vielleicht um %s",
			since: "seit %s", until: "bis %s", from: "ab %s (Ende unbekannt)", upTo: "bis %s (Anfang unbekannt)",
			bc: "%d v. Chr.", decade: "%der-Jahre", century: "%d. Jahrhundert", noDay: "%s (Tag unbekannt)", noMonth: "%s (Monat unbekannt)",
			dayDot: ".",
		}
	case "fr":
		seasons := [4]string{"printemps", "été", "automne", "hiver"}
		return dateWords{
			months: monthsFrench, monthsOf: monthsFrench, seasons: seasons, seasonsOf: seasons,
			about: "vers %s", perhaps: "peut-être %s", perhapsAbout: "peut-être vers %s",
			since: "depuis %s", until: "jusqu’en %s", from: "depuis %s (fin inconnue)", upTo: "jusqu’en %s (début inconnu)",
			bc: "%d av. J.-C.", decade: "années %d", century: "%se siècle", noDay: "%s (jour inconnu)", noMonth: "%s (mois inconnu)",
			first: "1er", numeral: romanNumeral,
		}
	case "es":
		seasons := [4]string{"primavera", "verano", "otoño", "invierno"}
		return dateWords{
			months: monthsSpanish, monthsOf: monthsSpanish, seasons: seasons, seasonsOf: seasons,
			about: "hacia %s", perhaps: "quizá %s", perhapsAbout: "quizá hacia %s",
			since: "desde %s", until: "hasta %s", from: "desde %s (final desconocido)", upTo: "hasta %s (comienzo desconocido)",
			bc: "%d a. C.", decade: "años %d", century: "siglo %s", noDay: "%s (día desconocido)", noMonth: "%s (mes desconocido)",
			of: "de ", numeral: romanNumeral,
		}
	case "ru":
		return dateWords{
			months: monthsRussian, monthsOf: monthsRussianOf,
			seasons: [4]string{"весна", "лето", "осень", "зима"}, seasonsOf: [4]string{"весны", "лета", "осени", "зимы"},
			about: "около %s", perhaps: "возможно, %s", perhapsAbout: "возможно, около %s",
			since: "с %s", until: "до %s", from: "с %s (конец неизвестен)", upTo: "до %s (начало неизвестно)",
			bc: "%d до н. э.", decade: "%d-е годы", century: "%d век", noDay: "%s (день неизвестен)", noMonth: "%s (месяц неизвестен)",
		}
	}
	return dateWords{
		months: monthsEnglish, monthsOf: monthsEnglish,
		seasons: [4]string{"spring", "summer", "autumn", "winter"}, seasonsOf: [4]string{"spring", "summer", "autumn", "winter"},
		about: "about %s", perhaps: "perhaps %s", perhapsAbout: "perhaps about %s",
		since: "since %s", until: "until %s", from: "from %s (end unknown)", upTo: "until %s (beginning unknown)",
		bc: "%d BC", decade: "%ds", century: "%s century", noDay: "%s (day unknown)", noMonth: "%s (month unknown)",
		numeral: ordinal,
	}
}

// In writes e for people: "February 1956", "April 1978 – December 1979", "about
// 1984". It speaks the languages of the interface; any other gets English. An
// invalid e comes back as it is.
func (e EDTF) In(lang string) string {
	from, to, err := e.parse()
	if err != nil {
		return string(e)
	}
	w := wordsFor(lang)
	if !strings.Contains(string(e), "/") {
		return from.text(w)
	}
	switch {
	case to.open:
		return fmt.Sprintf(w.since, from.text(w.after()))
	case to.unknown:
		return fmt.Sprintf(w.from, from.text(w.after()))
	case from.open:
		return fmt.Sprintf(w.until, to.text(w.after()))
	case from.unknown:
		return fmt.Sprintf(w.upTo, to.text(w.after()))
	}
	a, b := from.text(w), to.text(w)
	switch {
	case a == b:
		return a
	case !strings.ContainsRune(a, ' ') && !strings.ContainsRune(b, ' '):
		return a + "–" + b // 1965–1991
	}
	return a + " – " + b
}

// after is w with its names of months and seasons as they stand after a
// preposition, which Russian inflects.
func (w dateWords) after() dateWords {
	w.months, w.seasons = w.monthsOf, w.seasonsOf
	return w
}

func (d edtfDate) text(w dateWords) string {
	if d.approximate {
		w = w.after()
	}
	s := d.plain(w)
	switch {
	case d.uncertain && d.approximate:
		return fmt.Sprintf(w.perhapsAbout, s)
	case d.uncertain:
		return fmt.Sprintf(w.perhaps, s)
	case d.approximate:
		return fmt.Sprintf(w.about, s)
	}
	return s
}

func (d edtfDate) plain(w dateWords) string {
	year := strconv.Itoa(d.year)
	switch {
	case d.year <= 0 && strings.Contains(d.digits, "X"):
		// A decade or century before our era: name its years, the older first.
		first, last := d.years()
		return fmt.Sprintf(w.bc, 1-first) + " – " + fmt.Sprintf(w.bc, 1-last)
	case d.year <= 0:
		year = fmt.Sprintf(w.bc, 1-d.year) // year 0 is 1 BC
	case strings.HasSuffix(d.digits, "XX"):
		if w.numeral != nil {
			return fmt.Sprintf(w.century, w.numeral(d.year/100+1))
		}
		return fmt.Sprintf(w.century, d.year/100+1)
	case strings.HasSuffix(d.digits, "X"):
		return fmt.Sprintf(w.decade, d.year)
	}
	switch {
	case d.monthX:
		return fmt.Sprintf(w.noMonth, year)
	case d.month >= 21:
		return w.seasons[d.month-21] + " " + w.of + year
	case d.month == 0:
		return year
	case d.dayX:
		return fmt.Sprintf(w.noDay, w.months[d.month-1]+" "+w.of+year)
	case d.day == 0:
		return w.months[d.month-1] + " " + w.of + year
	}
	day := strconv.Itoa(d.day) + w.dayDot
	if d.day == 1 && w.first != "" {
		day = w.first
	}
	s := day + " " + w.of + w.monthsOf[d.month-1] + " " + w.of + year
	if d.time != "" {
		s += ", " + d.time
	}
	return s
}

// romanNumeral writes n below 100 as French and Spanish number their centuries.
func romanNumeral(n int) string {
	tens := [10]string{"", "X", "XX", "XXX", "XL", "L", "LX", "LXX", "LXXX", "XC"}
	ones := [10]string{"", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"}
	return tens[n/10%10] + ones[n%10]
}

func ordinal(n int) string {
	suffix := "th"
	if n%100 < 11 || n%100 > 13 {
		switch n % 10 {
		case 1:
			suffix = "st"
		case 2:
			suffix = "nd"
		case 3:
			suffix = "rd"
		}
	}
	return strconv.Itoa(n) + suffix
}
