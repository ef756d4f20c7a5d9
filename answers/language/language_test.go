package language

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
)

// Every language but English has every section, so that a file added is a language added.
func TestEveryFileHasEverySection(t *testing.T) {
	sections := []string{"letters", "alphabet", "function", "asks who", "asks whose", "asks when", "asks where", "asks why", "asks how many", "asks how long", "asks how often", "asks how", "asks which", "asks what", "asks what of",
		"noun when", "noun where", "noun who", "noun why", "noun number", "noun height", "noun price", "noun month", "noun day", "negation", "negation without", "reason", "months", "number 20", "number 1000", "ordinal 3", "century", "bc", "address", "hello", "thanks", "begins", "follow",
		"time since", "= wife", "= husband", "= first", "= last", "= born", "= died", "= before", "= after", "= built", "= destroyed"}
	without := map[string]bool{"asks whose/it": true, "= first/": true}
	for _, tag := range Tags() {
		if tag == English {
			continue
		}
		data, err := files.ReadFile(tag + ".txt")
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range sections {
			if s != "= first" && !strings.Contains(string(data), "\n"+s+":") && !without[s+"/"+tag] {
				t.Errorf("%s.txt has no %q", tag, s)
			}
		}
		months := map[string]bool{}
		for _, e := range Tables()[tag].entries {
			for _, x := range e {
				if x.kind == Month {
					months[x.value] = true
				}
			}
		}
		for _, e := range Tables()[tag].stems {
			if e.kind == Month {
				months[e.value] = true
			}
		}
		if len(months) != len(monthsIn) {
			t.Errorf("%s.txt has %d months", tag, len(months))
		}
	}
}

func TestDamagedFilesAreRefused(t *testing.T) {
	for text, want := range map[string]string{
		"functon: x": `"functon" is no section`, "no section": `is no section`, "asks whither: x": `asks "whither"`, "function: ab-": "at least 3 letters",
		"= wife: frau-\n= husband: frau-": "two meanings", "number x: x": "invalid syntax", "function: -": "at least", "months: a | b | c | d | e | f | g | h | i | j | k | l | m": "more than 12",
	} {
		if _, err := load(fstest.MapFS{"xx.txt": {Data: []byte(text)}}); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "xx.txt") {
			t.Errorf("%q: error %v, want %q", text, err, want)
		}
	}
}

func TestDetect(t *testing.T) {
	for text, want := range map[string]string{
		"who was the last king?": "en", "When did the abbot die": "en", "how many people were killed in the siege": "en", "was it the duke who signed?": "en",
		"Wann starb der Abt?": "de", "welche Brücke wurde zuerst gebaut": "de", "Wie viele Menschen starben vor 1945?": "de", "wer hat ihn umgebracht": "de",
		"Qui a construit le pont ?": "fr", "pourquoi l'abbé fut-il renvoyé": "fr", "Combien de soldats sont morts ?": "fr",
		"¿Quién construyó el puente?": "es", "en qué año murió el abad": "es", "por que mataron al rey": "es",
		"Chi ha costruito il ponte?": "it", "quando è morto l'abate": "it", "Perché fu destituito il direttore?": "it",
		"Quem construiu a ponte?": "pt", "em que ano morreu o abade": "pt", "por que não abriu a ponte?": "pt", "O que é o revisionismo?": "pt", "che cos'è il revisionismo?": "it",
		"Kto zbudował most?": "pl", "dlaczego zamknięto szpital": "pl", "W którym roku zmarł opat?": "pl",
		"Кто построил мост?": "ru", "когда умер настоятель": "ru", "Сколько стоил мост": "ru", "тысяча девятьсот пятьдесят шестой год": "ru",
		"Хто збудував міст?": "uk", "коли помер ігумен": "uk", "Скільки коштував міст": "uk",
		"kogda umer nastoyatel": "ru", "pochemu zakryli bolnitsu": "ru", "v kakom godu postroili most": "ru",
		"Orwen": "", "war": "", "die": "", "son": "", "1956": "", "?!": "", "": "", "Ποιος έχτισε τη γέφυρα;": "", "橋を建てたのは誰ですか": "",
	} {
		if got := Detect(text); got.Tag != want {
			t.Errorf("%q is in %q by %v (then %q), want %q", text, got.Tag, got.Lead, got.Second, want)
		}
	}
	if got := Detect("quando", "pt"); got.Tag != "pt" {
		t.Errorf("what two languages share is in %q, want the one that is preferred", got.Tag)
	}
	if got := Detect("kogda umer Shcherbakov").Text; got != "когда умер щербаков" {
		t.Errorf("read back as %q", got)
	}
}

