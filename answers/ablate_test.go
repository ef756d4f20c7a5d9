package answers

import (
	"flag"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"footnote/answers/encoder"
	"footnote/answers/lexicon"
	"footnote/knowledge"
)

var ablate = flag.Bool("ablate", false, "learn the embedded pack anew without each kind of evidence, and print what each contributes (minutes)")

// TestAblation prints the table of MATCHING.md:
//
//	go test ./answers -run Ablation -ablate -v -timeout 30m
//
// Without -ablate it checks on the little pack that every variant works.
func TestAblation(t *testing.T) {
	base := pressBase(0)
	if *ablate {
		var err error
		if base, err = knowledge.Embedded(); err != nil {
			t.Fatal(err)
		}
	} else {
		base.Packs[0].Eval = pressEval()
	}
	var codes *encodings
	if *ablate {
		enc, err := encoder.Load()
		if err != nil {
			t.Fatal(err)
		}
		codes = newEncodings(enc)
	}
	whole := newLaboratory(base, codes)
	table := "| without | right | wrong | choices | near misses declined | the rest declined |\n|---|---|---|---|---|---|\n"
	all := whole.matcher(nil)
	table += ablationRow("nothing: as it is", all)

	hard := func(kinds ...int) []int {
		for i := range kinds {
			kinds[i] += figures
		}
		return kinds
	}
	everyHard := make([]int, hardKinds)
	for i := range everyHard {
		everyHard[i] = figures + i
	}
	for _, x := range []struct {
		name string
		off  []int
	}{
		{"unknown names", hard(hardName)},
		{"dates and months", hard(hardDate)},
		{"numbers", hard(hardNumber)},
		{"negations", hard(hardNot)},
		{"the asked-for noun (focus)", hard(hardFocus)},
		{"the verb", hard(hardVerb)},
		{"other uncovered words (rest)", hard(hardRest)},
		{"what is asked (when, where, why, how many, who)", hard(hardWhen, hardWhere, hardWhy, hardHowMany, hardWho)},
		{"definitions", hard(hardDefine)},
		{"opinions and forecasts", hard(hardModal)},
		{"superlatives", hard(hardExtreme)},
		{"exchanged roles", hard(hardOrder)},
		{"speakers", hard(hardSpeaker)},
		{"no telling word in common (nothing)", hard(hardNothing)},
		{"all hard evidence", everyHard},
		{"coverage (share of words covered, known)", []int{figCovered, figPack}},
		{"resemblance (energy, peak)", []int{figEnergy, figPeak}},
		{"doubt", []int{figDoubt}},
		{"doubt and all hard evidence", append(slices.Clone(everyHard), figDoubt)},
	} {
		table += ablationRow(x.name, whole.matcher(x.off))
	}

	noSpelling := *all
	ix := *all.ix
	ix.speller = newSpeller(&lexicon.Lexicon{}, nil)
	noSpelling.ix = &ix
	table += ablationRow("spelling repair", &noSpelling)

	phrasingsOnly := *all
	ix2 := *all.ix
	ix2.supports = slices.Clone(all.ix.supports)
	for i := range ix2.supports {
		s := ix2.supports[i]
		s.keys = maps.Clone(s.keys)
		maps.DeleteFunc(s.keys, func(_ string, h holding) bool { return h.phrasings == 0 })
		ix2.supports[i] = s
	}
	phrasingsOnly.ix = &ix2
	table += ablationRow("words beside the phrasings (answer, people, dates, keywords)", &phrasingsOnly)

	inexact := *all
	ix3 := *all.ix
	ix3.exact = nil
	inexact.ix = &ix3
	table += ablationRow("exact phrasings", &inexact)

	cheap := *all
	cheap.encoder = false
	table += ablationRow("the encoder", &cheap)

	unaware := &knowledge.Base{}
	for _, p := range base.Packs {
		q := *p
		q.Unanswered = nil
		unaware.Packs = append(unaware.Packs, &q)
	}
	table += ablationRow("unanswered.yaml (learned anew)", newLaboratory(unaware, codes).matcher(nil))
	bare := &knowledge.Base{}
	for _, p := range base.Packs {
		q := *p
		q.Synonyms = nil
		bare.Packs = append(bare.Packs, &q)
	}
	table += ablationRow("the pack's synonyms (learned anew)", newLaboratory(bare, codes).matcher(nil))
	if n := strings.Count(table, "\n"); n != 28 {
		t.Errorf("the table has %d lines", n)
	}
	if *ablate {
		fmt.Print(table)
	}
}

// A laboratory has learned a base, and can calibrate it as if some of what the
// calibration sees did not exist.
type laboratory struct {
	base          *knowledge.Base
	m             *Matcher
	lexical, full []example
}

func newLaboratory(base *knowledge.Base, codes *encodings) *laboratory {
	l := &laboratory{base: base, m: &Matcher{base: base, ix: newIndex(base), encoder: codes != nil}}
	l.m.model = learn(l.m.ix, codes)
	for fold := range played {
		a, b := simulate(base, codes, fold)
		l.lexical, l.full = append(l.lexical, a...), append(l.full, b...)
	}
	return l
}

// matcher is calibrated without the inputs of off.
func (l *laboratory) matcher(off []int) *Matcher {
	fit := func(all []example) calibration {
		seen := slices.Clone(all)
		for i := range seen {
			for _, k := range off {
				seen[i].x[k] = 0
			}
		}
		c := fitCalibration(seen)
		for _, k := range off {
			c.In.Weights[k], c.Right.Weights[k] = 0, 0
		}
		return c
	}
	m, model := *l.m, *l.m.model
	model.cheapCal = fit(l.lexical)
	if l.full != nil {
		model.fullCal = fit(l.full)
	}
	m.model = &model
	return &m
}

// ablationRow asks a matcher its packs' eval.yaml.
func ablationRow(name string, m *Matcher) string {
	var find, right, wrong, choices, near, nearDeclined, rest, restDeclined float64
	for _, p := range m.base.Packs {
		for _, c := range p.Eval.Find {
			find++
			switch r := m.Match(Query{Text: c.Question}); {
			case r.Outcome == Choices:
				choices++
			case r.Best() != nil && slices.Contains(c.Facts, r.Best().ID):
				right++
			case r.Best() != nil:
				wrong++
			}
		}
		for _, c := range p.Eval.Decline {
			declined := m.Match(Query{Text: c.Question}).Outcome == Declined
			if c.Kind == knowledge.NearMiss {
				near++
				if declined {
					nearDeclined++
				}
				continue
			}
			rest++
			if declined {
				restDeclined++
			}
		}
	}
	return fmt.Sprintf("| %s | %.1f | %.1f | %.1f | %.1f | %.1f |\n", name, 100*right/find, 100*wrong/find, 100*choices/find, 100*nearDeclined/max(near, 1), 100*restDeclined/max(rest, 1))
}

// pressEval is the little pack's examination.
func pressEval() knowledge.Eval {
	var e knowledge.Eval
	for q, id := range pressAnswerable {
		e.Find = append(e.Find, knowledge.FindCase{Question: q, Facts: []string{id}})
	}
	for i, q := range pressDeclined {
		kind := knowledge.NearMiss
		if i >= 5 {
			kind = knowledge.Noise
		}
		e.Decline = append(e.Decline, knowledge.DeclineCase{Question: q, Kind: kind})
	}
	return e
}
