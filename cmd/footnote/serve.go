package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"footnote/answers"
	"footnote/bot"
	"footnote/bot/cluster"
	"footnote/bot/dialog"
	"footnote/bot/discord"
	"footnote/bot/reports"
	"footnote/bot/store"
	"footnote/bot/telegram"
	"footnote/bot/web"
	"footnote/knowledge"
)

func serveCommand() command {
	o := options{serves: true}
	return command{
		name:    "serve",
		summary: "answer on Discord, on Telegram or on both, wherever there is a token",
		help: `
Connects to every platform that has a token and answers until it is told to stop.
The first SIGINT or SIGTERM stops listening and answers what was asked already;
the second stops at once. When one platform refuses the bot for good (a wrong
token, a second instance with the same one), the program stops, unless
serve.keep-going is set. Logs go to standard error and hold neither tokens nor
what people write. With listen and web.enabled it serves the site of the packs,
where people can ask, with or without any platform.

Packs in folders are read again when their files change and on SIGHUP. A pack that
cannot be loaded is not taken: the old one goes on answering, and the log and
/about say why. A pack of some hundred facts or more takes a while to learn: until
then it is answered from by words alone, and the log tells how far learning is.

` + howToGetTokens + `

Exit codes: 0 stopped by a signal, 1 a platform refused the bot for good, 2 bad
usage, configuration or pack, or no token, 130 stopped by a second signal.`,
		flags: func(fs *flag.FlagSet) action {
			o.register(fs)
			o.set(fs, "log-level", "log.level", "log from `LEVEL` on: debug, info, warn, error")
			o.set(fs, "log-format", "log.format", "log as `FORMAT`: text, json")
			return func(ctx context.Context, p *program, _ []string) error {
				c, err := o.configure(p)
				if err != nil {
					return err
				}
				if c.Web.Enabled && c.Listen == "" {
					return usage("web.enabled serves the site at the key listen, which is not set; for example listen: 127.0.0.1:8080")
				}
				if !c.Discord.Token.IsSet() && !c.Telegram.Token.IsSet() && !c.Web.Enabled {
					return usage("serve needs the token of at least one platform, and none is set.\n\n%s\n\nWithout any account, right now: footnote chat", howToGetTokens)
				}
				if err := c.checkCurators(); err != nil {
					return err
				}
				if err := p.checkProxies(); err != nil {
					return err
				}
				return serve(ctx, p, c)
			}
		},
	}
}

const howToGetTokens = `Discord:
  1. https://discord.com/developers/applications: New Application, then Bot,
     then Reset Token. No privileged intent is needed.
  2. OAuth2, URL Generator: tick the scopes bot and applications.commands and
     the permissions Send Messages, Send Messages in Threads and Read Message
     History; open the address it makes and choose your server.
  3. FOOTNOTE_DISCORD_TOKEN=... footnote serve
Telegram:
  1. Write /newbot to @BotFather in Telegram and answer its two questions.
  2. FOOTNOTE_TELEGRAM_TOKEN=... footnote serve
Instead of the variable: FOOTNOTE_DISCORD_TOKEN_FILE or FOOTNOTE_TELEGRAM_TOKEN_FILE
with the path of a file that holds the token, or the keys discord.token and
telegram.token of config.yaml.`

func serve(ctx context.Context, p *program, c Config) error {
	log := p.log
	logStart(log, c)
	r := newReporter()
	free, err := ownState(c.State, r, log)
	if err != nil {
		return err
	}
	defer free()
	door, err := listen(c, r, log)
	if err != nil {
		return err
	}
	defer door.close()
	defer context.AfterFunc(ctx, door.stop)()
	tellFiles(r, log)
	db, err := openDatabase(ctx, c, r, log)
	switch {
	case ctx.Err() != nil:
		log.Info("stopped")
		return nil
	case err != nil:
		return err
	}
	memory := openMemory(c, db, r, log)
	defer memory.Close()
	others, err := joinOthers(ctx, db, p.TTL, log)
	switch {
	case ctx.Err() != nil:
		log.Info("stopped")
		return nil
	case err != nil:
		return err
	}
	defer others.leave()
	packs := newReloader(c, newHeap(p.env, c.Matcher.Encoder), log)
	packs.together = newRollout(c, others, log)
	r.learns(packs.progress)
	log.Info("loading the packs")
	packs.heap.loading()
	defer packs.heap.loading() // nobody's limit outlives it
	m, err := packs.open(ctx, r)
	switch {
	case ctx.Err() != nil:
		log.Info("stopped")
		return nil
	case err != nil:
		return err
	}
	kept, closeLedger := openLedger(c, db, log, r)
	defer closeLedger()
	b, d := newBot(m, c, log, kept, keepState(c, db, memory, p.Now, log, r), others.share, door.observe, p.tells)
	adapters, err := adapters(c, d, memory, others.Cluster, door, p.Now, log)
	if err != nil {
		return exitError{code: exitUsage, err: err}
	}
	logPacks(log, m.Base())
	packs.watchedBy(r)
	packs.swapped = func(b *knowledge.Base) { others.announce(ctx, b, log) }
	packs.swapped(m.Base())
	door.mount(adapters)
	door.mountSite(c, d, log)
	door.watch(b, packs, others)
	r.connects(adapters)
	defer packs.start(ctx, d, m)()
	defer inOne(ctx, others.Cluster, "daily", log, func(ctx context.Context, may func() bool) { d.PostDaily(ctx, may, b.Post) })()
	if c.hearsReports() {
		defer inOne(ctx, others.Cluster, "reports", log, d.MindReports)()
	}
	if len(adapters) == 0 { // the site alone
		<-ctx.Done()
	} else if err := b.Run(ctx, adapters...); err != nil {
		log.Error("stopped", "error", err)
		return exitError{code: exitFailed}
	}
	log.Info("stopped")
	return nil
}

