//go:build unix

package platform

import "syscall"

// OpenFiles returns how many files, connections among them, the process may have open; 0
// if that is not known.
func OpenFiles() int {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		return 0
	}
	return int(min(uint64(limit.Cur), 1<<20))
}
