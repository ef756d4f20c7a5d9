package pgtest

import (
	"context"
	"errors"
	"footnote/bot/platform"
	"footnote/bot/postgres"
	"os"
	"sync"
	"testing"
)

// Shared is one server for all tests of a package, started by the first that asks for it:
//
//	var server pgtest.Shared
//
//	func TestMain(m *testing.M) { goleak.VerifyTestMain(server.Around(m)) }
//
//	func TestX(t *testing.T) { db := pgtest.Open(t, server.Database(t)) … }
//
// Its zero value is ready.
type Shared struct {
	Options Options // set before the first use

	once   sync.Once
	server *Server
	err    error

	mu   sync.Mutex
	free []string // addresses of empty databases

	poolOnce sync.Once
	pool     *pooler
	poolErr  error
}

// A Runner is what testing.M is.
type Runner interface{ Run() int }

// Around returns m with the end of the server after it.
func (s *Shared) Around(m Runner) Runner { return around{m, s} }

type around struct {
	m Runner
	s *Shared
}

func (a around) Run() int {
	code := a.m.Run()
	if a.s.pool != nil {
		a.s.pool.close()
	}
	if a.s.server != nil {
		if err := a.s.server.Close(); err != nil {
			_, _ = os.Stderr.WriteString("the PostgreSQL of the tests did not end well: " + err.Error() + "\n")
		}
	}
	return code
}

// Server returns the server. Where there is no PostgreSQL it skips the test, and fails it
// if the variable CI is set: there nothing may be left out.
func (s *Shared) Server(t testing.TB) *Server {
	t.Helper()
	s.once.Do(func() {
		ctx, cancel := context.WithTimeout(context.Background(), Patience)
		defer cancel()
		s.server, s.err = Start(ctx, s.Options)
	})
	Need(t, s.err)
	return s.server
}

// Need skips t if err is ErrMissing, but for CI, and fails it for any other error.
func Need(t testing.TB, err error) {
	t.Helper()
	switch {
	case err == nil:
	case errors.Is(err, ErrMissing) && os.Getenv("CI") == "":
		t.Skipf("NOT TESTED: %v", err)
	default:
		t.Fatal(err)
	}
}

// Database returns the address of an empty database. After t it is emptied, and another test
// gets it: that takes a tenth of the time in which one is made and removed.
func (s *Shared) Database(t testing.TB) string {
	t.Helper()
	server := s.Server(t)
	address, err := s.unused(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Empty(context.Background(), address); err != nil {
			t.Log(err)
			return
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		s.free = append(s.free, address)
	})
	return address
}

// unused is a database that no test has any more, or a new one.
func (s *Shared) unused(ctx context.Context) (address string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if n := len(s.free); n > 0 {
		address, s.free = s.free[n-1], s.free[:n-1]
		return address, nil
	}
	return s.server.NewDatabase(ctx)
}

// Open opens a database and makes its tables, and closes it after t.
func Open(t testing.TB, address string) *postgres.DB {
	t.Helper()
	db, err := postgres.Open(platform.NewSecret(address))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	if err := db.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	return db
}
