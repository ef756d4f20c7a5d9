// Package lang has the words of the interface: what the bot says by itself, what
// people say to it that is no question, and what platforms show of its commands.
// Each language is one file, LANGUAGE.json, and a file added is a language added. The
// package knows neither platforms nor the pack.
package lang

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
)

//go:embed *.json
var files embed.FS

// Default is what other languages are translated from, and what people get whose
// language is not there.
const Default = "en"

// Last is the key in Language.Choices of the last choice, whichever number it has.
const Last = "last"

// A Language is the words of one language. It does not change after Load.
type Language struct {
	Tag  string // BCP 47, the file's name
	Name string // what it calls itself

	// Commands are what people see of each command, by its name.
	Commands map[string]Command

	// SmallTalk are whole messages that are no questions, by kind.
	SmallTalk map[string][]string
	// Laughter are syllables that go on at will: "hahaha".
	Laughter []string

	// Choices are the ways to name one of several choices without its digit, by
	// number; see Last.
	Choices map[string][]string
	// BeforeNumbers are words that stand before the digit of a choice: "number 2".
	BeforeNumbers []string

	// BetweenDates are the words between the parts of a date: "30 de mayo de 1453".
	BetweenDates []string

	// MoreAbout are what stands before the name of somebody or something of which more is
	// wanted: "more about".
	MoreAbout []string

	texts map[string]string
	forms []plural.Form // of counted words, in the order in which texts give them
	tag   language.Tag
}

// A Command is what people see of a command in one language. Names and the option
// are shown by platforms that have such a thing; the command is heard by its own name.
type Command struct {
	Description string `json:"description"`
	Name        string `json:"name"`       // of the command, if it has another there
	Option      string `json:"option"`     // name of what it takes
	Hint        string `json:"hint"`       // what that is
	OnMessage   string `json:"on-message"` // its name in the menu of somebody's message, if it stands there
}

// A file is a Language as it is written.
type file struct {
	Name          string              `json:"name"`
	Plural        []string            `json:"plural"`     // forms of counted words, as Unicode CLDR calls them
	Typography    [][2]string         `json:"typography"` // what a keyboard has, and what is set instead
	Texts         map[string]string   `json:"texts"`
	Commands      map[string]Command  `json:"commands"`
	SmallTalk     map[string][]string `json:"small-talk"`
	Laughter      []string            `json:"laughter"`
	Choices       map[string][]string `json:"choices"`
	BeforeNumbers []string            `json:"before-numbers"`
	BetweenDates  []string            `json:"between-dates"`
	MoreAbout     []string            `json:"more-about"`
}

// A Set holds the languages of the interface by their BCP 47 tags, such as "de".
type Set map[string]*Language

// All are the languages of this program, the same for all who ask. Their files are part of it,
// and a test reads them all, so a fault in them is a defect.
func All() Set { return all() }

var all = sync.OnceValue(func() Set {
	s, err := Load(files)
	if err != nil {
		panic(err)
	}
	return s
})

// Load reads every LANGUAGE.json at the root of dir.
func Load(dir fs.FS) (Set, error) {
	names, err := fs.Glob(dir, "*.json")
	if err != nil {
		return nil, err
	}
	s := Set{}
	for _, name := range names {
		l, err := load(dir, name)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		s[l.Tag] = l
	}
	if s[Default] == nil {
		return nil, fmt.Errorf("there is no %s.json", Default)
	}
	return s, nil
}

var forms = map[string]plural.Form{
	"zero": plural.Zero, "one": plural.One, "two": plural.Two, "few": plural.Few, "many": plural.Many, "other": plural.Other,
}

func load(dir fs.FS, name string) (*Language, error) {
	data, err := fs.ReadFile(dir, name)
	if err != nil {
		return nil, err
	}
	d := json.NewDecoder(strings.NewReader(string(data)))
	d.DisallowUnknownFields()
	var f file
	if err := d.Decode(&f); err != nil {
		return nil, err
	}
	l := &Language{
		Tag: strings.TrimSuffix(path.Base(name), path.Ext(name)), Name: f.Name, Commands: f.Commands,
		SmallTalk: f.SmallTalk, Laughter: f.Laughter, Choices: f.Choices, BeforeNumbers: f.BeforeNumbers,
		BetweenDates: f.BetweenDates, MoreAbout: f.MoreAbout, texts: f.Texts,
	}
	if l.tag, err = language.Parse(l.Tag); err != nil {
		return nil, err
	}
	for _, form := range f.Plural {
		x, ok := forms[form]
		if !ok {
			return nil, fmt.Errorf("%q is no form of a counted word", form)
		}
		l.forms = append(l.forms, x)
	}
	if len(l.forms) == 0 {
		return nil, fmt.Errorf("plural names no form of a counted word")
	}
	l.typeset(f.Typography)
	return l, nil
}

// typeset sets what a keyboard does not have. French puts a space before some marks
// and inside its quotation marks, at which a line must not break.
func (l *Language) typeset(pairs [][2]string) {
	var all []string
	for _, p := range pairs {
		all = append(all, p[0], p[1])
	}
	r := strings.NewReplacer(all...)
	for key, text := range l.texts {
		l.texts[key] = r.Replace(text)
	}
	for name, c := range l.Commands {
		l.Commands[name] = Command{r.Replace(c.Description), r.Replace(c.Name), r.Replace(c.Option), r.Replace(c.Hint), r.Replace(c.OnMessage)}
	}
}

// Tags returns the tags of the languages, sorted.
func (s Set) Tags() []string { return slices.Sorted(maps.Keys(s)) }

// In returns the language with that tag, or its base language, or English.
func (s Set) In(tag string) *Language {
	if l, ok := s[Base(tag)]; ok {
		return l
	}
	return s[Default]
}

// Base is "pt" of "pt-BR".
func Base(tag string) string {
	base, _, _ := strings.Cut(strings.ReplaceAll(strings.ToLower(tag), "_", "-"), "-")
	return base
}
