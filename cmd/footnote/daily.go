package main

import (
	"context"
	"log/slog"
	"sync"

	_ "time/tzdata" // the zones that chats choose, where the system has none

	"footnote/bot"
	"footnote/bot/cluster"
	"footnote/bot/dialog"
)

// postDaily posts the fact of the day to the chats that chose so, in one process of those of c, until
// the function that it returns is called.
func postDaily(ctx context.Context, c cluster.Cluster, d *dialog.Dialog, b *bot.Bot, log *slog.Logger) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	pool := &cluster.Pool{Cluster: c, Name: "daily", Log: log}
	var running sync.WaitGroup
	running.Go(func() {
		_ = pool.Run(ctx, func() []string { return []string{"daily"} }, func(ctx context.Context, l cluster.Lease) error {
			d.PostDaily(ctx, l.Valid, b.Post)
			return nil
		})
	})
	return func() {
		cancel()
		running.Wait()
	}
}
