package browser

import (
	"bufio"
	"context"
	"flag"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
)

var update = flag.Bool("update", false, "write the golden files anew")

const root = "../.."

// program builds footnote once for a test, or takes the one that FOOTNOTE names.
func program(t *testing.T) string {
	t.Helper()
	if path := os.Getenv("FOOTNOTE"); path != "" {
		return path
	}
	path := filepath.Join(t.TempDir(), "footnote")
	cmd := exec.Command("go", "build", "-o", path, "./cmd/footnote")
	cmd.Dir, cmd.Env = root, append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return path
}

// desk starts footnote desk on a folder, with more flags, and returns the address that it prints.
func desk(t *testing.T, dir string, args ...string) string {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	cmd := exec.CommandContext(ctx, program(t), append([]string{"desk", dir, "--no-browser"}, args...)...)
	cmd.Env = append(os.Environ(), "FOOTNOTE_MATCHER_ENCODER=off", "HOME="+t.TempDir())
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGINT) }
	var complaints strings.Builder
	cmd.Stderr = &complaints
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		cancel()
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cancel()
		_, _ = io.Copy(io.Discard, out)
		if err := cmd.Wait(); err != nil && ctx.Err() == nil {
			t.Errorf("the desk ended: %v", err)
		}
		if complaints.Len() > 0 {
			t.Errorf("the desk complained: %s", complaints.String())
		}
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("%v %s", err, complaints.String())
	}
	return strings.TrimSpace(line)
}

