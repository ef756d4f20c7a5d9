// Package apispec checks recorded Bot API calls against the machine-readable
// description of the Bot API (PaulSonOfLars/telegram-bot-api-spec): the method,
// the names of its parameters, which of them are required, their types down to
// the fields of nested objects, and the lengths that the descriptions state.
//
// It knows nothing of servers or bots. What the server takes beyond its own
// description is in the list legacy, and nowhere else.
package apispec

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// legacy are parameters that the server takes though the description no longer
// has them, as "method.parameter" or "*.parameter". The adapter
// sends none of them; they are listed so that a test with the library's own
// configurations can use the checker too.
var legacy = map[string][]string{
	"*.reply_to_message_id":         {"Integer"},
	"*.allow_sending_without_reply": {"Boolean"},
	"*.disable_web_page_preview":    {"Boolean"},
	"sendPoll.options":              {"Array of String"},
	"sendPoll.correct_option_id":    {"Integer"},
}

// A Spec is the description of one version of the Bot API. It is safe for
// concurrent use.
type Spec struct {
	Version string            `json:"version"`
	Methods map[string]Object `json:"methods"`
	Types   map[string]Object `json:"types"`
}

// An Object is a method with its parameters or a type with its fields.
type Object struct {
	Fields   []Field  `json:"fields"`
	Subtypes []string `json:"subtypes"`
}

// A Field is a parameter or a field.
type Field struct {
	Name        string   `json:"name"`
	Types       []string `json:"types"`
	Required    bool     `json:"required"`
	Description string   `json:"description"`
}

// ErrAbsent is what Load returns, wrapped, where there is no such file.
var ErrAbsent = errors.New("the description of the Bot API is not there")

// Load reads a description.
func Load(path string) (*Spec, error) {
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s: %w", path, ErrAbsent)
	}
	if err != nil {
		return nil, err
	}
	s := &Spec{}
	if err := json.Unmarshal(b, s); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	s.amend()
	if len(s.Methods) == 0 || len(s.Types) == 0 {
		return nil, fmt.Errorf("%s: no description of the Bot API", path)
	}
	return s, nil
}

// amend adds what Bot API 10.3 gave another form, of which there is no description yet that a
// program can read: the parameters of ephemeral messages. Those of 10.2 stay, for the adapter
// sends both.
func (s *Spec) amend() {
	const parameters = "EphemeralMessageParameters"
	if _, ok := s.Types[parameters]; ok || s.Types == nil {
		return
	}
	s.Types[parameters] = Object{Fields: []Field{
		{Name: "receiver_user_id", Types: []string{"Integer"}, Required: true},
		{Name: "callback_query_id", Types: []string{"String"}},
		{Name: "replace_callback_query_message", Types: []string{"Boolean"}},
	}}
	for name, m := range s.Methods {
		if slices.ContainsFunc(m.Fields, func(f Field) bool { return f.Name == "receiver_user_id" }) && strings.HasPrefix(name, "send") {
			m.Fields = append(m.Fields, Field{Name: "ephemeral_message_parameters", Types: []string{parameters}})
			s.Methods[name] = m
		}
	}
}

// Beside loads the description that lies beside the checkout that the test runs in,
// in ../shared/specs, once.
var Beside = sync.OnceValues(func() (*Spec, error) {
	dir, err := os.Getwd()
	if err != nil {
		return nil, err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return Load(filepath.Join(dir, "..", "shared", "specs", "telegram-api.json"))
		}
		if dir == filepath.Dir(dir) {
			return nil, ErrAbsent
		}
		dir = filepath.Dir(dir)
	}
})

// Check returns everything that is wrong with a call, in a stable order.
func (s *Spec) Check(method string, params url.Values) []string {
	m, ok := s.Methods[method]
	if !ok {
		return []string{"there is no method " + method}
	}
	var wrong []string
	fields := map[string]Field{}
	for _, f := range m.Fields {
		fields[f.Name] = f
		if f.Required && params.Get(f.Name) == "" {
			wrong = append(wrong, "the required parameter "+f.Name+" is missing")
		}
	}
	for _, name := range slices.Sorted(maps.Keys(params)) {
		v := params.Get(name)
		f, ok := fields[name]
		if old := cmpOr(legacy[method+"."+name], legacy["*."+name]); old != nil {
			f, ok = Field{Name: name, Types: append(slices.Clone(f.Types), old...), Description: f.Description}, true
		}
		if !ok {
			wrong = append(wrong, "there is no parameter "+name)
			continue
		}
		if why := s.anyForm(name, f.Types, v); why != "" {
			wrong = append(wrong, why)
		}
		if why := tooLong(name, v, f.Description); why != "" && params.Get("parse_mode") == "" {
			wrong = append(wrong, why)
		}
	}
	return wrong
}

func cmpOr(a, b []string) []string {
	if a != nil {
		return a
	}
	return b
}

var lengths = regexp.MustCompile(`\b(\d+)-(\d+) (characters|bytes)`)

