package main

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"footnote/knowledge"
)

// inFolder makes files in a new folder.
func inFolder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		full := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(full), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestImport(t *testing.T) {
	dir := inFolder(t, map[string]string{"faq.csv": "question,answer\nWhen was it?,In 1956.\nBad row,\n", "full/x": "", "bad.csv": "q,a\n,\n"})
	in, out := filepath.Join(dir, "faq.csv"), filepath.Join(dir, "Mein Pack")
	said, errs, code := runFootnote(t, "", "import", "--format", "csv", in, "--out", out)
	if code != exitFailed || errs != in+":3:1: the answer is empty\nfootnote: "+in+" was not imported whole: 1 entry could not be used. Correct it and import it into "+out+
		" again, which replaces what was written while nobody has changed it\n" || !strings.HasPrefix(said, "1 fact written to "+out+"; 1 entry could not be used") ||
		!strings.Contains(said, "footnote chat --knowledge '"+out+"'") {
		t.Errorf("exit %d\n%s\n%s", code, errs, said)
	}
	if said, errs, code := runFootnote(t, "", "check", out); code != exitOK {
		t.Errorf("the new pack does not pass: %s %s", said, errs)
	}
	base, err := knowledge.Open(out)
	if err != nil || base.Packs[0].ID != "mein-pack" || base.Facts()[0].Status != knowledge.CitationNeeded {
		t.Errorf("%v %+v", err, base)
	}

	// A second try may replace what was incomplete, and then nothing may any more.
	if err := os.WriteFile(in, []byte("question,answer\nWhen was it?,In 1956.\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, errs, code := runFootnote(t, "", "import", in, "--out", out); code != exitOK || errs != "" {
		t.Fatalf("exit %d, %s", code, errs)
	}
	if entries, err := os.ReadDir(out); err != nil || len(entries) != 3 {
		t.Errorf("%v %v", entries, err)
	}

	for _, c := range []struct {
		args []string
		code int
		want string
	}{
		{[]string{"--format", "csv", in, "--out", out}, exitUsage, "holds files already (facts.yaml)"},
		{[]string{"--format", "csv", in, "--out", in}, exitUsage, "is a file"},
		{[]string{"--format", "csv", in}, exitUsage, "--out DIR is missing"},
		{[]string{"--format", "csv", "--out", "x"}, exitUsage, "name the FILE"},
		{[]string{"--format", "csvv", in, "--out", "x"}, exitUsage, `--format "csvv" is not known (did you mean csv?)`},
		{[]string{in, "--out", "x", "--encoding", "windows1252"}, exitUsage, `--encoding "windows1252" is not known (did you mean windows-1252?)`},
		{[]string{"--format", "csv", in, "--out", "x", "--lang", "English"}, exitUsage, "is no language tag"},
		{[]string{"--format", "csv", in, "--out", "x", "--id", "Ä"}, exitUsage, "is no id"},
		{[]string{"--format", "csv", in + "x", "--out", "x"}, exitFailed, "there is no file"},
		{[]string{"--format", "csv", filepath.Join(dir, "bad.csv"), "--out", filepath.Join(dir, "none")}, exitFailed, "nothing in "},
	} {
		said, errs, code := runFootnote(t, "", append([]string{"import"}, c.args...)...)
		if code != c.code || !strings.Contains(errs, c.want) || said != "" {
			t.Errorf("%q: exit %d, %s%s, want %d and %q", c.args, code, errs, said, c.code, c.want)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "none")); !os.IsNotExist(err) {
		t.Error("a folder was made for nothing")
	}
}

func TestImportJSON(t *testing.T) {
	dir := inFolder(t, map[string]string{"faq.csv": "question,answer\nWhen was it?,In 1956.\nBad row,\n"})
	said, _, code := runFootnote(t, "", "import", "--format=csv", filepath.Join(dir, "faq.csv"), "--out", filepath.Join(dir, "p"), "--json")
	var r imported
	if err := json.Unmarshal([]byte(said), &r); err != nil || code != exitFailed {
		t.Fatal(err, code)
	}
	if len(r.Packs) != 1 || r.Format != "csv" || len(r.Missing) != 1 || r.Missing[0] != "1 entry could not be used" || r.Facts != 1 || r.Skipped != 1 || len(r.Problems) != 1 || r.Problems[0].Line != 3 {
		t.Errorf("%+v", r)
	}
}

// What an incomplete import wrote and somebody has changed is not overwritten.
func TestImportKeepsWork(t *testing.T) {
	dir := inFolder(t, map[string]string{"faq.csv": "question,answer\nWhen was it?,In 1956.\nBad row,\n"})
	in, out := filepath.Join(dir, "faq.csv"), filepath.Join(dir, "p")
	for _, spoil := range []func() error{
		func() error {
			return os.WriteFile(filepath.Join(out, "facts.yaml"), []byte("facts: []\n"), 0o600)
		},
		func() error { return os.WriteFile(filepath.Join(out, "notes.txt"), nil, 0o600) },
		func() error { return os.Mkdir(filepath.Join(out, "facts"), 0o700) },
	} {
		if _, _, code := runFootnote(t, "", "import", in, "--out", out); code != exitFailed {
			t.Fatal(code)
		}
		if err := spoil(); err != nil {
			t.Fatal(err)
		}
		if _, errs, code := runFootnote(t, "", "import", in, "--out", out); code != exitUsage || !strings.Contains(errs, "name a folder that is empty or not there yet") {
			t.Errorf("exit %d, %s", code, errs)
		}
		if err := os.RemoveAll(out); err != nil {
			t.Fatal(err)
		}
	}
}

// A pack goes into a spreadsheet and back, and nobody's spreadsheet is overwritten.
func TestSpreadsheetAndBack(t *testing.T) {
	for _, format := range []string{"csv", "xlsx"} {
		dir := t.TempDir()
		file, back := filepath.Join(dir, "village."+format), filepath.Join(dir, "back")
		if said, errs, code := runFootnote(t, "", "export", "--format", format, village, "--out", file); code != exitOK || errs+said != "" {
			t.Fatal(code, errs)
		}
		if _, errs, code := runFootnote(t, "", "export", "--format", format, village, "--out", file); code != exitUsage || !strings.Contains(errs, "is there already") {
			t.Errorf("exit %d, %s", code, errs)
		}
		said, errs, code := runFootnote(t, "", "import", file, "--out", back)
		if code != exitOK || errs != "" || strings.Contains(said, "give the facts their sources") {
			t.Fatal(code, errs, said)
		}
		first, _, _ := runFootnote(t, "", "export", "--format", "jsonl", village)
		if second, _, _ := runFootnote(t, "", "export", "--format", "jsonl", back); first == "" || first != second {
			t.Errorf("%s: went\n%s\ncame\n%s", format, first, second)
		}
		if _, errs, code := runFootnote(t, "", "export", "--format", format, village, back); code != exitUsage || !strings.Contains(errs, "holds one pack") && !strings.Contains(errs, "already") {
			t.Errorf("exit %d, %s", code, errs)
		}
	}
}

// Two packs go out in one stream and come back as two folders.
func TestExportAndBack(t *testing.T) {
	dir := t.TempDir()
	if _, errs, code := runFootnote(t, "", "new", "pack", filepath.Join(dir, "packs", "other")); code != exitOK {
		t.Fatal(errs)
	}
	args := []string{"export", "--format", "jsonl", "--knowledge", village, "--knowledge", filepath.Join(dir, "packs")}
	first, errs, code := runFootnote(t, "", args...)
	if code != exitOK || errs != "" {
		t.Fatal(code, errs)
	}
	file := filepath.Join(dir, "all.jsonl")
	if err := os.WriteFile(file, []byte(first), 0o600); err != nil {
		t.Fatal(err)
	}
	back := filepath.Join(dir, "back")
	if _, errs, code := runFootnote(t, "", "import", "--format", "jsonl", file, "--out", back); code != exitOK || errs != "" {
		t.Fatal(code, errs)
	}
	base, err := knowledge.Open(back)
	if err != nil || len(base.Packs) != 2 {
		t.Fatal(err)
	}
	// The folders are read in the order of their names.
	second, _, _ := runFootnote(t, "", "export", "--format", "jsonl", "--knowledge", filepath.Join(back, base.Packs[1].ID), "--knowledge", filepath.Join(back, base.Packs[0].ID))
	if len(first) == 0 || first != second {
		t.Errorf("went\n%s\ncame\n%s", first, second)
	}
	for line := range strings.Lines(first) {
		if !json.Valid([]byte(line)) {
			t.Errorf("no JSON: %s", line)
		}
	}
}

func TestExportSources(t *testing.T) {
	base, err := knowledge.Open(village)
	if err != nil {
		t.Fatal(err)
	}
	for format, sign := range map[string]string{"bibtex": "@", "ris": "TY  - ", "csl-json": "["} {
		// The same pack's sources from two packs would stand once.
		said, errs, code := runFootnote(t, "", "export", "--format", format, "--knowledge", village)
		if code != exitOK || errs != "" || !strings.HasPrefix(said, sign) {
			t.Errorf("%s: exit %d, %s%s", format, code, errs, said)
		}
		for _, s := range base.Packs[0].Sources {
			if !strings.Contains(said, s.ID) {
				t.Errorf("%s lacks %s", format, s.ID)
			}
		}
	}
	said, errs, code := runFootnote(t, "", "export", "--format", "bibliography", "--knowledge", village)
	if n := strings.Count(said, "\n\n") + 1; code != exitOK || errs != "" || n != len(base.Packs[0].Sources) {
		t.Errorf("bibliography: exit %d, %d entries of %d sources, %s%s", code, n, len(base.Packs[0].Sources), errs, said)
	}
	for format, sign := range map[string]string{"bibliography-html": "</p>", "bibliography-markdown": "*"} {
		said, errs, code := runFootnote(t, "", "export", "--format", format, "--knowledge", village)
		if code != exitOK || errs != "" || !strings.Contains(said, sign) {
			t.Errorf("%s: exit %d, %s%s", format, code, errs, said)
		}
	}
	for _, args := range [][]string{{}, {"--format", "bib"}, {"--format", "bibtex", "--knowledge", "nowhere"}} {
		if said, errs, code := runFootnote(t, "", append([]string{"export"}, args...)...); code != exitUsage || errs == "" || said != "" {
			t.Errorf("%q: exit %d, %q", args, code, errs)
		}
	}
	// A full disk is told, and does not look like an export.
	var stderr bytes.Buffer
	if code := run(t.Context(), []string{"export", "--format", "ris", "--knowledge", village}, nil, stdio{In: strings.NewReader(""), Out: full{}, Err: &stderr}); code != exitFailed {
		t.Errorf("exit %d, %s", code, stderr.String())
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, io.ErrShortWrite }

func TestSchemaCommand(t *testing.T) {
	said, _, code := runFootnote(t, "", "schema")
	if code != exitOK || said != string(knowledge.Schema()) {
		t.Errorf("exit %d, %d bytes", code, len(said))
	}
}

// A new pack passes check as it is, and so does a fact added to it once its answer
// is there, however its facts file is laid out.
func TestNew(t *testing.T) {
	root := t.TempDir()
	for name, layout := range map[string]func(string) string{
		"as written": func(s string) string { return s },
		"not indented": func(s string) string {
			return strings.ReplaceAll(strings.ReplaceAll(s, "\n  ", "\n"), "facts:\n  ", "facts:\n")
		},
		"Windows":         func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") },
		"no last newline": func(s string) string { return strings.TrimRight(s, "\n") },
	} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(root, name)
			if said, errs, code := runFootnote(t, "", "new", "pack", dir); code != exitOK || !strings.Contains(said, "What to do next") {
				t.Fatal(code, errs)
			}
			facts := filepath.Join(dir, "facts.yaml")
			before := layout(readText(t, facts))
			if err := os.WriteFile(facts, []byte(before), 0o600); err != nil {
				t.Fatal(err)
			}
			said, errs, code := runFootnote(t, "", "new", "fact", "secret-speech", "--pack", dir, "--question", `When was the "secret" speech: 1956 \ 57?`)
			if code != exitOK || !strings.Contains(said, "facts.yaml:") {
				t.Fatal(code, said, errs)
			}
			at, _, _ := strings.Cut(said, " write the answer of secret-speech here")
			if _, errs, code := runFootnote(t, "", "check", dir); code != exitFailed || !strings.Contains(errs, at) || strings.Count(errs, "\n") != 1 {
				t.Errorf("without its answer: exit %d, %s, not %s", code, errs, at)
			}
			if _, errs, code := runFootnote(t, "", "new", "fact", "another", "--pack", dir); code != exitUsage || !strings.Contains(errs, "another is not added before the pack loads; correct this first:\n"+at) {
				t.Errorf("a second before the first is written: exit %d, %s", code, errs)
			}
			for _, want := range []string{"# Give it 3 ways of asking, better 6", "# - \"In which year was the \\\"secret\\\" speech: 1956 \\\\ 57?\""} {
				if !strings.Contains(readText(t, facts), want) {
					t.Errorf("%q is missing:\n%s", want, readText(t, facts))
				}
			}
			change(t, facts, `answer: ""`, "answer: In February.")
			if said, errs, code := runFootnote(t, "", "check", dir); code != exitOK || !strings.Contains(said, "2 facts") || strings.Count(errs, "\n") != 1 || !strings.Contains(errs, "the fact has 1 way of asking") {
				t.Errorf("exit %d, %s%s", code, said, errs)
			}
			after := readText(t, facts)
			if !strings.HasPrefix(after, strings.TrimRight(before, "\r\n")) {
				t.Errorf("what stood there changed:\n%s", after)
			}
			base, err := knowledge.Open(dir)
			if err != nil {
				t.Fatal(err)
			}
			if q := base.Fact("secret-speech").Questions[0].Text; q != `When was the "secret" speech: 1956 \ 57?` {
				t.Error(q)
			}
			// Neither an id nor a question that is taken spoils the file.
			for _, args := range [][]string{{"secret-speech"}, {"other", "--question", "What is this an example of?"}} {
				if _, errs, code := runFootnote(t, "", append([]string{"new", "fact", "--pack", dir}, args...)...); code != exitFailed || errs == "" || readText(t, facts) != after {
					t.Errorf("%q: exit %d, %s", args, code, errs)
				}
			}
		})
	}
	dir := filepath.Join(root, "as written")
	for _, c := range []struct {
		args []string
		code int
		want string
	}{
		{[]string{"pack", dir}, exitFailed, "holds files already"},
		{[]string{"pack"}, exitUsage, "footnote new pack DIR"},
		{[]string{"pakc", "x"}, exitUsage, "footnote new pack DIR"},
		{[]string{"fact", "Not an id", "--pack", dir}, exitUsage, "is no id"},
		{[]string{"fact", "x", "--pack", filepath.Join(root, "none")}, exitUsage, "there is no such folder"},
	} {
		if _, errs, code := runFootnote(t, "", append([]string{"new"}, c.args...)...); code != c.code || !strings.Contains(errs, c.want) {
			t.Errorf("%q: exit %d, %s", c.args, code, errs)
		}
	}
}

