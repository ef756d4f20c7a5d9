//go:build !amd64

package encoder

// bestKernel is the fastest kernel this machine can run.
func bestKernel() kernel { return genericKernel }
