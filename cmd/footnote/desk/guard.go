package desk

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"slices"
	"strings"
)

// policy lets a page load its own stylesheet, script and pictures and nothing else, and
// lets nobody frame it.
const policy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

// guard lets nobody in who was not given the first address: other programs and pages on
// the same machine can reach the port too. The cookie is not the token, so that the
// address in a history opens nothing once the desk has ended.
func (d *Desk) guard(next http.Handler) http.Handler {
	origin := http.NewCrossOriginProtection()
	origin.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		d.fail(w, nil, refuse(http.StatusForbidden, "This came from another site, so it was not done."))
	}))
	inner := origin.Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		if !slices.Contains(d.c.Hosts, r.Host) {
			d.fail(w, nil, refuse(http.StatusForbidden, "The desk is not called that here. Open the address that it printed."))
			return
		}
		if t := r.URL.Query().Get("t"); t != "" && r.Method == http.MethodGet && r.URL.Path == "/" {
			if !same(t, d.c.Token) {
				d.fail(w, nil, refuse(http.StatusForbidden, "This address belongs to a desk that has ended. Open the one that it printed last."))
				return
			}
			d.letIn(w, r)
			return
		}
		if !d.known(r) {
			d.knock(w, r)
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		inner.ServeHTTP(w, r)
	})
}

// same compares two secrets in a time that tells nothing of them.
func same(a, b string) bool {
	x, y := sha256.Sum256([]byte(a)), sha256.Sum256([]byte(b))
	return hmac.Equal(x[:], y[:])
}

// pass is what the cookie holds.
func (d *Desk) pass() string {
	m := hmac.New(sha256.New, []byte(d.c.Token))
	m.Write([]byte("cookie"))
	return hex.EncodeToString(m.Sum(nil))
}

// cookie is the name of the cookie: cookies do not tell ports apart, names do.
func (d *Desk) cookie() string {
	return "footnote-desk-" + strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r >= 'a' && r <= 'z' {
			return r
		}
		return '-'
	}, strings.ToLower(d.c.Address))
}

// letIn gives the cookie and leads to an address without the token.
func (d *Desk) letIn(w http.ResponseWriter, r *http.Request) {
	http.SetCookie(w, &http.Cookie{Name: d.cookie(), Value: d.pass(), Path: "/", HttpOnly: true, SameSite: http.SameSiteStrictMode})
	if r.Header.Get("Sec-Fetch-Site") == "cross-site" {
		// A strict cookie does not follow where another site leads, so the page leads on itself.
		d.render(w, http.StatusOK, "enter", nil)
		return
	}
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

// known reports whether a request has the cookie.
func (d *Desk) known(r *http.Request) bool {
	c, err := r.Cookie(d.cookie())
	return err == nil && same(c.Value, d.pass())
}

// knock turns somebody away, or asks for the password where there is one.
func (d *Desk) knock(w http.ResponseWriter, r *http.Request) {
	if d.c.Password != "" {
		if _, password, ok := r.BasicAuth(); ok && same(password, d.c.Password) {
			d.letIn(w, r)
			return
		}
		w.Header().Set("WWW-Authenticate", `Basic realm="Footnote desk", charset="UTF-8"`)
		d.fail(w, nil, refuse(http.StatusUnauthorized, "The desk asks for its password."))
		return
	}
	d.fail(w, nil, refuse(http.StatusForbidden, "The desk opens with the address that it printed when it started. Copy that into the browser."))
}
