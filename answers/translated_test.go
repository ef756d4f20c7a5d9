package answers

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"footnote/knowledge"
)

// Questions on English packs, as people who write another language ask them:
// testdata/packs/PACK/translated.jsonl. Its README tells what they are and who made them.

// A translated is one of these questions.
type translated struct {
	asked
	lang string // ru-Latn is Russian in Latin letters
	of   string // the English question
}

// translatedLangs are the languages, and how many questions each has at least in a pack.
var translatedLangs = map[string]int{"ru": 18, "de": 18, "fr": 18, "es": 18, "it": 8, "pt": 8, "pl": 8, "uk": 8, "ru-Latn": 4}

// readTranslated reads the questions of a pack that were translated.
func readTranslated(tb testing.TB, path string) []translated {
	tb.Helper()
	f, err := os.Open(path)
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close()
	var out []translated
	scan := bufio.NewScanner(f)
	for scan.Scan() {
		var r struct {
			Pack, Lang, Kind, Text, Of string
			Fact                       *string
			Same                       []string
		}
		if err := json.Unmarshal(scan.Bytes(), &r); err != nil {
			tb.Fatalf("%s:%d: %v", path, len(out)+1, err)
		}
		if want := filepath.Base(filepath.Dir(path)); r.Pack != want {
			tb.Errorf("%s:%d: the pack is %q, want %q", path, len(out)+1, r.Pack, want)
		}
		if r.Fact != nil && !slices.Contains(r.Same, *r.Fact) {
			tb.Errorf("%s:%d: %q is not among the facts that answer it", path, len(out)+1, *r.Fact)
		}
		out = append(out, translated{
			asked: asked{text: r.Text, want: r.Same, kind: r.Kind, cut: nothingExcluded}, lang: r.Lang, of: r.Of,
		})
	}
	if err := scan.Err(); err != nil {
		tb.Fatalf("%s: %v", path, err)
	}
	return out
}

// translatedPacks are the translated questions by pack.
func translatedPacks(tb testing.TB) map[string][]translated {
	tb.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", "packs", "*", "translated.jsonl"))
	if err != nil {
		tb.Fatal(err)
	}
	out := map[string][]translated{}
	for _, f := range files {
		out[filepath.Base(filepath.Dir(f))] = readTranslated(tb, f)
	}
	return out
}

