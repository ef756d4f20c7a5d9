package edtf

import (
	"strconv"
	"strings"
)

// This file holds all that the package knows of single languages. A new language
// is one entry of languages, and its months where they are to be recognised.

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
	months, monthsOf                    [12]string // "February" alone, and as in "25 February"
	seasons, seasonsOf                  [4]string
	about, perhaps, perhapsAbout        string // formats with one date
	since, until, from, upTo            string
	bc, decade, century, noDay, noMonth string
	first                               string           // the first of a month; "1" if empty
	dayDot                              string           // what follows the number of a day
	numeral                             func(int) string // of a century; nil if it is a plain number
	of                                  string           // what stands before a month's year, and before the month of a day
}

// languages are the languages of the bot's interface, by their base tag.
var languages = map[string]dateWords{
	"en": {
		months: monthsEnglish, monthsOf: monthsEnglish,
		seasons: [4]string{"spring", "summer", "autumn", "winter"}, seasonsOf: [4]string{"spring", "summer", "autumn", "winter"},
		about: "about %s", perhaps: "perhaps %s", perhapsAbout: "perhaps about %s",
		since: "since %s", until: "until %s", from: "from %s (end unknown)", upTo: "until %s (beginning unknown)",
		bc: "%d BC", decade: "%ds", century: "%s century", noDay: "%s (day unknown)", noMonth: "%s (month unknown)",
		numeral: Ordinal,
	},
	"de": {
		months: monthsGerman, monthsOf: monthsGerman,
		seasons: [4]string{"Frühling", "Sommer", "Herbst", "Winter"}, seasonsOf: [4]string{"Frühling", "Sommer", "Herbst", "Winter"},
		about: "um %s", perhaps: "vielleicht %s", perhapsAbout: "vielleicht um %s",
		since: "seit %s", until: "bis %s", from: "ab %s (Ende unbekannt)", upTo: "bis %s (Anfang unbekannt)",
		bc: "%d v. Chr.", decade: "%der-Jahre", century: "%d. Jahrhundert", noDay: "%s (Tag unbekannt)", noMonth: "%s (Monat unbekannt)",
		dayDot: ".",
	},
	"fr": {
		months: monthsFrench, monthsOf: monthsFrench,
		seasons: [4]string{"printemps", "été", "automne", "hiver"}, seasonsOf: [4]string{"printemps", "été", "automne", "hiver"},
		about: "vers %s", perhaps: "peut-être %s", perhapsAbout: "peut-être vers %s",
		since: "depuis %s", until: "jusqu’en %s", from: "depuis %s (fin inconnue)", upTo: "jusqu’en %s (début inconnu)",
		bc: "%d av. J.-C.", decade: "années %d", century: "%se siècle", noDay: "%s (jour inconnu)", noMonth: "%s (mois inconnu)",
		first: "1er", numeral: romanNumeral,
	},
	"es": {
		months: monthsSpanish, monthsOf: monthsSpanish,
		seasons: [4]string{"primavera", "verano", "otoño", "invierno"}, seasonsOf: [4]string{"primavera", "verano", "otoño", "invierno"},
		about: "hacia %s", perhaps: "quizá %s", perhapsAbout: "quizá hacia %s",
		since: "desde %s", until: "hasta %s", from: "desde %s (final desconocido)", upTo: "hasta %s (comienzo desconocido)",
		bc: "%d a. C.", decade: "años %d", century: "siglo %s", noDay: "%s (día desconocido)", noMonth: "%s (mes desconocido)",
		of: "de ", numeral: romanNumeral,
	},
	"ru": {
		months: monthsRussian, monthsOf: monthsRussianOf,
		seasons: [4]string{"весна", "лето", "осень", "зима"}, seasonsOf: [4]string{"весны", "лета", "осени", "зимы"},
		about: "около %s", perhaps: "возможно, %s", perhapsAbout: "возможно, около %s",
		since: "с %s", until: "до %s", from: "с %s (конец неизвестен)", upTo: "до %s (начало неизвестно)",
		bc: "%d до н. э.", decade: "%d-е годы", century: "%d век", noDay: "%s (день неизвестен)", noMonth: "%s (месяц неизвестен)",
	},
}

// wordsFor returns the words of a language, given by its BCP 47 tag, or else the
// English ones.
func wordsFor(lang string) dateWords {
	base, _, _ := strings.Cut(strings.ToLower(lang), "-")
	if w, ok := languages[base]; ok {
		return w
	}
	return languages["en"]
}

// romanNumeral writes n, which is below 100, as French and Spanish number their
// centuries.
func romanNumeral(n int) string {
	tens := [10]string{"", "X", "XX", "XXX", "XL", "L", "LX", "LXX", "LXXX", "XC"}
	ones := [10]string{"", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"}
	return tens[n/10%10] + ones[n%10]
}

// Ordinal writes n as English counts: 1st, 22nd, 113th.
func Ordinal(n int) string {
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
