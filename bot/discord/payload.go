package discord

import (
	"encoding/json"
	"slices"
	"strings"
	"time"
)

// The structs of this file are what the adapter reads of gateway events, and no
// more. discordgo's own are not used: one component of a type it does not know
// leaves them empty, and their accessors panic.

type user struct {
	ID         string `json:"id"`
	Username   string `json:"username"`
	GlobalName string `json:"global_name"`
	Bot        bool   `json:"bot"`
	System     bool   `json:"system"`
}

// name is what the person is called, for addressing only.
func (u *user) name() string {
	if u.GlobalName != "" {
		return u.GlobalName
	}
	return u.Username
}

// names are what the user may be called, the shown name first.
func (u *user) names() []string {
	var all []string
	for _, name := range []string{u.GlobalName, u.Username} {
		if name != "" && !slices.Contains(all, name) {
			all = append(all, name)
		}
	}
	return all
}

type messagePayload struct {
	ID         string     `json:"id"`
	ChannelID  string     `json:"channel_id"`
	GuildID    string     `json:"guild_id"`
	WebhookID  string     `json:"webhook_id"`
	Type       int        `json:"type"`
	Content    string     `json:"content"`
	Author     *user      `json:"author"`
	Mentions   []*user    `json:"mentions"`
	Files      []struct{} `json:"attachments"`
	Stickers   []struct{} `json:"sticker_items"`
	Referenced *struct {
		Author     *user          `json:"author"`
		Content    string         `json:"content"`
		Components []*textPayload `json:"components"`
	} `json:"referenced_message"`
	Snapshots snapshots `json:"message_snapshots"`
}

// Snapshots are the messages that one forwards.
type snapshots []*struct {
	Message *struct {
		Content string `json:"content"`
	} `json:"message"`
}

func (all snapshots) texts() (out []string) {
	for _, s := range all {
		if s != nil && s.Message != nil {
			out = append(out, s.Message.Content)
		}
	}
	return out
}

type interactionPayload struct {
	ID            string          `json:"id"`
	ApplicationID string          `json:"application_id"`
	Token         string          `json:"token"`
	Type          int             `json:"type"`
	GuildID       string          `json:"guild_id"`
	ChannelID     string          `json:"channel_id"`
	Channel       *channelPayload `json:"channel"`
	Context       *int            `json:"context"`
	Locale        string          `json:"locale"`
	GuildLocale   string          `json:"guild_locale"`
	User          *user           `json:"user"` // in direct messages
	Member        *struct {
		User        *user           `json:"user"`
		Permissions json.RawMessage `json:"permissions"` // computed for the channel, as a string of digits
	} `json:"member"` // on servers
	Data *dataPayload `json:"data"`
}

type channelPayload struct {
	ID   string `json:"id"`
	Type int    `json:"type"`
}

type dataPayload struct {
	Name          string           `json:"name"`
	Type          int              `json:"type"`
	Options       []*optionPayload `json:"options"`
	CustomID      string           `json:"custom_id"`
	ComponentType int              `json:"component_type"`
	TargetID      string           `json:"target_id"`
	Components    []*fieldPayload  `json:"components"` // of a form that was filled in
	Resolved      struct {
		Messages map[string]*targetPayload `json:"messages"`
	} `json:"resolved"`
}

// A fieldPayload is a component of a form that was filled in, as far as it is text or holds some.
type fieldPayload struct {
	Value      json.RawMessage `json:"value"`
	Component  *fieldPayload   `json:"component"`
	Components []*fieldPayload `json:"components"`
}

// filledIn is the text of the first field that has some.
func filledIn(fields []*fieldPayload) string {
	for _, f := range fields {
		if f == nil {
			continue
		}
		if s := strings.TrimSpace(valueText(f.Value)); s != "" {
			return s
		}
		if s := filledIn(append(f.Components, f.Component)); s != "" {
			return s
		}
	}
	return ""
}

// A targetPayload is the message that a command was used on.
type targetPayload struct {
	Content   string    `json:"content"`
	Snapshots snapshots `json:"message_snapshots"`
	Embeds    []*struct {
		Title       string `json:"title"`
		Description string `json:"description"`
		Fields      []*struct {
			Name  string `json:"name"`
			Value string `json:"value"`
		} `json:"fields"`
	} `json:"embeds"`
	Components []*textPayload `json:"components"`
}

// A textPayload is a component of a message, as far as it is text or holds some.
type textPayload struct {
	Content    string         `json:"content"`
	Components []*textPayload `json:"components"`
}

func appendTexts(all []string, components []*textPayload) []string {
	for _, c := range components {
		if c != nil {
			all = appendTexts(append(all, c.Content), c.Components)
		}
	}
	return all
}

// text is what the message says: in its own words, or else in those that it passes on.
func (m *targetPayload) text() string {
	if strings.TrimSpace(m.Content) != "" {
		return m.Content
	}
	all := m.Snapshots.texts()
	for _, e := range m.Embeds {
		if e == nil {
			continue
		}
		all = append(all, e.Title, e.Description)
		for _, f := range e.Fields {
			if f != nil {
				all = append(all, f.Name, f.Value)
			}
		}
	}
	return strings.Join(appendTexts(all, m.Components), "\n")
}

type optionPayload struct {
	Name    string           `json:"name"`
	Value   json.RawMessage  `json:"value"` // of any type, whatever the option's type says
	Focused bool             `json:"focused"`
	Options []*optionPayload `json:"options"`
}

type readyPayload struct {
	SessionID   string `json:"session_id"`
	ResumeURL   string `json:"resume_gateway_url"`
	User        *user  `json:"user"`
	Application struct {
		ID string `json:"id"`
	} `json:"application"`
}

// discordEpoch is the first millisecond that a snowflake can name.
const discordEpoch = 1420070400000

// snowflakeTime is when the thing with this id was made, or the zero time.
func snowflakeTime(id string) time.Time {
	var n uint64
	for _, c := range []byte(id) {
		if c < '0' || c > '9' || n > 1<<59 {
			return time.Time{}
		}
		n = n*10 + uint64(c-'0')
	}
	if n == 0 {
		return time.Time{}
	}
	return time.UnixMilli(int64(n>>22) + discordEpoch)
}

// liveFor is how old a live event can be: a session that was lost for longer
// cannot be resumed.
const liveFor = 10 * time.Minute

// sentAt is when the thing with this id was made. The gateway brings nothing that
// is old, so a time that looks old, or is in the future, comes from a clock that is
// wrong, and the bot must not ignore people for that.
func sentAt(id string, now time.Time) time.Time {
	if t := snowflakeTime(id); t.Before(now) && now.Sub(t) < liveFor {
		return t
	}
	return now
}

// isID reports whether s can be an id. Discord's are numbers; a proxy's or a
// test's may not be. Ids become parts of URLs and of handles.
func isID(s string) bool {
	if s == "" || len(s) > 64 {
		return false
	}
	for _, c := range []byte(s) {
		ok := c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '-' || c == '_'
		if !ok {
			return false
		}
	}
	return true
}
