package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"footnote/answers"
	"footnote/bot"
	"footnote/bot/discord/discordtest"
	"footnote/bot/ledger"
	"footnote/bot/telegram/telegramtest"
)

// The words of a gap in the village pack: a question in two wordings.
const askedTwice = "When was the well of Unterbruck dug?\n\n# a remark\nwhen was the well of unterbruck dug\n" + known + "\nWho painted the chapel ceiling?\n"

func TestGapsFromAFileOfQuestions(t *testing.T) {
	file := write(t, "asked.txt", askedTwice)
	out, errs, code := runFootnote(t, "", "gaps", "--knowledge", village, "--questions", file)
	if code != exitOK {
		t.Fatalf("exit %d, %s", code, errs)
	}
	for _, want := range []string{"When was the well of Unterbruck dug?\n  Asked 2 times", "Who painted the chapel ceiling?\n  Asked once"} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is missing:\n%s", want, out)
		}
	}
	if strings.Contains(out, known) || !strings.Contains(errs, "the packs answer it: 1\nWhat its fact does not answer, put into unanswered.yaml:\n  bell-cast: "+known+"\n") {
		t.Errorf("what the pack answers is no gap:\n%s\n%s", out, errs)
	}
	piped, _, _ := runFootnote(t, askedTwice, "gaps", "--knowledge", village, "--questions", "-")
	if piped != out {
		t.Errorf("from standard input:\n%s", piped)
	}
	if out, _, code := runFootnote(t, known+"\n", "gaps", "--knowledge", village, "--questions", "-"); out != "Nothing is missing.\n" || code != exitOK {
		t.Errorf("exit %d, %q", code, out)
	}
}

