package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"footnote/bot"
	"footnote/bot/postgres"
	"footnote/bot/reports"
	"footnote/bot/store"
)

// hearsReports reports whether reports go anywhere.
func (c *Config) hearsReports() bool {
	return c.Curators.Desk || c.Curators.Discord != "" || c.Curators.Telegram != ""
}

// checkCurators refuses a chat of the curators on a platform where the bot does not run.
func (c *Config) checkCurators() error {
	switch {
	case c.Curators.Discord != "" && !c.Discord.Token.IsSet():
		return usage("curators.discord names a channel, and there is no discord.token to write there with")
	case c.Curators.Telegram != "" && !c.Telegram.Token.IsSet():
		return usage("curators.telegram names a chat, and there is no telegram.token to write there with")
	}
	return nil
}

// reportsIn is where reports are kept in a state; words are kept for the desk alone.
func reportsIn(kept *store.Store, secret []byte, desk bool, now func() time.Time) *reports.Box {
	return reports.New(func(space string) bot.Listing { return store.Hidden(kept.In(space), store.NewSeal(secret, space)) }, desk, now)
}

// forgetReports deletes what was kept of reports when they still went somewhere, or to the desk.
func forgetReports(c Config, kept *store.Store, log *slog.Logger) {
	var spaces []string
	switch {
	case !c.hearsReports():
		spaces = reports.Spaces()
	case !c.Curators.Desk:
		spaces = []string{reports.Words, reports.Answers}
	}
	for _, space := range spaces {
		if _, err := kept.Clear(context.Background(), space); err != nil {
			log.Warn("reports of people that nobody is to answer any more could not be deleted", "error", err)
		}
	}
}

// A deskReports is the state that a running bot has, opened for the desk when it is first asked for.
type deskReports struct {
	c   Config
	now func() time.Time

	mu    sync.Mutex
	kept  *store.Store
	reads *reports.Box
}

// box returns where the reports are. Its error says why there is nothing yet.
func (r *deskReports) box(ctx context.Context) (*reports.Box, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.reads != nil {
		return r.reads, nil
	}
	open := r.inFolder
	if r.c.Database.IsSet() {
		open = r.inDatabase
	}
	kept, secret, err := open(ctx)
	if err != nil {
		return nil, err
	}
	r.kept, r.reads = kept, reportsIn(kept, secret, true, r.now)
	return r.reads, nil
}

func (r *deskReports) inFolder(context.Context) (*store.Store, []byte, error) {
	path, key := filepath.Join(r.c.State, stateFile), filepath.Join(r.c.State, stateKey)
	for _, file := range []string{path, key} {
		if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
			return nil, nil, fmt.Errorf("no bot has run with the state folder %s yet; name the folder of the bot's with the key state", r.c.State)
		}
	}
	secret, err := store.Secret(key)
	if err != nil {
		return nil, nil, err
	}
	kept, err := store.Open(path)
	return kept, secret, err
}

func (r *deskReports) inDatabase(ctx context.Context) (*store.Store, []byte, error) {
	secret, err := store.ParseSecret(r.c.StateKey.Reveal())
	if err != nil {
		return nil, nil, fmt.Errorf("state-key-file: the desk needs the key that the bot has: %w", err)
	}
	db, err := postgres.Open(r.c.Database)
	if err != nil {
		return nil, nil, fmt.Errorf("state: %w", err)
	}
	if err := store.Bind(ctx, db, secret); err != nil {
		db.Close()
		return nil, nil, err
	}
	return store.Shared(db), secret, nil
}

func (r *deskReports) close() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.kept != nil {
		_ = r.kept.Close()
	}
}
