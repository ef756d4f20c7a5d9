// Package ledger keeps what became of questions in an SQLite file, for the
// curators: which were answered with what, which were not, and what people said
// of the answers. It never holds up a conversation: everything goes through a
// bounded queue to one writer, and while the file cannot be written, answers go
// on and what does not fit the queue is lost. People and places are in it as keyed
// hashes, whose key lies in a file of its own; words of questions only where the
// operator has agreed and so has whoever decides: the person for the direct chat,
// the admins for a place. It knows no platform and does not
// decide what is worth keeping.
package ledger

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"footnote/bot"
	"footnote/bot/platform"
	"footnote/bot/store"
)

// Options are the operator's choices. Everything may be left zero.
type Options struct {
	Words     bool          // words of questions may be kept where people and places allow it
	Retention time.Duration // everything older is deleted; DefaultRetention if 0
	Log       *slog.Logger
	Now       func() time.Time // time.Now if nil

	Queue int           // records that may wait for the file
	Retry time.Duration // after which a file that could not be written, or swept, is tried again
}

// The defaults, and why.
const (
	DefaultRetention = 90 * 24 * time.Hour // long enough for a curator who looks in once a season
	MinRetention     = 24 * time.Hour

	defaultQueue = 1024 // half a second of the fastest platform; about 1 MB
	defaultRetry = 5 * time.Second

	// patience is how long the next message of a conversation waits for the
	// record of the last one to be safe.
	patience = 200 * time.Millisecond
	// purgeEvery is how often what is too old is deleted.
	purgeEvery = time.Hour
	// batch is how many records one transaction takes.
	batch = 256
	// maxWords is the length in characters of what is kept of a question;
	// a longer one is no question but something pasted.
	maxWords = 300
)

// A Ledger is a bot.Ledger in a file. It is safe for concurrent use.
type Ledger struct {
	o    Options
	path string
	key  []byte
	db   *sql.DB

	ops     chan *op
	closing chan struct{}
	ended   chan struct{}
	once    sync.Once

	unswept atomic.Bool  // what was deleted is still in the journal, which somebody reads
	failing atomic.Bool  // the last try to write failed
	behind  atomic.Bool  // somebody waited in vain since the writer last had nothing to do
	lost    atomic.Int64 // records that did not fit the queue since it began to fail

	allowing sync.Mutex // one change of allowed at a time: of a place several may come at once

	mu      sync.RWMutex
	allowed map[string]bool // hashes of the people and places that allow words
}

var _ bot.Ledger = (*Ledger)(nil)

// An op is one thing to do to the file.
type op struct {
	do   func(context.Context, *sql.Tx) error
	done chan struct{} // closed when it is safe or has failed
	err  error         // set before done is closed
}

// Open opens the ledger at path and makes it, and the file of the key beside it,
// if they are not there. Both are readable by their owner alone. Close must be
// called.
func Open(path string, o Options) (*Ledger, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Retention == 0 {
		o.Retention = DefaultRetention
	}
	if o.Retention < MinRetention {
		return nil, fmt.Errorf("ledger: records are kept for a day at least, not for %v", o.Retention)
	}
	if o.Queue <= 0 {
		o.Queue = defaultQueue
	}
	if o.Retry <= 0 {
		o.Retry = defaultRetry
	}
	db, err := openFile(path, false)
	if err != nil {
		return nil, err
	}
	l := &Ledger{
		o: o, path: path, db: db,
		ops: make(chan *op, o.Queue), closing: make(chan struct{}), ended: make(chan struct{}),
		allowed: map[string]bool{},
	}
	if err := l.begin(); err != nil {
		_ = db.Close()
		return nil, err
	}
	go l.write()
	return l, nil
}

// begin makes the file what the options say before anything new is written.
func (l *Ledger) begin() error {
	ctx, cancel := context.WithTimeout(context.Background(), 2*store.Busy)
	defer cancel()
	if err := prepare(ctx, l.db); err != nil {
		return explain(l.path, err)
	}
	if err := l.check(ctx); err != nil {
		return explain(l.path, err)
	}
	key, err := store.Secret(KeyPath(l.path))
	if err != nil {
		return fmt.Errorf("ledger: %w", err)
	}
	l.key = key
	if !l.o.Words { // /privacy says that no words are kept
		if _, err := l.db.ExecContext(ctx, "UPDATE asked SET words = NULL, place = '' WHERE words IS NOT NULL"); err != nil {
			return explain(l.path, err)
		}
	}
	if _, err := l.db.ExecContext(ctx, purgeSQL, l.oldest()); err != nil {
		return explain(l.path, err)
	}
	if _, err := l.db.ExecContext(ctx, useSQL, l.o.Now().Unix()); err != nil {
		return explain(l.path, err)
	}
	if err := l.sweep(ctx); err != nil && !errors.Is(err, bot.ErrLingers) {
		return err
	}
	rows, err := l.db.QueryContext(ctx, "SELECT who FROM allowed")
	if err != nil {
		return explain(l.path, err)
	}
	defer rows.Close()
	for rows.Next() {
		var who string
		if err := rows.Scan(&who); err != nil {
			return explain(l.path, err)
		}
		l.allowed[who] = true
	}
	return explain(l.path, rows.Err())
}

