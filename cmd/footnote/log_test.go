package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"footnote/bot/telegram/telegramtest"
)

// chatterer answers every request with an error, and then says more, which nobody asked
// for and net/http logs: the path of the request, and so the token.
func chatterer(t *testing.T) (address string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				req, err := http.ReadRequest(bufio.NewReader(c))
				if err != nil {
					return
				}
				fmt.Fprintf(c, "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 2\r\n\r\n{}HTTP/1.1 400 Bad Request\r\n\r\n%s not understood", req.URL.Path)
				_, _ = c.Read(make([]byte, 1)) // until the client closes
			}()
		}
	}()
	return "http://" + l.Addr().String()
}

// What the standard library logs goes the way of everything else: without tokens, and as
// JSON if the log is.
func TestLibrariesLogThroughTheFilter(t *testing.T) {
	const token = "123456789:AAAAbbbbCCCCddddEEEEffffGGGGhhhhIII"
	cmd, out := process(t, []string{
		"FOOTNOTE_TELEGRAM_TOKEN=" + token, "FOOTNOTE_TELEGRAM_ENDPOINT=" + chatterer(t), "FOOTNOTE_LOG_FORMAT=json",
		"FOOTNOTE_TELEGRAM_TOKN=slip",
	}, "serve")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	out.Wait(t, "Unsolicited response")
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if code := exitCode(t, cmd); code != exitOK {
		t.Errorf("exit %d", code)
	}
	text := out.String()
	if strings.Contains(text, token) || !strings.Contains(text, "no key has this variable") {
		t.Error("a token is in the log, or a warning is not")
	}
	jsonLines(t, text)
}

// jsonLines fails if a line of text is no JSON object.
func jsonLines(t *testing.T, text string) {
	t.Helper()
	for line := range strings.Lines(text) {
		if x := map[string]any{}; json.Unmarshal([]byte(line), &x) != nil || x["msg"] == nil {
			t.Errorf("not JSON: %s", line)
		}
	}
}

// Why serve does not start is JSON too, one record a problem.
func TestRefusalIsJSON(t *testing.T) {
	for _, env := range [][]string{
		{"FOOTNOTE_LOG_FORMAT=json"},
		{"FOOTNOTE_LOG_FORMAT=json", "FOOTNOTE_TELEGRAM_TOKEN=1:x", "FOOTNOTE_KNOWLEDGE=" + t.TempDir(), "FOOTNOTE_STATE=" + t.TempDir()},
		{"FOOTNOTE_LOG_FORMAT=json", "FOOTNOTE_STATE= ", "FOOTNOTE_LEDGER_RETENTION=x"},
	} {
		var out bytes.Buffer
		if code := run(t.Context(), []string{"serve"}, env, stdio{In: strings.NewReader(""), Out: &out, Err: &out}); code != exitUsage {
			t.Errorf("exit %d", code)
		}
		if !strings.Contains(out.String(), `"level":"ERROR"`) {
			t.Errorf("no error: %s", &out)
		}
		jsonLines(t, out.String())
	}
}

// A configuration that merely lies in the working folder decides for no token but its own.
func TestFoundConfigurationDirectsNoToken(t *testing.T) {
	t.Parallel()
	peer := telegramtest.Start(t, telegramtest.Options{})
	token, endpoint := peer.Token(), "telegram:\n  endpoint: http://127.0.0.1:9/collect\n"
	tokenFile := write(t, "token", token)
	if err := os.Chmod(tokenFile, 0o600); err != nil {
		t.Fatal(err)
	}
	packed := map[string]string{"config.yaml": endpoint, "pack.yaml": "schema: footnote/1\n"}
	for name, c := range map[string]struct {
		files map[string]string
		env   []string
		args  []string
		want  string // in what is said
		ok    bool
	}{
		"token of the environment":   {map[string]string{"config.yaml": endpoint}, []string{"FOOTNOTE_TELEGRAM_TOKEN=" + token}, nil, "config.yaml:2:13: telegram.endpoint: the token does not stand in this file", false},
		"token in a file":            {map[string]string{"config.yaml": endpoint + "  token-file: " + tokenFile + "\n"}, nil, nil, "the token does not stand in this file", false},
		"its own token":              {map[string]string{"config.yaml": endpoint + "  token: " + token + "\n"}, nil, nil, "", true},
		"named":                      {map[string]string{"config.yaml": endpoint}, []string{"FOOTNOTE_TELEGRAM_TOKEN=" + token}, []string{"--config", "config.yaml"}, "", true},
		"address of the environment": {map[string]string{"config.yaml": endpoint}, []string{"FOOTNOTE_TELEGRAM_TOKEN=" + token, "FOOTNOTE_TELEGRAM_ENDPOINT=" + peer.URL()}, nil, "", true},
		"usual address":              {map[string]string{"config.yaml": "telegram:\n  endpoint: https://api.telegram.org/\n"}, []string{"FOOTNOTE_TELEGRAM_TOKEN=" + token}, nil, "", true},
		"in a pack":                  {packed, []string{"FOOTNOTE_TELEGRAM_TOKEN=" + token}, nil, "lies in the folder of a pack", true},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			for file, text := range c.files {
				if err := os.WriteFile(filepath.Join(dir, file), []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			cmd, out := process(t, c.env, append([]string{"check"}, c.args...)...)
			cmd.Dir = dir
			village, err := filepath.Abs(village)
			if err != nil {
				t.Fatal(err)
			}
			cmd.Env = append(cmd.Env, "FOOTNOTE_KNOWLEDGE="+village)
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			if code := exitCode(t, cmd); (code == exitOK) != c.ok || !strings.Contains(out.String(), c.want) || strings.Contains(out.String(), token) {
				t.Errorf("exit %d: %s", code, out)
			}
			if c.ok {
				return
			}
			cmd, out = process(t, c.env, "serve")
			cmd.Dir, cmd.Env = dir, append(cmd.Env, "FOOTNOTE_KNOWLEDGE="+village)
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			if code := exitCode(t, cmd); code != exitUsage || !strings.Contains(out.String(), c.want) {
				t.Errorf("serve: exit %d: %s", code, out)
			}
		})
	}
}

