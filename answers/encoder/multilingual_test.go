package encoder

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"
)

// onMultilingual is the multilingual encoder on the given kernel.
func onMultilingual(t testing.TB, k kernel) *Multilingual {
	t.Helper()
	e, err := readMultilingual(multilingualWeights, k)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func (e *Multilingual) tokens(text string) []string {
	var out []string
	for _, id := range e.segments.ids(text, MaxTokens) {
		out = append(out, e.segments.piece(id))
	}
	return out
}

// uncentred is the vector of text as the model gives it.
func (e *Multilingual) uncentred(text string) []float32 {
	w := e.pool.Get().(*multilingualWork)
	defer e.pool.Put(w)
	w.reset()
	w.add(e.segments.ids(text, MaxTokens))
	e.run(w)
	return unit(w.vectors[:MultilingualDims])
}

func TestMultilingualAgreesWithReference(t *testing.T) {
	for _, k := range kernels() {
		e := onMultilingual(t, k)
		float, rounded, n := 0.0, 1.0, 0
		for _, r := range references(t, "multilingual.json") {
			if got := e.tokens(r.Text); !slices.Equal(got, r.Tokens) {
				t.Errorf("%q: pieces %q, reference %q", r.Text, got, r.Tokens)
			}
			v := e.uncentred(r.Text)
			rounded = min(rounded, cosine(v, r.Rounded))
			float += cosine(v, r.Float)
			n++
		}
		float /= float64(n)
		t.Logf("%s: lowest cosine with the shipped rows in floats %.5f, mean cosine with the published weights %.5f", k.name, rounded, float)
		if !(rounded >= .999) {
			t.Errorf("%s: lowest cosine with the pass in floats is %.5f, want at least .999", k.name, rounded)
		}
		if !(float >= .985) {
			t.Errorf("%s: mean cosine with the published weights is %.5f, want at least .985", k.name, float)
		}
	}
}

func TestMultilingualPieces(t *testing.T) {
	e := onMultilingual(t, genericKernel())
	for _, r := range references(t, "multilingual_tokens.json") {
		if got := e.tokens(r.Text); !slices.Equal(got, r.Tokens) {
			t.Errorf("%q: pieces %q, reference %q", r.Text, got, r.Tokens)
		}
	}
}

// Texts that mean the same lie closer together than others, whatever the languages.
func TestMultilingualMeaning(t *testing.T) {
	e, err := LoadMultilingual()
	if err != nil {
		t.Fatal(err)
	}
	dot := func(a, b string) (s float64) {
		x, y := e.Encode(a), e.Encode(b)
		for i := range x {
			s += float64(x[i]) * float64(y[i])
		}
		return s
	}
	const english, other = "who built the bridge?", "when did the old harbour burn down?"
	for _, q := range []string{"кто построил мост?", "wer hat die brücke gebaut?", "qui a construit le pont?", "quién construyó el puente?", "chi ha costruito il ponte?", "quem construiu a ponte?", "kto zbudował most?"} {
		if same, far := dot(english, q), dot(other, q); !(same > far+.3) {
			t.Errorf("%q: %.2f to what it means, %.2f to something else", q, same, far)
		}
	}
}

func TestMultilingualWeightsHash(t *testing.T) {
	sum := sha256.Sum256([]byte(multilingualWeights))
	if got := hex.EncodeToString(sum[:]); got != multilingualHash {
		t.Errorf("use-multilingual.bin has the SHA-256 %s, multilingualHash says %s", got, multilingualHash)
	}
}

func TestDamagedMultilingualWeightsAreRefused(t *testing.T) {
	w := multilingualWeights
	lengths := len(w) - 1
	broken := map[string]string{
		"empty": "", "no magic": "x" + w[1:], "version": w[:8] + "\xff" + w[9:], "width": w[:12] + "\xff" + w[13:], "cut": w[:lengths],
		"long": w + "x", "head": w[:20], "huge": w[:16] + "\xff\xff\xff\x0f" + w[20:], "pieces": w[:16] + "\x00\x00\x00\x00" + w[20:],
	}
	for name, file := range broken {
		if _, err := readMultilingual(file, genericKernel()); err == nil || !strings.Contains(err.Error(), "encoder: the ") {
			t.Errorf("%s: error %v", name, err)
		}
	}
}

func TestMultilingualAnyText(t *testing.T) {
	e, err := LoadMultilingual()
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string]string{
		"empty": "", "blank": " \t\n", "nul": "\x00\x00", "invalid": "\xff\xfe\x80", "half a rune": "\xe2\x82",
		"megabyte": strings.Repeat("why ", 1<<18), "one word": strings.Repeat("x", 1<<20), "spaces": strings.Repeat(" ", 1<<20),
		"accents": "e" + strings.Repeat("\u0301", 1<<16), "controls": strings.Repeat("\x01", 1<<20), "emoji": strings.Repeat("\U0001F600", 5000),
		"chinese": strings.Repeat("斯大林", 3000), "marks": strings.Repeat(space, 500), "cut in a rune": strings.Repeat("x", readBytes(MaxTokens)-1) + "é",
	}
	for name, text := range texts {
		if ids := e.segments.ids(text, MaxTokens); len(ids) < 2 || len(ids) > MaxTokens || ids[0] != beginPiece || ids[len(ids)-1] != endPiece {
			t.Errorf("%s: pieces %v", name, ids)
		}
		v := e.Encode(text)
		if d := length(v) - 1; len(v) != MultilingualDims || !(math.Abs(d) <= 1e-5) {
			t.Errorf("%s: %d numbers, the length is off by %v", name, len(v), d)
		}
	}
}

