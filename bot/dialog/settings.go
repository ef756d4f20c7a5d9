package dialog

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"footnote/bot"
	"footnote/bot/lang"
	"footnote/bot/recent"
)

// A scope is whose setting it is: a place's with several people, or a person's
// own. Topics of a place have the settings of the place.
type scope struct {
	platform bot.Platform
	chat     bot.ChatID // or
	person   bot.UserID
}

// key is what a choice of s is kept under; of is what the choice is about. A platform's
// name has no blank, so no two scopes have one key.
func (s scope) key(of string) string {
	if s.chat != "" {
		return of + " chat " + string(s.platform) + " " + string(s.chat)
	}
	return of + " person " + string(s.platform) + " " + string(s.person)
}

func (x *exchange) personScope() scope { return scope{platform: x.m.To.Platform, person: x.m.From.ID} }
func (x *exchange) placeScope() scope  { return scope{platform: x.m.To.Platform, chat: x.m.To.Chat} }

// scopeHere is the place, or in a direct chat the person.
func (x *exchange) scopeHere() scope {
	if x.m.Direct {
		return x.personScope()
	}
	return x.placeScope()
}

const (
	// settingsWait bounds the one look into the store that a chat's first message
	// costs: an answer in the wrong language is better than a late one.
	settingsWait = 300 * time.Millisecond
	// settingsRetry is how long a store that failed is not asked again.
	settingsRetry = 10 * time.Second
)

// choices are what people chose for chats and for themselves of one thing: their
// languages, say. Those of the last chats and people are in memory, also that there is
// none, so that answering reads no file: the store is asked for each chat and person once.
type choices struct {
	about string    // what they are of, in the keys of the store
	store bot.Store // nil: what memory does not hold is forgotten
	log   *slog.Logger
	now   func() time.Time
	known *recent.Map[scope, string]

	tell func(context.Context) error // has other processes know that something changed

	writing sync.Mutex // memory gets what the store gets, in the same order

	mu     sync.Mutex
	failed time.Time // when the store last failed
}

func newChoices(c Config, about string) *choices {
	lives := time.Duration(recent.Forever)
	if c.Cluster != nil && !c.Cluster.Alone() {
		lives = choicesLive
	}
	return &choices{tell: func(context.Context) error { return nil }, about: about, store: c.Settings, log: c.Log, now: c.Now, known: recent.New[scope, string](c.bounds.choices, lives, c.Now)}
}

// of is what was chosen for s, or "".
func (l *choices) of(ctx context.Context, s scope) string {
	if lang, ok := l.known.Get(s); ok || l.store == nil {
		return lang
	}
	l.mu.Lock()
	skip := !l.failed.IsZero() && l.now().Sub(l.failed) < settingsRetry
	l.mu.Unlock()
	if skip {
		return ""
	}
	ctx, cancel := context.WithTimeout(ctx, settingsWait)
	defer cancel()
	lang, err := l.store.Get(ctx, s.key(l.about))
	if err != nil {
		l.mu.Lock()
		told := !l.failed.IsZero() && l.now().Sub(l.failed) < settingsRetry // by somebody who asked at the same time
		l.failed = l.now()
		l.mu.Unlock()
		if !told {
			l.log.Warn("settings could not be read; answers go on without them", "platform", s.platform, "error", err)
		}
		return ""
	}
	// What was chosen meanwhile is there already, and newer.
	return l.known.Update(s, func(old string, ok bool) string {
		if ok {
			return old
		}
		return lang
	})
}

// set chooses lang for s; "" takes the choice back.
func (l *choices) set(ctx context.Context, s scope, lang string) error {
	l.writing.Lock()
	defer l.writing.Unlock()
	if was, ok := l.known.Get(s); ok && was == lang {
		return nil
	}
	if l.store != nil {
		var err error
		if lang == "" {
			err = l.store.Delete(ctx, s.key(l.about))
		} else {
			err = l.store.Set(ctx, s.key(l.about), lang)
		}
		if err == nil || errors.Is(err, bot.ErrLingers) {
			if err := l.tell(ctx); err != nil {
				return err
			}
		}
		if errors.Is(err, bot.ErrLingers) {
			l.known.Set(s, lang)
		}
		if err != nil {
			return err
		}
	}
	l.known.Set(s, lang)
	return nil
}

// chosenLanguage is the language chosen for s, if the bot speaks it: what is
// stored may come from a version that spoke more.
func (d *Dialog) chosenLanguage(ctx context.Context, s scope) string {
	lang := d.choices.of(ctx, s)
	if _, ok := d.languages[lang]; !ok {
		return ""
	}
	return lang
}

