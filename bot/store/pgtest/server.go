// Package pgtest runs a real PostgreSQL on 127.0.0.1, for tests and for programs that break
// things on purpose: it can be stopped gently or at once, started again at the same address,
// and frozen. It takes the PostgreSQL that is installed, needs no rights but those to run
// it, and removes all that it made, also after a test that was killed.
package pgtest

import (
	"bufio"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	mathrand "math/rand/v2"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
)

// ErrMissing says that no PostgreSQL is installed.
var ErrMissing = errors.New("no PostgreSQL is installed (Debian: apt-get install postgresql); " + binVariable + " names the folder of its programs if it lies elsewhere")

// binVariable names the folder with initdb and postgres.
const binVariable = "FOOTNOTE_TEST_POSTGRES"

// Options of a server. The zero value is for tests that want speed.
type Options struct {
	// Durable makes each commit wait for the disk, as PostgreSQL does by itself. Without it
	// what was committed survives the end of the server, however that comes, and no loss of power.
	Durable bool
	// Settings go to the server's command line: "max_connections": "20".
	Settings map[string]string
}

// folder makes the folder of a server. What need not be durable lies in memory, where there is
// room for it, and takes a third of the time.
func (o Options) folder() (string, error) {
	const name = "footnote-postgres-"
	if !o.Durable && roomInMemory() {
		if dir, err := os.MkdirTemp(memory, name); err == nil {
			return dir, nil
		}
	}
	return os.MkdirTemp("", name)
}

// A Server is a PostgreSQL with a folder of its own. Its methods are safe for concurrent use,
// one at a time. Close must be called.
type Server struct {
	bin, dir string // dir is removed by Close
	port     int
	password string
	o        Options
	guard    *guard

	mu      sync.Mutex
	running *run // nil while it is stopped
	made    int  // databases
}

// A run is the server between a start and its end.
type run struct {
	cmd   *exec.Cmd
	ready chan struct{} // closed once it takes connections
	ended chan struct{} // closed once the process is gone
	log   *tail
}

// Start makes a server and starts it. The error is ErrMissing, wrapped, if there is no
// PostgreSQL here.
func Start(ctx context.Context, o Options) (*Server, error) {
	bin, err := programs()
	if err != nil {
		return nil, err
	}
	dir, err := o.folder()
	if err != nil {
		return nil, err
	}
	s := &Server{bin: bin, dir: dir, password: rand.Text(), o: o}
	if err := s.make(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// make makes the folder of the data and starts the server at a port that is free.
func (s *Server) make(ctx context.Context) error {
	if err := ownedByServer(s.dir); err != nil {
		return err
	}
	if err := s.initialise(ctx); err != nil {
		return err
	}
	var err error
	if s.guard, err = newGuard(s.dir); err != nil {
		return err
	}
	const tries = 8 // somebody else may take a port between the look and the start
	for range tries {
		if s.port, err = freePort(); err != nil {
			return err
		}
		if err = s.Start(ctx); err == nil || ctx.Err() != nil {
			return err
		}
	}
	return err
}

// superuser is the owner of everything; its password stands in the addresses.
const superuser = "footnote"

func (s *Server) initialise(ctx context.Context) error {
	password := filepath.Join(s.dir, "password")
	if err := os.WriteFile(password, []byte(s.password), 0o600); err != nil {
		return err
	}
	defer os.Remove(password)
	if err := ownedByServer(password); err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, filepath.Join(s.bin, "initdb"), "--pgdata", s.data(), "--no-sync", "--username", superuser,
		"--pwfile", password, "--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C")
	cmd.Dir, cmd.Env = s.dir, quietEnvironment()
	if err := runAsServer(cmd); err != nil {
		return err
	}
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w: %s", err, strings.TrimSpace(string(out)))
	}
	return nil
}

func (s *Server) data() string { return filepath.Join(s.dir, "data") }

