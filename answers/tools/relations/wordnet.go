package main

import (
	"fmt"
	"strconv"
	"strings"
)

// Parts of speech, as package lexicon stores them.
const (
	noun = 1 << iota
	verb
	adjective
	adverb
)

// senses is how many senses of a word count. WordNet orders them by how often
// its tagged texts use them; past the fourth they are rare or special.
const senses = 4

// A synset is one concept and the words for it.
type synset struct {
	pos       int
	words     []string // in lower case
	instance  bool     // one person, place or event
	satellite bool     // an adjective's shade, near the head of its group
	pointers  []pointer
	children  int // direct hyponyms
}

// A pointer is a relation to another synset. The relation is between two words
// where from and to are ≥ 0, and otherwise between the synsets.
type pointer struct {
	symbol   string
	target   *synset
	from, to int
}

type wordNet struct {
	synsets []*synset
	senses  map[string][]sense // word → its senses, all parts of speech, the commonest of each first
	pos     map[string]int     // word → parts of speech
	rare    map[string]int     // word → parts of speech that it hardly ever has
}

// A sense is a meaning of a word: the nth (from 0) of its part of speech.
type sense struct {
	*synset
	n int
}

var partsOfSpeech = []struct {
	name string
	pos  int
}{{"noun", noun}, {"verb", verb}, {"adj", adjective}, {"adv", adverb}}

// A synsetKey names a synset as the files do.
type synsetKey struct {
	letter byte // n, v, a or r
	offset string
}

// letters are the files' names for parts of speech.
var letters = map[int]byte{noun: 'n', verb: 'v', adjective: 'a', adverb: 'r'}

// readWordNet parses the files described in WordNet's manual page wndb(5WN).
func readWordNet(files map[string]string) (*wordNet, error) {
	wn := &wordNet{senses: map[string][]sense{}, pos: map[string]int{}}
	byKey, err := wn.readSynsets(files)
	if err != nil {
		return nil, err
	}
	if err := wn.readSenses(files, byKey); err != nil {
		return nil, err
	}
	return wn, wn.readTags(files["index.sense"])
}

// readSynsets reads the files of data, with the pointers between synsets.
func (wn *wordNet) readSynsets(files map[string]string) (map[synsetKey]*synset, error) {
	byKey := map[synsetKey]*synset{}
	var pointers [][]string // the fields of each synset's pointers
	for _, p := range partsOfSpeech {
		for line := range strings.Lines(files["data."+p.name]) {
			if strings.HasPrefix(line, "  ") { // the licence
				continue
			}
			line, _, _ = strings.Cut(line, " | ")
			h := strings.Fields(line)
			count, err := strconv.ParseUint(h[3], 16, 8)
			if err != nil {
				return nil, fmt.Errorf("data.%s: %w", p.name, err)
			}
			s := &synset{pos: p.pos, satellite: h[2] == "s"}
			for i := range int(count) {
				w, _, _ := strings.Cut(h[4+2*i], "(") // an adjective's place: (p), (a), (ip)
				s.words = append(s.words, strings.ToLower(w))
			}
			byKey[synsetKey{letters[p.pos], h[0]}] = s
			wn.synsets = append(wn.synsets, s)
			pointers = append(pointers, h[4+2*count:])
		}
	}
	for i, s := range wn.synsets {
		if err := s.readPointers(pointers[i], byKey); err != nil {
			return nil, err
		}
	}
	return byKey, nil
}

// readPointers reads how s stands to other synsets.
func (s *synset) readPointers(fields []string, byKey map[synsetKey]*synset) error {
	count, err := strconv.Atoi(fields[0])
	if err != nil {
		return err
	}
	for i := range count {
		f := fields[1+4*i:]
		letter := f[2][0]
		if letter == 's' { // a satellite is an adjective
			letter = 'a'
		}
		target := byKey[synsetKey{letter, f[1]}]
		words, err := strconv.ParseUint(f[3], 16, 16)
		if err != nil || target == nil {
			return fmt.Errorf("pointer %v", f[:4])
		}
		s.pointers = append(s.pointers, pointer{f[0], target, int(words>>8) - 1, int(words&0xff) - 1})
		switch f[0] {
		case "@i":
			s.instance = true
		case "~":
			s.children++
		}
	}
	return nil
}

// readSenses reads the files of the index: the senses of each word.
func (wn *wordNet) readSenses(files map[string]string, byKey map[synsetKey]*synset) error {
	for _, p := range partsOfSpeech {
		for line := range strings.Lines(files["index."+p.name]) {
			if strings.HasPrefix(line, "  ") {
				continue
			}
			h := strings.Fields(line)
			count, err := strconv.Atoi(h[2])
			if err != nil {
				return fmt.Errorf("index.%s: %w", p.name, err)
			}
			w := h[0]
			wn.pos[w] |= p.pos
			for i, offset := range h[len(h)-count:] {
				s := byKey[synsetKey{letters[p.pos], offset}]
				if s == nil {
					return fmt.Errorf("index.%s: no synset %s", p.name, offset)
				}
				wn.senses[w] = append(wn.senses[w], sense{s, i})
			}
		}
	}
	return nil
}

// readTags finds the parts of speech that a word hardly ever has (even is no
// word for evening): those of fewer than 3 in 100 of its uses in WordNet's
// tagged texts, if there are enough.
func (wn *wordNet) readTags(index string) error {
	const enough, share = 30, 0.03
	uses := map[string]map[int]int{}
	for line := range strings.Lines(index) {
		h := strings.Fields(line)
		w, key, ok := strings.Cut(h[0], "%")
		n, err := strconv.Atoi(h[len(h)-1])
		if err != nil || !ok {
			return fmt.Errorf("index.sense: %q", line)
		}
		if uses[w] == nil {
			uses[w] = map[int]int{}
		}
		uses[w][map[byte]int{'1': noun, '2': verb, '3': adjective, '4': adverb, '5': adjective}[key[0]]] += n
	}
	wn.rare = map[string]int{}
	for w, by := range uses {
		total := 0
		for _, n := range by {
			total += n
		}
		for pos, n := range by {
			if total >= enough && float64(n) < share*float64(total) {
				wn.rare[w] |= pos
			}
		}
	}
	return nil
}

// rank is which sense of w the synset is, from 0, and a large number if none
// that counts.
func (wn *wordNet) rank(w string, s *synset) int {
	if wn.rare[w]&s.pos != 0 {
		return 99
	}
	for _, x := range wn.senses[w] {
		if x.synset == s {
			return x.n
		}
	}
	return 99
}
