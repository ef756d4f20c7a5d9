package parse

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestFold(t *testing.T) {
	for _, x := range []struct{ name, in, want string }{
		{"case", "Who PRINTED It", "who printed it"},
		{"compatibility forms", "ﬁrst ①９", "first 19"},
		{"fullwidth", "ＷＨＯ", "who"},
		{"diacritics", "Gutenbergs Café Žižka", "gutenbergs cafe zizka"},
		{"composed and decomposed", "cafe\u0301", "cafe"},
		{"a short i is a letter", "Йод", "йод"},
		{"a decomposed short i too", "и\u0306од", "йод"},
		{"yo is written e", "Хрущёв", "хрущев"},
		{"yi is a letter", "Київ", "київ"},
		{"zero width", "pa\u200bper\u200d\ufeff", "paper"},
		{"soft hyphen", "print\u00ading", "printing"},
		{"direction marks", "\u202eabc\u202c", "abc"},
		{"curly apostrophes", "Caxton’s ‘press’", "caxton's 'press'"},
		{"backtick", "caxton`s", "caxton's"},
		{"dashes", "1978–79 a—b", "1978-79 a-b"},
		{"control characters", "a\x00b\tc\nd", "a b c d"},
		{"not UTF-8", "a\xffb", "a b"},
		{"letters without decomposition", "Wałęsa Łódź Đilas Øresund PREUẞEN Æthelred þing ð œuvre ħ", "walesa lodz dilas oresund preussen aethelred thing d oeuvre h"},
		{"a Turkish keyboard", "ıstanbul İSTANBUL RUMELİ HİSARI", "istanbul istanbul rumeli hisari"},
		{"a Cyrillic letter in a Latin word", "When was Соnstantinople", "when was constantinople"},
		{"Cyrillic capitals in Latin words", "Кhrushchev Мoscow Вerlin Тrotsky", "khrushchev moscow berlin trotsky"},
		{"Greek letters in a Latin word", "Cοnstαntinople", "constantinople"},
		{"a Latin letter in a Cyrillic word", "Cталин Хрущeв", "сталин хрущев"},
		{"scripts side by side stay", "Сталин Stalin Πλάτων а a", "сталин stalin πλατων а a"},
		{"what has no likeness stays", "xйz", "xйz"},
		{"empty", "", ""},
	} {
		if got := Fold(x.in); got != x.want {
			t.Errorf("%s: Fold(%q) = %q, want %q", x.name, x.in, got, x.want)
		}
	}
	if got := Fold(strings.Repeat("é", MaxBytes)); len(got) > MaxBytes || !utf8.ValidString(got) {
		t.Errorf("a text of %d bytes was folded to %d", 2*MaxBytes, len(got))
	}
}

func TestReadWords(t *testing.T) {
	for _, x := range []struct{ in, want string }{
		{"What's up?", "what up"}, // 's is dropped: a possessive far more often than a verb
		{"whats it", "what is it"},
		{"Caxton's press", "caxton press"},
		{"the printers' strike", "the printers strike"},
		{"didn't", "did not"}, {"didnt", "did not"}, {"didn’t", "did not"}, {"can't", "can not"}, {"won't", "will not"}, {"cannot", "can not"},
		{"they've I'm he'd we'll you're", "they have i am he would we will you are"},
		{"O'Brien", "obrien"},
		{"u r", "you are"}, {"ppl hav", "people have"},
		{"rock-and-roll", "rock and roll"},
		{"why... not?!", "why not"},
		{"''''", ""}, {"🙂", ""}, {"", ""},
	} {
		if got := strings.Join(Texts(read(x.in)), " "); got != x.want {
			t.Errorf("read(%q) = %q, want %q", x.in, got, x.want)
		}
	}
}

func TestReadNumbers(t *testing.T) {
	for _, x := range []struct {
		in   string
		key  string
		kind Kind
	}{
		{"1956", "1956", Year},
		{"'56", "1956", Year},
		{"in ’56", "1956", Year},
		{"the 1990s", "1990s", Year},
		{"1978-79", "1979", Year}, // the second of two
		{"1978–79", "1979", Year},
		{"0999", "0999", Number},
		{"2200", "2200", Number},
		{"12", "12", Number},
		{"20th", "20", Number},
		{"twentieth", "20", Number},
		{"XX", "20", Number},
		{"twenty-third", "23", Number},
		{"thirty one", "31", Number},
		{"forty", "40", Number},
		{"two", "2", Function}, // small numbers spelt out tell nothing
		{"17", "17", Number},
		{"1st", "1", Number},
		{"4x4", "4x4", Content},
	} {
		words := read(x.in)
		if len(words) == 0 {
			t.Errorf("read(%q) is empty", x.in)
			continue
		}
		if w := words[len(words)-1]; w.Key != x.key || w.Kind != x.kind {
			t.Errorf("read(%q) ends in %q of kind %d, want %q of kind %d", x.in, w.Key, w.Kind, x.key, x.kind)
		}
	}
	if got := read("1978-79"); len(got) != 2 || got[0].Key != "1978" || got[0].Kind != Year {
		t.Errorf("1978-79 is %+v", got)
	}
}

func TestReadMonths(t *testing.T) {
	for _, x := range []struct {
		in, word string
		want     bool
	}{
		{"in February", "february", true},
		{"since feb", "february", true},
		{"in May", "may", true}, {"5 May", "may", true}, {"May 1968", "may", true}, {"may I ask", "may", false},
		{"march 3", "march", true}, {"of March", "march", true}, {"did they march", "march", false},
		{"august 1991", "august", true},
	} {
		words := read(x.in)
		i := slices.IndexFunc(words, func(w Word) bool { return w.Text == x.word })
		if i < 0 {
			t.Errorf("read(%q) has no %q", x.in, x.word)
			continue
		}
		if got := words[i].Kind == Month; got != x.want {
			t.Errorf("read(%q): %q is a month: %t, want %t", x.in, x.word, got, x.want)
		}
	}
}

