package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"footnote/bot/platform"
	"footnote/bot/postgres"
	"footnote/bot/store"
	"footnote/knowledge/strictyaml"
)

// statePlace is the setting of where what outlives a restart is kept: a folder, or the address
// of a database, whose password makes it a secret.
func statePlace() setting {
	return scalar("state", func(c *Config, v string, e entry) (string, error) {
		switch {
		case v == "":
			return "", errors.New("is empty; give a folder, or the address of a database (postgres://…)")
		case strings.Contains(v, "://"):
			return putDatabase(c, v)
		}
		c.State, c.Database = e.in(v), platform.Secret{}
		return "", nil
	})
}

func stateAddressFile() setting {
	return fileOf("state", "the address of a database (postgres://…)", putDatabase)
}

// putDatabase takes the address of a database, and warns of one whose password others may
// read on the way. The error shows nothing of it.
func putDatabase(c *Config, address string) (warning string, err error) {
	secret := platform.NewSecret(address)
	if _, err := postgres.Where(secret); err != nil {
		return "", err
	}
	c.Database = secret
	if postgres.Exposed(secret) {
		warning = "the password, and what is kept, go over the network for others to read or to answer; add sslmode=verify-full to the address, unless the database stands in a network of your own"
	}
	return warning, nil
}

func stateKeyText() setting {
	return optional(scalar("state-key", func(c *Config, v string, _ entry) (string, error) { return putStateKey(c, v) }))
}

func stateKeyFile() setting { return fileOf("state-key", "the key", putStateKey) }

func putStateKey(c *Config, text string) (string, error) {
	_, err := store.ParseSecret(text)
	if err == nil {
		c.StateKey = platform.NewSecret(text)
	}
	return "", err
}

// inState is the value of ledger.path that keeps the ledger where the state is.
const inState = "state"

// ledgerFile is the ledger in the folder of the key state.
const ledgerFile = "ledger.db"

func ledgerPath() setting {
	return optional(scalar("ledger.path", func(c *Config, v string, e entry) (string, error) {
		if v == inState {
			c.Ledger.Path, c.Ledger.InState = "", true
		} else {
			c.Ledger.Path, c.Ledger.InState = e.in(v), false
		}
		return "", nil
	}))
}

// settle makes of what is set in several keys what holds.
func (c *Config) settle(rep *strictyaml.Report) {
	problem := func(severity strictyaml.Severity, key, message string) {
		rep.Add(strictyaml.Problem{Severity: severity, File: cmp.Or(c.File, variable(key)), Path: key, Message: message})
	}
	if c.Ledger.Questions == "on" && !c.keepsLedger() {
		problem(strictyaml.Warning, "ledger.questions", "is on, and there is no ledger to keep words in: set ledger.path, to a file or to the word state")
	}
	if !c.Database.IsSet() {
		if c.Ledger.InState {
			c.Ledger.Path, c.Ledger.InState = filepath.Join(c.State, ledgerFile), false
		}
		if c.Local != "" {
			problem(strictyaml.Warning, "state-local", "is for a state in a database, and this one is in a folder; it is not used")
		}
		return
	}
	c.State = cmp.Or(c.Local, defaults().State)
	if c.Ledger.Path != "" {
		problem(strictyaml.Error, "ledger.path", "names a file, and the state is in a database, which several processes may use: each would keep records that the others could not delete; write state, which keeps them in the database")
	}
}

// keepsLedger reports whether c keeps what became of questions anywhere.
func (c *Config) keepsLedger() bool { return c.Ledger.Path != "" || c.Ledger.InState }

// secrets are what is seen nowhere.
func (c *Config) secrets() []platform.Secret {
	all := []platform.Secret{c.Discord.Token, c.Telegram.Token, c.Database, c.StateKey}
	if u, err := url.Parse(c.Database.Reveal()); err == nil {
		if password, ok := u.User.Password(); ok {
			all = append(all, platform.NewSecret(password), platform.NewSecret(url.QueryEscape(password)), platform.NewSecret(url.PathEscape(password)))
		}
	}
	return all
}

// where names what is kept where, for the log; no password is in it.
func (c *Config) where() string {
	if c.Database.IsSet() {
		if where, err := postgres.Where(c.Database); err == nil {
			return where
		}
	}
	return c.State
}

