package encoder

import (
	"encoding/binary"
	"errors"
	"math"
	"strings"
	"unicode/utf8"
)

// A segmenter cuts a text into the pieces that are together the likeliest, as SentencePiece's
// unigram model does (Kudo, Subword Regularization, 2018), after its normalisation. It is
// immutable.
type segmenter struct {
	pieceTable
	scores  string // 16 bits a piece
	low     float32
	unit    float32
	unknown float32
	longest int // bytes of a piece

	// The normaliser is a double-array trie of what is replaced, in 32-bit units, and the
	// replacements, each ended by a zero.
	units, replacements string
}

// The first three pieces.
const (
	unknownPiece int32 = iota
	beginPiece
	endPiece
)

// space stands for a space inside the model. No piece has one but at its beginning.
const space = "\u2581"

// newSegmenter takes up the pieces. scale is the score that 0 stands for, what 1 adds to it,
// and the score of a character that no piece covers.
func newSegmenter(text, scores string, scale [3]float32, normaliser string, pieces int) (*segmenter, error) {
	damaged := errors.New("encoder: the pieces of the embedded multilingual weights are damaged: make them again with multilingual.py")
	s := &segmenter{scores: scores, low: scale[0], unit: scale[1], unknown: scale[2]}
	if pieces < 3 || len(normaliser) < 8 {
		return nil, damaged
	}
	size := int(binary.LittleEndian.Uint32([]byte(normaliser[:4])))
	if size < 4 || size%4 != 0 || size > len(normaliser)-4 || normaliser[len(normaliser)-1] != 0 {
		return nil, damaged
	}
	s.units, s.replacements = normaliser[4:4+size], normaliser[4+size:]
	var ok bool
	if s.pieceTable, ok = newPieceTable(text, pieces, endPiece+1); !ok { // what is typed is never one of the first
		return nil, damaged
	}
	for id := range int32(pieces) {
		s.longest = max(s.longest, len(s.piece(id)))
	}
	return s, nil
}

func (s *segmenter) score(id int32) float32 {
	v := uint16(s.scores[2*id]) | uint16(s.scores[2*id+1])<<8
	return s.low + float32(float32(v)*s.unit)
}

// find is the piece that b is, or -1.
func (s *segmenter) find(b []byte, hash uint32) int32 {
	for at := s.slot(hash); s.slots[at] != 0; at = s.next(at) {
		if id := s.slots[at] - 1; s.piece(id) == string(b) {
			return id
		}
	}
	return -1
}

// A step is the best way to a place in the text: from where, by which piece.
type step struct {
	score float32
	from  int32
	piece int32
}

// readBytes is how much of a text is read at most: more than so many pieces take.
func readBytes(most int) int { return 64 * most }

// ids are the pieces of text, the marks at its ends included, at most most of them. A run of
// characters that no piece covers is one unknown piece.
func (s *segmenter) ids(text string, most int) []int32 {
	if limit := readBytes(most); len(text) > limit {
		for limit > 0 && !utf8.RuneStart(text[limit]) {
			limit--
		}
		text = text[:limit]
	}
	b := s.normalise(text)
	if len(b) == 0 {
		return []int32{beginPiece, unknownPiece, endPiece}
	}
	steps := s.steps(b)
	count := 0
	for p := int32(len(b)); p > 0; p = steps[p].from {
		count++
	}
	back := make([]int32, 0, count)
	for p := int32(len(b)); p > 0; p = steps[p].from {
		if id := steps[p].piece; id != unknownPiece || len(back) == 0 || back[len(back)-1] != unknownPiece {
			back = append(back, id)
		}
	}
	out := make([]int32, 0, len(back)+2)
	out = append(out, beginPiece)
	for i := len(back) - 1; i >= 0 && len(out) < most-1; i-- {
		out = append(out, back[i])
	}
	return append(out, endPiece)
}

// steps are the best ways to every place in b.
func (s *segmenter) steps(b []byte) []step {
	best := make([]step, len(b)+1)
	for i := range best {
		best[i].score = float32(math.Inf(-1))
	}
	best[0].score = 0
	take := func(from, to int, piece int32, score float32) {
		if score += best[from].score; score > best[to].score {
			best[to] = step{score, int32(from), piece}
		}
	}
	for i := 0; i < len(b); {
		_, width := utf8.DecodeRune(b[i:])
		single := false
		hash := uint32(hashStart)
		for j := i; j < len(b) && j-i < s.longest; {
			_, w := utf8.DecodeRune(b[j:])
			if j > i && string(b[j:j+w]) == space {
				break
			}
			for _, c := range b[j : j+w] {
				hash = (hash ^ uint32(c)) * hashPrime
			}
			j += w
			if id := s.find(b[i:j], hash); id >= 0 {
				take(i, j, id, s.score(id))
				single = single || j == i+width
			}
		}
		if !single {
			take(i, i+width, unknownPiece, s.unknown)
		}
		i += width
	}
	return best
}

// normalise replaces what the normaliser does, and writes words with a space before each.
func (s *segmenter) normalise(text string) []byte {
	out := make([]byte, 0, len(text)+16)
	gap := true // a space is due before the next character
	for len(text) > 0 {
		p, n := s.replace(text)
		text = text[n:]
		for i := range len(p) {
			if p[i] == ' ' {
				gap = true
				continue
			}
			if gap {
				out = append(out, space...)
				gap = false
			}
			out = append(out, p[i])
		}
	}
	return out
}

// replace is what stands for the beginning of text, and how much of it that is.
func (s *segmenter) replace(text string) (string, int) {
	length, at := 0, uint32(0)
	u := s.unitAt(0)
	pos := offset(u)
	for i := range len(text) {
		pos ^= uint32(text[i])
		u = s.unitAt(pos)
		if u&(1<<31|0xff) != uint32(text[i]) {
			break
		}
		pos ^= offset(u)
		if u&(1<<8) != 0 {
			length, at = i+1, s.unitAt(pos)&(1<<31-1)
		}
	}
	if length == 0 || int(at) >= len(s.replacements) {
		r, n := utf8.DecodeRuneInString(text)
		if r == utf8.RuneError && n == 1 {
			return "\ufffd", 1
		}
		return text[:n], n
	}
	rest := s.replacements[at:]
	return rest[:strings.IndexByte(rest, 0)], length
}

// unitAt is a unit of the double array, 0 beyond its end.
func (s *segmenter) unitAt(pos uint32) uint32 {
	if int(pos) >= len(s.units)/4 {
		return 0
	}
	u := s.units[4*pos:][:4]
	return uint32(u[0]) | uint32(u[1])<<8 | uint32(u[2])<<16 | uint32(u[3])<<24
}

func offset(u uint32) uint32 { return (u >> 10) << ((u & (1 << 9)) >> 6) }
