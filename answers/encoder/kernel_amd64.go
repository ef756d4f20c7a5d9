package encoder

import (
	"unsafe"

	"golang.org/x/sys/cpu"
)

// kernels are those that this machine can run, the fastest first.
func kernels() []namedKernel {
	ks := []namedKernel{{"generic", genericKernel}}
	if cpu.X86.HasAVX2 {
		ks = append([]namedKernel{{"avx2", avx2Kernel}}, ks...)
	}
	if cpu.X86.HasAVX512F && cpu.X86.HasAVX512BW && cpu.X86.HasAVX512VNNI {
		ks = append([]namedKernel{{"vnni", vnniKernel}}, ks...)
	}
	return ks
}

// The assembly checks nothing: what it will touch is checked before.

func avx2Kernel(acc []int32, x []int16, inputs, tokens int, panel string) {
	_, _, _ = acc[tokens*panelWidth-1], x[tokens*inputs-1], panel[inputs*panelWidth-1]
	panelAVX2(unsafe.SliceData(acc), unsafe.SliceData(x), inputs, tokens, unsafe.StringData(panel))
}

func vnniKernel(acc []int32, x []int16, inputs, tokens int, panel string) {
	_, _, _ = acc[tokens*panelWidth-1], x[tokens*inputs-1], panel[inputs*panelWidth-1]
	panelVNNI(unsafe.SliceData(acc), unsafe.SliceData(x), inputs, tokens, unsafe.StringData(panel))
}

// panelAVX2 is a kernel on 256-bit registers. It writes tokens*panelWidth sums
// to acc, and reads tokens*inputs values at x and inputs*panelWidth at panel.
//
//go:noescape
func panelAVX2(acc *int32, x *int16, inputs, tokens int, panel *byte)

// panelVNNI is the same on 512-bit registers, with the instruction that
// multiplies pairs of 16-bit numbers and adds them to a sum.
//
//go:noescape
func panelVNNI(acc *int32, x *int16, inputs, tokens int, panel *byte)