// A preference is the language to speak to somebody.
type preference struct {
	told  string // as the platform says
	own   string // what the person chose, or else told
	fixed bool   // what is spoken here was chosen, by the person or for the chat
}

// resolveLanguage finds the language to answer in, which from here on is the person's as
// far as the exchange knows: the one chosen for the place, or the person's own choice,
// or what the platform says.
func (x *exchange) resolveLanguage(ctx context.Context) {
	p := preference{told: x.told, own: x.told}
	x.m.From.Lang = x.told
	if lang := x.d.chosenLanguage(ctx, x.personScope()); lang != "" {
		p.own, p.fixed, x.m.From.Lang = lang, true, lang
	}
	if !x.m.Direct {
		if lang := x.d.chosenLanguage(ctx, x.placeScope()); lang != "" {
			p.fixed, x.m.From.Lang = true, lang
		}
	}
	x.language = p
	x.speakIn(x.m.From.Lang)
	x.foreign = ""
	if spoken := x.ownMemory().spoken; spoken != "" && !p.fixed {
		x.speakIn(spoken)
		x.foreign = spoken
	}
}

// The settings, as in an action.
const (
	settingLanguage  byte = 'l' // arg is a language or langAuto
	settingQuestions byte = 'q' // arg is wordOn or wordOff
	settingScores    byte = 's' // arg is wordOn or wordOff
	settingLook      byte = 'v' // arg is a look
)

const (
	langAuto = "auto"
	wordOn   = "on"
	wordOff  = "off"
)

// isSetting reports whether arg can be a value of a setting.
func isSetting(of byte, arg string) bool {
	switch of {
	case settingLanguage:
		const longest = 8 // of a language tag's first part
		return arg != "" && len(arg) <= longest && strings.Trim(arg, "abcdefghijklmnopqrstuvwxyz") == ""
	case settingLook:
		return slices.Contains([]string{lookDark, lookLight, lookRich, lookPlain}, arg)
	case settingQuestions, settingScores:
		return arg == wordOn || arg == wordOff
	}
	return false
}

// parseSwitch reads on and off; false for anything else.
func parseSwitch(s string) (on, ok bool) {
	switch strings.ToLower(s) {
	case wordOn, "yes":
		return true, true
	case wordOff, "no":
		return false, true
	}
	return false, false
}

// tags returns the languages that can be chosen, sorted.
func (d *Dialog) tags() []string { return d.languages.Tags() }

// languageNamed returns the language that somebody names by its tag or its own name.
func (d *Dialog) languageNamed(name string) (tag string, ok bool) {
	name = strings.ToLower(name)
	if name == langAuto {
		return langAuto, true
	}
	if _, ok := d.languages[lang.Base(name)]; ok {
		return lang.Base(name), true
	}
	for _, tag := range d.tags() {
		if strings.ToLower(d.languages[tag].Name) == name {
			return tag, true
		}
	}
	return "", false
}

// suggestSettings are at most n arguments of /settings that begin as typed does.
func (d *Dialog) suggestSettings(typed string, n int) []bot.Completion {
	typed = strings.ToLower(strings.Join(strings.Fields(typed), " "))
	var all []bot.Completion
	add := func(value, name string) {
		if len(all) < n && strings.HasPrefix(value, typed) {
			all = append(all, bot.Completion{Label: strings.TrimSuffix(value+" · "+name, " · "), Value: value})
		}
	}
	for _, lang := range d.tags() {
		add("language "+lang, d.languages[lang].Name)
	}
	add("language "+langAuto, "")
	add("pictures "+lookDark, "")
	add("pictures "+lookLight, "")
	if d.c.Daily != nil {
		add("daily 09:00 Europe/Berlin", "")
		add("daily "+wordOff, "")
	}
	if d.c.Scores != nil {
		add("scores "+wordOn, "")
		add("scores "+wordOff, "")
	}
	if l := d.c.Ledger; l != nil && l.Terms().Words {
		add("questions "+wordOn, "")
		add("questions "+wordOff, "")
	}
	return all
}

