// Package metrics keeps the figures of a running program for Prometheus. It is told what
// happens as a [bot.Observer] and by functions for dialogs, adapters and the listener, and
// looks at the rest when it is asked. No figure says who asked, where, or what; labels take
// few values, whatever comes in.
package metrics

import (
	"net/http"
	"runtime"
	"strconv"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"footnote/bot"
	"footnote/bot/dialog"
)

// Metrics are the figures. They are safe for concurrent use.
type Metrics struct {
	registry *prometheus.Registry
	sources  sources
	parts    parts

	received, limited *prometheus.CounterVec
	age               *prometheus.HistogramVec
	messages          *prometheus.CounterVec
	stages            *prometheus.HistogramVec
	questions         *prometheus.CounterVec
	remembered        prometheus.Counter
	encoder           prometheus.Counter
	foreign           prometheus.Counter
	match             prometheus.Histogram
	calls             *prometheus.CounterVec
	callTime          *prometheus.HistogramVec
	requests          *prometheus.CounterVec
	requestTime       *prometheus.HistogramVec
	reloads           *prometheus.CounterVec

	mu     sync.Mutex
	routes map[string]map[string]bool // known, by platform
}

var _ bot.Observer = (*Metrics)(nil)

// Buckets in seconds.
var (
	stageBuckets = []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30}
	ageBuckets   = []float64{.5, 1, 2.5, 5, 10, 30, 60, 300, 600, 3600}
)

// maxRoutes bounds how many routes of one platform are told apart; those after it are other.
const maxRoutes = 100

// New returns figures of a program of that version, in which nothing has happened yet.
func New(version string) *Metrics {
	m := &Metrics{registry: prometheus.NewRegistry(), routes: map[string]map[string]bool{}}
	m.register()
	build := m.gauge("build_info", "The version of the program, and of Go; always 1.", "version", "goversion")
	build.WithLabelValues(version, runtime.Version()).Set(1)
	m.registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), &m.sources, &m.parts)
	return m
}

const namespace = "footnote"

func (m *Metrics) register() {
	m.received = m.counter("messages_received_total", "Messages that were accepted to be answered.", "platform")
	m.age = m.histogram("message_age_seconds", "Age of messages when they were accepted, by the platform's clock: what an outage delayed them by.", ageBuckets, "platform")
	m.limited = m.counter("messages_limited_total", "Messages over the limits of persons and chats.", "platform")
	m.messages = m.counter("messages_answered_total", "Messages that were dealt with, by the kind of the reply and whether it went out.", "platform", "kind", "sent")
	m.stages = m.histogram("stage_seconds", "How long messages waited in the queue, were being decided, and were being sent.", stageBuckets, "stage", "platform")
	m.questions = m.counter("questions_total", "Questions by the way they were replied to: sure, perhaps, offered, silent.", "outcome", "platform")
	m.match = m.histogram("match_seconds", "How long matching one question took, without those that were asked lately.", stageBuckets).WithLabelValues().(prometheus.Histogram)
	m.remembered = m.counter("questions_remembered_total", "Questions that were asked lately, so that nothing had to be matched.").WithLabelValues()
	m.encoder = m.counter("questions_encoded_total", "Questions for which the sentence encoder was asked.").WithLabelValues()
	m.foreign = m.counter("questions_foreign_total", "Questions in a language that the packs are not in.").WithLabelValues()
	m.calls = m.counter("platform_calls_total", "Calls of a platform, by route and status; 429 is its rate limit, 0 no answer.", "platform", "route", "status")
	m.callTime = m.histogram("platform_call_seconds", "How long calls of a platform took.", stageBuckets, "platform")
	m.requests = m.counter("http_requests_total", "Requests at the listener, by what they were for and status.", "route", "status")
	m.requestTime = m.histogram("http_request_seconds", "How long requests at the listener took; a webhook waits for its answer.", stageBuckets, "route")
	m.reloads = m.counter("pack_reloads_total", "Packs that were read again: taken, unchanged or refused.", "outcome")
	for _, o := range []string{ReloadTaken, ReloadUnchanged, ReloadRefused} {
		m.reloads.WithLabelValues(o)
	}
}

