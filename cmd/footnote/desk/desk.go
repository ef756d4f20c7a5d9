// Package desk is the curator's desk: pages in a browser on which facts, sources and
// questions of packs are written without anybody seeing YAML. The files stay the truth:
// each change replaces the lines concerned (package splice), is refused where a file was
// changed meanwhile, and can be taken back. It commits nothing, and it serves one person
// on their own machine.
package desk

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"footnote/answers"
	"footnote/answers/gaps"
	"footnote/bot/reports"
	"footnote/knowledge"
)

//go:embed pages/*.html
var pageFiles embed.FS

//go:embed static
var staticFiles embed.FS

// A Config says what a desk works on and with.
type Config struct {
	Folders []string // of packs, or of folders of packs; one that is empty is offered a new pack
	Token   string   // what the first address carries; 128 bits that nobody can guess
	Hosts   []string // what the header Host may be
	Address string   // where it listens, for the name of its cookie

	// Password, if not empty, opens the desk as the token does. It is asked where the desk
	// listens on more than the machine itself.
	Password string

	// Matcher makes what answers from base as the bot would, which may take long; Words makes
	// what answers by words alone.
	Matcher, Words func(ctx context.Context, base *knowledge.Base) (*answers.Matcher, error)

	// Correct reports whether an answer is what an examination demands: one of the facts
	// called so, or for none that the question is declined.
	Correct func(got answers.Result, facts []string) bool

	// Asked returns what people asked, where a ledger keeps it; nil where none does.
	Asked func(ctx context.Context) (Asked, error)

	// Reports returns where a bot keeps what people wrote to the curators; nil where they have
	// another place. Its error says why there is nothing yet.
	Reports func(ctx context.Context) (*reports.Box, error)

	// Site returns the pages of a pack as the web shows them, by their address; nil shows none.
	Site func(base *knowledge.Base) func(at string) (data []byte, contentType string, ok bool)

	// Previews shows a fact as platforms will; nil shows none.
	Previews func(base *knowledge.Base, f *knowledge.Fact) []Preview

	Now func() time.Time
	Log *slog.Logger
}

// Asked holds what people asked the bot without a good answer, and what they said of its answers.
type Asked struct {
	Questions []gaps.Question // that got no good answer, with their words
	Feedback  map[string]Feedback
	People    int // how many must have asked something for its words to be shown
}

// Feedback is what people said of a fact's answers.
type Feedback struct{ Helpful, Unhelpful int }

// A Desk is the pages and what they work on.
type Desk struct {
	c     Config
	pages *template.Template
	jobs  sync.WaitGroup // what goes on beside the pages

	waiting atomic.Int64 // reports, when they were last counted

	mu    sync.Mutex
	packs []*pack
}

