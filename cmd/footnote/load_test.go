package main

import (
	"context"
	"flag"
	"fmt"
	"maps"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"footnote/answers/parse"
	"footnote/bot/bottest"
	"footnote/bot/discord/discordtest"
	"footnote/bot/telegram/telegramtest"
	"footnote/knowledge"

	"github.com/bwmarrin/discordgo"
	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

// Loads: "footnote serve" as a process of its own with the embedded pack, asked
// the questions of the pack's own eval.yaml, and beside it, as another process
// before the same fake, what the library's own example is: a bot that echoes.
//
//	go test ./cmd/footnote -run '^$' -bench Load -benchtime 20000x -count 5
//	go test ./cmd/footnote -run TestLoad -v -load.messages 200000 -load.chats 5000

var (
	loadMessages = flag.Int("load.messages", 100, "messages of TestLoad on each platform")
	loadChats    = flag.Int("load.chats", 30, "chats they come from")
)

// long is for tests that wait for long, or keep the processors busy, and whose subject few changes
// touch. .ci/run sets it.
var long = flag.Bool("long", false, "run also what go test leaves out because it takes long")

// onlyLong skips a test without -long.
func onlyLong(t *testing.T) {
	t.Helper()
	if !*long {
		t.Skip("-long runs it, as .ci/run does")
	}
}

// asEcho makes the test binary be a bare echo bot on the platform it names.
const asEcho = "RUN_AS_ECHO"

// A front is one fake platform with a crowd before it.
type front struct {
	crowd *bottest.Crowd
	env   []string // with which a bot finds it
	ready func(context.Context) error
	fake  *telegramtest.Server // of telegramFront
	guild *discordtest.Server  // of discordFront
}

var fronts = []struct {
	name string
	open func(t testing.TB, chats int, delay time.Duration) front
}{
	{"telegram", telegramFront},
	{"discord", discordFront},
}

func telegramFront(t testing.TB, chats int, delay time.Duration) front {
	crowd := bottest.NewCrowd(chats)
	s := telegramtest.Start(t, telegramtest.Options{Bare: true, Delay: delay, OnSent: func(m telegramtest.Sent) {
		crowd.Answered(telegramtest.Ordinal(m.Chat), m.ReplyTo)
	}})
	people := make([]telegramtest.Person, chats)
	for i := range people {
		people[i] = s.Person(fmt.Sprint("person ", i))
	}
	crowd.Say = func(chat int, text string) int64 { return s.Ask(people[chat], text) }
	return front{crowd: crowd, env: telegramEnv(s), ready: s.WaitPolling, fake: s}
}

// webhookFront is telegramFront with updates that come in over HTTP.
func webhookFront(t testing.TB, chats int) front {
	f := telegramFront(t, chats, 0)
	at := freeAddress(t)
	f.env = append(f.env, "FOOTNOTE_LISTEN="+at, "FOOTNOTE_TELEGRAM_WEBHOOK=http://"+at)
	f.ready = f.fake.WaitWebhook
	return f
}

// freeAddress is where a process can listen.
func freeAddress(t testing.TB) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	return l.Addr().String()
}

func discordFront(t testing.TB, chats int, delay time.Duration) front {
	return discordFrontWith(t, chats, discordtest.Options{Delay: delay}, (*discordtest.Server).Ask)
}

// shardFront is discordFront with people who mention the bot on many servers, so that what they
// say comes over all shards.
func shardFront(t testing.TB, chats, shards int) front {
	const servers = 60
	names := make(map[string]string, chats)
	for i := range chats {
		names[fmt.Sprint("person ", i)] = fmt.Sprint("server ", i%servers)
	}
	o := discordtest.Options{Shards: shards, Concurrency: 16}
	return discordFrontWith(t, chats, o, func(s *discordtest.Server, from, text string) string { return s.AskIn(names[from], from, text) })
}

func discordFrontWith(t testing.TB, chats int, o discordtest.Options, ask func(s *discordtest.Server, from, text string) string) front {
	crowd := bottest.NewCrowd(chats)
	o.Bare = true
	o.OnSent = func(p discordtest.Sent) {
		chat, _ := strconv.Atoi(strings.TrimPrefix(p.User, "person "))
		to, _ := strconv.ParseInt(p.ReplyTo, 10, 64)
		crowd.Answered(chat, to)
	}
	s := discordtest.Start(t, o)
	people := make([]string, chats)
	for i := range people {
		people[i] = fmt.Sprint("person ", i)
	}
	crowd.Say = func(chat int, text string) int64 {
		id, _ := strconv.ParseInt(ask(s, people[chat], text), 10, 64)
		return id
	}
	return front{crowd: crowd, env: discordEnv(s), ready: s.Ready, guild: s}
}

