package answers

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"footnote/knowledge"
)

// The packs that the decision is learned from and measured on: those in testdata/packs,
// which are made for it and are no history, the embedded pack with its eval.yaml, and,
// where they are there, the articles and intent sets of shared/bench.

// An asked is a question of the material.
type asked struct {
	text string
	want []string // ids of facts that answer it; empty if none does
	kind string   // hand, short, typo, mild; near, far
	cut  exclusion
}

func (a *asked) class() int {
	switch a.kind {
	case "near":
		return classNear
	case "far":
		return classFar
	}
	return classIn
}

const (
	classIn = iota
	classNear
	classFar
	classes
)

// A material is one pack, in one cut, with questions.
type material struct {
	name  string
	group string // packs of one source: learned from together, left out together
	base  *knowledge.Base
	asked []asked
}

// cut is the pack with at most n phrasings a fact.
func (m *material) cutTo(n int) *material {
	out := &material{name: fmt.Sprintf("%s:%d", m.name, n), group: m.group, asked: m.asked, base: &knowledge.Base{}}
	for _, p := range m.base.Packs {
		q := *p
		q.Facts = nil
		for _, f := range p.Facts {
			g := *f
			g.Questions = g.Questions[:min(n, len(g.Questions))]
			q.Facts = append(q.Facts, &g)
		}
		out.base.Packs = append(out.base.Packs, &q)
	}
	return out
}

// withUnanswered is the pack with half of its near misses as unanswered questions, which
// are then asked no more.
func (m *material) withUnanswered() *material {
	out := &material{name: m.name + "u", group: m.group, base: &knowledge.Base{}}
	var unanswered []string
	near := 0
	for _, a := range m.asked {
		if a.kind == "near" {
			if near++; near%2 == 0 {
				unanswered = append(unanswered, a.text)
				continue
			}
		}
		out.asked = append(out.asked, a)
	}
	for i, p := range m.base.Packs {
		q := *p
		if i == 0 {
			q.Unanswered = unanswered
		}
		out.base.Packs = append(out.base.Packs, &q)
	}
	return out
}

// sourceOf puts packs that were made from one article together.
func sourceOf(name string) string {
	switch {
	case strings.HasPrefix(name, "normans"):
		return "normans"
	case strings.HasPrefix(name, "huguenot"):
		return "huguenots"
	case strings.HasPrefix(name, "warsaw"):
		return "warsaw"
	case strings.Contains(name, "oil"):
		return "oil crisis"
	}
	return name
}

// readQuestions reads a file of questions beside pack folders, by pack.
func readQuestions(path string) (map[string][]asked, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	out := map[string][]asked{}
	scan := bufio.NewScanner(f)
	for scan.Scan() {
		var r struct {
			Pack, Kind, Text string
			Same             []string
		}
		if err := json.Unmarshal(scan.Bytes(), &r); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		switch r.Kind {
		case "orig":
			continue
		case "held": // the fact is left out; another sentence may hold the answer all the same
			if r.Kind = "far"; len(r.Same) > 0 {
				r.Kind = "mild"
			}
		case "near":
			r.Same = nil
		}
		out[r.Pack] = append(out[r.Pack], asked{text: r.Text, want: r.Same, kind: r.Kind, cut: nothingExcluded})
	}
	return out, scan.Err()
}

// packsIn reads the packs of a folder with its questions.jsonl, each in the cuts given.
func packsIn(tb testing.TB, dir string, cuts ...int) []*material {
	tb.Helper()
	questions, err := readQuestions(filepath.Join(dir, "questions.jsonl"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		tb.Fatal(err)
	}
	var out []*material
	names := make([]string, 0, len(questions))
	for n := range questions {
		names = append(names, n)
	}
	slices.Sort(names)
	for _, n := range names {
		base, err := knowledge.Open(filepath.Join(dir, n))
		if err != nil {
			tb.Fatal(err)
		}
		m := &material{name: n, group: sourceOf(n), base: base, asked: questions[n]}
		if len(cuts) == 0 {
			out = append(out, m)
		}
		for _, c := range cuts {
			out = append(out, m.cutTo(c))
		}
	}
	return out
}

// embeddedPack is the pack inside the program, with the questions of its eval.yaml.
func embeddedPack(tb testing.TB, cuts ...int) []*material {
	tb.Helper()
	base, err := knowledge.Embedded()
	if err != nil {
		tb.Fatal(err)
	}
	m := &material{name: "embedded", group: "embedded", base: base}
	for _, p := range base.Packs {
		m.asked = append(m.asked, evalOf(p)...)
	}
	out := []*material{m}
	for _, c := range cuts {
		x := m.cutTo(c)
		for _, p := range x.base.Packs {
			p.Unanswered = nil
		}
		out = append(out, x)
	}
	return out
}

// evalOf are the questions of a pack's eval.yaml.
func evalOf(p *knowledge.Pack) []asked {
	var out []asked
	for _, c := range p.Eval.Find {
		out = append(out, asked{text: c.Question, want: c.Facts, kind: "hand", cut: nothingExcluded})
	}
	for _, c := range p.Eval.Decline {
		kind := "far"
		if c.Kind == knowledge.NearMiss {
			kind = "near"
		}
		out = append(out, asked{text: c.Question, kind: kind, cut: nothingExcluded})
	}
	return out
}

// intents reads a set of intents as a pack without answers; typos as bench makes them are
// left to the evaluation.
func intents(tb testing.TB, file string, shots, most int) *material {
	tb.Helper()
	f, err := os.Open(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close()
	rng := rand.New(rand.NewPCG(1, 7))
	train := map[string][]string{}
	var labels []string
	var in, out []asked
	scan := bufio.NewScanner(f)
	for scan.Scan() {
		var r struct{ ID, Text, Split string }
		if err := json.Unmarshal(scan.Bytes(), &r); err != nil {
			tb.Fatalf("%s: %v", file, err)
		}
		switch r.Split {
		case "train":
			if _, ok := train[r.ID]; !ok {
				labels = append(labels, r.ID)
			}
			train[r.ID] = append(train[r.ID], r.Text)
		case "val":
			in = append(in, asked{text: r.Text, want: []string{r.ID}, kind: "hand", cut: nothingExcluded})
		case "oos_val":
			out = append(out, asked{text: r.Text, kind: "far", cut: nothingExcluded})
		}
	}
	pack := &knowledge.Pack{ID: "intents", Languages: []string{"en"}}
	for _, l := range labels {
		texts := train[l]
		if shots > 0 && len(texts) > shots {
			rng.Shuffle(len(texts), func(i, j int) { texts[i], texts[j] = texts[j], texts[i] })
			texts = texts[:shots]
		}
		fact := &knowledge.Fact{ID: l, Pack: pack, Status: knowledge.Established}
		for _, t := range texts {
			fact.Questions = append(fact.Questions, knowledge.Phrasing{Lang: "en", Text: t})
		}
		pack.Facts = append(pack.Facts, fact)
	}
	name := strings.TrimSuffix(filepath.Base(file), ".jsonl")
	m := &material{name: fmt.Sprintf("%s:%d", name, shots), group: strings.Split(strings.TrimSuffix(name, "oos_id_10shot"), "_")[0], base: &knowledge.Base{Packs: []*knowledge.Pack{pack}}}
	for _, of := range [][]asked{in, out} {
		for _, i := range rng.Perm(len(of))[:min(most, len(of))] {
			m.asked = append(m.asked, of[i])
		}
	}
	return m
}
