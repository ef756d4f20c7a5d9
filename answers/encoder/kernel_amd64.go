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
	if !cpu.X86.HasAVX512F || !cpu.X86.HasAVX512BW || !cpu.X86.HasAVX512VNNI {
		return []kernel{avx2, genericKernel()}
	}
	vnni := vectorKernel("vnni", &narrowProducts{largest, roundNarrow, splitNarrow, panelNarrow, asmJoin})
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
