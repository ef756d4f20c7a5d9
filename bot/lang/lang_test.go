package lang

import (
	"encoding/json"
	"io/fs"
	"maps"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"unicode"
	"unicode/utf8"
)

var placeholder = regexp.MustCompile(`\{[^}]*\}`)

// Every language has every text, with the same things to fill in and to type.
func TestCatalogue(t *testing.T) {
	c := All()
	en := c[Default]
	for lang, texts := range c {
		for key, text := range en.texts {
			other, ok := texts.texts[key]
			if !ok {
				t.Errorf("%s: %s is missing", lang, key)
				continue
			}
			if (text == "") != (other == "") {
				t.Errorf("%s: %s is %q, in English %q", lang, key, other, text)
			}
			want, got := fillsIn(t, en, text), fillsIn(t, texts, other)
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
			if strings.HasPrefix(key, "button.") && utf8.RuneCountInString(other) > 20 { // five of them stand in a row
				t.Errorf("%s: %s is too long for a button", lang, key)
			}
		}
		for key := range texts.texts {
			if !en.Has(key) {
				t.Errorf("%s: %s is unknown", lang, key)
			}
		}
	}
}

// fillsIn are the names of what a text fills in. A counted word has as many forms
// as its language needs.
func fillsIn(t *testing.T, l *Language, text string) []string {
	var all []string
	for _, p := range placeholder.FindAllString(text, -1) {
		parts := strings.Split(strings.Trim(p, "{}"), "|")
		if len(parts) > 1 && len(parts)-1 != len(l.forms) || slices.Contains(parts, "") {
			t.Errorf("%s: %s has not the %d forms of its word", l.Tag, p, len(l.forms))
		}
		all = append(all, parts[0])
	}
	return all
}

// Texts are set as their language is: its own quotation marks, an apostrophe that
// is one kind in a language, no break before the marks that French sets off, and no
// space too many.
func TestTypography(t *testing.T) {
	for lang, texts := range All() {
		quotes := strings.Map(func(r rune) rune {
			if unicode.IsSpace(r) {
				return -1
			}
			return r
		}, texts.Quote(""))
		for key, text := range everyText(texts) {
			for _, r := range text {
				if strings.ContainsRune("“”„«»\"", r) && !strings.ContainsRune(quotes, r) {
					t.Errorf("%s: %s has the quotation mark %q", lang, key, r)
				}
			}
			open, closed := string([]rune(quotes)[0]), string([]rune(quotes)[1])
			if strings.Count(text, open) != strings.Count(text, closed) {
				t.Errorf("%s: %s opens a quotation and does not end it: %q", lang, key, text)
			}
			if key != "form.dash" && key != "form.several" && (strings.TrimSpace(text) != text || strings.Contains(text, "  ")) {
				t.Errorf("%s: %s has a space too many: %q", lang, key, text)
			}
			if lang == "fr" && frenchBreak.MatchString(clock.ReplaceAllString(text, "")) {
				t.Errorf("fr: %s may break before a mark, or has a straight apostrophe: %q", key, text)
			}
			if lang != "fr" && regexp.MustCompile(`\s[:;!?]|’`).MatchString(text) {
				t.Errorf("%s: %s sets off a mark, or has another apostrophe than the rest: %q", lang, key, text)
			}
			for _, dash := range [...]string{" – ", " — "} {
				if texts.Dash() != dash && strings.Contains(text, dash) {
					t.Errorf("%s: %s has another dash than its lists: %q", lang, key, text)
				}
			}
		}
	}
}

var frenchBreak = regexp.MustCompile(`[^\x{a0}\x{202f}][:;!?»]|«[^\x{a0}]|'`)

// clock is a time of the day, as commands take it.
var clock = regexp.MustCompile(`[0-9]{2}:[0-9]{2}`)