// golden compares the files of a folder with those that a careful person would have written.
func golden(t *testing.T, dir, want string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.yaml"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no files: %v", err)
	}
	for _, file := range files {
		got, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		name := filepath.Join(want, filepath.Base(file))
		if *update {
			if err := os.MkdirAll(want, 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(name, got, 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		expected, err := os.ReadFile(name)
		if err != nil || undated(got) != undated(expected) {
			t.Errorf("%s is not what %s has (-update writes it anew): %v\n%s", file, name, err, got)
		}
	}
}

var today = regexp.MustCompile(`reviewed: [0-9-]{10}`)

// undated returns a file as it would be on any day.
func undated(data []byte) string { return today.ReplaceAllString(string(data), "reviewed: today") }

func field(name string) string { return `[name="` + name + `"]` }

// TestNewcomer: somebody who never wrote YAML makes a pack out of an empty folder.
func TestNewcomer(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "hallin")
	address := desk(t, dir)
	p := Open(t, 1280, 900)

	// An empty folder is offered a pack.
	p.Go(address)
	p.See("main", "holds no pack yet")
	p.Accessible("make")
	p.Shot("1-make")
	p.Write("#title", "The bridge of Hallin")
	p.Write("#scope", "The stone bridge of Hallin and its toll, as far as two books and the town's archive carry them. The town before 1400 is not covered.")
	p.Follow("button.main")

	// The export of Zotero goes in as it is.
	export, err := os.ReadFile(root + "/cmd/footnote/testdata/walkthrough/zotero.yaml")
	if err != nil {
		t.Fatal(err)
	}
	p.Write("#text", string(export))
	p.Shot("2-paste")
	p.Follow("form[action$='sources/import'] button.main")
	p.See("main", "3 sources are in the pack now")
	p.Accessible("imported")
	p.Shot("3-imported")

	// The first fact, with a date that cannot be understood.
	p.Follow("[data-new]")
	p.Write(field("questions.en"), "When was the stone bridge of Hallin built?\nyear of the stone bridge\nWhen did they build the bridge?")
	p.Write(field("answer.en"), "The stone bridge of Hallin was built between 1431 and 1434.")
	p.Choose(field("cites.0.source"), "brandt1987")
	p.Write(field("cites.0.value"), "pp. 12-15")
	p.Write(field("cites.0.quote"), "begun in 1431 and opened in 1434")
	p.Write(field("dates.0.edtf"), "1431 until 1434 or so")
	p.See("#live", "not understood")
	p.See("#live", "is not an EDTF date")
	p.Shot("4-mistake")
	p.Write(field("dates.0.edtf"), "1431–1434")
	p.See("#live", "1431/1434")
	p.See("#live", "Check has nothing to say")
	p.Write(field("dates.0.label.en"), "the building")
	p.Until("document.querySelector('" + field("dates.1.edtf") + "')") // another row has come
	p.Write(field("topics"), "the bridge")
	p.See("#live", "On Telegram")
	p.Write("#ask", "when did they put up the stone bridge")
	p.See("#answer", "between 1431 and 1434")
	p.See("#answer", "with the form as it stands")
	p.Accessible("form")
	p.Shot("5-form")
	p.Follow("button[name=then][value=new]")

	// The second, which says that it is established and cites nothing.
	p.Write(field("questions.en"), "What was the toll on the bridge of Hallin?\nHow much did it cost to cross the bridge?\nbridge toll")
	p.Write(field("answer.en"), "From May 1434 a cart paid two pence, and a person on foot nothing: the council wanted people from the villages around to come to the market on foot.")
	p.See("#live", "cites is missing")
	p.Shot("6-second-mistake")
	p.Choose(field("cites.0.source"), "hallinarchive1434")
	p.Write(field("cites.0.quote"), "a cart two pence; on foot nothing, from May 1434")
	p.See("#live", "has no dates") // a piece of advice
	p.Write(field("dates.0.edtf"), "May 1434")
	p.Write(field("dates.0.label.en"), "the toll")
	p.See("#live", "Check has nothing to say")
	p.Write(field("topics"), "the bridge, money")
	p.Follow("button[name=then][value=new]")

	// The third, on which historians disagree.
	p.Write(field("questions.en"), "Who paid for the bridge of Hallin?\nWhere did the money for the bridge come from?\nWhose money built the bridge?")
	p.Write(field("answer.en"), "Historians disagree on who paid for the bridge.")
	p.Click("input[value=disputed]")
	p.See("#live", "two or more")
	p.Eval("document.querySelector('[name=\"positions.0.holder\"]').closest('details').open = true")
	for i, x := range []struct{ holder, claim, source, place string }{
		{"Ida Brandt in 1987", "The merchants' guild paid for it, since the guild kept the keys.", "brandt1987", "33"},
		{"Daniel Okafor and Ida Brandt in 2004", "The bishop paid for it, with the toll of ten years as his security.", "okafor2004", "101"},
	} {
		at := "positions." + string(rune('0'+i))
		p.Write(field(at+".holder"), x.holder)
		p.Write(field(at+".claim.en"), x.claim)
		p.Choose(field(at+".cites.0.source"), x.source)
		p.Write(field(at+".cites.0.value"), x.place)
	}
	p.Write(field("topics"), "the bridge, money")
	p.See("#live", "Check has nothing to say")
	p.Follow("button[name=then][value='']")
	p.See("main", "Saved.")
	p.Shot("7-disputed")

	// The list, and asking it.
	p.Press("g")
	p.Press("f")
	p.Until("location.pathname.endsWith('/facts')")
	p.See("main", "3 of 3 facts")
	p.Write("#ask", "how much for crossing the bridge")
	p.See("#answer", "two pence")
	p.Accessible("facts")
	p.Shot("8-facts")

	// Two questions from a list, by keyboard.
	p.Press("\x1b")
	p.Press("g")
	p.Press("q")
	p.Until("location.pathname.endsWith('/questions')")
	p.Write("#text", "What did a cart have to pay?\nWho painted the tower of the town hall?")
	p.Follow("form[action$='/questions'] button.main")
	p.See("main", "Who painted the tower")
	p.Accessible("questions")
	p.Shot("9-questions")
	for _, x := range []struct{ question, key, fact string }{{"What did a cart have to pay?", "1", "toll-bridge-hallin"}, {"Who painted the tower of the town hall?", "3", ""}} {
		p.Until("document.querySelector('.current h2')")
		for p.Text(".current h2") != x.question {
			p.Press("j")
		}
		if x.fact != "" {
			p.Choose(".current select", x.fact)
		}
		p.Eval("(window.leaving = true)")
		p.Press(x.key)
		p.Arrive()
		p.See("main", "Saved.")
	}
	p.See("main", "There is no question to sort")

	// How the fact looks on the web, opened from its form.
	p.Go(strings.Split(address, "/?")[0] + "/p/1/web/f/paid-bridge-hallin/")
	p.See("main", "The bishop paid for it")
	p.Eval("document.styleSheets.length > 0 && document.styleSheets[0].cssRules.length > 5") // its stylesheet is there
	p.Shot("web")
	p.Go(strings.Split(address, "/?")[0] + "/p/1/facts")

	// What differs, and undo.
	p.Press("g")
	p.Press("d")
	p.Until("location.pathname.endsWith('/diff')")
	p.See("main", "unanswered.yaml")
	p.Accessible("diff")
	p.Shot("10-changes")
	p.Eval("(window.leaving = true)")
	p.Press("u")
	p.Arrive()
	p.See("main", "Taken back.")
	p.Follow("#redo")
	p.See("main", "Done again.")
	golden(t, dir, "testdata/newcomer")

	// The picture in README.md.
	p.Size(1120, 760)
	p.Go(strings.Split(address, "/?")[0] + "/p/1/fact/toll-bridge-hallin")
	p.Write("#ask", "price of crossing the bridge")
	p.See("#answer", "two pence")
	p.Eval("(document.querySelector('aside').scrollTop = 0, document.activeElement.blur(), scrollTo(0, 0), true)")
	p.Shot("readme")
	p.Size(1280, 900)

	// Nothing moves sideways on a phone, and it can be read in the dark.
	p.Dark(true)
	p.Go(strings.Split(address, "/?")[0] + "/p/1/fact/stone-bridge-hallin-built")
	p.Accessible("dark")
	p.Shot("11-dark")
	p.Size(390, 844)
	p.Until("document.documentElement.scrollWidth <= innerWidth")
	p.Shot("12-phone")
}

// TestKeyboard: everything can be reached without a mouse, and ? says how.
func TestKeyboard(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "pack")
	if err := os.CopyFS(dir, os.DirFS(root+"/knowledge/packs/neo-stalinism")); err != nil {
		t.Fatal(err)
	}
	address := desk(t, dir)
	p := Open(t, 1280, 900)
	p.Go(address)
	p.Until("location.pathname.endsWith('/facts')")
	p.Press("?")
	p.Until("document.querySelector('#help').open")
	p.Accessible("help")
	p.Shot("help")
	p.Press("\x1b")
	p.Until("!document.querySelector('#help').open")
	p.Press("j")
	p.Press("j")
	p.Eval("document.querySelectorAll('[data-item]')[1].classList.contains('current')")
	p.Shot("list")
	p.Eval("(window.leaving = true)")
	p.Press("o")
	p.Arrive()
	p.Until("location.pathname.includes('/fact/')")
	p.See("#live", "found without themselves")
	p.Until("!document.querySelector('[data-words]')") // it is learned by now, and the page says so
	p.Accessible("a fact of the embedded pack")
	p.Shot("fact")
	for key, page := range map[string]string{"s": "sources", "e": "exam", "p": "about", "q": "questions", "f": "facts"} {
		p.Press("g")
		p.Eval("(window.leaving = true)")
		p.Press(key)
		p.Arrive()
		p.Until("location.pathname.endsWith('/" + page + "')")
		p.Accessible(page)
		p.Shot(page)
	}
	p.Press("g")
	p.Press("e")
	p.Until("location.pathname.endsWith('/exam')")
	p.Follow("form[action$='/exam'] button.main")
	p.See("#exam", "are as they should be")
	p.Accessible("examined")
	p.Shot("examined")
}

