package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

// exitAborted is the exit code after a second signal, as a shell reports an
// interrupted program.
const exitAborted = 130

// untilSignal returns a context that the first SIGINT or SIGTERM ends, so that
// what is under way is finished; the second calls exit with exitAborted. stop
// gives the signals back and waits for the goroutine that watched them.
func untilSignal(parent context.Context, exit func(code int)) (ctx context.Context, stop func()) {
	ctx, cancel := context.WithCancel(parent)
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	stopped, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for n := 0; ; n++ {
			select {
			case <-signals:
				if n > 0 {
					exit(exitAborted)
					return
				}
				cancel()
			case <-stopped:
				return
			}
		}
	}()
	return ctx, func() {
		signal.Stop(signals)
		cancel()
		close(stopped)
		<-ended
	}
}
