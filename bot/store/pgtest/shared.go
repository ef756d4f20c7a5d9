package pgtest

import (
	"context"
	"errors"
	"os"
	"sync"
	"testing"
)

// Shared is one server for all tests of a package, started by the first that asks for it:
//
//	var postgres pgtest.Shared
//
//	func TestMain(m *testing.M) { goleak.VerifyTestMain(postgres.Around(m)) }
//
//	func TestX(t *testing.T) { address := postgres.Database(t) … }
//
// Its zero value is ready.
type Shared struct {
	Options Options // set before the first use

	once   sync.Once
	server *Server
	err    error

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

// Database returns the address of an empty database, which is removed after t.
func (s *Shared) Database(t testing.TB) string {
	t.Helper()
	server := s.Server(t)
	address, err := server.NewDatabase(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.DropDatabase(context.Background(), address); err != nil {
			t.Log(err)
		}
	})
	return address
}
