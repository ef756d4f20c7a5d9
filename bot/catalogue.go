package bot

import (
	"embed"
	"encoding/json"
	"fmt"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"
)

// What the bot says by itself is in catalogue/LANGUAGE.json, one file for each
// language, all with the same keys. In a text {name} is filled in, {n|day|days} is
// a number with the form of a word that belongs to it, and what is between
// backticks is something to type. English is what other languages are translated
// from and what people get whose language is not there.
//
//go:embed catalogue/*.json
var catalogueFiles embed.FS

const defaultLang = "en"

type catalogue map[string]texts

// texts are the interface texts in one language.
type texts struct {
	lang string
	m    map[string]string
}

// loadCatalogue reads the embedded files. They are part of the program, and a
// test reads them all, so a fault in them is a defect.
func loadCatalogue() catalogue {
	c, err := readCatalogue()
	if err != nil {
		panic(err)
	}
	return c
}

func readCatalogue() (catalogue, error) {
	files, err := catalogueFiles.ReadDir("catalogue")
	if err != nil {
		return nil, err
	}
	c := catalogue{}
	for _, f := range files {
		data, err := catalogueFiles.ReadFile("catalogue/" + f.Name())
		if err != nil {
			return nil, err
		}
		t := texts{lang: strings.TrimSuffix(f.Name(), path.Ext(f.Name()))}
		if err := json.Unmarshal(data, &t.m); err != nil {
			return nil, fmt.Errorf("%s: %w", f.Name(), err)
		}
		for key, text := range t.m {
			t.m[key] = typeset(t.lang, text)
		}
		c[t.lang] = t
	}
	return c, nil
}

// typeset sets what a keyboard does not have. French puts a space before some
// marks and inside its quotation marks, at which a line must not break, and its
// many apostrophes are not straight.
func typeset(lang, text string) string {
	if lang != "fr" {
		return text
	}
	return french.Replace(text)
}

var french = strings.NewReplacer("'", "’", " :", "\u00a0:", "« ", "«\u00a0", " »", "\u00a0»", " ;", "\u202f;", " !", "\u202f!", " ?", "\u202f?")

// Languages are the languages of the interface, sorted, as BCP 47 tags.
func Languages() []string {
	return slices.Sorted(maps.Keys(loadCatalogue()))
}

// in returns the texts in lang, in its base language, or in English.
func (c catalogue) in(lang string) texts {
	if t, ok := c[baseLang(lang)]; ok {
		return t
	}
	return c[defaultLang]
}

// baseLang is "pt" of "pt-BR".
func baseLang(lang string) string {
	base, _, _ := strings.Cut(strings.ReplaceAll(strings.ToLower(lang), "_", "-"), "-")
	return base
}

// has reports whether there is a text for key.
func (t texts) has(key string) bool { _, ok := t.m[key]; return ok }

// text is the text for key with args, pairs of name and value, filled in.
func (t texts) text(key string, args ...string) string {
	return strings.ReplaceAll(t.fill(t.m[key], args), "`", "")
}

// spans is the same with what is to be typed set as code.
func (t texts) spans(key string, args ...string) []Span {
	var spans []Span
	for i, piece := range strings.Split(t.m[key], "`") {
		if piece == "" {
			continue
		}
		s := Span{Text: t.fill(piece, args)}
		if i%2 == 1 {
			s.Style = Code
		}
		spans = append(spans, s)
	}
	return spans
}

func (t texts) block(key string, args ...string) Block {
	return Block{Spans: t.spans(key, args...)}
}

// fine is a block of fine print.
func (t texts) fine(key string, args ...string) Block {
	return Block{Kind: Fine, Spans: t.spans(key, args...)}
}

// quote puts s in quotation marks.
func (t texts) quote(s string) string { return t.text("form.quote", "text", s) }

// dash stands between a name and what is said of it, in a list.
func (t texts) dash() string { return t.text("form.dash") }

// fill replaces each {name} and {name|one|more}. Values are never read as
// templates. It is on the way of every reply, and a strings.Replacer costs more to
// build than it saves here.
func (t texts) fill(s string, args []string) string {
	if len(args) == 0 {
		return s
	}
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(s, "{")
		b.WriteString(before)
		if !ok {
			return b.String()
		}
		name, after, ok := strings.Cut(rest, "}")
		name, forms, counted := strings.Cut(name, "|")
		i := -1
		if ok {
			i = argument(args, name)
		}
		if i < 0 {
			b.WriteByte('{')
			s = rest
			continue
		}
		b.WriteString(args[i+1])
		if counted {
			b.WriteString("\u00a0" + plural(t.lang, args[i+1], strings.Split(forms, "|")))
		}
		s = after
	}
}

// plural is the form of a word that belongs to the number: the singular first, for
// Russian then that of 2 to 4, and the last for everything else.
func plural(lang, number string, forms []string) string {
	n, err := strconv.Atoi(number)
	last := len(forms) - 1
	form := last
	switch ones, tens := n%10, n%100/10; {
	case err != nil:
	case lang == "ru" && tens != 1 && ones == 1, lang == "fr" && n == 0, lang != "ru" && n == 1:
		form = 0
	case lang == "ru" && tens != 1 && ones >= 2 && ones <= 4:
		form = 1
	}
	return forms[min(form, last)]
}

// argument is where the pair called name begins in args; -1 if it is not there.
func argument(args []string, name string) int {
	for i := 0; i+1 < len(args); i += 2 {
		if args[i] == name {
			return i
		}
	}
	return -1
}

// A CommandText describes a command to people, for the menus of platforms.
type CommandText struct {
	Name         string            // without slash
	Option       bool              // it takes text
	Descriptions map[string]string // by language of Languages; at most 100 characters each
}

// commands are the commands in the order in which help and menus list them.
// "start" is Telegram's way to begin and is not listed.
var commandNames = []commandName{
	{"ask", true}, {"source", true}, {"why", false}, {"topics", true}, {"search", true}, {"check", true},
	{"help", false}, {"about", false}, {"corrections", false}, {"settings", true}, {"privacy", false}, {"forget", false},
}

type commandName struct {
	name   string
	option bool
}

// allowCommand is there only where words of questions are kept.
var allowCommand = commandName{"remember", true}

// commands are those that b has.
func (b *Bot) commands() []commandName {
	if b.c.Ledger != nil && b.c.Ledger.Terms().Words {
		return append(slices.Clone(commandNames), allowCommand)
	}
	return commandNames
}

// Commands are the commands that people may be shown, in order, where nothing is
// kept of their questions.
func Commands() []CommandText { return commandTexts(commandNames) }

// Commands are the commands of b that people may be shown, in order.
func (b *Bot) Commands() []CommandText { return commandTexts(b.commands()) }

func commandTexts(names []commandName) []CommandText {
	c := loadCatalogue()
	var all []CommandText
	for _, x := range names {
		t := CommandText{Name: x.name, Option: x.option, Descriptions: map[string]string{}}
		for lang, texts := range c {
			t.Descriptions[lang] = texts.text("command." + x.name)
		}
		all = append(all, t)
	}
	return all
}
