package importer

import (
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"footnote/knowledge"
	"footnote/knowledge/draft"
)

// TestMain lets the heap grow: the tests make many packs and keep none, and a third of their time
// went into collecting them.
func TestMain(m *testing.M) {
	debug.SetGCPercent(400)
	m.Run()
}

// imported writes text into a file, imports it and returns the only pack, loaded.
func imported(t *testing.T, format, name, text string) (*knowledge.Pack, Result) {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return importedFrom(t, format, file)
}

func importedFrom(t *testing.T, format, file string) (*knowledge.Pack, Result) {
	t.Helper()
	r, err := Import(file, Options{Format: format, ID: "imported"})
	if err != nil {
		t.Fatal(err)
	}
	for i, p := range r.Problems {
		r.Problems[i].File = filepath.Base(p.File)
	}
	if len(r.Packs) == 0 {
		return nil, r
	}
	p, problems := r.Packs[0].Load("new")
	if p == nil {
		t.Fatal(problems)
	}
	if len(r.Packs) != 1 || len(p.Facts) != r.Facts {
		t.Fatalf("%d packs, %d facts and %d counted", len(r.Packs), len(p.Facts), r.Facts)
	}
	for _, f := range p.Facts {
		if f.Status != knowledge.CitationNeeded || len(f.Cites) > 0 || !strings.Contains(f.Detail["en"], "Imported from") || f.Topics[len(f.Topics)-1] != "imported" {
			t.Errorf("%s is %s with %d citations, %q, %q", f.ID, f.Status, len(f.Cites), f.Topics, f.Detail)
		}
	}
	return p, r
}

// told are the problems as lines.
func told(r Result) string {
	var b strings.Builder
	for _, p := range r.Problems {
		b.WriteString(p.String() + "\n")
	}
	return b.String()
}

