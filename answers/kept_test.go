package answers

import (
	"context"
	"crypto/sha256"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"footnote/knowledge"
)

// What was fitted is kept and taken up again as it was; what is damaged, cut off or another
// base's is not.
func TestFittedIsKept(t *testing.T) {
	f := &fitted{classes: classifier{invL: make([]float32, dims*dims), weights: []float32{1, 2, 3}}, doubts: doubts{weights: []float32{.5}, phrasings: []int32{7}, grams: []float32{-1, 2}}}
	for i := range dims {
		for j := range i + 1 {
			f.classes.invL[i*dims+j] = float32(i) / float32(j+1)
		}
	}
	f.sure = linear{bias: -.25, ramps: []ramp{{figCosine, .1, .2, .3}}}
	f.sure.weights[figLead] = 1.5
	key := sha256.Sum256([]byte("a base"))
	data := f.keep(key)
	if got := recallFitted(data, key); !reflect.DeepEqual(got, f) {
		t.Fatal("what is recalled is not what was kept")
	}
	if recallFitted(data, sha256.Sum256([]byte("another"))) != nil || recallFitted(data[:len(data)-1], key) != nil || recallFitted(nil, key) != nil {
		t.Error("another base's, or half of it, was taken")
	}
	for i := 0; i < len(data); i += 997 {
		damaged := slices.Clone(data)
		damaged[i] ^= 4
		if recallFitted(damaged, key) != nil {
			t.Fatalf("byte %d is damaged, and it was taken", i)
		}
	}
}

// A base that did not change is not fitted again, one that did is, and the files of old ones go.
func TestFittedIsNotMadeAgain(t *testing.T) {
	dir := t.TempDir()
	pack := packsIn(t, filepath.Join("testdata", "packs"))[0].cutTo(1)
	files := func() []string {
		found, err := filepath.Glob(filepath.Join(dir, keptPrefix+"*"))
		if err != nil {
			t.Fatal(err)
		}
		return found
	}
	learn := func() *Matcher {
		m, err := New(t.Context(), pack.base, Options{CacheDir: dir, Patience: math.MaxInt})
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	first := learn()
	if len(files()) != 1 {
		t.Fatalf("kept: %v", files())
	}
	before, err := os.Stat(files()[0])
	if err != nil {
		t.Fatal(err)
	}
	second := learn()
	if after, err := os.Stat(files()[0]); err != nil || len(files()) != 1 || !after.ModTime().Equal(before.ModTime()) {
		t.Errorf("it was made again: %v, %v", files(), err)
	}
	a, b := first.meaning.Load(), second.meaning.Load()
	if !reflect.DeepEqual(a.classes, b.classes) || !reflect.DeepEqual(a.models, b.models) || !slices.Equal(a.doubts.weights, b.doubts.weights) {
		t.Error("what was kept decides otherwise than what was made")
	}
	pack.base.Packs[0].Facts[0].AccordingTo = "Somebody Else"
	learn()
	if len(files()) != 2 {
		t.Errorf("of a base that changed: %v", files())
	}
	for i := range 2 * mostKept {
		writeKept(dir, sha256.Sum256([]byte{byte(i)}), []byte("x"))
	}
	if n := len(files()); n != mostKept {
		t.Errorf("%d are kept, want %d", n, mostKept)
	}
}

// Learning ends soon after its context does, also where all vectors are there.
func TestFittingCanBeCancelled(t *testing.T) {
	pack := packsIn(t, filepath.Join("testdata", "packs"))[0].cutTo(3).withUnanswered()
	m := learnedAtRandom(t, pack.base)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := m.meaning.Load().fit(ctx, m.ix, nil, mostDoubts); err != context.Canceled {
		t.Errorf("fitting gives %v", err)
	}
}

// A file with the right key and hash and numbers that lead nowhere is not taken.
func TestCraftedFittedIsNotTaken(t *testing.T) {
	ix := &index{facts: make([]*knowledge.Fact, 2), phrasings: make([]phrasing, 3)}
	ix.spellings = &spellingIndex{idf: make([]float32, 4)}
	key := sha256.Sum256([]byte("a base"))
	make1 := func(change func(*fitted)) *fitted {
		f := &fitted{classes: classifier{weights: make([]float32, 2*dims)}, doubts: doubts{weights: make([]float32, 4), phrasings: []int32{0, 2}, grams: make([]float32, 4)}}
		change(f)
		return recallFitted(f.keep(key), key)
	}
	if !make1(func(*fitted) {}).suits(ix, 2) {
		t.Fatal("what suits is not taken")
	}
	nan := float32(math.NaN())
	for name, change := range map[string]func(*fitted){
		"few weights":         func(f *fitted) { f.classes.weights = f.classes.weights[:10] },
		"phrasing beyond":     func(f *fitted) { f.doubts.phrasings[1] = 3 },
		"phrasing below":      func(f *fitted) { f.doubts.phrasings[0] = -1 },
		"phrasings unordered": func(f *fitted) { f.doubts.phrasings[0], f.doubts.phrasings[1] = 2, 0 },
		"few doubts":          func(f *fitted) { f.doubts.weights = f.doubts.weights[:3] },
		"few grams":           func(f *fitted) { f.doubts.grams = nil },
		"no number":           func(f *fitted) { f.classes.weights[0] = nan },
		"no bias":             func(f *fitted) { f.sure.bias = math.Inf(1) },
	} {
		if make1(change).suits(ix, 2) {
			t.Errorf("%s: it is taken", name)
		}
	}
	if (*fitted)(nil).suits(ix, 2) {
		t.Error("nothing is taken")
	}
}
