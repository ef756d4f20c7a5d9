package dialog

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"footnote/bot"
	"footnote/bot/lang"
	"footnote/knowledge"
	"footnote/knowledge/edtf"
)

// A place may have one fact a day posted, of those that happened on that day of the year. It is posted
// at the time that was chosen or not at all: what is missed is not made up. No fact comes twice in a
// year, also where it was switched off meanwhile.

// A subscription is what a place chose, and what it has got.
type subscription struct {
	Platform bot.Platform      `json:"p"`
	Chat     bot.ChatID        `json:"c"`
	Thread   bot.ThreadID      `json:"t,omitempty"`
	Direct   bool              `json:"d,omitempty"`
	Who      bot.UserID        `json:"w,omitempty"` // whose direct chat it is
	At       string            `json:"at"`          // 15:04; empty where it is switched off
	Zone     string            `json:"z"`           // of the IANA database
	Lang     string            `json:"l,omitempty"`
	Last     string            `json:"last,omitempty"` // the day, there, of which it was last looked what to post
	Had      map[string]string `json:"had,omitempty"`  // the day on which each fact was posted; of the last years
}

const (
	clockFormat = "15:04"
	// lookEvery is how often it is looked whose time has come, and overdue how long after its time a
	// post may still come.
	lookEvery = time.Minute
	overdue   = 2 * time.Minute
	// notAgain is for how long a fact is not posted again where it was.
	notAgain = 364 * 24 * time.Hour
	// kept is for how long it is remembered what was posted, and never longer than that.
	kept  = 5 * 366 * 24 * time.Hour
	never = 10 * kept
)

func (s subscription) key() string {
	return "daily " + string(s.Platform) + " " + string(s.Chat)
}

// A PostFunc posts a reply where nobody asked, with the errors of [bot.Bot.Post], which is one.
type PostFunc func(ctx context.Context, to bot.Address, r bot.Reply) error

// PostDaily posts what is due until ctx ends. Of several processes one does: may is asked before
// each post whether it still does.
func (d *Dialog) PostDaily(ctx context.Context, may func() bool, post PostFunc) {
	if d.c.Daily == nil {
		return
	}
	var trouble bot.Streak
	for {
		err := d.postDue(ctx, may, post)
		if ctx.Err() != nil {
			return
		}
		trouble.Log(d.c.Log, err, "what chats get each day could not be read or stored, so today it may not come")
		select {
		case <-time.After(lookEvery):
		case <-ctx.Done():
			return
		}
	}
}

// postDue posts to the places whose time it is now.
func (d *Dialog) postDue(ctx context.Context, may func() bool, post PostFunc) error {
	keys, err := d.c.Daily.Keys(ctx)
	if err != nil {
		return err
	}
	slices.Sort(keys)
	now := d.c.Now()
	var failed error
	for _, key := range keys {
		if ctx.Err() != nil || !may() {
			return failed
		}
		s, err := d.subscribed(ctx, key)
		if err != nil {
			failed = err
			continue
		}
		if s.At == "" {
			if err := d.restOf(ctx, s, now); err != nil {
				failed = err
			}
			continue
		}
		due, there := s.due(now)
		if !due {
			continue
		}
		if err := d.postTo(ctx, s, there, post); err != nil {
			failed = err
		}
	}
	return failed
}

// due reports whether the time of s has come, and what time it is there.
func (s subscription) due(now time.Time) (due bool, there time.Time) {
	zone, err := time.LoadLocation(s.Zone)
	at, bad := time.Parse(clockFormat, s.At)
	if err != nil || bad != nil {
		return false, now
	}
	there = now.In(zone)
	from := time.Date(there.Year(), there.Month(), there.Day(), at.Hour(), at.Minute(), 0, 0, zone)
	since := there.Sub(from)
	return since >= 0 && since < overdue && s.Last != there.Format(time.DateOnly), there
}

// subscribed reads what is kept under key.
func (d *Dialog) subscribed(ctx context.Context, key string) (s subscription, err error) {
	text, err := d.c.Daily.Get(ctx, key)
	if err != nil || text == "" {
		return s, err
	}
	return s, json.Unmarshal([]byte(text), &s)
}

// subscribe keeps s.
func (d *Dialog) subscribe(ctx context.Context, s subscription) error {
	text, err := json.Marshal(s)
	if err != nil {
		return err
	}
	return d.c.Daily.Set(ctx, s.key(), string(text))
}