// A language that is not expected is told by enough of the words of a question, or not at all.
func TestExpectedLanguage(t *testing.T) {
	for _, c := range []struct{ expected, text, want string }{
		// English with slips is no German, and nothing tells much.
		{"en", "wen did kruschev denonce stallin", ""}, {"", "wen did kruschev denonce stallin", ""}, {"en", "wen did king osmond declare war on lorvane", ""},
		{"en", "wo was krushchev", ""}, {"en", "whi did he denonce him", "en"}, {"en", "norman generals in byzantium?", ""}, {"en", "War of Barbastro leader?", ""},
		{"de", "wen hat chruschtschow verurteilt", "de"}, {"en", "wen hat chruschtschow verurteilt", "de"}, {"en", "wer war stalin", "de"}, {"en", "wann starb stalin", "de"},
		{"de", "wen chruschtschow verurteilte", "de"}, {"en", "warum gulag", "de"}, {"en", "quando stalin", "it"}, {"en", "quien fue stalin", "es"}, {"en", "c'est quoi le néostalinisme", "fr"},
		// Russian in Latin letters is no Polish.
		{"en", "kto takoy khrushchev", "ru"}, {"pl", "kto takoy khrushchev", "ru"}, {"en", "kto byl khrushchev", "ru"}, {"ru", "kto byl stalin", "ru"}, {"en", "eto bylo v 1956 godu?", "ru"},
		{"en", "kogda khrushchev osudil stalina", "ru"}, {"en", "skolko bylo zhertv", "ru"}, {"en", "kto razbil sad na kryshe biblioteki", "ru"}, {"en", "zachem reabilitirovali stalina", "ru"},
		{"en", "kto to byl chruszczow", "pl"}, {"ru", "kim byl chruszczow", "pl"}, {"en", "gdzie zmarl stalin", "pl"}, {"en", "kto rzadzil po stalinie", "pl"}, {"pl", "kto byl stalin", "pl"},
		// What is not known is nothing that is.
		{"ro", "ce este neostalinismul", ""}, {"en", "când a murit stalin", ""}, {"en", "care este diferența dintre stalinism și neostalinism", ""}, {"nl", "wie heeft stalin veroordeeld", ""},
		{"cs", "kdo byl stalin", ""}, {"cs", "kdy zemřel stalin", ""}, {"da", "hvad er nystalinisme", ""}, {"sv", "när dog stalin", ""}, {"ca", "qui era stalin", ""}, {"tr", "neostalinizm nedir", ""},
	} {
		got := Detect(c.text, c.expected)
		if got.Tag != c.want {
			t.Errorf("%q, where %q is expected, is in %q by %v (then %q), want %q", c.text, c.expected, got.Tag, got.Lead, got.Second, c.want)
		}
	}
	for text, want := range map[string]bool{"ce este neostalinismul": true, "フルシチョフは誰ですか": true, "Ποιος έχτισε τη γέφυρα;": true, "Gulag": false, "kdo byl stalin": true, "quan va morir stalin": true, "cine a fost stalin": true, "mikor halt meg stalin": true, "qui va ser stalin": true, "1956": false, "": false, "wann starb stalin": false} {
		if got := Detect(text, "en"); got.Unknown != want {
			t.Errorf("%q: unknown is %v", text, got.Unknown)
		}
	}
}

