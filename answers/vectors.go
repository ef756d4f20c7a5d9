package answers

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"footnote/answers/encoder"
)

// Vectors are kept by the text that they are of, so that a pack that changes a little
// needs little work, and work that was stopped goes on where it was. A vector is
// rounded to 8 bits before it is used at all, so that one that was kept and one that
// was made just now decide alike.
//
// A file of vectors is a head of headSize bytes and records of recordSize bytes: 16 bytes of
// the text's hash, the scale as a float32, dims bytes, and 8 bytes of the hash of all that.
// Records are only ever appended. Whatever does not bear its hash is passed over, so a
// damaged or cut-off file costs the time to make its vectors again.

const (
	headSize   = 32
	keySize    = 16
	sumSize    = 8
	recordSize = keySize + 4 + dims + sumSize

	// mostVectors bounds what is read of a file: 160,000 texts are a pack of 40,000 facts.
	mostVectors = 160_000
)

type textKey [keySize]byte

func keyOf(text string) textKey {
	if t, ok := strings.CutPrefix(text, multilingualText); ok {
		text = fmt.Sprint(multilingualText, encoder.MultilingualID(), nearRest, t)
	}
	sum := sha256.Sum256([]byte(text))
	return textKey(sum[:keySize])
}

// vectorsHead names the encoder whose vectors a file holds.
func vectorsHead() []byte {
	sum := sha256.Sum256([]byte("footnote vectors 1 " + encoder.ID()))
	return sum[:headSize]
}

// A vectorStore is what is known of texts. It is safe for concurrent use.
type vectorStore struct {
	mu      sync.Mutex
	records map[textKey][]byte // whole records
	path    string             // of the file that new ones are appended to; "" keeps nothing
}

// openVectors takes up the vectors that ship with the program and those kept in dir.
func openVectors(dir string) *vectorStore {
	s := &vectorStore{records: map[textKey][]byte{}}
	s.read(shippedVectors)
	if dir != "" {
		s.path = filepath.Join(dir, vectorsFile)
		s.read(readRegular(s.path, headSize+mostVectors*recordSize))
	}
	return s
}

const vectorsFile = "texts.vectors"

// readRegular is the content of a regular file of at most so many bytes, or nil. What else
// stands there is not opened: a pipe would be waited for without end.
func readRegular(path string, most int64) []byte {
	info, err := os.Stat(path)
	if err != nil || !info.Mode().IsRegular() || info.Size() > most {
		return nil
	}
	f, err := os.Open(path)
	if err != nil {
		return nil
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, most))
	if err != nil {
		return nil
	}
	return data
}

func (s *vectorStore) read(data []byte) {
	if len(data) < headSize || !bytes.Equal(data[:headSize], vectorsHead()) {
		return
	}
	for rest := data[headSize:]; len(rest) >= recordSize; rest = rest[recordSize:] {
		r := rest[:recordSize:recordSize]
		if sum := sha256.Sum256(r[:recordSize-sumSize]); bytes.Equal(sum[:sumSize], r[recordSize-sumSize:]) {
			s.records[textKey(r[:keySize])] = r
		}
	}
}

// record rounds v, of unit length.
func record(key textKey, v []float32) []byte {
	r := make([]byte, recordSize)
	copy(r, key[:])
	var top float32
	for _, x := range v {
		top = max(top, x, -x)
	}
	step := top / math.MaxInt8
	if !(step > 0) {
		step = 1
	}
	binary.LittleEndian.PutUint32(r[keySize:], math.Float32bits(step))
	for i, x := range v {
		r[keySize+4+i] = byte(int8(math.RoundToEven(float64(x / step))))
	}
	sum := sha256.Sum256(r[:recordSize-sumSize])
	copy(r[recordSize-sumSize:], sum[:sumSize])
	return r
}

// vector puts the vector of a record into v, at unit length.
func vector(r []byte, v []float32) {
	for i := range v {
		v[i] = float32(int8(r[keySize+4+i]))
	}
	unit(v)
}

// missing are the texts that have no vector yet, each once.
func (s *vectorStore) missing(texts []string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	seen := map[textKey]bool{}
	var out []string
	for _, t := range texts {
		k := keyOf(t)
		if _, ok := s.records[k]; !ok && !seen[k] {
			seen[k] = true
			out = append(out, t)
		}
	}
	return out
}

// keptAfter is after how many vectors those made are written.
const keptAfter = 256

// make encodes texts, and keeps what was made even if ctx ends it. progress, which may
// be nil, is told how many are done.
func (s *vectorStore) make(ctx context.Context, enc encoders, texts []string, progress func(done, total int)) error {
	// Texts of equal length are encoded together without waste.
	slices.SortStableFunc(texts, func(a, b string) int { return len(a) - len(b) })
	for from := 0; from < len(texts); from += keptAfter {
		part := texts[from:min(from+keptAfter, len(texts))]
		made := make([][]byte, len(part))
		err := enc.encodeAll(ctx, part, func(i int, v []float32) { made[i] = record(keyOf(part[i]), v) })
		made = slices.DeleteFunc(made, func(r []byte) bool { return r == nil })
		s.mu.Lock()
		for _, r := range made {
			s.records[textKey(r[:keySize])] = r
		}
		s.mu.Unlock()
		s.append(made)
		if err != nil {
			return err
		}
		if progress != nil {
			progress(from+len(part), len(texts))
		}
	}
	return nil
}

// rows are the vectors of texts, which must all be there.
func (s *vectorStore) rows(texts []string) []float32 {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]float32, len(texts)*dims)
	for i, t := range texts {
		vector(s.records[keyOf(t)], row(out, i))
	}
	return out
}

// append adds records to the file. A file that cannot be written costs time at the
// next start and nothing else.
func (s *vectorStore) append(records [][]byte) {
	if s.path == "" || len(records) == 0 {
		return
	}
	if os.MkdirAll(filepath.Dir(s.path), 0o755) != nil {
		return
	}
	if info, err := os.Lstat(s.path); err == nil && (!info.Mode().IsRegular() || info.Size() > headSize+(mostVectors-keptAfter)*recordSize || !s.ours(info.Size())) {
		if !info.Mode().IsRegular() || os.Remove(s.path) != nil { // of another encoder, or full
			return
		}
	} else if part := (sizeOf(info) - headSize) % recordSize; err == nil && sizeOf(info) > headSize && part != 0 {
		if os.Truncate(s.path, info.Size()-part) != nil { // a record that was cut off
			return
		}
	}
	f, err := os.OpenFile(s.path, os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o644)
	if err != nil {
		return
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return
	}
	all := bytes.Join(records, nil)
	if info.Size() == 0 {
		all = slices.Concat(vectorsHead(), all)
	}
	if _, err := f.Write(all); err != nil {
		return
	}
	_ = f.Sync()
}

func sizeOf(info os.FileInfo) int64 {
	if info == nil {
		return 0
	}
	return info.Size()
}

// ours reports whether the file is one of this encoder's vectors.
func (s *vectorStore) ours(size int64) bool {
	if size == 0 {
		return true
	}
	f, err := os.Open(s.path)
	if err != nil {
		return false
	}
	defer f.Close()
	head := make([]byte, headSize)
	if _, err := io.ReadFull(f, head); err != nil {
		return false
	}
	return bytes.Equal(head, vectorsHead())
}