// New returns a desk for what c says.
func New(c Config) (*Desk, error) {
	if c.Token == "" || len(c.Hosts) == 0 {
		return nil, errors.New("a desk needs a token and the names of its host")
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	d := &Desk{c: c}
	var err error
	if d.pages, err = template.New("").Funcs(pageFuncs).ParseFS(pageFiles, "pages/*.html"); err != nil {
		return nil, err
	}
	for _, folder := range c.Folders {
		found := knowledge.PackFolders(folder)
		if len(found) == 0 {
			found = []string{folder} // a pack may be made here
		}
		for _, dir := range found {
			d.packs = append(d.packs, &pack{n: len(d.packs) + 1, dir: filepath.Clean(dir)})
		}
	}
	for _, p := range d.packs {
		if err := p.start(); err != nil {
			return nil, err
		}
	}
	return d, nil
}

// Limits of one request.
const (
	maxBody    = 9 << 20 // a file of sources that is pasted, as large as one may be
	readTime   = 30 * time.Second
	writeTime  = 2 * time.Minute
	headerTime = 10 * time.Second
	idleTime   = 5 * time.Minute
	endTime    = 5 * time.Second
)

// Run serves the desk on l until ctx ends.
func (d *Desk) Run(ctx context.Context, l net.Listener) error {
	s := &http.Server{
		Handler: d.Handler(), ReadTimeout: readTime, WriteTimeout: writeTime, ReadHeaderTimeout: headerTime, IdleTimeout: idleTime,
		MaxHeaderBytes: 32 << 10, ErrorLog: slog.NewLogLogger(d.c.Log.Handler(), slog.LevelDebug),
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	if d.c.Reports != nil {
		d.jobs.Go(func() { d.countReports(ctx) })
	}
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(l) }()
	var err error
	select {
	case err = <-ended:
	case <-ctx.Done():
		end, cancel := context.WithTimeout(context.Background(), endTime)
		defer cancel()
		if s.Shutdown(end) != nil {
			s.Close()
		}
		<-ended
	}
	cancel()
	for _, p := range d.packs {
		p.stopJobs()
	}
	d.jobs.Wait()
	if errors.Is(err, http.ErrServerClosed) {
		err = nil
	}
	return err
}

// Handler returns the pages behind the guard.
func (d *Desk) Handler() http.Handler {
	mux := http.NewServeMux()
	static, err := fs.Sub(staticFiles, "static")
	if err != nil {
		panic(err) // the folder is in the program
	}
	mux.Handle("GET /static/", http.StripPrefix("/static/", http.FileServerFS(static)))
	mux.HandleFunc("GET /{$}", d.index)
	for pattern, page := range map[string]func(*visit) error{
		"GET /p/{pack}/{$}":             (*visit).home,
		"POST /p/{pack}/make":           (*visit).makePack,
		"GET /p/{pack}/facts":           (*visit).facts,
		"GET /p/{pack}/fact/{id}":       (*visit).fact,
		"POST /p/{pack}/fact/{id}":      (*visit).saveFact,
		"POST /p/{pack}/live/{id}":      (*visit).live,
		"POST /p/{pack}/ask":            (*visit).ask,
		"GET /p/{pack}/new":             (*visit).newFact,
		"POST /p/{pack}/duplicate/{id}": (*visit).duplicate,
		"GET /p/{pack}/retract/{id}":    (*visit).retract,
		"POST /p/{pack}/retract/{id}":   (*visit).saveRetracted,
		"POST /p/{pack}/remove/{id}":    (*visit).removeFact,
		"GET /p/{pack}/rename/{id}":     (*visit).rename,
		"GET /p/{pack}/web/{at...}":     (*visit).site,
		"GET /p/{pack}/file/{name...}":  (*visit).file,
		"POST /p/{pack}/file/{name...}": (*visit).saveFile,
		"GET /p/{pack}/diff":            (*visit).diff,
		"POST /p/{pack}/undo":           (*visit).undo,
		"POST /p/{pack}/redo":           (*visit).redo,
		"GET /p/{pack}/sources":         (*visit).sources,
		"GET /p/{pack}/source/{id}":     (*visit).source,
		"POST /p/{pack}/source/{id}":    (*visit).saveSource,
		"POST /p/{pack}/livesource":     (*visit).liveSource,
		"POST /p/{pack}/sources/import": (*visit).importSources,
		"POST /p/{pack}/sources/remove": (*visit).removeSource,
		"GET /p/{pack}/questions":       (*visit).questions,
		"POST /p/{pack}/questions":      (*visit).pasteQuestions,
		"POST /p/{pack}/questions/do":   (*visit).triage,
		"GET /p/{pack}/reports":         (*visit).reports,
		"POST /p/{pack}/reports/{code}": (*visit).answerReport,
		"GET /p/{pack}/exam":            (*visit).exam,
		"POST /p/{pack}/exam":           (*visit).startExam,
		"POST /p/{pack}/exam/stop":      (*visit).stopExam,
		"POST /p/{pack}/exam/add":       (*visit).addExam,
		"GET /p/{pack}/about":           (*visit).about,
		"POST /p/{pack}/about":          (*visit).saveAbout,
	} {
		mux.HandleFunc(pattern, d.visit(page))
	}
	return d.guard(mux)
}

// A visit is one request to one pack.
type visit struct {
	*Desk
	p *pack
	w http.ResponseWriter
	r *http.Request
}

// A shown error is told to the person as it is, with a status of HTTP.
type shown struct {
	status int
	text   string
}

func (e shown) Error() string { return e.text }

func refuse(status int, format string, args ...any) error {
	return shown{status, fmt.Sprintf(format, args...)}
}

// visit makes a page of a pack a handler. An error becomes a page that tells it.
func (d *Desk) visit(page func(*visit) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		v := &visit{Desk: d, w: w, r: r}
		if v.p = d.pack(r.PathValue("pack")); v.p == nil {
			d.fail(w, nil, refuse(http.StatusNotFound, "There is no such page."))
			return
		}
		if r.Method == http.MethodPost {
			if err := r.ParseForm(); err != nil {
				var large *http.MaxBytesError
				if errors.As(err, &large) {
					d.fail(w, v, refuse(http.StatusRequestEntityTooLarge, "What was sent is too large. A file may have 8 MB; split it."))
					return
				}
				d.fail(w, v, refuse(http.StatusBadRequest, "The form could not be read. Go back and try again."))
				return
			}
		}
		if err := page(v); err != nil {
			d.fail(w, v, err)
		}
	}
}

// pack returns the pack with that number.
func (d *Desk) pack(n string) *pack {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, p := range d.packs {
		if fmt.Sprint(p.n) == n {
			return p
		}
	}
	return nil
}