// check refuses a file that cannot be gone on with: one that is damaged, or one with
// records whose key is gone, of which nobody could have theirs deleted.
func (l *Ledger) check(ctx context.Context) error {
	info, err := os.Stat(l.path)
	if err != nil {
		return err
	}
	if info.Size() <= mostChecked {
		if err := store.CheckSQLite(ctx, l.db); err != nil {
			return err
		}
	}
	if _, err := os.Stat(KeyPath(l.path)); !errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	var records int
	if err := l.db.QueryRowContext(ctx, "SELECT (SELECT count(*) FROM asked) + (SELECT count(*) FROM allowed)").Scan(&records); err != nil {
		return err
	}
	if records > 0 {
		return fmt.Errorf("%d records are there and their key is not, so nobody could have theirs deleted: put %s back from where the file comes from, or move the file away", records, KeyPath(l.path))
	}
	return nil
}

// mostChecked is up to what size in bytes a file is looked through for damage at the start,
// which takes about a second then.
const mostChecked = 256 << 20

// oldest is the time before which everything is deleted.
func (l *Ledger) oldest() int64 { return l.o.Now().Add(-l.o.Retention).Unix() }

// Failing reports whether the file could not be written when that was tried last.
func (l *Ledger) Failing() bool { return l.failing.Load() }

// Terms implements bot.Ledger.
func (l *Ledger) Terms() bot.LedgerTerms {
	return bot.LedgerTerms{Words: l.o.Words, Keep: l.o.Retention}
}

// hash is what stands for a person in the file.
func (l *Ledger) hash(who bot.Person) string {
	mac := hmac.New(sha256.New, l.key)
	fmt.Fprintf(mac, "%d:%s%s", len(who.Platform), who.Platform, who.ID)
	return fmt.Sprintf("%x", mac.Sum(nil)[:16]) // 128 bits: no two people are taken for one
}

// hashPlace is what stands for a place in the file, and for no person.
func (l *Ledger) hashPlace(where bot.Place) string {
	mac := hmac.New(sha256.New, l.key)
	fmt.Fprintf(mac, "place %d:%s%s", len(where.Platform), where.Platform, where.Chat)
	return fmt.Sprintf("%x", mac.Sum(nil)[:16])
}

// Record implements bot.Ledger.
func (l *Ledger) Record(ctx context.Context, a bot.Record) {
	who := l.hash(a.By)
	allowing, place := who, ""
	if a.In != (bot.Place{}) {
		place = l.hashPlace(a.In)
		allowing = place
	}
	l.enqueue(ctx, func(ctx context.Context, tx *sql.Tx) error {
		// Looked at only now: what was taken back while this waited is not kept. In
		// a place somebody else takes it back, in no order with the questions.
		var words any
		in := ""
		if a.Words != "" && l.o.Words && l.allows(allowing) {
			words, in = bot.Shorten(oneLine(a.Words), maxWords), place
		}
		_, err := tx.ExecContext(ctx, `INSERT OR IGNORE INTO asked (id, at, platform, who, outcome, fact, near, packs, confidence, margin, words, place)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			a.ID, a.At.Unix(), string(a.By.Platform), who, string(a.Outcome), a.Fact, strings.Join(a.Near, " "), a.Packs, a.Confidence, a.Margin, words, in)
		return err
	})
}

// oneLine is what is kept, and read, of what somebody wrote: without the control characters
// with which a text could steer the terminal of the curator who looks at it.
func oneLine(s string) string { return strings.Join(strings.Fields(platform.Clean(s)), " ") }

// Picked implements bot.Ledger.
func (l *Ledger) Picked(ctx context.Context, id, fact string) {
	l.enqueue(ctx, func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "UPDATE asked SET picked = ? WHERE id = ?", fact, id)
		return err
	})
}

// Judged implements bot.Ledger. What is said of a question that is not there any
// more, or never was, is not kept.
func (l *Ledger) Judged(ctx context.Context, id string, by bot.Person, v bot.Verdict) {
	who, at := l.hash(by), l.o.Now().Unix()
	l.enqueue(ctx, func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO judged (asked, who, verdict, at) SELECT id, ?, ?, ? FROM asked WHERE id = ?
			ON CONFLICT (asked, who) DO UPDATE SET verdict = excluded.verdict, at = excluded.at`, who, string(v), at, id)
		return err
	})
}

// enqueue queues do and waits until it is safe, as long as that is not noticed. While
// the file fails nobody waits, and what does not fit the queue is lost.
func (l *Ledger) enqueue(ctx context.Context, do func(context.Context, *sql.Tx) error) {
	x := &op{do: do, done: make(chan struct{})}
	select {
	case <-l.closing:
		return
	default:
	}
	select {
	case l.ops <- x:
	default:
		l.lost.Add(1)
		return
	}
	if l.failing.Load() || l.behind.Load() {
		return
	}
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case <-x.done:
	case <-timer.C:
		l.behind.Store(true)
	case <-ctx.Done():
	case <-l.ended:
	}
}

