package bottest

import (
	"bytes"
	"context"
	"regexp"
	"runtime/pprof"
	"strconv"
	"strings"
)

// Counted runs f so that Goroutines counts the goroutine and all that come of it,
// and none of the test's or of the fakes'.
func Counted(name string, f func()) {
	pprof.Do(context.Background(), pprof.Labels("counted", name), func(context.Context) { f() })
}

var stackHead = regexp.MustCompile(`^(\d+) @`)

// Goroutines is how many goroutines there are of what runs as Counted under name.
func Goroutines(name string) int {
	var b bytes.Buffer
	_ = pprof.Lookup("goroutine").WriteTo(&b, 1)
	label := `"counted":` + strconv.Quote(name)
	n, count := 0, 0
	for line := range strings.Lines(b.String()) {
		if m := stackHead.FindStringSubmatch(line); m != nil {
			n, _ = strconv.Atoi(m[1])
		} else if strings.HasPrefix(line, "# labels:") && strings.Contains(line, label) {
			count += n
		}
	}
	return count
}
