// Package cluster is what the processes of one bot agree on: who does what only one may do
// ([Lease]), who answers a message ([Claim]), who is there ([Member]), and what all go by or none
// ([Process.Vote]). One process by itself has [Alone].
package cluster

import (
	"context"
	"errors"
	"time"
)

// A Cluster is the processes that run one bot. It is safe for concurrent use. Errors hold no
// secret and no text that a person wrote; they mean that the shared state cannot be reached,
// but for ErrHeld and ErrLost.
type Cluster interface {
	// Self names this process among the others. Each start has a new name.
	Self() string

	// Alone reports whether there can be no other process.
	Alone() bool

	// Acquire takes the lease called name if nobody holds it, and does not wait: the error
	// wraps ErrHeld if somebody does. The lease is renewed until it is released or lost.
	Acquire(ctx context.Context, name string) (Lease, error)

	// Claim says to whom the message called id on a platform falls, and gives it to this
	// process if nobody alive has it and it was not settled. A claim is kept for a day at
	// least.
	Claim(ctx context.Context, platform, id string) (Claim, error)

	// Settle says that what this process has claimed is done. It is written soon, without
	// waiting for that.
	Settle(platform, id string)

	// Announce tells the others what this process is and has: versions of packs, say.
	Announce(ctx context.Context, about map[string]string) error

	// Members are the processes that are alive, this one among them, by their names.
	Members(ctx context.Context) ([]Member, error)

	// Leases are those that somebody holds, by their names.
	Leases(ctx context.Context) ([]Holding, error)

	// Freed returns a channel that is closed when a lease may have become free, or a vote was
	// written. It is a hint, which may never come: whoever waits asks now and then all the same.
	Freed() <-chan struct{}
}

// A Claim says to whom a message falls.
type Claim int

// What a claim says: whose the message is.
const (
	Taken    Claim = iota // another process has it, or it is done
	First                 // to this process, the first to claim it
	Orphaned              // to this process; one that is gone had claimed it, and may have answered or not
)

// A Lease is the right to do something that only one process may do. Whoever works under it
// stops when Done is closed: by then no other process has begun, since a lease ends for its
// holder, by its own clock, before it ends for the others.
type Lease interface {
	// Name is what it is called: "discord/<shards>/<shard>", "discord/identify/<bucket>",
	// "discord/up/<shards>/<shard>", "telegram/poller", "telegram/webhook",
	// "daily", "reports", "janitor".
	Name() string

	// Epoch grows each time the lease gets another holder.
	Epoch() int64

	// Note is what was last written to the lease, by an earlier holder perhaps: where its
	// work stood. It may be empty.
	Note() string

	// SetNote writes it; the next holder reads it. The error wraps ErrLost if the lease
	// belongs to somebody else by now: then nothing is written.
	SetNote(ctx context.Context, note string) error

	// Valid reports whether the lease is still held, by this process's own clock. No I/O.
	Valid() bool

	// Done is closed once the lease is lost or released.
	Done() <-chan struct{}

	// Release gives the lease back, so that another process need not wait for its end.
	Release(ctx context.Context) error
}

// A Member is a process of the cluster.
type Member struct {
	Name  string
	Since time.Time         // when it was first seen, by the clock of the shared state
	About map[string]string // what it announced
}

// A Holding says who holds a lease, and in which epoch: the number grows with each new holder.
type Holding struct {
	Name   string // of the lease
	Holder string // the name of the process
	Epoch  int64
}

// Errors that a Cluster and a Lease return, wrapped.
var (
	ErrHeld = errors.New("another process holds the lease")
	ErrLost = errors.New("the lease is lost")
)
