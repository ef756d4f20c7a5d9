package language

import (
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Every language has its dictionary, which is what answers/tools/dictionary holds.
func TestDictionaries(t *testing.T) {
	for _, tag := range Tags() {
		if tag == English {
			continue
		}
		source, err := os.ReadFile(filepath.Join("..", "tools", "dictionary", tag+".txt"))
		if err != nil {
			t.Fatal(err)
		}
		want := map[string]string{} // a word as it is written, "name" before a name, and what it is
		for l := range strings.SplitSeq(string(source), "\n") {
			if l = strings.TrimSpace(l); l == "" || strings.HasPrefix(l, "#") {
				continue
			}
			english, words, _ := strings.Cut(l, ":")
			kind := english[:len(english)-len(strings.TrimPrefix(english, "name "))]
			for w := range strings.FieldsSeq(words) {
				if want[kind+w] == "" {
					want[kind+w] = english
				}
			}
		}
		got := map[string]string{}
		for i, words := range strings.Split(unpacked(tag+".txt.gz"), "\n") {
			english := englishWords()[i]
			kind := english[:len(english)-len(strings.TrimPrefix(english, "name "))]
			for w := range strings.FieldsSeq(words) {
				got[kind+w] = english
			}
		}
		if !maps.Equal(got, want) {
			t.Errorf("%s: it is not what its source says; go run ./answers/tools/dictionary", tag)
		}
		d := Tables()[tag].dictionary()
		if len(d.words.whole.at)+len(d.words.beginnings.at) < 5000 || len(d.names.whole.at) < 100 {
			t.Errorf("%s: %d words, %d beginnings, %d names", tag, len(d.words.whole.at), len(d.words.beginnings.at), len(d.names.whole.at))
		}
	}
}

func TestDamagedDictionariesAreRefused(t *testing.T) {
	for of, want := range map[string]string{"herzog": "words for 1 words of 2", "he-\n": "at least 3 letters", "herzog-\nherzog-": "two meanings", "!!!\n": "no letters"} {
		if _, err := parseDictionary([]string{"duke", "count"}, strings.Split(of, "\n")); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error %v, want %q", of, err, want)
		}
	}
}

func TestTranslate(t *testing.T) {
	for _, c := range []struct{ tag, text, want string }{
		{"de", "Wer war der Schwippschwager des Herzogs?", "who ? duke"},
		{"fr", "Qui a assiégé la forteresse ?", "who besieged fortress"},
		{"es", "¿Cuándo se rindió el castillo a Guillermo?", "when surrendered castle William"},
		{"it", "Chi era il comandante della flotta?", "who commander fleet"},
		{"pt", "Quantos navios tinha a frota da Suécia?", "how many ship fleet sweden"},
		{"pl", "Ilu żołnierzy broniło twierdzy?", "how many soldier defended fortress"},
		{"ru", "Сколько кораблей потерял Людовик?", "how many ship lost Louis"},
		{"uk", "Хто командував гарнізоном фортеці?", "who commanded garrison fortress"},
	} {
		var got []string
		for _, w := range Tables()[c.tag].Translate(c.text, nil) {
			switch {
			case w.Kind == Function || w.Kind == Address:
			case w.Name != "":
				got = append(got, strings.ToUpper(w.Name[:1])+w.Name[1:])
			case w.English == "":
				got = append(got, "?")
			default:
				got = append(got, w.English)
			}
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%s %q: %q, want %q", c.tag, c.text, s, c.want)
		}
	}
	if words := Tables()["de"].Read("Herzog"); words[0].English != "" {
		t.Errorf("a pack in its own language is read by the dictionary: %v", words)
	}
}

// A compound is read by its parts, and a slip in a form of a word that the dictionary has is mended.
func TestCompoundsAndSlips(t *testing.T) {
	for w, want := range map[string]string{"muhlenprozess": "mill trial", "klosterchronik": "monastery chronicle", "konigskrone": "king crown", "festung": "", "haus": "", "zzzzzzzzzz": ""} {
		if got := Tables()["de"].Compound(w, nil); got != want {
			t.Errorf("%s is %q, want %q", w, got, want)
		}
	}
	if got := Tables()["fr"].Compound("reineroi", nil); got != "" {
		t.Errorf("French has compounds: %q", got)
	}
	for _, c := range []struct{ tag, slip, want string }{{"de", "sodlaten", "soldier"}, {"es", "soldadso", "soldier"}, {"de", "wnn", ""}} {
		w, ok := Tables()[c.tag].Repair(Word{Text: c.slip, Folded: c.slip}, nil)
		if ok != (c.want != "") || ok && w.English != c.want {
			t.Errorf("%s is %q, want %q", c.slip, w.English, c.want)
		}
	}
}
