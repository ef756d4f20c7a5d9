package answers

import (
	"testing"

	"footnote/answers/language"
	"footnote/answers/parse"
)

// What a question in another language is in English, without a base: its words of grammar, what it
// asks for, details and ordinals.
func TestGloss(t *testing.T) {
	for _, c := range []struct{ lang, text, want string }{
		{"de", "Wann wurde die Abtei gegründet?", "when was the abbey founded"},
		{"de", "Woran starb der König?", "what died of the king"},
		{"de", "Wie hieß die Frau des Bischofs?", "what was the name of the wife of the bishop"},
		{"de", "Wie hoch ist der Turm, den der Abt baute?", "how tall is the tower the abbot built"},
		{"de", "Was hat die Stadt gekauft?", "what the city bought"},
		{"fr", "Quand l'hôpital a-t-il été fondé ?", "when the hospital was founded"},
		{"fr", "Depuis quand le palais est-il fermé ?", "since when the palace is closed"},
		{"es", "¿En qué mes murió el rey?", "in what month died the king"},
		{"it", "Quanto costò il ponte della città?", "how much cost the bridge of the city"},
		{"pt", "Quem foi a mulher do segundo rei?", "who was the wife of the second king"},
		{"pl", "Kto był żoną króla?", "who was wife king"},
		{"ru", "Кто жена короля?", "who was wife king"},
		{"ru", "Как умер епископ?", "how did bishop die"},
		{"de", "Was hat der Bischof über den König gesagt?", "what did the bishop say about the king"},
		{"es", "¿Qué dijo el rey de la ciudad?", "what did the king say about the city"},
		{"fr", "Combien de soldats a perdus le roi ?", "how many soldier lost the king"},
		{"pl", "Czy król był stary?", "king was old"},
		{"it", "Quanti anni aveva il re?", "how old the king"},
		{"uk", "У якому році згорів монастир?", "in what year burned monastery"},
	} {
		table := language.Tables()[c.lang]
		var g gloss
		words := table.Translate(c.text, parse.Stemmer(c.lang))
		for i := range words {
			if words[i].Kind == language.Content {
				g.tell(words[i].English)
			} else {
				g.put(table, &words[i])
			}
		}
		if got := g.text(); got != c.want {
			t.Errorf("%s %q: %q, want %q", c.lang, c.text, got, c.want)
		}
	}
}
