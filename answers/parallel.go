package answers

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// inParallel calls do with the numbers below n, on as many goroutines as there are processors.
func inParallel(n int, do func(i int)) {
	const at = 32 // so many at once
	var next atomic.Int64
	var all sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), (n+at-1)/at) {
		all.Go(func() {
			for {
				from := int(next.Add(at)) - at
				if from >= n {
					return
				}
				for i := from; i < min(from+at, n); i++ {
					do(i)
				}
			}
		})
	}
	all.Wait()
}