func (m *Metrics) counter(name, help string, labels ...string) *prometheus.CounterVec {
	v := prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: namespace, Name: name, Help: help}, labels)
	m.registry.MustRegister(v)
	return v
}

func (m *Metrics) gauge(name, help string, labels ...string) *prometheus.GaugeVec {
	v := prometheus.NewGaugeVec(prometheus.GaugeOpts{Namespace: namespace, Name: name, Help: help}, labels)
	m.registry.MustRegister(v)
	return v
}

func (m *Metrics) histogram(name, help string, buckets []float64, labels ...string) *prometheus.HistogramVec {
	v := prometheus.NewHistogramVec(prometheus.HistogramOpts{Namespace: namespace, Name: name, Help: help, Buckets: buckets}, labels)
	m.registry.MustRegister(v)
	return v
}

// Handler answers what Prometheus asks.
func (m *Metrics) Handler() http.Handler {
	const scrapers, scrapeTime = 4, 10 * time.Second
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{MaxRequestsInFlight: scrapers, Timeout: scrapeTime, ErrorHandling: promhttp.ContinueOnError})
}

// Gatherer has the figures, for tests.
func (m *Metrics) Gatherer() prometheus.Gatherer { return m.registry }

// Received implements bot.Observer.
func (m *Metrics) Received(p bot.Platform, age time.Duration) {
	m.received.WithLabelValues(string(p)).Inc()
	m.age.WithLabelValues(string(p)).Observe(age.Seconds())
}

// Limited implements bot.Observer.
func (m *Metrics) Limited(p bot.Platform) { m.limited.WithLabelValues(string(p)).Inc() }

// Answered implements bot.Observer.
func (m *Metrics) Answered(p bot.Platform, k bot.Kind, sent bool, took bot.Stages) {
	if k == "" {
		k = "none"
	}
	m.messages.WithLabelValues(string(p), string(k), strconv.FormatBool(sent)).Inc()
	for stage, d := range map[string]time.Duration{"queue": took.Queue, "match": took.Match, "send": took.Send} {
		m.stages.WithLabelValues(stage, string(p)).Observe(d.Seconds())
	}
}

// Decided is told of a question that was decided; see dialog.Config.Observe.
func (m *Metrics) Decided(d dialog.Decision) {
	m.questions.WithLabelValues(string(d.Manner), string(d.Platform)).Inc()
	if d.Foreign {
		m.foreign.Inc()
	}
	if d.Remembered {
		m.remembered.Inc()
		return
	}
	m.match.Observe(d.Took.Seconds())
	if d.Encoder {
		m.encoder.Inc()
	}
}

// Calls returns what is to be told of each call of a platform.
func (m *Metrics) Calls(p bot.Platform) func(route string, status int, took time.Duration) {
	return func(route string, status int, took time.Duration) {
		m.calls.WithLabelValues(string(p), m.route(string(p), route), strconv.Itoa(status)).Inc()
		if took > 0 { // a poll takes as long as nothing comes
			m.callTime.WithLabelValues(string(p)).Observe(took.Seconds())
		}
	}
}

// route is route, or other if the platform has too many.
func (m *Metrics) route(platform, route string) string {
	m.mu.Lock()
	defer m.mu.Unlock()
	known := m.routes[platform]
	if known == nil {
		known = map[string]bool{}
		m.routes[platform] = known
	}
	if !known[route] {
		if len(known) >= maxRoutes {
			return "other"
		}
		known[route] = true
	}
	return route
}

// Request is told of each request at the listener; see httpserver.Config.Observe.
func (m *Metrics) Request(pattern string, status int, took time.Duration) {
	if pattern == "" {
		pattern = "none"
	}
	m.requests.WithLabelValues(pattern, strconv.Itoa(status)).Inc()
	m.requestTime.WithLabelValues(pattern).Observe(took.Seconds())
}

// What can come of reading packs again, as the label of the figure says it.
const (
	ReloadTaken     = "taken"
	ReloadUnchanged = "unchanged"
	ReloadRefused   = "refused"
)

// Reloaded is told that packs were read again.
func (m *Metrics) Reloaded(outcome string) { m.reloads.WithLabelValues(outcome).Inc() }
