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
// called at any time, on any goroutine; where the system does not tell what is mapped, it does nothing.
func GiveBack() {
	for _, m := range mappings() {
		m.giveBack()
	}
}

// GiveBackPart gives back the pages of s, where s is a constant or an embedded file.
// It does nothing for any other string.
func GiveBackPart(s string) {
	part := rangeOf(s)
	for _, m := range mappings() {
		if m.from <= part.from && part.to <= m.to {
			part.giveBack()
		}
	}
}

// addresses are those from one to another, which is none of them.
type addresses struct{ from, to uintptr }

func rangeOf(s string) addresses {
	from := uintptr(unsafe.Pointer(unsafe.StringData(s)))
	return addresses{from, from + uintptr(len(s))}
}

// giveBack gives back the pages that lie in a whole.
func (a addresses) giveBack() {
	page := uintptr(os.Getpagesize())
	from, to := (a.from+page-1)/page*page, a.to/page*page
	if from < to {
		// The system may refuse, and the pages then stay.
		_, _, _ = syscall.Syscall(syscall.SYS_MADVISE, from, to-from, syscall.MADV_DONTNEED)
	}
}

// mappings are the parts of the program's file that are mapped for reading and of which no page
// is the program's own: what a page holds is then what the file holds.
func mappings() []addresses {
	path, err := os.Readlink("/proc/self/exe")
	if err != nil {
		return nil
	}
	f, err := os.Open("/proc/self/smaps")
	if err != nil {
		return nil
	}
	defer f.Close()
	return readOnly(f, path)
}

// readOnly reads mappings off a text as /proc/self/smaps.
func readOnly(smaps io.Reader, path string) []addresses {
	var all []addresses
	var now addresses
	ours := false
	lines := bufio.NewScanner(smaps)
	for lines.Scan() {
		fields := strings.Fields(lines.Text())
		switch {
		case len(fields) < 2:
		case !strings.HasSuffix(fields[0], ":"): // addresses, permissions, offset, device, inode, path
			now, ours = mapping(fields)
			ours = ours && slices.Equal(fields[min(5, len(fields)):], strings.Fields(path))
		case ours && fields[0] == "Anonymous:" && fields[1] == "0":
			all = append(all, now)
		}
	}
	return all
}

// mapping reads the line that begins a mapping, and reports whether it is private and nobody writes to it.
func mapping(fields []string) (addresses, bool) {
	from, to, ok := strings.Cut(fields[0], "-")
	a, err := strconv.ParseUint(from, 16, 64)
	b, other := strconv.ParseUint(to, 16, 64)
	return addresses{uintptr(a), uintptr(b)}, ok && err == nil && other == nil && strings.HasPrefix(fields[1], "r-") && strings.HasSuffix(fields[1], "p")
}
