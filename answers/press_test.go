package answers

import (
	"context"
	"sync"
	"testing"

	"footnote/knowledge"
	"footnote/knowledge/edtf"
)

// The little pack that most tests here ask: early printing, so that whatever
// holds for it holds for a subject that the matcher was never tuned on.

type pressFact struct {
	id, answer, according string
	questions             []string
	people                []string
	dates                 []edtf.Date
	topics, related       []string
}

var pressFacts = []pressFact{
	{
		id: "gutenberg-bible", answer: "Johannes Gutenberg printed his Latin Bible in Mainz about 1455.",
		people: []string{"Johannes Gutenberg"}, dates: []edtf.Date{"1455"}, topics: []string{"bibles"}, related: []string{"gutenberg-copies"},
		questions: []string{"When did Gutenberg print his Bible?", "Who printed the first Latin Bible?", "gutenberg bible date", "In which year was the Gutenberg Bible printed?",
			"Where did Gutenberg print the Bible?", "Which printer made the Latin Bible in Mainz?"},
	},
	{
		id: "gutenberg-copies", answer: "About 180 copies of the Gutenberg Bible were made, some of them on vellum.",
		people: []string{"Johannes Gutenberg"}, topics: []string{"bibles"}, related: []string{"gutenberg-bible"},
		questions: []string{"How many copies of the Gutenberg Bible were made?", "What was the print run of Gutenberg's Bible?", "number of gutenberg bible copies",
			"Were copies of the Gutenberg Bible printed on vellum?", "How large was the edition of the Latin Bible from Mainz?", "gutenberg bible vellum copies"},
	},
	{
		id: "caxton-westminster", answer: "William Caxton set up the first press in England, at Westminster, in 1476.",
		people: []string{"William Caxton"}, dates: []edtf.Date{"1476"}, topics: []string{"england"}, related: []string{"caxton-chaucer"},
		questions: []string{"Who brought printing to England?", "When did Caxton set up his press?", "Where was the first English printing press?", "caxton press westminster",
			"Which printer worked at Westminster?", "In what year did printing reach England?"},
	},
	{
		id: "caxton-chaucer", answer: "Caxton printed Chaucer's Canterbury Tales in 1476 or 1477.",
		people: []string{"William Caxton", "Geoffrey Chaucer"}, dates: []edtf.Date{"1476/1477"}, topics: []string{"england"}, related: []string{"caxton-westminster"},
		questions: []string{"When did Caxton print the Canterbury Tales?", "Which book by Chaucer did Caxton print?", "caxton canterbury tales", "Who printed Chaucer first?",
			"Did Caxton publish Chaucer?", "Which tales came from the Westminster press?"},
	},
	{
		id: "aldus-italic", answer: "Aldus Manutius of Venice was the first to print in italic type, in 1501.",
		people: []string{"Aldus Manutius"}, dates: []edtf.Date{"1501"}, topics: []string{"venice"}, related: []string{"aldus-octavo"},
		questions: []string{"Who introduced italic type?", "When was italic type first used?", "aldus italic type", "Which Venetian printer used italics first?",
			"What kind of type did Aldus Manutius introduce?", "In which city was italic type born?"},
	},
	{
		id: "aldus-octavo", answer: "Aldus Manutius sold classics in small octavo volumes because travellers could carry them.",
		people: []string{"Aldus Manutius"}, topics: []string{"venice"}, related: []string{"aldus-italic"},
		questions: []string{"Why did Aldus print small books?", "What format did Aldus Manutius choose for the classics?", "aldus octavo classics", "For what reason were the Venetian classics small?",
			"Which printer sold classics in octavo?", "Why were octavo volumes popular with travellers?"},
	},
	{
		id: "eisenstein-revolution", answer: "Elizabeth Eisenstein argued that the press was an unacknowledged revolution.", according: "Elizabeth Eisenstein",
		people: []string{"Elizabeth Eisenstein"}, topics: []string{"debate"}, related: []string{"johns-trust"},
		questions: []string{"What did Eisenstein call the press?", "Who called printing an unacknowledged revolution?", "eisenstein revolution", "How did Eisenstein describe the effect of printing?",
			"Which scholar thought that the press was a revolution?", "According to Eisenstein, what was the press?"},
	},
	{
		id: "johns-trust", answer: "Adrian Johns replied that readers did not trust printed books before the trade made them trustworthy.", according: "Adrian Johns",
		people: []string{"Adrian Johns"}, topics: []string{"debate"}, related: []string{"eisenstein-revolution"},
		questions: []string{"What did Adrian Johns reply about trust?", "Who said that readers did not trust printed books?", "johns trust printed books", "Why did early readers not trust print, according to Johns?",
			"Which historian wrote about trust in print?", "How did Johns answer the idea of a print revolution?"},
	},
	{
		id: "fedorov-apostol", answer: "Ivan Fedorov printed the Apostol in Moscow in 1564.",
		people: []string{"Ivan Fedorov"}, dates: []edtf.Date{"1564"}, topics: []string{"bibles"},
		questions: []string{"Who printed the Apostol?", "When was the Apostol printed in Moscow?", "fedorov apostol", "What was the first dated book printed in Moscow?",
			"Which book did Fedorov print?", "In which city did Ivan Fedorov print?"},
	},
	{
		id: "movable-type-definition", answer: "Movable type is type cast letter by letter, so that the letters can be used again.",
		topics: []string{"technique"},
		questions: []string{"What is movable type?", "What does movable type mean?", "movable type", "How does movable type work?", "Define movable type",
			"What are reusable cast letters called?"},
	},
	{
		id: "censorship-index", answer: "The Index of Prohibited Books was first issued for the whole Church in 1559.",
		dates: []edtf.Date{"1559"}, topics: []string{"censorship"},
		questions: []string{"When was the Index of Prohibited Books first issued?", "What was the Index?", "index of prohibited books", "Which list banned books for Catholics?",
			"In what year did the Church first issue its list of banned books?", "Was there a list of forbidden books?"},
	},
	{
		id: "newspaper-strasbourg", answer: "Johann Carolus published the first newspaper in Strasbourg from 1605.",
		people: []string{"Johann Carolus"}, dates: []edtf.Date{"1605"}, topics: []string{"newspapers"},
		questions: []string{"Who published the first newspaper?", "Where did the first newspaper appear?", "carolus newspaper strasbourg", "When was the first newspaper published?",
			"Which city had the first printed newspaper?", "What did Johann Carolus publish?"},
	},
}