// index leads to the only pack, or lists them.
func (d *Desk) index(w http.ResponseWriter, r *http.Request) {
	if len(d.packs) == 1 {
		http.Redirect(w, r, "/p/1/", http.StatusSeeOther)
		return
	}
	type line struct{ URL, Name, Dir string }
	var lines []line
	for _, p := range d.packs {
		lines = append(lines, line{p.url(""), p.title(), p.dir})
	}
	d.render(w, http.StatusOK, "index", view{Title: "Packs", Body: lines})
}

// fail shows an error as a page.
func (d *Desk) fail(w http.ResponseWriter, v *visit, err error) {
	var s shown
	if !errors.As(err, &s) {
		s = shown{http.StatusInternalServerError, err.Error()}
		d.c.Log.Debug("a page of the desk failed", "error", err)
	}
	out := view{Title: "This did not work", Body: s.text}
	if v != nil {
		out.visit(v)
	}
	d.render(w, s.status, "error", out)
}

// A view is what a page shows.
type view struct {
	Title string
	Pack  *packView // nil outside a pack
	Flash string    // what was just done
	Body  any
}

// A packView is what the frame of each page shows of its pack.
type packView struct {
	Base, Name, Dir string
	Here            string // the part of the desk: facts, sources, …
	Errors          int
	Warnings        int
	Changed         int // steps that could be taken back
	Undone          int
	Several         bool
	Reports         bool  // they come to this desk
	Waiting         int64 // of them
	There           bool  // the pack exists
	Empty           bool  // it has no facts, so that it cannot be used yet
}

func (v *view) visit(at *visit) {
	p := &packView{Base: at.p.url(""), Dir: at.p.dir, Several: len(at.packs) > 1, Reports: at.c.Reports != nil, Waiting: at.waiting.Load()}
	at.p.mu.Lock()
	p.Changed, p.Undone = len(at.p.steps), len(at.p.undone)
	at.p.mu.Unlock()
	if s, err := at.state(); err == nil {
		p.Name, p.There, p.Empty = s.title(), s.there(), s.empty()
		for _, x := range s.problems {
			if x.Severity == knowledge.Error {
				p.Errors++
			} else {
				p.Warnings++
			}
		}
	}
	p.Here, _, _ = strings.Cut(strings.TrimPrefix(at.r.URL.Path, p.Base), "/")
	v.Pack = p
}

// show renders a page of a pack.
func (v *visit) show(status int, page, title string, body any) error {
	out := view{Title: title, Body: body, Flash: v.flash()}
	out.visit(v)
	v.render(v.w, status, page, out)
	return nil
}

// fragment renders a part of a page.
func (v *visit) fragment(name string, body any) error {
	v.render(v.w, http.StatusOK, name, body)
	return nil
}

// render writes a template. It is rendered whole before anything is written.
func (d *Desk) render(w http.ResponseWriter, status int, name string, body any) {
	var b strings.Builder
	if err := d.pages.ExecuteTemplate(&b, name, body); err != nil {
		d.c.Log.Error("a page of the desk cannot be shown", "page", name, "error", err)
		http.Error(w, "This page cannot be shown.", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(b.String()))
}

// flashes are what may be said at the head of a page after something was done. The
// address carries the key alone, so that no address can put words into a page.
var flashes = map[string]string{
	"saved":     "Saved.",
	"same":      "Nothing was different, so nothing was written.",
	"added":     "Added.",
	"removed":   "Taken out. Undo brings it back.",
	"retracted": "Retracted. The fact stays, and its answer is the correction.",
	"undone":    "Taken back.",
	"redone":    "Done again.",
	"made":      "The pack is made. Its sources come first: paste them, or write facts and cite later.",
	"dismissed": "Dismissed for this session.",
	"stopped":   "Stopped.",
	"answered":  "The answer is on its way, as soon as a bot runs with this state.",
	"aside":     "Set aside. Nothing of it is kept.",
}

func (v *visit) flash() string { return flashes[v.r.URL.Query().Get("did")] }

// done leads to a page after something was done.
func (v *visit) done(did, format string, args ...any) error {
	to := v.p.url(fmt.Sprintf(format, args...))
	if did != "" {
		path, fragment, _ := strings.Cut(to, "#")
		sep := "?"
		if strings.Contains(path, "?") {
			sep = "&"
		}
		to = path + sep + "did=" + did
		if fragment != "" {
			to += "#" + fragment
		}
	}
	http.Redirect(v.w, v.r, to, http.StatusSeeOther)
	return nil
}

// folderThere reports whether a folder exists.
func folderThere(dir string) bool {
	info, err := os.Stat(dir)
	return err == nil && info.IsDir()
}
