//go:build amd64 || arm64

package encoder

import (
	"math"
	"unsafe"
)

// vectorKernel is the kernel with the given products and the steps that are
// written for the machine's vector registers: AVX2 or NEON.
func vectorKernel(name string, p products) kernel {
	return kernel{name: name, products: p, finish: finish, activate: activate, normalise: normalise, softmax: softmax, mix: mix, turn: genericTurn, dots: dots}
}

// The assembly checks nothing: what it will touch is checked before.

func largest(x []float32) float32 {
	_ = x[lanes-1]
	return asmLargest(unsafe.SliceData(x), len(x)/lanes*lanes)
}

func finish(dst []float32, stride int, acc *sums, worth []float32, scale, bias *[pairWidth]float32) {
	rows := len(worth)
	_, _ = dst[(rows-1)*stride+pairWidth-1], acc[0][rows*panelWidth-1]
	for i := range acc {
		asmFinish(&dst[i*panelWidth], stride, &acc[i][0], unsafe.SliceData(worth), rows, &scale[i*panelWidth], &bias[i*panelWidth])
	}
}

func activate(x []float32) {
	_ = x[lanes-1]
	asmActivate(unsafe.SliceData(x), len(x)/lanes*lanes, &activateConstants)
}

func normalise(x, y []float32, a *affine) {
	_, _, _, _ = x[Dims-1], y[len(x)-1], a.scale[Dims-1], a.shift[Dims-1]
	asmNormalise(unsafe.SliceData(x), unsafe.SliceData(y), len(x)/Dims, unsafe.SliceData(a.scale), unsafe.SliceData(a.shift))
}

func softmax(scores []float32) float32 {
	_ = scores[lanes-1]
	return asmSoftmax(unsafe.SliceData(scores), len(scores)/lanes*lanes, &softmaxConstants)
}

func mix(dst *[headDims]float32, factor float32, weight, rows []float32, stride int) {
	_ = rows[(len(weight)-1)*stride+headDims-1]
	asmMix(dst, factor, unsafe.SliceData(weight), len(weight), unsafe.SliceData(rows), stride)
}

func dots(out []float32, rows []int8, v *[Dims]float32) { dotsBy(asmDots, 2, out, rows, v) }

// dotsBy takes so many rows at once by the function do, which is told how many times that. Of the
// last ones some are taken twice.
func dotsBy(do func(out *float32, rows *int8, v *float32, times int), atOnce int, out []float32, rows []int8, v *[Dims]float32) {
	n := len(out)
	if n < atOnce {
		genericDots(out, rows, v)
		return
	}
	_ = rows[n*Dims-1]
	do(&out[0], &rows[0], &v[0], n/atOnce)
	if n%atOnce != 0 {
		do(&out[n-atOnce], &rows[(n-atOnce)*Dims], &v[0], 1)
	}
}

// spread puts every value in all lanes of a register of its own.
func spread(values ...float32) (c [12][8]float32) {
	for i, v := range values {
		for j := range c[i] {
			c[i][j] = v
		}
	}
	return c
}

// The constants that the assembly uses, in the order in which it reads them.
var (
	activateConstants = spread(geluLimit, -geluLimit, geluP4, geluP3, geluP2, geluP1, geluP0, geluQ3, geluQ2, geluQ1, 1, .5)
	softmaxConstants  = spread(expLimit, math.Log2E, .5, ln2High, ln2Low, 1.0/720, 1.0/120, 1.0/24, 1.0/6, 1, math.Float32frombits(127), overRootOfDims)
)

//go:noescape
func asmLargest(x *float32, n int) float32

//go:noescape
func asmFinish(dst *float32, stride int, acc *int32, worth *float32, rows int, scale, bias *float32)

//go:noescape
func asmActivate(x *float32, n int, constants *[12][8]float32)

//go:noescape
func asmNormalise(x, y *float32, rows int, scale, shift *float32)

//go:noescape
func asmSoftmax(scores *float32, n int, constants *[12][8]float32) float32

//go:noescape
func asmMix(dst *[headDims]float32, factor float32, weight *float32, n int, rows *float32, stride int)

// asmDots takes pairs of rows of Dims integers.
//
//go:noescape
func asmDots(out *float32, rows *int8, v *float32, pairs int)
