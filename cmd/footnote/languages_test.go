package main

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"footnote/answers"
	"footnote/answers/language"
	"footnote/bot/lang"
	"footnote/knowledge/edtf"
)

// languageTable says what works in which language, from what the packages say of it.
func languageTable() string {
	var tags []string
	for _, more := range [][]string{lang.All().Tags(), edtf.Languages(), language.Tags()} {
		for _, tag := range more {
			if tag != lang.Default && !slices.Contains(tags, tag) {
				tags = append(tags, tag)
			}
		}
	}
	slices.Sort(tags)
	var b strings.Builder
	b.WriteString("| language | Footnote speaks it | dates are written in it | question words, numbers, dates are read | endings of words | read as English too | meaning |\n|---|---|---|---|---|---|---|\n")
	yes := func(is bool) string {
		if is {
			return "yes"
		}
		return "no"
	}
	meanings := map[answers.Meaning]string{answers.OwnEncoder: "its own encoder", answers.MultilingualEncoder: "the multilingual encoder", answers.ReadAsRussian: "the multilingual encoder, as Russian", answers.Unlearned: "the multilingual encoder, which has not learned it"}
	row := func(name, tag string) {
		s := answers.SupportOf(tag)
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s | %s |\n", name, yes(lang.All()[tag] != nil), yes(slices.Contains(edtf.Languages(), tag)), yes(s.Grammar), yes(s.Endings), yes(s.English), meanings[s.Meaning])
	}
	for _, tag := range append([]string{lang.Default}, tags...) {
		name := tag
		if l := lang.All()[tag]; l != nil {
			name = l.Name
		}
		row(name+" `"+tag+"`", tag)
	}
	row("Nederlands `nl`, Türkçe `tr`", "nl")
	row("any other", "xx")
	return b.String()
}

// README.md and FORMAT.md say what works in which language as it is.
func TestLanguageTables(t *testing.T) {
	want := languageTable()
	for _, file := range []string{"../../README.md", "../../knowledge/FORMAT.md"} {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(data), want) {
			t.Errorf("%s should have this table:\n%s", file, want)
		}
	}
}

// check says what is not known of a pack's language, and nothing of one that is known.
func TestCheckSaysWhatALanguageLacks(t *testing.T) {
	for tag, want := range map[string]string{"de": "", "pt-BR": "", "pl": "endings", "nl": "question words", "uk": "what its words mean"} {
		dir := t.TempDir()
		for name, text := range map[string]string{
			"pack.yaml":    "schema: footnote/1\nid: x\ntitle: X\nversion: 1.0.0\nlicense: CC0-1.0\nlanguages: [" + tag + "]\nmaintainers: [{name: Y}]\n",
			"facts.yaml":   "facts:\n  - id: a\n    status: citation-needed\n    questions: [Abc def ghi?]\n    answer: Abc.\n",
			"sources.yaml": "references: []\n",
		} {
			if err := os.WriteFile(dir+"/"+name, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		_, errs, _ := runFootnote(t, "", "check", dir, "--match=false")
		if said := strings.Contains(errs, "of "+tag+" is not known"); said != (want != "") || !strings.Contains(errs, want) {
			t.Errorf("%s: %s", tag, errs)
		}
	}
}
