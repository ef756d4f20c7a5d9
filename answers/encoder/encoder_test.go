package encoder

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"math"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// reference is what convert.py made of a text with another implementation of
// the model. The vectors are in units of 1e-5.
type reference struct {
	Text    string
	Tokens  []string
	Float   []int // with the weights as they were published
	Rounded []int // with the weights as they ship
}

func references(t testing.TB, file string) []reference {
	t.Helper()
	b, err := os.ReadFile("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	var rs []reference
	if err := json.Unmarshal(b, &rs); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	if len(rs) == 0 {
		t.Fatalf("%s holds no reference", file)
	}
	return rs
}

// tokens are the pieces of text that e reads.
func tokens(e *Encoder, text string) []string {
	var out []string
	for _, id := range e.model.words.pieces(text, MaxTokens) {
		out = append(out, e.model.words.piece(id))
	}
	return out
}

func loaded(t testing.TB) *Encoder {
	t.Helper()
	e, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func cosine(a []float32, b []int) float64 {
	var ab, aa, bb float64
	for i := range a {
		ab += float64(a[i]) * float64(b[i])
		aa += float64(a[i]) * float64(a[i])
		bb += float64(b[i]) * float64(b[i])
	}
	return ab / math.Sqrt(aa*bb)
}

func TestAgreesWithReference(t *testing.T) {
	e := loaded(t)
	// The published weights tell what all rounding costs, the shipped ones what is
	// left of it when only the inputs of the layers are rounded.
	// A text of nothing but strange characters is no text to the model, and the least
	// rounding moves its vector.
	float, rounded, strange := 1.0, 1.0, 1.0
	for _, r := range references(t, "reference.json") {
		if got := tokens(e, r.Text); !slices.Equal(got, r.Tokens) {
			t.Errorf("%q: tokens %q, reference %q", r.Text, got, r.Tokens)
		}
		s := e.Encode(r.Text).Sentence
		if slices.Contains(r.Tokens, "[UNK]") {
			strange = min(strange, cosine(s, r.Float), cosine(s, r.Rounded))
			continue
		}
		float, rounded = min(float, cosine(s, r.Float)), min(rounded, cosine(s, r.Rounded))
	}
	t.Logf("lowest cosine: %.6f with the published weights, %.6f with the shipped ones; %.6f of strange text", float, rounded, strange)
	if least := .995; !(strange >= least) {
		t.Errorf("lowest cosine of strange text is %.6f, want at least %v", strange, least)
	}
	if least := .998; !(float >= least) {
		t.Errorf("lowest cosine with the published weights is %.6f, want at least %v", float, least)
	}
	if least := .9995; !(rounded >= least) {
		t.Errorf("lowest cosine with the shipped weights is %.6f, want at least %v", rounded, least)
	}
}

func TestWeightsHash(t *testing.T) {
	sum := sha256.Sum256([]byte(weights))
	if got := hex.EncodeToString(sum[:]); got != weightsHash {
		t.Errorf("bge-small.bin has the SHA-256 %s, weightsHash says %s: an ID would name other weights than those that ship", got, weightsHash)
	}
}

func TestDamagedWeightsAreRefused(t *testing.T) {
	broken := map[string]string{
		"empty":    "",
		"no magic": "x" + weights[1:],
		"version":  weights[:8] + "\xff" + weights[9:],
		"cut":      weights[:len(weights)-1],
		"long":     weights + "x",
		"head":     weights[:20],
		"huge":     weights[:8+4*6] + "\xff\xff\xff\x0f" + weights[8+4*7:],
	}
	for name, file := range broken {
		if _, err := readModel(file, genericKernel()); err == nil || !strings.Contains(err.Error(), "encoder: the embedded weights") {
			t.Errorf("%s: error %v", name, err)
		}
	}
}

// Behind a matrix' scales and biases stand the lengths of its codes and the sizes of its streams.
func TestDamagedMatricesAreRefused(t *testing.T) {
	const weights = 64
	lengths := append(make([]byte, weightLimit-1), 2, 1, 2) // 0 is coded as 0, -1 as 10, 1 as 11
	lengths = append(lengths, make([]byte, weightSymbols-len(lengths))...)
	stream := append(make([]byte, weights/2/8), make([]byte, streamMargin)...) // zeros alone: one bit each
	whole := func() []byte {
		size := []byte{byte(len(stream)), 0, 0, 0}
		return slices.Concat(lengths, size, size, stream, stream)
	}
	read := func(file []byte) *reader {
		r := &reader{rest: string(file)}
		got := r.panels(weights)
		if !r.short && !r.damaged && strings.Trim(got, "\x00") != "" {
			t.Errorf("weights %x, want zeros", got)
		}
		return r
	}
	if r := read(whole()); r.short || r.damaged || len(r.rest) != 0 {
		t.Fatalf("of a whole matrix %d bytes are left, short %v, damaged %v", len(r.rest), r.short, r.damaged)
	}
	for name, spoil := range map[string]func(b []byte) []byte{
		"no code":        func(b []byte) []byte { b[weightLimit-1] = 0; return b },
		"longer codes":   func(b []byte) []byte { b[0] = 1; return b },
		"other weights":  func(b []byte) []byte { b[len(lengths)+8] = 0xff; return b },
		"a short stream": func(b []byte) []byte { b[len(lengths)]--; return b },
		"a long stream":  func(b []byte) []byte { b[len(lengths)]++; return append(b, 0) },
		"a huge stream":  func(b []byte) []byte { b[len(lengths)+3] = 0xff; return b },
		"cut":            func(b []byte) []byte { return b[:len(b)-1] },
	} {
		if r := read(spoil(whole())); !r.short && !r.damaged {
			t.Errorf("%s: not refused", name)
		}
	}
}

// odd texts must do no harm whatever they hold.
func TestAnyText(t *testing.T) {
	e := loaded(t)
	texts := map[string]string{
		"empty": "", "blank": " \t\n", "nul": "\x00\x00", "invalid": "\xff\xfe\x80", "half a rune": "\xe2\x82",
		"megabyte": strings.Repeat("why ", 1<<18), "one word": strings.Repeat("x", 1<<20), "spaces": strings.Repeat(" ", 1<<20),
		"accents": "e" + strings.Repeat("\u0301", 1<<16), "controls": strings.Repeat("\x01", 1<<20), "emoji": strings.Repeat("\U0001F600", 5000),
		"cut in a rune": strings.Repeat("x", readLimit-1) + "é",
	}
	for name, text := range texts {
		enc := e.Encode(text)
		read := tokens(e, text)
		n := len(read)
		if n < 2 || n > MaxTokens || read[0] != "[CLS]" || read[n-1] != "[SEP]" {
			t.Errorf("%s: tokens %q", name, read)
		}
		for v, vector := range enc.Views {
			if len(vector) != Dims || slices.ContainsFunc(vector, func(f float32) bool { return f != f || math.IsInf(float64(f), 0) }) {
				t.Errorf("%s: view %v is not a vector of %d numbers", name, View(v), Dims)
			}
		}
		if d := length(enc.Sentence) - 1; math.Abs(d) > 1e-6 {
			t.Errorf("%s: the sentence's length is off by %v", name, d)
		}
	}
}

func length(x []float32) float64 {
	var s float64
	for _, v := range x {
		s += float64(v) * float64(v)
	}
	return math.Sqrt(s)
}

func TestEncodeAllGivesTheSameBits(t *testing.T) {
	e := loaded(t)
	texts := []string{"", strings.Repeat("why ", MaxTokens), "who?"} // the second has a batch to itself
	for _, r := range references(t, "reference.json")[:24] {
		texts = append(texts, r.Text)
	}
	var want [][]float32
	for _, text := range texts {
		want = append(want, e.Encode(text).Sentence)
	}
	for _, n := range []int{0, 1, 2, 3, len(texts)} {
		next := 0
		err := e.EncodeAll(t.Context(), texts[:n], func(i int, enc Encoding) {
			if i != next {
				t.Fatalf("text %d came where %d was due", i, next)
			}
			next++
			if !slices.Equal(enc.Sentence, want[i]) {
				t.Errorf("%q has another vector among others than alone", texts[i])
			}
		})
		if err != nil || next != n {
			t.Errorf("%d texts of %d came; error %v", next, n, err)
		}
	}
}

func TestEncodeAllEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	texts := slices.Repeat([]string{strings.Repeat("why ", MaxTokens)}, 5)
	calls := 0
	err := loaded(t).EncodeAll(ctx, texts, func(i int, _ Encoding) {
		if calls++; i == 1 {
			cancel()
		}
	})
	if !errors.Is(err, context.Canceled) || calls != 2 {
		t.Errorf("%d calls, error %v: want 2 and the context's", calls, err)
	}
	if err := loaded(t).EncodeAll(ctx, nil, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("of a context that was done before: error %v", err)
	}
}

// golden guards the bits themselves: caches and golden answers rest on them.
// If a change of the arithmetic is wanted, change the constant of that name too.
func TestBitsAreTheSameEverywhere(t *testing.T) {
	e := loaded(t)
	h := sha256.New()
	for _, r := range references(t, "reference.json")[:8] {
		b, err := json.Marshal(e.Encode(r.Text).Sentence)
		if err != nil {
			t.Fatal(err)
		}
		h.Write(b)
	}
	const golden = "9c2c93766dfb4fcfc8f7f74c437a3044"
	if got := hex.EncodeToString(h.Sum(nil))[:32]; got != golden {
		t.Errorf("the vectors of the first reference texts hash to %s, want %s", got, golden)
	}
}

func TestEncodeIsSafeForConcurrentUse(t *testing.T) {
	e := loaded(t)
	texts := []string{"Who condemned Stalin's personality cult?", "short", strings.Repeat("a longer one ", 30)}
	var want []Encoding
	for _, text := range texts {
		want = append(want, e.Encode(text))
	}
	var wg sync.WaitGroup
	for g := range 4 {
		wg.Go(func() {
			for i := range 2 * len(texts) {
				k := (g + i) % len(texts)
				for v, got := range e.Encode(texts[k]).Views {
					if !slices.Equal(got, want[k].Views[v]) {
						t.Errorf("%v of %q differs in concurrent use", View(v), texts[k])
					}
				}
			}
		})
	}
	wg.Wait()
}

// question has 14 pieces and answer 43, the marks included.
const (
	question = "when did stalin's successor condemn the cult of personality?"
	answer   = question + " in a speech behind closed doors at the twentieth congress of the communist party in february 1956, which soon was known to the whole of the world."
)

func BenchmarkEncode(b *testing.B) {
	for _, text := range []struct{ name, text string }{
		{"question", question}, {"answer", answer}, {"longest", strings.Repeat("why ", MaxTokens)},
	} {
		for _, k := range kernels() {
			b.Run(text.name+"/"+k.name, func(b *testing.B) {
				e := on(b, k)
				b.ReportAllocs()
				least := time.Hour
				for b.Loop() {
					began := time.Now()
					e.Encode(text.text)
					least = min(least, time.Since(began))
				}
				b.ReportMetric(float64(least.Microseconds()), "least-µs")
			})
		}
	}
}

// BenchmarkEncodeAll tells the time of a text among many of its length.
func BenchmarkEncodeAll(b *testing.B) {
	for _, text := range []struct{ name, text string }{{"questions", question}, {"answers", answer}} {
		for _, k := range kernels() {
			b.Run(text.name+"/"+k.name, func(b *testing.B) {
				e := on(b, k)
				texts := slices.Repeat([]string{text.text}, 36)
				for b.Loop() {
					if err := e.EncodeAll(b.Context(), texts, func(int, Encoding) {}); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*len(texts)), "µs/text")
			})
		}
	}
}

func BenchmarkLoad(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := readModel(weights, kernels()[0]); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkProducts are those of a question with 20,000 vectors.
func BenchmarkProducts(b *testing.B) {
	const n = 20_000
	out, rows, v := make([]float32, n), make([]int8, n*Dims), [Dims]float32{1}
	for _, k := range kernels() {
		b.Run(k.name, func(b *testing.B) {
			for b.Loop() {
				k.dots(out, rows, &v)
			}
		})
	}
}