// examination are the questions of the embedded pack's eval.yaml, those to be
// declined included.
func examination(t testing.TB) []string {
	base, err := knowledge.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, p := range base.Packs {
		for _, c := range p.Eval.Find {
			if len(parse.Questions(c.Question)) == 1 { // two have two replies
				all = append(all, c.Question)
			}
		}
		for _, c := range p.Eval.Decline {
			if strings.TrimSpace(c.Question) != "" && len(c.Question) < 4096 && len(parse.Questions(c.Question)) == 1 { // nobody can send the others, and two have two replies
				all = append(all, c.Question)
			}
		}
	}
	return all
}

// neverTheSame ends each question in punctuation of its own, which changes nothing
// about what it asks.
func (f front) neverTheSame() {
	say, n := f.crowd.Say, 0
	f.crowd.Say = func(chat int, text string) int64 {
		n++
		for i := n; i > 0; i /= 4 {
			text += "?!.,"[i%4:][:1]
		}
		return say(chat, text)
	}
}

// A loaded is a bot under load.
type loaded struct {
	*exec.Cmd
	log  *bottest.Log
	took time.Duration // processor time so far
}

// load starts a bot before f: what the test binary is with env.
func (f front) load(t testing.TB, env []string, args ...string) *loaded {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	x := &loaded{Cmd: exec.Command(self, args...), log: &bottest.Log{}}
	x.Env = append(append([]string{"FOOTNOTE_STATE=" + t.TempDir(), "FOOTNOTE_LOG_LEVEL=warn", "HOME=" + t.TempDir()}, f.env...), env...)
	x.Stdout, x.Stderr = x.log, x.log
	if err := x.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = x.Process.Signal(syscall.SIGTERM)
		_ = x.Wait()
		if t.Failed() {
			t.Logf("the bot wrote:\n%s", x.log)
		}
	})
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if err := f.ready(ctx); err != nil {
		t.Fatalf("the bot does not come: %v", err)
	}
	x.processor()
	return x
}

// serve starts footnote before f without limits, which one person asking for a
// whole crowd would meet.
func (f front) serve(t testing.TB, encoder string) *loaded {
	return f.load(t, []string{asProcess + "=1", "FOOTNOTE_MATCHER_ENCODER=" + encoder,
		"FOOTNOTE_LIMITS_PERSON_PER_MINUTE=0", "FOOTNOTE_LIMITS_CHAT_PER_MINUTE=0"}, "serve")
}

// processor is the processor time that the bot took since the last call; 0 where
// the system does not tell.
func (x *loaded) processor() time.Duration {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", x.Process.Pid))
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(stat), ") ")
	fields := strings.Fields(rest)
	user, _ := strconv.Atoi(fields[11])
	system, _ := strconv.Atoi(fields[12])
	const tick = time.Second / 100 // USER_HZ, on every Linux that Go runs on
	total := time.Duration(user+system) * tick
	d := total - x.took
	x.took = total
	return d
}

// memory is the most memory that the bot had in use, in MB; 0 where the system
// does not tell.
func (x *loaded) memory() float64 {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", x.Process.Pid))
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(status), "VmHWM:")
	kB, _ := strconv.Atoi(strings.Fields(rest + " 0")[0])
	return float64(kB) / 1000
}

// BenchmarkLoad is what passes through: with nothing between the bot and the
// platform, where processors are the limit, and with messages that take two
// milliseconds to post, a tenth of what the platforms take.
func BenchmarkLoad(b *testing.B) {
	for _, platform := range fronts {
		for _, network := range []struct {
			name  string
			delay time.Duration
		}{{"loopback", 0}, {"2ms", 2 * time.Millisecond}} {
			for _, x := range loadedBots {
				b.Run(platform.name+"/"+network.name+"/"+x.name, func(b *testing.B) {
					f := platform.open(b, 500, network.delay)
					f.crowd.Questions = examination(b)
					x := x.begin(f, platform.name, b)
					f.crowd.Each(b)
					x.processor()
					b.ResetTimer()
					f.crowd.Ask(b, b.N, bottest.AtOnce)
					b.StopTimer()
					x.report(b)
					b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "messages/s")
					b.ReportMetric(100*float64(f.crowd.Disorder())/float64(b.N), "%disorder")
				})
			}
		}
	}
}

// BenchmarkOneLoad is one question at a time: what the bot adds to the way there
// and back.
func BenchmarkOneLoad(b *testing.B) {
	for _, platform := range fronts {
		for _, x := range loadedBots {
			b.Run(platform.name+"/"+x.name, func(b *testing.B) {
				f := platform.open(b, 50, 0)
				f.crowd.Questions = examination(b)
				x := x.begin(f, platform.name, b)
				f.crowd.Each(b)
				x.processor()
				b.ResetTimer()
				f.crowd.Ask(b, b.N, 1)
				b.StopTimer()
				x.report(b)
				b.ReportMetric(float64(f.crowd.Quantile(.5).Microseconds()), "p50-µs")
				b.ReportMetric(float64(f.crowd.Quantile(.99).Microseconds()), "p99-µs")
			})
		}
	}
}

