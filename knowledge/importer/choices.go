package importer

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"footnote/knowledge/strictyaml"
)

// Multiple choice: a table has the answers to choose from in several columns, and
// another says which is right, by its words, its letter or its number. What could
// mean two different answers is an error and never a guess.

// A choice is one of the answers to choose from.
type choice struct {
	label string // a–h or 1–9, or "" if it has none
	text  string
}

// byWords returns the options that key names in their own words.
func byWords(key string, options []choice) []string {
	for _, o := range options {
		if sameWords(o.text, key) {
			return []string{o.text}
		}
	}
	return nil
}

func sameWords(a, b string) bool { return strings.EqualFold(plain(a), plain(b)) }

var (
	// pointer is a letter or a number that stands for an option: "b", "B)", "Option 2".
	pointer = regexp.MustCompile(`^(?i:option|choice|answer|antwort)?\s*\(?([a-hA-H]|[0-9]{1,2})\s*[).]?$`)
	between = regexp.MustCompile(`\s*(?:[,;/&+|]|\band\b)\s*`)
)

// byLabel returns the options that key names by their letters or numbers.
func byLabel(key string, options []choice) []string {
	var out []string
	for _, part := range between.Split(strings.TrimSpace(key), -1) {
		m := pointer.FindStringSubmatch(strings.TrimSpace(part))
		if m == nil {
			return nil
		}
		label := strings.ToLower(m[1])
		at := slices.IndexFunc(options, func(o choice) bool { return o.label == label })
		if at < 0 {
			// Options called 1–4 may be pointed at by letter, and the other way round.
			n, err := strconv.Atoi(label)
			if err != nil {
				n = int(label[0]-'a') + 1
			}
			if n < 1 || n > len(options) || options[n-1].label != "" && sameKind(options[n-1].label, label) {
				return nil
			}
			at = n - 1
		}
		if s := options[at].text; !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

// sameKind reports whether both are letters or both are numbers.
func sameKind(a, b string) bool { return (a[0] <= '9') == (b[0] <= '9') }

// choose puts the right answers in place of what points at them.
func (m *maker) choose(rows []row) []row {
	allWords, allLabels := true, true
	for _, x := range rows {
		if x.answer != "" && len(x.options) > 0 {
			allWords = allWords && byWords(x.answer, x.options) != nil
			allLabels = allLabels && byLabel(x.answer, x.options) != nil
		}
	}
	var out []row
	for _, x := range rows {
		if x.answer == "" || len(x.options) == 0 {
			out = append(out, x) // an empty answer is reported as such
			continue
		}
		words, labels := byWords(x.answer, x.options), byLabel(x.answer, x.options)
		right := words
		switch {
		case words == nil && labels == nil:
			m.bad(x.line, "the right answer %s is none of the answers to choose from (%s)", strictyaml.Quote(x.answer), shownOptions(x.options))
			continue
		case words == nil, labels != nil && allLabels && !allWords:
			right = labels
		case labels != nil && !slices.Equal(words, labels) && allLabels == allWords:
			m.bad(x.line, "the right answer %s may mean %s by its words or %s by its place; write the answer itself",
				strictyaml.Quote(x.answer), strictyaml.Quote(words[0]), strictyaml.Quote(strings.Join(labels, "; ")))
			continue
		}
		x.answer = strings.Join(right, "; ")
		out = append(out, x)
	}
	return out
}

func shownOptions(options []choice) string {
	var names []string
	for _, o := range options {
		names = append(names, o.text)
	}
	return quotedList(names)
}

// onlyLetters reports whether every answer is a single letter.
func onlyLetters(rows []row) bool {
	n := 0
	for _, x := range rows {
		if x.answer == "" {
			continue
		}
		if n++; len(x.answer) != 1 || x.answer[0]|0x20 < 'a' || x.answer[0]|0x20 > 'h' {
			return false
		}
	}
	return n > 0
}
