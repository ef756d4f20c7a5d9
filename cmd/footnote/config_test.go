package main

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"footnote/bot/platform"
	"footnote/knowledge/strictyaml"
)

// write makes a file in a fresh folder and returns its path.
func write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func load(path string, env ...string) (Config, []strictyaml.Problem) {
	var rep strictyaml.Report
	c, _ := loadConfig(path, env, &rep)
	return c, rep.Problems()
}

// Words that people allow to be kept need a ledger.
func TestWordsNeedALedger(t *testing.T) {
	for text, warned := range map[string]bool{"ledger: {questions: on}\n": true, "ledger: {questions: on, path: asked.db}\n": false, "ledger: {questions: on, path: state}\n": false, "ledger: {questions: off}\n": false} {
		if _, problems := load(write(t, "c.yaml", text)); warned != (len(problems) == 1 && strings.Contains(problems[0].String(), "ledger.questions: is on, and there is no ledger")) || len(problems) > 1 {
			t.Errorf("%s: %v", text, problems)
		}
	}
}

func TestExampleShowsEveryKeyWithItsDefault(t *testing.T) {
	const example = "../../config.example.yaml"
	c, problems := load(example)
	if len(problems) > 0 {
		t.Fatalf("config.example.yaml: %v", problems)
	}
	want := defaults()
	want.File = example
	want.State = filepath.Join("../..", want.State) // relative paths start from the folder of the file
	if len(c.Knowledge) == 0 {
		c.Knowledge = nil
	}
	if !reflect.DeepEqual(c, want) {
		t.Errorf("the example does not equal the defaults:\nexample  %+v\ndefaults %+v", c, want)
	}
	var rep strictyaml.Report
	root, text := strictyaml.ReadFile(os.DirFS("../.."), "config.example.yaml", example, &rep)
	shown := map[string]bool{}
	for _, e := range entriesIn(root, "", "") {
		shown[e.key] = true
	}
	for _, key := range settingKeys() {
		if !shown[key] {
			t.Errorf("config.example.yaml lacks %s", key)
		}
		if !strings.Contains(string(text), variable(key)) {
			t.Errorf("config.example.yaml does not name %s", variable(key))
		}
	}
}

func TestDocumentedVariables(t *testing.T) {
	// The interface with operators, written out so that a change here is noticed.
	for key, want := range map[string]string{
		"discord.token":            "FOOTNOTE_DISCORD_TOKEN",
		"discord.token-file":       "FOOTNOTE_DISCORD_TOKEN_FILE",
		"discord.endpoint":         "FOOTNOTE_DISCORD_ENDPOINT",
		"discord.api-version":      "FOOTNOTE_DISCORD_API_VERSION",
		"telegram.token":           "FOOTNOTE_TELEGRAM_TOKEN",
		"telegram.token-file":      "FOOTNOTE_TELEGRAM_TOKEN_FILE",
		"telegram.endpoint":        "FOOTNOTE_TELEGRAM_ENDPOINT",
		"knowledge":                "FOOTNOTE_KNOWLEDGE",
		"log.level":                "FOOTNOTE_LOG_LEVEL",
		"log.format":               "FOOTNOTE_LOG_FORMAT",
		"limits.person-per-minute": "FOOTNOTE_LIMITS_PERSON_PER_MINUTE",
		"limits.chat-per-minute":   "FOOTNOTE_LIMITS_CHAT_PER_MINUTE",
	} {
		if got := variable(key); got != want {
			t.Errorf("variable(%q) = %s, want %s", key, got, want)
		}
		if _, ok := settingOf(key); !ok {
			t.Errorf("there is no setting %s", key)
		}
	}
}

