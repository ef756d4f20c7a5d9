package main

import (
	"context"
	"encoding/json"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"footnote/bot/bottest"
	"footnote/bot/cluster"
)

// A sharer is one of several serves over one database, with a pack of its own that it serves
// as a site.
type sharer struct {
	*served
	t    *testing.T
	pack string
	at   string
}

// startSharer starts one with the pack in a folder.
func startSharer(t *testing.T, address, pack string, env ...string) *sharer {
	t.Helper()
	env = append(append(databaseEnv(t, address), "FOOTNOTE_KNOWLEDGE="+pack, "FOOTNOTE_LISTEN=127.0.0.1:0", "FOOTNOTE_WEB_ENABLED=true",
		"FOOTNOTE_LIMITS_PERSON_PER_MINUTE=0"), env...)
	s := &sharer{served: startServe(t, env), t: t, pack: pack}
	s.at = s.address(t)
	return s
}

// say is what it says of the bell.
func (s *sharer) say() string {
	s.t.Helper()
	status, body := get(s.t, s.at+"/api/ask?q="+url.QueryEscape(known))
	if status != 200 {
		return strconv.Itoa(status)
	}
	var said struct{ Answer string }
	if err := json.Unmarshal([]byte(body), &said); err != nil {
		s.t.Fatal(err)
	}
	return said.Answer
}

// says waits until it says that the bell was cast in a year.
func (s *sharer) says(year string) {
	s.t.Helper()
	until(s.t, year, func() bool { return strings.Contains(s.say(), year) })
}

func (s *sharer) ready() bool {
	status, _ := get(s.t, s.at+"/readyz")
	return status == 200
}

// write puts another year into its pack.
func (s *sharer) write(from, to string) {
	change(s.t, filepath.Join(s.pack, "facts.yaml"), "cast in "+from, "cast in "+to)
}

// stays checks that all go on saying what they said, as long as it takes those who would not: a
// disk is looked at, and an agreement, within a second.
func stays(t *testing.T, year string, all ...*sharer) {
	t.Helper()
	for end := time.Now().Add(1500 * time.Millisecond); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		for i, s := range all {
			if got := s.say(); !strings.Contains(got, year) {
				t.Fatalf("process %d says %q, and not all have that", i, got)
			}
		}
	}
}

func (s *sharer) figure(name string) string {
	_, text := get(s.t, s.at+"/metrics")
	for line := range strings.Lines(text) {
		if value, ok := strings.CutPrefix(strings.TrimSpace(line), name+" "); ok {
			return value
		}
	}
	return ""
}

// end stops it in good order.
func (s *sharer) end() {
	s.stop()
	if code := s.wait(s.t); code != exitOK {
		s.t.Errorf("exit %d", code)
	}
}

// New packs are answered from by all processes or by none.
func TestPacksEverywhereOrNowhere(t *testing.T) {
	if testing.Short() {
		t.Skip("it waits whether nothing happens")
	}
	t.Parallel()
	address := shared.Database(t)
	a, b := startSharer(t, address, ownVillage(t)), startSharer(t, address, ownVillage(t))
	a.says("1712")
	b.says("1712")

	a.write("1712", "1713") // on one disk alone
	a.log.WaitNext(t, "packs wait until every process has them")
	b.log.WaitNext(t, "packs wait until every process has them")
	stays(t, "1712", a, b)
	about := func(s *sharer, want string) {
		t.Helper()
		until(t, want, func() bool {
			_, page := get(t, s.at+"/ask?q=%2Fabout")
			return strings.Contains(page, want)
		})
	}
	about(a, "1 of 2 do")
	about(b, "1 of 2 do")
	if a.figure("footnote_packs_waiting_seconds") == "0" || a.figure("footnote_cluster_packs_alike") != "1" || !a.ready() {
		t.Error("the figures do not tell that something waits")
	}

	change(t, filepath.Join(b.pack, "facts.yaml"), "status: attributed", "status: rumoured") // the other is broken
	b.log.WaitNext(t, "packs could not be loaded")
	a.log.WaitNext(t, "rumoured")
	stays(t, "1712", a, b)
	about(a, "cannot load its newer version: facts.yaml:")
	if a.figure("footnote_packs_refused") != "0" || b.figure("footnote_packs_refused") != "1" {
		t.Error("the figures do not tell where it is broken")
	}

	change(t, filepath.Join(b.pack, "facts.yaml"), "status: rumoured", "status: attributed") // corrected, and the same
	b.write("1712", "1713")
	a.says("1713")
	b.says("1713")
	until(t, "nothing waits", func() bool { return a.figure("footnote_packs_waiting_seconds") == "0" })
	if _, page := get(t, a.at+"/ask?q=%2Fabout"); strings.Contains(page, "waits until") || strings.Contains(page, "cannot load") {
		t.Errorf("/about tells of what is over: %s", page)
	}
	for _, s := range []*sharer{a, b} {
		if strings.Contains(s.log.String(), stateSecret64) {
			t.Error("the log holds the key")
		}
	}
	a.end()
	b.end()
}

