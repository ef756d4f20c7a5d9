package lexicon

import "sync"

// An ID is the number of a base form. The base forms of a word that is compared again and
// again are looked up once ([Relations.Forms]).
type ID = uint16

// Forms appends the numbers of the known base forms of word (lower case) to out.
func (r *Relations) Forms(word string, out []ID) []ID {
	var buf [maxLemmas]ID
	return append(out, r.lemmas(word, buf[:0])...)
}

// RoleOf is the role of a word with those base forms, or NoRole.
func (r *Relations) RoleOf(forms []ID) Role {
	for _, id := range forms {
		if role := r.roles[id]; role != NoRole {
			return role
		}
	}
	return NoRole
}

// A Board says how a word is related to several others at once: all that the others are
// related to is marked on it, a bit for each of their base forms, so that a word is
// held against all of them in a few steps. It gives what [Relations.Between] gives, word by
// word. It is not safe for concurrent use.
type Board struct {
	r        *Relations
	words    []marked // by base form
	concepts []place  // by concept
	forms    []ID     // of the words that are set, one bit each
	from     []int    // where each word's forms begin, and the end of the last
	numbers  bits     // those that are numbers
	touched  []ID     // of words, to be cleared
	climbed  []ID     // of concepts
	some     []uint64 // the concepts that are marked, a bit each
}

// bits are base forms of the words that are set.
type bits uint32

const maxBits = 32

// marked is how the words that are set stand to a base form, and place how they stand to a
// concept: they name it, it lies right above them, it lies above them.
type (
	marked struct{ same, antonym, synonym bits }
	place  struct{ names, under, above bits }
)

var boards = sync.Pool{New: func() any {
	r := EnglishRelations()
	return &Board{r: r, words: make([]marked, len(r.words)), concepts: make([]place, len(r.wide)), some: make([]uint64, (len(r.wide)+63)/64)}
}}

// NewBoard gives a board without words. It is given back with Close.
func NewBoard() *Board {
	b := boards.Get().(*Board)
	b.forms, b.from = b.forms[:0], append(b.from[:0], 0)
	return b
}

// Close gives the board back.
func (b *Board) Close() {
	for _, id := range b.touched {
		b.words[id] = marked{}
	}
	for _, c := range b.climbed {
		b.concepts[c], b.some[c/64] = place{}, 0
	}
	b.touched, b.climbed, b.numbers = b.touched[:0], b.climbed[:0], 0
	boards.Put(b)
}

// Add sets a word by its base forms, and reports whether there was room for it; words that
// there is no room for are held against others one by one ([Relations.Between]).
func (b *Board) Add(forms []ID) bool {
	if len(b.forms)+len(forms) > maxBits {
		return false
	}
	for _, x := range forms {
		b.mark(x, 1<<len(b.forms))
		b.forms = append(b.forms, x)
	}
	b.from = append(b.from, len(b.forms))
	return true
}

func (b *Board) mark(x ID, bit bits) {
	r := b.r
	b.word(x).same |= bit
	for _, y := range r.antonyms.of(x) {
		b.word(y).antonym |= bit
	}
	for _, y := range r.synonyms.of(x) {
		b.word(y).synonym |= bit
	}
	if r.flags[x]&isNumber != 0 {
		b.numbers |= bit
	}
	for _, c := range r.names.of(x) {
		b.concept(c).names |= bit
	}
	for _, c := range r.under.of(x) {
		p := b.concept(c)
		p.above |= bit
		if !r.wide[c] {
			p.under |= bit
		}
	}
	for _, c := range r.higher.of(x) {
		b.concept(c).above |= bit
	}
}

func (b *Board) word(id ID) *marked {
	m := &b.words[id]
	if *m == (marked{}) {
		b.touched = append(b.touched, id)
	}
	return m
}

// climbs reports whether a concept is marked. Hardly any is, and what tells it is small enough
// for the nearest cache.
func (b *Board) climbs(c ID) bool { return b.some[c/64]>>(c%64)&1 != 0 }

func (b *Board) concept(c ID) *place {
	p := &b.concepts[c]
	if *p == (place{}) {
		b.climbed = append(b.climbed, c)
		b.some[c/64] |= 1 << (c % 64)
	}
	return p
}

// Relate appends to out how each word that is set is related to one with those base forms, and
// reports whether any is; if none is, it appends nothing.
func (b *Board) Relate(forms []ID, out []Relation) ([]Relation, bool) {
	var same, antonym, synonym, broader, sister bits
	r := b.r
	for _, y := range forms {
		m := b.words[y]
		same |= m.same
		antonym |= m.antonym
		left := ^(m.same | m.antonym)
		synonym |= m.synonym & left
		left &^= m.synonym
		if r.flags[y]&isNumber != 0 {
			sister |= b.numbers & left
			left &^= b.numbers
		}
		var wide, level bits
		for _, c := range r.names.of(y) {
			if b.climbs(c) {
				wide |= b.concepts[c].above
			}
		}
		for _, c := range r.under.of(y) {
			if b.climbs(c) {
				wide |= b.concepts[c].names
				level |= b.concepts[c].under
			}
		}
		for _, c := range r.higher.of(y) {
			if b.climbs(c) {
				wide |= b.concepts[c].names
			}
		}
		broader |= wide & left
		sister |= level & left &^ wide
	}
	if same|antonym|synonym|broader|sister == 0 {
		return out, false
	}
	for i := range len(b.from) - 1 {
		// The forms of a word are neighbours.
		own := bits(1<<b.from[i+1]-1) &^ bits(1<<b.from[i]-1)
		switch {
		case own&same != 0:
			out = append(out, Same)
		case own&antonym != 0:
			out = append(out, Antonym)
		case own&synonym != 0:
			out = append(out, Synonym)
		case own&broader != 0:
			out = append(out, Broader)
		case own&sister != 0:
			out = append(out, Sister)
		default:
			out = append(out, None)
		}
	}
	return out, true
}

// SameSense reports whether one of the words that are set, word i, has the sense of a word
// with those base forms: whether Relate would say Same or Synonym.
func (b *Board) SameSense(i int, forms []ID) bool {
	var same, antonym, synonym bits
	for _, y := range forms {
		m := b.words[y]
		same |= m.same
		antonym |= m.antonym
		synonym |= m.synonym &^ m.antonym
	}
	own := bits(1<<b.from[i+1]-1) &^ bits(1<<b.from[i]-1)
	return own&same != 0 || own&antonym == 0 && own&synonym != 0
}

// Alike calls each with the base forms that may have the sense of a base form: itself and its synonyms.
func (r *Relations) Alike(form ID, each func(ID)) {
	each(form)
	for _, y := range r.synonyms.of(form) {
		each(y)
	}
}
