package knowledge

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	yaml "go.yaml.in/yaml/v4"

	"footnote/knowledge/packtest"
)

// validator is as much of JSON Schema draft-07 as Schema uses. It fails on a
// keyword that it does not know, so that the schema cannot outgrow it.
type validator struct{ root map[string]any }

func (v validator) valid(schema, x any, path string) error {
	s := schema.(map[string]any)
	fail := func(format string, args ...any) error {
		return fmt.Errorf("%s: %s", path, fmt.Sprintf(format, args...))
	}
	if r, ok := s["$ref"].(string); ok {
		return v.valid(v.root["definitions"].(map[string]any)[strings.TrimPrefix(r, "#/definitions/")], x, path)
	}
	m, isMap := x.(map[string]any)
	list, isList := x.([]any)
	text, isText := x.(string)
	for key, want := range s {
		var err error
		switch key {
		case "$schema", "title", "description", "definitions", "examples", "then", "else", "additionalProperties":
		case "type":
			types, ok := want.([]any)
			if !ok {
				types = []any{want}
			}
			if !hasType(types, x) {
				err = fail("%v is no %v", x, want)
			}
		case "const":
			if x != want {
				err = fail("%v is not %v", x, want)
			}
		case "enum":
			found := false
			for _, w := range want.([]any) {
				found = found || x == w
			}
			if !found {
				err = fail("%v is none of %v", x, want)
			}
		case "required":
			for _, k := range want.([]any) {
				if _, ok := m[k.(string)]; isMap && !ok {
					err = fail("%s is missing", k)
				}
			}
		case "properties":
			for k, sub := range want.(map[string]any) {
				if value, ok := m[k]; ok && err == nil {
					err = v.valid(sub, value, path+"."+k)
				}
			}
		case "propertyNames":
			for k := range m {
				if err == nil {
					err = v.valid(want, k, path+"."+k)
				}
			}
		case "minProperties":
			if isMap && len(m) < int(want.(float64)) {
				err = fail("too few keys")
			}
		case "items":
			for i, value := range list {
				if err == nil {
					err = v.valid(want, value, fmt.Sprintf("%s[%d]", path, i))
				}
			}
		case "minItems":
			if isList && len(list) < int(want.(float64)) {
				err = fail("too few entries")
			}
		case "maxItems":
			if isList && len(list) > int(want.(float64)) {
				err = fail("too many entries")
			}
		case "minLength", "maxLength":
			n := utf8.RuneCountInString(text)
			if isText && (key == "minLength" && n < int(want.(float64)) || key == "maxLength" && n > int(want.(float64))) {
				err = fail("%d characters", n)
			}
		case "pattern":
			if isText && !regexp.MustCompile(want.(string)).MatchString(text) {
				err = fail("%q does not match", text)
			}
		case "anyOf":
			for _, sub := range want.([]any) {
				if err = v.valid(sub, x, path); err == nil {
					break
				}
			}
		case "allOf":
			for _, sub := range want.([]any) {
				if err == nil {
					err = v.valid(sub, x, path)
				}
			}
		case "if":
			branch := s["then"]
			if v.valid(want, x, path) != nil {
				branch = s["else"]
			}
			if branch != nil {
				err = v.valid(branch, x, path)
			}
		default:
			panic("the validator does not know " + key)
		}
		if err != nil {
			return err
		}
	}
	if extra, ok := s["additionalProperties"]; ok {
		known, _ := s["properties"].(map[string]any)
		for k, value := range m {
			if _, ok := known[k]; ok {
				continue
			}
			if extra == false {
				return fail("unknown key %s", k)
			}
			if err := v.valid(extra, value, path+"."+k); err != nil {
				return err
			}
		}
	}
	return nil
}

func hasType(types []any, x any) bool {
	is := ""
	switch x.(type) {
	case map[string]any:
		is = "object"
	case []any:
		is = "array"
	case string:
		is = "string"
	case bool:
		is = "boolean"
	case nil:
		is = "null"
	case float64:
		is = "number"
	}
	for _, t := range types {
		if t == is {
			return true
		}
	}
	return false
}

// asJSON is what an editor's language server makes of YAML.
func asJSON(t *testing.T, text string) (any, bool) {
	t.Helper()
	var x any
	if err := yaml.Unmarshal([]byte(text), &x); err != nil {
		return nil, false
	}
	raw, err := json.Marshal(textKeys(x))
	if err != nil {
		return nil, false
	}
	var out any
	if err := json.Unmarshal(raw, &out); err != nil {
		t.Fatal(err)
	}
	return out, true
}

func textKeys(x any) any {
	switch x := x.(type) {
	case map[any]any:
		out := map[string]any{}
		for k, v := range x {
			out[fmt.Sprint(k)] = textKeys(v)
		}
		return out
	case map[string]any:
		for k, v := range x {
			x[k] = textKeys(v)
		}
	case []any:
		for i, v := range x {
			x[i] = textKeys(v)
		}
	}
	return x
}

func schemaValidator(t *testing.T) validator {
	t.Helper()
	var root map[string]any
	if err := json.Unmarshal(Schema(), &root); err != nil {
		t.Fatal(err)
	}
	return validator{root}
}

func TestSchemaAccepts(t *testing.T) {
	v := schemaValidator(t)
	check := func(name, text string) {
		x, ok := asJSON(t, text)
		if !ok {
			t.Errorf("%s cannot be parsed", name)
			return
		}
		if err := v.valid(v.root, x, ""); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, text := range packtest.Valid() {
		check(name, text)
	}
	doc, err := os.ReadFile("FORMAT.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range yamlBlock.FindAllStringSubmatch(string(doc), -1) {
		check("FORMAT.md "+b[1], b[2])
	}
	for _, pattern := range []string{"packs/*/*.yaml", "packs/*/facts/*.yaml"} {
		names, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			if strings.HasPrefix(name, filepath.Join("packs", "testdata")) {
				continue
			}
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			check(name, string(text))
		}
	}
}

// What the loader refuses the schema refuses too, as far as it can know.
func TestSchemaRefuses(t *testing.T) {
	v := schemaValidator(t)
	var beyond []string // cases that no schema of one file can see
	for _, c := range problemCases() {
		p, problems := Load(c.pack.FS(), "thaw")
		refused := false
		for name, text := range c.pack {
			if !strings.HasSuffix(name, ".yaml") {
				continue
			}
			x, ok := asJSON(t, text)
			refused = refused || !ok || v.valid(v.root, x, "") != nil
		}
		if p != nil && refused && !strings.HasPrefix(c.name, "files beside") {
			t.Errorf("%s: the loader only warns (%v), the schema refuses", c.name, problems)
		}
		if p == nil && !refused {
			beyond = append(beyond, c.name)
		}
	}
	golden(t, "beyond-schema.txt", strings.Join(beyond, "\n")+"\n")
}
