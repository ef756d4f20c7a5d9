package bot

import "strings"

// Small talk is recognised only when it is the whole message: one of these forms
// after folding (case, accents, punctuation and repeated letters do not matter).
// So "thanks" is small talk and "thanks to whom did the thaw begin?" is a
// question. Each form belongs to one language, in which it is answered.
var smallForms = map[string]map[string][]string{
	"en": {
		"hello":  {"hello", "hi", "hey", "hi there", "hello there", "hey there", "good morning", "good afternoon", "good evening", "good day", "greetings", "hello bot", "hi bot", "hey bot", "yo", "howdy", "sup", "hiya", "morning"},
		"how":    {"how are you", "how are you doing", "how are you today", "hows it going", "how is it going", "how do you do", "whats up", "what is up", "hello how are you", "hi how are you", "hey how are you", "you ok", "are you ok"},
		"thanks": {"thanks", "thank you", "thx", "ty", "tysm", "thanks a lot", "thank you very much", "thank you so much", "thanks so much", "many thanks", "thanks very much", "cheers", "much appreciated", "thanks bot", "thank you bot", "ok thanks", "ok thank you", "okay thanks", "great thanks", "great thank you", "perfect thanks", "thanks that helps", "that helps", "that helped", "thanks for the help", "thanks for your help", "thank you for your help"},
		"bye":    {"bye", "goodbye", "good bye", "bye bye", "see you", "see ya", "see you later", "good night", "goodnight", "farewell", "cya", "take care", "have a nice day", "later", "thanks bye"},
		"who":    {"who are you", "what are you", "whats your name", "what is your name", "are you a bot", "are you a robot", "are you human", "are you real", "are you an ai", "are you ai", "are you chatgpt", "who made you", "what can you do", "what do you do"},
		"ok":     {"ok", "okay", "k", "kk", "alright", "all right", "i see", "got it", "fine", "sure", "yes", "no", "yep", "yeah", "nope", "hmm", "hm", "oh", "ah", "right", "understood", "makes sense", "never mind", "nevermind", "maybe", "ok then", "well", "sorry", "my bad"},
		"praise": {"good bot", "nice", "great", "cool", "awesome", "wow", "perfect", "excellent", "well done", "good job", "good answer", "nice answer", "nice one", "great answer", "amazing", "brilliant", "interesting", "very good", "i love you", "love you", "you are great", "you are the best", "good", "nice bot"},
		"laugh":  {"lol", "lmao", "rofl", "haha", "hahaha", "hehe", "ha", "ha ha", "ha ha ha", "xd", "lel"},
		"insult": {"bad bot", "stupid bot", "stupid", "idiot", "you are stupid", "you are an idiot", "youre stupid", "youre an idiot", "dumb bot", "you are dumb", "youre dumb", "shut up", "fuck you", "fuck off", "useless", "you are useless", "youre useless", "this is useless", "you suck", "you are wrong", "youre wrong", "wrong", "nonsense", "bullshit", "trash", "i hate you"},
	},
	"ru": {
		"hello":  {"привет", "приветик", "здравствуите", "здравствуи", "доброе утро", "добрыи день", "добрыи вечер", "хаи", "салют", "приветствую"},
		"how":    {"как дела", "как ты", "как поживаешь", "как жизнь", "привет как дела", "что нового"},
		"thanks": {"спасибо", "спасибо большое", "большое спасибо", "благодарю", "спс", "спасибо за ответ", "ок спасибо"},
		"bye":    {"пока", "до свидания", "до встречи", "спокоинои ночи", "прощаи", "всего доброго"},
		"who":    {"кто ты", "ты кто", "как тебя зовут", "ты бот", "ты робот", "что ты умеешь"},
		"ok":     {"ок", "океи", "ладно", "понятно", "ясно", "хорошо", "да", "нет", "угу", "ага"},
		"praise": {"молодец", "круто", "класс", "отлично", "супер", "хорошии бот", "интересно"},
		"laugh":  {"хаха", "хахаха", "ахаха", "лол", "хехе"},
		"insult": {"дурак", "идиот", "тупои бот", "ты тупои", "заткнись", "бесполезныи бот", "чушь"},
	},
	"de": {
		"hello":  {"hallo", "guten morgen", "guten tag", "guten abend", "moin", "servus", "gruss gott", "grüß gott"},
		"how":    {"wie gehts", "wie geht es dir", "wie geht es ihnen", "wie geht es", "hallo wie gehts"},
		"thanks": {"danke", "danke schon", "danke sehr", "vielen dank", "dankeschon", "besten dank", "ok danke"},
		"bye":    {"tschuss", "auf wiedersehen", "bis bald", "gute nacht", "ciao", "bis spater"},
		"who":    {"wer bist du", "was bist du", "wie heisst du", "bist du ein bot", "bist du ein roboter", "was kannst du"},
		"ok":     {"in ordnung", "alles klar", "verstanden", "ja", "nein", "gut", "na gut", "schon gut", "aha"},
		"praise": {"super", "toll", "prima", "sehr gut", "guter bot", "klasse", "spannend"},
		"laugh":  {"hihi"},
		"insult": {"blod", "du bist blod", "dummer bot", "du bist dumm", "halt die klappe", "nutzlos", "unsinn"},
	},
	"fr": {
		"hello":  {"bonjour", "bonsoir", "salut", "coucou"},
		"how":    {"ca va", "comment ca va", "comment allez vous", "comment vas tu", "salut ca va", "bonjour ca va"},
		"thanks": {"merci", "merci beaucoup", "merci bien", "grand merci", "ok merci"},
		"bye":    {"au revoir", "a bientot", "bonne nuit", "adieu", "a plus"},
		"who":    {"qui es tu", "qui etes vous", "tu es qui", "comment tu tappelles", "es tu un robot", "que sais tu faire"},
		"ok":     {"daccord", "compris", "oui", "non", "tres bien", "je vois"},
		"praise": {"genial", "parfait", "bravo", "bien joue", "bon bot", "interessant"},
		"laugh":  {"mdr", "ptdr"},
		"insult": {"idiote", "stupide", "tu es stupide", "tais toi", "ferme la", "nul", "inutile"},
	},
	"es": {
		"hello":  {"hola", "buenos dias", "buenas tardes", "buenas", "buenas noches", "hola que tal"},
		"how":    {"como estas", "que tal", "como te va", "hola como estas", "como va"},
		"thanks": {"gracias", "muchas gracias", "mil gracias", "gracias por la ayuda", "ok gracias"},
		"bye":    {"adios", "hasta luego", "hasta pronto", "chao", "nos vemos", "hasta manana"},
		"who":    {"quien eres", "que eres", "como te llamas", "eres un bot", "eres un robot", "que puedes hacer"},
		"ok":     {"vale", "de acuerdo", "entendido", "si", "esta bien", "claro", "ya veo"},
		"praise": {"genial bot", "perfecto", "estupendo", "muy bien", "buen bot", "que interesante", "interesante"},
		"laugh":  {"jaja", "jajaja", "jeje"},
		"insult": {"tonto", "idiota", "estupido", "eres tonto", "callate", "inutil", "bot inutil"},
	},
}

