package answers_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"footnote/answers/lexicon"
	"footnote/knowledge"
)

// Nothing in the matcher names the subject of a pack: neither people nor the
// words that tell what it is about. Comments may give them as examples.
func TestNoSubjectInTheMatcher(t *testing.T) {
	base, err := knowledge.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	lex := lexicon.English()
	telling := map[string]bool{}
	add := func(texts ...string) {
		for _, text := range texts {
			for w := range strings.FieldsFuncSeq(strings.ToLower(text), func(r rune) bool { return r < 'a' && r < 0x80 || r > 'z' && r < 0x80 }) {
				if len(w) >= 4 && lex.Rank(w) > 5000 { // commoner words are nobody's subject
					telling[w] = true
				}
			}
		}
	}
	for _, p := range base.Packs {
		add(p.ID, p.Title.In("en"))
		for _, g := range p.Synonyms {
			add(g...)
		}
		for _, f := range p.Facts {
			add(f.People...)
			add(f.Keywords...)
			add(f.Topics...)
		}
	}
	if len(telling) < 100 || !telling["khrushchev"] {
		t.Fatalf("the pack has %d telling words", len(telling))
	}
	words := regexp.MustCompile(`[\pL]{4,}`)
	files := 0
	err = filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "testdata" || d.Name() == "compare") {
			return fs.SkipDir
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		files++
		code, err := withoutComments(path)
		if err != nil {
			return err
		}
		for _, w := range words.FindAllString(strings.ToLower(code), -1) {
			if telling[w] && !general[w] {
				t.Errorf("%s names %q, a word of the pack", path, w)
			}
		}
		return nil
	})
	if err != nil || files < 20 {
		t.Fatalf("%d files: %v", files, err)
	}
}

// general are words of the pack's texts that any pack may have: verbs of speech,
// kinds of people, ordinals, and words of the program itself. Each was looked at;
// a name has no place here.
var general = func() map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(`philosopher scholar answered reply commented remark remarked portray portrayed characterise characterised characterize
criticised define twentieth rewrite shrink slice
dictator ruler statesman dissident quantity reign burial tomb rebuild remind remembered praise beside obliged cite
profession researcher`) {
		m[w] = true
	}
	return m
}()

// withoutComments is a file's code with its comments blanked out.
func withoutComments(path string) (string, error) {
	src, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	set := token.NewFileSet()
	f, err := parser.ParseFile(set, path, src, parser.ParseComments)
	if err != nil {
		return "", err
	}
	for _, group := range f.Comments {
		from, to := set.Position(group.Pos()).Offset, set.Position(group.End()).Offset
		for i := from; i < to && i < len(src); i++ {
			src[i] = ' '
		}
	}
	return string(src), nil
}