// The first lines of the log name the configuration and every address that is not usual.
func TestStartIsTold(t *testing.T) {
	peer := telegramtest.Start(t, telegramtest.Options{})
	file := write(t, "some.yaml", "log:\n  level: INFO\n")
	s := startServe(t, telegramEnv(peer), "--config", file)
	s.log.Wait(t, "signed in")
	s.stop()
	s.wait(t)
	text := s.log.String()
	for _, want := range []string{"configuration=" + file, "key=telegram.endpoint address=" + peer.URL(), "state="} {
		if !strings.Contains(text, want) {
			t.Errorf("the log does not say %s", want)
		}
	}
	if strings.Contains(text, "discord.endpoint") {
		t.Error("the usual address is told")
	}
}

// A secret in the wrong place of the configuration is in no message.
func TestSecretAsAKey(t *testing.T) {
	for _, key := range []string{"s3cr3t-Tok3n", "MTIzNDU2.abc"} {
		file := write(t, "c.yaml", "discord:\n  "+key+": x\n  "+key+": y\n")
		var out bytes.Buffer
		_ = run(t.Context(), []string{"check", "--config", file}, nil, stdio{In: strings.NewReader(""), Out: &out, Err: &out})
		if strings.Contains(out.String(), key) || !strings.Contains(out.String(), "unknown key") {
			t.Errorf("%s", &out)
		}
	}
}

// What others may read or change is warned of, and so is what everybody on the way can read.
func TestOpenSecretsAreWarnedOf(t *testing.T) {
	for mode, want := range map[os.FileMode]string{0o600: "", 0o640: "can read the token", 0o604: "can read the token", 0o666: "can write", 0o620: "can write"} {
		file := write(t, "c.yaml", "telegram:\n  token: 1:abcdefgh\n")
		tokenFile := write(t, "token", "1:abcdefgh")
		if err := os.Chmod(file, mode); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(tokenFile, mode); err != nil {
			t.Fatal(err)
		}
		for _, args := range [][]string{{"check", "--knowledge", village, "--config", file}, {"check", "--knowledge", village, "--config", write(t, "d.yaml", "telegram:\n  token-file: "+tokenFile+"\n")}} {
			var out bytes.Buffer
			_ = run(t.Context(), args, nil, stdio{In: strings.NewReader(""), Out: &out, Err: &out})
			if got := out.String(); want == "" && strings.Contains(got, "others on this machine") || !strings.Contains(got, want) {
				t.Errorf("%v: %s", mode, got)
			}
		}
	}
	// A file that only names those that hold secrets may be read by all.
	file := write(t, "e.yaml", "telegram:\n  token-file: "+write(t, "token", "1:abcdefgh")+"\n")
	for mode, want := range map[os.FileMode]string{0o644: "", 0o666: "can write"} {
		if err := os.Chmod(file, mode); err != nil {
			t.Fatal(err)
		}
		if _, got, _ := runFootnote(t, "", "check", "--knowledge", village, "--config", file); !strings.Contains(got, want) || strings.Contains(got, "can read") {
			t.Errorf("%v: %s", mode, got)
		}
	}
	for address, warned := range map[string]bool{"http://bots.example.org": true, "http://10.0.0.8:8081": true, "http://127.0.0.1:1": false, "http://[::1]:1": false, "http://localhost": false, "https://bots.example.org": false} {
		var out bytes.Buffer
		_ = run(t.Context(), []string{"check", "--knowledge", village}, []string{"FOOTNOTE_DISCORD_ENDPOINT=" + address}, stdio{In: strings.NewReader(""), Out: &out, Err: &out})
		if strings.Contains(out.String(), "everybody to read") != warned {
			t.Errorf("%s: %s", address, &out)
		}
	}
}

// What people wrote steers no terminal, whatever prints it.
func TestPrintsNoControlCharacters(t *testing.T) {
	const hostile = "who baked \x1b]0;OWNED\x07\x1b[2J\u009b31m the bread\x7f of Unterbruck?\r"
	asked := write(t, "asked.txt", hostile+"\n"+hostile+"\n")
	env := []string{"FOOTNOTE_KNOWLEDGE=" + village, "FOOTNOTE_MATCHER_ENCODER=off"}
	for _, args := range [][]string{{"ask", hostile}, {"ask", "--explain", hostile}, {"ask", "--json", hostile}, {"gaps", "--questions", asked}, {"gaps", "--questions", asked, "--format", "yaml"}} {
		out, errOut, code := runWith(t, env, "", args...)
		if code != exitOK || strings.ContainsAny(out+errOut, "\x1b\x07\x7f\u009b\r") || len(out) < 20 {
			t.Errorf("%q: exit %d, %q, %q", args, code, out, errOut)
		}
	}
}
