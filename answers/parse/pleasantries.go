package parse

import (
	"slices"

	"footnote/answers/language"
)

// Pleasantries are what people say in English beside what they ask, by kind. A bot
// answers one that is the whole message; from round a question they are taken off.
// Words are folded: in small letters, without marks and apostrophes.
var Pleasantries = map[string][]string{
	"hello": {"hello", "hi", "hey", "hi there", "hello there", "hey there", "good morning", "good afternoon", "good evening", "good day", "greetings", "hello bot", "hi bot", "hey bot", "yo", "howdy", "sup", "hiya", "morning"},
	"how":   {"how are you", "how are you doing", "how are you today", "hows it going", "how is it going", "how do you do", "whats up", "what is up", "hello how are you", "hi how are you", "hey how are you", "you ok", "are you ok"},
	"thanks": {"thanks", "thank you", "thx", "ty", "tysm", "thanks a lot", "thank you very much", "thank you so much", "thanks so much", "many thanks", "thanks very much", "cheers", "much appreciated", "thanks bot", "thank you bot", "ok thanks", "ok thank you", "okay thanks", "great thanks", "great thank you", "perfect thanks", "thanks that helps", "that helps", "that helped", "thanks for the help", "thanks for your help", "thank you for your help",
		"thanks in advance", "thank you in advance", "thanks ahead", "thx in advance", "ty in advance", "tia", "many thanks in advance", "much obliged", "appreciate it", "id appreciate it", "thank u", "thnx", "thanx", "tnx", "tks", "thanks mate", "thanks everyone", "thanks all", "thanks guys", "thanks again", "tyvm", "thankyou"},
	"bye":    {"bye", "goodbye", "good bye", "bye bye", "see you", "see ya", "see you later", "good night", "goodnight", "farewell", "cya", "take care", "have a nice day", "later", "thanks bye", "ciao"},
	"who":    {"who are you", "what are you", "whats your name", "what is your name", "are you a bot", "are you a robot", "are you human", "are you real", "are you an ai", "are you ai", "are you chatgpt", "who made you", "what can you do", "what do you do", "are you a human", "are you a person", "are you a real person", "who wrote you", "who built you", "who created you"},
	"ok":     {"ok", "okay", "k", "kk", "alright", "all right", "i see", "got it", "fine", "sure", "yes", "no", "yep", "yeah", "nope", "hmm", "hm", "oh", "ah", "right", "understood", "makes sense", "never mind", "nevermind", "maybe", "ok then", "well", "sorry", "my bad"},
	"praise": {"good bot", "nice", "great", "cool", "awesome", "wow", "perfect", "excellent", "well done", "good job", "good answer", "nice answer", "nice one", "great answer", "amazing", "brilliant", "interesting", "very good", "i love you", "love you", "you are great", "you are the best", "good", "nice bot", "super", "bravo"},
	"laugh":  {"lol", "lmao", "rofl", "haha", "hahaha", "hehe", "ha", "ha ha", "ha ha ha", "xd", "lel"},
	"insult": {"bad bot", "stupid bot", "stupid", "idiot", "you are stupid", "you are an idiot", "youre stupid", "youre an idiot", "dumb bot", "you are dumb", "youre dumb", "shut up", "fuck you", "fuck off", "useless", "you are useless", "youre useless", "this is useless", "you suck", "you are wrong", "youre wrong", "wrong", "nonsense", "bullshit", "trash", "i hate you", "thats wrong", "that is wrong", "this is wrong"},
	"source": {"source", "sources", "source please", "sources please", "the source", "your source", "your sources", "whats the source", "what is the source", "whats your source", "what is your source", "what are your sources", "what are the sources", "citation", "citations", "cite", "show source", "show sources", "show me the source", "do you have a source", "where is this from", "where is that from"},
	"help":   {"help", "help me", "help please", "what can i ask"},
}

