package pgtest

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
)

// poolerVariable names PgBouncer's program.
const poolerVariable = "FOOTNOTE_TEST_PGBOUNCER"

// errNoPooler says that PgBouncer is not installed.
var errNoPooler = fmt.Errorf("no PgBouncer is installed (Debian: apt-get install pgbouncer); %s names its program if it lies elsewhere: %w", poolerVariable, ErrMissing)

// Pooled returns the address of an empty database as it is seen through a PgBouncer in
// transaction mode, which gives each transaction one of two connections, any one. It skips
// t, or fails it in CI, where there is no PgBouncer.
func (s *Shared) Pooled(t testing.TB) string {
	t.Helper()
	direct := s.Database(t)
	server := s.Server(t)
	s.poolOnce.Do(func() {
		ctx, cancel := context.WithTimeout(context.Background(), Patience)
		defer cancel()
		s.pool, s.poolErr = startPooler(ctx, server)
	})
	Need(t, s.poolErr)
	u, err := url.Parse(direct)
	if err != nil {
		t.Fatal(err)
	}
	u.Host = s.pool.address
	return u.String()
}

// A pooler is a PgBouncer before a server. It keeps its files in the server's folder, which
// goes with the server.
type pooler struct {
	address string
	running *run
}

func startPooler(ctx context.Context, s *Server) (*pooler, error) {
	program := os.Getenv(poolerVariable)
	if program == "" {
		var err error
		if program, err = exec.LookPath("pgbouncer"); err != nil {
			return nil, errNoPooler
		}
	}
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	users, settings := filepath.Join(s.dir, "users"), filepath.Join(s.dir, "pgbouncer.ini")
	for path, text := range map[string]string{
		users: fmt.Sprintf("%q %q\n", superuser, s.password),
		settings: fmt.Sprintf("[databases]\n* = host=127.0.0.1 port=%d\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = %d\nunix_socket_dir =\n"+
			"auth_type = scram-sha-256\nauth_file = %s\npool_mode = transaction\ndefault_pool_size = 2\npidfile = %s\n",
			s.port, port, users, filepath.Join(s.dir, "pgbouncer.pid")),
	} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			return nil, err
		}
		if err := ownedByServer(path); err != nil {
			return nil, err
		}
	}
	r, err := begin(ctx, s.dir, "process up", program, settings)
	if err != nil {
		return nil, err
	}
	return &pooler{net.JoinHostPort("127.0.0.1", strconv.Itoa(port)), r}, nil
}

func (p *pooler) close() {
	if err := stop(p.running.cmd.Process, Immediate); err != nil && !errors.Is(err, os.ErrProcessDone) {
		_ = p.running.cmd.Process.Kill()
	}
	<-p.running.ended
}
