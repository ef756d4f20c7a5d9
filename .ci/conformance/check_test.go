package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const spec = "../../../shared/specs/discord-openapi.json"

// A validator that passes everything would look just like a bot that conforms, so
// requests broken on purpose have to fail, each beside its whole twin.
func TestNoticesBrokenRequests(t *testing.T) {
	if _, err := os.Stat(spec); err != nil {
		t.Skip("Discord's OpenAPI document is not at " + spec + ": nothing can be held against it")
	}
	d, err := load(spec)
	if err != nil {
		t.Fatal(err)
	}
	const (
		messages = "POST /channels/1574400764648964161/messages "
		commands = "PUT /applications/1574400763902378033/commands "
		callback = "POST /interactions/1574401738797069093/token/callback "
		original = "PATCH /webhooks/1574400763902378033/token/messages/@original "
	)
	long := func(n int) string { return strings.Repeat("x", n) }
	button := func(style, id, label string) string {
		return `{"content":"x","components":[{"type":1,"components":[{"type":2,"style":` + style + `,"custom_id":"` + id + `","label":"` + label + `"}]}]}`
	}
	choices := func(n int) string {
		return `{"type":8,"data":{"choices":[` + strings.TrimSuffix(strings.Repeat(`{"name":"a","value":"a"},`, n), ",") + `]}}`
	}
	for name, c := range map[string]struct{ good, bad string }{
		"no such path":             {messages + `{"content":"x"}`, "POST /channels/1574400764648964161/mesages {}"},
		"no such method":           {"GET /gateway/bot null", "DELETE /gateway/bot null"},
		"no body":                  {messages + `{"content":"x"}`, messages + "null"},
		"wrong type":               {messages + `{"content":"x","flags":4}`, messages + `{"content":"x","flags":"4"}`},
		"misspelt field":           {messages + `{"content":"x","allowed_mentions":{"parse":[]}}`, messages + `{"content":"x","allowed_mention":{"parse":[]}}`},
		"misspelt field inside":    {messages + `{"content":"x","message_reference":{"message_id":"1574400764648964161"}}`, messages + `{"content":"x","message_reference":{"message":"1574400764648964161"}}`},
		"text too long":            {messages + `{"content":"` + long(2000) + `"}`, messages + `{"content":"` + long(2001) + `"}`},
		"text too long in UTF-16":  {original + `{"content":"` + strings.Repeat("😀", 1000) + `"}`, original + `{"content":"` + strings.Repeat("😀", 1001) + `"}`},
		"answer too long":          {callback + `{"type":4,"data":{"content":"` + long(2000) + `"}}`, callback + `{"type":4,"data":{"content":"` + long(2001) + `"}}`},
		"mentions of what":         {messages + `{"content":"x","allowed_mentions":{"parse":["users"]}}`, messages + `{"content":"x","allowed_mentions":{"parse":["persons"]}}`},
		"custom_id too long":       {messages + button("2", long(100), "a"), messages + button("2", long(101), "a")},
		"label too long":           {messages + button("2", "a", long(80)), messages + button("2", "a", long(81))},
		"style of no button":       {messages + button("2", "a", "a"), messages + button("9", "a", "a")},
		"answer of unknown kind":   {callback + `{"type":5}`, callback + `{"type":77}`},
		"too many completions":     {callback + choices(25), callback + choices(26)},
		"command name too long":    {commands + `[{"type":1,"name":"` + long(32) + `","description":"d"}]`, commands + `[{"type":1,"name":"` + long(33) + `","description":"d"}]`},
		"description too long":     {commands + `[{"type":1,"name":"a","description":"` + long(100) + `"}]`, commands + `[{"type":1,"name":"a","description":"` + long(101) + `"}]`},
		"language that is not one": {commands + `[{"type":1,"name":"a","description":"d","name_localizations":{"de":"a"}}]`, commands + `[{"type":1,"name":"a","description":"d","name_localizations":{"de":7}}]`},
	} {
		if _, err := d.check(line(t, c.good)); err != nil {
			t.Errorf("%s: the whole request is refused: %v", name, err)
		}
		if _, err := d.check(line(t, c.bad)); err == nil {
			t.Errorf("%s: not noticed in %.120s", name, c.bad)
		}
	}
}

// line writes "METHOD PATH BODY" as a line of a recording.
func line(t *testing.T, s string) []byte {
	t.Helper()
	p := strings.SplitN(s, " ", 3)
	b, err := json.Marshal(map[string]any{"method": p[0], "path": p[1], "body": json.RawMessage(p[2])})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// A recording without requests is a failure too: it shows nothing.
func TestExitCodes(t *testing.T) {
	if _, err := os.Stat(spec); err != nil {
		t.Skip("Discord's OpenAPI document is not at " + spec)
	}
	for content, want := range map[string]int{
		"":                                   2,
		"no JSON\n":                          1,
		`{"method":"GET","path":"/nowhere"}`: 1,
		`{"method":"GET","path":"/gateway/bot","body":null}`: 0,
	} {
		file := filepath.Join(t.TempDir(), "requests.jsonl")
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		if got := run([]string{spec, file}, &out, &out); got != want {
			t.Errorf("%q: exit code %d, want %d: %s", content, got, want, &out)
		}
	}
}
