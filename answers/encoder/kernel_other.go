//go:build !amd64

package encoder

// kernels are those that this machine can run, the fastest first.
func kernels() []namedKernel { return []namedKernel{{"generic", genericKernel}} }