// logPacks tells what is answered from.
func logPacks(log *slog.Logger, base *knowledge.Base) {
	for _, x := range packVersions(base) {
		log.Info("pack loaded", "pack", x.ID, "version", x.Version, "facts", x.Facts, "from", x.From)
	}
}

// ownState takes the state folder for this serve alone, and tells at its socket how it is,
// from the start on.
func ownState(state string, r *reporter, log *slog.Logger) (free func(), err error) {
	unlock, err := occupy(state)
	switch {
	case errors.Is(err, errOccupied):
		return nil, occupied(state)
	case err != nil:
		log.Warn("the state folder cannot be kept from a second serve", "error", err)
		unlock = func() {}
	}
	quiet, err := serveHealth(state, r, log)
	if err != nil {
		unlock()
		return nil, occupied(state)
	}
	return func() {
		quiet()
		unlock()
	}, nil
}

func occupied(state string) error {
	return exitError{code: exitUsage, err: fmt.Errorf("another serve runs with the state folder %s; stop it first, or give each a folder of its own (key state, or state-local with a database)", state)}
}

// openWhile opens packs. It returns soon after ctx has ended, whatever is under way then: what
// is learned from whole packs cannot be stopped.
func openWhile(ctx context.Context, open func() (*answers.Matcher, error)) (*answers.Matcher, error) {
	type opened struct {
		m   *answers.Matcher
		err error
	}
	done := make(chan opened, 1)
	go func() {
		m, err := open()
		done <- opened{m, err}
	}()
	select {
	case o := <-done:
		return o.m, o.err
	case <-ctx.Done():
	}
	select {
	case <-done:
	case <-time.After(endWaits):
	}
	return nil, ctx.Err()
}

// openMemory opens what outlives a restart.
func openMemory(c Config, db *database, r *reporter, log *slog.Logger) *store.Store {
	var memory *store.Store
	var err error
	if db != nil {
		memory = store.Shared(db.DB)
		watchDatabase(db, r)
	} else if memory, err = store.Open(filepath.Join(c.State, stateFile)); err != nil {
		log.Warn("what should outlive a restart is kept in memory only; the key state names the folder for it", "error", err)
		r.lacks("nothing outlives a restart: " + err.Error())
		return store.Memory()
	}
	r.watch(func() string {
		if err := memory.Trouble(); err != nil {
			return "nothing outlives a restart: " + err.Error()
		}
		return ""
	})
	return memory
}

// logStart logs what is started with: a wrong file, or an address that somebody else chose,
// is seen in the first lines.
func logStart(log *slog.Logger, c Config) {
	log.Info("starting", "version", builtFrom().Version, "configuration", cmp.Or(c.File, "no file"), "state", c.where())
	usual := defaults()
	for _, x := range []struct{ key, is, usual string }{
		{"discord.endpoint", c.Discord.Endpoint, usual.Discord.Endpoint},
		{"telegram.endpoint", c.Telegram.Endpoint, usual.Telegram.Endpoint},
	} {
		if x.is != x.usual {
			log.Info("the token goes to an address of your own", "key", x.key, "address", x.is)
		}
	}
}

// stateFile is the file in the folder of the key state, and stateKey the one
// beside it without which nobody can tell of whom it holds anything.
const (
	stateFile = "footnote.db"
	stateKey  = stateFile + ".key"
)

// keepState makes what is chosen with /settings, and which messages wait for their
// answer, outlive the process, for newBot.
func keepState(c Config, db *database, memory *store.Store, now func() time.Time, log *slog.Logger, r *reporter) func(*botConfig) {
	secret, err := stateSecret(c, db, memory, log)
	if err != nil {
		log.Warn("what people choose with /settings is kept in memory only, and after a crash nobody is told that a message was lost; the key state names the folder for it", "error", err)
		r.lacks("settings outlive no restart, and after a crash nobody is told that a message was lost: " + err.Error())
		return func(*botConfig) {}
	}
	forgetReports(c, memory, log)
	return func(b *botConfig) {
		b.dialog.Settings = store.Keyed(memory.In("settings"), secret)
		b.dialog.Daily = store.Hidden(memory.In("daily"), store.NewSeal(secret, "daily"))
		if c.hearsReports() {
			b.dialog.Reports = reportsIn(memory, secret, c.Curators.Desk && memory.Lasts(), now)
		}
		b.dialog.Scores = store.Keyed(memory.In("scores"), secret)
		b.delivery.Unanswered = store.Sealed(memory.In("unanswered"), secret)
		b.dialog.StoresUnanswered = true
	}
}