// settings is /settings: of a direct chat the person's own, of another place
// those that its admins decide about.
func (x *exchange) settings(ctx context.Context, text string) bot.Reply {
	words := strings.Fields(strings.ToLower(text))
	if len(words) > 0 && words[0] == "daily" {
		return x.setDaily(ctx, strings.Fields(text)[1:])
	}
	if len(words) == 2 {
		switch words[0] {
		case "language", "lang":
			if lang, ok := x.d.languageNamed(words[1]); ok {
				return x.change(ctx, action{verb: doSet, list: settingLanguage, arg: lang})
			}
		case "questions", "question":
			if on, ok := parseSwitch(words[1]); ok {
				return x.change(ctx, action{verb: doSet, list: settingQuestions, arg: switchWord(on)})
			}
		case "pictures", "picture":
			if words[1] == lookDark || words[1] == lookLight {
				return x.change(ctx, action{verb: doSet, list: settingLook, arg: words[1]})
			}
		case "layout":
			if x.canBeRich() && (words[1] == lookRich || words[1] == lookPlain) {
				return x.change(ctx, action{verb: doSet, list: settingLook, arg: words[1]})
			}
		case "scores", "score":
			if on, ok := parseSwitch(words[1]); ok {
				return x.change(ctx, action{verb: doSet, list: settingScores, arg: switchWord(on)})
			}
		}
	}
	r := x.settingsReply(ctx)
	if len(words) > 0 && (len(words) > 1 || !slices.Contains([]string{"language", "questions", "scores", "pictures", "layout"}, words[0])) {
		r.Blocks = append([]bot.Block{x.texts.block("settings.unknown")}, r.Blocks...)
	}
	return r
}

func switchWord(on bool) string {
	if on {
		return wordOn
	}
	return wordOff
}

// useOwnLanguage makes the bot speak the person's own language: whoever set the chat to
// one that he cannot read should find the way back.
func (x *exchange) useOwnLanguage() {
	if x.language.own != "" {
		x.texts = x.d.textsIn(x.language.own)
	}
}

// settingsReply shows the settings and how to change them.
func (x *exchange) settingsReply(ctx context.Context) bot.Reply {
	s := x.placeScope()
	title, auto := "settings.chat", "settings.auto-chat"
	if x.m.Direct {
		s, title, auto = x.personScope(), "settings.own", "settings.auto-own"
	}
	now := x.d.chosenLanguage(ctx, s)
	x.useOwnLanguage()
	name := x.texts.Text(auto)
	if now != "" {
		name = x.d.languages[now].Name
	}
	r := bot.Reply{Kind: bot.KindInfo, Private: true, Blocks: []bot.Block{x.texts.block(title)}}
	item := func(key string, args ...string) {
		r.Blocks = append(r.Blocks, bot.Block{Kind: bot.Item, Spans: x.texts.spans(key, args...)})
	}
	item("settings.language", "language", name)
	l := x.d.c.Ledger
	words := l != nil && l.Terms().Words
	if words {
		key := "settings.questions-off"
		if x.mayKeepWords() {
			key = "settings.questions-on"
		}
		item(key, "days", days(l.Terms().Keep))
	}
	if x.d.c.Scores != nil {
		key := "settings.scores-off"
		if x.countsScores(ctx) {
			key = "settings.scores-on"
		}
		item(key)
	}
	for _, key := range x.looksNow(ctx) {
		item(key)
	}
	if x.d.c.Daily != nil {
		key, at, zone := x.dailyNow(ctx)
		item(key, "time", at, "zone", zone)
	}
	example := x.texts.Tag
	if example == now {
		example = langAuto
	}
	r.Blocks = append(r.Blocks, x.texts.fine("settings.hint-language", "language", example, "all", strings.Join(append(x.d.tags(), langAuto), ", ")))
	if words {
		r.Blocks = append(r.Blocks, x.texts.fine("settings.hint-questions"))
	}
	if !x.m.Direct {
		r.Blocks = append(r.Blocks, x.texts.fine("settings.hint-admins"))
	}

	for _, lang := range x.d.tags() {
		if a := (action{verb: doSet, list: settingLanguage, arg: lang}).String(); lang != now && a != "" {
			r.Buttons = append(r.Buttons, bot.Button{Label: label(x.d.languages[lang].Name, bot.MaxLabel), Action: a})
		}
	}
	if now != "" {
		r.Buttons = x.addButton(r.Buttons, "button.auto", action{verb: doSet, list: settingLanguage, arg: langAuto})
	}
	switch {
	case words && x.mayKeepWords():
		r.Buttons = x.addButton(r.Buttons, "button.keep-not", action{verb: doSet, list: settingQuestions, arg: wordOff})
	case words:
		r.Buttons = x.addButton(r.Buttons, "button.keep", action{verb: doSet, list: settingQuestions, arg: wordOn})
	}
	return r
}

