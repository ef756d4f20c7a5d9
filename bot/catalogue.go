package bot

import (
	"embed"
	"encoding/json"
	"fmt"
	"path"
	"slices"
	"strings"
)

// What the bot says by itself is in catalogue/LANGUAGE.json, one file for each
// language, all with the same keys. In a text {name} is filled in and what is
// between backticks is something to type. English is what other languages are
// translated from and what people get whose language is not there.
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
		c[t.lang] = t
	}
	return c, nil
}

// Languages are the languages of the interface, sorted, as BCP 47 tags.
func Languages() []string {
	var all []string
	for l := range loadCatalogue() {
		all = append(all, l)
	}
	slices.Sort(all)
	return all
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
	return strings.ReplaceAll(fill(t.m[key], args), "`", "")
}

// spans is the same with what is to be typed set as code.
func (t texts) spans(key string, args ...string) []Span {
	var spans []Span
	for i, piece := range strings.Split(t.m[key], "`") {
		if piece == "" {
			continue
		}
		s := Span{Text: fill(piece, args)}
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

// fill replaces each {name}. Values are never read as templates.
func fill(s string, args []string) string {
	if len(args) == 0 {
		return s
	}
	pairs := make([]string, 0, len(args))
	for i := 0; i+1 < len(args); i += 2 {
		pairs = append(pairs, "{"+args[i]+"}", args[i+1])
	}
	return strings.NewReplacer(pairs...).Replace(s)
}

// A CommandText describes a command to people, for the menus of platforms.
type CommandText struct {
	Name         string            // without slash
	Option       bool              // it takes text
	Descriptions map[string]string // by language of Languages; at most 100 characters each
}

// commands are the commands in the order in which help and menus list them.
// "start" is Telegram's way to begin and is not listed.
var commandNames = [...]struct {
	name   string
	option bool
}{
	{"ask", true}, {"source", true}, {"why", false}, {"topics", true}, {"search", true}, {"check", true},
	{"help", false}, {"about", false}, {"corrections", false}, {"privacy", false}, {"forget", false},
}

// Commands are the commands that people may be shown, in order.
func Commands() []CommandText {
	c := loadCatalogue()
	var all []CommandText
	for _, x := range commandNames {
		t := CommandText{Name: x.name, Option: x.option, Descriptions: map[string]string{}}
		for lang, texts := range c {
			t.Descriptions[lang] = texts.text("command." + x.name)
		}
		all = append(all, t)
	}
	return all
}