var loadedBots = []struct {
	name  string
	begin func(f front, platform string, t testing.TB) *loaded
}{
	// The examination over and over, as on an evening when many ask the same.
	{"footnote", func(f front, _ string, t testing.TB) *loaded { return f.serve(t, "off") }},
	// No question as it was before, so that each has to be understood.
	{"footnote-different", func(f front, _ string, t testing.TB) *loaded { f.neverTheSame(); return f.serve(t, "off") }},
	{"footnote-encoder-different", func(f front, _ string, t testing.TB) *loaded { f.neverTheSame(); return f.serve(t, "on") }},
	{"echo", func(f front, platform string, t testing.TB) *loaded {
		return f.load(t, []string{asEcho + "=" + platform})
	}},
}

// report tells what the bot alone took.
func (x *loaded) report(b *testing.B) {
	b.ReportMetric(float64(x.processor().Microseconds())/float64(b.N), "cpu-µs/op")
	b.ReportMetric(x.memory(), "peak-MB")
}

// TestLoad: none is lost, none doubled, each chat keeps its order, and memory is
// bounded, with the real program and real questions.
func TestLoad(t *testing.T) {
	// MB: 106 to 138 were seen, and 10 more beside other tests.
	const most = 155
	t.Parallel() // it waits more than it works
	open := map[string]func() front{"telegram over a webhook": func() front { return webhookFront(t, *loadChats) }}
	for _, platform := range fronts {
		open[platform.name] = func() front { return platform.open(t, *loadChats, 0) }
	}
	for _, name := range slices.Sorted(maps.Keys(open)) {
		t.Run(name, func(t *testing.T) {
			f := open[name]()
			f.crowd.Questions = examination(t)
			x := f.serve(t, "off")
			f.crowd.Each(t)
			x.processor()
			began := time.Now()
			f.crowd.Ask(t, *loadMessages, bottest.AtOnce)
			d := time.Since(began)
			f.crowd.Check(t, *loadChats+*loadMessages)
			if mb := x.memory(); mb > most && !underRace() {
				t.Errorf("the bot took %.0f MB, at most %d", mb, most)
			}
			t.Logf("%d messages of %d chats in %v: %.0f a second, %v with %d in flight; the bot alone took %v of processor time a message and %.0f MB at most",
				*loadMessages, *loadChats, d.Round(time.Millisecond), float64(*loadMessages)/d.Seconds(), f.crowd, bottest.AtOnce,
				(x.processor() / time.Duration(*loadMessages)).Round(time.Microsecond), x.memory())
		})
	}
}

// underRace reports whether the test was built with the race detector, which takes
// several times the memory.
func underRace() bool {
	info, ok := debug.ReadBuildInfo()
	return ok && slices.Contains(info.Settings, debug.BuildSetting{Key: "-race", Value: "true"})
}

// echo is the bot that the library's own example is, on the library's defaults.
// It ends with a signal.
func echo(platform string) {
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM)
	env := func(key string) string { return os.Getenv("FOOTNOTE_" + strings.ToUpper(platform) + "_" + key) }
	var err error
	switch platform {
	case "telegram":
		err = echoTelegram(env("TOKEN"), env("ENDPOINT"))
	case "discord":
		err = echoDiscord(env("TOKEN"), env("ENDPOINT"))
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	<-stop
	os.Exit(0)
}

func echoTelegram(token, endpoint string) error {
	api, err := tgbotapi.NewBotAPIWithAPIEndpoint(token, endpoint+"/bot%s/%s")
	if err != nil {
		return err
	}
	c := tgbotapi.NewUpdate(0)
	c.Timeout = 50
	updates := api.GetUpdatesChan(c)
	go func() {
		for u := range updates {
			m := tgbotapi.NewMessage(u.Message.Chat.ID, u.Message.Text)
			m.ReplyToMessageID = u.Message.MessageID
			if _, err := api.Send(m); err != nil {
				fmt.Fprintln(os.Stderr, err)
			}
		}
	}()
	return nil
}

func echoDiscord(token, endpoint string) error {
	// This process is the echo bot's own, so the library's variables are too.
	discordgo.EndpointGateway = endpoint + "/v9/gateway"
	discordgo.EndpointChannels = endpoint + "/v9/channels/"
	s, err := discordgo.New("Bot " + token)
	if err != nil {
		return err
	}
	s.Identify.Intents = discordgo.IntentGuildMessages | discordgo.IntentDirectMessages
	s.AddHandler(func(s *discordgo.Session, m *discordgo.MessageCreate) {
		if _, err := s.ChannelMessageSendReply(m.ChannelID, m.Content, m.Reference()); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
	})
	return s.Open()
}
