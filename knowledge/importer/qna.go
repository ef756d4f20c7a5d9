package importer

import (
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"footnote/knowledge"
	"footnote/knowledge/draft"
)

// The .qna files of the Bot Framework: questions as headings, other ways of asking
// as a list, and the answer between two fences.

var (
	qnaStart      = regexp.MustCompile(`(?m)^[ \t]*#+[ \t]*\?`)
	qnaQuestion   = regexp.MustCompile(`^#+\s*\?\s*(.*)$`)
	qnaItem       = regexp.MustCompile(`^[-*+]\s+(.*)$`)
	qnaFilter     = regexp.MustCompile(`^([^=]+)=\s*(.*)$`)
	qnaSection    = regexp.MustCompile(`^\*{1,3}\s*(\w+)\s*:?\s*\*{1,3}:?$`)
	qnaAnchor     = regexp.MustCompile(`^<a\s+id\s*=\s*"([^"]*)"\s*>\s*</a>$`)
	qnaSource     = regexp.MustCompile(`^>\s*!#\s*@qna\.pair\.source\s*=\s*(.*)$`)
	qnaAlteration = regexp.MustCompile(`^\$\s*(.+?)\s*:\s*qna-alterations?\s*=$`)
	qnaPrompt     = regexp.MustCompile("^\\[[^\\]]*\\]\\(#(\\??)([^)]*)\\)\\s*(`context-only`)?")
	qnaImport     = regexp.MustCompile(`^\[[^\]]*\]\(([^)#]+)[^)]*\)$`)
	qnaFence      = "```"
)

// A qnaPair is a question of a .qna file with its answer.
type qnaPair struct {
	entry
	id       string
	answered bool
}

// A qnaReader reads a .qna file.
type qnaReader struct {
	m           *maker
	pairs       []*qnaPair
	pair        *qnaPair // the last, if its parts may still follow
	section     string   // what a list belongs to: "" ways of asking, or filters, prompts, alterations
	synonyms    []string
	id, source  string
	contextOnly []string // ids, or questions after a "?"
}

// qna reads a .qna file.
func (m *maker) qna(text string) {
	r := qnaReader{m: m}
	lines := strings.Split(text, "\n")
	for i := 0; i < len(lines); i++ {
		line := strings.TrimSpace(lines[i])
		if !strings.HasPrefix(line, qnaFence) {
			r.line(line, i+1)
			continue
		}
		end := slices.IndexFunc(lines[i+1:], func(l string) bool { return strings.TrimSpace(l) == qnaFence })
		if end < 0 {
			m.bad(i+1, "the answer that begins here is not closed with %s", qnaFence)
			break
		}
		if r.pair == nil || r.pair.answered {
			m.bad(i+1, "an answer stands here without a question (# ? …) above it")
		} else {
			r.pair.answer = withoutMarkdown(strings.TrimSpace(strings.Join(lines[i+1:i+1+end], "\n")))
			r.pair.answered = true
		}
		i += end + 1
	}
	r.endSynonyms()
	r.finish()
}

// line reads a line outside answers.
func (r *qnaReader) line(line string, number int) {
	if m := qnaItem.FindStringSubmatch(line); m != nil {
		r.item(strings.TrimSpace(m[1]), number)
		return
	}
	if line != "" {
		r.endSynonyms()
	}
	if m := qnaSource.FindStringSubmatch(line); m != nil {
		r.source = strings.TrimSpace(m[1])
	} else if m := qnaQuestion.FindStringSubmatch(line); m != nil {
		r.pair = &qnaPair{entry: entry{line: number, origin: strings.TrimSuffix("QnA Maker, "+r.source, ", ")}, id: r.id}
		if q := strings.TrimSpace(mdEscape.ReplaceAllString(m[1], "$1")); q != "" {
			r.pair.questions = []question{{q, number}}
		}
		r.pairs = append(r.pairs, r.pair)
		r.id, r.section = "", ""
	} else if m := qnaSection.FindStringSubmatch(line); m != nil {
		r.section = strings.ToLower(m[1])
	} else if m := qnaAnchor.FindStringSubmatch(line); m != nil {
		r.id = m[1]
	} else if m := qnaAlteration.FindStringSubmatch(line); m != nil {
		r.section, r.synonyms = "alterations", []string{m[1]}
	} else if m := qnaImport.FindStringSubmatch(line); m != nil && !r.m.reads(m[1]) {
		r.m.lacks("%s refers to %s (line %d), which was not read with it", filepath.Base(r.m.file), m[1], number)
	}
}

// reads reports whether a file that another refers to is part of the import.
func (m *maker) reads(name string) bool {
	return slices.ContainsFunc(m.files, func(f string) bool {
		ok, err := filepath.Match(filepath.Base(name), filepath.Base(f))
		return err == nil && ok && len(m.files) > 1
	})
}

// item reads an entry of a list.
func (r *qnaReader) item(text string, number int) {
	switch r.section {
	case "":
		if r.pair != nil && !r.pair.answered {
			r.pair.questions = append(r.pair.questions, question{mdEscape.ReplaceAllString(text, "$1"), number})
		}
	case "filters":
		if m := qnaFilter.FindStringSubmatch(text); m != nil && r.pair != nil {
			r.pair.keywords = append(r.pair.keywords, strings.TrimSpace(m[2]))
		}
	case "prompts":
		if m := qnaPrompt.FindStringSubmatch(text); m != nil && m[3] != "" {
			r.contextOnly = append(r.contextOnly, m[1]+strings.ReplaceAll(m[2], "-", " "))
		}
	case "alterations":
		r.synonyms = append(r.synonyms, text)
	}
}

// endSynonyms makes a group of words that mean the same.
func (r *qnaReader) endSynonyms() {
	if group := words(r.synonyms); len(group) > 1 {
		p := r.m.foreign()
		groups := append(p.draft.Head.List("synonyms"), group)
		p.draft.Head = append(p.draft.Head.Without("synonyms"), draft.Member{Key: "synonyms", Value: groups})
	}
	r.synonyms = nil
}

func (r *qnaReader) finish() {
	for _, p := range r.pairs {
		if r.m.givenUp {
			return
		}
		isContext := func(id string) bool {
			return p.id != "" && id == p.id || strings.HasPrefix(id, "?") && slices.ContainsFunc(p.questions, func(q question) bool {
				return knowledge.QuestionKey(q.text) == knowledge.QuestionKey(id)
			})
		}
		if slices.ContainsFunc(r.contextOnly, isContext) {
			r.m.bad(p.line, "the entry makes sense only after another answer (context-only), which facts do not")
			continue
		}
		r.m.add(p.entry)
	}
}