// ErrNotNow says that the file cannot be written at the moment.
var ErrNotNow = errors.New("ledger: the file cannot be written at the moment")

// change queues do and waits for it.
func (l *Ledger) change(ctx context.Context, do func(context.Context, *sql.Tx) error) error {
	if l.failing.Load() {
		return ErrNotNow
	}
	ctx, cancel := context.WithTimeout(ctx, 2*store.Busy)
	defer cancel()
	x := &op{do: do, done: make(chan struct{})}
	select {
	case l.ops <- x:
	case <-l.closing:
		return ErrNotNow
	case <-ctx.Done():
		return ErrNotNow
	}
	select {
	case <-x.done:
		return x.err
	case <-l.ended:
	case <-ctx.Done():
	}
	return ErrNotNow
}

// Forget implements bot.Ledger. After an error the deletion may still happen.
func (l *Ledger) Forget(ctx context.Context, who bot.Person) error {
	h := l.hash(who)
	l.setAllowed(h, false)
	forget := func(ctx context.Context, tx *sql.Tx) error {
		for _, q := range []string{
			"DELETE FROM judged WHERE who = ?1 OR asked IN (SELECT id FROM asked WHERE who = ?1)",
			"DELETE FROM asked WHERE who = ?",
			"DELETE FROM allowed WHERE who = ?",
		} {
			if _, err := tx.ExecContext(ctx, q, h); err != nil {
				return err
			}
		}
		return nil
	}
	if err := l.change(ctx, forget); err != nil {
		return err
	}
	return l.sweepSoon(ctx)
}

// Allow implements bot.Ledger. After an error words are not kept.
func (l *Ledger) Allow(ctx context.Context, who bot.Person, words bool) error {
	return l.allow(ctx, l.hash(who), words, "UPDATE asked SET words = NULL, place = '' WHERE who = ?")
}

// AllowIn implements bot.Ledger. After an error words are not kept.
func (l *Ledger) AllowIn(ctx context.Context, where bot.Place, words bool) error {
	return l.allow(ctx, l.hashPlace(where), words, "UPDATE asked SET words = NULL, place = '' WHERE place = ?")
}

// allow sets what a person or a place with the hash h allows; without deletes the
// words kept so far.
func (l *Ledger) allow(ctx context.Context, h string, words bool, without string) error {
	l.allowing.Lock()
	defer l.allowing.Unlock()
	l.setAllowed(h, false) // nothing more may come in until it is safe that it may
	forbid := func(ctx context.Context, tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, "DELETE FROM allowed WHERE who = ?", h); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, without, h)
		return err
	}
	if !words {
		if err := l.change(ctx, forbid); err != nil {
			l.enqueue(ctx, forbid) // as soon as the file can be written
			return err
		}
		return l.sweepSoon(ctx)
	}
	err := l.change(ctx, func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "INSERT OR IGNORE INTO allowed (who) VALUES (?)", h)
		return err
	})
	if err != nil { // it may still happen, and the person was told that it has not
		l.enqueue(ctx, forbid)
		return err
	}
	l.setAllowed(h, true)
	return nil
}

// Allows implements bot.Ledger.
func (l *Ledger) Allows(who bot.Person) bool { return l.allows(l.hash(who)) }

// AllowsIn implements bot.Ledger.
func (l *Ledger) AllowsIn(where bot.Place) bool { return l.allows(l.hashPlace(where)) }

// Moved implements bot.Ledger. After an error no words are kept in either place.
func (l *Ledger) Moved(ctx context.Context, from, to bot.Place) error {
	l.allowing.Lock()
	defer l.allowing.Unlock()
	was, is := l.hashPlace(from), l.hashPlace(to)
	allowed := l.allows(was)
	l.setAllowed(was, false)
	err := l.change(ctx, func(ctx context.Context, tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, "UPDATE OR REPLACE allowed SET who = ? WHERE who = ?", is, was); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, "UPDATE asked SET place = ? WHERE place = ?", is, was)
		return err
	})
	if err == nil && allowed {
		l.setAllowed(is, true)
	}
	return err
}

func (l *Ledger) allows(hash string) bool {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.allowed[hash]
}

func (l *Ledger) setAllowed(hash string, on bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if on {
		l.allowed[hash] = true
	} else {
		delete(l.allowed, hash)
	}
}

// Close writes what is queued, if that is possible, and ends the use of the file.
func (l *Ledger) Close() error {
	l.once.Do(func() { close(l.closing) })
	<-l.ended
	ctx, cancel := context.WithTimeout(context.Background(), store.Busy/2)
	defer cancel()
	_, _ = l.db.ExecContext(ctx, "DELETE FROM in_use") // if it stays, a reader asks for the journal in vain
	return explain(l.path, l.db.Close())
}