// TestAGapBecomesAFact goes the curator's way: a question nobody can answer, its
// stub, the answer, and the bot has it.
func TestAGapBecomesAFact(t *testing.T) {
	dir := ownVillage(t)
	const question = "When was the well of Unterbruck dug?"
	yaml, errs, code := runFootnote(t, question+"\n", "gaps", "--knowledge", dir, "--questions", "-", "--format", "yaml")
	if code != exitOK || errs != "" {
		t.Fatalf("exit %d, %s", code, errs)
	}
	if err := os.MkdirAll(filepath.Join(dir, "facts"), 0o755); err != nil {
		t.Fatal(err)
	}
	stub := filepath.Join(dir, "facts", "gaps.yaml")
	if err := os.WriteFile(stub, []byte(yaml), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, errs, code := runFootnote(t, "", "ask", "--knowledge", dir, question); code != exitUsage || !strings.Contains(errs, "gaps.yaml:") || !strings.Contains(errs, "answer") {
		t.Errorf("a stub without its answer: exit %d, %s", code, errs)
	}
	change(t, stub, `answer: ""`, `answer: "The well was dug by the tanners."`)
	out, errs, code := runFootnote(t, "", "ask", "--knowledge", dir, question)
	if code != exitOK || !strings.Contains(out, "dug by the tanners") || !strings.Contains(strings.ToLower(out), "citation needed") {
		t.Errorf("exit %d, %s\n%s", code, out, errs)
	}
	if out, _, _ := runFootnote(t, question+"\n", "gaps", "--knowledge", dir, "--questions", "-"); out != "Nothing is missing.\n" {
		t.Errorf("the gap is filled, and yet:\n%s", out)
	}
}

// a question in a ledger.
type kept struct {
	who     bot.UserID
	words   string
	outcome answers.Outcome
	fact    string
	sure    float64
	said    bot.Verdict
	picked  string
}

// ledgerOf makes a ledger as a bot would have.
func ledgerOf(t *testing.T, words bool, all ...kept) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "ledger.db")
	l, err := ledger.Open(path, ledger.Options{Words: words})
	if err != nil {
		t.Fatal(err)
	}
	for i, q := range all {
		by := bot.Person{Platform: "telegram", ID: q.who}
		if words {
			if err := l.Allow(t.Context(), by, true); err != nil {
				t.Fatal(err)
			}
		}
		id := fmt.Sprint("q", i)
		l.Record(t.Context(), bot.Record{ID: id, At: time.Now(), By: by, Outcome: q.outcome, Fact: q.fact, Near: []string{"bell-cast"}, Confidence: q.sure, Margin: q.sure, Words: q.words})
		if q.picked != "" {
			l.Picked(t.Context(), id, q.picked)
		}
		if q.said != "" {
			l.Judged(t.Context(), id, by, q.said)
		}
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

var someQuestions = []kept{
	{who: "1", words: "Who dug the well?", outcome: answers.Declined},
	{who: "2", words: "who dug the well", outcome: answers.Declined},
	{who: "1", words: "Where did Aunt Resi live?", outcome: answers.Declined},
	{who: "1", words: "Who painted the chapel?", outcome: answers.Declined, said: bot.Wanted},
	{who: "1", words: "What is the age of the big bell?", outcome: answers.Answered, fact: "bell-cast", sure: .9, said: bot.Helpful},
	{who: "2", words: "Which saint is on the bell?", outcome: answers.Answered, fact: "bell-cast", sure: .9, said: bot.Unhelpful},
	{who: "3", words: "which saint is on the bell", outcome: answers.Answered, fact: "bell-cast", sure: .9, said: bot.Unhelpful},
	{who: "3", words: "Toll man at the bridge", outcome: answers.Choices, picked: "bridge-toll"},
	{who: "3", words: known, outcome: answers.Answered, fact: "bell-cast", sure: .99},
}

func TestGapsFromALedger(t *testing.T) {
	path := ledgerOf(t, true, someQuestions...)
	out, errs, code := runFootnote(t, "", "gaps", "--knowledge", village, "--ledger", path)
	if code != exitOK {
		t.Fatalf("exit %d, %s", code, errs)
	}
	for _, want := range []string{"Who dug the well?\n  Asked 2 times by 2 people; not answered.", "Which saint is on the bell?", "Answered with: bell-cast", "Who painted the chapel?", "asked the curators"} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is missing:\n%s", want, out)
		}
	}
	for _, not := range []string{"Resi", "age of the big bell", "Toll man", known} {
		if strings.Contains(out+errs, not) {
			t.Errorf("%q is shown:\n%s%s", not, out, errs)
		}
	}
	if !strings.Contains(errs, "1 more not shown, since fewer than 2 people asked the same") {
		t.Errorf("nobody was told what is not shown: %s", errs)
	}
	if out, _, _ := runFootnote(t, "", "gaps", "--knowledge", village, "--ledger", ledgerOf(t, true, someQuestions[0])); strings.Contains(out, "missing") || strings.Contains(out, "well") {
		t.Errorf("something is missing, and too few asked to show it:\n%s", out)
	}
	if out, _, _ := runFootnote(t, "", "gaps", "--knowledge", village, "--ledger", path, "--people", "1"); !strings.Contains(out, "Resi") {
		t.Errorf("--people 1 shows all:\n%s", out)
	}
	yaml, _, _ := runFootnote(t, "", "gaps", "--knowledge", village, "--ledger", path, "--format", "yaml")
	if !strings.Contains(yaml, "  - id: dug-well\n    status: citation-needed\n    questions:\n      - \"Who dug the well?\"\n    answer: \"\"") {
		t.Errorf("%s", yaml)
	}
}

func TestSuggest(t *testing.T) {
	path := ledgerOf(t, true, someQuestions...)
	out, errs, code := runFootnote(t, "", "suggest", "--knowledge", village, "--ledger", path)
	if code != exitOK || errs != "" {
		t.Fatalf("exit %d, %s", code, errs)
	}
	if !strings.Contains(out, "bell-cast (") || !strings.Contains(out, "+ What is the age of the big bell? (1; now ") || !strings.Contains(out, "+ Toll man at the bridge (1") || strings.Contains(out, "saint") || strings.Count(out, "+") != 2 {
		t.Errorf("%s", out)
	}
	yaml, _, _ := runFootnote(t, "", "suggest", "--knowledge", village, "--ledger", path, "--format", "yaml")
	if yaml != "bell-cast:\n  - \"What is the age of the big bell?\"\nbridge-toll:\n  - \"Toll man at the bridge\"\n" {
		t.Errorf("%s", yaml)
	}
}

