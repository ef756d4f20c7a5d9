package encoder

import (
	"slices"
	"unsafe"

	"golang.org/x/sys/cpu"
)

// kernels are those that this machine can run, the fastest first.
func kernels() []kernel {
	ks := []kernel{genericKernel()}
	if !cpu.X86.HasAVX2 {
		return ks
	}
	k := genericKernel()
	k.name, k.panel, k.mix = "avx2", avx2Panel, avx2Mix
	ks = slices.Insert(ks, 0, k)
	if cpu.X86.HasAVX512F && cpu.X86.HasAVX512BW && cpu.X86.HasAVX512VNNI {
		k.name, k.panel = "vnni", vnniPanel
		ks = slices.Insert(ks, 0, k)
	}
	return ks
}

// The assembly checks nothing: what it will touch is checked before.

func avx2Panel(acc []int32, x []int16, inputs, tokens int, panel string) {
	_, _, _ = acc[tokens*panelWidth-1], x[tokens*inputs-1], panel[inputs*panelWidth-1]
	panelAVX2(unsafe.SliceData(acc), unsafe.SliceData(x), inputs, tokens, unsafe.StringData(panel))
}

func vnniPanel(acc []int32, x []int16, inputs, tokens int, panel string) {
	_, _, _ = acc[tokens*panelWidth-1], x[tokens*inputs-1], panel[inputs*panelWidth-1]
	panelVNNI(unsafe.SliceData(acc), unsafe.SliceData(x), inputs, tokens, unsafe.StringData(panel))
}

func avx2Mix(dst *[headDims]float32, weight, rows []float32, stride int) {
	_ = rows[(len(weight)-1)*stride+headDims-1]
	mixAVX2(dst, unsafe.SliceData(weight), len(weight), unsafe.SliceData(rows), stride)
}

// panelAVX2 is a panelFunc on 256-bit registers. It writes tokens*panelWidth sums
// to acc, and reads tokens*inputs values at x and inputs*panelWidth at panel.
//
//go:noescape
func panelAVX2(acc *int32, x *int16, inputs, tokens int, panel *byte)

// panelVNNI is the same on 512-bit registers, with the instruction that
// multiplies pairs of 16-bit numbers and adds them to a sum.
//
//go:noescape
func panelVNNI(acc *int32, x *int16, inputs, tokens int, panel *byte)

// mixAVX2 is a mixFunc for n weights.
//
//go:noescape
func mixAVX2(dst *[headDims]float32, weight *float32, n int, rows *float32, stride int)
