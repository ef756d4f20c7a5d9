package bot

import (
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"footnote/knowledge"
)

var placeholder = regexp.MustCompile(`\{[^}]*\}`)

// Every language has every text, with the same things to fill in and to type.
func TestCatalogue(t *testing.T) {
	c, err := readCatalogue()
	if err != nil {
		t.Fatal(err)
	}
	en := c[defaultLang]
	if got := Languages(); !slices.Equal(got, []string{"de", "en", "es", "fr", "ru"}) {
		t.Errorf("languages: %q", got)
	}
	for lang, texts := range c {
		for key, text := range en.m {
			other, ok := texts.m[key]
			if !ok {
				t.Errorf("%s: %s is missing", lang, key)
				continue
			}
			if (text == "") != (other == "") {
				t.Errorf("%s: %s is %q, in English %q", lang, key, other, text)
			}
			want, got := fillsIn(t, "en", text), fillsIn(t, lang, other)
			slices.Sort(want)
			slices.Sort(got)
			if !slices.Equal(want, got) {
				t.Errorf("%s: %s fills in %q, in English %q", lang, key, got, want)
			}
			if strings.Count(other, "`")%2 != 0 {
				t.Errorf("%s: %s has a backtick too many", lang, key)
			}
			for i, typed := range strings.Split(text, "`") {
				if i%2 == 1 && strings.HasPrefix(typed, "/") && !strings.Contains(other, "`"+typed+"`") {
					t.Errorf("%s: %s does not show %s", lang, key, typed)
				}
			}
			if strings.HasPrefix(key, "command.") && utf8.RuneCountInString(other) > 100 { // Discord's limit of descriptions
				t.Errorf("%s: %s is too long for Discord", lang, key)
			}
			if strings.HasPrefix(key, "button.") && utf8.RuneCountInString(other) > 20 { // five of them stand in a row
				t.Errorf("%s: %s is too long for a button", lang, key)
			}
		}
		for key := range texts.m {
			if !en.has(key) {
				t.Errorf("%s: %s is unknown", lang, key)
			}
		}
	}
}

// fillsIn are the names of what a text fills in. A counted word has as many forms
// as its language needs.
func fillsIn(t *testing.T, lang, text string) []string {
	var all []string
	for _, p := range placeholder.FindAllString(text, -1) {
		parts := strings.Split(strings.Trim(p, "{}"), "|")
		need := 2
		if lang == "ru" {
			need = 3
		}
		if len(parts) > 1 && len(parts)-1 != need || slices.Contains(parts, "") {
			t.Errorf("%s: %s has not the %d forms of its word", lang, p, need)
		}
		all = append(all, parts[0])
	}
	return all
}

// Texts are set as their language is: its own quotation marks, an apostrophe that
// is one kind in a language, no break before the marks that French sets off, and no
// space too many.
func TestTypography(t *testing.T) {
	c := loadCatalogue()
	quotes := map[string]string{"en": "“”", "de": "„“", "fr": "«»", "es": "«»", "ru": "«»"}
	for lang, texts := range c {
		for key, text := range texts.m {
			for _, r := range text {
				if strings.ContainsRune("“”„«»\"", r) && !strings.ContainsRune(quotes[lang], r) {
					t.Errorf("%s: %s has the quotation mark %q", lang, key, r)
				}
			}
			open, closed := string([]rune(quotes[lang])[0]), string([]rune(quotes[lang])[1])
			if strings.Count(text, open) != strings.Count(text, closed) {
				t.Errorf("%s: %s opens a quotation and does not end it: %q", lang, key, text)
			}
			if key != "form.dash" && key != "form.several" && (strings.TrimSpace(text) != text || strings.Contains(text, "  ")) {
				t.Errorf("%s: %s has a space too many: %q", lang, key, text)
			}
			if lang == "fr" && frenchBreak.MatchString(text) {
				t.Errorf("fr: %s may break before a mark, or has a straight apostrophe: %q", key, text)
			}
			if lang != "fr" && regexp.MustCompile(`\s[:;!?]|’`).MatchString(text) {
				t.Errorf("%s: %s sets off a mark, or has another apostrophe than the rest: %q", lang, key, text)
			}
			if lang == "ru" && strings.Contains(text, " – ") {
				t.Errorf("ru: %s has the short dash: %q", key, text)
			}
		}
	}
}

var frenchBreak = regexp.MustCompile(`[^\x{a0}\x{202f}][:;!?»]|«[^\x{a0}]|'`)

func TestPlural(t *testing.T) {
	forms := map[string][]string{"en": {"day", "days"}, "fr": {"jour", "jours"}, "ru": {"день", "дня", "дней"}}
	for lang, want := range map[string][]string{
		"en": {"0 days", "1 day", "2 days", "11 days", "21 days", "101 days"},
		"fr": {"0 jour", "1 jour", "2 jours", "11 jours", "21 jours", "101 jours"},
		"ru": {"0 дней", "1 день", "2 дня", "11 дней", "21 день", "101 день", "5 дней", "12 дней", "14 дней", "22 дня", "25 дней", "111 дней"},
	} {
		texts := texts{lang: lang, m: map[string]string{"x": "{n|" + strings.Join(forms[lang], "|") + "}"}}
		for _, w := range want {
			n, _, _ := strings.Cut(w, " ")
			if got := strings.ReplaceAll(texts.text("x", "n", n), "\u00a0", " "); got != w {
				t.Errorf("%s: %q, want %q", lang, got, w)
			}
		}
	}
	many := texts{m: map[string]string{"x": "{n|one|more}"}}
	if got := many.text("x", "n", "many"); got != "many\u00a0more" {
		t.Errorf("what is no number: %q", got)
	}
}

