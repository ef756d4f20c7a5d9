package dialog

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"footnote/answers"
	"footnote/bot"
	"footnote/bot/cluster"
	"footnote/knowledge"
)

// Where several processes run the bot, the next message of a chat may come to another one.
// So what is remembered of an exchange is written to a table that they share, when the reply
// has gone out, without a word that anybody wrote, and each process looks there first. What it
// has in memory is then no more than a copy. What was chosen with /settings and what is
// forgotten holds for the others as soon as they see that something has changed, for which
// they look at most twice a second, and before they answer.

// Turns keeps what is remembered of the last exchanges, for the processes that run a bot, for
// half an hour. Its errors are for the log.
type Turns interface {
	// Look begins to ask what is kept for each scope, in their order, "" where there is nothing.
	// It does not wait; wait does, and is called once, or never.
	Look(scopes []string) (wait func(ctx context.Context) ([]string, error))
	// Put keeps a value for each scope, which is about people.
	Put(ctx context.Context, values map[string]string, people []string) error
	// Forget deletes all that is about a person.
	Forget(ctx context.Context, person string) error
}

const (
	// turnWait bounds one look: an answer without what went before is better than a late one.
	turnWait = 300 * time.Millisecond
	// turnFresh is for how long what was looked up before a message was claimed is good.
	turnFresh = 500 * time.Millisecond
	// turnRest is how long the table is not asked again after a failure.
	turnRest = 2 * time.Second
	// changesEvery is how old what is known of changes by other processes may be.
	changesEvery = 500 * time.Millisecond
	// choicesLive bounds for how long a choice is known of which nobody said that it changed.
	choicesLive = 10 * time.Minute
)

// A sharing is how a Dialog keeps together with those of other processes. Its zero value is
// of one alone.
type sharing struct {
	turns   Turns
	changes bot.Store
	log     *slog.Logger
	now     func() time.Time
	trouble bot.Streak

	mu     sync.Mutex
	failed time.Time // when the table last failed
	looked time.Time // for changes
	seen   string    // the last change that is known
}

// changesKey is where the settings hold a name of the last change. No scope has such a key.
const changesKey = "changed"

func newSharing(c Config) *sharing {
	s := &sharing{log: c.Log, now: c.Now}
	if c.Cluster != nil && !c.Cluster.Alone() {
		s.turns, s.changes = c.Turns, c.Settings
	}
	return s
}

// rests reports whether the table is not asked because it failed lately.
func (s *sharing) rests() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return !s.failed.IsZero() && s.now().Sub(s.failed) < turnRest
}

// tried notes how asking the table went.
func (s *sharing) tried(err error) {
	s.trouble.Log(s.log, err, "what other processes answered last cannot be asked or told; follow-ups and /source go by what this one knows")
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.failed = (time.Time{}); err != nil {
		s.failed = s.now()
	}
}

// keepUp forgets what other processes have changed since the last look.
func (d *Dialog) keepUp(ctx context.Context) {
	s := d.sharing
	if s.rests() {
		return
	}
	s.mu.Lock()
	due := s.now().Sub(s.looked) >= changesEvery
	if due {
		s.looked = s.now() // others need not look as well
	}
	s.mu.Unlock()
	if !due {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, turnWait)
	defer cancel()
	is, err := s.changes.Get(ctx, changesKey)
	s.tried(err)
	if err != nil {
		return
	}
	s.mu.Lock()
	changed := is != s.seen
	s.seen = is
	s.mu.Unlock()
	if changed {
		d.choices.known.Clear()
		d.scoring.known.Clear()
		d.looking.known.Clear()
		d.packs.Load().results.Clear()
		d.memory.DeleteFunc(func(_ memoryKey, t memory) bool { return !t.unsaved })
	}
}

// tellChange has the other processes forget what they have copies of.
func (d *Dialog) tellChange(ctx context.Context) error {
	s := d.sharing
	if s.changes == nil {
		return nil
	}
	name := rand.Text()
	if err := s.changes.Set(ctx, changesKey, name); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seen = name
	return nil
}

// name is what a memory is shared under.
func (k memoryKey) name() string {
	return strings.Join([]string{string(k.in.Platform), string(k.in.Chat), string(k.in.Thread), string(k.who)}, "\x00")
}

func personName(on bot.Platform, who bot.UserID) string { return string(on) + "\x00" + string(who) }

// A look at what other processes have remembered, which is under way.
type look struct {
	begun time.Time
	keys  []memoryKey
	wait  func(context.Context) ([]string, error)
}

// lookUp begins to ask what other processes have remembered.
func (x *exchange) lookUp() {
	s := x.d.sharing
	if s.rests() {
		return
	}
	x.look = look{begun: s.now(), keys: memoryKeys(x.m)}
	scopes := make([]string, 0, len(x.look.keys))
	for _, k := range x.look.keys {
		scopes = append(scopes, k.name())
	}
	x.look.wait = s.turns.Look(scopes)
}

