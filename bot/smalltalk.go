package bot

import (
	"maps"
	"slices"
	"strings"

	"footnote/answers"
	"footnote/knowledge/search"
)

// Small talk is recognised only when it is the whole message: one of these forms
// after folding (case, accents, punctuation and repeated letters do not matter).
// So "thanks" is small talk and "thanks to whom did the thaw begin?" is a
// question. A form is answered in the person's own language where that has it, and
// else in one that does.
var smallForms = map[string]map[string][]string{
	"en": english(map[string][]string{
		"about":  {"what is this about", "whats this about", "what are you about", "what is this bot about", "what is the bot about", "what is this bot", "what is this bot for", "what are you for", "what is this", "whats this", "what is this for", "what is this pack about", "what is your purpose", "what is your scope", "what do you cover", "about you", "tell me about yourself"},
		"topics": {"what do you know", "what do you know about", "what all do you know", "what else do you know", "what topics do you know", "what topics do you cover", "what topics are there", "which topics are there", "which topics do you know", "which topics do you cover", "what subjects do you know", "what subjects do you cover", "what are your topics", "what can i ask you", "what can i ask you about", "what can i ask about", "what can i ask here", "what questions can you answer", "what can you answer", "what can you tell me", "what can you tell me about", "what do you know anything about", "list topics", "list your topics", "show topics", "show me the topics", "topics", "topics please"},
		"sure":   {"how sure are you", "how certain are you", "how confident are you", "how sure are you about that", "how sure are you of that", "how certain are you of that", "are you sure", "are you sure about that", "are you sure of that", "you sure", "sure about that", "are you certain", "are you really sure", "is that certain", "how reliable is that", "how did you find that", "how did you find this", "how did you get that", "why that answer", "why this answer", "why did you answer that", "why did you say that", "explain your answer", "explain that answer"},
		"source": {"how do you know", "how do you know that"},
	}),
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
		"source": {"источник", "источники", "какои источник", "ссылка", "ссылки", "откуда это", "откуда это известно", "откуда ты знаешь", "откуда ты это знаешь", "откуда вы это знаете"},
		"about":  {"о чем это", "о чем этот бот", "что это", "что это такое", "что это за бот", "для чего ты", "для чего этот бот", "зачем ты нужен", "о чем ты", "расскажи о себе", "расскажите о себе"},
		"topics": {"что ты знаешь", "что вы знаете", "о чем ты знаешь", "о чем вы знаете", "что ты еще знаешь", "что еще ты знаешь", "какие темы", "какие есть темы", "какие темы ты знаешь", "какие темы вы знаете", "темы", "список тем", "покажи темы", "о чем можно спросить", "о чем тебя можно спросить", "о чем вас можно спросить", "что можно спросить", "что у тебя можно спросить", "на какие вопросы ты отвечаешь", "на какие вопросы вы отвечаете"},
		"sure":   {"ты уверен", "вы уверены", "ты уверен в этом", "вы уверены в этом", "это точно", "насколько ты уверен", "насколько вы уверены", "насколько это точно", "насколько это надежно", "почему такои ответ", "почему именно этот ответ", "как ты это нашел", "как вы это нашли", "откуда такая уверенность"},
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
		"about":  {"worum geht es", "worum gehts", "worum geht es hier", "worum gehts hier", "um was geht es hier", "um was gehts hier", "was ist das hier", "was ist das", "was ist das fur ein bot", "wofur bist du da", "wozu bist du da", "wozu dient das", "wovon handelt das", "wovon handelt das hier", "erzahl von dir", "erzahl mir von dir", "uber dich"},
		"topics": {"was weisst du", "was weisst du alles", "was weisst du noch", "was wissen sie", "was wissen sie alles", "woruber weisst du etwas", "woruber weisst du bescheid", "welche themen gibt es", "welche themen hast du", "welche themen kennst du", "was kann ich fragen", "was kann ich dich fragen", "was kann ich sie fragen", "was kann man dich fragen", "was kann ich hier fragen", "wonach kann ich fragen", "welche fragen kannst du beantworten", "was kannst du beantworten", "themen", "zeig mir die themen", "deine themen"},
		"sure":   {"bist du sicher", "bist du dir sicher", "bist du dir da sicher", "bist du da sicher", "sind sie sicher", "sind sie sich sicher", "ist das sicher", "wie sicher bist du", "wie sicher bist du dir", "wie sicher bist du dir da", "wie sicher sind sie", "wie sicher sind sie sich", "wie sicher ist das", "wie verlasslich ist das", "warum diese antwort", "wie kommst du darauf", "wie kommen sie darauf", "wie bist du darauf gekommen"},
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
		"source": {"source", "sources", "la source", "les sources", "quelle est la source", "quelle est ta source", "quelle est votre source", "quelles sont vos sources", "quelles sont tes sources", "comment le sais tu", "comment le savez vous"},
		"about":  {"de quoi sagit il", "de quoi sagit il ici", "de quoi ca parle", "ca parle de quoi", "cest quoi", "cest quoi ca", "quest ce que cest", "a quoi ca sert", "a quoi tu sers", "a quoi sers tu", "a quoi servez vous", "cest quoi ce bot", "quel est ce bot", "parle moi de toi", "parlez moi de vous", "presente toi", "presentez vous"},
		"topics": {"que sais tu", "que savez vous", "quest ce que tu sais", "quest ce que vous savez", "tu sais quoi", "que sais tu dautre", "que savez vous dautre", "quels sujets connais tu", "quels sujets connaissez vous", "quels sont tes sujets", "quels sont vos sujets", "quels sujets y a t il", "quels sont les sujets", "sur quoi puis je tinterroger", "sur quoi puis je vous interroger", "que puis je te demander", "que puis je vous demander", "que puis je demander", "quest ce que je peux demander", "a quelles questions peux tu repondre", "a quelles questions pouvez vous repondre", "les sujets", "sujets", "themes"},
		"sure":   {"tu es sur", "tu es sure", "es tu sur", "es tu sure", "en es tu sur", "vous etes sur", "etes vous sur", "en etes vous sur", "cest sur", "est ce sur", "tu en es sur", "vous en etes sur", "a quel point es tu sur", "a quel point etes vous sur", "a quel point en etes vous sur", "a quel point est ce sur", "pourquoi cette reponse", "comment as tu trouve", "comment avez vous trouve", "comment avez vous trouve cela", "comment as tu trouve ca", "dou tiens tu cette certitude"},
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
		"source": {"fuente", "fuentes", "la fuente", "cual es la fuente", "cual es tu fuente", "cuales son tus fuentes", "como lo sabes"},
		"about":  {"de que trata esto", "de que trata", "de que va esto", "de que va", "que es esto", "que bot es este", "que es este bot", "para que sirves", "para que sirve esto", "para que sirve este bot", "hablame de ti", "presentate", "de que trata este bot"},
		"topics": {"que sabes", "que sabe usted", "que mas sabes", "de que sabes", "sobre que sabes", "que temas hay", "que temas conoces", "que temas tienes", "que temas tratas", "cuales son tus temas", "cuales son los temas", "que puedo preguntar", "que puedo preguntarte", "que te puedo preguntar", "que le puedo preguntar", "que se puede preguntar", "sobre que puedo preguntar", "sobre que puedo preguntarte", "que preguntas puedes responder", "a que preguntas puedes responder", "los temas", "temas", "muestra los temas"},
		"sure":   {"estas seguro", "estas segura", "esta usted seguro", "estas seguro de eso", "estas seguro de ello", "seguro que es asi", "es seguro", "que tan seguro estas", "como de seguro estas", "cuan seguro estas", "hasta que punto estas seguro", "como de fiable es eso", "que tan fiable es eso", "por que esa respuesta", "por que esta respuesta", "como lo has encontrado", "como lo encontraste"},
		"help":   {"ayuda", "ayudame"},
		"more":   {"mas", "mas detalles", "mas informacion", "cuentame mas", "dime mas"},
	},
}

