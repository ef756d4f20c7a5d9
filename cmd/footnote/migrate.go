package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"footnote/bot"
	"footnote/bot/cluster/pgcluster"
	"footnote/bot/ledger"
	"footnote/bot/platform"
	"footnote/bot/postgres"
	"footnote/bot/store"
)

func migrateCommand() command {
	var f migrateFlags
	return command{
		name:    "migrate",
		summary: "move the state and the ledger from a folder into a PostgreSQL database",
		help: `
Copies what stands in a state folder, and the ledger, into a PostgreSQL database, with
the keys that tell whose what is: settings, the places in queues of messages, sessions,
what waits for its answer, records with their words, and what people allowed. All of it
is copied or nothing; after a failure start it again. The database must be empty, and
no serve may run with the folder, which stays as it is.

An address on the command line can be seen by others on the machine: rather name a file
that holds it with --to-file, or set it as the key state, whose folder is then --from.

Examples:
  footnote migrate --to-file address --dry-run
  footnote migrate --to postgres://footnote@db.example.org/footnote --ledger asked.db
  FOOTNOTE_STATE_FILE=address footnote migrate --from state

Exit codes: 0 moved, or with --dry-run would be; 1 it could not be moved, and nothing
was; 2 bad usage or configuration.`,
		flags: func(fs *flag.FlagSet) action {
			f.registerConfig(fs)
			fs.StringVar(&f.to, "to", "", "move into the database at `ADDRESS`")
			fs.StringVar(&f.toFile, "to-file", "", "move into the database whose address `FILE` holds alone")
			fs.StringVar(&f.from, "from", "", "move what is in the state folder `DIR`; that of the\nconfiguration if it is not given")
			fs.StringVar(&f.ledger, "ledger", "", "move the ledger in `FILE`; that of the configuration\nif it is not given")
			fs.BoolVar(&f.dry, "dry-run", false, "say what would be moved, and move nothing")
			return func(ctx context.Context, p *program, args []string) error {
				if len(args) > 0 {
					return usage("migrate takes no arguments; --to names the database")
				}
				return f.run(ctx, p)
			}
		},
	}
}

// migrateFlags are what migrate was called with.
type migrateFlags struct {
	options
	to, toFile, from, ledger string
	dry                      bool
}

// A migration is what migrate does.
type migration struct {
	state, ledger string // files; "" if there is none
	key           string // the file of the state's key
	secret        []byte
}

// What of a state waits for its answer is kept in rows of its own where processes share it.
const unansweredSpace = "unanswered"

// A moved is what was copied.
type moved struct {
	state   store.Moved
	waiting int // messages without an answer
	ledger  ledger.Moved
}

func (f *migrateFlags) run(ctx context.Context, p *program) error {
	c, err := f.configure(p)
	if err != nil {
		return err
	}
	address, err := f.address(c)
	if err != nil {
		return err
	}
	target := Config{Database: address}
	for _, secret := range target.secrets() {
		p.hide(secret)
	}
	db, err := postgres.Open(address)
	if err != nil {
		return usage("--to: %v", err)
	}
	defer db.Close()
	folder := cmp.Or(f.from, c.State)
	m, err := f.find(c, folder)
	if err != nil {
		return exitError{code: exitFailed, err: err}
	}
	free, err := occupy(folder)
	switch {
	case errors.Is(err, errOccupied):
		return exitError{code: exitFailed, err: fmt.Errorf("a serve runs with the state folder %s; stop it first, or what it writes from now on is lost", folder)}
	case err == nil:
		defer free()
	}
	return m.run(ctx, p.Out, db, f.dry)
}