func TestEnvironmentComesBeforeFileAndFlagsBeforeBoth(t *testing.T) {
	file := write(t, "c.yaml", "log: {level: warn, format: json}\nlimits: {person-per-minute: 3}\nknowledge: [packs/a]\n")
	p := &program{env: []string{"FOOTNOTE_LOG_LEVEL=error", "FOOTNOTE_LIMITS_PERSON_PER_MINUTE=0", "FOOTNOTE_LOG_FORMAT="}, hide: func(platform.Secret) {}}
	o := options{config: file, values: []entry{{key: "log.level", values: []string{"debug"}}}}
	c, err := o.configure(p)
	if err != nil {
		t.Fatal(err)
	}
	if c.Log.Level != "debug" || c.Log.Format != "json" || c.Limits.PersonPerMinute != 0 {
		t.Errorf("flag, file and variable were layered wrongly: %+v", c)
	}
	if want := filepath.Join(filepath.Dir(file), "packs/a"); len(c.Knowledge) != 1 || c.Knowledge[0] != want {
		t.Errorf("knowledge = %q, want %q beside the file", c.Knowledge, want)
	}
	o.knowledge = listFlag{"x", "y"}
	if c, err = o.configure(p); err != nil || strings.Join(c.Knowledge, " ") != "x y" {
		t.Errorf("--knowledge x --knowledge y: %q, %v", c.Knowledge, err)
	}
}

func TestEveryProblemIsReportedWithItsPlace(t *testing.T) {
	file := write(t, "bad.yaml", strings.TrimLeft(`
discord:
  tokn: x
  api-version: nine
telegram:
  endpoint: ftp://example.org
log:
  level: verbose
limits:
  chat-per-minute: -1
matcher: on
knowledge: {a: b}
serve:
  keep-going: maybe
colour: true
`, "\n"))
	_, problems := load(file, "FOOTNOTE_LOG_FORMAT=xml", "FOOTNOTE_LOG_LEVLE=info", "FOOTNOTE_DISCORD_TOKEN=a b")
	var got []string
	for _, p := range problems {
		got = append(got, strings.TrimPrefix(p.String(), file))
	}
	all := strings.Join(got, "\n")
	for _, want := range []string{
		":2:3: discord.tokn: unknown key (did you mean token?)",
		":3:16: discord.api-version: \"nine\" is not a whole number from 9 to 99",
		":5:13: telegram.endpoint: \"ftp://example.org\" is not an address such as https://api.telegram.org",
		":7:10: log.level: \"verbose\" is none of debug, info, warn, error",
		":9:20: limits.chat-per-minute: \"-1\" is not a whole number from 0 to 60000",
		":10:10: matcher: expected a map",
		":11:12: knowledge: expected a text, found a map",
		":13:15: serve.keep-going: \"maybe\" is neither true nor false",
		":14:1: colour: unknown key",
		"FOOTNOTE_LOG_FORMAT: \"xml\" is none of text, json",
		"FOOTNOTE_LOG_LEVLE: warning: no key has this variable (did you mean FOOTNOTE_LOG_LEVEL?)",
		"FOOTNOTE_DISCORD_TOKEN: its character 2 does not occur in a token",
	} {
		if !strings.Contains(all, want) {
			t.Errorf("no problem says %q", want)
		}
	}
	if len(problems) != 12 {
		t.Errorf("%d problems, want 12", len(problems))
	}
	if t.Failed() {
		t.Log("\n" + all)
	}
}

func TestCaution(t *testing.T) {
	for _, v := range []string{"low", "normal", "high"} {
		if c, problems := load("", "FOOTNOTE_MATCHER_CAUTION="+v); c.Matcher.Caution != v || len(problems) > 0 {
			t.Errorf("%s: %q, %v", v, c.Matcher.Caution, problems)
		}
	}
	if c, _ := load(""); c.Matcher.Caution != "normal" {
		t.Errorf("by default it is %q", c.Matcher.Caution)
	}
	file := write(t, "bold.yaml", "matcher:\n  caution: hihg\n")
	_, problems := load(file)
	if want := file + `:2:12: matcher.caution: "hihg" is none of low, normal, high (did you mean high?)`; len(problems) != 1 || problems[0].String() != want {
		t.Errorf("got %v, want %s", problems, want)
	}
}

