package discord

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"footnote/bot"
	"footnote/bot/bottest"
	"footnote/bot/platform"
)

var testNow = time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)

const (
	selfID = "1574400763902378033"
	annID  = "1574400764648964161"
	roomID = "1574400764648964162"
	msgID  = "1574401738797069093"
)

// message is a MESSAGE_CREATE with the given fields changed; a nil value removes one.
func message(change string) string {
	m := map[string]any{"id": msgID, "channel_id": roomID, "type": 0, "content": "Who spoke?", "author": map[string]any{"id": annID, "username": "ann"}}
	return merged(m, change)
}

func merged(m map[string]any, change string) string {
	var c map[string]any
	if err := json.Unmarshal([]byte(change), &c); err != nil {
		panic(change)
	}
	for k, v := range c {
		m[k] = v
	}
	b, _ := json.Marshal(m)
	return string(b)
}

func TestConvertMessage(t *testing.T) {
	t.Parallel()
	const ignored = "(ignored)"
	guild := `"guild_id":"5",`
	for name, c := range map[string]struct{ change, want string }{
		"direct":                    {`{}`, "Who spoke?"},
		"on a server, to nobody":    {`{` + guild + `"content":""}`, ignored},
		"mention in front":          {`{` + guild + `"content":"<@` + selfID + `> Who spoke?"}`, "Who spoke?"},
		"mention with !":            {`{` + guild + `"content":"<@!` + selfID + `>Who spoke?"}`, "Who spoke?"},
		"mention behind":            {`{` + guild + `"content":"Who spoke? <@` + selfID + `>"}`, "Who spoke?"},
		"mention inside":            {`{` + guild + `"content":"Who, <@` + selfID + `>, spoke?"}`, "Who,  , spoke?"},
		"mention in the list alone": {`{` + guild + `"content":"Who spoke?","mentions":[null,{"id":"` + selfID + `"}]}`, "Who spoke?"},
		"mention of another":        {`{` + guild + `"content":"<@` + annID + `> Who spoke?"}`, ignored},
		"mention of everyone":       {`{` + guild + `"content":"@everyone Who spoke?","mention_everyone":true}`, ignored},
		"id that only begins so":    {`{` + guild + `"content":"<@` + selfID + `1> hi"}`, ignored},
		"reply to the bot":          {`{` + guild + `"type":19,"referenced_message":{"author":{"id":"` + selfID + `"}}}`, "Who spoke?"},
		"reply to another":          {`{` + guild + `"type":19,"referenced_message":{"author":{"id":"` + annID + `"}}}`, ignored},
		"reply to something gone":   {`{` + guild + `"type":19,"referenced_message":null}`, ignored},
		"reply to nobody":           {`{` + guild + `"type":19,"referenced_message":{"author":null}}`, ignored},
		"direct reply":              {`{"type":19,"referenced_message":null}`, "Who spoke?"},
		"the bot itself":            {`{"author":{"id":"` + selfID + `"}}`, ignored},
		"another bot":               {`{"author":{"id":"7","bot":true}}`, ignored},
		"Discord itself":            {`{"author":{"id":"7","system":true}}`, ignored},
		"a webhook":                 {`{"webhook_id":"9"}`, ignored},
		"no author":                 {`{"author":null}`, ignored},
		"author of another type":    {`{"author":"ann"}`, ignored},
		"no id":                     {`{"id":""}`, ignored},
		"id that is a path":         {`{"channel_id":"../5"}`, ignored},
		"somebody joined":           {`{"type":7}`, ignored},
		"a thread began":            {`{"type":21}`, ignored},
		"unknown component":         {`{"components":[{"type":20,"id":1},{"type":1,"components":[{"type":99}]}]}`, "Who spoke?"},
		"components of no type":     {`{"components":"x","embeds":{"a":1},"mentions":{}}`, "Who spoke?"},
		"emoji, channel, time":      {`{"content":"<:lenin:157440173879706909> Who spoke in <#` + roomID + `> <t:1700000000:R>?"}`, "Who spoke in    ?"},
		"typed look-alikes":         {`{"content":"a < b <@1> <b>"}`, "a < b <@1> <b>"},
		"typed command":             {`{"content":"/Source  secret-speech "}`, "source|secret-speech"},
		"typed command alone":       {`{"content":"/help"}`, "help|"},
		"mentioned typed command":   {`{` + guild + `"content":"<@` + selfID + `> /source 2"}`, "source|2"},
		"a path, not a command":     {`{"content":"/usr/bin"}`, "/usr/bin"},
		"empty":                     {`{"content":""}`, ""},
		"invalid text":              {`{"content":"a\u0000b \ud800"}`, "a\x00b \uFFFD"},
	} {
		var w messagePayload
		if err := platform.Decode([]byte(message(c.change)), &w); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		m, ok := convertMessage(selfID, &w, testNow)
		got := m.Text
		if m.Command != "" {
			got = m.Command + "|" + m.Text
		}
		if !ok {
			got = ignored
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
		if !ok {
			continue
		}
		wantTo := bot.Address{Conversation: bot.In("discord", roomID), ReplyTo: msgID}
		if m.To != wantTo || m.ID != msgID || m.From.ID != annID || m.From.Name != "ann" || !m.Addressed || m.SentAt != testNow || m.Direct == strings.Contains(c.change, "guild_id") {
			t.Errorf("%s: %+v", name, m)
		}
	}
}

// interaction is an INTERACTION_CREATE with the given fields changed.
func interactionJSON(change string) string {
	m := map[string]any{
		"id": msgID, "application_id": selfID, "token": "aW50.er-act_ion", "type": 2, "channel_id": roomID, "locale": "ru",
		"user": map[string]any{"id": annID, "username": "ann", "global_name": "Ann"}, "context": 1,
		"data": map[string]any{"name": "ask", "type": 1, "options": []any{map[string]any{"name": "question", "type": 3, "value": "Who spoke?"}}},
	}
	return merged(m, change)
}

func TestConvertInteraction(t *testing.T) {
	t.Parallel()
	const ignored = "(ignored)"
	option := func(value string) string {
		return `{"data":{"name":"ask","type":1,"options":[{"name":"question","type":4,"value":` + value + `}]}}`
	}
	typing := func(options string) string { return `{"type":4,"data":{"name":"Ask","options":` + options + `}}` }
	unknown := `"components":[{"type":20}]`
	for name, c := range map[string]struct{ change, want string }{
		"command":                    {`{}`, "direct ask|Who spoke?"},
		"on a server":                {`{"guild_id":"5","context":0,"user":null,"member":{"user":{"id":"` + annID + `","username":"ann"}}}`, "ask|Who spoke?"},
		"in others' private chat":    {`{"context":2}`, "ask|Who spoke?"},
		"no context, direct":         {`{"context":null,"channel":{"id":"` + roomID + `","type":1}}`, "direct ask|Who spoke?"},
		"no context, server":         {`{"context":null,"guild_id":"5"}`, "ask|Who spoke?"},
		"no channel_id":              {`{"channel_id":"","channel":{"id":"` + roomID + `","type":1}}`, "direct ask|Who spoke?"},
		"number as value":            {option(`1956`), "direct ask|1956"},
		"boolean as value":           {option(`true`), "direct ask|true"},
		"null as value":              {option(`null`), "direct ask|"},
		"object as value":            {option(`{"a":1}`), "direct ask|"},
		"no options":                 {`{"data":{"name":"source","type":1}}`, "direct source|"},
		"null option":                {`{"data":{"name":"source","type":1,"options":[null]}}`, "direct source|"},
		"subcommand":                 {`{"data":{"name":"fact","type":1,"options":[{"name":"show","type":1,"options":[{"name":"id","value":"x"}]}]}}`, "direct fact|x"},
		"button":                     {`{"type":3,"data":{"custom_id":"fn1:s:secret-speech","component_type":2},"message":{` + unknown + `}}`, "direct !s:secret-speech"},
		"button of another version":  {`{"type":3,"data":{"custom_id":"x","component_type":2}}`, "direct !x"},
		"button without action":      {`{"type":3,"data":{"custom_id":"fn1:","component_type":2}}`, "direct !fn1:"},
		"select menu":                {`{"type":3,"data":{"custom_id":"x","component_type":3,"values":["a"]}}`, ignored},
		"button without id":          {`{"type":3,"data":{"component_type":2}}`, ignored},
		"on a message":               {`{"data":{"name":"Check with Footnote","type":3,"target_id":"9","resolved":{"messages":{"9":{"content":"He spoke.",` + unknown + `}}}}}`, "direct check|He spoke."},
		"on a picture":               {`{"data":{"name":"Check with Footnote","type":3,"target_id":"9","resolved":{"messages":{"9":{"content":"","attachments":[{}],"embeds":[null,{"type":"image"}]}}}}}`, "direct check|"},
		"on a forwarded message":     {`{"data":{"name":"Check with Footnote","type":3,"target_id":"9","resolved":{"messages":{"9":{"content":"","message_snapshots":[null,{},{"message":{"content":"He <@1574400764648964161> spoke."}}]}}}}}`, "direct check|He   spoke."},
		"on an embed":                {`{"data":{"name":"Check with Footnote","type":3,"target_id":"9","resolved":{"messages":{"9":{"author":{"bot":true},"content":" ","embeds":[{"description":"He spoke."}]}}}}}`, "direct check|He spoke."},
		"on the head of an embed":    {`{"data":{"name":"Check with Footnote","type":3,"target_id":"9","resolved":{"messages":{"9":{"content":"","embeds":[{"title":"He spoke.","fields":[null,{"name":"When","value":"1956"}]}]}}}}}`, "direct check|He spoke.\n\nWhen\n1956"},
		"on text in components":      {`{"data":{"name":"Check with Footnote","type":3,"target_id":"9","resolved":{"messages":{"9":{"content":"","components":[null,{"type":17,"components":[{"type":10,"content":"He spoke."}]}]}}}}}`, "direct check|He spoke."},
		"on a message that is gone":  {`{"data":{"name":"Check with Footnote","type":3,"target_id":"9"}}`, ignored},
		"unknown command on message": {`{"data":{"name":"Other","type":3,"target_id":"9","resolved":{"messages":{"9":{"content":"x"}}}}}`, ignored},
		"command on a person":        {`{"data":{"name":"Who","type":2}}`, ignored},
		"typing":                     {typing(`[{"name":"question","value":"khru","focused":true}]`), "?ask khru"},
		"typing a number":            {typing(`[{"name":"n","type":4,"value":"19","focused":true}]`), "?ask 19"},
		"typing a real number":       {typing(`[null,{"name":"n","type":4,"value":19,"focused":true}]`), "?ask 19"},
		"typing in a subcommand":     {typing(`[{"name":"s","options":[{"name":"q","value":"k","focused":true}]}]`), "?ask k"},
		"typing nowhere":             {typing(`[]`), ignored},
		"ping":                       {`{"type":1}`, ignored},
		"modal":                      {`{"type":5}`, ignored},
		"no data":                    {`{"data":null}`, ignored},
		"data of another type":       {`{"data":[1]}`, ignored},
		"nobody":                     {`{"user":null}`, ignored},
		"a bot":                      {`{"user":{"id":"` + annID + `","bot":true}}`, ignored},
		"token that is a path":       {`{"token":".."}`, ignored},
		"token with a blank":         {`{"token":"a b"}`, ignored},
		"no token":                   {`{"token":""}`, ignored},
		"everything of odd types":    {`{"id":1,"token":[],"member":"x"}`, ignored},
	} {
		var w interactionPayload
		if err := platform.Decode([]byte(interactionJSON(c.change)), &w); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		kind, m, typed := convertInteraction(bot.ByName(bottest.Commands()), &w, testNow)
		got := ignored
		switch kind {
		case asMessage:
			got = m.Command + "|" + m.Text
			if m.Action != "" {
				got = "!" + m.Action
			}
			if m.Direct {
				got = "direct " + got
			}
			h, ok := parseHandle(m.To.Handle)
			if !ok || h.token != "aW50.er-act_ion" || h.id != msgID || h.app != selfID || h.component != (w.Type == 3) {
				t.Errorf("%s: handle %+v", name, h)
			}
			if m.From.Lang != "ru" || m.ID != msgID || m.To.Chat != roomID || m.To.ReplyTo != "" || !m.Addressed {
				t.Errorf("%s: %+v", name, m)
			}
			if s := fmt.Sprintf("%v %+v %#v", m, m, m); strings.Contains(s, "er-act") {
				t.Errorf("%s: printing the message shows the interaction's token: %s", name, s)
			}
		case asCompletion:
			got = "?" + typed.command + " " + typed.text
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// Discord does not tell bots what some replies say. Those are not empty.
func TestWithheld(t *testing.T) {
	t.Parallel()
	const reply = `"type":19,"referenced_message":{"author":{"id":"` + selfID + `"}}`
	for change, want := range map[string]bool{
		`{"guild_id":"5",` + reply + `,"content":"","attachments":[],"mentions":[]}`:          true,
		`{"guild_id":"5",` + reply + `,"content":"","attachments":[{"id":"1"}]}`:              false,
		`{"guild_id":"5",` + reply + `,"content":"","sticker_items":[{"id":"1"}]}`:            false,
		`{"guild_id":"5",` + reply + `,"content":"2"}`:                                        false,
		`{"guild_id":"5","content":"<@` + selfID + `>","mentions":[{"id":"` + selfID + `"}]}`: false,
		`{` + reply + `,"content":""}`:                                                        false, // a direct chat hides nothing
	} {
		var w messagePayload
		if err := platform.Decode([]byte(message(change)), &w); err != nil {
			t.Fatal(err)
		}
		if m, ok := convertMessage(selfID, &w, testNow); !ok || m.Withheld != want {
			t.Errorf("%s: withheld %v, delivered %v", change, m.Withheld, ok)
		}
	}
}

func TestTextIsCapped(t *testing.T) {
	t.Parallel()
	for _, s := range []string{strings.Repeat("a", 1<<20), strings.Repeat("Ж", 1<<20), strings.Repeat("👨", 1<<19), strings.Repeat("\xff", 1<<20), strings.Repeat("<@", 1<<19)} {
		var w messagePayload
		raw, _ := json.Marshal(map[string]any{"id": msgID, "channel_id": roomID, "content": s, "author": map[string]any{"id": annID}})
		_ = platform.Decode(raw, &w)
		m, ok := convertMessage(selfID, &w, testNow)
		if n := utf8.RuneCountInString(m.Text); !ok || n > maxText || n == 0 || !utf8.ValidString(m.Text) {
			t.Errorf("%d characters delivered, at most %d allowed", n, maxText)
		}
	}
}

func FuzzConvert(f *testing.F) {
	f.Add(message(`{}`))
	f.Add(message(`{"guild_id":"5","content":"<@` + selfID + `> /source 2","components":[{"type":20}]}`))
	f.Add(interactionJSON(`{}`))
	f.Add(interactionJSON(`{"type":4,"data":{"name":"ask","options":[{"value":1,"focused":true}]}}`))
	f.Add(interactionJSON(`{"type":3,"data":{"custom_id":"fn1:x","component_type":2}}`))
	f.Add(`{"author":null,"data":{"resolved":{"messages":{"":null}}}}`)
	f.Fuzz(func(t *testing.T, raw string) {
		check := func(m bot.Message) {
			said := 0
			for _, s := range []string{m.Command, m.Action} {
				if s != "" {
					said++
				}
			}
			if said > 1 || m.Action != "" && m.Text != "" || !m.Addressed || m.ID == "" || m.From.ID == "" || m.To.Chat == "" {
				t.Errorf("%+v", m)
			}
			for _, s := range []string{m.Text, m.Action, m.Command} {
				if !utf8.ValidString(s) || utf8.RuneCountInString(s) > maxText {
					t.Errorf("text %.100q", s)
				}
			}
			if !isID(string(m.To.Chat)) {
				t.Errorf("address %q", m.To.Chat)
			}
			if m.To.Handle != "" {
				if _, ok := parseHandle(m.To.Handle); !ok {
					t.Error("a handle that cannot be read back")
				}
			}
		}
		var w messagePayload
		if platform.Decode([]byte(raw), &w) == nil {
			if m, ok := convertMessage(selfID, &w, testNow); ok {
				check(m)
			}
		}
		var i interactionPayload
		if platform.Decode([]byte(raw), &i) == nil {
			if kind, m, c := convertInteraction(bot.ByName(bottest.Commands()), &i, testNow); kind == asMessage {
				check(m)
			} else if kind == asCompletion && (!utf8.ValidString(c.text) || utf8.RuneCountInString(c.text) > maxText) {
				t.Errorf("typed %.100q", c.text)
			}
		}
	})
}

func TestSentAt(t *testing.T) {
	t.Parallel()
	made := snowflakeTime(msgID)
	// The example of Discord's reference: 175928847299117063 is of 30 April 2016.
	if got := snowflakeTime("175928847299117063").UTC().Format(time.RFC3339Nano); got != "2016-04-30T11:18:25.796Z" {
		t.Errorf("the id is of %v", got)
	}
	for d, want := range map[time.Duration]time.Time{time.Second: made, 9 * time.Minute: made, -time.Second: made.Add(-time.Second), time.Hour: made.Add(time.Hour)} {
		if got := sentAt(msgID, made.Add(d)); !got.Equal(want) {
			t.Errorf("%v after it was made: %v, want %v", d, got, want)
		}
	}
	for _, id := range []string{"", "100", "x", "99999999999999999999999"} {
		if got := sentAt(id, testNow); got != testNow {
			t.Errorf("id %q: %v", id, got)
		}
	}
}

// What a user may be called is each of its names once.
func TestNamesOfAUser(t *testing.T) {
	for want, u := range map[string]user{
		"[]": {}, "[Clio clio]": {GlobalName: "Clio", Username: "clio"}, "[clio]": {Username: "clio"}, "[Clio]": {GlobalName: "Clio", Username: "Clio"},
	} {
		if got := fmt.Sprint(u.names()); got != want {
			t.Errorf("%+v: %s, want %s", u, got, want)
		}
	}
	if got := new(Adapter).Called(); got != nil {
		t.Errorf("before READY: %q", got)
	}
}

// Words of somebody else are told from those of whoever brings them.
func TestOthersWords(t *testing.T) {
	t.Parallel()
	for change, quoted := range map[string]bool{
		`{}`: false,
		`{"data":{"name":"Check with Footnote","type":3,"target_id":"9","resolved":{"messages":{"9":{"content":"He spoke."}}}}}`: true,
	} {
		var w interactionPayload
		if err := platform.Decode([]byte(interactionJSON(change)), &w); err != nil {
			t.Fatal(err)
		}
		if _, m, _ := convertInteraction(bot.ByName(bottest.Commands()), &w, testNow); m.Quoted != quoted {
			t.Errorf("%s: %+v", change, m)
		}
	}
}

// What is forwarded to the bot alone is checked, as on Telegram, and elsewhere nobody's.
func TestForwarded(t *testing.T) {
	t.Parallel()
	const forward = `"content":"","message_reference":{"type":1},"message_snapshots":[null,{},{"message":{"content":"He <@1574400764648964161> spoke."}}]`
	for change, want := range map[string]string{
		`{` + forward + `}`: "check|He   spoke.",
		`{"content":"","message_snapshots":[{"message":{"content":""}}]}`:      "|",
		`{"content":"Who?","message_snapshots":[{"message":{"content":"x"}}]}`: "|Who?",
	} {
		var w messagePayload
		if err := platform.Decode([]byte(message(change)), &w); err != nil {
			t.Fatal(err)
		}
		m, ok := convertMessage(selfID, &w, testNow)
		if got := m.Command + "|" + m.Text; !ok || got != want || m.Quoted != (m.Command == "check") {
			t.Errorf("%s: %q, %+v", change, got, m)
		}
	}
	var w messagePayload
	if err := platform.Decode([]byte(message(`{"guild_id":"5",`+forward+`}`)), &w); err != nil {
		t.Fatal(err)
	}
	if m, ok := convertMessage(selfID, &w, testNow); ok {
		t.Errorf("on a server: %+v", m)
	}
}
