//go:build !unix

package pgtest

import (
	"fmt"
	"os"
	"os/exec"
)

// Where there are no such signals there is no server.

func runAsServer(*exec.Cmd) error { return fmt.Errorf("not on this system: %w", ErrMissing) }

func ownedByServer(string) error { return fmt.Errorf("not on this system: %w", ErrMissing) }

func stop(p *os.Process, _ Mode) error { return p.Kill() }

func freezeAll(int, bool) error { return ErrMissing }

type guard struct{}

func newGuard(string) (*guard, error) { return &guard{}, nil }

func (*guard) close() {}
