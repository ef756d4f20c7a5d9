package telegram

import (
	"context"
	"errors"
	"time"

	"footnote/bot/cluster"
)

// The leases under which one process works: whoever polls, and whoever sets the webhook.
const (
	pollerLease  = "telegram/poller"
	webhookLease = "telegram/webhook"
)

// leaseWait is how long a process waits before it asks again for a lease that another has.
const leaseWait = time.Second

const noPoller = "the shared state cannot be reached, so nobody knows who polls"

// holdLease waits until this process may poll. Its error is ctx's.
func (p *poller) holdLease(ctx context.Context) error {
	waiting := false
	for {
		freed := p.cluster.Freed()
		try, cancel := context.WithTimeout(ctx, storeTimeout)
		l, err := p.cluster.Acquire(try, pollerLease)
		cancel()
		switch {
		case ctx.Err() != nil:
			if err == nil {
				giveBack(ctx, l)
			}
			return ctx.Err()
		case err == nil:
			p.taking.Log(p.log, nil, noPoller)
			p.lease, p.began = l, p.clock.Now()
			if waiting {
				p.log.Info("this process polls now")
			}
			return nil
		case !errors.Is(err, cluster.ErrHeld):
			p.taking.Log(p.log, err, noPoller)
		default:
			p.taking.Log(p.log, nil, noPoller)
			if !waiting {
				p.log.Info("another process polls; this one waits for its turn")
			}
		}
		waiting = true
		await(ctx, freed, leaseWait)
	}
}

// await returns when freed is closed, d has passed or ctx ends.
func await(ctx context.Context, freed <-chan struct{}, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-freed:
	case <-t.C:
	case <-ctx.Done():
	}
}

// giveBack releases a lease at the end.
func giveBack(ctx context.Context, l cluster.Lease) {
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownGrace)
	defer cancel()
	_ = l.Release(grace) // or it ends by itself
}

// under returns a context that ends with ctx or the lease.
func under(ctx context.Context, l cluster.Lease) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		select {
		case <-l.Done():
			cancel()
		case <-ctx.Done():
		}
	}()
	return ctx, func() {
		cancel()
		<-ended
	}
}