func TestReadNegation(t *testing.T) {
	for _, in := range []string{"did he not print", "who never printed", "nobody printed", "why didn't he print", "who didn't sign it", "what was not printed", "which states weren't there",
		"Constantinople did not fall", "Caxton didn't print it, did he?", "no one printed", "did no Latin book appear", "who had no press", "when was Caesar not killed", "neither of them",
		"did no. printers strike", "he cannot print"} {
		if !slices.ContainsFunc(read(in), func(w Word) bool { return w.Kind == Negation }) {
			t.Errorf("read(%q) does not negate", in)
		}
	}
	for _, in := range []string{"yes or no", "who printed", "a knot", "didn't he print", "Didn't Khrushchev denounce Stalin in 1956 already?", "wasn't it Khrushchev who denounced Stalin?",
		"Isn't it true that he printed?", "wasnt it caxton", "but wasn't it Caxton?", "Caxton printed it, didn't he?", "He was there, wasn't he?", "was it not Caxton who printed it?",
		"I don't know when he printed it", "i can't remember who printed it", "not only Caxton printed", "did he print or not", "order no. 227", "Order No 227", "No, when did he print it?",
		"never mind, who printed it", "no doubt he printed", "not sure when it was printed", "So didn't he print it?", "Aren't they printers?"} {
		if slices.ContainsFunc(read(in), func(w Word) bool { return w.Kind == Negation }) {
			t.Errorf("read(%q) negates", in)
		}
	}
}

// Words of one family have one stem, in British and in American spelling.
func TestStems(t *testing.T) {
	for _, same := range [][]string{
		{"print", "prints", "printed", "printing"},
		{"honour", "honor", "honours", "honoured", "honored"},
		{"programme", "program", "programmes", "programs"},
		{"centre", "center", "centres"},
		{"criticise", "criticize", "criticised", "criticized", "criticising"},
		{"modernisation", "modernization"},
		{"analyse", "analyze", "analysed"},
		{"travelled", "traveled", "travelling"},
		{"colour", "color"},
		{"книга", "книги", "книгу"},
	} {
		for _, w := range same[1:] {
			if Stem(w) != Stem(same[0]) {
				t.Errorf("%q has the stem %q, %q has %q", w, Stem(w), same[0], Stem(same[0]))
			}
		}
	}
	for _, differ := range [][2]string{{"print", "paint"}, {"our", "or"}, {"hour", "hor"}, {"rise", "rize"}, {"four", "for"}} {
		if Stem(differ[0]) == Stem(differ[1]) {
			t.Errorf("%q and %q have the stem %q", differ[0], differ[1], Stem(differ[0]))
		}
	}
	for _, foreign := range []string{"活字", "ספר", "كتاب"} {
		if Stem(foreign) != foreign {
			t.Errorf("%q became %q", foreign, Stem(foreign))
		}
	}
}

// In a pack's text a name is a capital that no sentence start explains. In a
// question capitals and closing marks tell nothing.
func TestCapitals(t *testing.T) {
	for _, x := range []struct{ in, upper string }{
		{"Did the printer Mentelin work there?", "mentelin"},
		{"Mentelin worked there with others", ""},
		{"WHO WAS MENTELIN", ""},
		{"Who Was Mentelin In Town", ""},
		{"He left. Where was Mentelin then?", "mentelin"},
	} {
		var got []string
		for _, w := range read(x.in) {
			if w.Upper {
				got = append(got, w.Text)
			}
		}
		if strings.Join(got, " ") != x.upper {
			t.Errorf("read(%q) has the capitals %q, want %q", x.in, got, x.upper)
		}
	}
	for _, same := range [][]string{
		{"When did Mentelin print in Strasbourg?", "when did mentelin print in strasbourg", "WHEN DID MENTELIN PRINT IN STRASBOURG?!", "when did Mentelin print in Strasbourg ."},
		{"When did World War I begin?", "when did world war i begin"}, {"Who was Pius V?", "who was pius v", "WHO WAS PIUS V?"}, {"What did the U.N. say?", "what did the u.n. say"},
		{"Was it in May 1968?", "was it in MAY 1968"}, {"Should I read about Stalin?", "should i read about stalin"},
	} {
		for _, s := range same[1:] {
			a, b := readAsked(same[0]), readAsked(s)
			alike := slices.EqualFunc(a, b, func(a, b Word) bool {
				return a.Text == b.Text && a.Key == b.Key && a.Kind == b.Kind && a.Upper == b.Upper
			})
			if !alike {
				t.Errorf("%q is read as %s, and %q as %s", same[0], shown(a), s, shown(b))
			}
		}
	}
}

func TestReadIsBounded(t *testing.T) {
	for name, in := range map[string]string{
		"words":     strings.Repeat("word ", 1<<18),
		"one word":  strings.Repeat("w", 1<<20),
		"digits":    strings.Repeat("9", 1<<20),
		"quotes":    strings.Repeat("'", 1<<20),
		"combining": "a" + strings.Repeat("\u0301", 1<<19),
		"bytes":     strings.Repeat("\xff", 1<<20),
	} {
		words := read(in)
		if len(words) > MaxWords {
			t.Errorf("%s: %d words", name, len(words))
		}
		for _, w := range words {
			if runeLen(w.Text) > MaxRunes {
				t.Errorf("%s: a word of %d characters", name, runeLen(w.Text))
			}
		}
	}
}
