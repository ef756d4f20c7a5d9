package answers

import (
	"slices"

	"footnote/answers/lexicon"
	"footnote/answers/parse"
)

// A scratch is what comparing one question writes to. An index keeps some, so that a question
// costs little memory of its own.
type scratch struct {
	question     question
	similarities similarities
	grams        []float32 // of the question, by gram; all 0 between questions
	keys         []int32

	shares   []float64 // of evidence
	compared struct {
		figures  [maxCompared]figuresOf
		evidence [maxCompared]evidence
		closest  [maxCompared]int32
	}

	board *lexicon.Board
	set   int // how many of the telling words are on it
	roles []lexicon.Role

	forms   []lexicon.ID // base forms of the telling words,
	formsAt []int        // where those of each begin, and the end of the last

	alike   []int32 // texts of the base that have the sense of a telling word,
	alikeOf []span  // where those of each are; −1 where they were not looked for

	// How the telling words stand to the words of facts, by the numbers of these as texts: a row for
	// each that was asked for.
	rowAt []int32 // where a text's row begins, from 1; 0 where it was not asked for, −1 where none is related
	rowOf []int32 // the texts that have one
	rows  []lexicon.Relation
	near  []lexicon.Relation // the closest of them to some phrasings
}

func newScratch(ix *index) *scratch {
	s := &scratch{grams: make([]float32, len(ix.spellings.idf)), rowAt: make([]int32, len(ix.vocabulary.textIDs))}
	s.similarities.byPhrasing, s.similarities.byText = make([]float64, len(ix.facts)), make([]float64, len(ix.facts))
	s.similarities.charsOf, s.similarities.wanted = make([]float32, len(ix.phrasings)), make([]bool, len(ix.facts))
	return s
}

// share gives room for so many shares.
func (s *scratch) share(n int) []float64 {
	if len(s.shares)+n > cap(s.shares) {
		s.shares = make([]float64, 0, max(maxCompared*n, 128))
	}
	at := len(s.shares)
	s.shares = s.shares[:at+n]
	clear(s.shares[at:])
	return s.shares[at : at+n : at+n]
}

// begin leaves nothing of the last question.
func (s *similarities) begin() {
	clear(s.byPhrasing)
	clear(s.byText)
	*s = similarities{unanswered: -1, byPhrasing: s.byPhrasing, byText: s.byText, charsOf: s.charsOf, wanted: s.wanted, kept: s.kept}
}

// floats are n numbers, which are any, in the i-th of the arrays that are kept.
func (s *similarities) floats(i, n int) []float32 {
	if cap(s.kept[i]) < n {
		s.kept[i] = make([]float32, n)
	}
	return s.kept[i][:n]
}

// close gives q back.
func (q *question) close() {
	s := q.scratch
	if s.board != nil {
		s.board.Close()
		s.board = nil
	}
	for _, t := range s.rowOf {
		s.rowAt[t] = 0
	}
	s.rowOf, s.rows, s.roles = s.rowOf[:0], s.rows[:0], s.roles[:0]
	s.shares = s.shares[:0]
	s.forms, s.formsAt, s.alike, s.alikeOf = s.forms[:0], s.formsAt[:0], s.alike[:0], s.alikeOf[:0]
	q.ix.pool.Put(s)
}

// relations are how the telling words stand to a text of the base; nil if none is related to it.
func (q *question) relations(text int32) []lexicon.Relation {
	s := q.scratch
	n := len(q.telling)
	switch at := s.rowAt[text]; {
	case at > 0:
		return s.rows[at-1 : int(at)-1+n]
	case at < 0:
		return nil
	}
	return q.relate(text)
}

func (q *question) relate(text int32) []lexicon.Relation {
	s := q.scratch
	n := len(q.telling)
	q.setBoard()
	s.rowOf = append(s.rowOf, text)
	at := len(s.rows)
	var any bool
	if s.rows, any = s.board.Relate(q.ix.vocabulary.formsOf(text), s.rows); !any {
		if s.set == n && !q.anyAlike(text) && !slices.ContainsFunc(q.telling, func(i int) bool { return q.words[i].text == text }) {
			s.rowAt[text] = -1
			return nil
		}
		for range s.set {
			s.rows = append(s.rows, lexicon.None)
		}
	}
	for k := s.set; k < n; k++ { // what there was no room for
		r := lexicon.None
		if w := &q.u.words[q.telling[k]]; w.Kind == parse.Content && !w.Native() {
			r = lexicon.EnglishRelations().Between(w.Text, q.ix.vocabulary.texts[text])
		}
		s.rows = append(s.rows, r)
	}
	row := s.rows[at:]
	for k, i := range q.telling {
		if q.words[i].text == text {
			row[k] = lexicon.Same
		} else if q.senses != nil && row[k] == lexicon.None && q.isAlike(k, text) {
			row[k] = lexicon.Synonym
		}
	}
	s.rowAt[text] = int32(at) + 1
	return row
}

// relation is how the k-th telling word stands to a text of the base.
func (q *question) relation(k int, text int32) lexicon.Relation {
	if row := q.relations(text); row != nil {
		return row[k]
	}
	return lexicon.None
}

// alike are the texts of the base that have the sense of the k-th telling word.
func (q *question) alike(k int) []int32 {
	q.setBoard()
	s, v := q.scratch, q.ix.vocabulary
	for len(s.alikeOf) < len(q.telling) {
		s.alikeOf = append(s.alikeOf, span{-1, -1})
	}
	if a := s.alikeOf[k]; a.first >= 0 {
		return s.alike[a.first:a.last]
	}
	first := len(s.alike)
	if own := q.words[q.telling[k]].text; own >= 0 {
		s.alike = append(s.alike, own)
	}
	for _, f := range s.forms[s.formsAt[k]:s.formsAt[k+1]] {
		lexicon.EnglishRelations().Alike(f, func(like lexicon.ID) {
			for _, text := range v.textsOf(like) {
				if !slices.Contains(s.alike[first:], text) && sameSense(q.relation(k, text)) {
					s.alike = append(s.alike, text)
				}
			}
		})
	}
	for _, text := range q.allAlike(k) {
		if !slices.Contains(s.alike[first:], text) {
			s.alike = append(s.alike, text)
		}
	}
	s.alikeOf[k] = span{first, len(s.alike)}
	return s.alike[first:]
}

// role is what kind of relation between people and things the k-th telling word names.
func (q *question) role(k int) lexicon.Role {
	q.setBoard()
	return q.scratch.roles[k]
}

// setBoard puts the telling words on a board.
func (q *question) setBoard() {
	s := q.scratch
	if s.board != nil {
		return
	}
	r := lexicon.EnglishRelations()
	s.board, s.set = lexicon.NewBoard(), 0
	s.formsAt = append(s.formsAt, 0)
	full := false
	for k, i := range q.telling {
		if q.u.words[i].Kind == parse.Content {
			if t := q.words[i].text; t >= 0 {
				s.forms = append(s.forms, q.ix.vocabulary.formsOf(t)...)
			} else if !q.u.words[i].Native() {
				s.forms = r.Forms(q.u.words[i].Text, s.forms)
			}
		}
		s.formsAt = append(s.formsAt, len(s.forms))
		forms := s.forms[s.formsAt[k]:]
		s.roles = append(s.roles, r.RoleOf(forms))
		if full = full || !s.board.Add(forms); !full {
			s.set++
		}
	}
}
