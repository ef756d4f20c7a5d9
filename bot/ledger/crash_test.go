package ledger

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// childEnv makes the test program the child of TestKilled: it names the ledger.
const childEnv = "FOOTNOTE_TEST_LEDGER"

// child keeps one question after the other and says so each time.
func child(path string) {
	l, err := Open(path, Options{})
	if err != nil {
		fmt.Println("error", err)
		os.Exit(1)
	}
	for i := 0; ; i++ {
		a := asked(fmt.Sprintf("%d-%d", os.Getpid(), i), ann, "")
		l.Record(context.Background(), a)
		if !l.behind.Load() { // a slow disk: the conversation has gone on before it was safe
			fmt.Println(a.ID)
		}
	}
}

// Whenever the program is killed, everything it went on from is in the file, and
// the file is sound.
func TestKilled(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ledger.db")
	const kills = 6
	kept := 0
	for range kills {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), childEnv+"="+path)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(out)
		n := 0
		for until := 1 + rand.IntN(40); n < until && lines.Scan(); n++ {
			if strings.HasPrefix(lines.Text(), "error") {
				t.Fatal(lines.Text())
			}
		}
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		for lines.Scan() { // said before it died
			n++
		}
		_ = cmd.Wait()
		if n == 0 {
			t.Fatal("the child did nothing")
		}
		kept += n
	}
	l := openAt(t, path, Options{})
	var sound string
	if err := l.db.QueryRow("PRAGMA integrity_check").Scan(&sound); err != nil || sound != "ok" {
		t.Errorf("the file is %q, %v", sound, err)
	}
	got := l.all()
	if len(got) < kept {
		t.Errorf("%d questions are there, of %d that were said to be kept, after %d kills", len(got), kept, kills)
	}
	for _, q := range got {
		if time.Since(q.At) > time.Hour {
			t.Errorf("a question of %v", q.At)
		}
	}
}
