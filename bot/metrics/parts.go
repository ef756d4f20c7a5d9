package metrics

import (
	"sync"

	"github.com/prometheus/client_golang/prometheus"

	"footnote/bot"
)

// parts are the connections that platforms are reached over, looked at by Collect.
type parts struct {
	mu  sync.Mutex
	all map[bot.Platform]bot.PartReporter
}

// WatchParts has the connections to a platform looked at from now on.
func (m *Metrics) WatchParts(platform bot.Platform, r bot.PartReporter) {
	m.parts.mu.Lock()
	defer m.parts.mu.Unlock()
	if m.parts.all == nil {
		m.parts.all = map[bot.Platform]bot.PartReporter{}
	}
	m.parts.all[platform] = r
}

// partFigures are the descriptions of what is told of a connection.
type partFigures struct{ up, begun, resumed, lag *prometheus.Desc }

func describedParts() partFigures {
	return partFigures{
		up:      describe("connection_up", "Whether one of the connections to a platform works: a shard of Discord.", "platform", "part"),
		begun:   describe("sessions_begun_total", "Sessions that were begun on a connection since it is this process's; Discord lets a bot begin 1,000 a day.", "platform", "part"),
		resumed: describe("sessions_resumed_total", "Sessions that were taken up again on a connection since it is this process's.", "platform", "part"),
		lag:     describe("replay_lag_seconds", "How old the last message of a connection was when it came: after an outage, how far behind it is.", "platform", "part"),
	}
}

// Describe implements prometheus.Collector.
func (p *parts) Describe(c chan<- *prometheus.Desc) {
	f := describedParts()
	for _, d := range []*prometheus.Desc{f.up, f.begun, f.resumed, f.lag} {
		c <- d
	}
}

// Collect implements prometheus.Collector.
func (p *parts) Collect(c chan<- prometheus.Metric) {
	p.mu.Lock()
	defer p.mu.Unlock()
	f := describedParts()
	for platform, r := range p.all {
		for _, x := range r.Parts() {
			tell := func(d *prometheus.Desc, kind prometheus.ValueType, v float64) {
				c <- prometheus.MustNewConstMetric(d, kind, v, string(platform), x.Name)
			}
			tell(f.up, prometheus.GaugeValue, truth(x.Status.Connected))
			tell(f.begun, prometheus.CounterValue, float64(x.Identifies))
			tell(f.resumed, prometheus.CounterValue, float64(x.Resumes))
			tell(f.lag, prometheus.GaugeValue, x.Lag.Seconds())
		}
	}
}
