package edtf

import (
	"embed"
	"encoding/json"
	"fmt"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// What the package knows of single languages is in languages, one file each. A file
// added is a language added.
//
//go:embed languages/*.json
var languageFiles embed.FS

// dateWords are the words around dates in one language.
type dateWords struct {
	Months   [12]string `json:"months"`    // "February" alone,
	MonthsOf [12]string `json:"months-of"` // and as in "25 February" and after a preposition

	Seasons   [4]string `json:"seasons"`
	SeasonsOf [4]string `json:"seasons-of"`

	About        string `json:"about"` // what has {date}
	Perhaps      string `json:"perhaps"`
	PerhapsAbout string `json:"perhaps-about"`
	NoDay        string `json:"no-day"`
	NoMonth      string `json:"no-month"`

	Since byPrecision `json:"since"`
	Until byPrecision `json:"until"`
	From  byPrecision `json:"from"`  // its end is unknown
	UpTo  byPrecision `json:"up-to"` // its beginning is unknown

	BC      string `json:"bc"`
	Decade  string `json:"decade"`  // with its first year, and {last} if that is said
	Century string `json:"century"` // with {century}
	Numeral string `json:"numeral"` // of a century: ordinal, roman, arabic

	Day      string `json:"day"` // with {day}
	FirstDay string `json:"first-day"`
	Of       string `json:"of"` // what stands before a month's year, and before the month of a day
}

// byPrecision is a format that may differ by how precise its date is: "jusqu’en 1956",
// "jusqu’au 25 février 1956".
type byPrecision struct {
	Year  string `json:"year"`
	Month string `json:"month"`
	Day   string `json:"day"`
}

// UnmarshalJSON reads one text for all of them, or one for each.
func (p *byPrecision) UnmarshalJSON(data []byte) error {
	var all string
	if json.Unmarshal(data, &all) == nil {
		*p = byPrecision{all, all, all}
		return nil
	}
	type each byPrecision
	return json.Unmarshal(data, (*each)(p))
}

// with fills in the date, whose end e is.
func (p byPrecision) with(e End, date string) string {
	format := p.Year
	switch {
	case e.Day > 0 && !e.dayX:
		format = p.Day
	case e.Month > 0 && !e.monthX:
		format = p.Month
	}
	return strings.Replace(format, "{date}", date, 1)
}

// languages are the languages that dates are written in, by their base tag.
var languages = sync.OnceValue(func() map[string]*dateWords {
	files, err := languageFiles.ReadDir("languages")
	if err != nil {
		panic(err)
	}
	all := map[string]*dateWords{}
	for _, f := range files {
		data, err := languageFiles.ReadFile(path.Join("languages", f.Name()))
		if err != nil {
			panic(err)
		}
		d := json.NewDecoder(strings.NewReader(string(data)))
		d.DisallowUnknownFields()
		w := &dateWords{}
		if err := d.Decode(w); err != nil { // the files are part of the program, and a test reads them
			panic(fmt.Errorf("%s: %w", f.Name(), err))
		}
		all[strings.TrimSuffix(f.Name(), ".json")] = w
	}
	return all
})

// Languages are the tags of the languages that dates are written in, sorted.
func Languages() []string { return slices.Sorted(maps.Keys(languages())) }

// Months are the names of the months in a language as dates have them, two for each
// month where it inflects them, from January on. Nil if the language is not known.
func Months(lang string) [][]string {
	w := languages()[base(lang)]
	if w == nil {
		return nil
	}
	all := make([][]string, 12)
	for i := range all {
		all[i] = []string{w.Months[i]}
		if w.MonthsOf[i] != w.Months[i] {
			all[i] = append(all[i], w.MonthsOf[i])
		}
	}
	return all
}

func base(lang string) string {
	b, _, _ := strings.Cut(strings.ToLower(lang), "-")
	return b
}

// wordsFor returns the words of a language, given by its BCP 47 tag, or else the
// English ones.
func wordsFor(lang string) dateWords {
	if w, ok := languages()[base(lang)]; ok {
		return *w
	}
	return *languages()["en"]
}

// numeral writes the number of a century.
func (w dateWords) numeral(n int) string {
	switch w.Numeral {
	case "ordinal":
		return Ordinal(n)
	case "roman":
		return romanNumeral(n)
	}
	return strconv.Itoa(n)
}

// romanNumeral writes n, which is below 100, as most languages number centuries.
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
