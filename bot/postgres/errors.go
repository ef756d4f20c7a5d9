package postgres

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"

	"footnote/bot/platform"
)

// Code is the SQLSTATE of err, or "".
func Code(err error) string {
	var e *pgconn.PgError
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

// Lost reports whether err says that the connection is gone, or that the server ends or
// begins: another try gets another connection.
func Lost(err error) bool {
	if err == nil || errors.Is(err, context.Canceled) {
		return false
	}
	var network net.Error
	code := Code(err)
	return pgconn.SafeToRetry(err) || errors.Is(err, pgconn.ErrConnClosed) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.As(err, &network) && !network.Timeout() ||
		strings.HasPrefix(code, "57P") || strings.HasPrefix(code, "08")
}

// Temporary reports whether err is a state of the database or the way to it, that another try
// later may find gone, rather than a fault of the statement or of the configuration.
func Temporary(err error) bool {
	if err == nil {
		return false
	}
	var connecting *pgconn.ConnectError
	if errors.Is(err, context.DeadlineExceeded) || Lost(err) || Code(err) == "" && errors.As(err, &connecting) {
		return true
	}
	switch code := Code(err); code {
	case "40001", "40P01", "55P03", "25006": // serialization, deadlock, lock not available, read only (a standby)
		return true
	default:
		return strings.HasPrefix(code, "53") // too many connections, the disk is full, out of memory
	}
}

// remedies say what to do about a SQLSTATE, or a class of them.
var remedies = []struct{ code, what string }{
	{"28P01", "refuses the password; check the user and the password in the address"},
	{"28", "refuses this user; check the user in the address, and the server's pg_hba.conf"},
	{"3D000", "has no database of this name; make it: CREATE DATABASE … OWNER …"},
	{"42501", "does not let this user do that; the user must own the database's tables: CREATE DATABASE … OWNER …"},
	{"53300", "has no connection left; raise its max_connections, or set pool_max_conns in the address"},
	{"53100", "cannot grow, its disk is full"},
	{"25006", "is read-only: it is a standby, or its disk is full; name the primary"},
	{"57P", "is ending or starting"},
	{"42P01", "lacks a table of this program's; was one removed?"},
}

// Explain makes an error say what happened and what to do, begun with who, whose concern it
// is. It holds no password.
func (db *DB) Explain(who string, err error) error {
	if err == nil {
		return nil
	}
	if e := (*explained)(nil); errors.As(err, &e) {
		return err
	}
	what := ""
	code := Code(err)
	for _, r := range remedies {
		if code != "" && strings.HasPrefix(code, r.code) {
			what = " " + r.what
			break
		}
	}
	var connecting *pgconn.ConnectError
	switch {
	case what != "":
	case errors.As(err, &connecting), Lost(err):
		what = " cannot be reached"
	case errors.Is(err, context.DeadlineExceeded):
		what = " does not answer"
	}
	text := platform.Scrub(inOneLine(err.Error()), db.secrets...)
	return &explained{fmt.Sprintf("%s: the database %s%s: %s", who, db.where, what, text), err}
}

// inOneLine puts the lines of a text into one, each once: where a connection is tried with
// encryption and without, both tell the same.
func inOneLine(text string) string {
	var all []string
	for line := range strings.Lines(text) {
		if line = strings.Join(strings.Fields(line), " "); line != "" && !slices.Contains(all, line) {
			all = append(all, line)
		}
	}
	return strings.Join(all, " ")
}

// An explained error shows its text alone; what it is made of is there to be asked about.
type explained struct {
	text string
	err  error
}

func (e *explained) Error() string { return e.text }

func (e *explained) Unwrap() error { return e.err }
