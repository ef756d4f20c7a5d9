package lexicon

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"encoding/binary"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
)

//go:generate go run ../tools/relations -wordnet $WORDNET -words words.txt.gz -out relations.gz

//go:embed relations.gz
var packedRelations string

// A Relation is how two words are related.
type Relation uint8

const (
	None    Relation = iota // not, or not that is known
	Same                    // forms of one word: fell and fall, children and child
	Synonym                 // one concept, one word family, or a place and its adjective: start and begin, invade and invasion, Iran and Iranian
	Antonym                 // opposites: first and last, husband and wife, born and died
	Sister                  // alternatives, kinds of one thing: summer and winter, six and seven, Poland and Iran
	Broader                 // one is a kind of the other, or a shade of it: cathedral and church, huge and large
)

func (r Relation) String() string {
	if int(r) < len(relationNames) {
		return relationNames[r]
	}
	return fmt.Sprintf("Relation(%d)", uint8(r))
}

var relationNames = [...]string{"none", "same", "synonym", "antonym", "sister", "broader"}

// Relations answers how English words are related. It is immutable and safe for
// concurrent use.
//
// Words are given in lower case, as they stand in a text (inflected). A word
// with several base forms (left, found) has the relations of all of them.
// Persons have no relations but to the words made from their names (Stalin,
// Stalinist); places also have those to each other.
type Relations struct {
	table *table
	words []string // base forms, sorted; a word's id is its index
	flags []uint8  // by word: parts of speech, number, place
	roles []Role   // by word

	forms map[string][]uint16 // irregular form → base forms; none for a word that is no form of another

	synonyms, antonyms lists // by word, of words
	names, under       lists // by word, of concepts: those it names, and those right above it
	wide               []bool
	up                 lists // by concept, of those right above it
	higher             lists // by word, of the concepts right above those above it
}

// The bits of Relations.flags.
const (
	isNoun = 1 << iota
	isVerb
	isAdjective
	isAdverb
	isNumber // a number or its ordinal
	isPlace  // the name of a place or people, which has no inflection
)

// lists are many short lists of ids in ascending order.
type lists struct {
	start []uint32
	ids   []uint16
}

func (l *lists) of(i uint16) []uint16 { return l.ids[l.start[i]:l.start[i+1]] }

// mirrored are lists in which each id is in the list of those that are in its own, which are all
// higher ones.
func (l lists) mirrored() lists {
	n := len(l.start) - 1
	m := lists{start: make([]uint32, n+1), ids: make([]uint16, 2*len(l.ids))}
	for i := range n {
		m.start[i+1] += l.start[i+1] - l.start[i]
		for _, j := range l.of(uint16(i)) {
			m.start[j+1]++
		}
	}
	next := make([]uint32, n)
	for i := range n {
		next[i] = m.start[i]
		m.start[i+1] += m.start[i]
	}
	put := func(i, j int) {
		m.ids[next[i]] = uint16(j)
		next[i]++
	}
	for i := range n { // in rising order, so that each list rises too: the lower ones come first
		for _, j := range l.of(uint16(i)) {
			put(int(j), i)
		}
	}
	for i := range n {
		for _, j := range l.of(uint16(i)) {
			put(i, int(j))
		}
	}
	return m
}

// EnglishRelations returns the embedded relations. The first call decodes them
// (about 15 ms, 4 MB); later calls return the same Relations.
var EnglishRelations = sync.OnceValue(unpackRelations)

func unpackRelations() *Relations {
	r, err := func() (*Relations, error) {
		z, err := gzip.NewReader(strings.NewReader(packedRelations))
		if err != nil {
			return nil, err
		}
		var data bytes.Buffer
		data.Grow(sizeOf(packedRelations) + bytes.MinRead)
		if _, err := data.ReadFrom(z); err != nil {
			return nil, err
		}
		return decodeRelations(data.Bytes())
	}()
	if err != nil {
		panic("lexicon: the embedded word relations are damaged: " + err.Error())
	}
	return r
}

// Between returns how a and b are related; the order does not matter. If they
// are related in several ways, the first of Same, Antonym, Synonym, Broader and
// Sister counts. Equal words are Same even if they are unknown. It takes less
// than a microsecond and allocates nothing.
func (r *Relations) Between(a, b string) Relation {
	if a == b {
		return Same
	}
	var bufA, bufB [maxLemmas]uint16
	as := r.lemmas(a, bufA[:0])
	if len(as) == 0 {
		return None
	}
	bs := r.lemmas(b, bufB[:0])
	best := None
	for _, x := range as {
		for _, y := range bs {
			if x == y {
				return Same
			}
			if v := r.between(x, y); precedence[v] > precedence[best] {
				best = v
			}
		}
	}
	return best
}

var precedence = [...]uint8{None: 0, Sister: 1, Broader: 2, Synonym: 3, Antonym: 4, Same: 5}

// between relates two different words by their ids.
func (r *Relations) between(x, y uint16) Relation {
	switch {
	case contains(r.antonyms.of(x), y):
		return Antonym
	case contains(r.synonyms.of(x), y):
		return Synonym
	case r.flags[x]&r.flags[y]&isNumber != 0:
		return Sister
	case r.above(x, y) || r.above(y, x):
		return Broader
	}
	ux, uy := r.under.of(x), r.under.of(y)
	for len(ux) > 0 && len(uy) > 0 {
		switch {
		case ux[0] < uy[0]:
			ux = ux[1:]
		case ux[0] > uy[0]:
			uy = uy[1:]
		case r.wide[ux[0]]:
			ux, uy = ux[1:], uy[1:]
		default:
			return Sister
		}
	}
	return None
}

