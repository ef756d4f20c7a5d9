package importer

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

var (
	ankiStart   = regexp.MustCompile(`^#(separator|html|tags|columns|notetype|deck|guid|notetype column|deck column|tags column|guid column|if matches):`)
	triviaStart = regexp.MustCompile(`(?m)^#Q [^\n]*\n(?:[^\n^]*\n){0,20}\^ `)
	giftStart   = regexp.MustCompile(`(?m)^\s*\$CATEGORY:|^::[^\n]*::|\{\s*(#|[=~]|(?i:T|F|TRUE|FALSE)\s*[}#])`)
	qnaHeader   = regexp.MustCompile(`(?i)^\W*questions?\tanswer\t.*(qnaid|metadata)`)
)

// guess returns the format that a file, or the files of a folder, look like.
func guess(name, encoding string) (string, error) {
	info, err := os.Stat(name)
	if err == nil && info.IsDir() {
		files, err := filesOf(name, []string{".yml", ".yaml", ".qna", ".gift"})
		if err != nil {
			return "", err
		}
		return guess(files[0], encoding)
	}
	data, err := read(name)
	if errors.Is(err, os.ErrNotExist) {
		return "", fmt.Errorf("there is no file %s", name)
	}
	if err != nil {
		return "", err
	}
	if isWorkbook(data) {
		return "xlsx", nil
	}
	text, err := decode(data, encoding)
	if err != nil {
		return "", fmt.Errorf("%s: %w", name, err)
	}
	switch strings.ToLower(filepath.Ext(name)) {
	case ".qna":
		return "qna", nil
	case ".gift":
		return "gift", nil
	case ".jsonl", ".ndjson":
		return "jsonl", nil
	case ".yml", ".yaml":
		return guessYAML(text), nil
	}
	return guessText(text), nil
}

func guessYAML(text string) string {
	has := func(key string) bool { return strings.HasPrefix(text, key) || strings.Contains(text, "\n"+key) }
	switch {
	case has("nlu:"), has("responses:"), has("templates:"), has("intents:"):
		return "rasa"
	case has("conversations:"):
		return "chatterbot"
	}
	return "red"
}

func guessText(text string) string {
	switch start := strings.TrimSpace(text); {
	case ankiStart.MatchString(text):
		return "anki"
	case strings.HasPrefix(start, "{"), strings.HasPrefix(start, "["):
		n, err := parseJSON(text)
		shape, _ := shapeOf(n)
		if shape != "" && err == nil {
			return shape
		}
		first, more, _ := strings.Cut(start, "\n")
		one, firstErr := parseJSON(first)
		if firstErr == nil && one.kind == objectNode && (more != "" || one.has("question", "questions", "q")) {
			return "jsonl"
		}
		return "json"
	case qnaStart.MatchString(start) && strings.Contains(start, qnaFence):
		return "qna"
	case triviaStart.MatchString(start + "\n"):
		return "opentriviaqa"
	case qnaHeader.MatchString(start):
		return "qnamaker"
	case namesColumns(start):
		return "csv"
	case giftStart.MatchString(start) && strings.Contains(start, "}"):
		return "gift"
	}
	return "csv"
}

// namesColumns reports whether the first line names a question and an answer.
func namesColumns(text string) bool {
	first, _, _ := strings.Cut(text, "\n")
	r := tableReader{text: first, comma: comma(first), line: 1}
	fields, _, err := r.next()
	c := columnsOf(fields)
	return err == nil && len(having(c, asQuestion)) > 0 && len(having(c, asAnswer, asKey)) > 0
}

// isWorkbook reports whether data is an archive as workbooks are. What else it may
// be, package xlsx says.
func isWorkbook(data []byte) bool {
	return bytes.HasPrefix(data, []byte("PK\x03\x04")) && (bytes.Contains(data, []byte("[Content_Types].xml")) || bytes.Contains(data, []byte("content.xml")) || bytes.Contains(data, []byte("xl/")))
}