func TestPlural(t *testing.T) {
	forms := map[string][]string{"en": {"day", "days"}, "fr": {"jour", "jours"}, "ru": {"день", "дня", "дней"}, "pl": {"dzień", "dni", "dni(m)"}, "uk": {"день", "дні", "днів"}}
	for lang, want := range map[string][]string{
		"en": {"0 days", "1 day", "2 days", "11 days", "21 days", "101 days"},
		"fr": {"0 jour", "1 jour", "2 jours", "11 jours", "21 jours", "101 jours"},
		"pl": {"0 dni(m)", "1 dzień", "2 dni", "5 dni(m)", "12 dni(m)", "21 dni(m)", "22 dni", "101 dni(m)"},
		"uk": {"0 днів", "1 день", "3 дні", "11 днів", "14 днів", "21 день", "24 дні", "111 днів"},
		"ru": {"0 дней", "1 день", "2 дня", "11 дней", "21 день", "101 день", "5 дней", "12 дней", "14 дней", "22 дня", "25 дней", "111 дней"},
	} {
		texts := *All()[lang]
		texts.texts = map[string]string{"x": "{n|" + strings.Join(forms[lang], "|") + "}"}
		for _, w := range want {
			n, _, _ := strings.Cut(w, " ")
			if got := strings.ReplaceAll(texts.Text("x", "n", n), "\u00a0", " "); got != w {
				t.Errorf("%s: %q, want %q", lang, got, w)
			}
		}
	}
	many := Language{texts: map[string]string{"x": "{n|one|more}"}}
	if got := many.Text("x", "n", "many"); got != "many\u00a0more" {
		t.Errorf("what is no number: %q", got)
	}
}

func TestFill(t *testing.T) {
	texts := Language{texts: map[string]string{"x": "See `/x {a}` and {b}.", "y": "{a {b} {c}"}}
	pieces := texts.Pieces("x", "a", "{b} `code`", "b", "{a}")
	want := []Piece{{Text: "See "}, {Text: "/x {b} `code`", Typed: true}, {Text: " and {a}."}}
	if !slices.Equal(pieces, want) {
		t.Errorf("pieces: %+v", pieces)
	}
	if got := texts.Text("y", "c", "1"); got != "{a {b} 1" {
		t.Errorf("what nobody fills in: %q", got)
	}
}

// everyText are the texts of a language with those of its commands.
func everyText(l *Language) map[string]string {
	all := maps.Clone(l.texts)
	for name, c := range l.Commands {
		all["description of "+name], all["hint of "+name], all["name of "+name+" on a message"] = c.Description, c.Hint, c.OnMessage
	}
	return all
}

// Every language has every section, and in it what English has.
func TestSections(t *testing.T) {
	en := All()[Default]
	for tag := range All() {
		data, err := files.ReadFile(tag + ".json")
		if err != nil {
			t.Fatal(err)
		}
		var sections map[string]json.RawMessage
		if err := json.Unmarshal(data, &sections); err != nil {
			t.Fatal(err)
		}
		f := reflect.TypeFor[file]()
		for i := range f.NumField() {
			if section := f.Field(i).Tag.Get("json"); sections[section] == nil && section != "typography" {
				t.Errorf("%s.json has no section %q", tag, section)
			}
		}
	}
	for tag, l := range All() {
		if l.Name == "" || tag != Default && l.Name == en.Name {
			t.Errorf("%s calls itself %q", tag, l.Name)
		}
		if !slices.Equal(slices.Sorted(maps.Keys(l.Commands)), slices.Sorted(maps.Keys(en.Commands))) {
			t.Errorf("%s has the commands %q", tag, slices.Sorted(maps.Keys(l.Commands)))
		}
		for name, c := range l.Commands {
			e := en.Commands[name]
			if c.Description == "" || (c.Name == "") != (e.Name == "") || (c.Option == "") != (e.Option == "") || (c.Hint == "") != (e.Hint == "") || (c.OnMessage == "") != (e.OnMessage == "") {
				t.Errorf("%s: of %s there is %+v, in English %+v", tag, name, c, e)
			}
			for _, text := range []string{c.Description, c.Hint} { // Discord's limit
				if utf8.RuneCountInString(text) > 100 {
					t.Errorf("%s: too long for Discord: %s", tag, text)
				}
			}
			for _, word := range []string{c.Name, c.Option} { // Discord's rule for them
				if word != strings.ToLower(word) || strings.ContainsAny(word, " .,") || utf8.RuneCountInString(word) > 32 {
					t.Errorf("%s: %q is no name", tag, word)
				}
			}
		}
		for kind := range l.SmallTalk {
			if len(l.SmallTalk[kind]) == 0 {
				t.Errorf("%s: no small talk of the kind %s", tag, kind)
			}
		}
		if !slices.Equal(slices.Sorted(maps.Keys(l.Choices)), []string{"1", "2", "3", "4", "5", Last}) {
			t.Errorf("%s: choices %q", tag, slices.Sorted(maps.Keys(l.Choices)))
		}
		for n, names := range l.Choices {
			if len(names) == 0 {
				t.Errorf("%s: the choice %s has no name", tag, n)
			}
		}
		if len(l.BeforeNumbers) == 0 {
			t.Errorf("%s: no words before numbers", tag)
		}
	}
}