// tooLong holds v against a length like "1-64 bytes" in a description.
func tooLong(at, v, description string) string {
	m := lengths.FindStringSubmatch(description)
	if m == nil {
		return ""
	}
	low, _ := strconv.Atoi(m[1])
	high, _ := strconv.Atoi(m[2])
	n := len(v)
	if m[3] == "characters" {
		n = 0
		for _, r := range v { // Telegram counts UTF-16 code units
			n++
			if r > 0xFFFF {
				n++
			}
		}
	}
	if n < low || n > high {
		return fmt.Sprintf("%s: %d %s, allowed are %d to %d", at, n, m[3], low, high)
	}
	return ""
}

// anyForm checks a form value, where everything travels as text.
func (s *Spec) anyForm(at string, types []string, v string) string {
	if slices.Contains(types, "String") || slices.Contains(types, "InputFile") {
		return ""
	}
	var value any
	d := json.NewDecoder(strings.NewReader(v))
	d.UseNumber()
	if err := d.Decode(&value); err != nil || d.More() {
		return at + ": is no " + strings.Join(types, " or ")
	}
	return s.any(at, types, value)
}

// any is "" if v is of one of the types, else what is wrong with the one it comes
// closest to.
func (s *Spec) any(at string, types []string, v any) string {
	closest := ""
	for _, t := range types {
		why := s.one(at, t, v)
		if why == "" {
			return ""
		}
		// The deeper the complaint, the closer the type.
		if closest == "" || strings.Count(why, ".") > strings.Count(closest, ".") {
			closest = why
		}
	}
	return closest
}

func (s *Spec) one(at, t string, v any) string {
	is := func(ok bool) string {
		if ok {
			return ""
		}
		return at + ": is no " + t
	}
	switch t {
	case "String", "InputFile":
		_, ok := v.(string)
		return is(ok)
	case "Boolean":
		_, ok := v.(bool)
		return is(ok)
	case "True":
		return is(v == true)
	case "Float":
		_, ok := v.(json.Number)
		return is(ok)
	case "Integer":
		n, ok := v.(json.Number)
		if ok {
			_, err := n.Int64()
			ok = err == nil
		}
		return is(ok)
	}
	if t == "RichText" { // which is a text, or several, before it is one of its members
		switch v := v.(type) {
		case string:
			return ""
		case []any:
			for i, x := range v {
				if why := s.one(fmt.Sprintf("%s[%d]", at, i), t, x); why != "" {
					return why
				}
			}
			return ""
		}
	}
	if of, ok := strings.CutPrefix(t, "Array of "); ok {
		list, ok := v.([]any)
		if !ok {
			return is(false)
		}
		types := strings.Split(strings.ReplaceAll(of, " and ", ", "), ", ")
		for i, x := range list {
			if why := s.any(fmt.Sprintf("%s[%d]", at, i), types, x); why != "" {
				return why
			}
		}
		return ""
	}
	o, ok := s.Types[t]
	if !ok {
		return at + ": the description has no type " + t
	}
	if len(o.Subtypes) > 0 {
		return s.member(at, t, o.Subtypes, v)
	}
	return s.object(at, t, o, v)
}

// member finds which member of a union is meant: by its "type" field where that
// says "must be X" or "always “X”", so that an article is not taken for a photo
// that lacks its fields; else by trial.
func (s *Spec) member(at, union string, members []string, v any) string {
	if m, ok := v.(map[string]any); ok {
		if kind, ok := m["type"].(string); ok {
			var named []string
			decided := false
			for _, name := range members {
				for _, f := range s.Types[name].Fields {
					if f.Name != "type" {
						continue
					}
					if c := constant.FindStringSubmatch(f.Description); c != nil {
						decided = true
						if c[1] == kind {
							named = append(named, name)
						}
					}
				}
			}
			if decided && len(named) == 0 {
				return at + ".type: no " + union + " is called " + strconv.Quote(kind)
			}
			if len(named) > 0 {
				members = named
			}
		}
	}
	return s.any(at, members, v)
}

var constant = regexp.MustCompile(`(?:must be|always) [“"'*]?([a-z_]+)`)

func (s *Spec) object(at, t string, o Object, v any) string {
	m, ok := v.(map[string]any)
	if !ok {
		return at + ": is no " + t
	}
	fields := map[string]Field{}
	for _, f := range o.Fields {
		fields[f.Name] = f
		if _, ok := m[f.Name]; f.Required && !ok {
			return at + "." + f.Name + ": is missing in " + t
		}
	}
	for _, name := range slices.Sorted(maps.Keys(m)) {
		f, ok := fields[name]
		if !ok {
			return at + "." + name + ": is not in " + t
		}
		if why := s.any(at+"."+name, f.Types, m[name]); why != "" {
			return why
		}
		if text, ok := m[name].(string); ok {
			if why := tooLong(at+"."+name, text, f.Description); why != "" && m["parse_mode"] == nil {
				return why
			}
		}
	}
	return ""
}
