package main

import (
	"context"
	"log/slog"
	"sync"

	_ "time/tzdata" // the zones that chats choose, where the system has none

	"footnote/bot/cluster"
)

// inOne does what one of the processes of c does, until the function that it returns is called:
// may tells before each act whether it is still this one.
func inOne(ctx context.Context, c cluster.Cluster, name string, log *slog.Logger, work func(ctx context.Context, may func() bool)) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	pool := &cluster.Pool{Cluster: c, Name: name, Log: log}
	var running sync.WaitGroup
	running.Go(func() {
		_ = pool.Run(ctx, func() []string { return []string{name} }, func(ctx context.Context, l cluster.Lease) error {
			work(ctx, l.Valid)
			return nil
		})
	})
	return func() {
		cancel()
		running.Wait()
	}
}