func TestIn(t *testing.T) {
	s := All()
	for tag, want := range map[string]string{"de": "de", "de-AT": "de", "DE_ch": "de", "pt-BR": "pt", "uk_UA": "uk", "nl": "en", "": "en"} {
		if got := s.In(tag).Tag; got != want {
			t.Errorf("%q gets %s, want %s", tag, got, want)
		}
	}
	if got := s[Default].Quote("x") + s[Default].Dash(); got != "“x” – " {
		t.Errorf("%q", got)
	}
	if n := len(s[Default].Keys()); n != len(s[Default].texts) || n == 0 {
		t.Errorf("%d keys", n)
	}
}

// A file that is added is a language that is added, with its own plural and its
// own marks.
func TestAnotherLanguage(t *testing.T) {
	dir := fstest.MapFS{}
	for _, tag := range []string{"en", "pl"} {
		dir[tag+".json"] = &fstest.MapFile{Data: []byte(`{"name": "` + tag + `", "plural": ["one", "few", "many"], "typography": [["...", "…"]],
			"texts": {"x": "{n|dzień|dni|dni(m)}..."}, "commands": {"ask": {"description": "Spytaj..."}}}`)}
	}
	s, err := Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	if got := s.Tags(); !slices.Equal(got, []string{"en", "pl"}) {
		t.Errorf("%q", got)
	}
	for n, want := range map[string]string{"1": "1\u00a0dzień…", "3": "3\u00a0dni…", "5": "5\u00a0dni(m)…", "22": "22\u00a0dni…"} {
		if got := s["pl"].Text("x", "n", n); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if got := s["pl"].Commands["ask"].Description; got != "Spytaj…" {
		t.Errorf("%q", got)
	}
}

// What is wrong in a file is said, with the file.
func TestLoadRefuses(t *testing.T) {
	for name, text := range map[string]string{
		"xx.json": `{"plural": ["one"], "colour": 1}`, "de.json": `{"plural": ["some"]}`, "fr.json": `{}`, "not a tag.json": `{"plural": ["one"]}`, "es.json": `{`,
	} {
		dir := fstest.MapFS{"en.json": {Data: []byte(`{"plural": ["one", "other"]}`)}, name: {Data: []byte(text)}}
		if _, err := Load(dir); err == nil || !strings.HasPrefix(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := Load(fstest.MapFS{"de.json": {Data: []byte(`{"plural": ["one"]}`)}}); err == nil {
		t.Error("without English")
	}
	if _, err := Load(fstest.MapFS{"en.json": {Mode: fs.ModeDir}}); err == nil {
		t.Error("a folder")
	}
}

// README.md names every language that can be chosen.
func TestReadmeNamesLanguages(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, line, _ := strings.Cut(string(readme), "| `/settings language de`")
	line, _, _ = strings.Cut(line, "\n")
	for _, tag := range All().Tags() {
		if tag != "de" && !strings.Contains(line, "`"+tag+"`") {
			t.Errorf("%s is not in %q", tag, line)
		}
	}
}

// Where the bot is polite to people, all of it is, and one kind of Portuguese is spoken.
func TestFormOfAddress(t *testing.T) {
	for tag, words := range map[string]string{
		"fr": "tu te ton ta tes toi",
		"ru": "ты тебя тебе твой твоя твоё твои попробуй напиши",
		"uk": "ти тебе тобі твій твоя твоє твої спробуй напиши",
		"pt": "tu teu tua teus tuas facto factos sítio registado registada registadas",
	} {
		l := All()[tag]
		for _, key := range l.Keys() {
			for _, w := range strings.FieldsFunc(strings.ToLower(l.texts[key]), func(r rune) bool { return !unicode.IsLetter(r) }) {
				if slices.Contains(strings.Fields(words), w) {
					t.Errorf("%s: %s says %q: %s", tag, key, w, l.texts[key])
				}
			}
		}
	}
}
