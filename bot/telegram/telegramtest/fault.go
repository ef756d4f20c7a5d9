package telegramtest

import (
	"net/http"
	"time"
)

// A Refusal is Telegram's answer with ok false.
type Refusal struct {
	Code       int
	Text       string
	RetryAfter time.Duration // whole seconds
	MigrateTo  int64
}

// A Fault is what happens to one call instead of an answer. Exactly one field is set.
type Fault struct {
	Refusal *Refusal
	Page    *Page // something before Telegram answers, and not with JSON
	Hang    bool  // no answer until the caller gives up or the server closes
	Reset   bool  // the connection is cut; Telegram has not seen the call
	Lost    bool  // Telegram has done it, but the connection is cut before the answer
}

// A Page is an answer of a proxy.
type Page struct {
	Status int
	Body   string
}

// Faults that tests use often. The texts are those of Telegram's server.

// TooMany is 429; after is in whole seconds, 0 to leave it out.
func TooMany(after time.Duration) Fault {
	return Fault{Refusal: &Refusal{Code: 429, Text: "Too Many Requests: retry later", RetryAfter: after}}
}

// Blocked is 403 of a person who has blocked the bot.
func Blocked() Fault {
	return Fault{Refusal: &Refusal{Code: 403, Text: "Forbidden: bot was blocked by the user"}}
}

// BadRequest is 400 with that text after the colon.
func BadRequest(text string) Fault {
	return Fault{Refusal: &Refusal{Code: 400, Text: "Bad Request: " + text}}
}

// OtherPoller is the 409 of a second instance.
func OtherPoller() Fault {
	return Fault{Refusal: &Refusal{Code: 409, Text: conflictText}}
}

// Unauthorized is 401.
func Unauthorized() Fault { return Fault{Refusal: &Refusal{Code: 401, Text: "Unauthorized"}} }

// BadGateway is a proxy's HTML page with 502.
func BadGateway() Fault {
	return Fault{Page: &Page{Status: 502, Body: "<html><body><h1>502 Bad Gateway</h1></body></html>"}}
}

const conflictText = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"

// Fail queues faults for the next calls of method.
func (s *Server) Fail(method string, faults ...Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults[method] = append(s.faults[method], faults...)
	if method == "getUpdates" && len(faults) > 0 {
		s.updates.endPoll(nil) // a poll that waits would keep the fault from happening
	}
	s.touch()
}

// Pending is how many faults for method have not happened yet.
func (s *Server) Pending(method string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.faults[method])
}

// takeFault removes the next fault of method. s.mu is held.
func (s *Server) takeFault(method string) (Fault, bool) {
	q := s.faults[method]
	if len(q) == 0 {
		return Fault{}, false
	}
	s.faults[method] = q[1:]
	return q[0], true
}

// play makes the fault happen; false if a refusal is to be written.
func (f Fault) play(w http.ResponseWriter, r *http.Request, done <-chan struct{}, c *Call) bool {
	switch {
	case f.Page != nil:
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(f.Page.Status)
		_, _ = w.Write([]byte(f.Page.Body))
		c.Status = f.Page.Status
		return true
	case f.Hang:
		select {
		case <-r.Context().Done():
		case <-done:
		}
		return true
	case f.Reset:
		panic(http.ErrAbortHandler)
	}
	return false
}
