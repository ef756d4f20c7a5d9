package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"footnote/bot/discord/discordtest"
	"footnote/bot/telegram/telegramtest"
)

// both is one program that serves one person on both platforms.
type both struct {
	t      *testing.T
	ctx    context.Context
	peer   *telegramtest.Server
	guild  *discordtest.Server
	served *served
	ann    telegramtest.Person
	n      int
}

// serveBoth starts it with a pack, "" for the one inside the program, and more env.
func serveBoth(t *testing.T, pack string, env ...string) *both {
	ctx, cancel := context.WithTimeout(t.Context(), 6*patience) // for a hundred turns, with the race detector on a busy machine
	t.Cleanup(cancel)
	b := &both{t: t, ctx: ctx, peer: telegramtest.Start(t, telegramtest.Options{}), guild: discordtest.Start(t, discordtest.Options{})}
	b.ann = b.peer.Person("ann")
	b.ann.Lang = "" // as in a message on Discord: then the question tells
	s := startServe(t, slices.Concat(telegramEnv(b.peer), discordEnv(b.guild), env,
		[]string{"FOOTNOTE_KNOWLEDGE=" + pack, "FOOTNOTE_LIMITS_PERSON_PER_MINUTE=0", "FOOTNOTE_LOG_LEVEL=info"}))
	b.served = s
	t.Cleanup(func() {
		s.stop()
		s.wait(t)
	})
	if err := b.guild.Ready(b.ctx); err != nil {
		t.Fatal(err)
	}
	return b
}

// says says text on both platforms and returns what is read there, buttons included.
func (b *both) says(text string) (telegram, discord string) {
	b.t.Helper()
	b.n++
	b.peer.Say(b.ann, b.peer.Private(b.ann), text, nil)
	b.guild.DM("ann", text)
	sent, err := b.peer.WaitSent(b.ctx, b.n)
	if err != nil {
		b.t.Fatalf("Telegram: no reply to %q: %v", text, err)
	}
	posts, err := b.guild.WaitSent(b.ctx, b.n)
	if err != nil {
		b.t.Fatalf("Discord: no reply to %q: %v", text, err)
	}
	var on, at []string
	for _, row := range sent[b.n-1].Buttons {
		for _, x := range row {
			if x.Copy == nil { // which only Telegram has
				on = append(on, "["+x.Text+"]")
			}
		}
	}
	for _, x := range posts[b.n-1].Buttons {
		at = append(at, "["+x.Label+"]")
	}
	return asRead(sent[b.n-1].Text) + "\n" + strings.Join(on, " "), asRead(posts[b.n-1].Text) + "\n" + strings.Join(at, " ")
}

// unseen are what the adapters put in, each where its platform would make something
// of a text, and nobody sees.
var unseen = strings.NewReplacer("\u2060", "", "\u200b", "")

