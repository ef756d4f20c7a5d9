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
	vnni := vectorKernel("vnni", &narrowProducts{largest, roundNarrow, splitNarrow, panelNarrow, asmJoin})
	vnni.activate, vnni.softmax, vnni.mix = activateWide, softmaxWide, mixWide
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

func panelNarrow(acc []int32, x []int8, start []int32, inputs int, panel string) {
	rows := len(start)
	_, _, _ = acc[rows*panelWidth-1], x[rows*inputs-1], panel[inputs*panelWidth-1]
	for n := range tiles(rows, 24) {
		panelVNNI(unsafe.SliceData(acc), unsafe.SliceData(x), unsafe.SliceData(start), inputs, n, unsafe.StringData(panel))
		acc, x, start = acc[n*panelWidth:], x[n*inputs:], start[n:]
	}
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

// panelVNNI computes a panel for up to 24 rows: panelWidth sums each, which begin with start.
//
//go:noescape
func panelVNNI(acc *int32, x *int8, start *int32, inputs, rows int, panel *byte)

// The others do what the functions of their names do in vector.go, with AVX-512.

//go:noescape
func activate512(x *float32, n int, constants *[12][8]float32)

//go:noescape
func softmax512(scores *float32, n int, constants *[12][8]float32) float32

//go:noescape
func mix512(dst *[headDims]float32, factor float32, weight *float32, n int, rows *float32, stride int)
