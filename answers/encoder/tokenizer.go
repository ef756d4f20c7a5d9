package encoder

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

const (
	// readLimit is how many bytes of a text are looked at: far more than
	// MaxTokens pieces of any real question, and a bound on the work.
	readLimit = 16 << 10
	// wordLimit is the length in characters beyond which a word is unknown to
	// the model, as it was when it was trained.
	wordLimit = 100
	// continues marks a piece that continues a word.
	continues = "##"
)

// wordPieces splits text as the model's training did: the text is cleaned,
// lower-cased and stripped of accents, cut at spaces and punctuation, and each
// word cut into the longest pieces that the vocabulary has.
type wordPieces struct {
	pieceTable
	longest              int    // bytes of the longest piece
	continuing           uint32 // hash of what marks a piece that continues a word
	first, last, strange int32
}

func newWordPieces(text string, pieces int) (*wordPieces, error) {
	w := &wordPieces{continuing: hashOf(hashStart, continues)}
	var ok bool
	if w.pieceTable, ok = newPieceTable(text, pieces, 0); !ok {
		return nil, fmt.Errorf("encoder: the embedded weights do not hold %d word pieces, of which they have vectors: make them again with convert.py", pieces)
	}
	for id := range int32(pieces) {
		w.longest = max(w.longest, len(w.piece(id)))
	}
	w.first, w.last, w.strange = w.find("[CLS]", false, hashOf(hashStart, "[CLS]")), w.find("[SEP]", false, hashOf(hashStart, "[SEP]")), w.find("[UNK]", false, hashOf(hashStart, "[UNK]"))
	if min(w.first, w.last, w.strange) < 0 {
		return nil, errors.New("encoder: the vocabulary of the embedded weights lacks one of [CLS], [SEP] and [UNK]: make them again with convert.py")
	}
	return w, nil
}

// find is the piece that begins a word as text does, or with rest one that continues a word so; -1
// if there is none.
func (w *wordPieces) find(text string, rest bool, hash uint32) int32 {
	for at := w.slot(hash); w.slots[at] != 0; at = w.next(at) {
		id := w.slots[at] - 1
		p, marked := w.piece(id), false
		if rest {
			p, marked = strings.CutPrefix(p, continues)
		}
		if p == text && marked == rest {
			return id
		}
	}
	return -1
}

// pieces gives the numbers of text's pieces between the two marks, limit in all at most.
func (w *wordPieces) pieces(text string, limit int) []int32 {
	if len(text) > readLimit {
		cut := readLimit
		for cut > readLimit-utf8.UTFMax && !utf8.RuneStart(text[cut]) {
			cut--
		}
		text = text[:cut]
	}
	ids := append(make([]int32, 0, limit), w.first)
	// One place is kept for the mark at the end.
	for _, word := range words(text) {
		if len(ids) >= limit-1 {
			break
		}
		ids = w.cut(ids, word)
	}
	if len(ids) > limit-1 {
		ids = ids[:limit-1]
	}
	return append(ids, w.last)
}

// cut adds the pieces of one word to ids: always the longest that fits, and
// for a word that cannot be cut to its end the one piece for strange words.
func (w *wordPieces) cut(ids []int32, word string) []int32 {
	if utf8.RuneCountInString(word) > wordLimit {
		return append(ids, w.strange)
	}
	known, rest, start := len(ids), false, uint32(hashStart)
	var room [32]uint32
	for word != "" {
		hashes := room[:0] // of the beginnings of word
		hash := start
		for i := range min(len(word), w.longest) {
			hash = hashOf(hash, word[i:i+1])
			hashes = append(hashes, hash)
		}
		n := len(hashes)
		for ; n > 0; n-- {
			if id := w.find(word[:n], rest, hashes[n-1]); id >= 0 {
				ids = append(ids, id)
				break
			}
		}
		if n == 0 {
			return append(ids[:known], w.strange)
		}
		word, rest, start = word[n:], true, w.continuing
	}
	return ids
}

// words cleans text and cuts it into words and single marks of punctuation.
func words(text string) []string {
	var out []string
	var word strings.Builder
	end := func() {
		if word.Len() > 0 {
			out = append(out, word.String())
			word.Reset()
		}
	}
	// Accents become characters of their own, which are then left out. What is
	// dropped as unreadable must be dropped before: it must not keep an accent
	// from its letter.
	for _, r := range norm.NFD.String(strings.Map(clean, text)) {
		switch {
		case r == ' ':
			end()
		case unicode.Is(unicode.Mn, r):
		case isPunctuation(r) || isIdeograph(r):
			end()
			out = append(out, string(unicode.ToLower(r)))
		default:
			word.WriteRune(unicode.ToLower(r))
		}
	}
	end()
	return out
}

// clean turns every kind of space to a blank, and drops what is no text:
// control and format characters and those of private use, but not those that
// are not assigned yet, as it was in training.
func clean(r rune) rune {
	switch {
	case r == '\t' || r == '\n' || r == '\r':
		return ' '
	case r == utf8.RuneError || unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co):
		return -1
	case unicode.IsSpace(r):
		return ' '
	}
	return r
}

// isPunctuation tells what the model takes for punctuation: every mark of
// ASCII, signs of money and arithmetic among them, and elsewhere punctuation alone.
func isPunctuation(r rune) bool {
	if r < utf8.RuneSelf {
		return r > ' ' && r < 0x7f && !('0' <= r && r <= '9' || 'A' <= r && r <= 'Z' || 'a' <= r && r <= 'z')
	}
	return unicode.IsPunct(r)
}

// isIdeograph tells the characters that are words by themselves: the blocks of
// unified and compatibility ideographs, and no others (kana and hangul are
// written as words are).
func isIdeograph(r rune) bool {
	switch {
	case r < 0x3400:
		return false
	case r <= 0x4DBF, 0x4E00 <= r && r <= 0x9FFF, 0xF900 <= r && r <= 0xFAFF:
		return true
	}
	return 0x20000 <= r && r <= 0x2A6DF || 0x2A700 <= r && r <= 0x2CEAF || 0x2F800 <= r && r <= 0x2FA1F
}