// TestConflict: what an editor writes while a form is open is shown, and stays.
func TestConflict(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "pack")
	if err := os.CopyFS(dir, os.DirFS("testdata/newcomer")); err != nil {
		t.Fatal(err)
	}
	p := Open(t, 1280, 900)
	p.Go(desk(t, dir))
	p.Until("location.pathname.endsWith('/facts')")
	p.Follow("[data-item] a")
	facts := filepath.Join(dir, "facts.yaml")
	data, err := os.ReadFile(facts)
	if err != nil {
		t.Fatal(err)
	}
	theirs := strings.Replace(string(data), "between 1431 and 1434.", "from 1431 to 1434.", 1)
	if err := os.WriteFile(facts, []byte(theirs), 0o644); err != nil {
		t.Fatal(err)
	}
	p.Write(field("answer.en"), "It was built between 1431 and 1435.")
	p.Follow("button[name=then][value='']")
	p.See("[role=alert]", "The file was changed meanwhile")
	p.See("[role=alert]", "from 1431 to 1434.")
	p.See("[role=alert]", "between 1431 and 1435.")
	p.Accessible("conflict")
	p.Shot("conflict")
	if now, err := os.ReadFile(facts); err != nil || string(now) != theirs {
		t.Error("what the editor wrote is overwritten")
	}
}
