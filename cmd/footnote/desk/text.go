package desk

import (
	"fmt"
	"html/template"
	"strings"
	"unicode/utf8"

	"footnote/knowledge"
	"footnote/knowledge/csl"
	"footnote/knowledge/splice"
)

// pageFuncs are what pages call.
var pageFuncs = template.FuncMap{
	"count":   func(n int, one, many string) string { return plural(n, one, many) },
	"add":     func(a, b int) int { return a + b },
	"percent": func(f float64) string { return fmt.Sprintf("%.0f %%", 100*f) },
	"chars":   utf8.RuneCountInString,
	"isError": func(p knowledge.Problem) bool { return p.Severity == knowledge.Error },
	"join":    strings.Join,
	"runs":    func(r csl.Runs) csl.Runs { return r },
	"dict": func(pairs ...any) map[string]any {
		m := map[string]any{}
		for i := 0; i+1 < len(pairs); i += 2 {
			m[fmt.Sprint(pairs[i])] = pairs[i+1]
		}
		return m
	},
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// cmpOr returns the first text that is not empty.
func cmpOr(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}

// textIn returns a text as it stands in a file, in one language if it is given in several.
func textIn(x any, lang string) string {
	switch v := x.(type) {
	case string:
		return strings.TrimSpace(v)
	case splice.Object:
		return strings.TrimSpace(v.Text(lang))
	}
	return ""
}

// lines returns a list of texts, one a line.
func lines(x any) string {
	var out []string
	for _, y := range listOf(x) {
		switch v := y.(type) {
		case string:
			out = append(out, v)
		case []any: // the ways to write one name
			var ways []string
			for _, w := range v {
				ways = append(ways, fmt.Sprint(w))
			}
			out = append(out, strings.Join(ways, " | "))
		}
	}
	return strings.Join(out, "\n")
}

// listOf returns a value as a list.
func listOf(x any) []any {
	switch v := x.(type) {
	case nil:
		return nil
	case []any:
		return v
	}
	return []any{x}
}

// oneLine returns a text without its breaks, as YAML's folding would.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// paragraphs returns a text whose lines belong together and whose paragraphs stay apart.
func paragraphs(s string) string {
	var out []string
	for _, p := range strings.Split(strings.ReplaceAll(s, "\r\n", "\n"), "\n\n") {
		if p = oneLine(p); p != "" {
			out = append(out, p)
		}
	}
	return strings.Join(out, "\n\n")
}

// nonEmptyLines returns the lines of a text field that hold something.
func nonEmptyLines(s string) []string {
	var out []string
	for line := range strings.Lines(s) {
		if line = oneLine(line); line != "" {
			out = append(out, line)
		}
	}
	return out
}