// address is where to move to.
func (f *migrateFlags) address(c Config) (platform.Secret, error) {
	var to Config
	switch {
	case f.to != "" && f.toFile != "":
		return platform.Secret{}, usage("--to and --to-file name two databases; give one")
	case f.to != "":
		if _, err := putDatabase(&to, f.to); err != nil {
			return platform.Secret{}, usage("--to: %v", err)
		}
	case f.toFile != "":
		if _, err := stateAddressFile().set(&to, entry{values: []string{f.toFile}}); err != nil {
			return platform.Secret{}, usage("--to-file: %v", err)
		}
	case c.Database.IsSet():
		return c.Database, nil
	default:
		return platform.Secret{}, usage("name the database to move into: --to-file FILE, --to postgres://…, or the key state")
	}
	return to.Database, nil
}

// find looks for what there is to move, and its key.
func (f *migrateFlags) find(c Config, folder string) (migration, error) {
	m := migration{state: filepath.Join(folder, stateFile), key: filepath.Join(folder, stateKey), ledger: cmp.Or(f.ledger, c.Ledger.Path)}
	if !isThere(m.state) {
		m.state = ""
	}
	if m.ledger == "" && isThere(filepath.Join(folder, ledgerFile)) {
		m.ledger = filepath.Join(folder, ledgerFile)
	}
	switch {
	case f.ledger != "" && !isThere(f.ledger):
		return m, fmt.Errorf("there is no ledger at %s", f.ledger)
	case m.ledger != "" && !isThere(m.ledger):
		m.ledger = "" // it was never made
	}
	if m.state == "" && m.ledger == "" {
		return m, fmt.Errorf("there is nothing to move: neither %s nor a ledger is there (--from, --ledger)", filepath.Join(folder, stateFile))
	}
	return m, m.findKey(c)
}

func isThere(path string) bool {
	_, err := os.Stat(path)
	return !errors.Is(err, fs.ErrNotExist)
}

// findKey finds the key that the database will be used with: that of the folder, under
// which the codes in it were made, or where the folder has none, that of the configuration.
func (m *migration) findKey(c Config) error {
	var set []byte
	if c.StateKey.IsSet() {
		var err error
		if set, err = store.ParseSecret(c.StateKey.Reveal()); err != nil {
			return err
		}
	}
	if !isThere(m.key) {
		m.key, m.secret = "", set
		if set == nil {
			return fmt.Errorf("the folder has no key, and none is set: %s", howToMakeAKey)
		}
		return nil
	}
	own, err := store.Secret(m.key)
	if err != nil {
		return err
	}
	if set != nil && !bytes.Equal(own, set) {
		return fmt.Errorf("the key that is set (state-key) is another one than the folder's, under which the codes in it were made: set state-key-file to %s, or to a copy of it", m.key)
	}
	m.secret = own
	return nil
}

// errDryRun ends the transaction of a dry run.
var errDryRun = errors.New("nothing is moved in a dry run")

// run moves everything in one transaction, and says what.
func (m migration) run(ctx context.Context, w io.Writer, db *postgres.DB, dry bool) error {
	var did moved
	var source error // of reading the files
	err := db.InTx(ctx, func(tx pgx.Tx) error {
		if err := postgres.MigrateIn(ctx, tx); err != nil {
			return err
		}
		if err := mustBeEmpty(ctx, tx); err != nil {
			return err
		}
		if err := store.BindIn(ctx, tx, m.secret); err != nil {
			return err
		}
		if source = m.copy(ctx, tx, &did); source != nil {
			return source
		}
		if dry {
			return errDryRun
		}
		return nil
	})
	if err != nil && !errors.Is(err, errDryRun) {
		if source == nil || postgres.Code(err) != "" || postgres.Temporary(err) {
			err = db.Explain("migrate", err)
		}
		return exitError{code: exitFailed, err: fmt.Errorf("nothing was moved: %w", err)}
	}
	return m.tell(w, did, db.Where(), dry)
}

