package main

import (
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"

	"footnote/bot"
	"footnote/bot/dialog"
	"footnote/bot/httpserver"
	"footnote/bot/lang"
	"footnote/bot/web"
)

// A listener is the HTTP server of a serve, if the configuration asks for one; nil is none.
type listener struct{ *httpserver.Server }

// listen listens where c says.
func listen(c Config, r *reporter, log *slog.Logger) (*listener, error) {
	if c.Listen == "" {
		return nil, nil
	}
	s, err := httpserver.Listen(httpserver.Config{Address: c.Listen, Log: log, Ready: r.notReady, Profile: c.Serve.Profile})
	if err != nil {
		return nil, exitError{code: exitUsage, err: err}
	}
	return &listener{s}, nil
}

// mount mounts what the adapters answer over HTTP.
func (l *listener) mount(adapters []bot.Adapter) {
	if l == nil {
		return
	}
	for _, a := range adapters {
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

// notReady says why not every platform is connected, or nothing.
func (r *reporter) notReady() string {
	h := r.health()
	switch {
	case h.Healthy:
		return ""
	case h.State == stateStarting:
		return "starting: " + h.Doing
	}
	var all []string
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
