package parse

import (
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

func TestUndress(t *testing.T) {
	const q = "When was Constantinople founded?"
	same := func(got string) bool {
		trim := func(s string) string { return strings.ToLower(strings.TrimRight(s, "?!. ")) }
		return trim(got) == trim(q)
	}
	for _, in := range []string{
		q, "when was constantinople founded", q + " ty", q + " thx", q + " tysm", q + " Thanks!", q + " Thank you very much.", q + " thanks in advance", q + " Thanks in advance!", q + " lol", q + " cheers",
		"yo when was Constantinople founded", "Footnote, when was Constantinople founded?", "footnote when was Constantinople founded", "@Footnote when was Constantinople founded?", "Hey Footnote, when was Constantinople founded?",
		"When was Constantinople founded, Footnote?", q + " Thanks, Footnote!", q + " ty footnote", "Hey bot, when was Constantinople founded?", "hi bot when was Constantinople founded", "OK Google, when was Constantinople founded?",
		"Alexa, when was Constantinople founded?", "hey siri when was Constantinople founded", "Bro, when was Constantinople founded?", "bro when was Constantinople founded", "dude, when was Constantinople founded bro",
		"Howdy! When was Constantinople founded?", "Greetings. When was Constantinople founded?", "Good morning, when was Constantinople founded?", "Hello there! When was Constantinople founded?", "hi all, when was Constantinople founded?",
		"12. When was Constantinople founded?", "1) When was Constantinople founded?", "Question 3) When was Constantinople founded?", "Q1: When was Constantinople founded?", "Q: When was Constantinople founded?", "a) When was Constantinople founded?",
		"(3) When was Constantinople founded?", "Question 3: When was Constantinople founded?", "#4 When was Constantinople founded?",
		q + " https://example.org/byz", "https://example.org/byz " + q, q + " (https://example.org/byz)", q + " <https://example.org/a?b=c>", q + " www.example.org", q + " discord.gg/abc",
		q + " :) :D <3", q + " xD", q + " 🙂🙂", "🤔 " + q, q + " :thinking:", q + " ^_^", q + " ¯\\_(ツ)_/¯", q + " <:kek:12345678>", q + " <3",
		"Edit: When was Constantinople founded?", "Trivia: When was Constantinople founded?", "My teacher asked: When was Constantinople founded?", "Quick question: when was Constantinople founded?",
		"quick question, when was Constantinople founded?", "Umm, when was Constantinople founded?", "um when was Constantinople founded", "idk, when was Constantinople founded?", "btw when was Constantinople founded",
		"Remind me, when was Constantinople founded?", "remind me when was Constantinople founded", "Sorry to bother you, when was Constantinople founded?", "Sorry to bother you! When was Constantinople founded?",
		q + " (roughly)", q + " (asking for a friend)", "When was Constantinople founded (roughly)?", "When was Constantinople founded, asking for a friend", q + " Asking for a friend.", q + " I need this for homework.",
		"Can you tell me when was Constantinople founded?", "pls when was Constantinople founded", "When was Constantinople founded, please?", "when was Constantinople founded pls",
		q + " A) 324 B) 330 C) 395", q + "\nA. 324\nB. 330\nC. 395", q + " a) 324 b) 330",
		"/ask When was Constantinople founded?", "/ask@FootnoteBot When was Constantinople founded?", "!ask when was Constantinople founded", "> " + q, "\"" + q + "\"", "“" + q + "”", "**" + q + "**", "`" + q + "`", "||" + q + "||",
		"- When was Constantinople founded?", "• " + q, "Hi, how are you? " + q, "thanks! " + q, "Great answer! " + q, "ok, when was Constantinople founded?", "No, when was Constantinople founded?", "lol " + q, "hey, quick question: when was Constantinople founded? thx in advance :)",
		"Привет! " + q, "Hallo, " + q, q + " Danke!", q + " merci", q + " gracias", q + " Спасибо", "Bonjour, when was Constantinople founded? Merci beaucoup!", q + " tia",
	} {
		if got := Undress(in, []string{"Footnote", "FootnoteBot"}); !same(got) {
			t.Errorf("Undress(%q) = %q", in, got)
		}
	}
	for _, in := range []string{
		"What does lol mean?", "what is lol", "Who was Ty?", "who was ty", "Thanks to whom did the thaw begin?", "What is a footnote?", "what is a footnote", "Footnote publishing history", "Siri was released when?", "who is Alexa Chung",
		"Who sang Hey Jude?", "What is Good Morning Vietnam about?", "who was the first man", "Who was the sir", "What is trivia?", "12. Mai 1453 was geschah da?", "1453 what happened?", "What happened in 1453?", "Hello Kitty was created when?",
		"yo-yo inventor", "Who said \"thanks\"?", "Who said no?", "How are you?", "thanks", "hi", "", "?", ":)", "https://example.org", "hey bot!", "what is the meaning of please", "J. V. Stalin died when?", "St. Pius X died when?",
		"and when did it fall?", "so when was that", "but why?", "What about Brezhnev?", "Who invented the question mark?", "King Henry V", "Did he say bye?", "Who was Dr. Who?", "When did the U.S. enter the war?", "Was it (roughly speaking) a war?",
		"How old is the bro code?", "Who wrote Dear Sir?", "What is vitamin C) and D?", "Why did they help?", "which countries did it help", "Who called it trash?", "definition of tldr", "Who is on first?",
		"well water quality", "like father like son origin", "google founders", "OK Corral gunfight date", "Sorry day in Australia", "No Man's Land where", "Great Schism year", "can you help me with my algebra homework",
	} {
		if got := Undress(in, []string{"Footnote"}); got != strings.TrimSpace(in) {
			t.Errorf("Undress(%q) = %q, and nothing of it is dress", in, got)
		}
	}
	for in, want := range map[string]string{
		"Hi! I read about Orban. Who was he? Thanks!": "I read about Orban. Who was he?",
		"Wann fiel Konstantinopel? Danke im Voraus":   "Wann fiel Konstantinopel?",
		"Hallo, wann fiel Konstantinopel, bitte?":     "wann fiel Konstantinopel?",
		"Привет, когда пал Константинополь?":          "когда пал Константинополь?",
		"Bonjour, quand est tombée la ville svp":      "quand est tombée la ville",
		"Hola, ¿cuándo cayó la ciudad? ¡Gracias!":     "¿cuándo cayó la ciudad?",
		"thx! who was Orban, btw?":                    "who was Orban?",
	} {
		if got := Undress(in, nil); got != want {
			t.Errorf("Undress(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestQuestions(t *testing.T) {
	for in, want := range map[string][]string{
		"When did Constantinople fall? Who was Orban the gunfounder?":     {"When did Constantinople fall?", "Who was Orban the gunfounder?"},
		"What closed the Golden Horn and who built the great cannon?":     {"What closed the Golden Horn?", "who built the great cannon?"},
		"When was Constantinople founded and when did it fall?":           {"When was Constantinople founded?", "when did it fall?"},
		"When was Constantinople founded, and when did it fall?":          {"When was Constantinople founded?", "when did it fall?"},
		"Q1: When did it fall? Q2: Who took it?":                          {"When did it fall?", "Who took it?"},
		"Q1: when did it fall Q2: who took it Q3: why was it taken":       {"when did it fall", "who took it", "why was it taken"},
		"1) When did it fall? 2) Who took it?":                            {"When did it fall?", "Who took it?"},
		"1. When did it fall?\n2. Who took it?":                           {"When did it fall?", "Who took it?"},
		"When did it fall\nWho took it":                                   {"When did it fall", "Who took it"},
		"When did it fall? Why?":                                          {"When did it fall?", "Why?"},
		"When did it fall?? Who took it?! And Brezhnev?":                  {"When did it fall??", "Who took it?!", "And Brezhnev?"},
		"When did it fall. Who took it.":                                  {"When did it fall.", "Who took it."},
		"Hi! When did it fall? Who took it? Thanks!":                      {"Hi! When did it fall?", "Who took it?"},
		"I read about Orban. Who was he? When did he die?":                {"I read about Orban. Who was he?", "When did he die?"},
		"Who was Orban and in which year did he die?":                     {"Who was Orban?", "in which year did he die?"},
		"Did Constantinople fall in 1453? Was it a siege?":                {"Did Constantinople fall in 1453?", "Was it a siege?"},
		"When did it begin and how long did it last and who won the war?": {"When did it begin?", "how long did it last?", "who won the war?"},
		"Wann fiel die Stadt? Wer nahm sie ein?":                          {"Wann fiel die Stadt?", "Wer nahm sie ein?"},
		"Когда пал город? Кто его взял?":                                  {"Когда пал город?", "Кто его взял?"},
		"What was the Golden Horn? What about the chain?":                 {"What was the Golden Horn?", "What about the chain?"},
	} {
		if got := Questions(in); !slices.Equal(got, want) {
			t.Errorf("Questions(%q) = %q, want %q", in, got, want)
		}
	}
	for _, in := range []string{
		"When was Constantinople founded?", "  When was Constantinople founded  ", "When and where was Orban born?", "Who was the man who built it and who died there?", "When did St. Pius X die?", "Who said \"When did it fall? Who took it?\" in 1453?",
		"Who were Marx and Engels?", "Tell me who he was and when he died", "What happened when the walls fell and when the city burned?", "Constantinople? When was it founded?", "It fell in 1453, right?", "When did it fall? ok?",
		"When did it fall? 1453?", "why", "", "?", "hi", "What did he say about war and what did?", "A) 1453 B) 1204", "When did it fall? 1) 1453 2) 1204", "Do you know who built it and when it was built?", "Who built the walls and towers?",
		"How did J. V. Stalin die?", "What is 1. FC Nürnberg and who?", "Really? When was it?", "When did it fall (and who took it)?", "Was he a king and where?", "Who was at the head of it and for how many years", "I wonder what it was and how heavy it was.", "What should it take and what not?", "What was kept from his day and what was dropped?",
		"When was it founded, who founded it and how many people lived there?",
	} {
		got := Questions(in)
		if len(got) != 1 {
			t.Errorf("Questions(%q) = %q, and it is one", in, got)
		}
	}
}

func FuzzUndress(f *testing.F) {
	for _, s := range []string{"Hi bot, 1) when? thx :)", "Q1: a Q2: b", "<a>b A) c B) d", "\"\"'`**", "St. J. V. 12. a)", "¿y? \xff\u0301", "> > /ask x", "when and who and why did it and what is"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := Undress(s, []string{"Foot note", ""})
		if len(got) > len(s) || utf8.ValidString(s) && !utf8.ValidString(got) {
			t.Fatalf("undress(%q) = %q", s, got)
		}
		if strings.TrimSpace(s) != "" && got == "" && len(s) < MaxBytes {
			t.Fatalf("nothing is left of %q", s)
		}
		all := Questions(s)
		if len(all) == 0 || len(all) > 1 && slices.Contains(all, "") {
			t.Fatalf("Questions(%q) = %q", s, all)
		}
	})
}

func BenchmarkUndress(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		Undress("Hey bot, when did the Ottoman army begin the siege of Constantinople? thx :)", []string{"Footnote"})
	}
}

// A hostile message takes no longer than a pasted page may.
func TestUndressIsBounded(t *testing.T) {
	for name, in := range map[string]string{
		"points": strings.Repeat("a.", 4000), "lines": strings.Repeat("why\n", 1000), "sentences": strings.Repeat("why. ", 900), "brackets": strings.Repeat("(", 4000), "links": strings.Repeat("http://a.b ", 380),
		"numbers": strings.Repeat("1) ", 1300), "choices": strings.Repeat("a) b ", 800), "smiles": strings.Repeat(":) ", 1300), "thanks": strings.Repeat("thank ", 680), "ands": strings.Repeat("who is x and ", 300),
		"angles": strings.Repeat("<a", 2000), "quotes": strings.Repeat("\"", 4000), "questions": strings.Repeat("why? ", 800),
	} {
		began := time.Now()
		Undress(in, []string{"Footnote"})
		Questions(in)
		// Nothing here may grow with the square of a message; benchmarks measure the rest.
		if took := time.Since(began); took > time.Minute {
			t.Errorf("%s: took %v", name, took)
		} else {
			t.Logf("%s: %v", name, took)
		}
	}
}