func TestMultilingualInBatches(t *testing.T) {
	e, err := LoadMultilingual()
	if err != nil {
		t.Fatal(err)
	}
	texts := []string{"", strings.Repeat("warum ", MaxTokens), "кто?"}
	for _, r := range references(t, "multilingual.json") {
		texts = append(texts, r.Text)
	}
	var want [][]float32
	for _, text := range texts {
		want = append(want, e.Encode(text))
	}
	var wg sync.WaitGroup
	for _, n := range []int{0, 1, 2, 3, len(texts)} {
		wg.Go(func() {
			next := 0
			err := e.EncodeAll(t.Context(), texts[:n], func(i int, v []float32) {
				if i != next || !slices.Equal(v, want[i]) {
					t.Errorf("text %d (due %d) has another vector among others than alone", i, next)
				}
				next++
			})
			if err != nil || next != n {
				t.Errorf("%d texts of %d came; error %v", next, n, err)
			}
		})
	}
	wg.Wait()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := e.EncodeAll(ctx, texts, func(int, []float32) { t.Error("a text came") }); !errors.Is(err, context.Canceled) {
		t.Errorf("of a context that was done before: error %v", err)
	}
}

// The bits are the same on every kernel; see TestBitsAreTheSameEverywhere.
func TestMultilingualBits(t *testing.T) {
	const golden = "9828bcf7e41a8de41704f1cf0cf8b083"
	for _, k := range kernels() {
		e := onMultilingual(t, k)
		h := sha256.New()
		for _, r := range references(t, "multilingual.json")[:8] {
			b, err := json.Marshal(e.Encode(r.Text))
			if err != nil {
				t.Fatal(err)
			}
			h.Write(b)
		}
		if got := hex.EncodeToString(h.Sum(nil))[:32]; got != golden {
			t.Errorf("%s: the vectors of the first reference texts hash to %s, want %s", k.name, got, golden)
		}
	}
}

func BenchmarkMultilingual(b *testing.B) {
	const question = "когда преемник осудил культ личности своего предшественника?" // 14 pieces
	for _, k := range kernels() {
		b.Run(k.name, func(b *testing.B) {
			e := onMultilingual(b, k)
			b.ReportMetric(float64(len(e.segments.ids(question, MaxTokens))), "pieces")
			b.ReportAllocs()
			for b.Loop() {
				e.Encode(question)
			}
		})
	}
}

func BenchmarkMultilingualWords(b *testing.B) {
	e := onMultilingual(b, kernels()[0])
	words := slices.Repeat([]string{"bridge", "successor", "denounced", "Schtscherbakow"}, 32)
	for b.Loop() {
		if err := e.EncodeAll(b.Context(), words, func(int, []float32) {}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*len(words)), "µs/word")
}

func BenchmarkLoadMultilingual(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		onMultilingual(b, kernels()[0])
	}
}