// english adds to the pleasantries that the matcher knows too those that only a bot is told.
func english(more map[string][]string) map[string][]string {
	all := maps.Clone(answers.Pleasantries)
	for kind, forms := range more {
		all[kind] = slices.Concat(all[kind], forms)
	}
	return all
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
// else of the first that has it. The bot may be called by its name before or after it.
func (k *talk) smallForm(text string) (smallForm, bool) {
	said := foldSmall(text)
	forms := k.bot.small[said]
	for _, name := range k.names() {
		if name = foldSmall(name); len(forms) == 0 && name != "" {
			forms = k.bot.small[strings.TrimSuffix(strings.TrimPrefix(said, name+" "), " "+name)]
		}
	}
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
	return squeeze(strings.ReplaceAll(strings.Join(search.Words(text, 8), " "), "ß", "ss"))
}

// smallKinds are the kinds of small talk. Each has a reply in the catalogue, but for
// those from "source" on: commands that people write as words, and the wish for more
// on the last answer, which in English the matcher understands.
var smallKinds = []string{"hello", "how", "thanks", "bye", "who", "ok", "praise", "laugh", "insult", "source", "help", "about", "topics", "sure", "more"}

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
	case "about":
		return k.about()
	case "topics":
		return k.topics(1)
	case "sure":
		return k.whyLast()
	case "who": // what it is, and what it answers from
		r := k.about()
		r.Blocks[0] = k.t.block("small.who")
		return r
	case "more":
		if last := k.last(); last != nil {
			return k.more(last)
		}
		return k.info("related.none") // it was forgotten this moment
	}
	return Reply{Kind: KindSmall, Blocks: []Block{k.t.block("small." + f.kind)}}
}
