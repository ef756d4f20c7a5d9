package bottest

import (
	"flag"
	"os"
	"runtime/debug"
	"strconv"
)

// WaitTogether lets n parallel tests run at a time, for packages whose parallel tests wait more
// than they work; go test by itself runs as many as there are processors. It is for TestMain.
func WaitTogether(n int) {
	flag.Parse()
	if flag.Lookup("test.fuzz").Value.String() != "" { // fuzzing starts as many processes
		return
	}
	if err := flag.Set("test.parallel", strconv.Itoa(n)); err != nil {
		panic(err)
	}
	if flag.Lookup("test.bench").Value.String() == "" && os.Getenv("GOGC") == "" {
		debug.SetGCPercent(garbage)
	}
}

// garbage is by how many percent the heap of such a package grows before it is collected. Each of
// its tests makes a bot and drops it: a fifth of their time went into collecting at the usual hundred.
const garbage = 400