func TestNewFactInFolderOfFacts(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "p")
	if _, errs, code := runFootnote(t, "", "new", "pack", dir); code != exitOK {
		t.Fatal(errs)
	}
	if err := os.Mkdir(filepath.Join(dir, "facts"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(filepath.Join(dir, "facts.yaml"), filepath.Join(dir, "facts", "first.yaml")); err != nil {
		t.Fatal(err)
	}
	if _, errs, code := runFootnote(t, "", "new", "fact", "second", "--pack", dir); code != exitOK {
		t.Fatal(errs)
	}
	change(t, filepath.Join(dir, "facts", "second.yaml"), `answer: ""`, "answer: In February.")
	if said, errs, code := runFootnote(t, "", "check", dir); code != exitOK || !strings.Contains(said, "2 facts") {
		t.Errorf("%s%s", said, errs)
	}
	if _, err := os.Stat(filepath.Join(dir, "facts", "second.yaml")); err != nil {
		t.Error(err)
	}
	if _, _, code := runFootnote(t, "", "new", "fact", "third", "--pack", dir, "--question", "example of what"); code != exitFailed {
		t.Errorf("exit %d", code)
	}
	if _, err := os.Stat(filepath.Join(dir, "facts", "third.yaml")); !os.IsNotExist(err) {
		t.Error("a fact that does not fit was left behind")
	}
}

// The notes of a new fact are other ways of asking, for a person to put right.
func TestOtherWays(t *testing.T) {
	for question, want := range map[string]string{
		"When was the stone bridge of Hallin built?": "In which year was the stone bridge of Hallin built?|On what date was the stone bridge of Hallin built?|date of the stone bridge of Hallin built",
		"who paid for it":           "Which person paid for it?|What was the name of the one who paid for it?|the one who paid for it",
		"How many ships were lost?": "What was the number of ships lost?|What number of ships were lost?|number of ships lost",
		"How did it end?":           "In what way did it end?|By what means did it end?|way in which it end",
		"Why did they leave?":       "For what reason did they leave?|What was the reason that they leave?|reason for they leave",
		"When?":                     "",
		"when was":                  "",
		"Is it old?":                "",
		"Когда это было?":           "",
	} {
		if got := strings.Join(otherWays(question), "|"); got != want {
			t.Errorf("%s: %s", question, got)
		}
	}
}

// A bibliography goes into the pack's sources, where notes stay; what is there already is left out, and
// an id that is taken is no reason to lose a work.
func TestImportTakesUpSources(t *testing.T) {
	pack := filepath.Join(t.TempDir(), "hallin")
	if _, errs, code := runFootnote(t, "", "new", "pack", pack); code != exitOK {
		t.Fatal(errs)
	}
	dir := inFolder(t, map[string]string{
		"a.bib": "@book{brandt1987, title = {The Bridge}, author = {Brandt, Ida and others}, year = 1987}\n@book{example-book, title = {Another}, year = 1990}\n",
		"b.ris": "TY  - BOOK\nID  - x\nTI  - The Bridge\nPY  - 1987\nER  - \n", "c.csv": "question,answer\nWhen?,Then.\n", "d.txt": "hello\n",
		"lines.bib": "@book{odo1990,\n  author = {Odo, Ann},\n  title = {The Pans, the Carts},\n  publisher = {Lantern, Ltd.},\n  year = 1990\n}\n", // of which a table can be made
	})
	a := filepath.Join(dir, "a.bib")
	out, errs, code := runFootnote(t, "", "import", a, "--pack", pack)
	if want := filepath.Join(pack, "sources.yaml") + ": 2 more sources\n  + brandt1987  The Bridge\n  + example-book-2  Another\n"; code != exitOK || out != want {
		t.Errorf("exit %d\n%s\nwant\n%s", code, out, want)
	}
	for _, want := range []string{a + `: references[brandt1987]: author says "and others"`, a + ": references[example-book]: the id is taken by another source, so it is example-book-2 here\n"} {
		if !strings.Contains(errs, want) {
			t.Errorf("no %q in\n%s", want, errs)
		}
	}
	text := readText(t, filepath.Join(pack, "sources.yaml"))
	if !strings.HasPrefix(text, "# What you cite.") || !strings.Contains(text, "  - id: brandt1987\n    type: book\n    author: [{family: Brandt, given: Ida}]\n") {
		t.Errorf("%s", text)
	}
	for args, want := range map[string]string{
		filepath.Join(dir, "b.ris") + " --pack " + pack:                         "b.ris: x is left out: the pack has it as brandt1987 (the same title and year)\n",
		filepath.Join(dir, "d.txt") + " --pack " + pack:                         "d.txt: no source is in this text",
		a + " --out " + filepath.Join(dir, "new"):                               "is a bibliography: its sources are taken up into a pack with footnote import " + a + " --pack DIR\n",
		filepath.Join(dir, "lines.bib") + " --out " + filepath.Join(dir, "new"): "lines.bib is a bibliography",
		a + " --out x --pack " + pack:                                           "--pack takes up sources",
		a + " --pack " + filepath.Join(dir, "none"):                             "there is no such folder",
	} {
		out, errs, code := runFootnote(t, "", append([]string{"import"}, strings.Fields(args)...)...)
		if !strings.Contains(errs, want) || (code == exitOK) != strings.Contains(want, "left out") {
			t.Errorf("import %s: exit %d\n%s%s\nwant %q", args, code, out, errs, want)
		}
	}
	if now := readText(t, filepath.Join(pack, "sources.yaml")); now != text {
		t.Errorf("it changed again:\n%s", now)
	}
	out, errs, code = runFootnote(t, "", "import", a, "--pack", pack, "--json")
	if code != exitOK || errs != "" || !strings.Contains(out, `"added":[],"left":[{"id":"brandt1987","why":"the pack has it as brandt1987 (the same title and year)"}`) {
		t.Errorf("exit %d, %s%s", code, out, errs)
	}
}
