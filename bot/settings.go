package bot

import (
	"context"
	"errors"
	"footnote/bot/recent"
	"log/slog"
	"strings"
	"sync"
	"time"

	"footnote/bot/lang"
)

// A Store keeps small values beyond the process. It is safe for concurrent use.
// The bot goes on without what could not be read or kept.
type Store interface {
	Get(ctx context.Context, key string) (string, error) // "" if there is none
	Set(ctx context.Context, key, value string) error
	Delete(ctx context.Context, key string) error
}

// A scope is whose setting it is: a place's with several people, or a person's
// own. Topics of a place have the settings of the place.
type scope struct {
	platform Platform
	chat     ChatID // or
	person   UserID
}

// key is what the language of s is kept under. A platform's name has no blank,
// so no two scopes have one key.
func (s scope) key() string {
	if s.chat != "" {
		return "language chat " + string(s.platform) + " " + string(s.chat)
	}
	return "language person " + string(s.platform) + " " + string(s.person)
}

func (m Message) ofPerson() scope { return scope{platform: m.To.Platform, person: m.From.ID} }
func (m Message) ofChat() scope   { return scope{platform: m.To.Platform, chat: m.To.Chat} }
func (m Message) place() Place    { return Place{m.To.Platform, m.To.Chat} }

const (
	// settingsWait bounds the one look into the store that a chat's first message
	// costs: an answer in the wrong language is better than a late one.
	settingsWait = 300 * time.Millisecond
	// settingsRetry is how long a store that failed is not asked again.
	settingsRetry = 10 * time.Second
)

// languages are the languages that were chosen. Those of the last chats and
// people are in memory, also that there is none, so that answering reads no file:
// the store is asked for each chat and person once.
type languages struct {
	store Store // nil: what memory does not hold is forgotten
	log   *slog.Logger
	now   func() time.Time
	known *recent.Map[scope, string]

	writing sync.Mutex // memory gets what the store gets, in the same order

	mu     sync.Mutex
	failed time.Time // when the store was last in vain asked
}

func newLanguages(c Config) *languages {
	return &languages{store: c.Settings, log: c.Log, now: c.Now, known: recent.New[scope, string](c.Sizes.Settings, recent.Forever, c.Now)}
}

