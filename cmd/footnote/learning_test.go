package main

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"footnote/answers/lexicon"
	"footnote/bot/bottest"
	"footnote/bot/telegram/telegramtest"
)

// Packs that take a while to learn, and what a program does meanwhile.

// generatedPack writes a pack of n facts of three phrasings. But for the year that ends
// each there are so many different ones, since fewer take less time to learn.
func generatedPack(t *testing.T, n, different, unanswered int) string {
	t.Helper()
	rng := rand.New(rand.NewPCG(7, uint64(n)))
	lex := lexicon.English()
	word := func() string {
		for {
			if w := lex.Word(400 + rng.IntN(20_000)); w != "" {
				return w
			}
		}
	}
	texts := make([]string, different)
	for i := range texts {
		texts[i] = fmt.Sprintf("%s %s %s near the %s of %s", []string{"who saw the", "when did the", "where was the", "why did the"}[rng.IntN(4)], word(), word(), word(), word())
	}
	var b strings.Builder
	b.WriteString("facts:\n")
	for i := range n {
		fmt.Fprintf(&b, "  - id: fact-%d\n    status: citation-needed\n    questions:\n", i)
		for k := range 3 {
			fmt.Fprintf(&b, "      - %q\n", fmt.Sprintf("%s in %d?", texts[(i*3+k)%different], 1000+(i*3+k)/different))
		}
		fmt.Fprintf(&b, "    answer: %q\n", "It was the "+texts[i*3%different])
	}
	files := map[string]string{
		"pack.yaml":    "schema: footnote/1\nid: generated\ntitle: Generated\nversion: 1.0.0\nlanguages: [en]\n",
		"sources.yaml": "references:\n  - {id: a, type: book, title: A}\n",
		"facts.yaml":   b.String(),
	}
	if unanswered > 0 {
		b.Reset()
		b.WriteString("unanswered:\n")
		for range unanswered {
			fmt.Fprintf(&b, "  - who took the %s %s to the %s?\n", word(), word(), word())
		}
		files["unanswered.yaml"] = b.String()
	}
	return inFolder(t, files)
}

// learnedTexts are the texts whose vectors are in dir, by what their records begin with.
func learnedTexts(t *testing.T, dir string) map[string]bool {
	t.Helper()
	const head, record, key = 32, 16 + 4 + 384 + 8, 16 // as answers/vectors.go says
	data, err := os.ReadFile(filepath.Join(dir, "texts.vectors"))
	if os.IsNotExist(err) || err == nil && len(data) < head { // it is just being made
		return nil
	}
	if err != nil || (len(data)-head)%record != 0 {
		t.Fatalf("%d bytes: %v", len(data), err)
	}
	all := map[string]bool{}
	for at := head; at < len(data); at += record {
		k := string(data[at : at+key])
		if all[k] {
			t.Error("a text was learned twice")
		}
		all[k] = true
	}
	return all
}

// until waits until what is so.
func until(t *testing.T, what string, is func() bool) {
	t.Helper()
	for late := time.Now().Add(patience); !is(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(late) {
			t.Fatalf("%s: it did not come", what)
		}
	}
}

// A serve that is stopped while it learns ends at once, and the next one goes on from
// there.
func TestServeStopsWhileItLearns(t *testing.T) {
	t.Parallel() // it waits more than it works
	dir, state := generatedPack(t, 1500, 450, 0), t.TempDir()
	learned := filepath.Join(state, "learned")
	before := 0
	peer := telegramtest.Start(t, telegramtest.Options{})
	ann := peer.Person("ann")
	for run := range 2 {
		cmd, out := process(t, append(telegramEnv(peer), "FOOTNOTE_KNOWLEDGE="+dir, "FOOTNOTE_STATE="+state, "FOOTNOTE_MATCHER_CACHE="+learned), "serve")
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		peer.Say(ann, peer.Private(ann), "/about", nil)
		if err := peer.WaitCount(patiently(t), "sendMessage", run+1); err != nil {
			t.Fatalf("it answers nothing while it learns: %v", err)
		}
		until(t, "more texts", func() bool { return len(learnedTexts(t, learned)) > before })
		began := time.Now()
		if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
			t.Fatal(err)
		}
		if code := exitCode(t, cmd); code != exitOK || time.Since(began) > 10*time.Second {
			t.Errorf("exit %d after %v", code, time.Since(began))
		}
		t.Logf("it ended after %v", time.Since(began))
		if s := out.String(); !strings.Contains(s, "until they are, answers go by words alone") || strings.Contains(s, "the packs are learned") || strings.Contains(s, "level=ERROR") {
			t.Error("the log does not tell")
		}
		before = len(learnedTexts(t, learned))
	}
}