// asRead is a reply without what is each platform's own: how quotations are marked,
// and the blanks at the ends of lines, which neither shows.
func asRead(s string) string {
	lines := strings.Split(unseen.Replace(s), "\n")
	for i, line := range lines {
		lines[i] = strings.TrimSpace(strings.TrimLeft(line, "> "))
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}

// TestBothPlatformsSayTheSame plays one conversation on both, over every status, the
// sure, unsure and declined answers and what hangs on them, and holds both against one file.
func TestBothPlatformsSayTheSame(t *testing.T) {
	var got strings.Builder
	play := func(pack string, turns ...string) {
		b := serveBoth(t, pack)
		fmt.Fprintf(&got, "# %s\n\n", cmp.Or(pack, "the pack inside the program"))
		for _, says := range turns {
			telegram, discord := b.says(says)
			if telegram != discord {
				t.Errorf("the reply to %q on Telegram:\n%s\non Discord:\n%s", says, telegram, discord)
			}
			fmt.Fprintf(&got, "> %s\n%s\n\n", says, telegram)
		}
	}
	play("testdata/both", "When was the quay of Sandvik built?", "/source", "/source 1", "/why", "tell me more",
		"How high was the tower of Sandvik?", "What caused the fire in the tower of Sandvik?", "/source",
		"What did the ferry of Sandvik cost?", "/source", "Was a whale stranded at Sandvik?", "/source", "Когда построили причал в Сандвике?",
		"Who painted the ceiling of the opera?", "/why", "/check The quay is old. What caused the fire in the tower of Sandvik?",
		"/search quay", "/topics", "/topics tower", "/source bibtex", "/about", "/privacy", "/forget", "/why", "thanks", "???", "/start f_whale", "/start f_gone")
	play("", "Brezhnev", "/why", "2", "what about Hitler?")
	const file = "testdata/both.txt"
	text := regexp.MustCompile(`Footnote \S+: every`).ReplaceAllString(got.String(), "Footnote VERSION: every")
	if *update {
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil || text != string(want) {
		t.Errorf("%s differs (%v); look at it, then run\ngo test ./cmd/footnote -run BothPlatforms -update\n\n%s", file, err, text)
	}
}

// hostile are pieces of the packs of TestHostilePacks: what either platform, a client
// or a terminal would make something of, and what is hard to count and to cut.
var hostile = []string{
	"@everyone ", "@durov ", "<@1574400764648964161>", "<@&15>", "<#15>", "</ask:1574400764648964161>", "<t:1700000000:R>", "<:x:1574400764648964161>", "<id:guide>", ":tada:",
	"**b**", "__u__", "*i*", "~~s~~", "||h||", "`c`", "```\nf\n```", "\n# h", "\n-# s", "\n> q", "\n- l", "\n1. n", "[x](https://evil.example)", "\\", "_",
	"<b>b</b>", "</blockquote>", `<a href="https://evil.example">x</a>`, "&amp;", "&lt;", "&#64;", "<!--", "tg://resolve?domain=durov", "http://evil.example", "https://evil.example/a_b",
	"discord.gg/abc", "evil.example ", "mail@evil.example ", "#tag ", "$USD ", " /start ", "+1 212 555 0100 ", "4111 1111 1111 1111 ",
	"שלום", "\u202Eevil\u202C", "\u2066x\u2069", "\u200F", "👨‍👩‍👧‍👦", "🏳️‍🌈", "e\u0301\u0301\u0301", "\u200b", "\u00ad", "\u3164", "字", "ж", "word ", "a",
}

// hostileText is made of hostile pieces up to exactly max characters.
func hostileText(r *rand.Rand, max int) string {
	var all []rune
	for len(all) < max {
		all = append(all, []rune(hostile[r.IntN(len(hostile))])...)
	}
	all = all[:max]
	all[0], all[max-1] = 'A', 'z' // blanks at the ends are trimmed
	return string(all)
}

// hostilePack writes a pack as hostile as the format allows, with answers at its limit.
func hostilePack(t *testing.T, seed uint64) (dir string, n int) {
	r := rand.New(rand.NewPCG(seed, 4))
	dir = t.TempDir()
	put := func(name string, v any) { // JSON is YAML
		raw, err := json.Marshal(v)
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, name), raw, 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	type m = map[string]any
	put("pack.yaml", m{"schema": "footnote/1", "id": "hostile", "title": hostileText(r, 60), "version": "1.0.0", "license": "CC0-1.0", "languages": []string{"en"}, "scope-note": hostileText(r, 400)})
	var sources, all []m
	for i := range 4 {
		s := m{"id": fmt.Sprint("s", i), "type": "webpage", "title": hostileText(r, 80), "author": []m{{"family": hostileText(r, 20), "given": hostileText(r, 20)}}, "accessed": "2020-05-01"}
		s["URL"] = []string{"https://example.org/a_b*c?d=@e#f", "http://evil.example/x", "tg://resolve?domain=durov", "https://example.org/" + strings.Repeat("x", 600)}[i]
		sources = append(sources, s)
	}
	put("sources.yaml", m{"references": sources})
	const facts = 24
	for i := range facts {
		status := []string{"established", "attributed", "disputed", "citation-needed", "retracted", "established"}[i%6]
		cite := func(n int) []m {
			return []m{{"source": fmt.Sprint("s", n%4), "locator": m{"label": "page", "value": "1"}, "quote": hostileText(r, 100)}, {"source": fmt.Sprint("s", (n+1)%4)}}
		}
		f := m{"id": fmt.Sprint("fact-", i), "status": status, "topics": []string{hostileText(r, 30)}, "questions": []string{fmt.Sprintf("Question %d %s?", i, hostileText(r, 80))},
			"answer": hostileText(r, 300), "detail": hostileText(r, 1500), "people": []string{hostileText(r, 40)}, "cites": cite(i), "related": []string{fmt.Sprint("fact-", (i+1)%facts)}}
		switch status {
		case "attributed":
			f["according-to"] = hostileText(r, 60)
		case "disputed":
			f["positions"] = []m{{"holder": hostileText(r, 40), "claim": hostileText(r, 250), "cites": cite(i)}, {"holder": hostileText(r, 40), "claim": hostileText(r, 250), "cites": cite(i + 1)}}
		case "citation-needed":
			delete(f, "cites")
		}
		all = append(all, f)
	}
	put("facts.yaml", m{"facts": all})
	return dir, len(all)
}

// TestHostilePacks: whatever is in a pack, both platforms take every reply (the fakes
// fail the test at anything over a limit, ill-formed, live or pinging), and both
// show the same text unless one of them had to shorten it.
func TestHostilePacks(t *testing.T) {
	for _, seed := range []uint64{0, 3, 8, 14} { // the last three have found something
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			pack, facts := hostilePack(t, seed)
			b := serveBoth(t, pack, "FOOTNOTE_MATCHER_ENCODER=off") // facts are asked for by their ids
			for i := range facts {
				for _, says := range []string{fmt.Sprint("/ask fact-", i), "/source", "/search fact-" + fmt.Sprint(i), "tell me more"} {
					telegram, discord := b.says(says)
					if telegram != discord && !strings.Contains(discord, "…") {
						t.Errorf("the reply to %q on Telegram:\n%q\non Discord:\n%q", says, telegram, discord)
					}
				}
			}
			for _, says := range []string{"/topics", "/about", "/help", "/corrections", "/source all ris"} {
				b.says(says)
			}
		})
	}
}
