package answers

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io/fs"
	"maps"
	"math"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"

	"footnote/answers/parse"
)

// What is made of all vectors of a base together is kept too: the classifier, the doubts and the
// decision as the base moves it. It lies in a file of its own, which bears the key of all that it
// was made from, so that a base that did not change is not fitted again.
//
// The file is the key, the hash of the rest, and the rest: lists of numbers, each as its length
// and its numbers, in the order of fitted.lists. Floats are written bit by bit, so that what was
// kept decides as what was made.

// keep writes what was fitted.
func (f *fitted) keep(key [sha256.Size]byte) []byte {
	var lower []float32 // of L⁻¹, row by row
	if f.classes.invL != nil {
		for i := range dims {
			lower = append(lower, f.classes.invL[i*dims:i*dims+i+1]...)
		}
	}
	sure := append([]float64{f.sure.bias}, f.sure.weights[:]...)
	for _, r := range f.sure.ramps {
		sure = append(sure, float64(r.figure), r.from, r.to, r.gain)
	}
	var b bytes.Buffer
	for _, list := range []any{lower, f.classes.weights, f.doubts.weights, f.doubts.phrasings, f.doubts.grams, sure} {
		_ = binary.Write(&b, binary.LittleEndian, uint32(lengthOf(list)))
		_ = binary.Write(&b, binary.LittleEndian, list)
	}
	sum := sha256.Sum256(b.Bytes())
	return slices.Concat(key[:], sum[:], b.Bytes())
}

func lengthOf(list any) int {
	switch l := list.(type) {
	case []float32:
		return len(l)
	case []int32:
		return len(l)
	case []float64:
		return len(l)
	}
	return 0
}

// recallFitted reads what keep wrote; nil if it is another base's, or damaged.
func recallFitted(data []byte, key [sha256.Size]byte) *fitted {
	const head = 2 * sha256.Size
	if len(data) < head || [sha256.Size]byte(data) != key || sha256.Sum256(data[head:]) != [sha256.Size]byte(data[sha256.Size:head]) {
		return nil
	}
	r := keptReader{rest: data[head:]}
	f := &fitted{}
	lower := r.floats()
	f.classes.weights = r.floats()
	f.doubts = doubts{weights: r.floats(), phrasings: r.ints(), grams: r.floats()}
	sure := r.doubles()
	if r.short || len(sure) < 1+int(figures) || (len(sure)-1-int(figures))%4 != 0 {
		return nil
	}
	if len(lower) == dims*(dims+1)/2 {
		f.classes.invL = make([]float32, dims*dims)
		for i, at := 0, 0; i < dims; i++ {
			copy(f.classes.invL[i*dims:], lower[at:at+i+1])
			at += i + 1
		}
	}
	f.sure.bias = sure[0]
	copy(f.sure.weights[:], sure[1:])
	for ramps := sure[1+figures:]; len(ramps) > 0; ramps = ramps[4:] {
		i := figure(ramps[0])
		if i < 0 || i >= figures {
			return nil
		}
		f.sure.ramps = append(f.sure.ramps, ramp{i, ramps[1], ramps[2], ramps[3]})
	}
	return f
}

// suits reports whether what was kept can be of the base: a file that bears the right hash may
// have been made by anybody, and numbers that lead beyond the base would end the program.
func (f *fitted) suits(ix *index, unanswered int) bool {
	if f == nil {
		return false
	}
	d := &f.doubts
	whole := len(f.classes.weights) == len(ix.facts)*dims && (len(d.weights) == 0 || len(d.weights) == len(d.phrasings)+unanswered && len(d.grams) == len(ix.spellings.idf))
	return whole && slices.IsSorted(d.phrasings) &&
		!slices.ContainsFunc(d.phrasings, func(p int32) bool { return p < 0 || int(p) >= len(ix.phrasings) }) &&
		finite(f.classes.weights) && finite(f.classes.invL) && finite(d.weights) && finite(d.grams) && finite(f.sure.weights[:]) && finite([]float64{f.sure.bias})
}

// finite reports whether all numbers are.
func finite[T float32 | float64](all []T) bool {
	return !slices.ContainsFunc(all, func(x T) bool { return math.IsNaN(float64(x)) || math.IsInf(float64(x), 0) })
}

// keptReader takes lists of numbers apart; once it is short it gives none.
type keptReader struct {
	rest  []byte
	short bool
}

func (r *keptReader) list(size int) []byte {
	if r.short || len(r.rest) < 4 {
		r.short = true
		return nil
	}
	n := int(binary.LittleEndian.Uint32(r.rest))
	if r.rest = r.rest[4:]; n > len(r.rest)/size {
		r.short = true
		return nil
	}
	list := r.rest[:n*size]
	r.rest = r.rest[n*size:]
	return list
}

