package importer

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// in returns what was said with the folder of the file called DIR.
func in(said, file string) string {
	for {
		i := strings.Index(said, os.TempDir())
		if i < 0 {
			return said
		}
		j := strings.Index(said[i:], "/"+file)
		said = said[:i] + "DIR" + said[i+j:]
	}
}

// Each format, read without being named, and what becomes of it.
func TestGuessedFormats(t *testing.T) {
	for _, c := range []struct{ name, file, text, format, facts, told string }{
		{
			name: "multiple choice by words", file: "q.csv", format: "csv",
			text:  "Questions,Correct,A,B,C,D\nWhere is Mount Rainier?,washington,Michigan,Ohio,Washington,New York\nWho fell?,Icarus,Ares,Zeus,Hera,Pan\n",
			facts: "mount-rainier [imported] Where is Mount Rainier? => Washington {Imported from q.csv, line 2.}\n",
			told:  `q.csv:3:1: the right answer "Icarus" is none of the answers to choose from ("Ares", "Zeus", "Hera", "Pan")` + "\n",
		},
		{
			name: "multiple choice by letter", file: "q.csv", format: "csv",
			text:  "id,q,a,b,c,d,key\n1,Who was the first emperor?,Nero,Augustus,Trajan,Otho,b\n2,Who burnt Rome?,Nero,Augustus,Trajan,Otho,A)\n3,Who was third?,Nero,Augustus,,Otho,C\n",
			facts: "first-emperor [imported] Who was the first emperor? => Augustus {Imported from q.csv, line 2.}\nburnt-rome [imported] Who burnt Rome? => Nero {Imported from q.csv, line 3.}\n",
			told:  `q.csv:4:1: the right answer "C" is none of the answers to choose from ("Nero", "Augustus", "Otho")` + "\n",
		},
		{
			name: "multiple choice by number, as Kahoot's template has it", file: "q.csv", format: "csv",
			text: "Quiz template,,,,\nFill in the rows below,,,,\n\"Question - max 120 characters\",\"Answer 1 - max 75 characters\",\"Answer 2 - max 75 characters\",\"Time limit (sec) - 5, 10, 20\",\"Correct answer(s) - choose at least one\"\n" +
				"Who burnt Rome?,Nero,Galba,20,1\nWho were emperors?,Nero,Galba,20,\"1,2\"\n",
			facts: "burnt-rome [imported] Who burnt Rome? => Nero {Imported from q.csv, line 4.}\nemperors [imported] Who were emperors? => Nero; Galba {Imported from q.csv, line 5.}\n",
			told: `q.csv:1:1: warning: this line stands above the names of the columns (line 3) and is not read
q.csv:2:1: warning: this line stands above the names of the columns (line 3) and is not read
q.csv:3:1: warning: not read: the column "Time limit (sec) - 5, 10, 20"
`,
		},
		{
			name: "multiple choice whose numbers may be words", file: "q.csv", format: "csv",
			text:  "question,option 1,option 2,option 3,answer\nHow many consuls?,2,3,1,2\nHow many hills?,1,2,3,2\n",
			facts: "many-hills [imported] How many hills? => 2 {Imported from q.csv, line 3.}\n",
			told:  `q.csv:2:1: the right answer "2" may mean "2" by its words or "3" by its place; write the answer itself` + "\n",
		},
		{
			name: "multiple choice without a right answer", file: "q.csv", format: "csv",
			text: "question,a,b,c\nWho?,x,y,z\n",
			told: "q.csv:1:1: this is a multiple-choice table, and no column says which answer is right; name that column Correct\n",
		},
		{
			name: "letters without options", file: "q.csv", format: "csv",
			text: "question,correct\nWho?,B\nWhat?,a\n",
			told: "q.csv:2:1: the answers are letters, and no columns hold what they stand for; call those A, B, C …\n",
		},
		{
			name: "two answers", file: "q.csv", format: "csv",
			text: "Question,Answer,Correct answer,Hint\nWho?,x,y,z\n",
			told: `q.csv:1:1: the columns "Answer", "Correct answer" may each hold the answer; rename all but one of them` + "\n",
		},
		{
			name: "a header that is not understood", file: "q.csv", format: "csv",
			text: "Rubrik;Poäng;Fråga;Lösen\nRom;100;Vem?;Nero\n",
			told: `q.csv:1:1: the first line names the question ("Fråga"), and no column is called answer; name the columns in the first line, for example question, answer, topic, source; or tell what they are: --columns question,answer` + "\n",
		},
		{
			name: "a header of which nothing is understood", file: "q.csv", format: "csv",
			text: "Kolumn,Annan\nVem?,Nero\n",
			told: `q.csv:1:1: the first line ("Kolumn, Annan") names neither a question nor an answer; name the columns in the first line, for example question, answer, topic, source; or tell what they are: --columns question,answer` + "\n",
		},
		{
			name: "a header in Czech", file: "q.csv", format: "csv",
			text:  "Kategorie,Hodnota,Otázka,Odpověď\nRome,100,Kdo?,Nero\n",
			facts: "kdo [Rome, imported] Kdo? => Nero {Imported from q.csv, line 2.}\n",
			told:  `q.csv:1:1: warning: not read: the column "Hodnota"` + "\n",
		},
		{
			name: "Excel's first line", file: "q.csv", format: "csv",
			text:  "sep=;\r\nquestion;answer\r\nWho, then?;Nero\r\n",
			facts: "then [imported] Who, then? => Nero {Imported from q.csv, line 3.}\n",
		},
		{
			name: "HTML", file: "q.csv", format: "csv",
			text:  "front,back\n<div>Who burnt <b>Rome</b>?</div>,\"Nero<br>(54&ndash;68), if a < b &amp; c > d<script>x</script>\"\n",
			facts: "burnt-rome [imported] Who burnt Rome? => Nero (54–68), if a < b & c > d {Imported from q.csv, line 2.}\n",
		},
		{
			name: "Anki", file: "a.txt", format: "anki",
			text: "#separator:tab\n#html:true\n#guid column:1\n#deck column:2\n#tags column:5\nx1\tRome::Kings\tWho was the <i>first</i> king?\t\"Romulus<br>\"\"the founder\"\"[sound:x.mp3]\"\told kings\n" +
				"x2\tRome\t{{c1::Nero}} burnt Rome\t\t\n",
			facts: "first-king [Rome/Kings, old, kings, imported] Who was the first king? => Romulus \"the founder\" {Imported from a.txt, line 6.}\n",
			told:  "a.txt:7:1: a note with gaps ({{c1::…}}) is no question with an answer\n",
		},
		{
			name: "QnA Maker's JSON", file: "kb.json", format: "qnamaker",
			text: `{"qnaDocuments": [
 {"id": 1, "answer": "**Nero**, see [his life](https://example.org/n)", "source": "faq.docx", "questions": ["Who burnt Rome?", "arsonist of Rome"],
  "metadata": [{"name": "city", "value": "rome"}], "context": {"isContextOnly": false, "prompts": []}},
 {"id": 2, "answer": "More.", "questions": ["And then?"], "context": {"isContextOnly": true}}
]}`,
			facts: "burnt-rome [imported] Who burnt Rome? | arsonist of Rome => Nero, see his life (https://example.org/n) {Imported from kb.json, line 2 (QnA Maker, faq.docx).} (rome)\n",
			told:  "kb.json:4:1: the entry makes sense only after another answer (isContextOnly), which facts do not\n",
		},
		{
			name: ".qna", file: "faq.qna", format: "qna",
			text: "> # QnA Definitions\n> !# @qna.pair.source = faq.docx\n\n[Chit chat](./chitchat.qna)\n\n# ? Who burnt Rome\\?\n- arsonist of Rome\n- who set fire to rome\n\n**Filters:**\n- city = rome\n\n```markdown\n**Nero**, they say.\n\nNobody saw it.\n```\n\n" +
				"**Prompts:**\n- [And then?](#2) `context-only`\n\n<a id = \"2\"></a>\n\n## ? And then?\n\t```\n\tHe sang.\n\t```\n\n# ? Open\n\n$nero : qna-alterations=\n- lucius domitius\n",
			facts: "burnt-rome [imported] Who burnt Rome? | arsonist of Rome | who set fire to rome => Nero, they say. Nobody saw it. {Imported from faq.qna, line 6 (QnA Maker, faq.docx).} (rome)\n",
			told:  "faq.qna:24:1: the entry makes sense only after another answer (context-only), which facts do not\nfaq.qna:29:1: the answer is empty\n",
		},
		{
			name: "Open Trivia DB", file: "o.json", format: "opentdb",
			text:  `{"response_code":0,"results":[{"type":"multiple","category":"History","question":"Who was called &quot;the Great&quot;?","correct_answer":"Alexander","incorrect_answers":["Nero"]}]}`,
			facts: "called-great [History, imported] Who was called \"the Great\"? => Alexander {Imported from o.json, line 1 (Open Trivia DB).}\n",
		},
		{
			name: "Open Trivia DB in Base64", file: "o.json", format: "opentdb",
			text:  `{"response_code":0,"results":[{"category":"SGlzdG9yeQ==","question":"V2hvIHdhcyBpdD8=","correct_answer":"TmVybw==","incorrect_answers":["WA=="]}]}`,
			facts: "it [History, imported] Who was it? => Nero {Imported from o.json, line 1 (Open Trivia DB).}\n",
		},
		{
			name: "Open Trivia DB in URL encoding", file: "o.json", format: "opentdb",
			text:  `{"response_code":0,"results":[{"category":"Old%20History","question":"Who%20was%20it%3F","correct_answer":"N%C3%A9ro","incorrect_answers":["x"]}]}`,
			facts: "it [Old History, imported] Who was it? => Néro {Imported from o.json, line 1 (Open Trivia DB).}\n",
		},
		{
			name: "OpenTriviaQA", file: "history", format: "opentriviaqa",
			text:  "#Q He sang while\nRome burnt. Who?\n^ Nero\nA Galba\nB Nero\n\n#Q Nobody answers\nA x\n\n#Q Who was fat?\n^ Vitellius\nA Otho\nB Vitellius\n",
			facts: "he-sang-while-rome-burnt [imported] He sang while Rome burnt. Who? => Nero {Imported from history, line 1 (OpenTriviaQA).}\nfat [imported] Who was fat? => Vitellius {Imported from history, line 10 (OpenTriviaQA).}\n",
			told:  "history:7:1: the question has no answer; it stands on a line that begins with ^\n",
		},
		{
			name: "SQuAD", file: "s.json", format: "squad",
			text: `{"version":"v2.0","data":[{"title":"Old_Rome","paragraphs":[{"context":"Rome burnt. It was in July of 64 that St. Peter's hill burnt. Nero sang.",
"qas":[{"question":"When did the hill burn?","id":"1","answers":[{"text":"July of 64","answer_start":22},{"text":"64","answer_start":30}],"is_impossible":false},
{"question":"When did Peter sing?","id":"2","answers":[],"is_impossible":true}]}]}]}`,
			facts: "hill-burn [Old Rome, imported] When did the hill burn? => July of 64 {Also accepted: 64. It was in July of 64 that St. Imported from s.json, line 2 (SQuAD).}\n",
		},
		{
			name: "GIFT", file: "g.txt", format: "gift",
			text: `// a comment
$CATEGORY: $course$/top/Old Rome

::Q1:: [html]Who burnt <b>Rome</b>\: Nero or Galba? {
=Nero#right! ~Galba#no ~%50%Otho }

Rome burnt in {#64:1}.

It burnt for days.{T#yes}

Name a king {=%100%Romulus =%50%Remus =Numa}

Match. {=Italy -> Rome =France -> Paris ####good}

Which were kings? {~%50%Numa ~%50%Tullus ~%-100%Nero}

What is pi? {#3.1415:0.0005}.

A brace \{ and a number {#1.5..2}";

Write on Nero. {}

No braces here

Open { brace
`,
			facts: `burnt-rome-nero-or-galba [Old Rome, imported] Who burnt Rome: Nero or Galba? => Nero {Imported from g.txt, line 4 (Moodle GIFT).}
rome-burnt [Old Rome, imported] Rome burnt in _____. => 64 (± 1) {Imported from g.txt, line 7 (Moodle GIFT).}
it-burnt-for-days [Old Rome, imported] It burnt for days. => True {Imported from g.txt, line 9 (Moodle GIFT).}
name-king [Old Rome, imported] Name a king => Romulus {Also accepted: Numa; Remus. Imported from g.txt, line 11 (Moodle GIFT).}
match [Old Rome, imported] Match. => Italy: Rome; France: Paris {Imported from g.txt, line 13 (Moodle GIFT).}
kings [Old Rome, imported] Which were kings? => Numa; Tullus {Imported from g.txt, line 15 (Moodle GIFT).}
pi [Old Rome, imported] What is pi? => 3.1415 (± 0.0005) {Imported from g.txt, line 17 (Moodle GIFT).}
brace-and-number [Old Rome, imported] A brace { and a number => 1.5–2 {Imported from g.txt, line 19 (Moodle GIFT).}
`,
			told: `g.txt:21:1: the question is an essay: it has no answer
g.txt:23:1: there are no braces with an answer; blank lines stand between questions and nowhere else
g.txt:25:1: the brace with the answers is not closed; no blank line may stand in it
`,
		},
		{
			name: "tags of Discord", file: "t.json", format: "tags",
			text:  "[{\"name\":\"battle-of_actium\",\"aliases\":[\"actium\"],\"content\":\"It was **31 BC**, <@123>\"}]",
			facts: "battle-actium [imported] battle of actium | actium => It was 31 BC, {Imported from t.json, line 1 (a tag of Discord).}\n",
		},
		{
			name: "a list of objects", file: "l.json", format: "json",
			text: `[
{"Question": "Who burnt Rome?", "options": ["Galba", "Nero"], "answer": "B", "category": "rome"},
{"question": "Who was fat?", "options": {"A": "Vitellius", "B": "Otho"}, "answer": "A"},
{"question": "Who was brief?", "choices": ["Galba", "Nero"], "answer": 0},
{"question": "Who was old?", "answer": ["Galba", "Nerva"], "source": "Suetonius"},
{"note": "nothing"}, 7,
["Who was last?", "Romulus"]]`,
			facts: `burnt-rome [rome, imported] Who burnt Rome? => Nero {Imported from l.json, line 2.}
fat [imported] Who was fat? => Vitellius {Imported from l.json, line 3.}
brief [imported] Who was brief? => Galba {Imported from l.json, line 4.}
old [imported] Who was old? => Galba {Also accepted: Nerva. Imported from l.json, line 5 (Suetonius).}
last [imported] Who was last? => Romulus {Imported from l.json, line 7.}
`,
			told: "l.json:6:1: an entry must be an object with question and answer\nl.json:6:1: the entry has neither question nor answer\n",
		},
		{
			name: "a number that may count from 0 or 1", file: "l.json", format: "json",
			text: `{"questions": [{"question": "Who?", "options": ["x", "y", "z"], "answer": 1}]}`,
			told: `l.json:1:1: the answer "1" is a number, and the file does not show whether the first option is 0 or 1; write the answer itself` + "\n",
		},
		{
			name: "JSON of something else", file: "x.json", format: "json", text: `{"name": "package", "version": "1"}`,
			told: "x.json:1:1: no questions and answers are found in this JSON; a list of objects with question and answer is read, and what QnA Maker, Open Trivia DB, SQuAD and tags of Discord look like\n",
		},
		{
			name: "JSON that is broken", file: "x.json", format: "json", text: "[{\"question\": \"Who?\",\n \"answer\": }]",
			told: "x.json:2:1: this is no JSON: invalid character '}' looking for beginning of value\n",
		},
		{
			name: "JSON lines", file: "x.json", format: "jsonl", text: "{\"q\":\"Who?\",\"a\":\"Nero\"}\n{\"q\":\"When?\",\"a\":\"64\"}\n",
			facts: "who [imported] Who? => Nero {Imported from x.json, line 1.}\nwhen [imported] When? => 64 {Imported from x.json, line 2.}\n",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, r := imported(t, "", c.file, c.text)
			got := ""
			if p != nil {
				got = facts(p)
			}
			if got != c.facts || r.Format != c.format {
				t.Errorf("%s, facts\n%s\nwant %s\n%s", r.Format, got, c.format, c.facts)
			}
			if said := in(told(r), c.file); said != c.told {
				t.Errorf("told\n%s\nwant\n%s", said, c.told)
			}
			if (r.Skipped > 0) != (len(r.Missing) > 0) && r.Format != "qna" {
				t.Errorf("%d skipped, %q", r.Skipped, r.Missing)
			}
		})
	}
}