// above reports whether x names a concept at most two levels above one of y's: a minster is
// a church is a place of worship is a building. Farther up everything meets.
func (r *Relations) above(x, y uint16) bool {
	under, higher := r.under.of(y), r.higher.of(y)
	for _, c := range r.names.of(x) {
		if contains(under, c) || contains(higher, c) {
			return true
		}
	}
	return false
}

func contains(ids []uint16, id uint16) bool {
	if len(ids) > 8 {
		_, found := slices.BinarySearch(ids, id)
		return found
	}
	return slices.Contains(ids, id)
}

// Lemmas returns the known base forms that word (lower case) may have: fall and
// fell for fell, nothing for an unknown word.
func (r *Relations) Lemmas(word string) []string {
	var buf [maxLemmas]uint16
	var out []string
	for _, id := range r.lemmas(word, buf[:0]) {
		out = append(out, r.words[id])
	}
	return out
}

// decodeRelations reads what make/relations writes, all numbers as unsigned
// varints: the base forms, each as the length of the beginning that it shares
// with the one before, the length of the rest, and the rest; a byte of flags
// for each; a byte of role for each; the irregular forms, written like the base
// forms, then the base forms of each; for each word the synonyms, and for each
// the antonyms, that have a higher id; the number of concepts, a byte for each
// (1 if it is too general to make sisters of what is below it) and what is
// above each (signed, relative to it); for each word the concepts it names, and
// for each those above it. Before lists of ids stands how many ids they have
// together; a list is their number, then the ascending differences, those of
// synonyms and antonyms from the word's own id.
func decodeRelations(data []byte) (r *Relations, err error) {
	defer func() {
		if recover() != nil { // an index out of range
			r, err = nil, io.ErrUnexpectedEOF
		}
	}()
	const header = "word relations 1\n"
	if !bytes.HasPrefix(data, []byte(header)) {
		return nil, fmt.Errorf("no header %q", header)
	}
	d := decoder(data[len(header):])
	r = &Relations{words: d.words()}
	n := len(r.words)
	r.table = newTable(r.words)
	r.flags = slices.Clone(d.take(n))
	r.roles = make([]Role, n)
	for i, b := range d.take(n) {
		r.roles[i] = Role(b)
	}
	forms := d.words()
	r.forms = make(map[string][]uint16, len(forms))
	bases := d.lists(len(forms), false)
	for i, w := range forms {
		r.forms[w] = bases.of(uint16(i))
	}
	r.synonyms = d.lists(n, true).mirrored()
	r.antonyms = d.lists(n, true).mirrored()
	concepts := d.number()
	r.wide = make([]bool, concepts)
	for i, b := range d.take(concepts) {
		r.wide[i] = b == 1
	}
	r.up.start = make([]uint32, 1, concepts+1)
	for i := range concepts {
		for range d.number() {
			r.up.ids = append(r.up.ids, uint16(i+d.signed()))
		}
		r.up.start = append(r.up.start, uint32(len(r.up.ids)))
	}
	r.names = d.lists(n, false)
	r.under = d.lists(n, false)
	r.climbAll()
	if len(d) > 0 {
		return nil, fmt.Errorf("%d bytes too many", len(d))
	}
	return r, nil
}

// climbAll makes higher.
func (r *Relations) climbAll() {
	r.higher.start = make([]uint32, 1, len(r.words)+1)
	for i := range r.words {
		from := len(r.higher.ids)
		for _, c := range r.under.of(uint16(i)) {
			r.higher.ids = append(r.higher.ids, r.up.of(c)...)
		}
		slices.Sort(r.higher.ids[from:])
		r.higher.ids = r.higher.ids[:from+len(slices.Compact(r.higher.ids[from:]))]
		r.higher.start = append(r.higher.start, uint32(len(r.higher.ids)))
	}
}

// A decoder is the rest of the data. Its methods panic where it ends early.
type decoder []byte

func (d *decoder) number() int {
	if b := (*d)[0]; b < 0x80 {
		*d = (*d)[1:]
		return int(b)
	}
	v, n := binary.Uvarint(*d)
	*d = (*d)[n:]
	return int(v)
}

func (d *decoder) signed() int {
	v, n := binary.Varint(*d)
	*d = (*d)[n:]
	return int(v)
}

func (d *decoder) take(n int) []byte {
	b := (*d)[:n]
	*d = (*d)[n:]
	return b
}

// words reads a list of words as parts of one string.
func (d *decoder) words() []string {
	ends := make([]int, d.number())
	var text []byte
	last := 0 // where the word before begins
	for i := range ends {
		shared, rest := int((*d)[0]), int((*d)[1])
		*d = (*d)[2:]
		begin := len(text)
		text = append(text, text[last:last+shared]...)
		text = append(text, d.take(rest)...)
		last, ends[i] = begin, len(text)
	}
	all := string(text)
	words := make([]string, len(ends))
	begin := 0
	for i, end := range ends {
		words[i], begin = all[begin:end], end
	}
	return words
}

// lists reads n lists of ids, whose differences begin at the list's own number
// if relative and otherwise at 0.
func (d *decoder) lists(n int, relative bool) lists {
	l := lists{start: make([]uint32, 1, n+1), ids: make([]uint16, 0, min(d.number(), len(*d)))}
	rest := *d // a variable of its own, which the loops keep in registers
	for i := range n {
		id := 0
		if relative {
			id = i
		}
		for range rest.number() {
			id += rest.number()
			l.ids = append(l.ids, uint16(id))
		}
		l.start = append(l.start, uint32(len(l.ids)))
	}
	*d = rest
	return l
}
