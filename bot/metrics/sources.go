package metrics

import (
	"strings"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// What is looked at when somebody asks. Each may be nil, and is asked concurrently.
type (
	// A Bot tells what it has to do; *bot.Bot is one.
	Bot interface {
		Backlog() (queued, unanswered int)
	}

	// Health tells how the program is.
	Health func() (connected map[string]bool, degraded int)

	// Packs are those that are answered from, and whether newer ones were refused.
	Packs func() (all []Pack, refused bool)

	// Cluster tells what this process has of what several share.
	Cluster func() Share
)

// A Pack is one that is answered from.
type Pack struct {
	ID, Version, Hash string
	Facts             int
}

// A Share is what one of several processes has.
type Share struct {
	Held       map[string]time.Duration // the leases by their names
	Renewed    time.Duration            // since they were last renewed
	Lost       int64                    // leases that had to be given up
	ClaimsLost int64                    // messages that another process answers
	Members    int                      // processes that are alive; 0 if that is not known
	PacksAlike bool                     // all of them answer from the same packs
	PacksWait  time.Duration            // how long packs have been waiting until every process has them; 0 if none are
	PacksReady []Pack                   // what this process could answer from
}

// sources are looked at by Collect. Its zero value has none.
type sources struct {
	mu      sync.Mutex
	bot     Bot
	health  Health
	packs   Packs
	cluster Cluster
}

// Watch adds sources of figures that are looked at whenever Prometheus asks. What is nil
// stays as it was.
func (m *Metrics) Watch(b Bot, h Health, p Packs, c Cluster) {
	s := &m.sources
	s.mu.Lock()
	defer s.mu.Unlock()
	if b != nil {
		s.bot = b
	}
	if h != nil {
		s.health = h
	}
	if p != nil {
		s.packs = p
	}
	if c != nil {
		s.cluster = c
	}
}

func describe(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc(prometheus.BuildFQName(namespace, "", name), help, labels, nil)
}

// A figures is the descriptions of what sources tell.
type figures struct {
	queue, unanswered, connected, degraded, pack, facts, refused *prometheus.Desc
	held, heldFor, renewed, lost, claims, members, alike         *prometheus.Desc
	wait, ready                                                  *prometheus.Desc
}

func described() figures {
	return figures{
		queue:      describe("queue_messages", "Messages that were accepted and are not dealt with yet."),
		unanswered: describe("unanswered_messages", "Messages of which the program would tell after a crash."),
		connected:  describe("platform_connected", "Whether a platform is connected.", "platform"),
		degraded:   describe("degraded_reasons", "How many things do not work although people get answers; healthcheck names them."),
		pack:       describe("pack_info", "A pack that is answered from; always 1.", "pack", "version", "sha256"),
		facts:      describe("pack_facts", "Facts of a pack.", "pack"),
		refused:    describe("packs_refused", "Whether newer packs could not be taken, so that the ones before answer."),
		held:       describe("leases_held", "Leases that this process holds, by what they are for.", "kind"),
		heldFor:    describe("lease_held_seconds", "How long this process has held the oldest of its leases, by what they are for.", "kind"),
		renewed:    describe("lease_renewal_age_seconds", "Time since this process last renewed its leases."),
		lost:       describe("leases_lost_total", "Leases that this process had to give up because it could not renew them."),
		claims:     describe("claims_lost_total", "Messages that this process was given and another one answers."),
		members:    describe("cluster_members", "Processes of this bot that are alive."),
		wait:       describe("packs_waiting_seconds", "How long packs have been waiting until every process has them, so that all go over to them; 0 if none are."),
		ready:      describe("pack_ready_info", "A pack that this process could answer from, as soon as all processes can; always 1.", "pack", "version", "sha256"),
		alike:      describe("cluster_packs_alike", "Whether all processes answer from the same packs."),
	}
}

// Describe implements prometheus.Collector.
func (s *sources) Describe(c chan<- *prometheus.Desc) {
	f := described()
	for _, d := range []*prometheus.Desc{f.queue, f.unanswered, f.connected, f.degraded, f.pack, f.facts, f.refused, f.held, f.heldFor, f.renewed, f.lost, f.claims, f.members, f.alike, f.wait, f.ready} {
		c <- d
	}
}

// Collect implements prometheus.Collector.
func (s *sources) Collect(c chan<- prometheus.Metric) {
	s.mu.Lock()
	b, health, packs, cluster := s.bot, s.health, s.packs, s.cluster
	s.mu.Unlock()
	f := described()
	gauge := func(d *prometheus.Desc, v float64, labels ...string) {
		c <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
	}
	if b != nil {
		queued, unanswered := b.Backlog()
		gauge(f.queue, float64(queued))
		gauge(f.unanswered, float64(unanswered))
	}
	if health != nil {
		connected, degraded := health()
		for p, is := range connected {
			gauge(f.connected, truth(is), p)
		}
		gauge(f.degraded, float64(degraded))
	}
	if packs != nil {
		all, refused := packs()
		for _, p := range all {
			gauge(f.pack, 1, p.ID, p.Version, p.Hash)
			gauge(f.facts, float64(p.Facts), p.ID)
		}
		gauge(f.refused, truth(refused))
	}
	if cluster != nil {
		s := cluster()
		for kind, l := range kinds(s.Held) {
			gauge(f.held, float64(l.n), kind)
			gauge(f.heldFor, l.oldest.Seconds(), kind)
		}
		gauge(f.renewed, s.Renewed.Seconds())
		c <- prometheus.MustNewConstMetric(f.lost, prometheus.CounterValue, float64(s.Lost))
		c <- prometheus.MustNewConstMetric(f.claims, prometheus.CounterValue, float64(s.ClaimsLost))
		gauge(f.wait, s.PacksWait.Seconds())
		for _, p := range s.PacksReady {
			gauge(f.ready, 1, p.ID, p.Version, p.Hash)
		}
		if s.Members > 0 {
			gauge(f.members, float64(s.Members))
			gauge(f.alike, truth(s.PacksAlike))
		}
	}
}

// A leases is those of one kind.
type leases struct {
	n      int
	oldest time.Duration
}

// kinds are leases by what they are for: a shard of Discord, polling Telegram.
func kinds(held map[string]time.Duration) map[string]leases {
	all := map[string]leases{}
	for name, d := range held {
		kind := name
		if rest, ok := strings.CutPrefix(name, "discord/"); ok {
			kind = "discord/shard"
			for _, other := range []string{"identify", "up"} { // those that say that a shard is connected, while there are to be more
				if strings.HasPrefix(rest, other+"/") {
					kind = "discord/" + other
				}
			}
		}
		if strings.HasPrefix(name, "pool/") {
			kind = "pool" // each process has its own
		}
		l := all[kind]
		all[kind] = leases{l.n + 1, max(l.oldest, d)}
	}
	return all
}

func truth(is bool) float64 {
	if is {
		return 1
	}
	return 0
}
