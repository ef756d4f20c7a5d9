package bottest

import (
	"context"
	"sync"
	"time"

	"footnote/bot"
)

// A diary is a bot.Ledger that keeps who allows it to.
type diary struct {
	mu        sync.Mutex
	allowed   map[bot.Person]bool
	allowedIn map[bot.Place]bool
	judged    []bot.Verdict
}

func (d *diary) Record(context.Context, bot.Record)     {}
func (d *diary) Picked(context.Context, string, string) {}
func (d *diary) Terms() bot.LedgerTerms {
	return bot.LedgerTerms{Words: true, Keep: 90 * 24 * time.Hour}
}
func (d *diary) Forget(context.Context, bot.Person) error { return nil }

func (d *diary) Judged(_ context.Context, _ string, _ bot.Person, v bot.Verdict) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.judged = append(d.judged, v)
}

func (d *diary) Allow(_ context.Context, who bot.Person, words bool) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.allowed[who] = words
	return nil
}

func (d *diary) Allows(who bot.Person) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.allowed[who]
}

func (d *diary) AllowIn(_ context.Context, where bot.Place, words bool) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.allowedIn[where] = words
	return nil
}

func (d *diary) AllowsIn(where bot.Place) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.allowedIn[where]
}

func (d *diary) Moved(context.Context, bot.Place, bot.Place) error { return nil }
