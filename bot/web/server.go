package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"log/slog"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"footnote/bot/dialog"
	"footnote/knowledge"
)

// ServerConfig is what a Server is made of. Dialog is needed.
type ServerConfig struct {
	Site   Config         // Languages are all that there are, if none are named
	Dialog *dialog.Dialog // answers, and has the packs that the pages are of

	// FrameAncestors are where the page to ask on may stand in a frame, as the
	// Content-Security-Policy has them: "https://museum.example". Nowhere if empty.
	FrameAncestors []string

	// AddressHeader is the header in which a proxy before the server tells a client's
	// address; empty if there is none. Clients could tell any.
	AddressHeader string

	PerMinute int // questions answered to one address; 0 is no limit
	Log       *slog.Logger
	Now       func() time.Time // time.Now if nil
}

// A Server serves the site of the packs from memory, and answers questions. It logs and
// stores nothing of who visits or what is asked. It is safe for concurrent use.
type Server struct {
	c      ServerConfig
	site   atomic.Pointer[Site]
	making sync.Mutex
	limit  *limiter
	asks   chan struct{} // a slot for each question that is answered at once
}

// askTime bounds the answer to a question.
const askTime = 20 * time.Second

// NewServer returns a Server that answers requests at once, from the packs of this moment.
func NewServer(c ServerConfig) *Server {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	c.Site.live, c.Site.framed = true, len(c.FrameAncestors) > 0
	s := &Server{c: c, limit: newLimiter(c.PerMinute, c.Now)}
	// Chats have a slot of the matcher left, whatever happens here.
	s.asks = make(chan struct{}, max(1, runtime.GOMAXPROCS(0)-1))
	s.current()
	return s
}

// current is the site of the packs that are answered from now.
func (s *Server) current() *Site {
	base := s.c.Dialog.Base()
	if site := s.site.Load(); site != nil && site.base == base {
		return site
	}
	s.making.Lock()
	defer s.making.Unlock()
	if site := s.site.Load(); site != nil && site.base == base {
		return site
	}
	site := New(base, s.c.Site)
	s.site.Store(site)
	return site
}

// How long a browser need not ask again, in seconds: packs change while the program runs.
const (
	pageAge   = "public, max-age=60"
	staticAge = "public, max-age=3600"
	noStore   = "no-store"
)

// ServeHTTP implements http.Handler. Its patterns stand below "/".
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	at := strings.TrimPrefix(r.URL.Path, "/")
	site := s.current()
	l, rest := site.languageOf(at)
	s.headers(w, rest == "embed")
	switch {
	case rest == "ask" || rest == "embed":
		s.ask(w, r, site, l, rest)
	case at == "api/ask":
		s.api(w, r)
	case at == "unapi":
		s.unAPI(w, r, site)
	case rest == "search/" && r.Method == http.MethodPost:
		s.searched(w, r, site, l)
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "only GET and HEAD are answered here", http.StatusMethodNotAllowed)
	default:
		s.page(w, r, site, l, at)
	}
}

// headers are those of every answer. Only the page that may stand in a frame says where.
func (s *Server) headers(w http.ResponseWriter, framed bool) {
	ancestors := "'none'"
	if framed && len(s.c.FrameAncestors) > 0 {
		ancestors = strings.Join(s.c.FrameAncestors, " ")
	}
	h := w.Header()
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors "+ancestors)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "strict-origin-when-cross-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), interest-cohort=()")
	if !framed {
		h.Set("X-Frame-Options", "DENY")
	}
}

