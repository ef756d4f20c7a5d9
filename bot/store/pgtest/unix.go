//go:build unix

package pgtest

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// unprivileged is who the server runs as: PostgreSQL refuses root. nil: as ourselves.
func unprivileged() (*syscall.Credential, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err1 := strconv.ParseUint(u.Uid, 10, 32)
		gid, err2 := strconv.ParseUint(u.Gid, 10, 32)
		if err := errors.Join(err1, err2); err != nil {
			return nil, err
		}
		return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
	}
	return nil, errors.New("PostgreSQL does not run as root, and neither postgres nor nobody is a user here")
}

// runAsServer makes cmd run as somebody that PostgreSQL accepts, and in a group of its own:
// an interrupt at the terminal ends the test, which then ends the server.
func runAsServer(cmd *exec.Cmd) error {
	as, err := unprivileged()
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: as, Setpgid: true}
	return err
}

// ownedByServer gives a file or folder to who the server runs as.
func ownedByServer(path string) error {
	as, err := unprivileged()
	if err != nil || as == nil {
		return err
	}
	return os.Chown(path, int(as.Uid), int(as.Gid))
}

func stop(p *os.Process, m Mode) error {
	if m == Immediate {
		return p.Signal(syscall.SIGQUIT)
	}
	return p.Signal(syscall.SIGINT)
}

// freezeAll stops or continues a server and its children, the parent first: it makes no
// new ones then.
func freezeAll(parent int, freeze bool) error {
	s := syscall.SIGCONT
	if freeze {
		s = syscall.SIGSTOP
	}
	if err := syscall.Kill(parent, s); err != nil {
		return err
	}
	children, err := childrenOf(parent)
	if err != nil {
		return err
	}
	for _, pid := range children {
		if err := syscall.Kill(pid, s); err != nil && !errors.Is(err, syscall.ESRCH) {
			return err
		}
	}
	return nil
}

// childrenOf lists the processes that a process has begun.
func childrenOf(parent int) ([]int, error) {
	out, err := exec.Command("ps", "-A", "-o", "pid=,ppid=").Output()
	if err != nil {
		return nil, fmt.Errorf("ps (Debian: apt-get install procps): %w", err)
	}
	var all []int
	for line := range strings.Lines(string(out)) {
		var pid, of int
		if n, err := fmt.Sscan(line, &pid, &of); n == 2 && err == nil && of == parent {
			all = append(all, pid)
		}
	}
	return all, nil
}

// A guard is a small process that outlives a test which is killed: when the pipe from the
// test ends it kills the server of a folder, if it still runs, and removes the folder.
type guard struct {
	cmd  *exec.Cmd
	pipe io.Closer
}

// guardScript reads until the end of the pipe. The first line of postmaster.pid is the
// server, which ends its children; a pooler has a file of its own.
const guardScript = `while read -r _; do :; done
pid=$(head -n 1 "$1/data/postmaster.pid" 2>/dev/null)
if [ -n "$pid" ]; then
  kill -QUIT "$pid"; kill -CONT "$pid"
  for i in 1 2 3 4 5 6 7 8 9 10; do kill -0 "$pid" || break; sleep 0.1 || sleep 1; done
  kill -KILL "$pid"
fi 2>/dev/null
kill -KILL $(cat "$1/pgbouncer.pid") 2>/dev/null
rm -rf "$1"`

func newGuard(dir string) (*guard, error) {
	cmd := exec.Command("sh", "-c", guardScript, "sh", filepath.Clean(dir))
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	pipe, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	return &guard{cmd, pipe}, cmd.Start()
}

// close ends the guard, which finds nothing to do after an orderly end.
func (g *guard) close() {
	_ = g.pipe.Close()
	_ = g.cmd.Wait()
}
