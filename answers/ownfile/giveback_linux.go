package ownfile

import (
	"bufio"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"unsafe"
)

// GiveBack gives back all pages of the program's file that are mapped for reading. It may be
// called at any time, on any goroutine; where the system does not tell what is mapped, it does
// nothing. It takes some milliseconds.
func GiveBack() {
	for _, m := range mappings("/proc/self/smaps") {
		if m.clean {
			m.giveBack()
		}
	}
}

// GiveBackPart gives back the pages of s, where s is an embedded file. It does nothing for a
// string that is not of the program's file.
func GiveBackPart(s string) {
	if s == "" {
		return
	}
	from := uintptr(unsafe.Pointer(unsafe.StringData(s)))
	part := mapping{from: from, to: from + uintptr(len(s))}
	for _, m := range mappings("/proc/self/maps") { // which costs less, and nobody ever writes to an embedded file
		if m.from <= part.from && part.to <= m.to {
			part.giveBack()
		}
	}
}

// A mapping are the addresses from one to another, which is none of them.
type mapping struct {
	from, to uintptr
	clean    bool // a page holds what the file holds: none was ever written to
}

// giveBack gives back the pages that lie in m whole.
func (m mapping) giveBack() {
	page := uintptr(os.Getpagesize())
	from, to := (m.from+page-1)/page*page, m.to/page*page
	if from < to {
		// The system may refuse, and the pages then stay.
		_, _, _ = syscall.Syscall(syscall.SYS_MADVISE, from, to-from, syscall.MADV_DONTNEED)
	}
}

// mappings are the parts of the program's file that are mapped for reading, by a list of the system's.
func mappings(list string) []mapping {
	path, err := os.Readlink("/proc/self/exe")
	if err != nil {
		return nil
	}
	f, err := os.Open(list)
	if err != nil {
		return nil
	}
	defer f.Close()
	return readOnly(f, path)
}

// readOnly reads the private mappings of a file that nobody may write to. What /proc/self/smaps
// tells of each in the lines below it says whether it is clean.
func readOnly(list io.Reader, path string) []mapping {
	var all []mapping
	ours := false
	lines := bufio.NewScanner(list)
	for lines.Scan() {
		fields := strings.Fields(lines.Text())
		switch {
		case len(fields) < 2:
		case !strings.HasSuffix(fields[0], ":"): // addresses, permissions, offset, device, inode, path
			var m mapping
			if m, ours = readMapping(fields, path); ours {
				all = append(all, m)
			}
		case ours && fields[0] == "Anonymous:":
			all[len(all)-1].clean = fields[1] == "0"
		case ours && fields[0] == "Swap:" && fields[1] != "0": // written to once, as a linker at the start may have
			all[len(all)-1].clean = false
		}
	}
	return all
}

func readMapping(fields []string, path string) (m mapping, ours bool) {
	from, to, _ := strings.Cut(fields[0], "-")
	a, err := strconv.ParseUint(from, 16, 64)
	b, other := strconv.ParseUint(to, 16, 64)
	private := strings.HasPrefix(fields[1], "r-") && strings.HasSuffix(fields[1], "p")
	ours = err == nil && other == nil && private && slices.Equal(fields[min(5, len(fields)):], strings.Fields(path))
	return mapping{from: uintptr(a), to: uintptr(b)}, ours
}
