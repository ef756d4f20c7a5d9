package importer

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// Moodle's GIFT: questions between blank lines, with their answers in braces.

var (
	giftTitle    = regexp.MustCompile(`(?s)^::(.*?)::`)
	giftFormat   = regexp.MustCompile(`^\s*\[(html|moodle|plain|markdown)\]`)
	giftCategory = regexp.MustCompile(`^\s*\$CATEGORY:\s*(.*)$`)
	giftTruth    = regexp.MustCompile(`(?is)^(T|TRUE|F|FALSE)\s*(#.*)?$`)
	giftWeight   = regexp.MustCompile(`^%(-?[0-9.]+)%`)
	giftGap      = regexp.MustCompile(`_____ ([.,;:!?…])`)
	giftTags     = regexp.MustCompile(`\[(?:id|tag):[^\]]*\]`)
)

// kept is added to a character behind a backslash, so that it stands for nothing
// but itself until the answer has been taken apart.
const kept = 0xf0000

// giftEscapes are the characters that GIFT escapes.
const giftEscapes = `~=#{}:\[]`

// escapesKept hides escaped characters.
func escapesKept(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) {
			switch c := s[i+1]; {
			case c == 'n':
				b.WriteByte('\n')
				i++
				continue
			case strings.IndexByte(giftEscapes, c) >= 0:
				b.WriteRune(kept + rune(c))
				i++
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// shownEscapes shows them again.
func shownEscapes(s string) string {
	return strings.Map(func(r rune) rune {
		if r > kept && r < kept+0x80 {
			return r - kept
		}
		return r
	}, s)
}

// gift reads a GIFT file.
func (m *maker) gift(text string) {
	var block []string
	topic, start, number := "", 0, 0
	end := func() {
		if len(block) > 0 && !m.givenUp {
			m.giftQuestion(strings.Join(block, "\n"), start, topic)
		}
		block = nil
	}
	for line := range strings.Lines(text) {
		number++
		line = strings.TrimRight(line, "\r\n")
		trimmed := strings.TrimSpace(line)
		if c := giftCategory.FindStringSubmatch(line); c != nil {
			end()
			topic = giftTopic(c[1])
			continue
		}
		switch {
		case trimmed == "":
			end()
		case strings.HasPrefix(trimmed, "//"):
		default:
			if len(block) == 0 {
				start = number
			}
			block = append(block, line)
		}
	}
	end()
}

// giftTopic returns the last name in the path of a category.
func giftTopic(path string) string {
	for _, part := range slices.Backward(strings.Split(strings.ReplaceAll(path, "//", "\x00"), "/")) {
		if part = strings.TrimSpace(strings.ReplaceAll(part, "\x00", "/")); part != "" && part != "top" && !strings.HasPrefix(part, "$") {
			return part
		}
	}
	return ""
}

// giftQuestion reads one question.
func (m *maker) giftQuestion(text string, line int, topic string) {
	s := strings.TrimSpace(escapesKept(text))
	if t := giftTitle.FindString(s); t != "" {
		s = strings.TrimSpace(s[len(t):])
	}
	markdown := strings.HasPrefix(s, "[markdown]")
	s = giftFormat.ReplaceAllString(s, "")
	open := strings.IndexByte(s, '{')
	if open < 0 {
		m.bad(line, "there are no braces with an answer; blank lines stand between questions and nowhere else")
		return
	}
	closed := strings.IndexByte(s[open:], '}')
	if closed < 0 {
		m.bad(line, "the brace with the answers is not closed; no blank line may stand in it")
		return
	}
	before, inside, after := s[:open], strings.TrimSpace(s[open+1:open+closed]), strings.TrimSpace(s[open+closed+1:])
	if strings.ContainsRune(after, '{') {
		m.bad(line, "the question has two places for answers; a blank line must stand between questions")
		return
	}
	asks := strings.HasSuffix(strings.TrimSpace(before), "?")
	words := strings.ContainsFunc(after, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) })
	if words || !asks && strings.Trim(after, ".!?…") == "" && after != "" {
		before = strings.TrimRight(before, " \n") + " _____ " + after
		before = giftGap.ReplaceAllString(before, "_____$1")
	}
	answer, others, why := giftAnswer(inside)
	if why != "" {
		m.bad(line, "%s", why)
		return
	}
	e := entry{line: line, origin: "Moodle GIFT", questions: []question{{shownEscapes(before), line}}, answer: shownEscapes(answer)}
	if markdown {
		e.answer = withoutMarkdown(e.answer)
	}
	if topic != "" {
		e.topics = []string{topic}
	}
	if len(others) > 0 {
		e.detail = shownEscapes("Also accepted: " + strings.Join(others, "; ") + ".")
	}
	m.add(e)
}

