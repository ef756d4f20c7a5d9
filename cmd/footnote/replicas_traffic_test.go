//go:build unix

package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"footnote/bot/discord/discordtest"
	"footnote/bot/telegram/telegramtest"
)

// A way is how questions come.
type way string

const (
	onTelegram way = "Telegram"
	inChannel  way = "Discord"          // a message in a channel of a server
	asCommand  way = "Discord, command" // over the gateway or over HTTP
)

// A question is what somebody asked, and what they saw.
type question struct {
	way     way
	chat    int
	at      time.Time
	turn    int // the how-manieth of its chat
	id      string
	answers []time.Time
	notices []time.Time // sentences that say that it may not have been answered
	unheard bool        // there was no session for it, and Discord tells nobody later
}

// seen is when its author first saw anything, if they did.
func (q *question) seen() (time.Time, bool) {
	all := slices.Concat(q.answers, q.notices)
	if len(all) == 0 {
		return time.Time{}, false
	}
	return slices.MinFunc(all, time.Time.Compare), true
}

// A traffic is people in many chats who ask, two questions at a time, without waiting for
// answers, and what they see.
type traffic struct {
	peer  *telegramtest.Server
	guild *discordtest.Server
	stop  chan struct{}
	done  sync.WaitGroup

	mu        sync.Mutex
	questions map[string]*question // by platform and message or interaction
	asked     []*question
	order     map[string][]int // turns in the order of their answers, by way and chat
	early     map[string][]shown
	turns     []int
}

// A shown is what was shown before it was noted what it answers.
type shown struct {
	at   time.Time
	text string
}

// notices are the sentences with which the bot says that a question may not have been
// answered.
var notices = []string{"please ask again", "Please ask again", "I cannot answer right now"}

// leftOut are those that say so of all questions of a chat that have no answer by then.
var leftOut = []string{"left some messages out", "left out older questions"}

func newTraffic() *traffic {
	return &traffic{stop: make(chan struct{}), questions: map[string]*question{}, order: map[string][]int{}, early: map[string][]shown{}}
}

// sentOnTelegram and sentOnDiscord are told of all that the bot shows.
func (x *traffic) sentOnTelegram(m telegramtest.Sent) {
	x.shows(fmt.Sprint("telegram ", m.Chat, " ", m.ReplyTo), m.Text)
}

func (x *traffic) sentOnDiscord(p discordtest.Sent) {
	if p.Edited {
		return // it stands where it stood
	}
	to := p.ReplyTo
	if p.Interaction != "" {
		to = p.Interaction
	}
	x.shows("discord "+to, p.Text)
}

func (x *traffic) shows(key, text string) {
	x.mu.Lock()
	defer x.mu.Unlock()
	now := shown{time.Now(), text}
	if q := x.questions[key]; q != nil {
		x.note(q, now)
	} else {
		x.early[key] = append(x.early[key], now)
	}
}

// note notes what was shown to a question. x.mu is held.
func (x *traffic) note(q *question, s shown) {
	if slices.ContainsFunc(leftOut, func(n string) bool { return strings.Contains(s.text, n) }) {
		for _, o := range x.asked {
			if _, seen := o.seen(); !seen && o.way == q.way && o.chat == q.chat && o.at.Before(s.at) {
				o.notices = append(o.notices, s.at)
			}
		}
		return
	}
	if slices.ContainsFunc(notices, func(n string) bool { return strings.Contains(s.text, n) }) {
		q.notices = append(q.notices, s.at)
		return
	}
	q.answers = append(q.answers, s.at)
	chat := fmt.Sprint(q.way, " ", q.chat)
	x.order[chat] = append(x.order[chat], q.turn)
}

// begin has many chats ask, each two questions every so often.
func (x *traffic) begin(chats int, every time.Duration) {
	x.turns = make([]int, chats)
	x.done.Go(func() {
		t := time.NewTicker(every / time.Duration(chats))
		defer t.Stop()
		for i := 0; ; i++ {
			select {
			case <-t.C:
			case <-x.stop:
				return
			}
			x.ask(i % chats)
			x.ask(i % chats)
		}
	})
}