// restOf keeps of s, which is switched off, what it got within a year, so that nothing of that comes
// again if it is switched on; when there is nothing, it is deleted.
func (d *Dialog) restOf(ctx context.Context, s subscription, now time.Time) error {
	before := len(s.Had)
	s.forgetFacts(now, notAgain)
	switch {
	case len(s.Had) == 0:
		return ignoreLingering(d.c.Daily.Delete(ctx, s.key()))
	case len(s.Had) < before || s.At != "":
		return d.subscribe(ctx, subscription{Platform: s.Platform, Chat: s.Chat, Direct: s.Direct, Who: s.Who, Had: s.Had})
	}
	return nil
}

// forgetFacts drops what was posted longer ago than age.
func (s subscription) forgetFacts(now time.Time, age time.Duration) {
	for fact, at := range s.Had {
		if when, err := time.Parse(time.DateOnly, at); err != nil || now.Sub(when) > age {
			delete(s.Had, fact)
		}
	}
}

// postTo posts the fact of the day to a place. That it was is noted before: rather once too few than
// twice.
func (d *Dialog) postTo(ctx context.Context, s subscription, there time.Time, post PostFunc) error {
	day := there.Format(time.DateOnly)
	packs := d.packs.Load()
	f := s.choose(packs.days[edtf.YearDay{Month: there.Month(), Day: there.Day()}], there)
	s.Last = day
	s.forgetFacts(there, kept)
	if f != nil {
		if s.Had == nil {
			s.Had = map[string]string{}
		}
		s.Had[f.ID] = day
	}
	if err := d.subscribe(ctx, s); err != nil || f == nil {
		return err
	}
	to := bot.Address{Conversation: bot.Conversation{Place: bot.Place{Platform: s.Platform, Chat: s.Chat}, Thread: s.Thread}}
	err := post(ctx, to, d.dailyReply(ctx, s, to, packs, f, there))
	switch {
	case errors.Is(err, bot.ErrGone), errors.Is(err, bot.ErrForbidden):
		d.c.Log.Info("a chat that got a fact each day is gone, and gets no more", "platform", s.Platform)
		return ignoreLingering(d.c.Daily.Delete(ctx, s.key()))
	case err != nil:
		d.c.Log.Warn("a fact of the day could not be posted", "platform", s.Platform, "error", err)
	}
	return nil
}

// choose returns the one of facts that was posted here longest ago, or never, and not within a year;
// nil if there is none. A fact without a source is posted nowhere.
func (s subscription) choose(facts []*knowledge.Fact, there time.Time) *knowledge.Fact {
	var best *knowledge.Fact
	var since time.Duration
	for _, f := range facts {
		ago := never
		if when, err := time.Parse(time.DateOnly, s.Had[f.ID]); err == nil {
			ago = there.Sub(when)
		}
		if len(f.AllCites()) > 0 && ago > notAgain && ago > since {
			best, since = f, ago
		}
	}
	return best
}

// dailyReply is the fact of the day, in the language of the place. Who asks on goes on from it.
func (d *Dialog) dailyReply(ctx context.Context, s subscription, to bot.Address, packs *packs, f *knowledge.Fact, there time.Time) bot.Reply {
	x := &exchange{d: d, packs: packs, told: s.Lang, m: bot.Message{To: to, Direct: s.Direct, Addressed: true, From: bot.User{Lang: s.Lang}}}
	x.resolveLanguage(ctx)
	if !s.Direct {
		x.rememberFor([]memoryKey{{in: to.Conversation}}, func(t *memory) {
			t.fact, t.unsure, t.explained = f.ID, false, explanation{fact: f.ID, at: d.c.Now()}
		})
	}
	r := x.factReply(f, manner{})
	day := edtf.DayIn(x.texts.Tag, there.Month(), there.Day())
	r.Blocks = append([]bot.Block{x.texts.block("onthisday.one", "day", day)}, r.Blocks...)
	return r
}

func ignoreLingering(err error) error {
	if errors.Is(err, bot.ErrLingers) {
		return nil
	}
	return err
}