// recall takes over what another process has remembered of this person and chat since.
func (x *exchange) recall(ctx context.Context) {
	s := x.d.sharing
	if x.look.wait == nil || s.now().Sub(x.look.begun) >= turnFresh { // the claim has taken long
		x.look = look{}
		x.lookUp()
	}
	l := x.look
	if l.wait == nil || s.rests() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, turnWait)
	defer cancel()
	values, err := l.wait(ctx)
	s.tried(err)
	if err != nil {
		return
	}
	for i, k := range l.keys {
		x.d.takeTurn(k, values[i])
	}
}

// takeTurn makes value what is remembered for k, if it is newer.
func (d *Dialog) takeTurn(k memoryKey, value string) {
	own, known := d.memory.Get(k)
	if value == "" {
		if known && !own.unsaved {
			d.memory.Delete(k) // somebody had it forgotten
		}
		return
	}
	var t turn
	if err := json.Unmarshal([]byte(value), &t); err != nil {
		return // of another version of the program
	}
	if !known || t.N > own.n {
		d.memory.Set(k, t.memory(d.c.Now()))
	}
}

// shareTurn writes what this exchange has changed of what is remembered.
func (x *exchange) shareTurn(ctx context.Context) {
	d := x.d
	if d.sharing.rests() {
		return // it stays unsaved
	}
	values, written := map[string]string{}, map[memoryKey]int{}
	var people []string
	add := func(who bot.UserID) {
		if name := personName(x.m.To.Platform, who); who != "" && !slices.Contains(people, name) {
			people = append(people, name)
		}
	}
	for k := range x.changed {
		t, ok := d.memory.Get(k)
		if !ok {
			continue
		}
		text, err := json.Marshal(turnOf(t, d.c.Now()))
		if err != nil {
			continue // cannot be
		}
		values[k.name()], written[k] = string(text), t.n
		for _, who := range []bot.UserID{k.who, t.asker, t.explained.by} {
			add(who)
		}
	}
	if len(values) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, turnWait)
	defer cancel()
	err := d.sharing.turns.Put(ctx, values, people)
	d.sharing.tried(err)
	if err != nil {
		return
	}
	for k, n := range written {
		d.memory.Change(k, func(t *memory) { t.unsaved = t.unsaved && t.n != n })
	}
}

// forgetTurns deletes, for all processes, what is remembered of this person.
func (x *exchange) forgetTurns(ctx context.Context) error {
	if x.d.sharing.turns == nil {
		return nil
	}
	clear(x.changed)
	if err := x.d.sharing.turns.Forget(ctx, personName(x.m.To.Platform, x.m.From.ID)); err != nil {
		return err
	}
	return x.d.tellChange(ctx)
}

// A turn is a memory as it is shared: without what the person wrote, and with ages, since
// the clocks of two machines differ.
type turn struct {
	N         int               `json:"n"`
	Fact      string            `json:"f,omitempty"`
	Unsure    bool              `json:"u,omitempty"`
	Offer     turnOffer         `json:"o,omitzero"`
	Quiz      []turnQuiz        `json:"z,omitempty"`
	Reporting *string           `json:"x,omitempty"`
	List      string            `json:"l,omitempty"`
	Page      string            `json:"p,omitempty"`
	Explained turnExplanation   `json:"e,omitzero"`
	Before    []turnExplanation `json:"b,omitempty"`
	Asker     bot.UserID        `json:"a,omitempty"`
	Spoken    string            `json:"s,omitempty"`
}

type turnOffer struct {
	Facts    []string `json:"f,omitempty"`
	Sources  bool     `json:"s,omitempty"`
	Format   string   `json:"t,omitempty"`
	Question string   `json:"q,omitempty"`
}

type turnQuiz struct {
	Fact    string `json:"f"`
	Right   int    `json:"r"`
	Options int    `json:"o"`
}

// A turnExplanation has of an answers.Why the numbers and the names of facts.
type turnExplanation struct {
	Kind       answers.Outcome `json:"k,omitempty"`
	By         bot.UserID      `json:"b,omitempty"`
	Age        time.Duration   `json:"a,omitempty"`
	Fact       string          `json:"f,omitempty"`
	Near       []turnNear      `json:"n,omitempty"`
	Offered    []turnNear      `json:"o,omitempty"`
	Follow     bool            `json:"w,omitempty"`
	Tentative  bool            `json:"t,omitempty"`
	Inherits   bool            `json:"i,omitempty"`
	Phrasing   string          `json:"p,omitempty"` // the pack's
	Confidence float64         `json:"c,omitempty"`
	RunnerUp   string          `json:"r,omitempty"`
	Margin     float64         `json:"m,omitempty"`
	Reason     answers.Reason  `json:"y,omitempty"`
	Encoder    bool            `json:"d,omitempty"`
}

