package bot

import (
	"slices"
	"strings"

	"footnote/answers"
)

// Small talk is recognised only when it is the whole message: one of these forms
// after folding (case, accents, punctuation and repeated letters do not matter).
// So "thanks" is small talk and "thanks to whom did the thaw begin?" is a
// question. A form is answered in the person's own language where that has it, and
// else in one that does.
var smallForms = map[string]map[string][]string{
	"en": answers.Pleasantries,
	"ru": {
		"hello":  {"привет", "приветик", "здравствуите", "здравствуи", "доброе утро", "добрыи день", "добрыи вечер", "хаи", "салют", "приветствую"},
		"how":    {"как дела", "как ты", "как поживаешь", "как жизнь", "привет как дела", "что нового", "как вы", "как поживаете"},
		"thanks": {"спасибо", "спасибо большое", "большое спасибо", "благодарю", "спс", "спасибо за ответ", "ок спасибо", "спасибо вам", "спасибо за помощь", "хорошо спасибо", "понятно спасибо"},
		"bye":    {"пока", "до свидания", "до встречи", "спокоинои ночи", "прощаи", "всего доброго", "до завтра", "всего хорошего"},
		"who":    {"кто ты", "ты кто", "как тебя зовут", "ты бот", "ты робот", "что ты умеешь", "кто вы", "вы кто", "что ты такое", "как вас зовут", "ты человек", "вы человек", "вы бот", "вы робот", "ты живои", "что вы умеете", "кто тебя создал", "кто вас создал"},
		"ok":     {"ок", "океи", "ладно", "понятно", "ясно", "хорошо", "да", "нет", "угу", "ага", "понял", "поняла", "не важно"},
		"praise": {"молодец", "круто", "класс", "отлично", "супер", "хорошии бот", "интересно", "хорошо сказано", "браво"},
		"laugh":  {"хаха", "хахаха", "ахаха", "лол", "хехе"},
		"insult": {"дурак", "идиот", "тупои бот", "ты тупои", "заткнись", "бесполезныи бот", "чушь", "неверно", "неправда", "это неверно", "это неправда"},
		"source": {"источник", "источники", "какои источник", "ссылка", "ссылки", "откуда это", "откуда это известно"},
		"help":   {"помощь", "помоги", "помогите", "справка"},
		"more":   {"еще", "подробнее", "расскажи подробнее", "расскажите подробнее", "можно подробнее"},
	},
	"de": {
		"hello":  {"hallo", "guten morgen", "guten tag", "guten abend", "moin", "servus", "gruss gott", "grüß gott"},
		"how":    {"wie gehts", "wie geht es dir", "wie geht es ihnen", "wie geht es", "hallo wie gehts"},
		"thanks": {"danke", "danke schon", "danke sehr", "vielen dank", "dankeschon", "besten dank", "ok danke", "danke dir", "danke ihnen", "danke fur die hilfe", "danke fur die antwort", "alles klar danke", "gut danke"},
		"bye":    {"tschuss", "auf wiedersehen", "bis bald", "gute nacht", "ciao", "bis spater", "tschuess", "bis dann"},
		"who":    {"wer bist du", "was bist du", "wie heisst du", "bist du ein bot", "bist du ein roboter", "was kannst du", "wer sind sie", "bist du ein mensch", "bist du echt", "sind sie ein mensch", "sind sie ein bot", "wer hat dich gemacht", "wer hat dich programmiert"},
		"ok":     {"in ordnung", "alles klar", "verstanden", "ja", "nein", "gut", "na gut", "schon gut", "aha", "jaja", "egal"},
		"praise": {"super", "toll", "prima", "sehr gut", "guter bot", "klasse", "spannend", "genial", "bravo", "interessant", "perfekt"},
		"laugh":  {"hihi"},
		"insult": {"blod", "du bist blod", "dummer bot", "du bist dumm", "halt die klappe", "nutzlos", "unsinn", "falsch", "das ist falsch", "das stimmt nicht"},
		"source": {"quelle", "quellen", "quelle bitte", "beleg", "belege", "was ist die quelle", "was ist deine quelle", "woher weisst du das", "woher stammt das"},
		"help":   {"hilfe", "hilfe bitte"},
		"more":   {"mehr", "mehr dazu", "mehr bitte", "mehr daruber", "erzahl mehr", "erzahl mir mehr"},
	},
	"fr": {
		"hello":  {"bonjour", "bonsoir", "salut", "coucou"},
		"how":    {"ca va", "comment ca va", "comment allez vous", "comment vas tu", "salut ca va", "bonjour ca va"},
		"thanks": {"merci", "merci beaucoup", "merci bien", "grand merci", "ok merci", "merci bcp", "merci a vous", "merci pour votre aide", "merci pour la reponse", "daccord merci"},
		"bye":    {"au revoir", "a bientot", "bonne nuit", "adieu", "a plus", "ciao", "bonne journee", "bonne soiree", "a demain"},
		"who":    {"qui es tu", "qui etes vous", "tu es qui", "comment tu tappelles", "es tu un robot", "que sais tu faire", "comment tappelles tu", "comment vous appelez vous", "es tu humain", "tu es humain", "etes vous humain", "etes vous un humain", "etes vous un robot", "vous etes qui", "que savez vous faire", "qui ta cree", "qui vous a cree"},
		"ok":     {"daccord", "compris", "oui", "non", "tres bien", "je vois", "pas grave", "si"},
		"praise": {"genial", "parfait", "bravo", "bien joue", "bon bot", "interessant", "super"},
		"laugh":  {"mdr", "ptdr"},
		"insult": {"idiote", "stupide", "tu es stupide", "tais toi", "ferme la", "nul", "inutile", "faux", "cest faux"},
		"source": {"source", "sources", "la source", "les sources", "quelle est la source", "quelle est ta source", "quelle est votre source", "quelles sont vos sources", "quelles sont tes sources"},
		"help":   {"aide", "aide moi", "aidez moi"},
		"more":   {"plus", "en savoir plus", "plus de details", "dites men plus", "dis men plus"},
	},
	"es": {
		"hello":  {"hola", "buenos dias", "buenas tardes", "buenas", "buenas noches", "hola que tal"},
		"how":    {"como estas", "que tal", "como te va", "hola como estas", "como va"},
		"thanks": {"gracias", "muchas gracias", "mil gracias", "gracias por la ayuda", "ok gracias", "gracias por la respuesta", "vale gracias", "muchas gracias por la ayuda"},
		"bye":    {"adios", "hasta luego", "hasta pronto", "chao", "nos vemos", "hasta manana", "ciao"},
		"who":    {"quien eres", "que eres", "como te llamas", "eres un bot", "eres un robot", "que puedes hacer", "eres humano", "eres una persona", "quien es usted", "es usted un robot", "es usted humano", "que sabes hacer", "quien te creo", "quien te hizo"},
		"ok":     {"vale", "de acuerdo", "entendido", "si", "esta bien", "claro", "ya veo", "no importa"},
		"praise": {"genial bot", "perfecto", "estupendo", "muy bien", "buen bot", "que interesante", "interesante", "super", "bravo", "genial"},
		"laugh":  {"jaja", "jajaja", "jeje"},
		"insult": {"tonto", "idiota", "estupido", "eres tonto", "callate", "inutil", "bot inutil", "falso", "eso es falso", "incorrecto"},
		"source": {"fuente", "fuentes", "la fuente", "cual es la fuente", "cual es tu fuente", "cuales son tus fuentes"},
		"help":   {"ayuda", "ayudame"},
		"more":   {"mas", "mas detalles", "mas informacion", "cuentame mas", "dime mas"},
	},
}