// setDaily is /settings daily: a time and perhaps a zone, or off.
func (x *exchange) setDaily(ctx context.Context, words []string) bot.Reply {
	if x.d.c.Daily == nil {
		return x.info("daily.never")
	}
	s := subscription{Platform: x.m.To.Platform, Chat: x.m.To.Chat, Thread: x.m.To.Thread, Direct: x.m.Direct, Lang: lang.Base(x.m.From.Lang), Zone: "UTC"}
	if s.Direct {
		s.Who = x.m.From.ID
	}
	if len(words) == 0 || len(words) > 2 {
		return x.info("daily.usage")
	}
	off := strings.EqualFold(words[0], wordOff)
	if !off {
		at, err := time.Parse(clockFormat, padded(words[0]))
		if err != nil {
			return x.info("daily.usage")
		}
		s.At = at.Format(clockFormat)
		if len(words) == 2 {
			zone, ok := zoneNamed(words[1])
			if !ok {
				return x.info("daily.zone", "zone", bot.Shorten(words[1], maxOption))
			}
			s.Zone = zone
		}
	}
	if !x.m.Direct {
		x.useOwnLanguage()
		if why := x.refusal(ctx); why != "" {
			return x.notice(why)
		}
	}
	was, err := x.d.subscribed(ctx, s.key())
	switch {
	case err == nil && off && was.At != "":
		err = x.d.restOf(ctx, was, x.d.c.Now())
	case err == nil && off: // it is off
	case err == nil:
		s.Had = was.Had
		err = x.d.subscribe(ctx, s)
	}
	if err != nil {
		x.d.c.Log.Warn("settings could not be stored", "platform", x.m.To.Platform, "error", err)
		return x.notice("settings.failed")
	}
	if off {
		return x.announce("daily.off")
	}
	return x.announce("daily.on", "time", s.At, "zone", s.Zone)
}

// padded is a time with two digits for the hour.
func padded(clock string) string {
	if strings.IndexByte(clock, ':') == 1 {
		return "0" + clock
	}
	return clock
}

// zoneNamed finds a zone of the IANA database, whatever the case it is typed in.
func zoneNamed(name string) (zone string, ok bool) {
	if strings.EqualFold(name, "utc") || strings.EqualFold(name, "gmt") {
		return "UTC", true
	}
	if !strings.Contains(name, "/") || strings.Contains(name, "..") {
		return "", false
	}
	for _, try := range []string{name, capitalized(name)} {
		if l, err := time.LoadLocation(try); err == nil {
			return l.String(), true
		}
	}
	return "", false
}

// capitalized writes a zone's name as most are: "America/New_York".
func capitalized(name string) string {
	up := true
	return strings.Map(func(c rune) rune {
		if up && c >= 'a' && c <= 'z' {
			c += 'A' - 'a'
		} else if !up && c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		up = c == '/' || c == '_' || c == '-'
		return c
	}, name)
}

// dailyNow is what the settings say of the fact of the day, as the key of a text with what it takes.
func (x *exchange) dailyNow(ctx context.Context) (key string, time, zone string) {
	s, err := x.d.subscribed(ctx, subscription{Platform: x.m.To.Platform, Chat: x.m.To.Chat}.key())
	if err != nil || s.At == "" {
		return "settings.daily-off", "", ""
	}
	return "settings.daily-on", s.At, s.Zone
}

// moveDaily takes what a place gets each day to its new id.
func (d *Dialog) moveDaily(ctx context.Context, from, to bot.Place) error {
	s, err := d.subscribed(ctx, subscription{Platform: from.Platform, Chat: from.Chat}.key())
	if err != nil || s.Chat == "" {
		return err
	}
	old := s.key()
	s.Chat = to.Chat
	if err := d.subscribe(ctx, s); err != nil {
		return err
	}
	return ignoreLingering(d.c.Daily.Delete(ctx, old))
}

// forgetDaily deletes what is posted to, and kept of, the direct chat with whoever asks for it.
func (x *exchange) forgetDaily(ctx context.Context) error {
	if x.d.c.Daily == nil {
		return nil
	}
	if x.m.Direct {
		return x.d.c.Daily.Delete(ctx, subscription{Platform: x.m.To.Platform, Chat: x.m.To.Chat}.key())
	}
	keys, err := x.d.c.Daily.Keys(ctx)
	if err != nil {
		return err
	}
	for _, key := range keys {
		s, err := x.d.subscribed(ctx, key)
		if err == nil && s.Direct && s.Platform == x.m.To.Platform && s.Who == x.m.From.ID {
			err = x.d.c.Daily.Delete(ctx, key)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
