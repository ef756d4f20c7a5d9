package answers

import (
	"context"
	"errors"
	"testing"

	"footnote/answers/encoder"
	"footnote/knowledge"
)

// Questions in eight languages find the facts of an English pack, and what they ask beside the
// point is not answered surely.
func TestForeignQuestions(t *testing.T) {
	m, err := embeddedMatcher()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ lang, text, fact string }{
		{"ru", "Когда Хрущёв осудил культ личности Сталина?", "secret-speech"},
		{"ru", "kogda Khrushchev osudil kult lichnosti Stalina", "secret-speech"},
		{"uk", "Коли Хрущов засудив культ особи?", "secret-speech"},
		{"de", "Wann verurteilte Chruschtschow den Personenkult?", "secret-speech"},
		{"fr", "Quand Khrouchtchev a-t-il dénoncé le culte de la personnalité ?", "secret-speech"},
		{"es", "¿Cuándo denunció Jruschov el culto a la personalidad?", "secret-speech"},
		{"it", "Quando Kruscev denunciò il culto della personalità?", "secret-speech"},
		{"pt", "Quando Khrushchov denunciou o culto da personalidade?", "secret-speech"},
		{"pl", "Kiedy Chruszczow potępił kult jednostki?", "secret-speech"},
		{"ru", "Что такое неосталинизм?", "neo-stalinism-meaning"},
	} {
		r := m.Match(Query{Text: c.text})
		if r.Lang != c.lang || !r.Foreign || r.Best() == nil || r.Best().ID != c.fact {
			t.Errorf("%q: in %q (%v), %s, %v", c.text, r.Lang, r.Foreign, r.Outcome, r.Candidates)
		}
	}
	for _, text := range []string{"Wie wird das Wetter morgen?", "Сколько стоит билет в кино?", "quel est le meilleur restaurant de Lyon", "wer war der Vater von Napoleon"} {
		if r := m.Match(Query{Text: text}); r.Sure() || !r.Foreign {
			t.Errorf("%q: surely answered with %s", text, r.Candidates[0].Fact.ID)
		}
	}
	// What is English, or nothing tells, is read as it was.
	for _, text := range []string{"when did khrushchev denounce stalin", "what is the weather in berlin", "secret speech", "die hard war"} {
		if r := m.Match(Query{Text: text}); r.Foreign && r.Outcome != Declined {
			t.Errorf("%q: read in %q", text, r.Lang)
		}
	}
}

// People go on in their language.
func TestForeignFollowUps(t *testing.T) {
	m, err := embeddedMatcher()
	if err != nil {
		t.Fatal(err)
	}
	fact := m.Base().Fact("secret-speech")
	if fact == nil {
		t.Fatal("the pack has no secret-speech")
	}
	for _, text := range []string{"und wann war das?", "а когда это было?", "et quand ?", "e quando?", "a kiedy to było?", "а коли це було?", "y cuándo fue eso"} {
		r := m.Match(Query{Text: text, Previous: fact})
		if !r.FollowUp || r.Best() != fact {
			t.Errorf("%q: %s, follow-up %v, %s", text, r.Outcome, r.FollowUp, r.Why.Reason)
		}
	}
	// The weather and today are no matter of the last answer.
	for _, text := range []string{"quel temps fait-il ?", "qué tiempo hace", "que tempo faz", "che tempo fa?", "welcher Tag ist heute?", "quel jour sommes-nous aujourd'hui ?"} {
		if r := m.Match(Query{Text: text, Previous: fact}); r.Outcome != Declined {
			t.Errorf("%q: %s, follow-up %v", text, r.Outcome, r.FollowUp)
		}
	}
}

func TestEnglishEncoderAlone(t *testing.T) {
	base, err := knowledge.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	m, err := New(t.Context(), base, Options{Encoder: "english"})
	if err != nil {
		t.Fatal(err)
	}
	r := m.Match(Query{Text: "Wann verurteilte Chruschtschow den Personenkult?"})
	if m.foreignOf() != nil || r.Sure() {
		t.Error("the multilingual encoder is asked all the same")
	}
	if r.Lang != "de" || !r.Foreign {
		t.Errorf("it is in %q, foreign %v", r.Lang, r.Foreign)
	}
}

func BenchmarkForeign(b *testing.B) {
	base, err := knowledge.Embedded()
	if err != nil {
		b.Fatal(err)
	}
	m, err := New(b.Context(), base, Options{})
	if err != nil {
		b.Fatal(err)
	}
	enc, err := encoder.LoadMultilingual()
	if err != nil {
		b.Fatal(err)
	}
	b.Run("first", func(b *testing.B) {
		for b.Loop() {
			if f, err := newForeign(b.Context(), m.ix, enc, newVectorStore("")); err != nil || f == nil {
				b.Fatal(err)
			}
		}
	})
	questions := []string{"Когда Хрущёв осудил культ личности Сталина?", "Wer gründete Memorial?", "¿Cuándo denunció Jruschov el culto a la personalidad?", "Qu'est-ce que le néo-stalinisme ?"}
	b.Run("question", func(b *testing.B) {
		i := 0
		for b.Loop() {
			m.Match(Query{Text: questions[i%len(questions)]})
			i++
		}
	})
}

// What is learned in the background is what the first question would have made, and is kept.
func TestLearnOtherLanguages(t *testing.T) {
	base, _ := embeddedBase(t)
	const question = "Wann verurteilte Chruschtschow den Personenkult?"
	cache := t.TempDir()
	open := func(dir string) *Matcher {
		m, err := New(t.Context(), base, Options{CacheDir: dir})
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	m := open(cache)
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	if err := m.LearnOtherLanguages(cancelled); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: error %v", err)
	}
	m.foreignUnderWay.Store(true)
	if r := m.Match(Query{Text: question}); r.Sure() || m.foreign.Load() != nil {
		t.Errorf("while it is under way: %v, and it is made: %v", r.Outcome, m.foreign.Load() != nil)
	}
	if err := m.LearnOtherLanguages(t.Context()); err != nil {
		t.Fatal(err)
	}
	if m.foreign.Load() != nil {
		t.Error("it is held in memory although nobody asked and it is kept")
	}
	_, texts := foreignOfBase(m.ix)
	if n := len(newVectorStore(cache).missing(texts.all())); n != 0 {
		t.Errorf("%d vectors are not kept", n)
	}
	inMemory := open("")
	if err := inMemory.LearnOtherLanguages(t.Context()); err != nil {
		t.Fatal(err)
	}
	if inMemory.foreign.Load() == nil {
		t.Error("without a cache it is not held in memory")
	}
	atOnce, err := embeddedMatcher()
	if err != nil {
		t.Fatal(err)
	}
	want := atOnce.Match(Query{Text: question})
	for name, m := range map[string]*Matcher{"kept": m, "in memory": inMemory} {
		if r := m.Match(Query{Text: question}); r.Best() == nil || r.Best().ID != want.Best().ID || r.Candidates[0].Confidence != want.Candidates[0].Confidence {
			t.Errorf("%s: it answers otherwise than at once", name)
		}
	}
}