func TestTokenFiles(t *testing.T) {
	const token = "123456789:an-invented-token-of-telegram-12345"
	good := write(t, "token", token+"\r\n\n")
	c, problems := load("", "FOOTNOTE_TELEGRAM_TOKEN_FILE="+good)
	if c.Telegram.Token.Reveal() != token || len(problems) > 0 {
		t.Errorf("token file: %q, %v", c.Telegram.Token.Reveal(), problems)
	}
	readable := write(t, "token", token)
	if err := os.Chmod(readable, 0o644); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		env  []string
		want string
	}{
		"both set":       {[]string{"FOOTNOTE_TELEGRAM_TOKEN=" + token, "FOOTNOTE_TELEGRAM_TOKEN_FILE=" + good}, "FOOTNOTE_TELEGRAM_TOKEN is set as well"},
		"missing":        {[]string{"FOOTNOTE_DISCORD_TOKEN_FILE=" + good + "x"}, "there is no file"},
		"empty":          {[]string{"FOOTNOTE_DISCORD_TOKEN_FILE=" + write(t, "empty", " \n")}, "is empty"},
		"a folder":       {[]string{"FOOTNOTE_DISCORD_TOKEN_FILE=" + t.TempDir()}, "is not a file"},
		"two lines":      {[]string{"FOOTNOTE_DISCORD_TOKEN_FILE=" + write(t, "two", token+"\n"+token)}, "does not occur in a token"},
		"a large file":   {[]string{"FOOTNOTE_DISCORD_TOKEN_FILE=" + write(t, "large", strings.Repeat(token, 1000))}, "should hold the token alone"},
		"Bot prefix":     {[]string{"FOOTNOTE_DISCORD_TOKEN=Bot " + token}, "give the token alone"},
		"world-readable": {[]string{"FOOTNOTE_DISCORD_TOKEN_FILE=" + readable}, "warning: others on this machine can read"},
	} {
		t.Run(name, func(t *testing.T) {
			_, problems := load("", c.env...)
			if len(problems) != 1 || !strings.Contains(problems[0].String(), c.want) {
				t.Errorf("problems = %v, want one with %q", problems, c.want)
			}
			if strings.Contains(fmt.Sprint(problems), token) {
				t.Errorf("the token stands in %v", problems)
			}
		})
	}
}

func TestLaterLayerMayReplaceATokenByAFile(t *testing.T) {
	file := write(t, "c.yaml", "telegram: {token: 1:from-the-file}\n")
	c, problems := load(file, "FOOTNOTE_TELEGRAM_TOKEN_FILE="+write(t, "token", "2:from-the-variable"))
	if len(problems) > 0 || c.Telegram.Token.Reveal() != "2:from-the-variable" {
		t.Errorf("token = %q, %v", c.Telegram.Token.Reveal(), problems)
	}
}

func TestConfigFilesThatCannotBeRead(t *testing.T) {
	for name, c := range map[string]struct{ path, want string }{
		"not there": {filepath.Join(t.TempDir(), "none.yaml"), "none.yaml: the file is not there"},
		"a folder":  {t.TempDir(), "this is a folder"},
		"UTF-16":    {write(t, "u.yaml", "\xff\xfel\x00o\x00g\x00"), "save it as UTF-8"},
		"no YAML":   {write(t, "n.yaml", "log: [level\n"), "is not closed"},
		"YAML bomb": {write(t, "b.yaml", "a: &a [x,x]\nb: [*a,*a]\n"), "not supported"},
		"a list":    {write(t, "l.yaml", "- log\n"), "expected a map"},
		"huge":      {write(t, "h.yaml", strings.Repeat("# comment\n", 1<<20)), "at most 8 MB"},
		"twice":     {write(t, "t.yaml", "log: {level: info}\nlog: {level: warn}\n"), "a second time"},
		"no value":  {write(t, "v.yaml", "log:\n  level:\n"), "nothing stands after the colon"},
	} {
		t.Run(name, func(t *testing.T) {
			_, problems := load(c.path)
			if len(problems) == 0 || !strings.Contains(problems[0].String(), c.want) {
				t.Errorf("problems = %v, want %q", problems, c.want)
			}
		})
	}
	if _, problems := load(write(t, "comments.yaml", "# log:\n#   level: debug\n\n")); len(problems) > 0 {
		t.Errorf("a file of comments sets nothing and is no error: %v", problems)
	}
}