// longestSmall is the longest message, in bytes, that can be small talk.
const longestSmall = 80

// A smallForm is a kind of small talk in a language.
type smallForm struct{ kind, lang string }

// foldSmallForms makes the forms comparable with what foldSmall makes of a message.
// Some forms are in several languages.
func foldSmallForms() map[string][]smallForm {
	all := map[string][]smallForm{}
	for _, lang := range []string{"en", "ru", "de", "fr", "es"} { // a fixed order
		for _, kind := range smallKinds {
			for _, form := range smallForms[lang][kind] {
				key := foldSmall(form)
				all[key] = append(all[key], smallForm{kind, lang})
			}
		}
	}
	return all
}

// smallForm is the form that text is, if it is one: of the person's language, or
// else of the first that has it.
func (k *talk) smallForm(text string) (smallForm, bool) {
	forms := k.bot.small[foldSmall(text)]
	if len(forms) == 0 || forms[0].kind == "more" && k.last() == nil {
		return smallForm{}, false
	}
	if i := slices.IndexFunc(forms, func(f smallForm) bool { return f.lang == baseLang(k.m.From.Lang) }); i >= 0 {
		return forms[i], true
	}
	return forms[0], true
}

// foldSmall folds text, or returns "" if it is too long to be small talk.
func foldSmall(text string) string {
	if len(text) > longestSmall {
		return ""
	}
	return squeeze(strings.ReplaceAll(strings.Join(foldedWords(text, 8), " "), "ß", "ss"))
}

// smallKinds are the kinds of small talk. Each has a reply in the catalogue, but for
// the last three: two commands that people write as words, and the wish for more on
// the last answer, which in English the matcher understands.
var smallKinds = []string{"hello", "how", "thanks", "bye", "who", "ok", "praise", "laugh", "insult", "source", "help", "more"}

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

// smallReply answers small talk with one sentence, and does a command that was
// written as a word. In English, which people use everywhere, the language of their
// interface decides; where a language was chosen, that one does.
func (k *talk) smallReply(f smallForm) Reply {
	if f.lang != defaultLang && !k.voice.fixed {
		k.t = k.bot.texts.in(f.lang)
	}
	switch f.kind {
	case "source":
		return k.source("")
	case "help":
		return k.help()
	case "more":
		if last := k.last(); last != nil {
			return k.more(last)
		}
		return k.info("related.none") // it was forgotten this moment
	}
	return Reply{Kind: KindSmall, Blocks: []Block{k.t.block("small." + f.kind)}}
}
