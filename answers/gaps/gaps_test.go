package gaps

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"

	"footnote/answers"
	"footnote/knowledge"
)

func ask(who string, texts ...string) []Question {
	var all []Question
	for _, t := range texts {
		all = append(all, Question{Text: t, Who: who, Kind: Unanswered})
	}
	return all
}

func headings(groups []Group) string {
	var all []string
	for _, g := range groups {
		all = append(all, g.Texts[0])
	}
	return strings.Join(all, " / ")
}

func TestFindGroupsWhatIsAboutTheSame(t *testing.T) {
	questions := append(ask("ann",
		"When was Molotov born?", "molotov born when", "Where did Beria live?", "Кто такой Маленков?", "Wann wurde Molotow geboren?", "???", ""),
		ask("bob", "In what year was Molotow born?", "when was molotov born", "Кто был Маленков", "Where was Beria living?", "Where did Bukharin live?")...)
	got := Find(questions)
	want := "When was Molotov born? / Where did Beria live? / Кто такой Маленков? / Wann wurde Molotow geboren? / Where did Bukharin live?"
	if h := headings(got); h != want {
		t.Errorf("groups: %s\nwant:   %s", h, want)
	}
	if g := got[0]; g.Times != 4 || g.People != 2 || len(g.Texts) != 3 || g.Kind != Unanswered {
		t.Errorf("the first group: %+v", g)
	}
	for range 20 {
		rand.Shuffle(len(questions), func(i, j int) { questions[i], questions[j] = questions[j], questions[i] })
		if again := Find(questions); !reflect.DeepEqual(got, again) {
			t.Fatalf("in another order: %s", headings(again))
		}
	}
}

func TestSimilar(t *testing.T) {
	for _, x := range []struct {
		a, b string
		want bool
	}{
		{"Who denounced Stalin?", "who denounced stalin", true},
		{"Who denounced Stalin's cult?", "Who denounced Stalins cult", true},
		{"Who denounced Khrushchev?", "Who denounced Khruschev?", true},
		{"Who denounced Stalin?", "Who denounced Hitler?", false},
		{"What happened in 1956?", "What happened in 1953?", false},
		{"What happened at the congress?", "What happened at the Congresses?", true},
		{"Кто построил Мавзолей?", "кто построил мавзолеи", true},
		{"when", "where", false},
		{"who was who", "who was who?", true},
		{"", "", true},
	} {
		if got := similar(keyOf(x.a), keyOf(x.b)); got != x.want {
			t.Errorf("%q and %q: %t", x.a, x.b, got)
		}
	}
}

func TestManyQuestions(t *testing.T) {
	var many []Question
	for i := range Most + 500 {
		many = append(many, ask("ann", strings.Repeat(string(rune('a'+i%26)), 3+i/26))...)
	}
	n := 0
	for _, g := range Find(many) {
		n += len(g.Texts)
	}
	if n != Most {
		t.Errorf("%d questions are grouped, want %d", n, Most)
	}
}

// pack is a pack of one fact; more is put beside it as facts/more.yaml.
func pack(t *testing.T, more string) (*knowledge.Pack, []knowledge.Problem) {
	t.Helper()
	fsys := fstest.MapFS{
		"pack.yaml":       {Data: []byte("schema: footnote/1\nid: village\ntitle: Village\nversion: 1.0.0\nlicense: CC0-1.0\nlanguages: [en]\n")},
		"sources.yaml":    {Data: []byte("references:\n  - {id: chronicle, type: book, title: Chronicle, issued: {date-parts: [[1900]]}}\n")},
		"facts.yaml":      {Data: []byte("facts:\n  - id: mill-miller\n    status: established\n    questions: [Who owned the mill?]\n    answer: The miller.\n    cites: [{source: chronicle, locator: {label: page, value: '3'}}]\n")},
		"unanswered.yaml": {Data: []byte("schema: footnote/1\nunanswered: [When did the well dry up?]\n")},
	}
	if more != "" {
		fsys["facts/more.yaml"] = &fstest.MapFile{Data: []byte(more)}
	}
	return knowledge.Load(fsys, "village")
}

// A stub is a fact of the pack once its answer is filled in, and not before.
func TestStubsBecomeFacts(t *testing.T) {
	p, problems := pack(t, "")
	if p == nil {
		t.Fatal(problems)
	}
	base := &knowledge.Base{Packs: []*knowledge.Pack{p}}
	questions := append(ask("ann", "Who owned the mill?", "Who \"owned\" the: mill #1 & <its> wheel?", "Кто построил мост?", "When did the well dry up?", "Mill miller", "Mill, the miller's?", "the of"),
		Question{Text: "Who owned the mill wheel in 1900?", Who: "bob", Kind: Unhelpful, Fact: "mill-miller"})
	groups := Find(questions)
	for i := range groups {
		groups[i].Near = []answers.Candidate{{Fact: p.Facts[0], Confidence: .31}, {Fact: p.Facts[0], Confidence: .001}}
	}
	text := Stubs(base, groups)
	golden(t, "stubs.yaml", text)
	if p, problems := pack(t, text); p != nil {
		t.Error("stubs without answers load")
	} else if n := len(problems); n == 0 || !strings.Contains(problems[0].Path, "answer") {
		t.Errorf("the problems are not the answers: %v", problems)
	}
	filled := strings.ReplaceAll(text, `answer: ""`, `answer: "It is written here."`)
	p, problems = pack(t, strings.ReplaceAll(filled, `      - "When did the well dry up?"`, `      - "When did the well of the village dry up?"`))
	if p == nil {
		t.Fatalf("filled in, they do not load: %v", problems)
	}
	for _, f := range p.Facts[1:] {
		if f.Status != knowledge.CitationNeeded || len(f.Questions) == 0 {
			t.Errorf("%+v", f)
		}
	}
	if Stubs(base, nil) != "" {
		t.Error("no gaps are no file")
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	want, err := os.ReadFile(path)
	if err == nil && string(want) == got {
		return
	}
	if os.Getenv("UPDATE") != "" {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	t.Errorf("%s is not what comes out (run with UPDATE=1 if that is right):\n%s", path, got)
}

func TestPhrasings(t *testing.T) {
	p, problems := pack(t, "")
	if p == nil {
		t.Fatal(problems)
	}
	base := &knowledge.Base{Packs: []*knowledge.Pack{p}}
	questions := append(ask("ann", "who owned the mill", "Whose mill was it?", "whose mill was it", "The mill's owner?"), ask("bob", "Whose mill was it?")...)
	if got := Phrasings(base, questions, 2); !reflect.DeepEqual(got, []Phrasing{{"Whose mill was it?", 3}}) {
		t.Errorf("of two people: %v", got)
	}
	if got := Phrasings(base, questions, 1); len(got) != 2 || got[1].Text != "The mill's owner?" {
		t.Errorf("of anybody: %v", got)
	}
}

// Whatever people typed, the stubs are YAML that loads once answers are there.
func FuzzStubs(f *testing.F) {
	for _, s := range []string{"When was Molotov born?", "\x00\"'\\", "— : - # [x] {y}", "Кто? ёж й", "\u202e\u0085", strings.Repeat("ab ", 400), "İI", "'''"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		groups := Find(ask("x", s))
		text := Stubs(&knowledge.Base{}, groups)
		if len(groups) == 0 {
			return
		}
		if strings.Count(text, "\n  - id: ") != 1 || strings.Count(text, "\n      - ") != 1 {
			t.Errorf("%q makes\n%s", s, text)
		}
		for _, g := range groups {
			_ = g.Report()
		}
	})
}
