package encoder

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"math"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
)

// reference is what convert.py made of a text with the model's float weights.
type reference struct {
	Text        string
	Tokens      []string
	Final       []float32
	Penultimate []float32
}

func (r *reference) view(v View) []float32 {
	return [NumViews][]float32{Final: r.Final, Penultimate: r.Penultimate}[v]
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

func loaded(t testing.TB) *Encoder {
	t.Helper()
	e, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func cosine(a, b []float32) float64 {
	var ab, aa, bb float64
	for i := range a {
		ab += float64(a[i]) * float64(b[i])
		aa += float64(a[i]) * float64(a[i])
		bb += float64(b[i]) * float64(b[i])
	}
	return ab / math.Sqrt(aa*bb)
}

// agreement is the smallest cosine between e's views and the references.
func agreement(t *testing.T, e *Encoder) (lowest float64) {
	t.Helper()
	lowest = 1
	for _, r := range references(t, "reference.json") {
		enc := e.Encode(r.Text)
		if !slices.Equal(enc.Tokens, r.Tokens) {
			t.Errorf("%q: tokens %q, reference %q", r.Text, enc.Tokens, r.Tokens)
		}
		for v, vector := range enc.Views {
			c := cosine(vector, r.view(View(v)))
			if !(c >= lowest) {
				lowest = c
				t.Logf("%v of %q: cosine %.6f", View(v), r.Text, c)
			}
		}
	}
	return lowest
}

func TestShippedWeightsAgreeWithFloatReference(t *testing.T) {
	const least = .995 // the budget is .99; the shipped weights do better
	if c := agreement(t, loaded(t)); !(c >= least) {
		t.Errorf("lowest cosine with the float reference is %.5f, want at least %v", c, least)
	}
}

func TestWeightsHash(t *testing.T) {
	sum := sha256.Sum256([]byte(weights))
	if got := hex.EncodeToString(sum[:]); got != weightsHash {
		t.Errorf("minilm.bin has the SHA-256 %s, weightsHash says %s: an ID would name other weights than those that ship", got, weightsHash)
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
		"huge":     weights[:8+4*7] + "\xff\xff\xff\x0f" + weights[8+4*8:],
	}
	for name, file := range broken {
		if _, err := readModel(file, genericKernel()); err == nil || !strings.Contains(err.Error(), "encoder: the embedded weights") {
			t.Errorf("%s: error %v", name, err)
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
		n := len(enc.Tokens)
		if n < 2 || n > MaxTokens || enc.Tokens[0] != "[CLS]" || enc.Tokens[n-1] != "[SEP]" {
			t.Errorf("%s: tokens %q", name, enc.Tokens)
		}
		for v, vector := range enc.Views {
			if len(vector) != Dims || slices.ContainsFunc(vector, func(f float32) bool { return f != f || math.IsInf(float64(f), 0) }) {
				t.Errorf("%s: view %v is not a vector of %d numbers", name, View(v), Dims)
			}
		}
	}
}

// golden guards the bits themselves: caches and golden answers rest on them.
// If a change of the arithmetic is wanted, change the constant of that name too.
func TestBitsAreTheSameEverywhere(t *testing.T) {
	e := loaded(t)
	h := sha256.New()
	for _, r := range references(t, "reference.json") {
		for _, v := range e.Encode(r.Text).Views {
			b, err := json.Marshal(v)
			if err != nil {
				t.Fatal(err)
			}
			h.Write(b)
		}
	}
	const golden = "0cad1d164115ce8556c93a3cde498098"
	if got := hex.EncodeToString(h.Sum(nil))[:32]; got != golden {
		t.Errorf("the vectors of the reference texts hash to %s, want %s", got, golden)
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

const tenWords = "when did khrushchev denounce the personality cult of stalin publicly?"

func BenchmarkEncode(b *testing.B) {
	for _, text := range []struct{ name, text string }{
		{"10words", tenWords},
		{"20words", tenWords + " and what did the party say of it at that time?"},
		{"longest", strings.Repeat("why ", MaxTokens)},
	} {
		for _, k := range kernels() {
			b.Run(text.name+"/"+k.name, func(b *testing.B) {
				e := on(b, k)
				b.ReportAllocs()
				for b.Loop() {
					e.Encode(text.text)
				}
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
