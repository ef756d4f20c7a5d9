// Package ledger keeps what became of questions, in an SQLite file or in the database that
// several processes share, for the curators: which were answered with what, which were not, and what people said
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
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"footnote/bot"
	"footnote/bot/platform"
	"footnote/bot/postgres"
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

	refresh time.Duration // refreshEvery if 0; shorter in tests
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

// A Ledger is a bot.Ledger in a file or a database. It is safe for concurrent use.
type Ledger struct {
	o   Options
	at  place
	key []byte
	db  *sql.DB

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

	allowedVersion string // of what allowed was read from; for the writer alone
}

var _ bot.Ledger = (*Ledger)(nil)

// An op is one thing to do to the file.
type op struct {
	do    func(context.Context, *change) error
	alone bool          // nobody may write records meanwhile, in other processes either
	done  chan struct{} // closed when it is safe or has failed
	err   error         // set before done is closed
}

// A place is where a ledger is. It knows what differs from one to the next.
type place interface {
	// open makes the tables what this program needs, refuses what cannot be gone on with,
	// and returns the key of the people in it.
	open(ctx context.Context, db *sql.DB) (key []byte, err error)
	// used notes that a bot writes from now on, and left that it has ended.
	used(ctx context.Context, db *sql.DB, at time.Time) error
	left(ctx context.Context, db *sql.DB)
	// begin begins a transaction; alone means that no other process writes records meanwhile.
	begin(ctx context.Context, tx *sql.Tx, alone bool) error
	// sweep makes sure that what was deleted is on no disk, where that is in its hands.
	sweep(ctx context.Context, db *sql.DB) error
	// passes reports whether err is a state of the place rather than a fault of what was to
	// be written.
	passes(err error) bool
	// explain makes an error say what happened to the place and what to do.
	explain(err error) error
	// queries are the statements that differ.
	queries() queries
}

// queries are the statements that places word differently, and how they write the rest,
// whose parameters are numbered: ?1.
type queries struct {
	sql     func(string) string
	record  string
	forget  string // beside what is deleted everywhere
	allowed string // after each change of what is allowed
	changes string // a text that is another one after such a change; "" if nobody else changes it
	purge   string // beside what is deleted everywhere
	number  string // the column that tells the order of records
	join    string // the function that joins texts
}

// Open opens the ledger at path and makes it, and the file of the key beside it,
// if they are not there. Both are readable by their owner alone. Close must be
// called.
func Open(path string, o Options) (*Ledger, error) {
	o, err := o.whole()
	if err != nil {
		return nil, err
	}
	db, err := openFile(path, false)
	if err != nil {
		return nil, err
	}
	return start(file{path}, db, o)
}

// OpenShared opens the ledger in a database, whose tables are up to date; secret is the
// one of the database, see [store.Bind]. Close must be called, and leaves the database open.
func OpenShared(db *postgres.DB, secret []byte, o Options) (*Ledger, error) {
	o, err := o.whole()
	if err != nil {
		return nil, err
	}
	return start(shared{db, secret}, openShared(db), o)
}

// whole is o with the defaults.
func (o Options) whole() (Options, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Retention == 0 {
		o.Retention = DefaultRetention
	}
	if o.Queue <= 0 {
		o.Queue = defaultQueue
	}
	if o.Retry <= 0 {
		o.Retry = defaultRetry
	}
	if o.Retention < MinRetention {
		return o, fmt.Errorf("ledger: records are kept for a day at least, not for %v", o.Retention)
	}
	return o, nil
}