func TestConfigFileOfTheWorkingFolder(t *testing.T) {
	t.Chdir(t.TempDir())
	if c, problems := load(""); len(problems) > 0 || c.Log.Level != "info" {
		t.Errorf("without a file: %+v, %v", c, problems)
	}
	if err := os.WriteFile(configFile, []byte("log: {level: error}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if c, problems := load(""); len(problems) > 0 || c.Log.Level != "error" {
		t.Errorf("with ./config.yaml: %+v, %v", c, problems)
	}
}

func TestSecretsNeverPrint(t *testing.T) {
	const token = "987654321:AAinvented-and-not-valid-0123456789"
	var c Config
	c.Telegram.Token = platform.NewSecret(token)
	var log strings.Builder
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "config", c, "secret", c.Telegram.Token, "pointer", &c)
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "config", c, "secret", c.Telegram.Token)
	asJSON, err := json.Marshal(map[platform.Secret]any{c.Telegram.Token: c})
	if err != nil {
		t.Fatal(err)
	}
	asYAML, err := c.Telegram.Token.MarshalYAML()
	if err != nil {
		t.Fatal(err)
	}
	printed := fmt.Sprint(log.String(), string(asJSON), asYAML, c.Telegram.Token.String(), c.Telegram.Token.GoString(), c.Telegram.Token.LogValue())
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x", "%T"} {
		for _, x := range []any{c, &c, c.Telegram.Token, &c.Telegram.Token, []platform.Secret{c.Telegram.Token}, fmt.Errorf("%w", fmt.Errorf("%v", c))} {
			printed += fmt.Sprintf(verb, x)
		}
	}
	if strings.Contains(printed, "AAinvented") || strings.Contains(printed, fmt.Sprintf("%x", "AAinvented")) {
		t.Errorf("the secret stands in %s", printed)
	}
	if !strings.Contains(printed, platform.Redacted) {
		t.Error("nothing shows that a secret was left out")
	}
}

func TestRedactorHidesTokensAndTheirShapes(t *testing.T) {
	discord := "MTIzNDU2Nzg5MDEyMzQ1Njc4" + ".G1a2b3." + "invented_invented_invented_invented-12"
	telegram := "7123456789:" + "AAinvented_invented-invented_inven1"
	var out strings.Builder
	r := &redactor{to: &out}
	r.hide(platform.NewSecret("s3cret-without-shape"))
	r.hide(platform.NewSecret("a")) // too short to hide
	for _, line := range []string{
		"GET https://api.telegram.org/bot" + telegram + "/getMe",
		"GET /bot" + strings.Replace(telegram, ":", "%3A", 1) + "/getMe",
		"Authorization: Bot " + discord,
		`{"token":"s3cret-without-shape"}`,
		"a line at 12:34:56 with 1234567:short and footnote/knowledge.go:12",
	} {
		if n, err := r.Write([]byte(line + "\n")); err != nil || n != len(line)+1 {
			t.Errorf("Write = %d, %v", n, err)
		}
	}
	got := out.String()
	if strings.Contains(got, "nvented") || strings.Contains(got, "s3cret") {
		t.Errorf("something was not hidden:\n%s", got)
	}
	if !strings.Contains(got, "a line at 12:34:56 with 1234567:short and footnote/knowledge.go:12") {
		t.Errorf("something harmless was hidden:\n%s", got)
	}
}

func sameConfig(a, b Config) bool { return reflect.DeepEqual(a, b) }