// of is what was chosen for s, or "".
func (l *languages) of(ctx context.Context, s scope) string {
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
	lang, err := l.store.Get(ctx, s.key())
	if err != nil {
		l.mu.Lock()
		l.failed = l.now()
		l.mu.Unlock()
		l.log.Warn("settings could not be read; answers go on without them", "platform", s.platform, "error", err)
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
func (l *languages) set(ctx context.Context, s scope, lang string) error {
	l.writing.Lock()
	defer l.writing.Unlock()
	if was, ok := l.known.Get(s); ok && was == lang {
		return nil
	}
	if l.store != nil {
		var err error
		if lang == "" {
			err = l.store.Delete(ctx, s.key())
		} else {
			err = l.store.Set(ctx, s.key(), lang)
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
func (b *Bot) chosenLanguage(ctx context.Context, s scope) string {
	lang := b.languages.of(ctx, s)
	if _, ok := b.langs[lang]; !ok {
		return ""
	}
	return lang
}

// A voice is in which languages to speak to somebody.
type voice struct {
	told  string // as the platform says
	own   string // what the person chose, or else told
	fixed bool   // what is spoken here was chosen, by the person or for the chat
}

// speak finds the language to answer x in, which from here on is that of the
// person as far as the conversation knows: the one chosen for the place, or the
// person's own choice, or what the platform says.
func (b *Bot) speak(ctx context.Context, x *item) {
	v := voice{told: x.m.From.Lang, own: x.m.From.Lang}
	if lang := b.chosenLanguage(ctx, x.m.ofPerson()); lang != "" {
		v.own, v.fixed, x.m.From.Lang = lang, true, lang
	}
	if !x.m.Direct {
		if lang := b.chosenLanguage(ctx, x.m.ofChat()); lang != "" {
			v.fixed, x.m.From.Lang = true, lang
		}
	}
	x.voice = v
}

// The settings, as in an action.
const (
	setLanguage  byte = 'l' // arg is a language or langAuto
	setQuestions byte = 'q' // arg is wordOn or wordOff
)

const (
	langAuto = "auto"
	wordOn   = "on"
	wordOff  = "off"
)

// isSetting reports whether arg can be a value of a setting.
func isSetting(of byte, arg string) bool {
	switch of {
	case setLanguage:
		const longest = 8 // of a language tag's first part
		return arg != "" && len(arg) <= longest && strings.Trim(arg, "abcdefghijklmnopqrstuvwxyz") == ""
	case setQuestions:
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

// tongues are the languages that can be chosen, sorted.
func (b *Bot) tongues() []string { return b.langs.Tags() }

// tongue is the language that somebody names by its tag or by its own name.
func (b *Bot) tongue(name string) (tag string, ok bool) {
	name = strings.ToLower(name)
	if name == langAuto {
		return langAuto, true
	}
	if _, ok := b.langs[lang.Base(name)]; ok {
		return lang.Base(name), true
	}
	for _, tag := range b.tongues() {
		if strings.ToLower(b.langs[tag].Name) == name {
			return tag, true
		}
	}
	return "", false
}

// suggestSettings are at most n arguments of /settings that begin as typed does.
func (b *Bot) suggestSettings(typed string, n int) []Completion {
	typed = strings.ToLower(strings.Join(strings.Fields(typed), " "))
	var all []Completion
	add := func(value, name string) {
		if len(all) < n && strings.HasPrefix(value, typed) {
			all = append(all, Completion{Label: strings.TrimSuffix(value+" · "+name, " · "), Value: value})
		}
	}
	for _, lang := range b.tongues() {
		add("language "+lang, b.langs[lang].Name)
	}
	add("language "+langAuto, "")
	if l := b.c.Ledger; l != nil && l.Terms().Words {
		add("questions "+wordOn, "")
		add("questions "+wordOff, "")
	}
	return all
}

// settings is /settings: of a direct chat the person's own, of another place
// those that its admins decide about.
func (k *talk) settings(text string) Reply {
	words := strings.Fields(strings.ToLower(text))
	if len(words) == 2 {
		switch words[0] {
		case "language", "lang":
			if lang, ok := k.bot.tongue(words[1]); ok {
				return k.change(action{verb: doSet, list: setLanguage, arg: lang})
			}
		case "questions", "question":
			if on, ok := parseSwitch(words[1]); ok {
				return k.change(action{verb: doSet, list: setQuestions, arg: switchWord(on)})
			}
		}
	}
	r := k.settingsReply()
	if len(words) > 0 && (len(words) > 1 || words[0] != "language" && words[0] != "questions") {
		r.Blocks = append([]Block{k.t.block("settings.unknown")}, r.Blocks...)
	}
	return r
}

func switchWord(on bool) string {
	if on {
		return wordOn
	}
	return wordOff
}

// inOwnLanguage makes the bot speak the person's own language: whoever set the
// chat to one that he cannot read should find the way back.
func (k *talk) inOwnLanguage() {
	if k.voice.own != "" {
		k.t = k.bot.in(k.voice.own)
	}
}

// settingsReply shows the settings and how to change them.
func (k *talk) settingsReply() Reply {
	s := k.m.ofChat()
	title, auto := "settings.chat", "settings.auto-chat"
	if k.m.Direct {
		s, title, auto = k.m.ofPerson(), "settings.own", "settings.auto-own"
	}
	now := k.bot.chosenLanguage(k.ctx, s)
	k.inOwnLanguage()
	name := k.t.Text(auto)
	if now != "" {
		name = k.bot.langs[now].Name
	}
	r := Reply{Kind: KindInfo, Private: true, Blocks: []Block{k.t.block(title)}}
	item := func(key string, args ...string) {
		r.Blocks = append(r.Blocks, Block{Kind: Item, Spans: k.t.spans(key, args...)})
	}
	item("settings.language", "language", name)
	l := k.bot.c.Ledger
	words := l != nil && l.Terms().Words
	if words {
		key := "settings.questions-off"
		if k.mayKeepWords() {
			key = "settings.questions-on"
		}
		item(key, "days", days(l.Terms().Keep))
	}
	example := k.t.Tag
	if example == now {
		example = langAuto
	}
	r.Blocks = append(r.Blocks, k.t.fine("settings.hint-language", "language", example, "all", strings.Join(append(k.bot.tongues(), langAuto), ", ")))
	if words {
		r.Blocks = append(r.Blocks, k.t.fine("settings.hint-questions"))
	}
	if !k.m.Direct {
		r.Blocks = append(r.Blocks, k.t.fine("settings.hint-admins"))
	}

	for _, lang := range k.bot.tongues() {
		if a := (action{verb: doSet, list: setLanguage, arg: lang}).String(); lang != now && a != "" {
			r.Buttons = append(r.Buttons, Button{Label: label(k.bot.langs[lang].Name, MaxLabel), Action: a})
		}
	}
	if now != "" {
		r.Buttons = k.button(r.Buttons, "button.auto", action{verb: doSet, list: setLanguage, arg: langAuto})
	}
	switch {
	case words && k.mayKeepWords():
		r.Buttons = k.button(r.Buttons, "button.keep-not", action{verb: doSet, list: setQuestions, arg: wordOff})
	case words:
		r.Buttons = k.button(r.Buttons, "button.keep", action{verb: doSet, list: setQuestions, arg: wordOn})
	}
	return r
}

// change does what a command or a button asks of a setting, if whoever asks may.
// That is found out each time: a button stands where everybody can press it, it
// may be forged, and who pressed it yesterday may be no admin today.
func (k *talk) change(a action) Reply {
	if a.list == setLanguage {
		if _, ok := k.bot.langs[a.arg]; !ok && a.arg != langAuto {
			return k.notice("action.stale")
		}
	}
	spoken := k.t
	if !k.m.Direct {
		l := k.bot.c.Ledger
		if a.list == setQuestions && (l == nil || !l.Terms().Words) {
			return k.info("allow.never")
		}
		k.inOwnLanguage()
		if why := k.refusal(); why != "" {
			return k.notice(why)
		}
	}
	if a.list == setLanguage {
		return k.speakFromNowOn(a.arg)
	}
	if k.m.Direct {
		return k.allow(a.arg)
	}
	on := a.arg == wordOn
	l := k.bot.c.Ledger
	if err := l.AllowIn(k.ctx, k.m.place(), on); err != nil {
		k.bot.c.Log.Warn("the ledger could not be written", "error", err)
		return k.notice("allow.failed")
	}
	k.t = spoken
	if on {
		return k.announce("settings.keep", "days", days(l.Terms().Keep))
	}
	return k.announce("settings.keep-not")
}

// announce is a reply that concerns everybody in the place.
func (k *talk) announce(key string, args ...string) Reply {
	r := k.info(key, args...)
	r.Private = false
	return r
}

// speakFromNowOn sets the language of this chat.
func (k *talk) speakFromNowOn(lang string) Reply {
	s, done := k.m.ofChat(), "settings.speak-chat"
	if k.m.Direct {
		s, done = k.m.ofPerson(), "settings.speak-own"
	}
	chosen := lang
	if lang == langAuto {
		chosen = ""
	}
	if err := k.bot.languages.set(k.ctx, s, chosen); err != nil {
		k.bot.c.Log.Warn("settings could not be stored", "platform", s.platform, "error", err)
		return k.notice("settings.failed")
	}
	switch {
	case lang != langAuto:
		k.t = k.bot.in(lang)
	case k.m.Direct:
		done, k.t = "settings.unset-own", k.bot.in(k.voice.told)
	default:
		done, k.t = "settings.unset-chat", k.bot.in(k.voice.own)
	}
	return k.announce(done)
}

// wardenWait bounds finding out who decides for a place.
const wardenWait = 10 * time.Second

// refusal is why whoever sent this message may not decide for the place it was
// sent in, as a key of the catalogue; "" if that person may.
func (k *talk) refusal() string {
	w, ok := k.adapter.(Warden)
	if !ok {
		return "settings.nobody"
	}
	ctx, cancel := context.WithTimeout(k.ctx, wardenWait)
	defer cancel()
	may, err := w.Manages(ctx, k.m)
	switch {
	case errors.Is(err, ErrNotTold):
		return "settings.menu"
	case err != nil:
		k.bot.c.Log.Warn("it could not be found out who decides for a chat, so nobody does", "platform", k.m.To.Platform, "error", err)
		return "settings.unsure"
	case !may:
		return "settings.refused"
	}
	return ""
}

// Moved tells b that a place has another id from now on, as Telegram's groups do
// when they grow. Its settings go along, unless the new one has its own.
func (b *Bot) Moved(ctx context.Context, from, to Place) {
	if from == to {
		return
	}
	was, is := scope{platform: from.Platform, chat: from.Chat}, scope{platform: to.Platform, chat: to.Chat}
	if lang := b.languages.of(ctx, was); lang != "" {
		var err error
		if b.languages.of(ctx, is) == "" {
			err = b.languages.set(ctx, is, lang)
		}
		if err == nil {
			err = b.languages.set(ctx, was, "")
		}
		if err != nil {
			b.c.Log.Warn("settings did not follow a chat to its new id", "platform", from.Platform, "error", err)
		}
	}
	if l := b.c.Ledger; l != nil {
		if err := l.Moved(ctx, from, to); err != nil {
			b.c.Log.Warn("the ledger did not follow a chat to its new id; no words are kept there until its admins allow it again", "platform", from.Platform, "error", err)
		}
	}
}