// A format that is named wrongly is told.
func TestWrongFormat(t *testing.T) {
	for text, formats := range map[string][2]string{
		"question,answer\nWho?,Nero\n":                  {"squad", ""},
		`[{"name":"actium","content":"31 BC"}]`:         {"gift", "tags"},
		"::t:: Who? {=Nero ~Galba}\n":                   {"csv", "gift"},
		"{\"q\":\"Who?\",\"a\":\"x\"}\n{\"q\":\"y\"}\n": {"json", "jsonl"},
	} {
		_, r := imported(t, formats[0], "x", text)
		if said := told(r); r.Facts > 0 || formats[1] != "" && !strings.HasSuffix(said, "warning: this looks like --format "+formats[1]+"\n") {
			t.Errorf("%q as %s: %d facts, %s", text, formats[0], r.Facts, said)
		}
	}
}

// A folder of .qna files that refer to each other is whole.
func TestQnaFolder(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"a.qna": "[Rome](./rome.qna)\n\n# ? Who burnt Rome?\n```\nNero\n```\n", "rome.qna": "# ? Who was fat?\n```\nVitellius\n```\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if p, r := importedFrom(t, "", dir); p == nil || len(p.Facts) != 2 || len(r.Missing) > 0 {
		t.Errorf("%+v", r)
	}
	if _, r := importedFrom(t, "", filepath.Join(dir, "a.qna")); len(r.Missing) != 1 || r.Missing[0] != "a.qna refers to ./rome.qna (line 1), which was not read with it" {
		t.Errorf("%q", r.Missing)
	}
}