// A process that starts with other packs on its disk answers as the others do, until all have the
// same: a rolling restart with new packs goes over when the last one has gone.
func TestPacksOverARollingRestart(t *testing.T) {
	if testing.Short() {
		t.Skip("it waits whether nothing happens")
	}
	t.Parallel()
	address := shared.Database(t)
	a, b := startSharer(t, address, ownVillage(t)), startSharer(t, address, ownVillage(t))
	a.says("1712")
	b.says("1712")
	next := func() string {
		dir := ownVillage(t)
		change(t, filepath.Join(dir, "facts.yaml"), "cast in 1712", "cast in 1713")
		return dir
	}
	a.end()
	c := startSharer(t, address, next())
	c.log.Wait(t, "other packs are on this disk than all processes answer from")
	c.log.Wait(t, `here="village 0.3.0`)
	c.says("1712")
	stays(t, "1712", b, c)
	d := startSharer(t, address, next())
	d.says("1712")
	b.end()
	c.says("1713")
	d.says("1713")

	old := startSharer(t, address, ownVillage(t)) // somebody forgot one disk
	old.says("1713")
	stays(t, "1713", old, c, d)
	c.end()
	d.end()
	old.says("1712") // by itself it has nobody to agree with
	old.end()
}

// All are stopped and started again with other packs: nobody answers from the ones before.
func TestPacksAreOthersWhenAllStart(t *testing.T) {
	t.Parallel()
	db := openTestDatabase(t, shared.Database(t))
	a := startSharer(t, db.address, ownVillage(t))
	a.says("1712")
	a.end()
	var all []*sharer
	for range 3 {
		dir := ownVillage(t)
		change(t, filepath.Join(dir, "facts.yaml"), "cast in 1712", "cast in 1713")
		all = append(all, startSharer(t, db.address, dir))
	}
	for _, s := range all {
		s.says("1713")
	}
	for _, s := range all {
		s.end()
		if strings.Contains(s.log.String(), "other packs are on this disk") {
			t.Error("it answered from the packs before")
		}
	}
}

// What the others answer from cannot be had: the process waits, and is not ready.
func TestPacksThatCannotBeHad(t *testing.T) {
	t.Parallel()
	db := openTestDatabase(t, shared.Database(t))
	a := startSharer(t, db.address, ownVillage(t))
	a.says("1712")
	if _, err := db.Pool().Exec(t.Context(), "UPDATE pack_copy SET archive = 'damaged'"); err != nil {
		t.Fatal(err)
	}
	dir := ownVillage(t)
	change(t, filepath.Join(dir, "facts.yaml"), "cast in 1712", "cast in 1713")
	b := startSharer(t, db.address, dir)
	b.log.Wait(t, "the packs of the other processes are waited for")
	if _, body := get(t, b.at+"/readyz"); b.ready() || !strings.Contains(body, "waiting for the packs of the other processes") {
		t.Errorf("ready, or it does not say why not: %s", body)
	}
	if strings.Contains(b.log.String(), filepath.Dir(dir)) && strings.Contains(b.figure("footnote_pack_info"), "1713") {
		t.Error("it answers from what nobody else does")
	}
	a.write("1712", "1713")
	a.says("1713")
	b.says("1713")
	a.end()
	b.end()
}