func TestALedgerWithoutWordsSaysHowToGetThem(t *testing.T) {
	path := ledgerOf(t, false, someQuestions...)
	for command, want := range map[string][]string{
		"gaps":    {"Questions in the ledger: 9", "not answered: 4", "bell-cast", "ledger.questions", "/remember on"},
		"suggest": {"nothing to propose", "ledger.questions", "/remember on"},
	} {
		out, errs, code := runFootnote(t, "", command, "--knowledge", village, "--ledger", path)
		for _, w := range want {
			if code != exitOK || !strings.Contains(out, w) {
				t.Errorf("%s: exit %d, %q is missing:\n%s%s", command, code, w, out, errs)
			}
		}
	}
}

func TestGapsRefusesWhatItCannotRead(t *testing.T) {
	text := write(t, "notes.txt", strings.Repeat("not a ledger\n", 200))
	latin := write(t, "latin.txt", "fine\nstra\xdfe\n")
	for _, x := range []struct{ args, want string }{
		{"gaps", "there is no ledger: set ledger.path"},
		{"suggest", "there is no ledger: set ledger.path"},
		{"gaps --ledger nowhere.db", "there is no ledger at"},
		{"gaps --ledger " + text, "no SQLite file"},
		{"gaps --questions nowhere.txt", "cannot be read"},
		{"gaps --questions " + latin, "latin.txt:2 is not UTF-8"},
		{"gaps --questions x --ledger y", "give one"},
		{"gaps --since yesterday --ledger " + text, "30d"},
		{"gaps --format xml --questions -", "text or yaml"},
		{"gaps --people -1 --questions -", "--people"},
		{"suggest --format xml", "text or yaml"},
	} {
		args := append(strings.Fields(x.args), "--knowledge", village)
		out, errs, code := runFootnote(t, "", args...)
		if code != exitUsage || !strings.Contains(errs, x.want) || out != "" {
			t.Errorf("%s: exit %d, %q, %q", x.args, code, out, errs)
		}
	}
}

func TestSpans(t *testing.T) {
	for s, want := range map[string]time.Duration{"30d": 30 * day, "12w": 84 * day, "1d": day, "": 0, "d": 0, "0d": 0, "-3d": 0, "30": 0, "1h": 0, "99999999d": 0, "3.5d": 0} {
		if got, err := parseSpan(s); got != want || (err == nil) != (want > 0) {
			t.Errorf("%q: %v, %v", s, got, err)
		}
	}
	file := write(t, "c.yaml", "ledger: {retention: 2h, questions: sometimes}\n")
	if _, problems := load(file); len(problems) != 2 {
		t.Errorf("%v", problems)
	}
	file = write(t, "d.yaml", "ledger: {path: kept/ledger.db, retention: 2w, questions: \"on\"}\n")
	if c, problems := load(file); len(problems) > 0 || c.Ledger.Path != filepath.Join(filepath.Dir(file), "kept/ledger.db") || c.Ledger.Retention != 14*day {
		t.Errorf("%+v, %v", c.Ledger, problems)
	}
}

