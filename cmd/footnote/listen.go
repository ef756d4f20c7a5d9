package main

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"time"

	"footnote/bot"
	"footnote/bot/dialog"
	"footnote/bot/httpserver"
	"footnote/bot/lang"
	"footnote/bot/metrics"
	"footnote/bot/web"
	"footnote/knowledge"
)

// A listener is the HTTP server of a serve, with the figures that it shows, if the
// configuration asks for one; nil is none.
type listener struct {
	*httpserver.Server
	figures *metrics.Metrics
}

// listen listens where c says.
func listen(c Config, r *reporter, log *slog.Logger) (*listener, error) {
	if c.Listen == "" {
		return nil, nil
	}
	m := metrics.New(builtFrom().Version)
	s, err := httpserver.Listen(httpserver.Config{Address: c.Listen, Log: log, Ready: r.notReady, Profile: c.Serve.Profile, Observe: m.Request})
	if err != nil {
		return nil, exitError{code: exitUsage, err: err}
	}
	s.Mount("GET /metrics", m.Handler())
	m.Watch(nil, r.figures, nil, nil)
	return &listener{s, m}, nil
}

// observe has the bot and its dialog tell the figures what they do.
func (l *listener) observe(b *botConfig) {
	if l != nil {
		b.delivery.Observer, b.dialog.Observe = l.figures, l.figures.Decided
	}
}

// calls is what is to be told of each call of a platform; nil for nothing.
func (l *listener) calls(p bot.Platform) func(route string, status int, took time.Duration) {
	if l == nil {
		return nil
	}
	return l.figures.Calls(p)
}

// watch has what runs looked at when somebody asks for figures.
func (l *listener) watch(b *bot.Bot, packs *reloader, others *replica) {
	if l == nil {
		return
	}
	packs.outcome = l.figures.Reloaded
	l.figures.Watch(b, nil, packs.figures, nil)
	if others.process != nil {
		l.figures.Watch(nil, nil, nil, func() metrics.Share {
			s := others.figures()
			s.PacksWait, s.PacksReady = packs.together.figures()
			return s
		})
	}
}

// membersWait bounds asking who else is there, for figures.
const membersWait = 2 * time.Second

// figures tells what this process has of what several share.
func (r *replica) figures() metrics.Share {
	stats := r.process.Stats()
	s := metrics.Share{Held: stats.Held, Renewed: stats.Renewed, Lost: stats.Lost, ClaimsLost: stats.ClaimsLost, PacksAlike: true}
	ctx, cancel := context.WithTimeout(context.Background(), membersWait)
	defer cancel()
	members, err := r.Members(ctx)
	if err != nil {
		return s // the age of the leases tells
	}
	s.Members = len(members)
	for _, m := range members[:max(len(members)-1, 0)] {
		s.PacksAlike = s.PacksAlike && maps.Equal(m.About, members[len(members)-1].About)
	}
	return s
}

// figures tells how the platforms are.
func (r *reporter) figures() (connected map[string]bool, degraded int) {
	h := r.health()
	connected = map[string]bool{}
	for name, s := range h.Platforms {
		connected[name] = s.Connected
	}
	return connected, len(h.Degraded)
}

// figures tells what is answered from.
func (r *reloader) figures() (all []metrics.Pack, refused bool) {
	if m := r.now.Load(); m != nil {
		all = figuresOf(m.Base())
	}
	return all, r.trouble() != ""
}

func figuresOf(b *knowledge.Base) (all []metrics.Pack) {
	for _, p := range b.Packs {
		all = append(all, metrics.Pack{ID: p.ID, Version: p.Version, Hash: p.Hash, Facts: len(p.Facts)})
	}
	return all
}

// mount mounts what the adapters answer over HTTP.
func (l *listener) mount(adapters []bot.Adapter) {
	if l == nil {
		return
	}
	for _, a := range adapters {
		if p, ok := a.(bot.PartReporter); ok {
			l.figures.WatchParts(a.Name(), p)
		}
		if h, ok := a.(bot.HTTPHandler); ok {
			for pattern, handler := range h.HTTP() {
				l.Mount(pattern, handler)
			}
		}
	}
}

// mountSite mounts the site of the packs, if the configuration asks for it.
func (l *listener) mountSite(c Config, d *dialog.Dialog, log *slog.Logger) {
	if l == nil || !c.Web.Enabled {
		return
	}
	l.Mount("/", web.NewServer(web.ServerConfig{
		Site:           web.Config{URL: c.Web.URL, Languages: lang.All().Tags()},
		Dialog:         d,
		FrameAncestors: c.Web.FrameAncestors,
		AddressHeader:  c.Web.AddressHeader,
		PerMinute:      c.Limits.PersonPerMinute,
		Log:            log,
	}))
}

// stop says that the program ends, and close ends what is in hand.
func (l *listener) stop() {
	if l != nil {
		l.Stop()
	}
}

func (l *listener) close() {
	if l != nil {
		l.Close()
	}
}

// notReady says why nobody should ask this process: not every platform is connected, say. Or
// nothing.
func (r *reporter) notReady() string {
	h := r.health()
	var all []string
	r.mu.Lock()
	for _, t := range r.lacking {
		if why := t(); why != "" {
			all = append(all, why)
		}
	}
	r.mu.Unlock()
	switch {
	case h.Healthy:
		return strings.Join(all, "; ")
	case h.State == stateStarting:
		return "starting: " + h.Doing
	}
	for _, name := range slices.Sorted(maps.Keys(h.Platforms)) {
		switch s := h.Platforms[name]; {
		case s.Connected:
		case s.Since.IsZero():
			all = append(all, name+" is not connected yet")
		default:
			all = append(all, fmt.Sprintf("%s is not connected since %s: %s", name, s.Since.UTC().Format(healthTime), s.Why))
		}
	}
	return strings.Join(all, "; ")
}