// beside are what stands round a question and is nothing by itself.
var beside = map[string][]string{
	"please": {"please", "pls", "plz", "pretty please", "if you please", "kindly", "if you dont mind", "if you can", "if possible"},
	"address": {"bot", "hey bot", "dear bot", "ok google", "okay google", "hey google", "google", "siri", "hey siri", "alexa", "hey alexa", "cortana", "hey cortana", "chatgpt", "hey chatgpt", "gpt",
		"bro", "bruh", "dude", "hi all", "hi everyone", "hello everyone", "hello all", "hey everyone", "hey all", "hi guys", "hey guys", "hello guys", "hey man", "hi folks", "hey folks", "dear all", "my friend", "everyone", "fam"},
	"address after comma": {"man", "mate", "guys", "folks", "buddy", "pal", "sir", "madam", "maam", "boss", "chief", "friend", "friends", "professor", "teacher", "robot"},
	"help":                {"i need help", "need help", "help me out", "can you help me", "can you help", "could you help me", "can someone help", "please help"},
	"hesitation":          {"um", "umm", "ummm", "uh", "uhh", "uhm", "er", "erm", "hmmm", "mm", "mhm", "eh", "okay so", "ok so", "alright so", "well so", "like"},
	"filler": {"idk", "btw", "by the way", "tbh", "fyi", "imo", "afaik", "iirc", "smh", "ngl", "quick question", "quick q", "one quick question", "just a quick question", "a quick question", "one question",
		"one more question", "another question", "next question", "a question", "random question", "stupid question", "dumb question", "silly question", "noob question", "simple question", "serious question",
		"genuine question", "honest question", "trivia question", "history question", "quiz question", "homework question", "question for you", "i have a question", "ive got a question", "i got a question",
		"got a question", "i have a quick question", "heres my question", "here is my question", "my question is", "my question", "the question is", "the question", "question", "trivia", "trivia time", "quiz", "pop quiz", "homework",
		"asking for a friend", "just asking", "just curious", "just wondering", "im just curious", "im curious", "curious", "out of curiosity", "i was wondering", "i was just wondering", "im wondering", "i wonder", "was wondering",
		"remind me", "remind me again", "can you remind me", "could you remind me", "please remind me", "sorry to bother you", "sorry to bother", "sorry to disturb", "sorry for bothering you", "sorry for the question",
		"sorry if this is a stupid question", "sorry if this is a dumb question", "excuse me", "pardon me", "pardon", "may i ask", "can i ask", "can i ask you", "can i ask you something", "could i ask", "let me ask", "let me ask you",
		"i need to know", "i want to know", "id like to know", "i would like to know",
		"my teacher asked", "my teacher asks", "my teacher asked me", "my teacher asked us", "our teacher asked", "my teacher wants to know", "my professor asked", "my son asked", "my son asks", "my daughter asked",
		"my daughter asks", "my kid asks", "my friend asked", "my friend asks", "a friend asked", "a friend asks", "someone asked", "someone asked me", "for homework", "for my homework", "for school", "its for school", "its for homework",
		"it is for homework", "i need this for homework", "i need this for my homework", "i need it for homework", "i need it for school", "i need this for school", "need this for homework", "real quick", "real question",
		"edit", "ps", "update", "eli5", "tldr", "no rush", "anyone", "anyone know", "anybody know", "does anyone know", "does anybody know", "do you know", "do you happen to know", "can anyone tell me", "can you tell me", "could you tell me",
		"would you tell me", "can you please tell me", "could you please tell me", "please tell me", "pls tell me", "plz tell me", "tell me", "tell me please", "can u tell me", "could u tell me",
		"i forgot", "i forget", "i cant remember", "i dont remember", "i dont know", "not sure", "im not sure", "i think", "roughly", "approximately", "more or less", "or so", "if you know", "tho", "though", "roughly speaking"},
}

// courtesies are what Undress takes off in other languages, with the words that
// begin a question there.
var courtesies = func() map[string][]string {
	m := map[string][]string{}
	for _, t := range language.AllPleasantries() {
		m["hello"] = append(m["hello"], t.Hello...)
		m["thanks"] = append(m["thanks"], t.Thanks...)
		m["starts"] = append(m["starts"], t.Begins...)
	}
	for _, l := range m {
		slices.Sort(l)
	}
	return m
}()
