package pgtest

import "syscall"

// memory is the folder whose files Linux keeps in memory.
const memory = "/dev/shm"

// roomInMemory reports whether there is room for the servers of some packages at a time, of some
// hundred megabytes each. In a container there is often none.
func roomInMemory() bool {
	const enough = 1 << 30
	var fs syscall.Statfs_t
	err := syscall.Statfs(memory, &fs)
	return err == nil && fs.Bavail*uint64(fs.Bsize) >= enough
}
