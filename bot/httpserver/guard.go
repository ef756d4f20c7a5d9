package httpserver

import (
	"errors"
	"net/http"
	"reflect"
	"runtime"
	"runtime/debug"
	"time"
)

// guard is next with what holds for every request: the bound on its body, no guessing of
// what an answer is, and that a panic ends nothing. The log never holds what was asked.
func (s *Server) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		begun := time.Now()
		a := &answer{ResponseWriter: w}
		if r.ContentLength > MaxBody {
			http.Error(a, "the request is too large", http.StatusRequestEntityTooLarge)
			s.observe(r, a, begun)
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, MaxBody)
		w.Header().Set("X-Content-Type-Options", "nosniff")
		defer s.observe(r, a, begun)
		defer s.recover(a, r)
		next.ServeHTTP(a, r)
	})
}

// recover answers a request whose handler panicked.
func (s *Server) recover(a *answer, r *http.Request) {
	p := recover()
	if p == nil {
		return
	}
	if err, ok := p.(error); ok && errors.Is(err, http.ErrAbortHandler) {
		panic(http.ErrAbortHandler) // the way to cut a connection
	}
	s.c.Log.Error("answering over HTTP panicked", "route", r.Pattern, "panic", panicText(p), "stack", string(debug.Stack()))
	if a.status == 0 {
		http.Error(a, "a defect of the program; its log says more", http.StatusInternalServerError)
	}
}

func (s *Server) observe(r *http.Request, a *answer, begun time.Time) {
	if s.c.Observe != nil {
		s.c.Observe(r.Pattern, max(a.status, http.StatusOK), time.Since(begun))
	}
}

// An answer remembers its status; 0 before it has one.
type answer struct {
	http.ResponseWriter
	status int
}

func (a *answer) WriteHeader(status int) {
	if a.status == 0 && status >= http.StatusOK {
		a.status = status
	}
	a.ResponseWriter.WriteHeader(status)
}

func (a *answer) Write(p []byte) (int, error) {
	if a.status == 0 {
		a.status = http.StatusOK
	}
	return a.ResponseWriter.Write(p)
}

// Unwrap lets http.ResponseController reach what is below.
func (a *answer) Unwrap() http.ResponseWriter { return a.ResponseWriter }

// panicText says what kind of panic it was. The value of a panic that the runtime did not
// make may hold anything, what a person wrote included.
func panicText(p any) string {
	if err, ok := p.(runtime.Error); ok {
		return err.Error()
	}
	return "a " + reflect.TypeOf(p).String()
}