// ask has one chat ask: every other on Telegram, a quarter each in channels of four servers
// and by commands.
func (x *traffic) ask(chat int) {
	x.turns[chat]++
	q := &question{chat: chat, turn: x.turns[chat], at: time.Now()}
	who := "person " + strconv.Itoa(chat)
	switch chat % 4 {
	case 0, 2:
		ann := x.peer.Person(who)
		q.way = onTelegram
		q.id = fmt.Sprint("telegram ", ann.ID, " ", x.peer.Say(ann, x.peer.Private(ann), known, nil).Message)
	case 1:
		guild := fmt.Sprint("guild ", chat/4%4)
		q.way, q.unheard = inChannel, !x.guild.Hears(guild)
		q.id = "discord " + x.guild.Say(discordtest.Said{
			From: who, Guild: guild, Channel: "#" + strconv.Itoa(chat), Text: x.guild.At(known), Mentions: true,
		})
	case 3:
		q.way = asCommand
		q.id = "discord " + x.guild.Command(who, "#"+strconv.Itoa(chat), "ask", "question", known)
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	x.questions[q.id] = q
	x.asked = append(x.asked, q)
	for _, s := range x.early[q.id] {
		x.note(q, s)
	}
	delete(x.early, q.id)
}

// end has nobody ask any more.
func (x *traffic) end() {
	select {
	case <-x.stop:
	default:
		close(x.stop)
	}
	x.done.Wait()
}

// open counts the questions whose authors have seen nothing. Commands that Discord itself
// shows as failed are none.
func (x *traffic) open() (n int) {
	x.mu.Lock()
	defer x.mu.Unlock()
	for _, q := range x.asked {
		if _, ok := q.seen(); !ok && !q.unheard && (q.way != asCommand || time.Since(q.at) < discordShowsFailure) {
			n++
		}
	}
	return n
}

// discordShowsFailure is after how long Discord says itself that a command failed.
const discordShowsFailure = 4 * time.Second

// A verdict is what became of the questions of one way, or of several.
type verdict struct {
	asked, answered, told, failed    int
	unheard                          int
	both, doubled, lost, outOfOrder  int
	ordered                          bool // somebody promises an order: Discord does not for commands over HTTP
	longest, usual, longestUntilTold time.Duration
}

// judge says what became of the questions of these ways.
func (x *traffic) judge(ways ...way) (v verdict) {
	x.mu.Lock()
	defer x.mu.Unlock()
	var waits []time.Duration
	for _, q := range x.asked {
		if !slices.Contains(ways, q.way) {
			continue
		}
		v.asked++
		seen, ok := q.seen()
		switch {
		case len(q.answers) > 1:
			v.doubled++
		case len(q.answers) == 1 && len(q.notices) > 0:
			v.both++
		case len(q.answers) == 1:
			v.answered++
		case ok:
			v.told++
			v.longestUntilTold = max(v.longestUntilTold, seen.Sub(q.at))
		case q.way == asCommand:
			v.failed++
		case q.unheard:
			v.unheard++
		default:
			v.lost++
		}
		if len(q.answers) > 0 {
			waits = append(waits, q.answers[0].Sub(q.at))
		}
	}
	slices.Sort(waits)
	if n := len(waits); n > 0 {
		v.usual, v.longest = waits[n/2], waits[n-1]
	}
	for chat, turns := range x.order {
		if slices.ContainsFunc(ways, func(w way) bool { return strings.HasPrefix(chat, string(w)+" ") }) {
			v.outOfOrder += disorder(turns)
		}
	}
	return v
}

// disorder counts the answers that came after a later one.
func disorder(turns []int) (n int) {
	last := 0
	for _, i := range turns {
		if i < last {
			n++
		}
		last = max(last, i)
	}
	return n
}

// strays are replies to what nobody asked.
func (x *traffic) strays() int {
	x.mu.Lock()
	defer x.mu.Unlock()
	return len(x.early)
}

// tableHead is the head of the table in RELIABILITY.md.
const tableHead = "| fault | Telegram by | asked | told to ask again | answered and told | doubled | longest wait | Discord: asked | doubled | longest wait | commands | shown as failed | lost, out of order | IDENTIFY, RESUME |"

// tableRow is a line of it.
func tableRow(fault, over string, said map[way]verdict, identified, resumed int) string {
	a, b, c := said[onTelegram], said[inChannel], said[asCommand]
	order := a.outOfOrder + b.outOfOrder
	if c.ordered {
		order += c.outOfOrder
	}
	heard := fmt.Sprint(b.asked)
	if b.unheard > 0 {
		heard += fmt.Sprintf(", %d of them while there was no session", b.unheard)
	}
	var cells []string
	for _, x := range []any{
		fault, over, a.asked, a.told, a.both, a.doubled, short(a.longest), heard, b.doubled + c.doubled, short(b.longest), c.asked, c.failed,
		fmt.Sprintf("%d, %d", a.lost+b.lost+c.lost, order), fmt.Sprintf("%d, %d", identified, resumed),
	} {
		cells = append(cells, fmt.Sprint(x))
	}
	return "| " + strings.Join(cells, " | ") + " |"
}

// short writes a duration in two digits or so.
func short(d time.Duration) string {
	if d < time.Second {
		return fmt.Sprintf("%d ms", d.Milliseconds())
	}
	return fmt.Sprintf("%.1f s", d.Seconds())
}

// TestTrafficIsJudged holds the judge to what it must see.
func TestTrafficIsJudged(t *testing.T) {
	x := newTraffic()
	now := time.Now()
	put := func(chat, turn int, w way, texts ...string) {
		q := &question{way: w, chat: chat, turn: turn, at: now}
		x.asked = append(x.asked, q)
		for _, text := range texts {
			x.note(q, shown{now.Add(time.Second), text})
		}
	}
	put(1, 2, onTelegram, "It was cast in 1712.")
	put(1, 1, onTelegram, "It was cast in 1712.")
	put(1, 3, onTelegram, "It was cast in 1712.", "It was cast in 1712.")
	put(1, 4, onTelegram, "If no answer has arrived, please ask again.")
	put(2, 1, onTelegram)
	put(2, 1, inChannel)
	put(3, 1, asCommand)
	put(4, 1, inChannel)
	put(4, 2, inChannel, "It was cast in 1712.", "I could not keep up here and left some messages out. Please ask again.")
	put(3, 2, inChannel, "It was cast in 1712.", "I was stopped. If no answer has arrived, please ask again.")
	v := x.judge(onTelegram)
	if want := (verdict{asked: 5, answered: 2, told: 1, doubled: 1, lost: 1, outOfOrder: 1, longest: time.Second, usual: time.Second, longestUntilTold: time.Second}); v != want {
		t.Errorf("Telegram: %+v, want %+v", v, want)
	}
	if v := x.judge(inChannel, asCommand); v.lost != 1 || v.both != 1 || v.failed != 1 || v.outOfOrder != 0 || v.told != 1 || v.answered != 1 {
		t.Errorf("Discord: %+v", v)
	}
}
