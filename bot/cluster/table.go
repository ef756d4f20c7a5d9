package cluster

import (
	"context"
	"time"
)

// A Table is what the processes share: leases, claims, members and agreements. Its own clock decides when
// a lease ends for the others; no process's clock does, since it may be wrong. It is safe for
// concurrent use. Errors mean that it cannot be reached and hold no secret.
type Table interface {
	// Take gives the lease called name to holder for ttl, if nobody holds it or holder does
	// already. Its epoch is greater than that of each earlier holder.
	Take(ctx context.Context, holder, name string, ttl time.Duration) (epoch int64, note string, taken bool, err error)

	// Renew says that holder lives and what it announces, and prolongs its leases by ttl from
	// now. It returns the names of those that it still has, with the epoch that it knows:
	// nobody else has held them in between.
	Renew(ctx context.Context, holder string, about map[string]string, held []Holding, ttl time.Duration) (kept []string, err error)

	// SetNote writes the note of a lease, if h is still so.
	SetNote(ctx context.Context, h Holding, note string) (written bool, err error)

	// Release frees a lease, if h is still so.
	Release(ctx context.Context, h Holding) error

	// Leave frees all that holder has, and takes it from the members.
	Leave(ctx context.Context, holder string) error

	// Claim gives a message to holder, if it is new, or neither settled nor with a living
	// process. What holder has already is Taken, but for again: the holder does not know
	// what became of its last try.
	Claim(ctx context.Context, holder string, m MessageID, again bool) (Claim, error)

	// Settle says that messages of holder are done, also those that nobody has claimed: holder
	// dealt with them while the table could not be reached.
	Settle(ctx context.Context, holder string, all []MessageID) error

	Leases(ctx context.Context) ([]Holding, error)
	Members(ctx context.Context) ([]Member, error)

	// Vote writes what v.Member could go by, in the agreement called name, in place of what it
	// wrote before.
	Vote(ctx context.Context, name string, v Vote) error

	// Ballot returns where the agreement called name stands, as of one moment.
	Ballot(ctx context.Context, name string) (Ballot, error)

	// Agree makes value what is agreed on, if nothing was written since the Ballot that had this
	// version.
	Agree(ctx context.Context, name string, version int64, value string) (done bool, err error)

	// Purge deletes claims older than keep, and what is left of processes that are gone.
	Purge(ctx context.Context, keep time.Duration) (claims int, err error)

	// Listen calls freed whenever a lease may have become free or a vote was written, until ctx
	// ends or the connection breaks.
	Listen(ctx context.Context, freed func()) error
}

// A MessageID names a message of a platform.
type MessageID struct{ Platform, ID string }
