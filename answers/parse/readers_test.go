package parse

import (
	"strings"
	"testing"

	"footnote/answers/language"
)

// Words of other languages are read as what they are: the kinds of words, with English for
// grammar, numbers and dates, and stems for the rest.
func TestReadIn(t *testing.T) {
	kinds := map[Kind]string{Content: "", Function: "-", Number: "#", Year: "#", Negation: "!", Month: "#"}
	for _, c := range []struct{ lang, text, want string }{
		{"de", "Wann starb der Bischof von Hallin?", "-when =died -der =bishop -von hallin"},
		{"de", "Wie viele Brücken wurden nicht gebaut?", "-how -many bruck -wurden !not =built"},
		{"de", "Am 29.05.1453 und im Jahr 330", "-am #29 #may #1453 -und -im -jahr #330"},
		{"de", "44 v. Chr.", "#44 -bc"},
		{"de-AT", "im 15. Jahrhundert, in den fünfziger Jahren", "-im #15 centuri -in -den #50s -jahren"},
		{"fr", "Qui a écrit L'Archipel du goulag ?", "-who -a =wrote -l archipel -du goulag"},
		{"fr", "Combien de soldats le 1er mars 1712 ?", "-how -many soldat -le #1 -er #march #1712"},
		{"es", "¿Quién construyó el puente del mar?", "-who =built -el puent -del mar"},
		{"es", "80.000 soldados, mil novecientos cincuenta y seis", "#80000 sold #1956"},
		{"it", "Quando morì l'abate?", "-when =died -l =abbot"},
		{"pt", "Quem construiu a ponte?", "-who =built -a pont"},
		{"pl", "Kto zbudował most?", "-who =built most"},
		{"ru", "Сколько мостов построили в 50-е годы?", "-how -many мост =built -в #50s -годы"},
		{"ru", "Кто не подписал договор?", "-who !not =signed договор"},
		{"uk", "Хто збудував міст?", "-who =built мист"},
		{"nl", "Wie bouwde de brug in 1431?", "wie bouwde de brug in #1431"},
	} {
		var got []string
		for _, w := range Text(c.lang, c.text) {
			key := w.Key
			if w.Kind == Function || w.Kind == Negation {
				key = w.Text
			} else if w.Kind == Month {
				key = w.Text
			}
			got = append(got, kinds[w.Kind]+strings.TrimSuffix(key, apartMark))
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%s %q:\n%s, want\n%s", c.lang, c.text, s, c.want)
		}
	}
}

// No text in any language breaks the reading.
func TestAnyTextIsReadIn(t *testing.T) {
	for _, text := range []string{"", "\x00\xff", strings.Repeat("neunzehnhundert", 1000), strings.Repeat("а ", 5000), "'''", "99.99.9999", "1.2.3", strings.Repeat("9.", 3000)} {
		for _, lang := range append(language.Tags(), "xx") {
			if n := len(Question(lang, text)); n > MaxWords+2 {
				t.Errorf("%s: %d words", lang, n)
			}
		}
	}
}
