package main

import (
	"crypto/sha256"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"syscall"
)

// filelessSocket names a socket of the abstract namespace for the folder state: one can be
// had where nothing can be written.
func filelessSocket(state string) string {
	path, err := filepath.Abs(state)
	if err != nil {
		return ""
	}
	sum := sha256.Sum256([]byte(path))
	return fmt.Sprintf("@footnote-%x", sum[:12])
}

// mayAsk reports whether whoever is at the other end of c is the user that serve runs as,
// or root. In the folder the file's permissions say so; without a file nothing else does.
func mayAsk(c net.Conn) bool {
	u, ok := c.(*net.UnixConn)
	if !ok {
		return false
	}
	raw, err := u.SyscallConn()
	if err != nil {
		return false
	}
	may := false
	err = raw.Control(func(fd uintptr) {
		who, err := syscall.GetsockoptUcred(int(fd), syscall.SOL_SOCKET, syscall.SO_PEERCRED)
		may = err == nil && (int(who.Uid) == os.Getuid() || who.Uid == 0)
	})
	return may && err == nil
}

// shortPath is a short path of the folder dir until done.
func shortPath(dir string) (path string, done func(), ok bool) {
	f, err := os.Open(dir)
	if err != nil {
		return "", nil, false
	}
	return fmt.Sprintf("/proc/self/fd/%d", f.Fd()), func() { f.Close() }, true
}
