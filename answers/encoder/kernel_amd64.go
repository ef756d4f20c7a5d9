package encoder

import (
	"unsafe"

	"golang.org/x/sys/cpu"
)

// bestKernel is the fastest kernel this machine can run.
func bestKernel() kernel {
	if cpu.X86.HasAVX2 {
		return avx2Kernel
	}
	return genericKernel
}

func avx2Kernel(acc []int32, x []int16, inputs, tokens int, panel string) {
	// The assembly checks nothing: what it will touch is checked here.
	_, _, _ = acc[tokens*panelWidth-1], x[tokens*inputs-1], panel[inputs*panelWidth-1]
	panelAVX2(unsafe.SliceData(acc), unsafe.SliceData(x), inputs, tokens, unsafe.StringData(panel))
}

// panelAVX2 is a kernel on 256-bit registers. It writes tokens*panelWidth sums
// to acc, and reads tokens*inputs values at x and inputs*panelWidth at panel.
//
//go:noescape
func panelAVX2(acc *int32, x *int16, inputs, tokens int, panel *byte)
