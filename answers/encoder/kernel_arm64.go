package encoder

import (
	"unsafe"

	"golang.org/x/sys/cpu"
)

// kernels are those that this machine can run, the fastest first.
func kernels() []kernel {
	neon := vectorKernel("neon", &narrowProducts{largest, roundNarrow, splitNarrow, pairNEON, join})
	if !cpu.ARM64.HasASIMDDP {
		return []kernel{neon, genericKernel()}
	}
	dot := vectorKernel("dotprod", &narrowProducts{largest, roundNarrow, splitNarrow, pairDotProd, join})
	return []kernel{dot, neon, genericKernel()}
}

func roundNarrow(dst []int8, x []float32, factor float32) int32 {
	_, _ = dst[len(x)-1], x[lanes-1]
	roundNEON(unsafe.SliceData(dst), unsafe.SliceData(x), len(x)/lanes*lanes, factor)
	return 0
}

func splitNarrow(high, low []int8, x []float32, factor float32) (startHigh, startLow int32) {
	_, _, _ = high[len(x)-1], low[len(x)-1], x[lanes-1]
	splitNEON(unsafe.SliceData(high), unsafe.SliceData(low), unsafe.SliceData(x), len(x)/lanes*lanes, factor)
	return 0, 0
}

func pairDotProd(acc *sums, x []int8, start []int32, inputs int, panels string) {
	rows := len(start)
	_, _, _ = acc[0][rows*panelWidth-1], x[rows*inputs-1], panels[inputs*pairWidth-1]
	for i := range acc {
		at := 0
		for n := range tiles(rows, 5) {
			panelDot(&acc[i][at*panelWidth], &x[at*inputs], inputs, n, unsafe.StringData(panels[i*inputs*panelWidth:]))
			at += n
		}
	}
}

func pairNEON(acc *sums, x []int8, start []int32, inputs int, panels string) {
	rows := len(start)
	_, _, _ = acc[0][rows*panelWidth-1], x[rows*inputs-1], panels[inputs*pairWidth-1]
	for i := range acc {
		at := 0
		for n := range tiles(rows, 4) {
			panelLong(&acc[i][at*panelWidth], &x[at*inputs], inputs, n, unsafe.StringData(panels[i*inputs*panelWidth:]))
			at += n
		}
	}
}

// roundNEON rounds n values times factor to the nearest integers.
//
//go:noescape
func roundNEON(dst *int8, x *float32, n int, factor float32)

// splitNEON rounds as roundNEON does, to a multiple of 128 and what is left.
//
//go:noescape
func splitNEON(high, low *int8, x *float32, n int, factor float32)

// panelDot computes a panel for up to five rows: panelWidth sums each. It takes
// the dot product instructions of ARMv8.2.
//
//go:noescape
func panelDot(acc *int32, x *int8, inputs, rows int, panel *byte)

// panelLong computes a panel for up to four rows.
//
//go:noescape
func panelLong(acc *int32, x *int8, inputs, rows int, panel *byte)

func join(acc *sums, low int, fine []int) {
	for i := range acc {
		for j, r := range fine {
			asmJoin((*[panelWidth]int32)(acc[i][r*panelWidth:]), (*[panelWidth]int32)(acc[i][(low+j)*panelWidth:]))
		}
	}
}

// asmJoin makes 128*acc + low of acc.
//
//go:noescape
func asmJoin(acc, low *[panelWidth]int32)
