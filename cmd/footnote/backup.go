package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"footnote/bot/ledger"
	"footnote/bot/store"
)

func backupCommand() command {
	var o options
	return command{
		name:    "backup",
		args:    "DIR",
		summary: "copy what outlives a restart, the ledger and their keys into a folder",
		help: `
Copies the state (key state) and the ledger (key ledger.path) with their keys into
DIR, which it makes. A serve may run meanwhile, and each copy is whole; a copy made
with cp may lack what stands in a file's journal. What is computed from packs is not
copied: it is made again.

Keep the copies as you keep the originals: with the keys they tell whose what is. To
restore, stop serve, put the files back where they were, and start it again. What
people had deleted since comes back with a restored copy, so keep none for longer than
ledger.retention.

A state in a database is copied with PostgreSQL's own pg_dump.

Examples:
  footnote backup /var/backups/footnote/$(date +%F)

Exit codes: 0 copied, 1 it could not be copied, 2 bad usage or configuration.`,
		flags: func(fs *flag.FlagSet) action {
			o.registerConfig(fs)
			return func(ctx context.Context, p *program, args []string) error {
				if len(args) != 1 {
					return usage("backup: name one folder to copy into")
				}
				c, err := o.configure(p)
				if err != nil {
					return err
				}
				if c.Database.IsSet() {
					return exitError{code: exitFailed, err: fmt.Errorf("the state is in a database (%s), which PostgreSQL's own tools copy while bots run: pg_dump -Fc -f footnote.dump -d \"postgres://…\". Copy the file of state-key-file too, but not beside it: without that key nobody can tell whose what is", c.where())}
				}
				copied, err := backup(ctx, c, args[0])
				if err != nil {
					return exitError{code: exitFailed, err: err}
				}
				for _, f := range copied {
					fmt.Fprintln(p.Out, f)
				}
				return nil
			}
		},
	}
}

// backup copies what there is into the folder to, whole or not at all.
func backup(ctx context.Context, c Config, to string) (copied []string, err error) {
	if _, err := os.Lstat(to); err == nil {
		return nil, fmt.Errorf("%s is there already; name a new folder", to)
	}
	half := filepath.Clean(to) + ".half"
	if err := os.MkdirAll(filepath.Dir(half), 0o700); err != nil {
		return nil, err
	}
	if err := os.RemoveAll(half); err != nil {
		return nil, err
	}
	if err := os.Mkdir(half, 0o700); err != nil {
		return nil, err
	}
	defer os.RemoveAll(half)
	dbs := []string{filepath.Join(c.State, stateFile)}
	if c.Ledger.Path != "" {
		dbs = append(dbs, c.Ledger.Path)
	}
	for _, db := range dbs {
		switch _, err := os.Stat(db); {
		case errors.Is(err, fs.ErrNotExist):
			continue // nothing was kept yet
		case err != nil:
			return nil, err
		}
		name := filepath.Base(db)
		if err := store.Backup(ctx, db, filepath.Join(half, name)); err != nil {
			return nil, err
		}
		copied = append(copied, filepath.Join(to, name))
		key := ledger.KeyPath(db) // of the state too
		secret, err := store.ReadRegular(key, 1<<10)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			continue
		case err != nil:
			return nil, err
		}
		if err := os.WriteFile(filepath.Join(half, filepath.Base(key)), secret, 0o600); err != nil {
			return nil, err
		}
		copied = append(copied, filepath.Join(to, filepath.Base(key)))
	}
	if len(copied) == 0 {
		return nil, fmt.Errorf("there is nothing to copy: neither %s nor a ledger is there (keys state and ledger.path)", dbs[0])
	}
	return copied, os.Rename(half, to)
}
