package answers

import (
	"slices"
	"testing"

	"footnote/knowledge"
)

// germanPack is a base in German whose facts lie near to each other.
func germanPack(t *testing.T) *knowledge.Base {
	t.Helper()
	m := packsInLanguage(t, "de")
	i := slices.IndexFunc(m, func(m *material) bool { return m.group == "hospital" })
	return m[i].base
}

// A base in another language is put into English with its facts and phrasings in their order.
func TestGlossedBase(t *testing.T) {
	base := germanPack(t)
	m, err := New(t.Context(), base, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if m.glossed == nil || len(m.glossed.ix.facts) != len(m.ix.facts) || !slices.Equal(m.glossed.ix.start, m.ix.start) {
		t.Fatal("its facts and phrasings are others than those of the base")
	}
	if f := base.Facts()[0]; f.Questions[0].Lang != "de" || f.Pack.Languages[0] != "de" {
		t.Error("the base itself was changed")
	}
	for lang, cases := range map[string]map[string]string{
		"de": {
			"Wann wurde das Merrow-Spital gegründet?": "when was the merrow hospital founded?",
			"Im Jahr 1790. Der Arzt hieß Harcott.":    "in the 1790. the doctor named Harcott.",
			"Er bekam 3.500 Pfund; dann ging er.":     "he got 3 500 pound; went he.",
			"":                                        "",
		},
		"en": {"When was it founded?": "When was it founded?"},
		"xx": {"Qapla' 1790?": "Qapla' 1790?"},
	} {
		for text, want := range cases {
			if got := m.glossed.gloss(lang, text); got != want {
				t.Errorf("%s %q: %q, want %q", lang, text, got, want)
			}
		}
	}
}

// Bases in English, without answers, without an encoder or in a language without a dictionary are not glossed.
func TestWhatIsNotGlossed(t *testing.T) {
	german := germanPack(t)
	embedded, err := knowledge.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	bare := &knowledge.Base{Packs: []*knowledge.Pack{{ID: "x", Languages: []string{"de"}}}}
	unknown := &knowledge.Base{Packs: []*knowledge.Pack{{ID: "x", Languages: []string{"nl"}}}}
	for _, f := range german.Facts()[:4] {
		label, dutch := *f, *f
		label.Answer, label.Detail = nil, nil
		dutch.Questions = []knowledge.Phrasing{{Lang: "nl", Text: f.Questions[0].Text}}
		bare.Packs[0].Facts = append(bare.Packs[0].Facts, &label)
		unknown.Packs[0].Facts = append(unknown.Packs[0].Facts, &dutch)
	}
	for name, c := range map[string]struct {
		base *knowledge.Base
		opts Options
	}{"English": {embedded, Options{}}, "off": {german, Options{Encoder: "off"}}, "labels": {bare, Options{}}, "no dictionary": {unknown, Options{}}} {
		m, err := New(t.Context(), c.base, c.opts)
		if err != nil {
			t.Fatal(name, err)
		}
		if m.glossed != nil {
			t.Errorf("%s: it is put into English", name)
		}
	}
}

// By both readings more right facts are first than as the bases stand.
func TestGlossedRanks(t *testing.T) {
	onlyLong(t)
	with, without := 0, 0
	for _, p := range packsInLanguage(t, "pt") {
		m, err := New(t.Context(), p.base, Options{})
		if err != nil {
			t.Fatal(err)
		}
		plain := Matcher{base: m.base, ix: m.ix, encoder: m.encoder, bounds: m.bounds}
		plain.meaning.Store(m.meaning.Load())
		for i := range p.asked {
			if a := &p.asked[i]; len(a.want) > 0 {
				if firstIs(m, a) {
					with++
				}
				if firstIs(&plain, a) {
					without++
				}
			}
		}
	}
	t.Logf("first: %d, as the bases stand %d", with, without)
	if with < without+2 {
		t.Errorf("of the questions that the packs answer the right fact is first for %d, and for %d without the second reading", with, without)
	}
}

func firstIs(m *Matcher, a *asked) bool {
	d := m.decide(m.ix.understand(a.text), nothingExcluded)
	return len(d.order) > 0 && slices.Contains(a.want, m.ix.facts[d.order[0]].ID)
}

// Both readings are learned as one: what is told of it grows to the end.
func TestGlossedIsLearnedWithTheBase(t *testing.T) {
	last, of := 0, 0
	m, err := New(t.Context(), germanPack(t), Options{Patience: -1, Progress: func(done, total int) {
		if done < last || of != 0 && total != of {
			t.Errorf("%d of %d after %d of %d", done, total, last, of)
		}
		last, of = done, total
	}})
	if err != nil {
		t.Fatal(err)
	}
	if m.Learned() || m.glossed.Learned() {
		t.Fatal("it was learned without patience")
	}
	if err := m.Learn(t.Context()); err != nil {
		t.Fatal(err)
	}
	if !m.Learned() || !m.glossed.Learned() || of == 0 || last != of {
		t.Errorf("it is learned: %v, in English %v; %d of %d texts", m.Learned(), m.glossed.Learned(), last, of)
	}
}
