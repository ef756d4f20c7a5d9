package main

import (
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"time"

	"footnote/bot"
	"footnote/bot/ledger"
	"footnote/knowledge/strictyaml"
)

// openLedger opens the ledger that c names, for newBot. A ledger that cannot be
// opened keeps nobody from getting answers.
func openLedger(c Config, db *database, log *slog.Logger, r *reporter) (use func(*botConfig), done func()) {
	if !c.keepsLedger() {
		return func(*botConfig) {}, func() {}
	}
	l, err := openLedgerIn(c, db, ledger.Options{Words: c.Ledger.Questions == "on", Retention: c.Ledger.Retention, Log: log})
	if err != nil {
		log.Error("nothing is kept of questions, and nobody can have theirs deleted: the key ledger.path names a place that does not work", "error", err)
		r.lacks("nothing is kept of questions, and nobody can have theirs deleted: " + err.Error())
		closed := ledger.Closed{Kept: bot.LedgerTerms{Words: c.Ledger.Questions == "on", Keep: c.Ledger.Retention}}
		return func(b *botConfig) { b.dialog.Ledger = closed }, func() {}
	}
	r.watch(func() string {
		if l.Failing() {
			return "the ledger cannot be written; the log says why"
		}
		return ""
	})
	return func(b *botConfig) { b.dialog.Ledger = l }, func() {
		if err := l.Close(); err != nil {
			log.Warn("the ledger did not close well", "error", err)
		}
	}
}

func openLedgerIn(c Config, db *database, o ledger.Options) (*ledger.Ledger, error) {
	switch {
	case !c.Ledger.InState:
		return ledger.Open(c.Ledger.Path, o)
	case db == nil:
		return nil, errors.New("the database is not open")
	}
	return ledger.OpenShared(db.DB, db.secret, o)
}

// maxSpan bounds spans to what a calendar can add: a hundred years.
const maxSpan = 36500 * day

const day = 24 * time.Hour

// span makes a setting of a length of time in days or weeks, at least least.
func span(key string, least time.Duration, at func(*Config) *time.Duration) setting {
	return scalar(key, func(c *Config, v string, _ entry) (string, error) {
		d, err := parseSpan(v)
		if err == nil && d < least {
			err = fmt.Errorf("%s is less than %d day", strictyaml.Quote(v), least/day)
		}
		if err != nil {
			return "", err
		}
		*at(c) = d
		return "", nil
	})
}

// parseSpan reads "30d" and "12w".
func parseSpan(s string) (time.Duration, error) {
	unit := map[byte]time.Duration{'d': day, 'w': 7 * day}
	if s != "" {
		n, err := strconv.Atoi(s[:len(s)-1])
		if u := unit[s[len(s)-1]]; err == nil && u > 0 && n > 0 && n <= int(maxSpan/u) {
			return time.Duration(n) * u, nil
		}
	}
	return 0, fmt.Errorf("%s is not a time such as 30d (days) or 12w (weeks)", strictyaml.Quote(s))
}
