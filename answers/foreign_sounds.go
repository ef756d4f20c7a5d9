package answers

import (
	"slices"
	"strings"
	"unicode"

	"footnote/answers/language"
)

// Names, and words that many languages share, are found by their letters.

const (
	// soundsAlike is the Dice overlap of letters from which names are the same, soundsSame that
	// for other words: democracy, Demokratie.
	soundsAlike, soundsSame = .55, .68
	// soundsLeast is the shortest word that is compared so.
	soundsLeast = 4
	// chance is taken off the overlap of words that are no names: many are alike by chance.
	chance = .15
	// soundsLong is the shortest that is, if it is no name.
	soundsLong = 6
)

// sounds are the runs of letters of words' skeletons.
type sounds struct {
	of [][]uint32         // of each word
	by map[uint32][]int32 // words by such a run
}

func newSounds(words []string, skeleton func(int) string) sounds {
	s := sounds{make([][]uint32, len(words)), map[uint32][]int32{}}
	for id := range words {
		s.of[id] = runsOf(skeleton(id))
		for _, r := range s.of[id] {
			s.by[r] = append(s.by[r], int32(id))
		}
	}
	return s
}

// runsOf are the different pairs and triples of letters of a skeleton.
func runsOf(skeleton string) []uint32 {
	if skeleton == "" {
		return nil
	}
	s := []rune(" " + skeleton + " ")
	var out []uint32
	for n := 2; n <= 3; n++ {
		for i := 0; i+n <= len(s); i++ {
			h := uint32(2166136261)
			for _, r := range s[i : i+n] {
				h = (h ^ uint32(r)) * 16777619
			}
			if !slices.Contains(out, h) {
				out = append(out, h)
			}
		}
	}
	return out
}

// soundLike raises the nearness of words that sound like w.
func (f *foreign) soundLike(s *foreignScratch, w string, near []float32) {
	mine := runsOf(language.Skeleton(w))
	f.alike(s, &f.written, mine, near)
	if !strings.ContainsFunc(w, func(r rune) bool { return unicode.Is(unicode.Cyrillic, r) }) {
		return
	}
	f.alike(s, &f.spoken, mine, near)
	ways := []string{w}
	if bare := withoutCase(w); bare != w {
		ways = append(ways, bare)
	}
	for _, way := range ways {
		if h := strings.ReplaceAll(way, "г", "х"); h != way { // Габсбург is Habsburg
			ways = append(ways, h)
		}
	}
	for _, way := range ways[1:] {
		mine = runsOf(language.Skeleton(way))
		f.alike(s, &f.written, mine, near)
		f.alike(s, &f.spoken, mine, near)
	}
}

// caseEndings are those of names in Russian and Ukrainian, and of adjectives of names, the longest first.
var caseEndings = strings.Fields("ского ському ским скому ской скую ская ский ское ские ских ами ями ові еві ого ому ов ом ем ой ей ах ях ам ям а я у ю е и ы і")

// withoutCase is a name without the ending of its case; what is left is three letters or more.
func withoutCase(w string) string {
	for _, end := range caseEndings {
		if bare, ok := strings.CutSuffix(w, end); ok && len([]rune(bare)) >= 3 {
			return bare
		}
	}
	return w
}

// alike raises the nearness of words that share many runs of letters with one.
func (f *foreign) alike(s *foreignScratch, by *sounds, mine []uint32, near []float32) {
	for _, run := range mine {
		for _, id := range by.by[run] {
			if s.shared[id]++; s.shared[id] == 1 {
				s.sharing = append(s.sharing, id)
			}
		}
	}
	defer func() { s.sharing = s.sharing[:0] }()
	for _, id := range s.sharing {
		n := s.shared[id]
		s.shared[id] = 0
		from, less := float32(soundsAlike), float32(0)
		if !f.names[id] && !f.capital[id] {
			if from, less = soundsSame, chance; len(f.words[id]) < soundsLong {
				continue
			}
		}
		if d := 2 * float32(n) / float32(len(mine)+len(by.of[id])); d > from && len(f.words[id]) >= soundsLeast {
			near[id] = max(near[id], d-less)
		}
	}
}
