package search

import (
	"slices"
	"strings"
	"testing"

	"footnote/knowledge"
	"footnote/knowledge/csl"
)

// library is a pack of three facts.
func library() *Index {
	pack := &knowledge.Pack{ID: "library", Synonyms: [][]string{{"caesar", "цезарь"}, {"julius caesar", "dictator"}, {"nobody", "nemo"}}}
	source := &csl.Source{
		ID: "okoro1990", Type: "book",
		Names:  map[string][]csl.Name{"author": {{Family: "Okoro", Given: "Ada"}}},
		Fields: map[string]string{"title": "Scrolls and Fires"},
	}
	cite := []knowledge.Cite{{Source: source}, {}}
	return New([]*knowledge.Fact{
		{
			ID: "founded", Pack: pack, Topics: []string{"beginnings"}, People: []string{"Ptolemy"},
			Questions: []knowledge.Phrasing{{Text: "When was the library founded?"}, {Text: "the foundation"}},
			Answer:    knowledge.Text{"en": "It was founded in 283."}, Cites: cite,
		},
		{
			ID: "burned", Pack: pack, Topics: []string{"fire"}, Keywords: []string{"blaze"},
			Questions:   []knowledge.Phrasing{{Text: "Who burned the library?"}},
			Answer:      knowledge.Text{"en": "Some blame the harbour."},
			Detail:      knowledge.Text{"en": "Warehouses stood there."},
			AccordingTo: "Plutarch",
			Positions:   []knowledge.Position{{Holder: "Caesar", Claim: knowledge.Text{"en": "Ships caught fire."}, Cites: cite}},
		},
		{
			ID: "scholars", Pack: pack,
			Questions: []knowledge.Phrasing{{Text: "Which administrators did the museum have?"}},
			Answer:    knowledge.Text{"en": "Khrushchevian ones."},
		},
	}, []*knowledge.Pack{pack})
}

func ids(hits []Hit) string {
	var all []string
	for _, h := range hits {
		all = append(all, h.Fact.ID)
	}
	return strings.Join(all, " ")
}

func TestFind(t *testing.T) {
	x := library()
	names := []Field{InNames, InSources, InPhrasings}
	for _, c := range []struct {
		text   string
		in     []Field
		typing bool
		want   string
	}{
		{"founded", names, false, "founded"},
		{"FOUNDED, Library!", names, false, "founded burned"},
		{"libary", names, false, "founded burned"},             // a typing error
		{"adminstratros", names, false, "scholars"},            // two, in a long word
		{"librarys", names, false, "founded burned"},           // a plural
		{"khrshchvn", Everywhere, false, "scholars"},           // characters left out
		{"mus", names, false, ""},                              // half a word
		{"mus", names, true, "scholars"},                       // half a word that is being typed
		{"цезарь", names, false, "burned"},                     // in another script
		{"цез", names, true, "burned"},                         // the same, being typed
		{"dictator", names, false, ""},                         // one word of a phrase means something else
		{"nemo", names, false, ""},                             // of what the facts do not have
		{"okoro", names, false, "founded burned"},              // an author, of a position's source too
		{"warehouses", names, false, ""},                       // in the text
		{"warehouses", Everywhere, false, "burned"},            // in the text
		{"plutarch", Everywhere, false, "burned"},              // whose claim it is
		{"284", Everywhere, false, ""},                         // a number has no typing errors
		{"283", Everywhere, false, "founded"},                  // but is found
		{"?!", Everywhere, false, ""},                          // no word
		{"\xff fire", []Field{InNames}, false, "burned"},       // no text
		{"library", []Field{InTexts}, false, ""},               // in another field
		{"blaze", []Field{InPhrasings}, false, "burned"},       // a keyword
		{"foundation", []Field{InPhrasings}, false, "founded"}, // another phrasing
	} {
		if got := ids(x.Find(c.text, c.in, c.typing)); got != c.want {
			t.Errorf("%q: %q, want %q", c.text, got, c.want)
		}
	}
	long := strings.Repeat("library ", 10_000)
	if got := ids(x.Find(long, names, false)); got != "founded burned" {
		t.Errorf("a long text: %q", got)
	}
}

// What is found first has more of what was typed, and rare words count for more.
func TestRanking(t *testing.T) {
	hits := library().Find("library fire", Everywhere, false)
	if ids(hits) != "burned founded" {
		t.Fatalf("%q", ids(hits))
	}
	if hits[0].Score != 1 || hits[1].Score >= .5 {
		t.Errorf("scores: %v and %v", hits[0].Score, hits[1].Score)
	}
	if got := ids(AtLeast(.5, hits)); got != "burned" {
		t.Errorf("at least a half: %q", got)
	}
	if got := ids(AtLeast(.1, hits)); got != "burned founded" {
		t.Errorf("at least a tenth: %q", got)
	}
}

func TestNames(t *testing.T) {
	x := library()
	for word, want := range map[string][]string{
		"": {"Ptolemy", "beginnings", "fire", "Scrolls and Fires"}, "fir": {"fire", "Scrolls and Fires"}, "pto": {"Ptolemy"}, "x": nil,
	} {
		if got := slices.Collect(x.Names(word)); !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", word, got, want)
		}
	}
	for n := range x.Names("") { // and not the others
		if n != "Ptolemy" {
			t.Errorf("%q is the first", n)
		}
		break
	}
}

func TestWords(t *testing.T) {
	for text, want := range map[string]string{
		"It’s  the ÉCOLE": "its the ecole", "Хрущёв": "хрущев", "a-b_c 12": "a b c 12", "“ﬁre”": "fire", "?": "",
	} {
		if got := strings.Join(Words(text, 9), " "); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
	if got := Words("a b c", 2); len(got) != 2 {
		t.Errorf("more than two: %q", got)
	}
}

func TestEdits(t *testing.T) {
	for _, c := range []struct {
		a, b        string
		limit, want int
	}{
		{"fire", "fire", 2, 0}, {"fire", "fir", 2, 1}, {"fire", "fires", 2, 1}, {"fire", "fare", 2, 1}, {"fire", "fier", 2, 1},
		{"fire", "farm", 2, 2}, {"fire", "moon", 2, 3}, {"fire", "f", 2, 3}, {"ёлка", "елка", 1, 1}, {"abcd", "dcba", 1, 2},
	} {
		if got := Edits(c.a, c.b, c.limit); got != c.want {
			t.Errorf("%s and %s: %d, want %d", c.a, c.b, got, c.want)
		}
	}
}

func TestAlike(t *testing.T) {
	for _, c := range []struct {
		v, w string
		want bool
	}{{"fire", "fire", true}, {"library", "libary", true}, {"a", "b", false}, {"1956", "1965", false}, {"fire", "moon", false}} {
		if got := Alike(c.v, c.w); got != c.want {
			t.Errorf("%s and %s: %v", c.v, c.w, got)
		}
	}
}