// giftAnswer returns the right answer of what stands in braces, and what is right
// as well; or why there is none.
func giftAnswer(s string) (answer string, others []string, why string) {
	s, _, _ = strings.Cut(s, "####") // what is said to everybody
	s = strings.TrimSpace(s)
	if t := giftTruth.FindStringSubmatch(s); t != nil {
		if t[1][0]|0x20 == 't' {
			return "True", nil, ""
		}
		return "False", nil, ""
	}
	if s == "" {
		return "", nil, "the question is an essay: it has no answer"
	}
	numbers := strings.HasPrefix(s, "#")
	if numbers {
		s = strings.TrimSpace(s[1:])
		if !strings.HasPrefix(s, "=") && !strings.HasPrefix(s, "~") {
			s = "=" + s
		}
	}
	var right, partly, matched []string
	for _, a := range giftAnswers(s) {
		if left, r, ok := strings.Cut(a.text, "->"); ok && a.sign == '=' && !numbers {
			if strings.TrimSpace(left) != "" {
				matched = append(matched, strings.TrimSpace(left)+": "+strings.TrimSpace(r))
			}
			continue
		}
		text := a.text
		if numbers {
			text = giftNumber(text)
		}
		switch {
		case text == "":
		case a.sign == '=' && a.weight >= 100 || a.sign == '~' && a.weight >= 100:
			right = append(right, text)
		case a.weight > 0:
			partly = append(partly, text)
		}
	}
	switch {
	case len(matched) > 0:
		return strings.Join(matched, "; "), nil, ""
	case len(right) > 0 && strings.Contains(s, "~"):
		return strings.Join(right, "; "), nil, "" // partly right is not right
	case len(right) > 0:
		return right[0], append(right[1:], partly...), ""
	case len(partly) > 0: // several answers, each a part of what is right
		return strings.Join(partly, "; "), nil, ""
	}
	return "", nil, "none of the answers is marked as right (=)"
}

type giftChoice struct {
	sign   byte
	weight float64
	text   string
}

// giftAnswers takes a list of answers apart; what is said of them is left out.
func giftAnswers(s string) []giftChoice {
	var out []giftChoice
	for s != "" {
		at := strings.IndexAny(s, "=~")
		if at < 0 {
			break
		}
		a := giftChoice{sign: s[at]}
		s = s[at+1:]
		end := strings.IndexAny(s, "=~")
		if end < 0 {
			end = len(s)
		}
		text := strings.TrimSpace(s[:end])
		s = s[end:]
		if a.sign == '=' {
			a.weight = 100
		}
		if w := giftWeight.FindStringSubmatch(text); w != nil {
			a.weight, _ = strconv.ParseFloat(w[1], 64)
			text = text[len(w[0]):]
		}
		text, _, _ = strings.Cut(text, "#")
		a.text = strings.TrimSpace(giftFormat.ReplaceAllString(giftTags.ReplaceAllString(text, ""), ""))
		out = append(out, a)
	}
	return out
}

// giftNumber writes a number with its margin as people do.
func giftNumber(s string) string {
	if from, to, ok := strings.Cut(s, ".."); ok {
		return strings.TrimSpace(from) + "–" + strings.TrimSpace(to)
	}
	n, margin, ok := strings.Cut(s, ":")
	if margin = strings.TrimSpace(margin); !ok || margin == "" || margin == "0" {
		return strings.TrimSpace(n)
	}
	return strings.TrimSpace(n) + " (± " + margin + ")"
}