// englishOf is a pack with the English questions that the translated ones were made from.
func englishOf(t *testing.T, pack string) (*knowledge.Base, map[string]asked) {
	t.Helper()
	byText := map[string]asked{}
	if pack == "neo-stalinism" {
		m := embeddedPack(t)[0]
		for _, a := range m.asked {
			byText[a.text] = a
		}
		return m.base, byText
	}
	dir := filepath.Join("testdata", "packs")
	questions, err := readQuestions(filepath.Join(dir, "questions.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range questions[pack] {
		byText[a.text] = a
	}
	base, err := knowledge.Open(filepath.Join(dir, pack))
	if err != nil {
		t.Fatal(err)
	}
	return base, byText
}

// TestTranslatedQuestions checks each translated question against the pack and against the
// English question it was made from.
func TestTranslatedQuestions(t *testing.T) {
	packs := translatedPacks(t)
	if len(packs) < 14 {
		t.Errorf("translated questions on %d packs, want 14 or more", len(packs))
	}
	for pack, questions := range packs {
		t.Run(pack, func(t *testing.T) {
			base, english := englishOf(t, pack)
			seen, count := map[string]bool{}, map[string]int{}
			for _, q := range questions {
				count[q.lang]++
				if seen[q.lang+q.text] {
					t.Errorf("twice: %s %q", q.lang, q.text)
				}
				seen[q.lang+q.text] = true
				checkTranslated(t, q, base, english)
			}
			for lang, want := range translatedLangs {
				if count[lang] < want {
					t.Errorf("%d questions in %s, want %d or more", count[lang], lang, want)
				}
			}
		})
	}
}

func checkTranslated(t *testing.T, q translated, base *knowledge.Base, english map[string]asked) {
	t.Helper()
	if translatedLangs[q.lang] == 0 {
		t.Errorf("unknown language %q: %q", q.lang, q.text)
	}
	switch q.kind {
	case "hand", "short", "typo":
		if len(q.want) == 0 {
			t.Errorf("no fact answers %q, of kind %s", q.text, q.kind)
		}
	case "near", "far":
		if len(q.want) > 0 {
			t.Errorf("facts %v answer %q, of kind %s", q.want, q.text, q.kind)
		}
	default:
		t.Errorf("unknown kind %q: %q", q.kind, q.text)
	}
	for _, id := range q.want {
		if base.Fact(id) == nil {
			t.Errorf("no fact %s, of %q", id, q.text)
		}
	}
	e, ok := english[q.of]
	if !ok {
		t.Errorf("%q is no question on the pack; %q is translated from it", q.of, q.text)
	} else if e.class() != q.class() || !sameFacts(e.want, q.want) {
		t.Errorf("%q is of kind %s and answered by %v; its English, %q, of kind %s and by %v", q.text, q.kind, q.want, q.of, e.kind, e.want)
	}
	cyrillic := strings.ContainsFunc(q.text, func(r rune) bool { return unicode.Is(unicode.Cyrillic, r) })
	if want := q.lang == "ru" || q.lang == "uk"; q.class() != classFar && cyrillic != want {
		t.Errorf("%s, and Cyrillic is %v: %q", q.lang, cyrillic, q.text)
	}
	if q.text == "" || strings.TrimSpace(q.text) != q.text || !utf8.ValidString(q.text) {
		t.Errorf("odd text: %q", q.text)
	}
}

func sameFacts(a, b []string) bool {
	return slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
}

// TestTranslatedStyle checks that how a question is typed tells nothing of whether a fact
// answers it.
func TestTranslatedStyle(t *testing.T) {
	byLang := map[string][]asked{}
	for _, questions := range translatedPacks(t) {
		for _, q := range questions {
			byLang[q.lang] = append(byLang[q.lang], q.asked)
		}
	}
	for lang, questions := range byLang {
		t.Run(lang, func(t *testing.T) { checkStyle(t, questions) })
	}
}

// checkStyle checks that as many near misses as answerable questions begin with a capital
// and end in a question mark, about half of either, and that they are as long.
func checkStyle(t *testing.T, questions []asked) {
	t.Helper()
	var count, marks, capitals, words [classes]float64
	for _, q := range questions {
		c := q.class()
		count[c]++
		words[c] += float64(len(strings.Fields(q.text)))
		if strings.HasSuffix(q.text, "?") {
			marks[c]++
		}
		if first, _ := utf8.DecodeRuneInString(strings.TrimPrefix(q.text, "¿")); unicode.IsUpper(first) {
			capitals[c]++
		}
	}
	if count[classIn] == 0 || count[classNear] == 0 {
		t.Fatalf("%v answerable questions and %v near misses", count[classIn], count[classNear])
	}
	slack := max(.1, 1.5/count[classNear]) // one and a half question of a short list
	for what, n := range map[string][classes]float64{"question marks": marks, "capitals": capitals} {
		in, near := n[classIn]/count[classIn], n[classNear]/count[classNear]
		if d := in - near; d > slack || d < -slack {
			t.Errorf("share of %s %.2f in answerable questions, %.2f in near misses", what, in, near)
		}
		if in < .35 || in > .65 {
			t.Errorf("share of %s %.2f, want about half", what, in)
		}
	}
	if r := words[classIn] / count[classIn] * count[classNear] / words[classNear]; r < .7 || r > 1.45 {
		t.Errorf("answerable questions are %.2f times as long as near misses", r)
	}
}
