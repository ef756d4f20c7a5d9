package answers

import "footnote/answers/lexicon"

// A scratch is what comparing one question writes to. An index keeps some, so that a question
// costs little memory of its own.
type scratch struct {
	question     question
	similarities similarities
	grams        []float32 // of the question, by gram; all 0 between questions
	keys         []int32

	board *lexicon.Board
	set   int // how many of the telling words are on it
	roles []lexicon.Role

	// How the telling words stand to the words of facts, by the numbers of these as texts: a row for
	// each that was asked for.
	rowAt []int32 // where a text's row begins, from 1; 0 for none
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
	q.ix.pool.Put(s)
}

// relations are how the telling words stand to a text of the base. Only those to content words
// are asked for.
func (q *question) relations(text int32) []lexicon.Relation {
	s := q.scratch
	n := len(q.telling)
	if at := s.rowAt[text]; at > 0 {
		return s.rows[at-1 : int(at)-1+n]
	}
	q.setBoard()
	at := len(s.rows)
	s.rows = s.board.Relate(q.ix.vocabulary.formsOf(text), s.rows)
	for k := s.set; k < n; k++ { // what there was no room for
		r := lexicon.None
		if w := &q.u.words[q.telling[k]]; w.kind == content {
			r = lexicon.EnglishRelations().Between(w.text, q.ix.vocabulary.texts[text])
		}
		s.rows = append(s.rows, r)
	}
	row := s.rows[at:]
	for k, i := range q.telling {
		if q.words[i].text == text {
			row[k] = lexicon.Same
		}
	}
	s.rowAt[text] = int32(at) + 1
	s.rowOf = append(s.rowOf, text)
	return row
}

// sameSense reports whether the k-th telling word has the sense of a text of the base.
func (q *question) sameSense(k int, text int32) bool {
	if q.words[q.telling[k]].text == text {
		return true
	}
	q.setBoard()
	if k < q.scratch.set {
		return q.scratch.board.SameSense(k, q.ix.vocabulary.formsOf(text))
	}
	return sameSense(q.relations(text)[k])
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
	var buf [16]lexicon.ID
	full := false
	for _, i := range q.telling {
		forms := buf[:0]
		if q.u.words[i].kind == content {
			if t := q.words[i].text; t >= 0 {
				forms = q.ix.vocabulary.formsOf(t)
			} else {
				forms = r.Forms(q.u.words[i].text, forms)
			}
		}
		s.roles = append(s.roles, r.RoleOf(forms))
		if full = full || !s.board.Add(forms); !full {
			s.set++
		}
	}
}