// Start starts a server that is stopped, at the address that it had, and returns when it
// takes connections.
func (s *Server) Start(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.running != nil {
		return errors.New("the server runs already")
	}
	r, err := begin(ctx, s.dir, "ready to accept connections", filepath.Join(s.bin, "postgres"), s.arguments()...)
	s.running = r
	return err
}

// begin starts a program in a folder, as somebody that PostgreSQL accepts, and returns when
// it has logged that it is ready.
func begin(ctx context.Context, dir, ready, program string, args ...string) (*run, error) {
	r := &run{cmd: exec.Command(program, args...), ready: make(chan struct{}), ended: make(chan struct{}), log: &tail{}}
	r.cmd.Dir, r.cmd.Env = dir, quietEnvironment()
	if err := runAsServer(r.cmd); err != nil {
		return nil, err
	}
	out, err := r.cmd.StderrPipe()
	if err != nil {
		return nil, err
	}
	if err := r.cmd.Start(); err != nil {
		return nil, err
	}
	go r.follow(out, ready)
	select {
	case <-r.ready:
		return r, nil
	case <-r.ended:
		return nil, fmt.Errorf("%s did not start: %s", filepath.Base(program), r.log)
	case <-ctx.Done():
		_ = r.cmd.Process.Kill()
		<-r.ended
		return nil, fmt.Errorf("%s was not ready in time: %w: %s", filepath.Base(program), ctx.Err(), r.log)
	}
}

func (s *Server) arguments() []string {
	set := map[string]string{
		"port": strconv.Itoa(s.port), "listen_addresses": "127.0.0.1", "unix_socket_directories": "",
		"max_connections": "200", "shared_buffers": "16MB", "dynamic_shared_memory_type": "mmap",
		"log_min_messages": "warning", "lc_messages": "C",
	}
	if !s.o.Durable {
		set["fsync"], set["full_page_writes"] = "off", "off"
	}
	for k, v := range s.o.Settings {
		set[k] = v
	}
	args := []string{"-D", s.data()}
	for k, v := range set {
		args = append(args, "-c", k+"="+v)
	}
	return args
}

// follow reads what a program logs until it ends.
func (r *run) follow(out io.Reader, ready string) {
	defer close(r.ended)
	isReady := false
	for lines := bufio.NewScanner(out); lines.Scan(); {
		r.log.add(lines.Text())
		if !isReady && strings.Contains(lines.Text(), ready) {
			isReady = true
			close(r.ready)
		}
	}
	_ = r.cmd.Wait() // that it was killed is no news
}

// A Mode is how a server is stopped.
type Mode int

// The modes: Fast ends connections and closes well, Immediate ends everything at once, as a
// crash does.
const (
	Fast Mode = iota
	Immediate
)

// Stop stops the server and returns when it is gone; a stopped one stays so.
func (s *Server) Stop(m Mode) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.running == nil {
		return nil
	}
	if err := stop(s.running.cmd.Process, m); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	<-s.running.ended
	s.running = nil
	return nil
}

// Restart stops the server and starts it again at the same address.
func (s *Server) Restart(ctx context.Context, m Mode) error {
	if err := s.Stop(m); err != nil {
		return err
	}
	return s.Start(ctx)
}

// Freeze stops all processes of the server where they stand, as a machine does that hangs:
// connections stay open and nothing answers. Thaw lets them go on.
func (s *Server) Freeze() error { return s.signalAll(true) }

// Thaw ends Freeze.
func (s *Server) Thaw() error { return s.signalAll(false) }

func (s *Server) signalAll(freeze bool) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.running == nil {
		return errors.New("the server does not run")
	}
	return freezeAll(s.running.cmd.Process.Pid, freeze)
}

// Folder is where the server keeps its data, to be copied or put back while it is stopped.
func (s *Server) Folder() string { return s.data() }

// Address is what the server listens at, e.g. 127.0.0.1:25432. It stays the same.
func (s *Server) Address() string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(s.port)) }

// Password is that of all addresses; it should be seen nowhere.
func (s *Server) Password() string { return s.password }

// URL is the address of a database, with the password of its owner, who may do anything.
func (s *Server) URL(database string) string { return s.urlAt(s.Address(), database) }