// page serves what is at a path, or what may have been meant.
func (s *Server) page(w http.ResponseWriter, r *http.Request, site *Site, l *language, at string) {
	f, ok, err := site.Page(at)
	switch {
	case err != nil:
		s.fault(w, err)
	case ok:
		age := pageAge
		if strings.HasPrefix(f.Type, "text/css") || strings.HasPrefix(f.Type, "text/javascript") || strings.HasPrefix(f.Type, "image/") {
			age = staticAge
		}
		send(w, r, f, http.StatusOK, age)
	case site.hasFolder(at):
		// Relative, since a proxy may have taken the beginning of the path away.
		w.Header().Set("Location", "./"+escapePath(at[strings.LastIndexByte(at, '/')+1:])+"/")
		w.WriteHeader(http.StatusMovedPermanently)
	default:
		s.lost(w, r, site, l, at)
	}
}

// hasFolder reports whether there is a page at the path with a slash after it.
func (s *Site) hasFolder(at string) bool {
	if at == "" || strings.HasSuffix(at, "/") {
		return false
	}
	_, ok, err := s.Page(at + "/")
	return ok && err == nil
}

// lost says that there is nothing, and names the fact if it is one in a version that nobody
// knows.
func (s *Server) lost(w http.ResponseWriter, r *http.Request, site *Site, l *language, at string) {
	var near []*knowledge.Fact
	if i := strings.Index(at, "f/"); i >= 0 {
		id, _, _ := strings.Cut(at[i+2:], "@")
		if f := site.byID[strings.Trim(id, "/")]; f != nil {
			near = append(near, f)
		}
	}
	root := strings.Repeat("../", strings.Count(at, "/"))
	if root == "" {
		root = "./"
	}
	f, err := site.lost(l, root, near...)
	if err != nil {
		s.fault(w, err)
		return
	}
	send(w, r, f, http.StatusNotFound, noStore)
}

func (s *Server) fault(w http.ResponseWriter, err error) {
	s.c.Log.Error("a page could not be made", "error", err)
	http.Error(w, "a defect of the program; its log says more", http.StatusInternalServerError)
}

// searched serves the page of a search. What is looked for is in no address, and so in no log.
func (s *Server) searched(w http.ResponseWriter, r *http.Request, site *Site, l *language) {
	if err := r.ParseForm(); err != nil {
		http.Error(w, "the form cannot be read", http.StatusBadRequest)
		return
	}
	f, err := site.search(l, readable(r.PostForm.Get("q")), s.c.Dialog.Find)
	if err != nil {
		s.fault(w, err)
		return
	}
	send(w, r, f, http.StatusOK, noStore)
}

// leastPacked is from how many bytes on an answer is packed.
const leastPacked = 1 << 10

// send writes a file, packed if the client takes that, or says that the client has it.
func send(w http.ResponseWriter, r *http.Request, f File, status int, age string) {
	h := w.Header()
	h.Set("Content-Type", f.Type)
	h.Set("Cache-Control", age)
	h.Add("Vary", "Accept-Encoding")
	packed := len(f.Body) >= leastPacked && strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") && f.Type != "image/png" && f.Type != "image/jpeg"
	if age != noStore {
		sum := sha256.Sum256(f.Body)
		tag := `"` + hex.EncodeToString(sum[:12])
		if packed {
			tag += "-gz"
		}
		tag += `"`
		h.Set("ETag", tag)
		if has := r.Header.Get("If-None-Match"); has != "" && strings.Contains(has, tag) {
			w.WriteHeader(http.StatusNotModified)
			return
		}
	}
	body := f.Body
	if packed {
		h.Set("Content-Encoding", "gzip")
		body = pack(body)
	}
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // a client that left is no error of ours
	}
}

// packers are kept, since a new one takes a megabyte of memory.
var packers = sync.Pool{New: func() any {
	z, _ := gzip.NewWriterLevel(io.Discard, gzip.BestSpeed) // a level that there is
	return z
}}

func pack(body []byte) []byte {
	var b bytes.Buffer
	z := packers.Get().(*gzip.Writer)
	defer packers.Put(z)
	z.Reset(&b)
	_, _ = z.Write(body) // a Buffer takes everything
	_ = z.Close()
	return b.Bytes()
}
