package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"maps"
	"net"
	"os"
	"path/filepath"
	"slices"
	"time"

	"footnote/bot"
)

// healthSocket is the socket in the folder of the key state at which a running
// serve tells how it is. A socket in a folder needs no port, and who may ask is
// whoever may open the folder.
const healthSocket = "serve.sock"

// maxSocketPath is how long a socket's path may be on every system that Footnote
// runs on; macOS has the shortest.
const maxSocketPath = 103

// healthWait bounds how long a running serve may take to tell, and be told.
const healthWait = 5 * time.Second

// A health is what serve tells.
type health struct {
	Healthy   bool                  `json:"healthy"` // every platform is connected
	Version   string                `json:"version"`
	Since     time.Time             `json:"since"` // when it was started
	Platforms map[string]bot.Status `json:"platforms"`
}

func healthOf(adapters []bot.Adapter, since time.Time) health {
	h := health{Healthy: true, Version: builtFrom().Version, Since: since, Platforms: map[string]bot.Status{}}
	for _, a := range adapters {
		if m, ok := a.(bot.StatusReporter); ok {
			s := m.Status()
			h.Platforms[string(a.Name())] = s
			h.Healthy = h.Healthy && s.Connected
		}
	}
	return h
}

// serveHealth answers at the socket until stop. Without one everything else works.
func serveHealth(state string, adapters []bot.Adapter, log *slog.Logger) (stop func()) {
	path := filepath.Join(state, healthSocket)
	l, err := listenAt(path)
	if err != nil {
		log.Warn("footnote healthcheck cannot be answered", "error", err)
		return func() {}
	}
	since, ended := time.Now(), make(chan struct{})
	go func() {
		defer close(ended)
		for {
			c, err := l.Accept()
			switch {
			case errors.Is(err, net.ErrClosed):
				return
			case err != nil:
				time.Sleep(100 * time.Millisecond) // out of file descriptors, say
				continue
			}
			_ = c.SetDeadline(time.Now().Add(healthWait))
			_ = json.NewEncoder(c).Encode(healthOf(adapters, since)) // whoever asked may have left
			c.Close()
		}
	}()
	return func() {
		l.Close()
		<-ended
	}
}

// listenAt listens at a socket that nobody else answers at; what a killed program
// left there is removed.
func listenAt(path string) (net.Listener, error) {
	if len(path) > maxSocketPath {
		return nil, fmt.Errorf("the path %s is longer than the %d bytes that a socket's may have; choose a shorter one with the key state", path, maxSocketPath)
	}
	if c, err := net.DialTimeout("unix", path, healthWait); err == nil {
		c.Close()
		return nil, fmt.Errorf("another serve runs with the state folder %s; give each a folder of its own", filepath.Dir(path))
	}
	if info, err := os.Lstat(path); err == nil && info.Mode()&fs.ModeSocket != 0 {
		_ = os.Remove(path) // if it cannot be removed, Listen says so
	}
	l, err := net.Listen("unix", path)
	if err != nil {
		return nil, err
	}
	if err := os.Chmod(path, 0o600); err != nil {
		l.Close()
		return nil, err
	}
	return l, nil
}

// askHealth asks the serve that runs with the folder state.
func askHealth(state string) (health, error) {
	path := filepath.Join(state, healthSocket)
	c, err := net.DialTimeout("unix", path, healthWait)
	if err != nil {
		return health{}, fmt.Errorf("no serve answers in the state folder %s: is it running, and with that folder? (key state)", state)
	}
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(healthWait))
	var h health
	const most = 64 << 10
	if err := json.NewDecoder(io.LimitReader(c, most)).Decode(&h); err != nil {
		return health{}, fmt.Errorf("what runs in the state folder %s does not say how it is within %v", state, healthWait)
	}
	return h, nil
}

func healthcheckCommand() command {
	var o options
	var asJSON bool
	return command{
		name:    "healthcheck",
		summary: "ask a running serve whether it is connected",
		help: `
Asks the serve that runs with the same state folder (key state) how it is: whether
it answers, and whether each of its platforms is connected. Containers call it as
their health check; it needs no port.

Examples:
  footnote healthcheck
  footnote healthcheck --json | jq '.platforms.discord.connected'

--json writes one object: healthy, version, since (when it was started), and under
platforms for each connected, since, and while it is not connected why.

Exit codes: 0 every platform is connected, 1 one is not, or nobody answers, 2 bad
usage or configuration.`,
		flags: func(fs *flag.FlagSet) action {
			o.register(fs)
			fs.BoolVar(&asJSON, "json", false, "write one JSON object")
			return func(_ context.Context, p *program, args []string) error {
				c, err := o.configure(p)
				if err != nil {
					return err
				}
				h, err := askHealth(c.State)
				if err != nil {
					return exitError{code: exitFailed, err: err}
				}
				if asJSON {
					err = writeJSONLine(p.Out, h)
				} else {
					err = printHealth(p.Out, h)
				}
				if err == nil && !h.Healthy {
					err = exitError{code: exitFailed}
				}
				return err
			}
		},
	}
}

func printHealth(w io.Writer, h health) error {
	_, err := fmt.Fprintf(w, "footnote %s, running since %s\n", h.Version, h.Since.UTC().Format(healthTime))
	for _, name := range slices.Sorted(maps.Keys(h.Platforms)) {
		switch s := h.Platforms[name]; {
		case s.Connected:
			_, err = fmt.Fprintf(w, "%s connected since %s\n", name, s.Since.UTC().Format(healthTime))
		case s.Since.IsZero():
			_, err = fmt.Fprintf(w, "%s not connected yet\n", name)
		default:
			_, err = fmt.Fprintf(w, "%s not connected since %s: %s\n", name, s.Since.UTC().Format(healthTime), s.Why)
		}
	}
	return err
}

const healthTime = "2006-01-02 15:04:05 UTC"
