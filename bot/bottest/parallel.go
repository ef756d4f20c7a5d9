package bottest

import (
	"flag"
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
}
