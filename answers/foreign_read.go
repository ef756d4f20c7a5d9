package answers

import (
	"math"
	"slices"
	"strings"

	"footnote/answers/language"
	"footnote/answers/parse"
)

// How a question in another language is read: which words tell something, what each is near to among
// the base's, and the whole as English.

// A foreignWord is a word of the question that tells something.
type foreignWord struct {
	language.Word
	english string    // as it is read
	weight  float32   // how much it tells, by how common it is in its language
	name    bool      // it is written as a name
	near    []float32 // its nearness to each word of the base, −1 to 1
	stems   []string  // of the table's English words; none without one
}

// A foreignQuestion is a question in another language, read.
type foreignQuestion struct {
	lang   string
	vector []float32
	words  []foreignWord
	u      understood // word for word in English
	q      *question
}

// read is the share of its words, by their weight, of which it is known what they are in English.
func (q *foreignQuestion) read() float32 {
	var read, all float32
	for i := range q.words {
		w := &q.words[i]
		all += w.weight
		if w.English != "" || w.Name != "" || len(w.near) > 0 && slices.Max(w.near) >= surelyRead {
			read += w.weight
		}
	}
	if all == 0 {
		return 1
	}
	return read / all
}

const (
	// surelyRead is the nearness to a word of the base from which a word is taken to be that.
	surelyRead = .75
	// Names are near to other names in meaning: only what lies nearer than sameName may be
	// the same (Germany, Deutschland), and others are as near as otherName at most.
	sameName, otherName = .75, .3
	// commoner is what a word gains, for how many facts hold it.
	commoner = .04
	// glossFrom is the weight from which a word that nothing is near goes into English as it
	// stands: it may be a name.
	glossFrom = .5
	// grammatical is the rank among the words of its language up to which a word that neither table
	// nor dictionary has tells nothing: what tells something stands there.
	grammatical = 300
	// repairBelow is the nearness from which a word is taken as it stands.
	repairBelow = .6
	// readFrom is the nearness from which a word is read as one of the base's.
	readFrom = .5
)

// read reads a question in the language of a table.
func (f *foreign) read(ix *index, t *language.Table, text string) *foreignQuestion {
	q := &foreignQuestion{lang: t.Tag}
	words := t.Translate(text, parse.Stemmer(t.Tag))
	sentence := asQuestion(text)
	inOwn := ownOf(t.Tag)
	q.vector = encodeForeign(inOwn(sentence))
	var g gloss
	for i := range words {
		w := words[i]
		switch w.Kind {
		case language.Content:
			if r := language.CommonIn(t.Tag).Rank(w.Folded); w.English == "" && w.Name == "" && r > 0 && r <= grammatical {
				continue
			}
			if w.English != "" && !t.Exact(w.Folded) && f.isNamed(w.Folded) { // Guérin is no "guéri"
				w.English = ""
			} else if w.English == "" && w.Name == "" && !f.isNamed(w.Folded) {
				w.English = t.Compound(w.Folded, parse.Stemmer(t.Tag))
			}
			x := f.nearness(w, inOwn)
			if r, ok := f.repaired(t, &x); ok {
				if r.Kind != language.Content {
					words[i] = r
					g.put(t, &words[i])
					continue
				}
				x = f.nearness(r, inOwn)
			}
			if t.Tag == "de" && x.English == "" {
				f.part(&x)
			}
			x.weight, x.name = weightIn(t.Tag, w), w.Name != "" || w.Capital && len(t.Determiners) == 0 && w.English == ""
			if x.weight > glossFrom || w.English != "" || len(x.near) > 0 && slices.Max(x.near) >= readFrom {
				g.tell(x.english)
			}
			q.words = append(q.words, x)
		default:
			g.put(t, &words[i])
		}
	}
	english := parse.Question(language.English, g.text())
	q.u.words = ix.synonyms.rewrite(ix.join(english))
	for i := range q.u.words {
		q.u.words[i].Upper = false
	}
	q.u.frame = parse.FrameOf(q.u.words, ix.lex)
	q.q = ix.prepare(&q.u)
	return q
}

