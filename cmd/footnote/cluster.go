package main

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"footnote/bot/cluster"
	"footnote/bot/cluster/pgcluster"
	"footnote/bot/dialog"
	"footnote/bot/platform"
	"footnote/knowledge"
)

// A replica is this process among those that share a database; alone where there is none.
type replica struct {
	cluster.Cluster
	process *cluster.Process // nil alone
	copies  packCopies
	db      *database
	leave   func()
}

const (
	// leaveWait bounds giving back what this process holds, at its end.
	leaveWait = 2 * time.Second
	// announceWait bounds telling the others which packs this process has; they learn it all
	// the same with the next sign of life.
	announceWait = 3 * time.Second
)

// joinOthers makes this process one of those that share db, with leases that last for ttl. It
// returns ctx's error when that ends; leave is to be called at the end, before db is closed.
func joinOthers(ctx context.Context, db *database, ttl time.Duration, log *slog.Logger) (*replica, error) {
	if db == nil {
		return &replica{Cluster: cluster.Alone(), leave: func() {}}, nil
	}
	table, err := pgcluster.Open(db.DB, db.secret)
	if err != nil {
		return nil, exitError{code: exitFailed, err: err}
	}
	again := platform.Backoff{First: firstTryAgain, Longest: longestTryAgain}
	for {
		p, err := cluster.Join(ctx, table, cluster.Options{TTL: ttl, Log: log})
		if err == nil {
			log.Info("one of the processes that share the database", "name", p.Self())
			return &replica{Cluster: p, process: p, copies: table.Copies(), db: db, leave: keepTogether(ctx, p, table, log)}, nil
		}
		log.Warn("the others cannot be joined; that is tried again", "error", err)
		if err := platform.Sleep(ctx, again.Next()); err != nil {
			table.Close()
			return nil, err
		}
	}
}

// keepTogether does what one of the processes does for all, until leave.
func keepTogether(ctx context.Context, p *cluster.Process, table *pgcluster.Table, log *slog.Logger) (leave func()) {
	sweeping, stop := context.WithCancel(context.WithoutCancel(ctx))
	var all sync.WaitGroup
	all.Go(func() { cluster.Sweep(sweeping, p, table, log) })
	return func() {
		stop()
		all.Wait()
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), leaveWait)
		defer cancel()
		if err := p.Close(ctx); err != nil {
			log.Warn("what this process held could not be given back; the others take it in some seconds", "error", err)
		}
		table.Close()
	}
}

// share gives a bot what it shares with the others, for newBot.
func (r *replica) share(b *botConfig) {
	if r.process == nil {
		return
	}
	b.delivery.Cluster = r.Cluster
	b.delivery.Shared = pgcluster.NewUnanswered(r.db.DB, r.db.secret, r.Self())
	b.dialog.Cluster = r.Cluster
	b.dialog.Turns = pgcluster.NewTurns(r.db.DB, r.db.secret)
}

// announce tells the others which packs this process answers from.
func (r *replica) announce(ctx context.Context, base *knowledge.Base, log *slog.Logger) {
	ctx, cancel := context.WithTimeout(ctx, announceWait)
	defer cancel()
	if err := r.Announce(ctx, dialog.Announcement(base)); err != nil {
		log.Debug("the other processes are told later which packs this one has", "error", err)
	}
}