// copy copies what there is.
func (m migration) copy(ctx context.Context, tx pgx.Tx, did *moved) (err error) {
	if m.state != "" {
		if did.state, err = store.Move(ctx, m.state, tx); err != nil {
			return err
		}
		if err := m.copyUnanswered(ctx, tx, did); err != nil {
			return err
		}
	}
	if m.ledger != "" {
		did.ledger, err = ledger.Move(ctx, m.ledger, tx, m.secret)
	}
	return err
}

// copyUnanswered makes rows of what waits for its answer: the first process that starts tells
// those who wrote it.
func (m migration) copyUnanswered(ctx context.Context, tx pgx.Tx, did *moved) error {
	s, err := store.Open(m.state)
	if err != nil {
		return err
	}
	defer s.Close()
	waiting, err := bot.Waiting(ctx, store.Sealed(s.In(unansweredSpace), m.secret))
	if err != nil {
		did.state.Damaged = append(did.state.Damaged, fmt.Sprintf("some messages that wait for their answer (%v)", err))
	}
	did.waiting = len(waiting)
	delete(did.state.Values, unansweredSpace)
	if _, err := tx.Exec(ctx, "DELETE FROM kv WHERE space = $1", unansweredSpace); err != nil {
		return err
	}
	return pgcluster.MoveUnanswered(ctx, tx, m.secret, waiting)
}

// mustBeEmpty refuses a database that holds something, and keeps others from writing to it
// meanwhile.
func mustBeEmpty(ctx context.Context, tx pgx.Tx) error {
	if _, err := tx.Exec(ctx, "LOCK TABLE kv, asked, judged, allowed IN EXCLUSIVE MODE"); err != nil {
		return err
	}
	var values, records int64
	if err := tx.QueryRow(ctx, "SELECT (SELECT count(*) FROM kv), (SELECT count(*) FROM asked) + (SELECT count(*) FROM judged) + (SELECT count(*) FROM allowed)").Scan(&values, &records); err != nil {
		return err
	}
	if values+records > 0 {
		return fmt.Errorf("it holds something already, %d values of a state and %d rows of a ledger, which are not overwritten: if an earlier migrate has moved them, all is done; else name an empty database", values, records)
	}
	return nil
}

// tell says what was moved and what to do now.
func (m migration) tell(w io.Writer, did moved, where string, dry bool) error {
	var b strings.Builder
	verb := "Moved"
	if dry {
		verb = "Would move"
	}
	fmt.Fprintf(&b, "%s into the database %s:\n", verb, where)
	if m.state != "" {
		for _, space := range slices.Sorted(maps.Keys(did.state.Values)) {
			fmt.Fprintf(&b, "  %6d %s\n", did.state.Values[space], "values of "+cmp.Or(space, "the program"))
		}
		if did.waiting > 0 {
			fmt.Fprintf(&b, "  %6d messages that wait for their answer\n", did.waiting)
		}
		for _, key := range did.state.Damaged {
			fmt.Fprintf(&b, "  left behind, since it is damaged and was used no more: %s\n", key)
		}
	}
	if m.ledger != "" {
		fmt.Fprintf(&b, "  %6d questions of the ledger, %d with their words\n  %6d judgements of answers\n  %6d people and places that allow words\n",
			did.ledger.Records, did.ledger.Words, did.ledger.Judgements, did.ledger.Allowing)
	}
	if dry {
		b.WriteString("Nothing was moved.\n")
	} else {
		b.WriteString("\nThe files are as they were. Now set, for every process:\n  state (or FOOTNOTE_STATE_FILE): the address of the database\n")
		if m.key != "" {
			fmt.Fprintf(&b, "  state-key-file (or FOOTNOTE_STATE_KEY_FILE): a copy of %s\n", m.key)
		} else {
			b.WriteString("  state-key-file (or FOOTNOTE_STATE_KEY_FILE): the key that was set now\n")
		}
		if m.ledger != "" {
			b.WriteString("  ledger.path (or FOOTNOTE_LEDGER_PATH): state\n")
		}
		b.WriteString("When that works, delete the files, but not the key: what people have deleted from now on would still be in them.\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}
