package cluster

import (
	"context"
	"errors"
	"log/slog"
	"time"
)

// Janitor is the lease under which one process deletes what is over.
const Janitor = "janitor"

const (
	// claimsKept is longer than either platform sends anything again.
	claimsKept = 25 * time.Hour
	sweepEvery = 5 * time.Minute
	sweepWait  = time.Minute
)

// Sweep has one process of c delete what is over in t, now and then, until ctx ends.
func Sweep(ctx context.Context, c Cluster, t Table, log *slog.Logger) {
	p := Pool{Cluster: c, Name: Janitor, Log: log, Every: 10 * everyUsually}
	_ = p.Run(ctx, func() []string { return []string{Janitor} }, func(ctx context.Context, l Lease) error {
		for ctx.Err() == nil {
			sweep(ctx, t, log)
			select {
			case <-time.After(sweepEvery):
			case <-ctx.Done():
			}
		}
		return nil
	})
}

func sweep(ctx context.Context, t Table, log *slog.Logger) {
	ctx, cancel := context.WithTimeout(ctx, sweepWait)
	defer cancel()
	n, err := t.Purge(ctx, claimsKept)
	switch {
	case errors.Is(err, context.Canceled):
	case err != nil:
		log.Warn("what is over could not be deleted from the database; that is tried again", "error", err)
	case n > 0:
		log.Debug("old claims were deleted", "claims", n)
	}
}