// TestServeKeepsALedger is the whole way on both platforms: questions over their
// protocols, pressed buttons, and what a curator reads afterwards.
func TestServeKeepsALedger(t *testing.T) {
	peer := telegramtest.Start(t, telegramtest.Options{})
	guild := discordtest.Start(t, discordtest.Options{})
	path := filepath.Join(t.TempDir(), "ledger.db")
	s := startServe(t, append(append(telegramEnv(peer), discordEnv(guild)...), "FOOTNOTE_LEDGER_PATH="+path, "FOOTNOTE_LEDGER_QUESTIONS=on"))
	ctx := patiently(t)
	if err := guild.Ready(ctx); err != nil {
		t.Fatal(err)
	}
	ann := peer.Person("ann")
	at := peer.Private(ann)
	for i, turn := range []struct{ says, press, want string }{
		{"Who painted the ceiling of the opera?", "", "no sourced answer"}, // not allowed yet
		{"/remember on", "", "Thank you"},
		{"Who painted the ceiling of the opera?", "", "no sourced answer"},
		{"", "Ask the curators", "Thank you"},
		{"/privacy", "", "You have allowed me"},
	} {
		if turn.press == "" {
			peer.Say(ann, at, turn.says, nil)
		} else {
			last := peer.Sent()[i-1]
			data := ""
			for _, row := range last.Buttons {
				for _, x := range row {
					if x.Text == turn.press {
						data = x.Data
					}
				}
			}
			peer.Press(ann, at, last, data)
		}
		sent, err := peer.WaitSent(ctx, i+1)
		if err != nil || !strings.Contains(sent[i].Text, turn.want) {
			t.Fatalf("Telegram, %q %q: %v, %v", turn.says, turn.press, sent, err)
		}
	}
	for i, turn := range []struct {
		do   func(posts []discordtest.Sent)
		want string
	}{
		{func([]discordtest.Sent) { guild.Command("bob", "", "remember", "text", "on") }, "Thank you"},
		{func([]discordtest.Sent) { guild.DM("bob", known) }, "1712"},
		{func(posts []discordtest.Sent) {
			if _, err := guild.Press("bob", posts[1], "Helpful"); err != nil {
				t.Error(err)
			}
		}, "Thank you"},
		{func([]discordtest.Sent) { guild.Command("bob", "general", "remember", "text", "on") }, "In a group its admins decide"},
	} {
		posts, _ := guild.WaitSent(ctx, i)
		turn.do(posts)
		posts, err := guild.WaitSent(ctx, i+1)
		if err != nil || !strings.Contains(posts[i].Text, turn.want) {
			t.Fatalf("Discord, turn %d: %v, %v", i, posts, err)
		}
	}
	s.stop()
	if code := s.wait(t); code != exitOK {
		t.Errorf("exit %d", code)
	}
	all, err := ledger.Read(t.Context(), path, time.Time{})
	if err != nil || len(all) != 3 {
		t.Fatalf("%+v, %v", all, err)
	}
	if all[0].Words != "" || all[1].Words != "Who painted the ceiling of the opera?" || all[1].Said[bot.Wanted] != 1 || all[1].Outcome != answers.Declined || all[0].Who != all[1].Who {
		t.Errorf("of Ann: %+v, %+v", all[0], all[1])
	}
	if q := all[2]; q.Words != known || q.Fact != "bell-cast" || q.Said[bot.Helpful] != 1 || q.Platform != "discord" || q.Packs != "village 0.3.0" {
		t.Errorf("of Bob: %+v", q)
	}
	if strings.Contains(s.log.String(), "painted the ceiling") {
		t.Error("the question stands in the log")
	}
}

// A ledger that cannot be opened keeps nobody from getting answers.
func TestServeGoesOnWithoutALedger(t *testing.T) {
	peer := telegramtest.Start(t, telegramtest.Options{})
	s := startServe(t, append(telegramEnv(peer), "FOOTNOTE_LEDGER_PATH="+write(t, "l.db", strings.Repeat("no ledger\n", 100))))
	ann := peer.Person("ann")
	peer.Say(ann, peer.Private(ann), known, nil)
	if sent, err := peer.WaitSent(patiently(t), 1); err != nil || !strings.Contains(sent[0].Text, "1712") || len(sent[0].Buttons) > 1 {
		t.Errorf("%v, %v", sent, err)
	}
	peer.Say(ann, peer.Private(ann), "/forget", nil)
	if sent, err := peer.WaitSent(patiently(t), 2); err != nil || !strings.Contains(sent[1].Text, "could not be deleted") {
		t.Errorf("/forget: %v, %v", sent, err)
	}
	s.stop()
	if code := s.wait(t); code != exitOK || !strings.Contains(s.log.String(), "nothing is kept of questions") {
		t.Errorf("exit %d; nobody was told", code)
	}
}
