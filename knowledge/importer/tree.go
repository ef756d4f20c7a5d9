package importer

import (
	"slices"
	"strconv"
	"strings"

	"footnote/knowledge/draft"
)

// A tree is what cells hold, by the ways to it, before it becomes an object.
type tree struct {
	text  string
	isSet bool
	names []string
	below map[string]*tree
}

// put puts a text at the end of a way. A second one goes below the first, as
// another line.
func (t *tree) put(path []string, text string) {
	if len(path) == 0 {
		if t.isSet {
			text = t.text + "\n" + text
		}
		t.text, t.isSet = text, true
		return
	}
	if t.below == nil {
		t.below = map[string]*tree{}
	}
	next := t.below[path[0]]
	if next == nil {
		next = &tree{}
		t.below[path[0]] = next
		t.names = append(t.names, path[0])
	}
	next.put(path[1:], text)
}

// wordLists hold texts, one a line; the way to one may go on with a language or a
// number.
var wordLists = []string{"topics", "questions", "keywords", "people", "related", "languages", "synonyms", "variants"}

// isWords reports whether a way leads to a list of texts.
func isWords(path []string) bool {
	for i := len(path) - 1; i >= 0; i-- {
		if slices.Contains(wordLists, path[i]) {
			return i >= len(path)-3
		}
	}
	return false
}

// value makes of a tree what a file of the pack has in its place: a text, a list or
// an object.
func (t *tree) value(path, langs []string) any {
	step := func(name string) []string { return append(slices.Clone(path), name) }
	last := ""
	if len(path) > 0 {
		last = path[len(path)-1]
	}
	var numbers []string
	var object draft.Object
	if t.isSet && len(t.names) > 0 && !t.onlyNumbers() {
		object = append(object, draft.Member{Key: defaultKey(last, langs), Value: (&tree{text: t.text, isSet: true}).value(path, langs)})
	}
	for _, name := range t.names {
		if isNumber(name) {
			numbers = append(numbers, name)
			continue
		}
		object = append(object, draft.Member{Key: name, Value: t.below[name].value(step(name), langs)})
	}
	slices.SortStableFunc(numbers, func(a, b string) int { x, _ := strconv.Atoi(a); y, _ := strconv.Atoi(b); return x - y })
	switch {
	case len(object) > 0:
		if isByLanguage(object, langs) {
			slices.SortStableFunc(object, func(a, b draft.Member) int { return slices.Index(langs, a.Key) - slices.Index(langs, b.Key) })
		}
		return object
	case len(numbers) > 0:
		var list []any
		flat := isWords(path) && last != "synonyms"
		if t.isSet && flat {
			list = append(list, lines(t.text)...)
		}
		for _, n := range numbers {
			v := t.below[n].value(step(n), langs)
			inner, ok := v.([]any)
			switch {
			case ok && last == "people": // one name, and in further lines how else it is written
				if len(inner) == 1 {
					list = append(list, inner[0])
				} else {
					list = append(list, inner)
				}
			case ok && flat:
				list = append(list, inner...)
			default:
				list = append(list, v)
			}
		}
		return list
	case isWords(path):
		return lines(t.text)
	}
	return t.text
}

// onlyNumbers reports whether all that is below are entries of a list.
func (t *tree) onlyNumbers() bool {
	return !slices.ContainsFunc(t.names, func(n string) bool { return !isNumber(n) })
}

// defaultKey is the name of the text of something that has further parts.
func defaultKey(of string, langs []string) string {
	switch of {
	case "locator":
		return "value"
	case "quote":
		return "text"
	}
	return langs[0]
}

func isByLanguage(o draft.Object, langs []string) bool {
	return !slices.ContainsFunc(o, func(m draft.Member) bool { return !slices.Contains(langs, m.Key) })
}

func lines(s string) []any {
	var out []any
	for _, l := range draft.SplitLines(s) {
		out = append(out, strings.TrimSpace(l))
	}
	return out
}
