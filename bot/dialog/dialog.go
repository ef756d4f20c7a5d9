// Package dialog decides what is said: answers, lists, commands, settings, small talk
// and what is remembered of a conversation. A [Dialog] is a [bot.Handler]. It knows no
// platform. The words are those of package lang, the facts those of a pack.
package dialog

import (
	"context"
	"log/slog"
	"math"
	"math/rand/v2"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"footnote/answers"
	"footnote/bot"
	"footnote/bot/cluster"
	"footnote/bot/lang"
	"footnote/bot/recent"
	"footnote/bot/reports"
	"footnote/knowledge"
)

// An Answerer decides on questions; *answers.Matcher is one. It is immutable and
// safe for concurrent use.
type Answerer interface {
	Match(answers.Query) answers.Result
	Base() *knowledge.Base
}

// Config is what a Dialog is made of. Everything but Answerer may be left zero.
type Config struct {
	Answerer  Answerer
	Log       *slog.Logger     // nil is silent
	Now       func() time.Time // time.Now if nil
	Version   string           // the program's, for /about
	Languages lang.Set         // lang.All if nil
	Ledger    bot.Ledger       // where outcomes are kept; nil keeps nothing
	Settings  bot.Store        // where choices made with /settings are kept; nil keeps the last ones in memory

	// Page returns the address of a fact's page on the web, which replies about where it
	// comes from link to; nil if there are no such pages.
	Page func(*knowledge.Fact) string

	// Scores is where scores of quizzes are kept, under codes in place of people; nil counts none.
	Scores bot.Store
	// Cluster is the processes that run the bot, and Turns where they keep what they remember
	// of the last exchanges. Where there are several, Settings is what they share. Nil is one
	// process alone.
	Cluster cluster.Cluster
	Turns   Turns

	// Daily is where it is kept which chats get a fact a day; nil offers it to none.
	Daily bot.Listing

	// Chance decides what a quiz asks in answer to a message; nil draws the same for the same
	// message, whichever process answers it.
	Chance func(bot.Message) *rand.Rand

	// Observe is told of each question that was decided, for figures; nobody if nil.
	Observe func(Decision)

	// Curators are the chats where reports and questions for the curators go, if they go to
	// chats, and Reports is where they wait for an answer; see MindReports. Without Reports, or
	// with neither chats nor a desk, there are none.
	Curators []bot.Place
	Reports  *reports.Box

	// StoresUnanswered says that the ids of unanswered messages are stored, which
	// /privacy tells.
	StoresUnanswered bool

	bounds   bounds
	linksAll bool // every reply about a fact links to its page
}

// bounds are what a Dialog remembers. Only tests change them.
type bounds struct {
	recall  time.Duration // for which the last answer of a chat is remembered
	memory  int           // people in chats whose last answer is remembered
	choices int           // people and chats whose settings are in memory
}

var usualBounds = bounds{
	recall:  30 * time.Minute,
	memory:  10_000, // 5,000 busy chats, for each its last asker and itself
	choices: 20_000, // 10,000 busy chats with an asker each; about 4 MB
}

func (c *Config) setDefaults() {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Languages == nil {
		c.Languages = lang.All()
	}
	if c.bounds == (bounds{}) {
		c.bounds = usualBounds
	}
}

// A Dialog decides what is said. It is a [bot.Handler], and safe for concurrent use.
type Dialog struct {
	c          Config
	languages  lang.Set
	vocabulary *vocabulary
	commands   []command
	packs      atomic.Pointer[packs]
	problem    atomic.Pointer[string] // of the last reload, for /about
	waits      atomic.Pointer[waits]  // likewise

	matchers chan struct{} // a slot for each question that is matched at once
	memory   *recent.Map[memoryKey, memory]
	choices  *choices // of languages
	looking  *choices // how pictures and answers look
	scoring  *choices // whether scores of quizzes are counted
	counting sync.Mutex
	guesses  *recent.Map[guess, struct{}]
	sharing  *sharing
	reported *recent.Map[bot.Person, int] // reports of the last day
	post     atomic.Pointer[PostFunc]
}

var (
	_ bot.Handler   = (*Dialog)(nil)
	_ bot.Suggester = (*Dialog)(nil)
)

// New returns a Dialog that answers from c.Answerer.
func New(c Config) *Dialog {
	heard := vocabularyOf(c.Languages)
	c.setDefaults()
	d := &Dialog{
		c:          c,
		languages:  c.Languages,
		vocabulary: heard,
		commands:   commands(),
		matchers:   make(chan struct{}, runtime.GOMAXPROCS(0)),
		memory:     recent.New[memoryKey, memory](c.bounds.memory, c.bounds.recall, c.Now),
		choices:    newChoices(c, "language"),
		scoring:    newChoices(c, "scores"),
		looking:    newChoices(c, "look"),
		sharing:    newSharing(c),
		guesses:    recent.New[guess, struct{}](c.bounds.memory, c.bounds.recall, c.Now),
		reported:   recent.New[bot.Person, int](c.bounds.memory, reportsInDay, c.Now),
	}
	d.choices.tell, d.scoring.tell, d.looking.tell = d.tellChange, d.tellChange, d.tellChange
	d.Swap(c.Answerer)
	d.c.Answerer = nil // the packs hold it, until another takes its place
	return d
}

// keepsWords reports whether words of questions may be kept.
func (d *Dialog) keepsWords() bool { return d.c.Ledger != nil && d.c.Ledger.Terms().Words }

// Swap makes d answer from a from now on. Messages accepted before are answered
// from what was there when they came.
func (d *Dialog) Swap(a Answerer) {
	d.packs.Store(newPacks(a, d.c.bounds.recall, d.c.Now))
	d.problem.Store(nil)
}

// KeepOld tells /about that a newer pack could not be loaded and why, in one
// sentence that everybody may read. The next Swap ends that, or "".
func (d *Dialog) KeepOld(why string) {
	if why == "" {
		d.problem.Store(nil)
		return
	}
	d.problem.Store(&why)
}

// A Waiting is packs that some processes of the bot have, and not all, so that none answers from
// them.
type Waiting struct {
	Packs     string // the names and versions of those that are others
	Have, All int    // processes
}

type waits struct {
	packs []Waiting
	lacks []string
}

// Waits tells /about what waits for other processes, and in sentences that everybody may read why
// some of these cannot load theirs. Nothing ends that.
func (d *Dialog) Waits(packs []Waiting, lacks []string) { d.waits.Store(&waits{packs, lacks}) }

// Notice implements bot.Exchange.
func (x *exchange) Notice(ctx context.Context, n bot.Notice) bot.Reply {
	x.resolveLanguage(ctx)
	if n.Kind == bot.NoticeLimit {
		return x.notice("notice."+string(n.Kind), "seconds", strconv.Itoa(int(math.Ceil(n.Wait.Seconds()))))
	}
	return x.notice("notice." + string(n.Kind))
}

// fault says that something went wrong.
func (x *exchange) fault() bot.Reply { return x.notice("notice." + string(bot.NoticeFault)) }
