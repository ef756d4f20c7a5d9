package discord

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"footnote/bot"
	"footnote/bot/bottest"
	dt "footnote/bot/discord/discordtest"
	"footnote/bot/platform"
)

// Who decides is what Discord computed for the person in that channel at that
// moment, and nothing else that comes with an interaction.
func TestIsAdmin(t *testing.T) {
	t.Parallel()
	member := func(permissions string) string {
		return `{"guild_id":"5","context":0,"user":null,"member":{"user":{"id":"` + annID + `"},"permissions":` + permissions + `}}`
	}
	for name, c := range map[string]struct {
		change string
		want   bool
	}{
		"may manage the server":       {member(`"32"`), true},
		"administrator":               {member(`"8"`), true},
		"both and everything else":    {member(`"18014398509481983"`), true},
		"everything else":             {member(`"18014398509481943"`), false}, // without 8 and 32
		"moderator":                   {member(`"9895604650966"`), false},     // kick, ban, messages, threads, time out
		"nothing":                     {member(`"0"`), false},
		"as a number":                 {member(`32`), true},
		"higher than 64 bits":         {member(`"36893488147419103264"`), false},
		"negative":                    {member(`"-1"`), false},
		"in hexadecimal":              {member(`"0x20"`), false},
		"empty":                       {member(`""`), false},
		"null":                        {member(`null`), false},
		"an object":                   {member(`{"32":true}`), false},
		"no permissions":              {`{"guild_id":"5","context":0,"user":null,"member":{"user":{"id":"` + annID + `"}}}`, false},
		"the app's own are something": {`{"guild_id":"5","context":0,"app_permissions":"8","user":null,"member":{"user":{"id":"` + annID + `"},"permissions":"0"}}`, false},
		"somebody in a private group": {`{"context":2}`, false},
		"a member of no server":       {`{"context":2,"guild_id":"","member":{"user":{"id":"` + annID + `"},"permissions":"8"}}`, false},
		"the direct chat":             {`{"context":1,"guild_id":"5","member":{"user":{"id":"` + annID + `"},"permissions":"8"}}`, false},
	} {
		for kind, more := range map[string]string{"command": ``, "button": `"type":3,"data":{"custom_id":"fn1:1e:l:de","component_type":2},`} {
			var w interactionPayload
			if err := platform.Decode([]byte(interactionJSON("{"+more+c.change[1:])), &w); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			got, m, _ := convertInteraction(bot.ByName(bottest.Commands()), &w, testNow)
			if got != asMessage {
				t.Fatalf("%s, %s: not delivered", name, kind)
			}
			h, _ := parseHandle(m.To.Handle)
			if h.component != (kind == "button") || h.token == "" {
				t.Errorf("%s, %s: handle %+v", name, kind, h)
			}
			may, err := (&Adapter{}).IsAdmin(t.Context(), m)
			if may != c.want || err != nil {
				t.Errorf("%s, %s: %v, %v, want %v", name, kind, may, err, c.want)
			}
		}
	}
}

// With a typed message Discord does not tell, whoever types it.
func TestTypedCommandTellsNobody(t *testing.T) {
	t.Parallel()
	x := start(t, dt.Options{}, Config{})
	x.ready()
	x.server.Admin("bob", "#forum", true)
	x.server.Mention("bob", "#forum", "/settings language de")
	m := x.wait(1)[0]
	if m.Command != "settings" || m.Text != "language de" {
		t.Fatalf("heard %+v", m)
	}
	if may, err := x.adapter.IsAdmin(x.ctx, m); may || !errors.Is(err, bot.ErrNotTold) {
		t.Errorf("%v, %v", may, err)
	}
	x.server.Command("bob", "#forum", "settings", "change", "language de")
	if may, err := x.adapter.IsAdmin(x.ctx, x.wait(2)[1]); !may || err != nil {
		t.Errorf("the same by the command: %v, %v", may, err)
	}
}

// The command is shown to those who may manage a server, and where there is
// something to set. That decides nothing: TestIsAdmin does.
func TestSettingsAreOfferedToManagers(t *testing.T) {
	t.Parallel()
	found := false
	for _, c := range commands(bottest.Commands(), true) {
		raw, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		if c.Name == "settings" {
			found = true
			if !strings.Contains(string(raw), `"default_member_permissions":32`) || !strings.Contains(string(raw), `"contexts":[0,1]`) {
				t.Errorf("registered as %s", raw)
			}
			if len(c.Options) != 1 || !c.Options[0].Autocomplete || c.Options[0].Required {
				t.Errorf("its option is %+v", c.Options)
			}
		} else if strings.Contains(string(raw), "default_member_permissions") {
			t.Errorf("%s is kept from people", c.Name)
		}
	}
	if !found {
		t.Error("settings is not registered")
	}
	for raw, want := range map[string]permissions{`"32"`: 32, `32`: 32, `null`: 0, `"x"`: 0} {
		p := permissions(7)
		if err := json.Unmarshal([]byte(raw), &p); err != nil || p != want {
			t.Errorf("%s is read as %d, %v", raw, p, err)
		}
	}
}