// stateSecret is the key beside the state.
func stateSecret(c Config, db *database, memory *store.Store, log *slog.Logger) ([]byte, error) {
	if db != nil {
		return db.secret, nil
	}
	path := filepath.Join(c.State, stateKey)
	_, missing := os.Stat(path)
	secret, err := store.Secret(path)
	if err == nil && errors.Is(missing, fs.ErrNotExist) {
		err = forgetOrphans(memory, path, log)
	}
	return secret, err
}

// forgetOrphans deletes what was kept under a key that is gone: nobody could find it, and
// so nobody could have it deleted.
func forgetOrphans(memory *store.Store, key string, log *slog.Logger) error {
	n := 0
	for _, name := range append(reports.Spaces(), "settings", "daily", "scores", "unanswered", "owed") { // the last is of older programs
		m, err := memory.Clear(context.Background(), name)
		if err != nil {
			return err
		}
		n += m
	}
	if n > 0 {
		log.Warn("the key of the state was not there, so a new one was made, and what was kept under the old one is deleted: nobody could have asked for that", "key", key, "values", n)
	}
	return nil
}

// tells has a bot go by the program's clock, for newBot.
func (p *program) tells(b *botConfig) { b.delivery.Now, b.dialog.Now = p.Now, p.Now }

// A botConfig is what a bot is made of: what is said, and how it is delivered.
type botConfig struct {
	dialog   dialog.Config
	delivery bot.Config
}

// newBot makes the bot that serve and chat run, with its dialog; change adapts what
// is not in the configuration.
func newBot(m *answers.Matcher, c Config, log *slog.Logger, change ...func(*botConfig)) (*bot.Bot, *dialog.Dialog) {
	b := botConfig{
		dialog: dialog.Config{Answerer: m, Log: log, Version: builtFrom().Version},
		delivery: bot.Config{
			Log:       log,
			Limits:    bot.Limits{PersonPerMinute: c.Limits.PersonPerMinute, ChatPerMinute: c.Limits.ChatPerMinute},
			KeepGoing: c.Serve.KeepGoing,
		},
	}
	if c.Web.URL != "" {
		b.dialog.Page = func(f *knowledge.Fact) string { return web.Permalink(c.Web.URL, f) }
	}
	for _, x := range []struct {
		on bot.Platform
		id string
	}{{discord.Platform, c.Curators.Discord}, {telegram.Platform, c.Curators.Telegram}} {
		if x.id != "" {
			b.dialog.Curators = append(b.dialog.Curators, bot.Place{Platform: x.on, Chat: bot.ChatID(x.id)})
		}
	}
	for _, f := range change {
		f(&b)
	}
	d := dialog.New(b.dialog)
	b.delivery.Handler = d
	delivers := bot.New(b.delivery)
	d.Connect(delivers.Post)
	return delivers, d
}

// adapters makes one for every platform that has a token. A new platform is
// added here.
func adapters(c Config, d *dialog.Dialog, memory *store.Store, together cluster.Cluster, door *listener, now func() time.Time, log *slog.Logger) (all []bot.Adapter, err error) {
	if c.Discord.Token.IsSet() {
		a, err := discord.New(discord.Config{
			Token:      c.Discord.Token,
			Endpoint:   c.Discord.Endpoint,
			APIVersion: c.Discord.APIVersion,
			Shards:     c.Discord.Shards,
			PublicKey:  c.Discord.PublicKey,
			Logger:     log,
			Commands:   d.Commands(),
			Suggester:  d,
			Busy:       d.Busy,
			Store:      memory.In("discord"),
			Cluster:    together,
			Observe:    door.calls(discord.Platform),
			Now:        now,
		})
		if err != nil {
			return nil, err
		}
		all = append(all, a)
	}
	if c.Telegram.Token.IsSet() {
		telegram.QuietLibrary(log, c.Telegram.Token)
		a, err := telegram.New(telegram.Config{
			Token:     c.Telegram.Token,
			Endpoint:  c.Telegram.Endpoint,
			Logger:    log,
			Cluster:   together,
			Store:     memory.In("telegram"),
			Webhook:   c.Telegram.Webhook,
			Observe:   door.calls(telegram.Platform),
			Now:       now,
			Commands:  d.Commands(),
			Suggester: d,
			Moved:     d.Moved,
		})
		if err != nil {
			return nil, err
		}
		all = append(all, a)
	}
	return all, nil
}
