package encoder

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"testing"
)

// floatWeights names the folder of the model as it was published, with
// model.safetensors and vocab.txt; convert/README.md says where it comes from.
const floatWeights = "FOOTNOTE_MINILM"

// TestForwardPassInFloat holds the forward pass itself, with weights that were
// not rounded, against the reference: what is left is the error of the code.
func TestForwardPassInFloat(t *testing.T) {
	folder := os.Getenv(floatWeights)
	if folder == "" {
		t.Skipf("set %s to the folder of the published model to compare the forward pass in float with its reference; the shipped weights are tested without", floatWeights)
	}
	const least = .9999
	if c := agreement(t, newEncoder(floatModel(t, folder))); !(c >= least) {
		t.Errorf("lowest cosine in float is %.6f, want at least %v", c, least)
	}
}

type floatRows []float32

func (f floatRows) embed(dst []float32, id int32) { copy(dst, f[int(id)*Dims:][:Dims]) }

type floatLinear struct{ weight, bias []float32 }

func full(a affine) floatLinear { return floatLinear{weight: a.scale, bias: a.shift} }

func (l floatLinear) apply(_ *scratch, dst, x []float32, tokens int) {
	outputs := len(l.bias)
	inputs := len(l.weight) / outputs
	for t := range tokens {
		for o := range outputs {
			sum := float64(l.bias[o])
			for i, w := range l.weight[o*inputs:][:inputs] {
				sum += float64(w) * float64(x[t*inputs+i])
			}
			dst[t*outputs+o] = float32(sum)
		}
	}
}

// floatModel is the published model; of the shipped file it takes the vocabulary
// and the table of the activation function.
func floatModel(t *testing.T, folder string) *model {
	t.Helper()
	tensor := safetensors(t, filepath.Join(folder, "model.safetensors"))
	shipped, err := readModel(weights, genericKernel())
	if err != nil {
		t.Fatal(err)
	}
	both := func(name string) affine { return affine{tensor(name + ".weight"), tensor(name + ".bias")} }
	m := &model{
		words: shipped.words, activation: shipped.activation, mix: shipped.mix,
		embed:     floatRows(tensor("embeddings.word_embeddings.weight")),
		positions: tensor("embeddings.position_embeddings.weight")[:MaxTokens*Dims],
		embedNorm: both("embeddings.LayerNorm"),
	}
	segment := tensor("embeddings.token_type_embeddings.weight")[:Dims]
	for i := range m.positions {
		m.positions[i] += segment[i%Dims]
	}
	for i := range m.layers {
		p := fmt.Sprintf("encoder.layer.%d.", i)
		var qkv floatLinear
		for _, part := range []string{"query", "key", "value"} {
			a := both(p + "attention.self." + part)
			qkv.weight, qkv.bias = append(qkv.weight, a.scale...), append(qkv.bias, a.shift...)
		}
		m.layers[i] = layer{
			qkv: qkv, out: full(both(p + "attention.output.dense")),
			up: full(both(p + "intermediate.dense")), down: full(both(p + "output.dense")),
			norm1: both(p + "attention.output.LayerNorm"), norm2: both(p + "output.LayerNorm"),
		}
	}
	return m
}

// safetensors reads a file of named float32 arrays.
func safetensors(t *testing.T, file string) func(name string) []float32 {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var head map[string]struct {
		Dtype       string
		DataOffsets [2]int `json:"data_offsets"`
	}
	end := 8 + int(binary.LittleEndian.Uint64(b))
	if err := json.Unmarshal(b[8:end], &head); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return func(name string) []float32 {
		t.Helper()
		e, ok := head[name]
		if !ok || e.Dtype != "F32" {
			t.Fatalf("%s holds no float32 array %q", file, name)
		}
		data := b[end+e.DataOffsets[0] : end+e.DataOffsets[1]]
		f := make([]float32, len(data)/4)
		for i := range f {
			f[i] = math.Float32frombits(binary.LittleEndian.Uint32(data[4*i:]))
		}
		return f
	}
}
