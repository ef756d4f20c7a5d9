package postgres

import (
	"context"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

const (
	// pipelineSlow is how long statements are under way before what comes then goes in others
	// beside them: a database that is far or slow is waited for about once, and a quick one is
	// asked by as many together as can be.
	pipelineSlow = 50 * time.Millisecond
	// pipelinesAtOnce is how often that may be.
	pipelinesAtOnce = 3
)

// A pipeline sends the statements of all batches that somebody waits for in one piece, each of
// them a transaction of its own, and hands out the answers as they come. What is asked
// meanwhile goes with the next.
type pipeline struct {
	send func(all []*call)
	goes func(do func()) bool // runs do in a goroutine, unless all is over

	mu      sync.Mutex
	batches []queued  // in the order of their statements
	running int       // pieces under way
	begun   time.Time // when the last of them began
}

// A queued is a Batch.
type queued interface {
	// take takes out what waits, nil if nothing does, and returns what makes a statement of it.
	// The mutex is held.
	take() func() *call
}

// A call is one statement on its way.
type call struct {
	sql     string
	params  [][]byte
	again   bool // once more, if the connection is lost
	timeout time.Duration
	done    func(rows [][][]byte, err error) // called once
}

func (p *pipeline) join(b queued) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.batches = append(p.batches, b)
}

// wake has what waits sent, and reports false if all is over.
func (p *pipeline) wake() bool {
	p.mu.Lock()
	begins := p.running == 0 || p.running < pipelinesAtOnce && time.Since(p.begun) >= pipelineSlow
	if begins {
		p.running, p.begun = p.running+1, time.Now()
	}
	p.mu.Unlock()
	if !begins || p.goes(p.run) {
		return true
	}
	p.mu.Lock()
	p.running--
	p.mu.Unlock()
	return false
}

// run sends until nobody waits.
func (p *pipeline) run() {
	for taken := p.take(); len(taken) > 0; taken = p.take() {
		all := make([]*call, len(taken))
		for i, statement := range taken {
			all[i] = statement()
		}
		p.send(all)
	}
}

// take takes what waits. If nothing does, the caller's turn is over.
func (p *pipeline) take() (all []func() *call) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, b := range p.batches {
		if c := b.take(); c != nil {
			all = append(all, c)
		}
	}
	if p.begun = time.Now(); len(all) == 0 {
		p.running--
	}
	return all
}

// ask sends statements over one connection in one piece. Those that may be repeated are, once,
// if the connection is lost.
func (db *DB) ask(all []*call) {
	timeout := time.Duration(0)
	for _, c := range all {
		timeout = max(timeout, c.timeout)
	}
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	var again []*call
	failed := func(c *call, err error) {
		if c.again && Lost(err) && ctx.Err() == nil {
			c.again = false
			again = append(again, c)
			return
		}
		c.done(nil, err)
	}
	db.askOnce(ctx, all, failed)
	if len(again) > 0 {
		db.pool.Reset() // where one connection was lost, the idle ones mostly are too
		db.askOnce(ctx, again, failed)
	}
}

func (db *DB) askOnce(ctx context.Context, all []*call, failed func(*call, error)) {
	conn, err := db.pool.Acquire(ctx)
	if err != nil {
		for _, c := range all {
			failed(c, err)
		}
		return
	}
	defer conn.Release() // which closes it if it is broken
	p := conn.Conn().PgConn().StartPipeline(ctx)
	defer func() { _ = p.Close() }() // what it says was told to those who ask
	for _, c := range all {
		p.SendQueryParams(c.sql, c.params, nil, inBinary, inBinary)
		p.SendPipelineSync()
	}
	err = p.Flush()
	for _, c := range all {
		var rows [][][]byte
		if err == nil {
			rows, err = receive(p)
		}
		if err != nil {
			failed(c, err)
			if Code(err) != "" && !conn.Conn().IsClosed() {
				err = nil // of that statement alone
			}
			continue
		}
		c.done(rows, nil)
	}
}

// inBinary is the format of all parameters and results.
var inBinary = []int16{1}

// receive reads what one statement brings, and what ends it.
func receive(p *pgconn.Pipeline) (rows [][][]byte, err error) {
	results, err := p.GetResults()
	if r, ok := results.(*pgconn.ResultReader); ok {
		is := r.Read()
		rows, err = is.Rows, is.Err
	}
	if _, end := p.GetResults(); err == nil {
		err = end
	}
	return rows, err
}
