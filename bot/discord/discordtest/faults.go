package discordtest

import (
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"
)

// A fault plays requests whose method and path begin with prefix.
type fault struct {
	prefix string
	times  int
	play   http.HandlerFunc
	carry  bool // carry the request out first
}

// Fail makes the next requests whose method and path begin with prefix (e.g.
// "POST /channels/") meet with play. Faults are used up in the order in which they
// were given.
func (s *Server) Fail(prefix string, times int, play http.HandlerFunc) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, &fault{prefix, times, play, false})
}

// Refuse answers with one of Discord's errors.
func Refuse(status, code int, message string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { refuse(w, status, code, message) }
}

// RateLimit answers 429 for the route, or for the whole bot.
func RateLimit(after time.Duration, global bool) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", strconv.Itoa(int((after+time.Second-1)/time.Second)))
		if global {
			// The global limit comes without any other header.
			w.Header().Set("X-RateLimit-Global", "true")
		} else {
			w.Header().Set("X-RateLimit-Limit", "5")
			w.Header().Set("X-RateLimit-Remaining", "0")
			w.Header().Set("X-RateLimit-Reset-After", fmt.Sprintf("%.3f", after.Seconds()))
			w.Header().Set("X-RateLimit-Bucket", "b")
		}
		reply(w, http.StatusTooManyRequests, map[string]any{"message": "You are being rate limited.", "retry_after": after.Seconds(), "global": global})
	}
}

// HTML answers with a page, as the proxy before Discord does.
func HTML(status int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, "<!doctype html><title>error</title><h1>error code: 1015</h1>")
	}
}

// Echo answers with an error that repeats the request's Authorization and path, as
// careless proxies do.
func Echo(status int) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		refuse(w, status, 0, "no: "+r.Header.Get("Authorization")+" "+r.URL.Path)
	}
}

// Hang answers nothing until the bot gives up or the Server is closed.
func (s *Server) Hang() http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-r.Context().Done():
		case <-s.closed:
		}
		panic(http.ErrAbortHandler)
	}
}

// Cut ends the connection without an answer.
func Cut() http.HandlerFunc {
	return func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }
}

// FailAfter is Fail for requests that are carried out all the same: the answer is
// lost on the way, and the bot cannot know.
func (s *Server) FailAfter(prefix string, times int, play http.HandlerFunc) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, &fault{prefix, times, play, true})
}