type turnNear struct {
	Fact       string  `json:"f"`
	Question   string  `json:"q,omitempty"` // the pack's
	Confidence float64 `json:"c,omitempty"`
}

func turnOf(t memory, now time.Time) turn {
	all := turn{
		N: t.n, Fact: t.fact, Unsure: t.unsure, Reporting: t.reporting, List: t.list, Asker: t.asker, Spoken: t.spoken, Explained: turnExplanationOf(t.explained, now),
		Offer: turnOffer{t.offer.facts, t.offer.sources, t.offer.format, t.offer.question},
	}
	if t.page != (action{}) {
		all.Page = t.page.String()
	}
	for _, q := range t.quiz {
		all.Quiz = append(all.Quiz, turnQuiz{q.fact, q.right, q.options})
	}
	for _, e := range t.before {
		all.Before = append(all.Before, turnExplanationOf(e, now))
	}
	return all
}

func (t turn) memory(now time.Time) memory {
	m := memory{
		n: t.N, fact: t.Fact, unsure: t.Unsure, reporting: t.Reporting, list: t.List, asker: t.Asker, spoken: t.Spoken, explained: t.Explained.explanation(now),
		offer: offer{t.Offer.Facts, t.Offer.Sources, t.Offer.Format, t.Offer.Question},
	}
	if a, err := parseAction(t.Page); err == nil {
		m.page = a
	}
	for _, q := range t.Quiz {
		m.quiz = append(m.quiz, openQuiz{fact: q.Fact, right: q.Right, options: q.Options})
	}
	for _, e := range t.Before {
		m.before = append(m.before, e.explanation(now))
	}
	return m
}

func turnExplanationOf(e explanation, now time.Time) turnExplanation {
	t := turnExplanation{
		Kind: e.kind, By: e.by, Fact: e.fact, Near: turnNears(e.near), Offered: turnNears(e.offered), Follow: e.follow, Tentative: e.tentative, Inherits: e.inherits,
		Phrasing: e.why.Phrasing, Confidence: e.why.Confidence, RunnerUp: e.why.RunnerUp, Margin: e.why.Margin, Reason: e.why.Reason, Encoder: e.why.Encoder,
	}
	if !e.at.IsZero() {
		t.Age = now.Sub(e.at)
	}
	return t
}

func (t turnExplanation) explanation(now time.Time) explanation {
	e := explanation{
		kind: t.Kind, by: t.By, fact: t.Fact, near: nears(t.Near), offered: nears(t.Offered), follow: t.Follow, tentative: t.Tentative, inherits: t.Inherits,
		why: answers.Why{
			Phrasing: t.Phrasing, Confidence: t.Confidence, RunnerUp: t.RunnerUp, Margin: t.Margin, Reason: t.Reason, Encoder: t.Encoder,
		},
	}
	if t.Kind != "" || t.Fact != "" {
		e.at = now.Add(-t.Age)
	}
	return e
}

func turnNears(all []near) (out []turnNear) {
	for _, n := range all {
		out = append(out, turnNear{n.fact, n.question, n.confidence})
	}
	return out
}

func nears(all []turnNear) (out []near) {
	for _, n := range all {
		out = append(out, near{n.Fact, n.Question, n.Confidence})
	}
	return out
}

// Announcement is what a process tells the others of its packs: the version of each, and the
// beginning of the hash of its content.
func Announcement(base *knowledge.Base) map[string]string {
	all := map[string]string{}
	for _, p := range base.Packs {
		all["pack "+p.ID] = p.Version + " (" + p.Hash[:min(len(p.Hash), shownHash)] + ")"
	}
	return all
}

// shownHash is how much of a hash tells two versions of a pack apart.
const shownHash = 8

// membersWait bounds asking for the other processes.
const membersWait = time.Second

// elsewhere is what other processes answer from, if it is not what this one does, a line
// for each pack and version.
func (x *exchange) elsewhere(ctx context.Context) (all []string) {
	c := x.d.c.Cluster
	if c == nil || c.Alone() {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, membersWait)
	defer cancel()
	members, err := c.Members(ctx)
	if err != nil {
		x.d.c.Log.Debug("the other processes cannot be asked which packs they have", "error", err)
		return nil
	}
	return differing(c.Self(), Announcement(x.packs.base), members)
}

// differing is what members but self announce of packs otherwise than own does.
func differing(self string, own map[string]string, members []cluster.Member) (all []string) {
	for _, m := range members {
		if m.Name == self || len(m.About) == 0 { // it has not loaded them yet
			continue
		}
		for key, version := range m.About {
			id, ok := strings.CutPrefix(key, "pack ")
			if line := id + " " + version; ok && own[key] != version && !slices.Contains(all, line) {
				all = append(all, line)
			}
		}
	}
	slices.Sort(all)
	return all
}
