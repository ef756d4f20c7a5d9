package encoder

import (
	"unsafe"

	"golang.org/x/sys/cpu"
)

// kernels are those that this machine can run, the fastest first.
func kernels() []kernel {
	if !cpu.X86.HasAVX2 {
		return []kernel{genericKernel()}
	}
	avx2 := vectorKernel("avx2", &wideProducts{largest, roundWide, panelWide})
	if !cpu.X86.HasAVX512F || !cpu.X86.HasAVX512BW || !cpu.X86.HasAVX512DQ || !cpu.X86.HasAVX512VNNI {
		return []kernel{avx2, genericKernel()}
	}
	vnni := vectorKernel("vnni", &narrowProducts{largest, roundNarrow, splitNarrow, pairNarrow, joinWide})
	vnni.activate, vnni.softmax, vnni.mix = activateWide, softmaxWide, mixWide
	vnni.dots = dotsWide
	vnni.finish, vnni.turn, vnni.attendFour = finishWide, turnWide, attendFourWide
	return []kernel{vnni, avx2, genericKernel()}
}

func roundWide(dst []int16, x []float32, factor float32) {
	_, _ = dst[len(x)-1], x[lanes-1]
	roundAVX2(unsafe.SliceData(dst), unsafe.SliceData(x), len(x)/lanes*lanes, factor)
}

func panelWide(acc []int32, x []int16, inputs, rows int, panel string) {
	_, _, _ = acc[rows*panelWidth-1], x[rows*inputs-1], panel[inputs*panelWidth-1]
	for n := range tiles(rows, 6) {
		panelAVX2(unsafe.SliceData(acc), unsafe.SliceData(x), inputs, n, unsafe.StringData(panel))
		acc, x = acc[n*panelWidth:], x[n*inputs:]
	}
}

func roundNarrow(dst []int8, x []float32, factor float32) int32 {
	_, _ = dst[len(x)-1], x[lanes-1]
	return -128 * roundVNNI(unsafe.SliceData(dst), unsafe.SliceData(x), len(x)/lanes*lanes, factor)
}

func splitNarrow(high, low []int8, x []float32, factor float32) (startHigh, startLow int32) {
	_, _, _ = high[len(x)-1], low[len(x)-1], x[lanes-1]
	h, l := splitVNNI(unsafe.SliceData(high), unsafe.SliceData(low), unsafe.SliceData(x), len(x)/lanes*lanes, factor)
	return -128 * h, -128 * l
}

func pairNarrow(acc *sums, x []int8, start []int32, inputs int, panels string) {
	rows := len(start)
	_, _, _ = acc[0][rows*panelWidth-1], x[rows*inputs-1], panels[inputs*pairWidth-1]
	at := 0
	for n := range tiles(rows, 12) {
		pairVNNI(&acc[0][at*panelWidth], len(acc[0]), &x[at*inputs], &start[at], inputs, n, unsafe.StringData(panels))
		at += n
	}
}

func joinWide(acc *sums, low int, fine []int) {
	_, _ = acc[0][(fine[len(fine)-1]+1)*panelWidth-1], acc[0][(low+len(fine))*panelWidth-1]
	join512(&acc[0][0], &acc[0][low*panelWidth], &fine[0], len(fine), len(acc[0]))
}

func finishWide(dst []float32, stride int, acc *sums, worth []float32, scale, bias *[pairWidth]float32) {
	rows := len(worth)
	_, _ = dst[(rows-1)*stride+pairWidth-1], acc[0][rows*panelWidth-1]
	finish512(unsafe.SliceData(dst), stride, &acc[0][0], len(acc[0]), unsafe.SliceData(worth), rows, &scale[0], &bias[0])
}

func activateWide(x []float32) {
	_ = x[lanes-1]
	activate512(unsafe.SliceData(x), len(x)/lanes*lanes, &activateConstants)
}

func softmaxWide(scores []float32) float32 {
	_ = scores[lanes-1]
	return softmax512(unsafe.SliceData(scores), len(scores)/lanes*lanes, &softmaxConstants)
}

func mixWide(dst *[headDims]float32, factor float32, weight, rows []float32, stride int) {
	_ = rows[(len(weight)-1)*stride+headDims-1]
	mix512(dst, factor, unsafe.SliceData(weight), len(weight), unsafe.SliceData(rows), stride)
}

// turnWide may turn what lies behind the last token too: rows goes on there.
func turnWide(keys *[headDims * MaxTokens]float32, rows []float32, tokens int) {
	_ = rows[((tokens+lanes-1)/lanes*lanes-1)*3*Dims+headDims-1]
	turn512(&keys[0], unsafe.SliceData(rows), tokens)
}

func dotsWide(out []float32, rows []int8, v *[Dims]float32) { dotsBy(dots512, 4, out, rows, v) }

func attendFourWide(att, queries, keys, values []float32, tokens int, scores *[atOnce * MaxTokens]float32) {
	const width = 3 * Dims
	_, _ = att[(atOnce-1)*Dims+headDims-1], queries[(atOnce-1)*width+headDims-1]
	_, _ = keys[headDims*MaxTokens-1], values[(tokens-1)*width+headDims-1]
	attend512(unsafe.SliceData(att), unsafe.SliceData(queries), unsafe.SliceData(keys), unsafe.SliceData(values), tokens, &scores[0], &softmaxConstants)
}

// roundAVX2 rounds n values times factor to the nearest integers.
//
//go:noescape
func roundAVX2(dst *int16, x *float32, n int, factor float32)

// panelAVX2 computes a panel for up to six rows: panelWidth sums each.
//
//go:noescape
func panelAVX2(acc *int32, x *int16, inputs, rows int, panel *byte)

// roundVNNI rounds n values times factor, and gives the sum of the integers.
//
//go:noescape
func roundVNNI(dst *int8, x *float32, n int, factor float32) int32

// splitVNNI rounds as roundVNNI does, to a multiple of 128 and what is left.
//
//go:noescape
func splitVNNI(high, low *int8, x *float32, n int, factor float32) (sumHigh, sumLow int32)

// pairVNNI computes two panels for up to twelve rows: panelWidth sums each, which begin with
// start. Those of the second panel are apart from those of the first by so many.
//
//go:noescape
func pairVNNI(acc *int32, apart int, x *int8, start *int32, inputs, rows int, panels *byte)

// The others do what the functions of their names do in vector.go, with AVX-512.

//go:noescape
func activate512(x *float32, n int, constants *[12][8]float32)

//go:noescape
func softmax512(scores *float32, n int, constants *[12][8]float32) float32

//go:noescape
func mix512(dst *[headDims]float32, factor float32, weight *float32, n int, rows *float32, stride int)

// attend512 attends for one head of four rows; tokens are from 1 to MaxTokens.
//
//go:noescape
func attend512(att, queries, keys, values *float32, tokens int, scores *float32, constants *[12][8]float32)

//go:noescape
func finish512(dst *float32, stride int, acc *int32, apart int, worth *float32, rows int, scale, bias *float32)

//go:noescape
func join512(acc, low *int32, fine *int, n, apart int)

// turn512 turns the keys of a head round, sixteen tokens at a time.
//
//go:noescape
func turn512(keys, rows *float32, tokens int)

// dots512 takes four rows of Dims integers at once.
//
//go:noescape
func dots512(out *float32, rows *int8, v *float32, fours int)