// change does what a command or a button asks of a setting, if whoever asks may. That
// is found out each time: everybody can press a button, it may be forged, and who
// pressed it yesterday may be no admin today.
func (x *exchange) change(ctx context.Context, a action) bot.Reply {
	if a.list == settingLanguage {
		if _, ok := x.d.languages[a.arg]; !ok && a.arg != langAuto {
			return x.notice("action.stale")
		}
	}
	spoken := x.texts
	if !x.m.Direct {
		l := x.d.c.Ledger
		if a.list == settingQuestions && (l == nil || !l.Terms().Words) {
			return x.info("allow.never")
		}
		x.useOwnLanguage()
		if why := x.refusal(ctx); why != "" {
			return x.notice(why)
		}
	}
	switch a.list {
	case settingLanguage:
		return x.setLanguage(ctx, a.arg)
	case settingLook:
		return x.setLook(ctx, a.arg)
	case settingScores:
		return x.setScores(ctx, a.arg)
	}
	if x.m.Direct {
		return x.remembering(ctx, a.arg)
	}
	on := a.arg == wordOn
	l := x.d.c.Ledger
	err := l.AllowIn(ctx, x.m.To.Place, on)
	if err != nil && !errors.Is(err, bot.ErrLingers) {
		x.d.c.Log.Warn("the ledger could not be written", "error", err)
		return x.notice("allow.failed")
	}
	x.texts = spoken
	if on {
		return x.announce("settings.keep", "days", days(l.Terms().Keep))
	}
	return x.lingering(x.announce("settings.keep-not"), err)
}

// announce is a reply that concerns everybody in the place.
func (x *exchange) announce(key string, args ...string) bot.Reply {
	r := x.info(key, args...)
	r.Private = false
	return r
}

// setLanguage sets the language of this chat.
func (x *exchange) setLanguage(ctx context.Context, lang string) bot.Reply {
	s, done := x.placeScope(), "settings.speak-chat"
	if x.m.Direct {
		s, done = x.personScope(), "settings.speak-own"
	}
	chosen := lang
	if lang == langAuto {
		chosen = ""
	}
	if err := x.d.choices.set(ctx, s, chosen); err != nil && !errors.Is(err, bot.ErrLingers) {
		x.d.c.Log.Warn("settings could not be stored", "platform", s.platform, "error", err)
		return x.notice("settings.failed")
	}
	switch {
	case lang != langAuto:
		x.texts = x.d.textsIn(lang)
	case x.m.Direct:
		done, x.texts = "settings.unset-own", x.d.textsIn(x.language.told)
	default:
		done, x.texts = "settings.unset-chat", x.d.textsIn(x.language.own)
	}
	return x.announce(done)
}

// permissionWait bounds finding out whether somebody may decide for a place.
const permissionWait = 10 * time.Second

// refusal returns why whoever sent this message may not decide for the place it was
// sent in, as the key of a text; "" if that person may.
func (x *exchange) refusal(ctx context.Context) string {
	w, ok := x.via.(bot.Authorizer)
	if !ok {
		return "settings.nobody"
	}
	ctx, cancel := context.WithTimeout(ctx, permissionWait)
	defer cancel()
	may, err := w.IsAdmin(ctx, x.m)
	switch {
	case errors.Is(err, bot.ErrNotTold):
		return "settings.menu"
	case err != nil:
		x.d.c.Log.Warn("it could not be found out who decides for a chat, so nobody does", "platform", x.m.To.Platform, "error", err)
		return "settings.unsure"
	case !may:
		return "settings.refused"
	}
	return ""
}

// Moved takes the settings of a place to its new id, as Telegram's groups get one when
// they grow, unless the new one has its own.
func (d *Dialog) Moved(ctx context.Context, from, to bot.Place) {
	if from == to {
		return
	}
	was, is := scope{platform: from.Platform, chat: from.Chat}, scope{platform: to.Platform, chat: to.Chat}
	if lang := d.choices.of(ctx, was); lang != "" {
		var err error
		if d.choices.of(ctx, is) == "" {
			err = d.choices.set(ctx, is, lang)
		}
		if err == nil {
			err = d.choices.set(ctx, was, "")
		}
		if err != nil && !errors.Is(err, bot.ErrLingers) {
			d.c.Log.Warn("settings did not follow a chat to its new id", "platform", from.Platform, "error", err)
		}
	}
	if look := d.looking.of(ctx, was); look != "" {
		err := d.looking.set(ctx, is, look)
		if err == nil {
			err = d.looking.set(ctx, was, "")
		}
		if err != nil && !errors.Is(err, bot.ErrLingers) {
			d.c.Log.Warn("how answers look did not follow a chat to its new id", "platform", from.Platform, "error", err)
		}
	}
	if d.c.Daily != nil {
		if err := d.moveDaily(ctx, from, to); err != nil {
			d.c.Log.Warn("the fact of the day did not follow a chat to its new id", "platform", from.Platform, "error", err)
		}
	}
	if l := d.c.Ledger; l != nil {
		if err := l.Moved(ctx, from, to); err != nil {
			d.c.Log.Warn("the ledger did not follow a chat to its new id; no words are kept there until its admins allow it again", "platform", from.Platform, "error", err)
		}
	}
}