func start(at place, db *sql.DB, o Options) (*Ledger, error) {
	l := &Ledger{
		o: o, at: at, db: db,
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

// begin makes the place what the options say before anything new is written.
func (l *Ledger) begin() error {
	ctx, cancel := context.WithTimeout(context.Background(), 2*store.Busy)
	defer cancel()
	key, err := l.at.open(ctx, l.db)
	if err != nil {
		return l.at.explain(err)
	}
	l.key = key
	begin := func(ctx context.Context, c *change) error {
		if !l.o.Words { // /privacy says that no words are kept
			if err := c.exec(ctx, "UPDATE asked SET words = NULL, place = '' WHERE words IS NOT NULL"); err != nil {
				return err
			}
		}
		return l.purge(ctx, c)
	}
	if err := l.commit([]*op{{do: begin, done: make(chan struct{})}}); err != nil {
		return l.at.explain(err)
	}
	if err := l.at.used(ctx, l.db, l.o.Now()); err != nil {
		return l.at.explain(err)
	}
	if err := l.sweep(ctx); err != nil && !errors.Is(err, bot.ErrLingers) {
		return err
	}
	return l.at.explain(l.readAllowed(ctx))
}

// readAllowed reads who allows words, if somebody may have changed it.
func (l *Ledger) readAllowed(ctx context.Context) error {
	q := l.at.queries()
	var version string
	if q.changes != "" {
		if err := l.db.QueryRowContext(ctx, q.changes).Scan(&version); err != nil {
			return err
		}
		if version == l.allowedVersion {
			return nil
		}
	}
	rows, err := l.db.QueryContext(ctx, "SELECT who FROM allowed")
	if err != nil {
		return err
	}
	defer rows.Close()
	allowed := map[string]bool{}
	for rows.Next() {
		var who string
		if err := rows.Scan(&who); err != nil {
			return err
		}
		allowed[who] = true
	}
	if err := rows.Err(); err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.allowed, l.allowedVersion = allowed, version
	return nil
}

// oldest is the time before which everything is deleted.
func (l *Ledger) oldest() int64 { return l.o.Now().Add(-l.o.Retention).Unix() }

// Failing reports whether the file could not be written when that was tried last.
func (l *Ledger) Failing() bool { return l.failing.Load() }

// Terms implements bot.Ledger.
func (l *Ledger) Terms() bot.LedgerTerms {
	return bot.LedgerTerms{Words: l.o.Words, Keep: l.o.Retention, Marks: l.at.queries().forget != ""}
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
	l.enqueue(ctx, func(ctx context.Context, c *change) error {
		// Looked at only now: what was taken back while this waited is not kept. In
		// a place somebody else takes it back, in no order with the questions.
		var words any
		in := ""
		if a.Words != "" && l.o.Words && l.allows(allowing) {
			words, in = bot.Shorten(oneLine(a.Words), maxWords), place
		}
		return c.exec(ctx, c.q.record, a.ID, a.At.Unix(), string(a.By.Platform), who, string(a.Outcome), a.Fact, strings.Join(a.Near, " "), a.Packs,
			a.Confidence, a.Margin, words, in, allowing)
	})
}

// oneLine is what is kept, and read, of what somebody wrote: without the control characters
// with which a text could steer the terminal of the curator who looks at it.
func oneLine(s string) string { return strings.Join(strings.Fields(platform.Clean(s)), " ") }

// Picked implements bot.Ledger.
func (l *Ledger) Picked(ctx context.Context, id, fact string) {
	l.enqueue(ctx, func(ctx context.Context, c *change) error {
		return c.exec(ctx, "UPDATE asked SET picked = ?1 WHERE id = ?2", fact, id)
	})
}

// Judged implements bot.Ledger. What is said of a question that is not there any
// more, or never was, is not kept.
func (l *Ledger) Judged(ctx context.Context, id string, by bot.Person, v bot.Verdict) {
	who, at := l.hash(by), l.o.Now().Unix()
	l.enqueue(ctx, func(ctx context.Context, c *change) error {
		return c.exec(ctx, `INSERT INTO judged (asked, who, verdict, at) SELECT id, ?1, ?2, CAST(?3 AS BIGINT) FROM asked WHERE id = ?4
			ON CONFLICT (asked, who) DO UPDATE SET verdict = excluded.verdict, at = excluded.at`, who, string(v), at, id)
	})
}

// enqueue queues do and waits until it is safe, as long as that is not noticed. While
// the file fails nobody waits, and what does not fit the queue is lost.
func (l *Ledger) enqueue(ctx context.Context, do func(context.Context, *change) error) {
	l.queue(ctx, &op{do: do, done: make(chan struct{})})
}

// enqueueAlone is enqueue for what nobody may write records beside.
func (l *Ledger) enqueueAlone(ctx context.Context, do func(context.Context, *change) error) {
	l.queue(ctx, &op{do: do, alone: true, done: make(chan struct{})})
}

func (l *Ledger) queue(ctx context.Context, x *op) {
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
func (l *Ledger) change(ctx context.Context, do func(context.Context, *change) error, alone bool) error {
	if l.failing.Load() {
		return ErrNotNow
	}
	ctx, cancel := context.WithTimeout(ctx, 2*store.Busy)
	defer cancel()
	x := &op{do: do, alone: alone, done: make(chan struct{})}
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
	at := l.o.Now().Unix()
	forget := func(ctx context.Context, c *change) error {
		for _, q := range []string{
			"DELETE FROM judged WHERE who = ?1 OR asked IN (SELECT id FROM asked WHERE who = ?1)",
			"DELETE FROM asked WHERE who = ?1",
		} {
			if err := c.exec(ctx, q, h); err != nil {
				return err
			}
		}
		if c.q.forget != "" {
			if err := c.exec(ctx, c.q.forget, h, at); err != nil {
				return err
			}
		}
		return c.changeAllowed(ctx, "DELETE FROM allowed WHERE who = ?1", h)
	}
	if err := l.change(ctx, forget, true); err != nil {
		return err
	}
	return l.sweepSoon(ctx)
}

// Allow implements bot.Ledger. After an error words are not kept.
func (l *Ledger) Allow(ctx context.Context, who bot.Person, words bool) error {
	return l.allow(ctx, l.hash(who), words, "UPDATE asked SET words = NULL, place = '' WHERE who = ?1")
}

// AllowIn implements bot.Ledger. After an error words are not kept.
func (l *Ledger) AllowIn(ctx context.Context, where bot.Place, words bool) error {
	return l.allow(ctx, l.hashPlace(where), words, "UPDATE asked SET words = NULL, place = '' WHERE place = ?1")
}

// allow sets what a person or a place with the hash h allows; without deletes the
// words kept so far.
func (l *Ledger) allow(ctx context.Context, h string, words bool, without string) error {
	l.allowing.Lock()
	defer l.allowing.Unlock()
	l.setAllowed(h, false) // nothing more may come in until it is safe that it may
	forbid := func(ctx context.Context, c *change) error {
		if err := c.changeAllowed(ctx, "DELETE FROM allowed WHERE who = ?1", h); err != nil {
			return err
		}
		return c.exec(ctx, without, h)
	}
	if !words {
		if err := l.change(ctx, forbid, true); err != nil {
			l.enqueueAlone(ctx, forbid) // as soon as the file can be written
			return err
		}
		return l.sweepSoon(ctx)
	}
	err := l.change(ctx, func(ctx context.Context, c *change) error {
		return c.changeAllowed(ctx, "INSERT INTO allowed (who) VALUES (?1) ON CONFLICT DO NOTHING", h)
	}, false)
	if err != nil { // it may still happen, and the person was told that it has not
		l.enqueueAlone(ctx, forbid)
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
	err := l.change(ctx, func(ctx context.Context, c *change) error {
		if err := c.exec(ctx, "INSERT INTO allowed (who) SELECT CAST(?1 AS TEXT) FROM allowed WHERE who = ?2 ON CONFLICT DO NOTHING", is, was); err != nil {
			return err
		}
		if err := c.changeAllowed(ctx, "DELETE FROM allowed WHERE who = ?1", was); err != nil {
			return err
		}
		return c.exec(ctx, "UPDATE asked SET place = ?1 WHERE place = ?2", is, was)
	}, true)
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
	l.at.left(ctx, l.db)
	return l.at.explain(l.db.Close())
}
