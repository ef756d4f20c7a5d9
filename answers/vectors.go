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
// Records are only ever appended, by any number of processes. Whatever does not bear its hash is
// passed over, so a damaged or cut-off file costs the time to make its vectors again.

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
	if t, ok := strings.CutPrefix(text, foreignText); ok {
		text = fmt.Sprint(foreignText, encoder.MultilingualID(), foreignDims, t)
	}
	var few [256]byte
	sum := sha256.Sum256(append(few[:0], text...))
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

// openVectors takes up the vectors that ship with the program. Those kept in dir are read
// when they are asked for.
func openVectors(dir string) *vectorStore {
	s := &vectorStore{records: make(map[textKey][]byte, len(shippedVectors)/recordSize)}
	if data := bytesOf(shippedVectors); len(data) >= headSize && bytes.Equal(data[:headSize], vectorsHead()) {
		for rest := data[headSize:]; len(rest) >= recordSize; rest = rest[recordSize:] {
			s.records[textKey(rest[:keySize])] = rest[:recordSize:recordSize]
		}
	}
	return s.in(dir)
}

// newVectorStore knows what is kept in dir, and not what ships.
func newVectorStore(dir string) *vectorStore {
	return (&vectorStore{records: map[textKey][]byte{}}).in(dir)
}

func (s *vectorStore) in(dir string) *vectorStore {
	if dir != "" {
		s.path = filepath.Join(dir, vectorsFile)
	}
	return s
}

const vectorsFile = "texts.vectors"

// openRegular opens a regular file of at most so many bytes; nil if it is none. What else
// stands there is not opened: a pipe would be waited for without end.
func openRegular(path string, most int64) *os.File {
	info, err := os.Stat(path)
	if err != nil || !info.Mode().IsRegular() || info.Size() > most {
		return nil
	}
	f, err := os.Open(path)
	if err != nil {
		return nil
	}
	return f
}

// readRegular is the content of such a file, or nil.
func readRegular(path string, most int64) []byte {
	f := openRegular(path, most)
	if f == nil {
		return nil
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, most))
	if err != nil {
		return nil
	}
	return data
}

// look takes up those of the wanted vectors that are kept in the file, and no others: it may
// hold those of many packs.
func (s *vectorStore) look(wanted map[textKey]bool) {
	if s.path == "" || len(wanted) == 0 {
		return
	}
	f := openRegular(s.path, headSize+mostVectors*recordSize)
	if f == nil {
		return
	}
	defer f.Close()
	var head [headSize]byte
	if _, err := io.ReadFull(f, head[:]); err != nil || !bytes.Equal(head[:], vectorsHead()) {
		return
	}
	s.scan(f, wanted)
}

// mostResyncs is how many damaged places of a file are read beyond.
const mostResyncs = 1000

// scan reads records. Behind what is none, as a record that was cut off or a second head that
// another process wrote, it looks for where the next one begins.
func (s *vectorStore) scan(f io.Reader, wanted map[textKey]bool) {
	buf := make([]byte, 512*recordSize)
	have, resyncs := 0, 0
	for {
		n, err := io.ReadFull(f, buf[have:])
		rest := buf[:have+n]
		for len(rest) >= recordSize {
			if r := rest[:recordSize]; intact(r) {
				if k := textKey(r[:keySize]); wanted[k] {
					s.records[k] = bytes.Clone(r)
				}
				rest = rest[recordSize:]
				continue
			}
			if resyncs == mostResyncs {
				return
			}
			if len(rest) < 2*recordSize && err == nil { // the next one may not be read yet
				break
			}
			resyncs++
			rest = rest[nextRecord(rest):]
		}
		have = copy(buf, rest)
		if err != nil {
			return
		}
	}
}

// nextRecord is where the next record begins behind what is none.
func nextRecord(data []byte) int {
	for i := 1; i < recordSize && i+recordSize <= len(data); i++ {
		if intact(data[i : i+recordSize]) {
			return i
		}
	}
	return min(recordSize, len(data))
}

// intact reports whether r is a record that bears its hash.
func intact(r []byte) bool {
	sum := sha256.Sum256(r[:recordSize-sumSize])
	return bytes.Equal(sum[:sumSize], r[recordSize-sumSize:])
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

// missing are the texts that have no vector yet, not in the file either, each once.
func (s *vectorStore) missing(texts []string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	wanted := map[textKey]bool{}
	var out []string
	for _, t := range texts {
		if k := keyOf(t); s.records[k] == nil && !wanted[k] {
			wanted[k] = true
			out = append(out, t)
		}
	}
	s.look(wanted)
	return slices.DeleteFunc(out, func(t string) bool { return s.records[keyOf(t)] != nil })
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
func (s *vectorStore) rows(texts []string) table {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := newTable(len(texts))
	inParallel(len(texts), func(i int) { t.put(i, s.records[keyOf(texts[i])][keySize+4:][:dims]) })
	return t
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
	if info.Size() == 0 { // two processes may both begin a file, and a second head is read over
		all = slices.Concat(vectorsHead(), all)
	}
	if _, err := f.Write(all); err != nil {
		return
	}
	_ = f.Sync()
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