func (r *keptReader) floats() []float32 {
	list := r.list(4)
	out := make([]float32, len(list)/4)
	for i := range out {
		out[i] = math.Float32frombits(binary.LittleEndian.Uint32(list[4*i:]))
	}
	return out
}

func (r *keptReader) ints() []int32 {
	list := r.list(4)
	out := make([]int32, len(list)/4)
	for i := range out {
		out[i] = int32(binary.LittleEndian.Uint32(list[4*i:]))
	}
	return out
}

func (r *keptReader) doubles() []float64 {
	list := r.list(8)
	out := make([]float64, len(list)/8)
	for i := range out {
		out[i] = math.Float64frombits(binary.LittleEndian.Uint64(list[8*i:]))
	}
	return out
}

// keptKey identifies all that what is fitted to a base depends on: beside its vectors, all that
// its facts say, and the program.
func (ix *index) keptKey(learned [sha256.Size]byte) [sha256.Size]byte {
	h := sha256.New()
	h.Write(learned[:])
	fmt.Fprintln(h, programOf())
	for _, f := range ix.facts {
		fmt.Fprintf(h, "%q %q %q %q %q %q %q\n", f.ID, f.AccordingTo, f.Names(), f.Keywords, f.Answer, f.Detail, f.Questions)
		for _, p := range f.Positions {
			fmt.Fprintf(h, "%q %q\n", p.Holder, p.Claim)
		}
		for _, d := range f.Dates {
			fmt.Fprintf(h, "%v %q\n", d.EDTF, d.Label)
		}
		for _, c := range f.AllCites() {
			if c.Source != nil {
				fmt.Fprintf(h, "%q %q\n", c.Source.Authors(), c.Source.Title())
			}
		}
		if f.Pack != nil {
			fmt.Fprintf(h, "%q\n", f.Pack.ID)
		}
	}
	for _, first := range slices.Sorted(maps.Keys(ix.synonyms.byFirst)) {
		for _, s := range ix.synonyms.byFirst[first] {
			fmt.Fprintf(h, "%q %q\n", s.keys, parse.Texts(s.to))
		}
	}
	return [sha256.Size]byte(h.Sum(nil))
}

// programOf tells programs apart: the same words may have other figures in another one.
func programOf() string {
	revision, modified := "", true
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			switch s.Key {
			case "vcs.revision":
				revision = s.Value
			case "vcs.modified":
				modified = s.Value == "true"
			}
		}
	}
	if revision != "" && !modified {
		return revision
	}
	path, err := os.Executable()
	if err != nil {
		return revision
	}
	info, err := os.Stat(path)
	if err != nil {
		return revision
	}
	return fmt.Sprint(revision, " ", info.Size(), " ", info.ModTime().UnixNano())
}

const (
	keptPrefix, keptSuffix = "fitted-", ".bin"

	// mostKept is how many bases' files are kept, the last ones, and mostFitted bounds one.
	mostKept, mostFitted = 8, 64 << 20
)

func keptName(key [sha256.Size]byte) string {
	return keptPrefix + hex.EncodeToString(key[:8]) + keptSuffix
}

// readKept is the file of a key in dir, or nil.
func readKept(dir string, key [sha256.Size]byte) []byte {
	if dir == "" {
		return nil
	}
	return readRegular(filepath.Join(dir, keptName(key)), mostFitted)
}

// writeKept puts the file of a key into dir, whole or not at all, and removes the oldest of too
// many. What cannot be written costs time at the next start and nothing else.
func writeKept(dir string, key [sha256.Size]byte, data []byte) {
	if dir == "" || len(data) > mostFitted || os.MkdirAll(dir, 0o755) != nil {
		return
	}
	if writeWhole(filepath.Join(dir, keptName(key)), data) != nil {
		return
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return
	}
	var kept []fs.FileInfo
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), keptPrefix) && strings.HasSuffix(e.Name(), keptSuffix) {
			if info, err := e.Info(); err == nil {
				kept = append(kept, info)
			}
		}
	}
	slices.SortFunc(kept, func(a, b fs.FileInfo) int {
		return cmp.Or(b.ModTime().Compare(a.ModTime()), strings.Compare(a.Name(), b.Name()))
	})
	for _, info := range kept[min(mostKept, len(kept)):] {
		_ = os.Remove(filepath.Join(dir, info.Name()))
	}
}

// writeWhole writes a file so that nobody sees half of it.
func writeWhole(path string, data []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*.tmp")
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	if e := f.Close(); err == nil {
		err = e
	}
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		_ = os.Remove(f.Name())
	}
	return err
}