func (s *Server) urlAt(address, database string) string {
	return (&url.URL{
		Scheme: "postgres", User: url.UserPassword(superuser, s.password), Host: address,
		Path: "/" + database, RawQuery: "sslmode=disable",
	}).String()
}

// NewDatabase makes an empty database and returns its address.
func (s *Server) NewDatabase(ctx context.Context) (string, error) {
	s.mu.Lock()
	s.made++
	name := fmt.Sprintf("test%d", s.made)
	s.mu.Unlock()
	return s.URL(name), s.Exec(ctx, "postgres", "CREATE DATABASE "+name+" TEMPLATE template0")
}

// Empty ends the connections to a database and removes everything from it.
func (s *Server) Empty(ctx context.Context, address string) error {
	u, err := url.Parse(address)
	if err != nil {
		return err
	}
	return s.Exec(ctx, strings.TrimPrefix(u.Path, "/"), "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid(); "+
		"DROP SCHEMA public CASCADE; CREATE SCHEMA public")
}

// Exec runs SQL in a database, as its owner.
func (s *Server) Exec(ctx context.Context, database, sql string) error {
	c, err := pgx.Connect(ctx, s.URL(database))
	if err != nil {
		return err
	}
	defer c.Close(context.WithoutCancel(ctx))
	_, err = c.Exec(ctx, sql, pgx.QueryExecModeSimpleProtocol)
	return err
}

// Close stops the server and removes all that was made.
func (s *Server) Close() error {
	_ = s.Thaw() // a frozen one would not hear
	err := errors.Join(s.Stop(Immediate), os.RemoveAll(s.dir))
	if s.guard != nil {
		s.guard.close()
	}
	return err
}

// programs finds the folder with initdb and postgres: the one that is named, the newest
// that Debian has, or where the search path leads.
func programs() (string, error) {
	places := []string{os.Getenv(binVariable)}
	if places[0] == "" {
		places, _ = filepath.Glob("/usr/lib/postgresql/*/bin")
		slices.SortFunc(places, func(a, b string) int { return versionIn(b) - versionIn(a) })
		places = append(places, "/usr/local/pgsql/bin")
		if path, err := exec.LookPath("initdb"); err == nil {
			places = append(places, filepath.Dir(path))
		}
	}
	for _, dir := range places {
		_, err1 := os.Stat(filepath.Join(dir, "initdb"))
		_, err2 := os.Stat(filepath.Join(dir, "postgres"))
		if err1 == nil && err2 == nil {
			return dir, nil
		}
	}
	return "", ErrMissing
}

func versionIn(dir string) int {
	n, _ := strconv.Atoi(filepath.Base(filepath.Dir(dir)))
	return n
}

// freePort finds a port that nothing listens at, below those that the system gives to
// outgoing connections: the server comes back to it after a stop.
func freePort() (int, error) {
	const from, many, tries = 20000, 10000, 100
	var last error
	for range tries {
		port := from + mathrand.IntN(many)
		l, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
		if err == nil {
			return port, l.Close()
		}
		last = err
	}
	return 0, fmt.Errorf("no port is free on 127.0.0.1: %w", last)
}

// quietEnvironment is ours without what would lead PostgreSQL's programs elsewhere.
func quietEnvironment() []string {
	return slices.DeleteFunc(os.Environ(), func(s string) bool {
		return strings.HasPrefix(s, "PG") || strings.HasPrefix(s, "LC_") || strings.HasPrefix(s, "LANG")
	})
}

// A tail is the last of what a server has logged.
type tail struct {
	mu    sync.Mutex
	lines []string
}

func (t *tail) add(line string) {
	const most = 20
	t.mu.Lock()
	defer t.mu.Unlock()
	t.lines = append(t.lines, line)
	t.lines = t.lines[max(0, len(t.lines)-most):]
}

// String is what was logged last.
func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return strings.Join(t.lines, "\n")
}

// Patience is long enough for a server to be made on a busy machine.
const Patience = 2 * time.Minute
