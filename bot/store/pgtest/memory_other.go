//go:build !linux

package pgtest

// Where files lie in memory is known of Linux alone.
const memory = ""

func roomInMemory() bool { return false }