// Large packs are learned before they are ready, and those that are answered from go on answering
// meanwhile.
func TestPacksAreLearnedBeforeTheyAreReady(t *testing.T) {
	if testing.Short() {
		t.Skip("learning takes its time")
	}
	t.Parallel()
	address := shared.Database(t)
	first, second := generatedPack(t, 3, 3, 0), generatedPack(t, 130, 20, 0) // no smaller one takes learning
	own := func() string {
		dir := filepath.Join(t.TempDir(), "generated")
		if err := os.CopyFS(dir, os.DirFS(first)); err != nil {
			t.Fatal(err)
		}
		return dir
	}
	a, b := startSharer(t, address, own(), "FOOTNOTE_MATCHER_CACHE="+t.TempDir()), startSharer(t, address, own(), "FOOTNOTE_MATCHER_CACHE="+t.TempDir())
	until(t, "two that are ready", func() bool { return a.ready() && b.ready() })
	text := readText(t, filepath.Join(second, "facts.yaml"))
	for _, s := range []*sharer{a, b} {
		half := filepath.Join(s.pack, ".half")
		if err := os.WriteFile(half, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(half, filepath.Join(s.pack, "facts.yaml")); err != nil {
			t.Fatal(err)
		}
		s.log.WaitNext(t, "is to be answered from next")
		if s == a && s.figure(`footnote_pack_facts{pack="generated"}`) != "3" {
			t.Error("it does not answer from the packs before while it learns")
		}
	}
	for _, s := range []*sharer{a, b} {
		s.log.WaitNext(t, "pack reloaded")
		until(t, "the new facts", func() bool { return s.figure(`footnote_pack_facts{pack="generated"}`) == "130" })
	}
	a.end()
	b.end()
	for _, s := range []*sharer{a, b} {
		if _, after, _ := strings.Cut(s.log.String(), "pack reloaded"); strings.Contains(after, "until they are, answers go by words alone") {
			t.Error("it was answered from before it was learned")
		}
	}
}

func TestWaitingIn(t *testing.T) {
	about := func(version string) map[string]string { return map[string]string{"pack village": version} }
	b := cluster.Ballot{Epoch: 3, Value: "1", Votes: []cluster.Vote{
		{Member: "a", Value: "1", About: about("0.1")},
		{Member: "b", Value: "2", About: about("0.2")},
		{Member: "c", Value: "3", About: map[string]string{"pack village": "0.1", "pack mill": "1.0"}},
		{Member: "d", Value: "2", About: about("0.2")},
		{Member: "e", Why: "facts.yaml:3: the id is taken"},
		{Member: "f", About: about("0.2"), Why: whyLearning},
		{Member: "g"},
		{Member: "h", Value: "4", About: map[string]string{}},
	}}
	w := waitingIn(b, about("0.1"), "a")
	want := "village 0.2 (2 of 8 processes), mill 1.0 (1 of 8 processes), village – (1 of 8 processes); lacking: a (this one): still has what is answered from, " +
		"c: has mill 1.0, e: facts.yaml:3: the id is taken, f: they are being learned, g: is starting, or of an older version, h: has village –"
	if got := w.String(); got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
	if len(w.why) != 1 || w.why[0] != "facts.yaml:3: the id is taken" {
		t.Errorf("for everybody: %q", w.why)
	}
	b.Votes = []cluster.Vote{{Member: "a", Value: "1"}, {Member: "b"}, {Member: "c", Why: "broken"}}
	if w := waitingIn(b, about("0.1"), "a"); w != nil {
		t.Errorf("nothing waits: %v", w)
	}
}

// What is inside the program is kept for others like any pack, and so are pictures.
func TestPackArchive(t *testing.T) {
	c := defaults()
	base, err := openBase(c)
	if err != nil {
		t.Fatal(err)
	}
	c.Matcher.Cache = t.TempDir()
	for _, dir := range []string{"", "../../bot/bottest/harbour", village} {
		if dir != "" {
			c.Knowledge = []string{dir}
			if base, err = openBase(c); err != nil {
				t.Fatal(err)
			}
		}
		data, err := packArchive(base)
		if err != nil {
			t.Fatal(err)
		}
		o := &rollout{c: c, copies: oneCopy(data)}
		got, err := o.fetch(t.Context(), digestOf(base))
		if err != nil || digestOf(got) != digestOf(base) {
			t.Errorf("%q: %v", dir, err)
		}
		if _, err := o.fetch(t.Context(), "other"); err == nil || !strings.Contains(err.Error(), "are others") {
			t.Errorf("%q under another name: %v", dir, err)
		}
	}
	dir := ownVillage(t)
	c.Knowledge = []string{dir}
	if base, err = openBase(c); err != nil {
		t.Fatal(err)
	}
	change(t, filepath.Join(dir, "facts.yaml"), "1712", "1713")
	if _, err := packArchive(base); err == nil || !strings.Contains(err.Error(), errChanged.Error()) {
		t.Errorf("changed meanwhile: %v", err)
	}
}

// oneCopy has one archive under every name.
type oneCopy []byte

func (c oneCopy) Put(context.Context, string, func() ([]byte, error)) error { return nil }

func (c oneCopy) Get(context.Context, string) ([]byte, error) { return c, nil }

// What changes on a disk while the database is away is told when it is back.
func TestPacksChangeWithoutTheDatabase(t *testing.T) {
	t.Parallel()
	address := shared.Database(t)
	through, network := bottest.Through(t, address)
	a, b := startSharer(t, address, ownVillage(t)), startSharer(t, through, ownVillage(t))
	a.says("1712")
	b.says("1712")
	b.log.Skip()
	network.Refuse(true)
	network.Cut()
	b.write("1712", "1714")
	b.log.WaitNext(t, "is to be answered from next")
	b.write("1714", "1712")
	b.log.WaitNext(t, "packs are what they were")
	b.write("1712", "1713")
	b.log.WaitNext(t, "is to be answered from next")
	a.write("1712", "1713")
	a.log.WaitNext(t, "is to be answered from next")
	network.Refuse(false)
	a.says("1713")
	b.says("1713")
	a.end()
	b.end()
}

// A process that cannot reach the database is not waited for. When it can again it goes over to
// what the others answer from, though its own disk does not have that; while it cannot get
// it, it is not ready.
func TestPacksOfOneThatWasCutOff(t *testing.T) {
	if testing.Short() {
		t.Skip("it waits until a process counts as gone")
	}
	t.Parallel()
	db := openTestDatabase(t, shared.Database(t))
	through, network := bottest.Through(t, db.address)
	a, b := startSharer(t, db.address, ownVillage(t)), startSharer(t, through, ownVillage(t))
	a.says("1712")
	b.says("1712")
	until(t, "both agree", func() bool { return db.count(t, "member WHERE until > now()") == 2 && db.count(t, "pack_copy") == 1 })

	network.Refuse(true)
	network.Cut()
	a.write("1712", "1713")
	a.says("1713") // when it does not count the other any more
	if got := b.say(); !strings.Contains(got, "1712") {
		t.Errorf("the one that is cut off says %q", got)
	}
	var kept []byte
	keep := func(archive []byte) {
		t.Helper()
		if _, err := db.Pool().Exec(t.Context(), "UPDATE pack_copy SET archive = $1 WHERE digest = (SELECT value FROM agreement)", archive); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Pool().QueryRow(t.Context(), "SELECT archive FROM pack_copy WHERE digest = (SELECT value FROM agreement)").Scan(&kept); err != nil {
		t.Fatal(err)
	}
	keep([]byte("damaged"))
	network.Refuse(false)
	b.log.WaitNext(t, "the other processes answer from other packs, which this one does not have")
	if _, body := get(t, b.at+"/readyz"); b.ready() || !strings.Contains(body, "does not have") || strings.Contains(body, "postgres://") {
		t.Errorf("it is ready, or does not say why not: %s", body)
	}
	keep(kept)
	b.says("1713")
	until(t, "it is ready", b.ready)
	b.log.Wait(t, "all processes go over to packs that are not those on this disk")
	stays(t, "1713", a, b)
	a.end()
	b.end()
}