func TestRead(t *testing.T) {
	for _, c := range []struct{ tag, text, want string }{
		{"de", "In welchem Jahr starb die Frau des Königs?", "what year died wife king"},
		{"de", "Welche Stadt wurde 1453 zerstört?", "where 1453 destroyed"},
		{"de", "Wer war vor dem 15. Jahrhundert Abt?", "who 15th century abbot"},
		{"de", "was geschah im Februar 1956 oder in den fünfziger Jahren", "what happened february 1956 50s"},
		{"de", "neunzehnhundertsechsundfünfzig", "1956"},
		{"de", "Wie viele kamen nach 1870?", "how many ? after 1870"},
		{"de", "Was hat er nicht gesagt", "what not ?"},
		{"fr", "Qui a construit le pont dans les années cinquante ?", "who built ? 50s"},
		{"fr", "quatre-vingt-dix soldats au XVe siècle", "90 ? 15th century"},
		{"fr", "le 1er février", "1 february"},
		{"es", "¿Quién fue el primer rey del siglo XV?", "who first king 15th century"},
		{"es", "mil novecientos cincuenta y seis", "1956"},
		{"es", "años 50", "50s"},
		{"it", "chi era l'ultima moglie del re negli anni '50", "who last wife king 50s"},
		{"pt", "Em que ano nasceu a mãe do bispo?", "what year born mother bishop"},
		{"pl", "kto był drugim królem w latach 20.", "who 2nd king 20s"},
		{"pl", "ile kosztował most w styczniu 1862", "how many cost ? january 1862"},
		{"ru", "Кто построил мост в пятидесятые годы?", "who built ? 50s"},
		{"ru", "в 50-е годы после 1956 года", "50s after 1956"},
		{"ru", "тысяча девятьсот пятьдесят шестой год", "1956"},
		{"ru", "какого числа умер муж королевы в XV веке", "when died husband queen 15th century"},
		{"uk", "Хто збудував міст у лютому 1956 року?", "who built ? february 1956"},
		{"uk", "п'ять років", "5"},
		{"ru", "за кого вышла Матильда I", "who ? ? i"},
		{"de", "Wer war vor Aldric I. Abt?", "who before ? i abbot"},
		{"de", "Wer war nach Aldric Abt?", "who after ? abbot"},
		{"fr", "Où est né l'évêque ?", "where born bishop"},
		{"fr", "il ne viendra pas", "not ? not"},
		{"es", "qué dijo el rey", "what ? king"},
		{"fr", "dans les années soixante-dix, et soixante", "70s 60"},
		{"fr", "Combien de femmes ont vu une femme pour la première fois ?", "how many ? ? woman first time"},
	} {
		var got []string
		for _, w := range Tables()[c.tag].Read(c.text) {
			switch {
			case w.Kind == Function || w.Kind == Address:
			case w.English == "":
				got = append(got, "?")
			default:
				got = append(got, w.English)
			}
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%s %q: %q, want %q", c.tag, c.text, s, c.want)
		}
	}
}

func TestAnyTextIsRead(t *testing.T) {
	for _, text := range []string{"", "\x00\xff", strings.Repeat("neunzehnhundert", 1000), strings.Repeat("und", 20), strings.Repeat("а ", 5000), "'''", "п'", "1er er er er", strings.Repeat("mil ", 50)} {
		Detect(text)
		for _, tag := range Tags() {
			Tables()[tag].Read(text)
		}
	}
}

func TestSkeleton(t *testing.T) {
	for _, names := range [][]string{{"Хрущёв", "Khrushchev"}, {"Щербаков", "Schtscherbakow", "Shcherbakov"}, {"Сталин", "Stalin"}, {"Жуков", "Zhukov"}} {
		for _, n := range names[1:] {
			if a, b := Skeleton(names[0]), Skeleton(n); a != b {
				t.Errorf("%s is %s, %s is %s", names[0], a, n, b)
			}
		}
	}
}

func BenchmarkDetect(b *testing.B) {
	Tables()
	for _, q := range []string{"when did the successor denounce the cult of personality of his predecessor?", "когда преемник осудил культ личности своего предшественника?"} {
		b.Run(fmt.Sprint(len(q)), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Detect(q)
			}
		})
	}
}

// Names that are written in English are found by their sound.
func TestSpokenSkeleton(t *testing.T) {
	for english, spelt := range map[string]string{
		"Vane": "Вейн", "Dunmoor": "Данмур", "Merrow": "Мерроу", "Thane": "Тейн", "Lowmere": "Лоумир", "Wace": "Уэйс", "Bayle": "Бейль", "Jersey": "Джерси",
		"Ellanstow": "Элланстоу", "Brede": "Брид", "Corvane": "Корвейн", "William": "Уильям", "Hurst": "Хёрст", "Churchill": "Черчилль", "Oxley": "Оксли", "Rupert": "Руперт", "Pine": "Пайн", "e": "е",
	} {
		if got, want := SpokenSkeleton(english), Skeleton(spelt); got != want {
			t.Errorf("%s is %q, %s %q", english, got, spelt, want)
		}
	}
}
