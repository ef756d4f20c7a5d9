//go:build unix

package main

import (
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestREADMEOutgrowsOneProcess plays the chapter with the commands that stand there, in a shell,
// with a docker that only notes what it is told, and then what a container would do with what
// is there by then: the move out of a folder into the database.
func TestREADMEOutgrowsOneProcess(t *testing.T) {
	sh, err := exec.LookPath("sh")
	if _, no := exec.LookPath("openssl"); err != nil || no != nil {
		t.Skip("a shell and openssl are not here")
	}
	clone, tools := t.TempDir(), t.TempDir()
	folder, _ := filledState(t)
	compose := readText(t, "../../deploy/compose.yaml")
	for _, err := range []error{
		os.CopyFS(filepath.Join(clone, "state"), os.DirFS(folder)), os.Mkdir(filepath.Join(clone, "deploy"), 0o700),
		os.WriteFile(filepath.Join(clone, "deploy", "compose.yaml"), []byte(compose), 0o600),
		os.WriteFile(filepath.Join(tools, "docker"), []byte("#!"+sh+"\nprintf '%s ' \"$@\" >> \""+tools+"/told\"\necho >> \""+tools+"/told\"\n"), 0o700), //nolint:gosec // it is to be run
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	_, chapter, _ := strings.Cut(readText(t, readme), "\n## Outgrowing one process\n")
	chapter, _, _ = strings.Cut(chapter, "\n## ")
	shell := exec.CommandContext(t.Context(), sh, "-eu", "-c", strings.Join(fenced(chapter, "sh"), ""))
	shell.Dir = clone
	shell.Env = append(os.Environ(), "PATH="+tools+string(os.PathListSeparator)+os.Getenv("PATH"), "YOUR_TELEGRAM_TOKEN=123456:token-of-nobody")
	if out, err := shell.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	secrets := filepath.Join(clone, "deploy", "secrets")
	named := regexp.MustCompile(`file: (secrets/[a-z-]+)`).FindAllStringSubmatch(compose, -1)
	if len(named) < 4 {
		t.Fatalf("deploy/compose.yaml names %d secrets", len(named))
	}
	for _, m := range named {
		info, err := os.Stat(filepath.Join(clone, "deploy", m[1]))
		if err != nil || info.Size() < 10 || info.Mode().Perm() != 0o644 {
			t.Errorf("%s is not there, or nobody in a container can read it: %v", m[1], err)
		}
	}
	address, err := url.Parse(readText(t, filepath.Join(secrets, "state")))
	if err != nil {
		t.Fatal(err)
	}
	if password, _ := address.User.Password(); address.Hostname() != "postgres" || password+"\n" != readText(t, filepath.Join(secrets, "postgres-password")) || !strings.Contains(compose, "POSTGRES_USER: "+address.User.Username()) {
		t.Errorf("the address %s is not of the database in deploy/compose.yaml", address.Redacted())
	}

	told := readText(t, filepath.Join(tools, "told"))
	_, migrate, ok := strings.Cut(told, " bot migrate ")
	migrate, _, _ = strings.Cut(migrate, "\n")
	if !ok || !strings.Contains(told, ":/old") || !strings.HasSuffix(strings.TrimSpace(told), "--scale bot=3") {
		t.Fatalf("docker was told %s", told)
	}
	args := append([]string{"migrate"}, strings.Fields(strings.ReplaceAll(migrate, "/old", filepath.Join(clone, "state")))...)
	env := []string{"FOOTNOTE_STATE=", "FOOTNOTE_STATE_LOCAL=" + t.TempDir(), "FOOTNOTE_STATE_FILE=" + write(t, "address", shared.Database(t)), "FOOTNOTE_STATE_KEY_FILE=" + filepath.Join(secrets, "state-key"),
		"FOOTNOTE_TELEGRAM_TOKEN_FILE=" + filepath.Join(secrets, "telegram-token"), "FOOTNOTE_LISTEN=0.0.0.0:8080", "FOOTNOTE_LOG_FORMAT=json"}
	for _, e := range env {
		if name, _, _ := strings.Cut(e, "="); !strings.Contains(compose, name+":") {
			t.Errorf("deploy/compose.yaml does not set %s", name)
		}
	}
	out, errOut, code := runWith(t, env, "", args...)
	if code != exitOK || !strings.Contains(out, "1 values of settings") || !strings.Contains(out, "3 questions of the ledger") {
		t.Errorf("exit %d, %s%s", code, out, errOut)
	}
}
