// Package bench scores the matcher on intent data sets in JSON lines, in which
// a label plays the part of a fact: accuracy, decisions, abstention. It trains
// on nothing but the split "train" and knows nothing of chats.
package bench

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"

	"footnote/knowledge"
)

// A Set is one data set: a base made of its training utterances, and the
// questions to score.
type Set struct {
	Base *knowledge.Base
	In   []Question // questions that a label answers
	Out  []Question // questions that must be declined
}

// A Question is one utterance to score.
type Question struct {
	Text  string
	Label string // the right one; empty if out of scope
}

// Read loads a data set: one object a line with id, text and split (train, val,
// oos_val). With shots > 0 only so many training utterances a label are kept,
// drawn with seed; 0 keeps all.
func Read(r io.Reader, shots int, seed uint64) (*Set, error) {
	type row struct{ ID, Text, Split string }
	train := map[string][]string{}
	var labels []string
	s := &Set{}
	scan := bufio.NewScanner(r)
	scan.Buffer(nil, 1<<20)
	for n := 1; scan.Scan(); n++ {
		if strings.TrimSpace(scan.Text()) == "" {
			continue
		}
		var x row
		if err := json.Unmarshal(scan.Bytes(), &x); err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		switch x.Split {
		case "train":
			if _, ok := train[x.ID]; !ok {
				labels = append(labels, x.ID)
			}
			train[x.ID] = append(train[x.ID], x.Text)
		case "val":
			s.In = append(s.In, Question{x.Text, x.ID})
		case "oos_val":
			s.Out = append(s.Out, Question{x.Text, ""})
		default:
			return nil, fmt.Errorf("line %d: the split is %q: it can be train, val or oos_val", n, x.Split)
		}
	}
	if err := scan.Err(); err != nil {
		return nil, err
	}
	if len(labels) == 0 {
		return nil, fmt.Errorf("no line has the split \"train\"")
	}
	rng := rand.New(rand.NewPCG(seed, 1))
	pack := &knowledge.Pack{ID: "bench", Languages: []string{"en"}}
	for _, l := range labels {
		texts := train[l]
		if shots > 0 && len(texts) > shots {
			rng.Shuffle(len(texts), func(i, j int) { texts[i], texts[j] = texts[j], texts[i] })
			texts = texts[:shots]
		}
		f := &knowledge.Fact{ID: l, Pack: pack, Status: knowledge.Established}
		for _, t := range texts {
			f.Questions = append(f.Questions, knowledge.Phrasing{Lang: "en", Text: t})
		}
		pack.Facts = append(pack.Facts, f)
	}
	s.Base = &knowledge.Base{Packs: []*knowledge.Pack{pack}}
	return s, nil
}

// Typos returns the questions with one random edit in 30 % of the words of five
// letters or more: a letter deleted, inserted, substituted or swapped.
func Typos(questions []Question, seed uint64) []Question {
	const minLength, share = 5, 0.3
	const letters = "abcdefghijklmnopqrstuvwxyz"
	rng := rand.New(rand.NewPCG(seed, 2))
	out := slices.Clone(questions)
	for i := range out {
		words := strings.Split(out[i].Text, " ")
		for j, w := range words {
			r := []rune(w)
			if len(r) < minLength || rng.Float64() >= share {
				continue
			}
			k := rng.IntN(len(r))
			l := rune(letters[rng.IntN(len(letters))])
			switch rng.IntN(4) {
			case 0:
				r = slices.Delete(r, k, k+1)
			case 1:
				r = slices.Insert(r, k, l)
			case 2:
				r[k] = l
			case 3:
				k = min(k, len(r)-2)
				r[k], r[k+1] = r[k+1], r[k]
			}
			words[j] = string(r)
		}
		out[i].Text = strings.Join(words, " ")
	}
	return out
}