// facts are what matters of the facts of a pack, one a line.
func facts(p *knowledge.Pack) string {
	var b strings.Builder
	for _, f := range p.Facts {
		var questions []string
		for _, q := range f.Questions {
			questions = append(questions, q.Text)
		}
		b.WriteString(f.ID + " [" + strings.Join(f.Topics, ", ") + "] " + strings.Join(questions, " | ") + " => " + f.Answer["en"] + " {" + f.Detail["en"] + "}")
		if len(f.Keywords) > 0 {
			b.WriteString(" (" + strings.Join(f.Keywords, ", ") + ")")
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func TestFormats(t *testing.T) {
	for _, c := range []struct{ name, format, file, text, facts, told string }{
		{
			name: "CSV as spreadsheets write it", format: "csv", file: "faq.csv",
			text: "\ufeffTopic;Question;Answer;Source\r\nThaw;\"When was the \"\"secret\"\" speech?\";\"In 1956;\r\nin February\";https://example.org\r\nThaw;Who spoke?;Khrushchev\r\n",
			facts: `secret-speech [Thaw, imported] When was the "secret" speech? => In 1956; in February {Imported from faq.csv, line 2 (https://example.org).}
spoke [Thaw, imported] Who spoke? => Khrushchev {Imported from faq.csv, line 4.}
`,
		},
		{
			name: "CSV without header", format: "csv", file: "faq.csv",
			text:  "When was it?,1956\nWho was it?,Khrushchev\n",
			facts: "it [imported] When was it? => 1956 {Imported from faq.csv, line 1.}\nit-2 [imported] Who was it? => Khrushchev {Imported from faq.csv, line 2.}\n",
			told:  "faq.csv:1:1: warning: the first line names no columns called question and answer, so the first column is taken for the question and the second for the answer\n",
		},
		{
			name: "bad rows", format: "csv", file: "faq.csv",
			text: "question,answer\n,no question\nNo answer?,\n?!,signs\n\"never closed,x\nWhen was it?,1956\nwhen was IT,1957\n\"a\"b,x\nWho?,a,b\nNul \x00?,x\nWho was it?,Khrushchev\n",
			facts: `it [imported] When was it? => 1956 {Imported from faq.csv, line 6.}
who [imported] Who? => a {Imported from faq.csv, line 9.}
it-2 [imported] Who was it? => Khrushchev {Imported from faq.csv, line 11.}
`,
			told: `faq.csv:2:1: there is no question
faq.csv:3:1: the answer is empty
faq.csv:4:1: the question "?!" holds neither letters nor numbers
faq.csv:5:1: a quotation mark opens here that is not closed at the end of its field; write "" for a quotation mark inside a field
faq.csv:7:1: warning: the question "when was IT" stands also at DIR/faq.csv:6; one question can find only one fact, so the first answer was kept
faq.csv:8:1: a quotation mark opens here that is not closed at the end of its field; write "" for a quotation mark inside a field
faq.csv:9:1: warning: the row has 3 fields and the header 2; the rest was left out. A text that holds the separator must stand in quotation marks
faq.csv:10:1: a zero byte stands here; the file is damaged, or no text
`,
		},
		{
			name: "QnA Maker", format: "qnamaker", file: "kb.tsv",
			text: "Question\tAnswer\tSource\tMetadata\tSuggestedQuestions\tIsContextOnly\tPrompts\tQnaId\n" +
				"When was the speech?\tIn **1956**.\\nIn February.\tfaq.docx\ttopic:speech|lang:en\t[]\tFalse\t[]\t1\n" +
				"\"Secret\" speech date\tIn **1956**.\\nIn February.\tfaq.docx\ttopic:speech\t[]\tFalse\t[]\t1\n" +
				"And then?\tMore.\tfaq.docx\t\t[]\tTrue\t[]\t2\n",
			facts: "speech [imported] When was the speech? | \"Secret\" speech date => In 1956. In February. {Imported from kb.tsv, line 2 (QnA Maker, faq.docx).} (speech, en)\n",
			told:  "kb.tsv:4:1: the entry makes sense only after another answer (IsContextOnly), which facts do not\n",
		},
		{
			name: "QnA Maker without its header", format: "qnamaker", file: "kb.tsv", text: "a\tb\n",
			told: "kb.tsv:1:1: the header is not QnA Maker's: its first line is Question, Answer, Source, Metadata …, with tabs between them. For other tables use --format csv\n",
		},
		{
			name: "Rasa in one file", format: "rasa", file: "nlu.yml",
			text: `version: "3.1"
nlu:
  - intent: faq/speech_date
    examples: |
      - when was the [secret speech](event)?
      - date of the [speech]{"entity": "event"}
  - intent: greet
    examples: |
      - hi
  - intent: speaker
    examples:
      - text: |
          who spoke
  - synonym: speech
    examples: |
      - address
responses:
  utter_faq/speech_date:
    - text: In 1956.
    - text: In February 1956.
  utter_speaker:
    - text: Khrushchev.
  utter_lost:
    - text: Nobody asks this.
  utter_image:
    - image: https://example.org/x.png
`,
			facts: `secret-speech [faq, imported] when was the secret speech? | date of the speech => In 1956. {In other words: In February 1956. Imported from nlu.yml, line 3 (Rasa intent faq/speech_date).} (speech date)
spoke [imported] who spoke => Khrushchev. {Imported from nlu.yml, line 10 (Rasa intent speaker).} (speaker)
`,
			told: `nlu.yml:7:1: the intent "greet" has no response utter_greet; give the folder that holds both
nlu.yml:23:1: the response "utter_lost" has no intent, so nobody could ask for it
nlu.yml:25:1: the response "image" has no text
`,
		},
		{
			name: "ChatterBot", format: "chatterbot", file: "history.yml",
			text: `categories:
- history
conversations:
- - Who was Khrushchev?
  - A Soviet leader.
- - Alone
- - When was the speech?
  - In 1956.
  - Thanks!
- - "1956"
  - a: map
`,
			facts: `khrushchev [history, imported] Who was Khrushchev? => A Soviet leader. {Imported from history.yml, line 4 (ChatterBot corpus).}
speech [history, imported] When was the speech? => In 1956. {It goes on: Thanks! Imported from history.yml, line 7 (ChatterBot corpus).}
`,
			told: `history.yml:6:1: a conversation needs a question and an answer
history.yml:10:1: a conversation is a list of texts; a text with a colon followed by a space must stand in quotation marks
`,
		},
		{
			name: "Red trivia", format: "red", file: "thaw.yaml",
			text: `AUTHOR: Ann
DESCRIPTION: About the Thaw
"In which year was the secret speech?":
- 1956
- MCMLVI
Who spoke?:
- Khrushchev
Who listened?: []
`,
			facts: `year-secret-speech [imported] In which year was the secret speech? => 1956 {Also accepted: MCMLVI. Imported from thaw.yaml, line 3 (Red trivia list by Ann).}
spoke [imported] Who spoke? => Khrushchev {Imported from thaw.yaml, line 6 (Red trivia list by Ann).}
`,
			told: "thaw.yaml:8:1: the question has no answers under it\n",
		},
		{
			name: "JSON lines", format: "jsonl", file: "faq.jsonl",
			text: `{"question":"When was it?","answer":"1956 \ud83d\ude00","topics":["a","b"],"url":"https://example.org"}

{"questions":["Who was it?","who"],"answer":"Khrushchev","extra":null}
{"question":"Open
[1,2]
{"question":"Twice?","question":"Twice!","answer":"x"}
{"q":"Short?","a":"Yes."}
{"answer":"x"}
{}
`,
			facts: `it [a, b, imported] When was it? => 1956 😀 {Imported from faq.jsonl, line 1 (https://example.org).}
it-2 [imported] Who was it? | who => Khrushchev {Imported from faq.jsonl, line 3.}
short [imported] Short? => Yes. {Imported from faq.jsonl, line 7.}
`,
			told: `faq.jsonl:4:1: the object is not closed; it must stand on one line
faq.jsonl:5:1: expected an object {…}
faq.jsonl:6:1: the key "question" stands twice
faq.jsonl:8:1: there is no question
faq.jsonl:9:1: the object has neither question nor answer
`,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, r := imported(t, c.format, c.file, c.text)
			got := ""
			if p != nil {
				got = facts(p)
			}
			if got != c.facts {
				t.Errorf("facts\n%s\nwant\n%s", got, c.facts)
			}
			said := told(r)
			if i := strings.Index(said, os.TempDir()); i >= 0 {
				j := strings.Index(said[i:], "/"+c.file)
				said = said[:i] + "DIR" + said[i+j:]
			}
			if said != c.told {
				t.Errorf("told\n%s\nwant\n%s", said, c.told)
			}
		})
	}
}

// A Rasa project has its examples and its responses in different files.
func TestRasaFolder(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"domain.yml":      "responses:\n  utter_when:\n  - text: In 1956.\n",
		"data/nlu.yml":    "nlu:\n- intent: when\n  examples: |\n    - when was it?\n",
		".cache/nlu.yml":  "nlu:\n- intent: hidden\n  examples: |\n    - hidden?\n",
		"data/broken.yml": "nlu: [\n",
	} {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	p, r := importedFrom(t, "rasa", dir)
	if p == nil || len(p.Facts) != 1 || p.Facts[0].ID != "it" || r.Skipped != 1 || !strings.HasPrefix(told(r), "broken.yml:") {
		t.Errorf("%+v %s", p, told(r))
	}
}

func TestLongTextsFit(t *testing.T) {
	sentence := "The session was closed, and what was said there was heard of only weeks later. "
	long := strings.Repeat(sentence, 40)
	p, r := imported(t, "csv", "faq.csv", "question,answer\nWhat was said?,\""+long+"\"\n"+strings.Repeat("long ", 70)+"?,x\n")
	f := p.Facts[0]
	answer, detail := f.Answer["en"], f.Detail["en"]
	if n := utf8.RuneCountInString(answer); n > knowledge.MaxAnswer || answer != strings.TrimSpace(strings.Repeat(sentence, n/len(sentence)+1)) {
		t.Errorf("%d characters: %q", n, answer)
	}
	if n := utf8.RuneCountInString(detail); n > knowledge.MaxDetail || n < knowledge.MaxDetail-200 || !strings.HasSuffix(detail, " Imported from faq.csv, line 2.") {
		t.Errorf("%d characters: %q", n, detail)
	}
	for _, want := range []string{"faq.csv:2:1: warning: the answer has 3159 characters; an answer may have 300 and its detail 1469", "faq.csv:3:1: the question has 351 characters; at most 300"} {
		if !strings.Contains(told(r), want) {
			t.Errorf("not told %q:\n%s", want, told(r))
		}
	}
}

func TestUTF16(t *testing.T) {
	var le, be strings.Builder
	le.WriteString("\xff\xfe")
	be.WriteString("\xfe\xff")
	for _, r := range "question\tanswer\nКогда?\t1956\n" {
		le.Write([]byte{byte(r), byte(r >> 8)})
		be.Write([]byte{byte(r >> 8), byte(r)})
	}
	for _, text := range []string{le.String(), be.String()} {
		p, r := imported(t, "csv", "faq.txt", text)
		if p == nil || len(p.Facts) != 1 || p.Facts[0].Questions[0].Text != "Когда?" || p.Facts[0].ID != "imported" {
			t.Errorf("%s", told(r))
		}
	}
}

// What holds nothing says so.
func TestImportOfNothing(t *testing.T) {
	for _, c := range []struct{ format, text string }{
		{"csv", "question,answer\n"}, {"csv", " \n"}, {"jsonl", " "}, {"jsonl", "\ufeff"}, {"jsonl", "\n\n"}, {"qnamaker", "Question\tAnswer\n"},
		{"rasa", "nlu: []\n"}, {"rasa", "# later\n"}, {"chatterbot", "categories: []\nconversations: []\n"}, {"red", "{}\n"}, {"red", "---\n"},
	} {
		_, r := imported(t, c.format, "x", c.text)
		if r.Facts != 0 || r.Skipped == 0 || len(r.Problems) == 0 || !strings.HasPrefix(told(r), "x:1:1: ") {
			t.Errorf("%s %q: %d facts, %d skipped, %q", c.format, c.text, r.Facts, r.Skipped, told(r))
		}
	}
}

// What cannot be read at all is one sentence.
func TestImportRefuses(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	huge := write("huge.csv", "")
	if err := os.Truncate(huge, MaxFile+1); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ file, format, want string }{
		{filepath.Join(dir, "none.csv"), "csv", "there is no file DIR/none.csv"},
		{dir, "csv", "DIR is a folder; name a file"},
		{t.TempDir(), "rasa", "holds no .yml or .yaml file"},
		{huge, "csv", "DIR/huge.csv has more than 32 MB; split it into several files"},
		{write("x.zip", "PK\x03\x04..."), "csv", "DIR/x.zip: the file is packed; unpack it first"},
		{write("x.xls", "\xd0\xcf\x11\xe0..."), "", "DIR/x.xls: this is an office document of an old kind, or one with a password; save it as .xlsx"},
		{write("x.xlsx", "PK\x03\x04[Content_Types].xml"), "", "DIR/x.xlsx: the workbook is damaged"},
		{write("notes.txt", "question,answer\n"), "xlsx", "DIR/notes.txt: this is no workbook of Excel; for a table as text use --format csv"},
		{write("latin.csv", "question;answer\nWho was Nicol\xf2 Barbaro?;A surgeon\n"), "csv", `DIR/latin.csv: line 2 is not UTF-8, so nothing was read. Save the file again as UTF-8 (in Excel: Save As, "CSV UTF-8"), or name its encoding: with --encoding windows-1252 this line would be "Who was Nicolò Barbaro?;A surgeon"`},
		{write("cyrillic.csv", "question;answer\n\xca\xf2\xee?;\xdf\n"), "", `with --encoding windows-1251 this line would be "Кто?;Я"`},
		{write("empty", ""), "jsonl", "DIR/empty: the file is empty"},
		{huge, "cvs", `there is no format "cvs" (did you mean csv?); one of csv, xlsx, anki, qnamaker, qna, rasa, chatterbot, red, gift, opentriviaqa, opentdb, squad, tags, json, jsonl`},
	} {
		_, err := Import(c.file, Options{Format: c.format, ID: "x"})
		if err == nil || !strings.Contains(strings.ReplaceAll(err.Error(), dir, "DIR"), c.want) {
			t.Errorf("%s: %v, want %s", c.file, err, c.want)
		}
	}
}

// A file that is something else is given up, and soon: every line of this one
// opens a quotation mark that nothing closes. The end says so.
func TestGivesUp(t *testing.T) {
	text := "question,answer\n" + strings.Repeat("\"x\n", 200_000)
	_, r := imported(t, "csv", "x.csv", text)
	if missing := strings.Join(r.Missing, "\n"); r.Facts != 0 || r.Skipped != MaxBad ||
		!strings.HasPrefix(missing, "1000 entries could not be used\n") || !strings.HasSuffix(missing, "x.csv was read up to line 1001 only: 1000 entries of it could not be used. Is it really csv?") {
		t.Errorf("%d facts, %d skipped, %q", r.Facts, r.Skipped, r.Missing)
	}
}

// Of a folder the other files are still read, and a question that is said again
// and again is no reason to give one up.
func TestReadsOn(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"a.yml": "conversations:\n" + strings.Repeat("- - Hello there\n  - Hi!\n- - Hello there\n  - Good day\n", 2*MaxBad),
		"b.yml": "conversations:\n" + strings.Repeat("- - Alone\n", 2*MaxBad),
		"c.yml": "conversations:\n- - Who won the battle of Actium?\n  - Octavian\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	p, r := importedFrom(t, "", dir)
	if p == nil || facts(p) != `hello-there [imported] Hello there => Hi! {Imported from a.yml, line 2 (ChatterBot corpus).}
won-battle-actium [imported] Who won the battle of Actium? => Octavian {Imported from c.yml, line 2 (ChatterBot corpus).}
` {
		t.Errorf("%s", facts(p))
	}
	if r.Format != "chatterbot" || r.Skipped != MaxBad || r.Repeated != 2*MaxBad || len(r.Missing) != 2 || !strings.Contains(r.Missing[1], "b.yml was read up to line 1001 only") {
		t.Errorf("%d skipped, %d repeated, %q", r.Skipped, r.Repeated, r.Missing)
	}
}

// What is larger than one import says at the end where it stopped.
func TestTooManyFacts(t *testing.T) {
	m := newMaker(Options{Format: "csv", ID: "x"})
	m.begin("x.csv")
	m.foreign().draft.Facts = make([]draft.Object, MaxFacts)
	m.add(entry{line: 7, questions: []question{{"What is it?", 7}}, answer: "x"})
	if !m.stopped || len(m.missing) != 1 || !strings.Contains(m.missing[0], "x.csv was read up to line 7 only, and no file after it: 20000 facts") {
		t.Errorf("%v, %q", m.stopped, m.missing)
	}
}

// Whatever a file holds, what comes of it loads and no import fails otherwise.
func FuzzImport(f *testing.F) {
	f.Add("question,answer\n\"a\"\"b\",c\n", "csv")
	f.Add("Question\tAnswer\tQnaId\na\tb\t1\n", "qnamaker")
	f.Add("Q,A", "qnamaker")
	f.Add("question;answer\n\n", "csv")
	f.Add("nlu:\n- intent: a/b\n  examples: |\n    - x\nresponses:\n  utter_a/b:\n  - text: y\n", "rasa")
	f.Add("categories: [a]\nconversations:\n- - q\n  - a\n", "chatterbot")
	f.Add("q?:\n- a\n", "red")
	f.Add(edited, "csv")
	f.Add("q,a,b,c,key\nWho?,x,y,z,b\n", "")
	f.Add("#separator:tab\n#html:true\n#tags column:3\nQ?\t<b>A</b>\tt\n", "anki")
	f.Add("# ? q\n- r\n**Filters:**\n- a = b\n```\nanswer\n```\n$a:qna-alterations=\n- b\n", "qna")
	f.Add("$CATEGORY: a/b\n\n::t::[html]q {=a#f ~%50%b ~c####d} e\n\nq {#1..2}\n\nq{T}\n", "gift")
	f.Add("#Q q\nr\n^ a\nA a\nB b\n", "opentriviaqa")
	f.Add(`{"results":[{"category":"c","question":"V2hvPw==","correct_answer":"QQ==","incorrect_answers":["Qg=="]}]}`, "opentdb")
	f.Add(`{"data":[{"title":"t","paragraphs":[{"context":"A b. C d.","qas":[{"question":"q","answers":[{"text":"b","answer_start":2}]},{"question":"r","is_impossible":true}]}]}]}`, "squad")
	f.Add(`[{"name":"n","aliases":["m"],"content":"**c** [a](https://x) <@1>"}]`, "tags")
	f.Add(`[{"question":"q","options":["a","b"],"answer":1},["q","a"]]`, "json")
	f.Add(`{"qnaDocuments":[{"questions":["q"],"answer":"a","metadata":[{"name":"n","value":"v"}],"context":{"isContextOnly":true}}]}`, "qnamaker")
	f.Add(`{"id":"a","status":"citation-needed","questions":["q"],"answer":"a","pack":{"schema":"footnote/1","id":"p","eval":{"find":{"a":["x"]}}},"sources":[{"id":"s"}]}`, "jsonl")
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, text, format string) {
		file := filepath.Join(dir, "x")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if !slices.Contains(Formats(), format) {
			format = ""
		}
		r, err := Import(file, Options{Format: format, ID: "x"})
		if err != nil {
			return
		}
		for _, d := range r.Packs {
			if p, problems := d.Load("x"); p == nil {
				t.Fatal(problems)
			}
		}
		if r.Facts == 0 && r.Skipped == 0 {
			t.Fatal("nothing came of it, and nobody is told why")
		}
	})
}
