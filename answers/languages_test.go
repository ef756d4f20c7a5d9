package answers

import (
	"strings"
	"testing"

	"footnote/answers/language"
	"footnote/answers/parse"
	"footnote/knowledge"
)

// German writes every noun with a capital: a name is what stands without an article.
func TestGermanNouns(t *testing.T) {
	ix := newIndex(inLanguage("de", map[string][]string{
		"a": {"Wer baute die Brücke von Hallin?", "Wann kam Merrow in die Stadt?"}, "b": {"Was kostete der Bau einer Mühle?"},
	}))
	for word, want := range map[string]bool{"hallin": true, "merrow": true, "mühle": false, "bau": false, "stadt": false} {
		w := parse.Text("de", word)[0]
		if got := ix.isName(&w); got != want {
			t.Errorf("%s is a name: %v, want %v", word, got, want)
		}
	}
}

// Words of a question find the pack's without accents, in other forms, with slips, and
// written together.
func TestTowardsPack(t *testing.T) {
	for _, c := range []struct{ lang, phrasing, asked, find string }{
		{"de", "Wer war der Fürst von Hallin?", "wer war der fuerst", "fürst"},
		{"de", "Wer war der Fürst von Hallin?", "wer war der furst", "fürst"},
		{"de", "Was kostete das Kloster? Was war der Garten?", "was war der Klostergarten?", "kloster"},
		{"de", "Was war der Klosterbrand? Wo steht das Kloster? Wann war der Brand?", "was war der brand", "brand"},
		{"fr", "Qui a fondé la cathédrale ?", "qui a fonde la cathedrale", "cathédrale"},
		{"es", "¿Quién pagó la catedral?", "quien pago la catderal", "catedral"},
		{"pl", "Kto zburzył klasztor?", "kto zbudował klasztoru", "klasztor"},
		{"ru", "Кто разрушил монастырь?", "кто разрушил монастыря", "монастырь"},
		{"nl", "Wie sloopte het klooster?", "wie bouwde de kloosters", "klooster"},
	} {
		ix := newIndex(inLanguage(c.lang, map[string][]string{"a": strings.SplitAfter(c.phrasing, "? "), "b": {"Xyzzy plugh?"}}))
		want := parse.Text(c.lang, c.find)[0].Key
		found := false
		u := ix.understand(c.asked)
		for _, w := range u.words {
			found = found || w.Key == want
		}
		if !found {
			t.Errorf("%s: %q does not find %s: %+v", c.lang, c.asked, c.find, u.words)
		}
	}
}

// inLanguage is a pack in a language, with its facts' phrasings by their ids.
func inLanguage(lang string, phrasings map[string][]string) *knowledge.Base {
	p := &knowledge.Pack{ID: "p", Languages: []string{lang}}
	for _, id := range []string{"a", "b"} {
		f := &knowledge.Fact{ID: id, Pack: p, Status: knowledge.Established, Answer: knowledge.Text{lang: "…"}}
		for _, q := range phrasings[id] {
			f.Questions = append(f.Questions, knowledge.Phrasing{Lang: lang, Text: q})
		}
		p.Facts = append(p.Facts, f)
	}
	return &knowledge.Base{Packs: []*knowledge.Pack{p}}
}

// A pack in several languages is asked in each, and answered from the fact.
func TestMixedPack(t *testing.T) {
	p := &knowledge.Pack{ID: "p", Languages: []string{"en", "de", "ru"}}
	add := func(id, en, de, ru string) {
		p.Facts = append(p.Facts, &knowledge.Fact{ID: id, Pack: p, Status: knowledge.Established, Answer: knowledge.Text{"en": "Yes."},
			Questions: []knowledge.Phrasing{{Lang: "en", Text: en}, {Lang: "de", Text: de}, {Lang: "ru", Text: ru}}})
	}
	add("bridge", "Who built the bridge?", "Wer baute die Brücke?", "Кто построил мост?")
	add("abbot", "When did the abbot die?", "Wann starb der Abt?", "Когда умер аббат?")
	add("bell", "Why was the bell sold?", "Warum wurde die Glocke verkauft?", "Почему продали колокол?")
	m, err := New(t.Context(), &knowledge.Base{Packs: []*knowledge.Pack{p}}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for q, want := range map[string]string{
		"who has built the bridge": "bridge", "Wer hat die Brücke gebaut?": "bridge", "Кто построил этот мост?": "bridge",
		"when did the old abbot die": "abbot", "wann ist der Abt gestorben": "abbot", "когда аббат умер": "abbot",
		"why did they sell the bell": "bell", "weshalb hat man die glocke verkauft": "bell", "зачем колокол продали": "bell",
	} {
		if got := m.Match(Query{Text: q}); got.Best() == nil || got.Best().ID != want {
			t.Errorf("%q: %s %v, want %s", q, got.Outcome, got.Best(), want)
		}
	}
}

// Every language of the tables is known in full or lacks what the documents say.
func TestSupportOf(t *testing.T) {
	for _, tag := range language.Tags() {
		s := SupportOf(tag + "-XX")
		if !s.Grammar || !s.Common || s.Meaning == Unlearned {
			t.Errorf("%s: %+v", tag, s)
		}
	}
	if got := len(SupportOf("xx").Lacks()); got != 5 {
		t.Errorf("of an unknown language %d things are lacking", got)
	}
	for _, tag := range []string{"en", "de", "es", "fr", "it", "pt", "ru"} {
		if l := SupportOf(tag).Lacks(); l != nil {
			t.Errorf("%s lacks %q", tag, l)
		}
	}
}

// Questions go on from the last answer in the pack's language as they do in English.
func TestFollowUpsInOtherLanguages(t *testing.T) {
	for lang, asked := range map[string][2]string{
		"de": {"und wann?", "und wann wurde es gegründet?"}, "fr": {"et quand ?", "quand a-t-il été fondé ?"}, "es": {"¿y cuándo?", "¿y en qué año?"}, "ru": {"а когда?", "и в каком году?"},
	} {
		for _, m := range packsInLanguage(t, lang) {
			previous := m.base.Fact("orchestra-founded")
			if previous == nil {
				continue
			}
			x, err := New(t.Context(), m.base, Options{Encoder: "off"})
			if err != nil {
				t.Fatal(err)
			}
			for i, q := range asked {
				if got := x.Match(Query{Text: q, Previous: previous}); got.Best() != previous || i == 0 && !got.FollowUp {
					t.Errorf("%s %q: %s %v, a follow-up: %v", lang, q, got.Outcome, got.Best(), got.FollowUp)
				}
			}
			if got := x.Match(Query{Text: asked[0]}); got.Outcome != Declined {
				t.Errorf("%s %q of nothing: %s", lang, asked[0], got.Outcome)
			}
		}
	}
}