// A list is answered in each language by the place of a choice in it.
func TestChoicesInEachLanguage(t *testing.T) {
	for lang, words := range map[string][5]string{
		"en": {"the first one", "second", "the last", "two", "the fifth"}, "de": {"die erste", "zweite", "die letzte", "zwei", "fünfte"},
		"fr": {"la première", "deuxième", "la dernière", "deux", "la cinquième"}, "es": {"la primera", "segunda", "¡La última!", "dos", "quinta"},
		"ru": {"первый", "вторую", "последний", "два", "пятый"},
	} {
		for i, want := range []int{1, 2, -1, 2, 5} {
			if n, ok := choiceNumber(words[i]); !ok || n != want {
				t.Errorf("%s: %q is %d (%v), want %d", lang, words[i], n, ok, want)
			}
		}
	}
	for _, text := range []string{"№ 2", "№2", "n° 2", "2)", "die 2", "la 2", "el 2", "numéro 2", "Nr. 2", "номер 2"} {
		if n, ok := choiceNumber(text); !ok || n != 2 {
			t.Errorf("%q is %d (%v)", text, n, ok)
		}
	}
}

// Every text that the program names is there, and every one that is there is named.
func TestCatalogueKeys(t *testing.T) {
	c := loadCatalogue()
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	var code strings.Builder
	for _, f := range files {
		if strings.HasSuffix(f.Name(), ".go") && !strings.HasSuffix(f.Name(), "_test.go") {
			data, err := os.ReadFile(f.Name())
			if err != nil {
				t.Fatal(err)
			}
			code.Write(data)
		}
	}
	named := map[string]bool{}
	for _, m := range regexp.MustCompile(`"([a-z-]+(?:\.[a-z-]+)+|declined|unreadable|too-long|unknown-command)"`).FindAllStringSubmatch(code.String(), -1) {
		named[m[1]] = true
	}
	for _, k := range smallKinds {
		named["small."+k] = true
	}
	for _, s := range []string{"established", "attributed", "disputed", "citation-needed", "retracted"} {
		named["status."+s], named["status."+s+".note"] = true, true
	}
	for _, n := range []notice{noticeLimit, noticeAway, noticeSkipped, noticeFault, noticeUnsure, noticeStopped} {
		named["notice."+string(n)] = true
	}
	for _, kind := range []knowledge.ChangeKind{knowledge.Added, knowledge.Corrected, knowledge.Withdrawn} {
		named["corrections."+string(kind)] = true
	}
	for _, x := range append([]commandName{allowCommand}, commandNames...) {
		named["command."+x.name] = true
	}
	for _, key := range slices.Sorted(maps.Keys(c[defaultLang].m)) {
		if !named[key] && !strings.HasPrefix(key, "why.reason.") {
			t.Errorf("%s is in the catalogue and nowhere used", key)
		}
	}
	for _, m := range regexp.MustCompile(`(?:text|spans|block|fine|info|notice|add)\("([a-z.-]+[a-z])"`).FindAllStringSubmatch(code.String(), -1) {
		if !c[defaultLang].has(m[1]) {
			t.Errorf("%s is used and not in the catalogue", m[1])
		}
	}
}

func TestFill(t *testing.T) {
	texts := texts{m: map[string]string{"x": "See `/x {a}` and {b}."}}
	spans := texts.spans("x", "a", "{b} `code`", "b", "{a}")
	want := []Span{{Text: "See "}, {Text: "/x {b} `code`", Style: Code}, {Text: " and {a}."}}
	if !slices.Equal(spans, want) {
		t.Errorf("spans: %+v", spans)
	}
}

// In each language every form of small talk is found again.
func TestSmallForms(t *testing.T) {
	all := foldSmallForms()
	for lang, kinds := range smallForms {
		for kind, forms := range kinds {
			if !slices.Contains(smallKinds, kind) {
				t.Errorf("%s: no kind %q", lang, kind)
			}
			for _, form := range forms {
				got := all[foldSmall(strings.ToUpper(form)+"!!")]
				of := slices.IndexFunc(got, func(f smallForm) bool { return f.lang == lang })
				if of < 0 || got[of].kind != kind {
					t.Errorf("%s: %q is %q and %q", lang, form, kind, got)
				}
			}
		}
	}
}

// No question of the shipped pack's own examination is taken for small talk or
// for the number of a choice.
func TestSmallTalkSwallowsNoQuestion(t *testing.T) {
	base, err := knowledge.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	small := foldSmallForms()
	n := 0
	for _, p := range base.Packs {
		for _, x := range p.Eval.Find {
			n++
			if f, ok := small[foldSmall(x.Question)]; ok {
				t.Errorf("%q is taken for small talk (%s)", x.Question, f)
			}
			if _, ok := choiceNumber(x.Question); ok {
				t.Errorf("%q is taken for a number", x.Question)
			}
		}
		for _, x := range p.Eval.Decline {
			if f, ok := small[foldSmall(x.Question)]; ok && (x.Kind == knowledge.NearMiss || x.Kind == knowledge.OtherHistory) {
				t.Errorf("%q is taken for small talk (%s)", x.Question, f)
			}
		}
	}
	if n == 0 {
		t.Error("the shipped pack has no examination")
	}
}

// Whatever decided a result, /why has words for it.
func TestEveryReasonHasWords(t *testing.T) {
	en := loadCatalogue()[defaultLang]
	for _, reason := range strings.Fields("phrasing evidence close follow-up more untold empty unknown unlike doubt tentative name date number negation opposite " +
		"relation sister focus verb rest when where why how-many who definition opinion superlative roles speaker") {
		if !en.has("why.reason." + reason) {
			t.Errorf("there is no text for the reason %q", reason)
		}
	}
}
