package postgres

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"footnote/bot/platform"
)

// IsAddress reports whether s is meant as the address of a database rather than as a path.
func IsAddress(s string) bool {
	return strings.HasPrefix(s, "postgres://") || strings.HasPrefix(s, "postgresql://")
}

// Where names the database at address for people: host, port and name, and no password. The
// error is about the address, and holds nothing of its password.
func Where(address platform.Secret) (string, error) {
	c, _, err := parse(address.Reveal())
	if err != nil {
		return "", err
	}
	return whereOf(c.ConnConfig), nil
}

// Exposed reports whether what is sent to the database at address, the password too, may be
// read or answered by somebody on the way: it is on another machine, and the address does not
// ask for a certificate that is checked.
func Exposed(address platform.Secret) bool {
	c, _, err := parse(address.Reveal())
	if err != nil {
		return false
	}
	exposed := func(host string, tls *tls.Config) bool {
		addr, err := netip.ParseAddr(host)
		local := host == "localhost" || strings.HasPrefix(host, "/") || err == nil && addr.IsLoopback()
		return !local && (tls == nil || tls.InsecureSkipVerify && tls.VerifyPeerCertificate == nil)
	}
	if exposed(c.ConnConfig.Host, c.ConnConfig.TLSConfig) {
		return true
	}
	return slices.ContainsFunc(c.ConnConfig.Fallbacks, func(f *pgconn.FallbackConfig) bool { return exposed(f.Host, f.TLSConfig) })
}

// errAddress shows nothing of what it is about: where such an address is wrong, anything in
// it may be a part of the password.
var errAddress = errors.New("the address of the database cannot be read; it looks like postgres://user:password@host:5432/database?sslmode=verify-full, and in the password each of @ / : ? # [ ] % and space is written as % and its two hexadecimal digits (@ is %40)")

// parse reads an address. What may be seen nowhere is in secrets.
func parse(address string) (c *pgxpool.Config, secrets []string, err error) {
	u, err := url.Parse(address)
	if err != nil || !IsAddress(address) || strings.Count(authorityOf(address), "@") > 1 {
		return nil, nil, errAddress
	}
	secrets = []string{address}
	if password, ok := u.User.Password(); ok {
		secrets = append(secrets, password)
		if raw, ok := strings.CutPrefix(u.User.String(), u.User.Username()+":"); ok {
			secrets = append(secrets, raw)
		}
	}
	for _, key := range []string{"password", "sslpassword"} {
		secrets = append(secrets, u.Query()[key]...)
	}
	c, err = pgxpool.ParseConfig(address)
	if err != nil {
		why := err
		for errors.Unwrap(why) != nil {
			why = errors.Unwrap(why) // the last alone says what is wrong, without the address
		}
		return nil, nil, fmt.Errorf("the address of the database cannot be used: %s", platform.Scrub(why.Error(), secrets...))
	}
	secrets = append(secrets, c.ConnConfig.Password) // of PGPASSWORD or a password file
	q := u.Query()
	if !q.Has("pool_max_conns") {
		c.MaxConns = usualConnections
	}
	if c.ConnConfig.ConnectTimeout == 0 {
		c.ConnConfig.ConnectTimeout = connectTimeout
	}
	if c.ConnConfig.RuntimeParams["application_name"] == "" {
		c.ConnConfig.RuntimeParams["application_name"] = "footnote"
	}
	if !q.Has("default_query_exec_mode") {
		c.ConnConfig.DefaultQueryExecMode = pgx.QueryExecModeExec // nothing stays in a session
	}
	return c, secrets, nil
}

// authorityOf is what stands between the slashes of an address: user, password, hosts.
func authorityOf(address string) string {
	_, rest, _ := strings.Cut(address, "//")
	if end := strings.IndexAny(rest, "/?#"); end >= 0 {
		return rest[:end]
	}
	return rest
}

func whereOf(c *pgx.ConnConfig) string {
	return fmt.Sprintf("%s/%s", net.JoinHostPort(c.Host, strconv.Itoa(int(c.Port))), c.Database)
}