// A pack that changes while it is learned is taken, and what was learned by then is of use.
func TestReloadWhileLearning(t *testing.T) {
	t.Parallel() // it waits more than it works
	dir := generatedPack(t, 300, 300, 0)
	in, say := io.Pipe()
	out, log := &bottest.Log{}, &bottest.Log{}
	ended := make(chan int, 1)
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		ended <- run(ctx, []string{"chat", "--knowledge", dir}, []string{"FOOTNOTE_LOG_LEVEL=debug", "FOOTNOTE_MATCHER_CACHE=" + t.TempDir()}, stdio{In: in, Out: out, Err: log})
	}()
	defer func() {
		cancel()
		_ = say.Close()
		<-ended
	}()
	log.WaitNext(t, "The pack is large and is being learned")
	log.WaitNext(t, "until they are, answers go by words alone")
	change(t, filepath.Join(dir, "facts.yaml"), "id: fact-0\n", "id: fact-zero\n")
	log.WaitNext(t, "pack reloaded")
	if strings.Contains(log.String(), "the packs are learned") {
		t.Skip("this machine learns faster than it notices changes")
	}
	if _, err := io.WriteString(say, "/about\n"); err != nil {
		t.Fatal(err)
	}
	out.WaitNext(t, "facts: 300")
	change(t, filepath.Join(dir, "facts.yaml"), "id: fact-zero\n", "id: fact-0\n")
	log.WaitNext(t, "pack reloaded")
	if strings.Contains(log.String(), "level=ERROR") {
		t.Error(log.String())
	}
}

// ask waits a little for a large pack, answers, and keeps what it has learned. It runs as
// processes that yield to whoever else is there, since it learns as fast as it can while it waits.
func TestAskLearnsWhileItAnswers(t *testing.T) {
	onlyLong(t) // it waits as long as ask does, twice, and learns meanwhile
	t.Parallel()
	dir, caches := generatedPack(t, 10_000, 300, 0), t.TempDir()
	question := firstQuestion(t, dir)
	env := []string{"XDG_CACHE_HOME=" + caches, "HOME=" + caches, "LocalAppData=" + caches, "FOOTNOTE_STATE=" + filepath.Join(caches, "none"), "FOOTNOTE_MATCHER_CACHE=" + caches, asProcess + "=" + thatReads}
	ask := func(args ...string) (cmd *exec.Cmd, said, log *bottest.Log) {
		t.Helper()
		cmd, said = process(t, env, append([]string{"ask", "--knowledge", dir}, args...)...)
		log = &bottest.Log{}
		cmd.Stderr = log
		yield(cmd)
		return cmd, said, log
	}
	cmd, said, log := ask(question)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if code := exitCode(t, cmd); code != exitOK || !strings.Contains(said.String(), "It was the") {
		t.Errorf("exit %d: %s", code, said)
	}
	if errs := log.String(); strings.Count(errs, "\n") != 1 || !strings.Contains(errs, "answers go by words alone") || !strings.Contains(errs, "is kept") {
		t.Errorf("standard error: %s", errs)
	}
	folder := filepath.Dir(firstFile(t, caches, "texts.vectors"))
	first := len(learnedTexts(t, folder))

	cmd, said, log = ask()
	say, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(say, question+"\n"); err != nil {
		t.Fatal(err)
	}
	log.WaitNext(t, "being learned while you ask")
	until(t, "more texts", func() bool { return len(learnedTexts(t, folder)) > first })
	_ = say.Close()
	ended := time.Now()
	if code := exitCode(t, cmd); code != exitOK || !strings.Contains(said.String(), "It was the") {
		t.Errorf("exit %d: %s", code, said)
	}
	if took := time.Since(ended); took > 10*time.Second {
		t.Errorf("it ended %v after its input", took)
	}
}

// yield makes a process that is not started yet work when nobody else does, where there is nice.
func yield(cmd *exec.Cmd) {
	if nice, err := exec.LookPath("nice"); err == nil {
		cmd.Args = append([]string{nice, "-n", "19", cmd.Path}, cmd.Args[1:]...)
		cmd.Path = nice
	}
}

func firstQuestion(t *testing.T, dir string) string {
	t.Helper()
	_, rest, _ := strings.Cut(readText(t, filepath.Join(dir, "facts.yaml")), "- \"")
	q, _, _ := strings.Cut(rest, "\"")
	return q
}

func firstFile(t *testing.T, dir, name string) (path string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(p string, _ os.DirEntry, err error) error {
		if filepath.Base(p) == name {
			path = p
		}
		return err
	})
	if err != nil || path == "" {
		t.Fatalf("no %s: %v", name, err)
	}
	return path
}

// Where what is learned is kept if nobody says.
func TestLearnedFolder(t *testing.T) {
	home, state := t.TempDir(), t.TempDir()
	with := func(env ...string) *program { return &program{env: env} }
	c := Config{State: filepath.Join(home, "none")}
	if got := learnedFolder(c, with(), false); got != "" {
		t.Errorf("without a home: %s", got)
	}
	if got := learnedFolder(c, with("HOME="+home, "LocalAppData="+home), false); !strings.HasPrefix(got, home) || filepath.Base(got) != "footnote" {
		t.Errorf("in a home: %s", got)
	}
	if got := learnedFolder(c, with("HOME="+home), true); got != filepath.Join(home, "none", "learned") {
		t.Errorf("serve: %s", got)
	}
	c.State = state
	if got := learnedFolder(c, with("HOME="+home), false); got != filepath.Join(state, "learned") {
		t.Errorf("beside a serve: %s", got)
	}
}