// isNamed reports whether the base has a word as a name.
func (f *foreign) isNamed(folded string) bool {
	return slices.ContainsFunc(f.named, func(id int32) bool { return f.words[id] == folded })
}

// repaired is a word read as if it had a slip, where the base has nothing near it and it is no name.
func (f *foreign) repaired(t *language.Table, x *foreignWord) (language.Word, bool) {
	if x.English != "" || x.Name != "" || x.Capital && len(t.Determiners) == 0 || len(x.near) > 0 && slices.Max(x.near) >= repairBelow {
		return x.Word, false
	}
	return t.Repair(x.Word, parse.Stemmer(t.Tag))
}

// nearness compares a word with all words of the base and reads it.
func (f *foreign) nearness(w language.Word, inOwn func(string) string) foreignWord {
	x := foreignWord{Word: w, english: w.English}
	n := len(f.words)
	x.near = make([]float32, n)
	texts := []string{inOwn(w.Text)}
	if w.English != "" {
		for _, e := range parse.Text(language.English, w.English) {
			if e.Kind != parse.Function {
				x.stems = append(x.stems, e.Key)
			}
		}
		texts = append(texts, w.English)
	}
	s := f.pool.Get().(*foreignScratch)
	defer f.pool.Put(s)
	for i, t := range texts {
		v := encodeForeign(t)
		axpy(-1, f.mean, v)
		unit(v)
		productOf(f.vectors, v, s.cosines, foreignDims)
		for k, c := range s.cosines {
			if i == 0 || c > x.near[k] {
				x.near[k] = c
			}
		}
	}
	for k, c := range x.near {
		if f.names[k] && c < sameName {
			x.near[k] = min(c, otherName)
		}
	}
	if w.English == "" && len([]rune(w.Folded)) >= soundsLeast {
		f.soundLike(s, w.Folded, x.near)
	}
	if w.Name != "" {
		for k := range f.words {
			if f.words[k] == w.Name {
				x.near[k] = 1
			}
		}
	}
	if x.english == "" {
		x.english = language.Latin(w.Folded)
		top := float32(0)
		for k, c := range x.near {
			if c < readFrom {
				continue
			}
			if f.words[k] == w.Folded && f.names[k] { // Drobny is no "little"
				x.english = w.Folded
				break
			}
			// Of words as near, the commoner: a misspelt phrasing has others. How alike names
			// sound tells less than that they do.
			if f.names[k] {
				c = soundsAlike + (c-soundsAlike)/8
			}
			if c += commoner * float32(math.Log(float64(f.held[k]))); c > top {
				top, x.english = c, f.words[k]
			}
		}
	}
	return x
}

// A compound of German is parted where both parts are like words of the base and the whole is
// not: Personenkult. The second part may have an s, n, en or es before it.
const shortestPart, longestCompound, partLike = 4, 40, .55

func (f *foreign) part(x *foreignWord) {
	r := []rune(x.Text)
	if len(f.words) == 0 || slices.Max(x.near) >= readFrom || len(r) < 2*shortestPart || len(r) > longestCompound {
		return
	}
	same := func(s string) string { return s }
	parts := map[string]foreignWord{}
	like := func(s string) (foreignWord, float32) {
		w, ok := parts[s]
		if !ok {
			w = f.nearness(language.Word{Text: s, Folded: s}, same)
			parts[s] = w
		}
		return w, slices.Max(w.near)
	}
	var first, second foreignWord
	best := float32(partLike)
	for at := shortestPart; at <= len(r)-shortestPart; at++ {
		b, n := like(string(r[at:]))
		if n < best {
			continue
		}
		head := string(r[:at])
		for _, joint := range []string{"", "s", "n", "en", "es"} {
			h, ok := strings.CutSuffix(head, joint)
			if !ok || len([]rune(h)) < shortestPart {
				continue
			}
			if a, m := like(h); min(m, n) > best {
				best, first, second = min(m, n), a, b
			}
		}
	}
	if first.near == nil {
		return
	}
	for k := range x.near {
		x.near[k] = max(x.near[k], (first.near[k]+second.near[k])/2)
	}
	x.english = first.english + " " + second.english
}