// howToMakeAKey says what an operator does once.
const howToMakeAKey = `make one with "openssl rand -hex 32 > state.key", give every process the same (key state-key-file, or FOOTNOTE_STATE_KEY_FILE), keep a copy, and keep it out of the database`

// guardState refuses a database without the key for it, and one that is named in a file
// which nobody named, for a token that does not stand there: who holds the database could
// have the bot send its token elsewhere.
func guardState(c Config, found []entry, rep *strictyaml.Report) {
	if !c.Database.IsSet() {
		return
	}
	if !c.StateKey.IsSet() {
		rep.Add(strictyaml.Problem{Severity: strictyaml.Error, File: cmp.Or(c.File, variable("state-key-file")), Path: "state-key-file",
			Message: "is not set, and a state in a database needs a key, with which it is told whose what is: " + howToMakeAKey})
	}
	has := func(key, text string) *entry {
		i := slices.IndexFunc(found, func(e entry) bool {
			return e.key == key && len(e.values) == 1 && (text == "" || strings.TrimSpace(e.values[0]) == text)
		})
		if i < 0 {
			return nil
		}
		return &found[i]
	}
	at := cmp.Or(has("state", c.Database.Reveal()), has("state-file", ""))
	if at == nil {
		return
	}
	for key, token := range map[string]platform.Secret{"discord.token": c.Discord.Token, "telegram.token": c.Telegram.Token} {
		if token.IsSet() && has(key, token.Reveal()) == nil {
			at.report(rep, strictyaml.Error, fmt.Sprintf("%s does not stand in this file, and a file that merely lies in the working folder does not decide which database a bot with that token trusts; if the file is yours, name it (--config %s), or set %s",
				key, configFile, variable("state")))
			return
		}
	}
}

// A database is where processes keep together what outlives a restart.
type database struct {
	*postgres.DB
	secret []byte
}

// While the database cannot be reached at the start it is tried again.
const (
	firstTryAgain   = 500 * time.Millisecond
	longestTryAgain = 10 * time.Second
	toldEvery       = time.Minute
)

// openDatabase opens the database that c names, and brings its tables up to date; nil if c
// names a folder. While it cannot be reached it waits and says so; what waiting does not
// mend is an error. It returns ctx's error when that ends.
func openDatabase(ctx context.Context, c Config, r *reporter, log *slog.Logger) (*database, error) {
	if !c.Database.IsSet() {
		return nil, nil
	}
	secret, err := store.ParseSecret(c.StateKey.Reveal())
	if err != nil {
		return nil, exitError{code: exitUsage, err: fmt.Errorf("state-key: %w", err)}
	}
	db, err := postgres.Open(c.Database)
	if err != nil {
		return nil, exitError{code: exitUsage, err: fmt.Errorf("state: %w", err)}
	}
	defer r.doingNow("waiting for the database")()
	again := platform.Backoff{First: firstTryAgain, Longest: longestTryAgain}
	var told time.Time
	for {
		err := prepare(ctx, db, secret)
		switch {
		case err == nil:
			if again.Failures() > 0 {
				log.Info("the database can be reached")
			}
			return &database{db, secret}, nil
		case ctx.Err() != nil:
			db.Close()
			return nil, ctx.Err()
		case !postgres.Temporary(err):
			db.Close()
			return nil, exitError{code: exitUsage, err: err}
		}
		if time.Since(told) >= toldEvery {
			told = time.Now()
			log.Warn("the database cannot be reached, and nobody is answered before it can; it is tried again and again", "error", err)
		}
		if err := platform.Sleep(ctx, again.Next()); err != nil {
			db.Close()
			return nil, err
		}
	}
}

func prepare(ctx context.Context, db *postgres.DB, secret []byte) error {
	if err := db.Migrate(ctx); err != nil {
		return err
	}
	return store.Bind(ctx, db, secret)
}

// pingWait bounds how long whoever asks for the health waits for the database.
const pingWait = time.Second

// watchDatabase has the health tell while the database cannot be reached.
func watchDatabase(db *database, r *reporter) {
	r.watch(func() string {
		ctx, cancel := context.WithTimeout(context.Background(), pingWait)
		defer cancel()
		if err := db.Try(ctx, db.Pool().Ping); err != nil {
			return db.Explain("state", err).Error()
		}
		return ""
	})
}