// pressUnanswered are near misses of the pack.
var pressUnanswered = []string{
	"When was Gutenberg born?", "Who printed the first Greek Bible?", "When did Luther translate the Bible?", "Who brought printing to Scotland?", "Where did Caxton die?",
	"Who taught Caxton to print?", "How many books did Aldus print?", "Who introduced Gothic type?", "Why did Gutenberg lose his press?", "When was the Index abolished?",
	"Who published the first newspaper in Paris?", "What did Eisenstein say about newspapers?", "Where was Ivan Fedorov buried?", "How much did the Gutenberg Bible cost?",
	"Was Caxton the best printer in England?", "Who did not trust Gutenberg?", "When did Chaucer write the Canterbury Tales?", "What is lithography?", "Should books be banned?",
	"What did McLuhan call the press?", "Which Venetian printer was the richest?", "When was the Apostol burned?", "Who invented paper?", "How many letters are in a case of type?",
}

// pressSynonyms hold a word, words of several parts, and another script.
var pressSynonyms = [][]string{
	{"printing press", "press", "printing machine", "печатный станок"},
	{"fedorov", "fyodorov", "федоров", "фёдоров"},
	{"usa", "united states", "united states of america"},
}

// pressBase is the pack, cut to n facts; 0 is all.
func pressBase(n int) *knowledge.Base {
	p := &knowledge.Pack{ID: "printing", Title: knowledge.Text{"en": "Early printing"}, Version: "1.0.0", Languages: []string{"en"}, Synonyms: pressSynonyms, Unanswered: pressUnanswered}
	all := pressFacts
	if n > 0 {
		all = all[:n]
	}
	for _, x := range all {
		f := &knowledge.Fact{
			ID: x.id, Pack: p, Status: knowledge.Established, Answer: knowledge.Text{"en": x.answer}, People: x.people, AccordingTo: x.according, Topics: x.topics, Related: x.related,
		}
		if x.according != "" {
			f.Status = knowledge.Attributed
		}
		for _, q := range x.questions {
			f.Questions = append(f.Questions, knowledge.Phrasing{Lang: "en", Text: q})
		}
		for _, d := range x.dates {
			f.Dates = append(f.Dates, knowledge.Date{EDTF: d})
		}
		p.Facts = append(p.Facts, f)
	}
	return &knowledge.Base{Packs: []*knowledge.Pack{p}}
}

// pressCheap and pressFull answer from the pack without and with the encoder.
var (
	pressCheap = sync.OnceValues(func() (*Matcher, error) { return New(context.Background(), pressBase(0), Options{Encoder: "off"}) })
	pressFull  = sync.OnceValues(func() (*Matcher, error) { return New(context.Background(), pressBase(0), Options{}) })
)

// cheapPress is the matcher of the pack without the encoder, shared by tests.
func cheapPress(t testing.TB) *Matcher { return must(t, pressCheap) }

// fullPress is the one with the encoder.
func fullPress(t testing.TB) *Matcher { return must(t, pressFull) }

func must(t testing.TB, make func() (*Matcher, error)) *Matcher {
	t.Helper()
	m, err := make()
	if err != nil {
		t.Fatal(err)
	}
	return m
}