// longestSmall is the longest message, in bytes, that can be small talk.
const longestSmall = 80

// A smallForm is a kind of small talk in a language.
type smallForm struct{ kind, lang string }

// foldSmallForms makes the forms comparable with what foldSmall makes of a message.
func foldSmallForms() map[string]smallForm {
	all := map[string]smallForm{}
	for _, lang := range []string{"en", "ru", "de", "fr", "es"} { // a fixed order: some forms are in two
		for _, kind := range smallKinds {
			for _, form := range smallForms[lang][kind] {
				if key := foldSmall(form); all[key].kind == "" {
					all[key] = smallForm{kind, lang}
				}
			}
		}
	}
	return all
}

// foldSmall folds text, or returns "" if it is too long to be small talk.
func foldSmall(text string) string {
	if len(text) > longestSmall {
		return ""
	}
	return squeeze(strings.Join(foldedWords(text, 8), " "))
}

// smallKinds are the kinds of small talk; each has a reply in the catalogue.
var smallKinds = []string{"hello", "how", "thanks", "bye", "who", "ok", "praise", "laugh", "insult"}

// squeeze makes each run of one letter that letter: "thaaanks" is "thanks", and
// "hahahaha" is "haha".
func squeeze(s string) string {
	var b strings.Builder
	var last rune
	for _, r := range s {
		if r != last || r == ' ' {
			b.WriteRune(r)
		}
		last = r
	}
	s = b.String()
	for _, laugh := range []string{"ha", "he", "ха", "хе", "ja", "je"} { // laughter goes on at will
		for strings.HasPrefix(s, laugh+laugh+laugh) && strings.Trim(s, laugh) == "" {
			s = s[len(laugh):]
		}
	}
	return s
}

// smallReply answers small talk with one sentence. In English, which people use
// everywhere, the language of their interface decides; where a language was
// chosen, that one does.
func (k *talk) smallReply(f smallForm) Reply {
	t := k.t
	if f.lang != defaultLang && !k.voice.fixed {
		t = k.bot.texts.in(f.lang)
	}
	return Reply{Kind: KindSmall, Blocks: []Block{t.block("small." + f.kind)}}
}
