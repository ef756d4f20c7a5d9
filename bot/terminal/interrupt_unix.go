//go:build unix

package terminal

import (
	"context"
	"errors"
	"io"
	"os"

	"golang.org/x/sys/unix"
)

// pollable waits with poll(2) for f and for a pipe that ctx closes. Making f
// itself non-blocking would do it too, but f is shared with the shell that
// started us.
func pollable(ctx context.Context, f *os.File) (io.Reader, func()) {
	wake, closed, err := os.Pipe()
	if err != nil {
		return f, func() {} // reading works, only without being interrupted
	}
	done := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(done)
		_ = closed.Close()
	})
	p := &pollReader{ctx: ctx, f: f, fd: int32(f.Fd()), wake: int32(wake.Fd())}
	return p, func() {
		if stop() {
			_ = closed.Close()
		} else {
			<-done
		}
		_ = wake.Close()
	}
}

type pollReader struct {
	ctx      context.Context
	f        *os.File
	fd, wake int32
}

func (p *pollReader) Read(b []byte) (int, error) {
	for {
		fds := []unix.PollFd{{Fd: p.fd, Events: unix.POLLIN}, {Fd: p.wake, Events: unix.POLLIN}}
		_, err := unix.Poll(fds, -1)
		switch {
		case errors.Is(err, unix.EINTR):
			continue
		case err != nil || fds[0].Revents&unix.POLLNVAL != 0: // some systems cannot poll terminals
			return p.f.Read(b)
		case fds[1].Revents != 0:
			return 0, p.ctx.Err()
		case fds[0].Revents != 0:
			return p.f.Read(b)
		}
	}
}
