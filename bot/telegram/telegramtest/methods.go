package telegramtest

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Sent is a message the bot has written.
type Sent struct {
	ID        int64
	Chat      int64
	Thread    int64
	ReplyTo   int64
	Text      string // as people read it
	Entities  []Entity
	Raw       string // as the bot wrote it
	ParseMode string
	Buttons   [][]Button
	Edited    bool   // an edit of message ID
	File      *File  // Text is its caption
	Poll      *Poll  // Text is its question
	Alone     int64  // who alone sees it: it is a toast, or ephemeral, and its ID below zero is its number
	Quote     string // the words of the message that it replies to
	Direct    int64  // the topic of a channel's direct messages
	Guest     bool   // in a chat that the bot is not in
	Rich      bool   // it is made of blocks, and Text is what people read
	Toast     bool   // a text over the chat for who pressed a button, and no message
}

// A Button is a button under a message.
type Button struct {
	Text string `json:"text"`
	Data string `json:"callback_data"`
	URL  string `json:"url"`
	Copy *struct {
		Text string `json:"text"`
	} `json:"copy_text"`
}

// Limits of Telegram on what bots send.
const (
	maxText    = 4096  // UTF-16 code units after entities are parsed
	maxCaption = 1024  // the same
	maxRaw     = 32768 // bytes
	maxMarks   = 100   // entities; those after them are dropped
	maxData    = 64    // bytes of callback data
	maxResults = 50
	maxCopy    = 256  // UTF-16 code units that a button copies
	maxQuote   = 1024 // that a reply quotes
)

// one is how many are true.
func one(all ...bool) (n int) {
	for _, x := range all {
		if x {
			n++
		}
	}
	return n
}

func (s *Server) dispatch(r *http.Request, method string) answer {
	if _, ok := methods[method]; !ok {
		s.problem("the method %s is unknown", method)
		return refuse(404, "Not Found: method not found")
	}
	if wrong := checkParams(method, r.Form); wrong != "" && !s.opts.Bare {
		s.problem("%s: %s", method, wrong)
		return refuse(400, "Bad Request: "+wrong)
	}
	p := r.Form
	switch method {
	case "getMe":
		return answer{result: s.self()}
	case "getUpdates":
		return s.getUpdates(r)
	case "getWebhookInfo":
		return s.webhookInfo()
	case "setWebhook":
		return s.setWebhook(p)
	case "deleteWebhook":
		return s.deleteWebhook(p)
	case "sendMessage", "sendRichMessage", "sendDocument", "sendPhoto", "sendPoll":
		return s.sendMessage(r, method)
	case "editMessageText", "editMessageReplyMarkup":
		return s.edit(method, p)
	case "editEphemeralMessageText":
		return s.editAlone(method, p)
	case "sendChatAction":
		return s.chatAction(p)
	case "getChatMember":
		return s.chatMember(p)
	case "answerCallbackQuery":
		return s.answerPress(p)
	case "answerInlineQuery":
		return s.answerInline(p)
	case "answerGuestQuery":
		return s.answerGuest(p)
	case "setMyCommands":
		return s.setCommands(p)
	case "getMyCommands":
		s.mu.Lock()
		defer s.mu.Unlock()
		if m, ok := s.menus[menuKey(p)]; ok {
			return answer{result: m}
		}
		return answer{result: []any{}}
	}
	return refuse(500, "Internal Server Error: the fake has no handler for "+method)
}

func (s *Server) self() map[string]any {
	return map[string]any{
		"id": s.BotID(), "is_bot": true, "first_name": "Footnote", "username": s.opts.Username,
		"can_join_groups": true, "can_read_all_group_messages": s.opts.ReadsGroups, "supports_inline_queries": true, "supports_guest_queries": s.opts.Guests,
	}
}

// check parses text and keyboard as the server would; a refusal is also a problem,
// for a bot should never be refused for its own text.
func (s *Server) check(method string, p url.Values) (Sent, *Refusal) {
	bad := func(text string) (Sent, *Refusal) {
		s.problem("%s: %s", method, text)
		return Sent{}, &Refusal{Code: 400, Text: "Bad Request: " + text}
	}
	text, max := "text", maxText
	if withFile(method) {
		text, max = "caption", maxCaption
	}
	raw := p.Get(text)
	out := Sent{Raw: raw, Text: raw, ParseMode: p.Get("parse_mode")}
	if !utf8.ValidString(raw) {
		return bad("strings must be encoded in UTF-8")
	}
	if len(raw) > maxRaw {
		return bad("Text is too long")
	}
	switch out.ParseMode {
	case "":
	case "HTML":
		var err error
		if out.Text, out.Entities, err = ParseHTML(raw); err != nil {
			return bad(err.Error())
		}
	default:
		return bad("unsupported parse_mode")
	}
	out.Text = strings.Trim(out.Text, " \n\t\r")
	if out.Text == "" && method != "editMessageReplyMarkup" && !withFile(method) {
		return bad("message text is empty")
	}
	if Units(out.Text) > max {
		return bad(map[string]string{"text": "message is too long", "caption": "message caption is too long"}[text])
	}
	s.checkLive(method, out)
	var preview struct {
		Disabled bool   `json:"is_disabled"`
		URL      string `json:"url"`
	}
	_ = json.Unmarshal([]byte(p.Get("link_preview_options")), &preview)
	if !preview.Disabled && preview.URL == "" && !withFile(method) && method != "editMessageReplyMarkup" {
		s.problem("%s: link previews are on, and of no page that was chosen", method)
	}
	if m := p.Get("reply_markup"); m != "" {
		rows, why := keyboardOf(m)
		if why != "" {
			return bad(why)
		}
		out.Buttons = rows
	}
	return out, nil
}

// checkLive notes as problems what of a text would do something by itself: ping
// somebody, or lead where no pack leads.
func (s *Server) checkLive(method string, out Sent) {
	for _, x := range Handles(out.Text, out.Entities) {
		if !strings.EqualFold(x, "@"+s.opts.Username) {
			s.problem("%s: the text would ping %s", method, x)
		}
	}
	if len(out.Entities) > maxMarks {
		s.problem("%s: %d entities, of which %d are kept", method, len(out.Entities), maxMarks)
	}
	for _, e := range Live(out.Text, out.Entities) {
		if e.Type == "hashtag" || e.Type == "cashtag" || e.Type == "url" && !strings.HasPrefix(e.URL, "https://") {
			s.problem("%s: %s %q would be live", method, e.Type, e.URL)
		}
	}
	for _, e := range out.Entities {
		if e.Type == "text_link" && !strings.HasPrefix(e.URL, "https://") {
			s.problem("%s: a link to %q", method, e.URL)
		}
	}
}

// keyboardOf returns the rows of buttons of a reply_markup, or why the server refuses it.
func keyboardOf(text string) (rows [][]Button, why string) {
	var markup struct {
		Rows [][]Button `json:"inline_keyboard"`
	}
	if err := json.Unmarshal([]byte(text), &markup); err != nil || len(markup.Rows) == 0 {
		return nil, "object expected as reply markup"
	}
	for _, row := range markup.Rows {
		if len(row) == 0 || len(row) > 8 {
			return nil, "a row of buttons must have 1 to 8"
		}
		for _, b := range row {
			switch {
			case strings.TrimSpace(b.Text) == "":
				return nil, "text buttons must have a text"
			case b.Copy != nil && (Units(b.Copy.Text) == 0 || Units(b.Copy.Text) > maxCopy):
				return nil, "BUTTON_COPY_TEXT_INVALID"
			case one(b.Data != "", b.URL != "", b.Copy != nil) != 1:
				return nil, "text buttons are unallowed in the inline keyboard"
			case len(b.Data) > maxData:
				return nil, "BUTTON_DATA_INVALID"
			}
		}
	}
	return markup.Rows, ""
}

func (s *Server) sendMessage(r *http.Request, method string) answer {
	p := r.Form
	var m Sent
	var bad *Refusal
	if method == "sendPoll" {
		m, bad = s.checkPoll(p)
	} else if method == "sendRichMessage" {
		m, bad = s.checkRich(p)
	} else {
		m, bad = s.check(method, p)
	}
	if bad != nil {
		return answer{fail: bad}
	}
	if s.opts.Delay > 0 {
		select {
		case <-time.After(s.opts.Delay):
		case <-s.done:
		}
	}
	m.Chat, _ = strconv.ParseInt(p.Get("chat_id"), 10, 64)
	m.Thread, _ = strconv.ParseInt(p.Get("message_thread_id"), 10, 64)
	m.Direct, _ = strconv.ParseInt(p.Get("direct_messages_topic_id"), 10, 64)
	var reply replyTo
	if to := p.Get("reply_parameters"); to != "" {
		_ = json.Unmarshal([]byte(to), &reply)
	}
	if withFile(method) {
		if m.File, bad = s.file(method, r); bad != nil {
			return answer{fail: bad}
		}
	}
	s.mu.Lock()
	c, refusal := s.open(m.Chat, m.Thread)
	if refusal == nil && reply.ID != 0 && !c.messages[reply.ID] && !s.opts.Forget {
		if !reply.Without {
			refusal = &Refusal{Code: 400, Text: "Bad Request: message to be replied not found"}
		}
		reply.ID = 0
	}
	if refusal == nil {
		refusal = s.alone(c, p, &m, reply)
	}
	if refusal == nil && reply.Quote != "" && reply.ID != 0 {
		refusal = s.quotes(c, &m, reply)
	}
	if refusal != nil {
		s.mu.Unlock()
		return answer{fail: refusal}
	}
	m.ReplyTo = reply.ID
	if m.Alone == 0 {
		m.ID = c.nextMessage(s.opts.Forget)
	}
	if !s.opts.Forget {
		s.sent = append(s.sent, m)
	}
	result := map[string]any{"message_id": m.ID, "date": now(), "chat": c.json(m.Chat), "text": m.Text, "from": s.self()}
	if m.Alone != 0 {
		result["message_id"], result["ephemeral_message_id"] = 0, -m.ID
	}
	s.touch()
	s.mu.Unlock()
	if s.opts.OnSent != nil {
		s.opts.OnSent(m)
	}
	return answer{result: result}
}

// edit replaces text or buttons of a message the bot wrote.
func (s *Server) edit(method string, p url.Values) answer {
	m, bad := s.check(method, p)
	if bad != nil {
		return answer{fail: bad}
	}
	m.Chat, _ = strconv.ParseInt(p.Get("chat_id"), 10, 64)
	m.ID, _ = strconv.ParseInt(p.Get("message_id"), 10, 64)
	m.Edited = true
	s.mu.Lock()
	defer s.mu.Unlock()
	if p.Get("inline_message_id") != "" {
		return answer{result: true}
	}
	for i := len(s.sent) - 1; i >= 0; i-- {
		old := s.sent[i]
		if old.Chat != m.Chat || old.ID != m.ID {
			continue
		}
		if method == "editMessageReplyMarkup" {
			m.Text, m.Raw, m.Entities, m.ParseMode = old.Text, old.Raw, old.Entities, old.ParseMode
		}
		if m.Raw == old.Raw && fmt.Sprint(m.Buttons) == fmt.Sprint(old.Buttons) {
			return refuse(400, "Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message")
		}
		m.Thread, m.ReplyTo = old.Thread, old.ReplyTo
		s.sent = append(s.sent, m)
		s.touch()
		return answer{result: map[string]any{"message_id": m.ID, "date": now(), "chat": s.chats[m.Chat].json(m.Chat), "text": m.Text}}
	}
	return refuse(400, "Bad Request: message to edit not found")
}

func (s *Server) chatAction(p url.Values) answer {
	id, _ := strconv.ParseInt(p.Get("chat_id"), 10, 64)
	thread, _ := strconv.ParseInt(p.Get("message_thread_id"), 10, 64)
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, refusal := s.open(id, thread); refusal != nil {
		return answer{fail: refusal}
	}
	return answer{result: true}
}

// chatMember tells what somebody is in a chat, with every field that the Bot API
// says is always there.
func (s *Server) chatMember(p url.Values) answer {
	id, _ := strconv.ParseInt(p.Get("chat_id"), 10, 64)
	who, _ := strconv.ParseInt(p.Get("user_id"), 10, 64)
	s.mu.Lock()
	defer s.mu.Unlock()
	c, refusal := s.open(id, 0)
	if refusal != nil {
		return answer{fail: refusal}
	}
	name := ""
	for n, number := range s.people {
		if number == who {
			name = n
		}
	}
	if name == "" {
		return refuse(400, "Bad Request: user not found")
	}
	status := c.admins[who]
	if status == "" {
		status = "member"
	}
	m := map[string]any{"status": status, "user": map[string]any{"id": who, "is_bot": false, "first_name": name}}
	switch status {
	case "creator":
		m["is_anonymous"] = false
	case "administrator":
		m["is_anonymous"], m["can_be_edited"] = false, false
		for _, right := range adminRights {
			m[right] = true
		}
	}
	return answer{result: m}
}

// adminRights are what an admin always is told to have or not.
var adminRights = [...]string{
	"can_manage_chat", "can_delete_messages", "can_manage_video_chats", "can_restrict_members", "can_promote_members",
	"can_change_info", "can_invite_users", "can_post_stories", "can_edit_stories", "can_delete_stories",
}

// maxToast is the length of a text that answers a press, in characters.
const maxToast = 200

// answerPress is answerCallbackQuery. Its text is seen by the person who pressed.
func (s *Server) answerPress(p url.Values) answer {
	id, text := p.Get("callback_query_id"), p.Get("text")
	if Units(text) > maxToast || !utf8.ValidString(text) {
		s.problem("answerCallbackQuery: a text of %d characters", Units(text))
		return refuse(400, "Bad Request: MESSAGE_TOO_LONG")
	}
	s.mu.Lock()
	at := s.pressed[id]
	s.mu.Unlock()
	a := s.answerQuery(id)
	if a.fail == nil && text != "" {
		s.mu.Lock()
		s.sent = append(s.sent, Sent{Chat: at.Chat, Thread: at.Thread, Alone: at.Alone, Text: text, Raw: text, Toast: true})
		s.touch()
		s.mu.Unlock()
	}
	return a
}

func (s *Server) answerQuery(id string) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.queries[id]; !ok {
		return refuse(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
	}
	s.queries[id] = true
	s.touch()
	return answer{result: true}
}

func (s *Server) answerInline(p url.Values) answer {
	var results []struct {
		Type    string `json:"type"`
		ID      string `json:"id"`
		Title   string `json:"title"`
		Content struct {
			Text    string          `json:"message_text"`
			Mode    string          `json:"parse_mode"`
			Preview json.RawMessage `json:"link_preview_options"`
		} `json:"input_message_content"`
		Markup json.RawMessage `json:"reply_markup"`
	}
	bad := func(text string) answer {
		s.problem("answerInlineQuery: %s", text)
		return refuse(400, "Bad Request: "+text)
	}
	if err := json.Unmarshal([]byte(p.Get("results")), &results); err != nil || len(results) > maxResults {
		return bad("can't parse inline query results")
	}
	ids := map[string]bool{}
	for _, x := range results {
		if x.Type != "article" || x.ID == "" || len(x.ID) > maxData || x.Title == "" || ids[x.ID] {
			return bad("RESULT_ID_INVALID, or no article with a title")
		}
		ids[x.ID] = true
		v := url.Values{"text": {x.Content.Text}, "parse_mode": {x.Content.Mode}, "link_preview_options": {string(x.Content.Preview)}}
		if len(x.Markup) > 0 {
			v.Set("reply_markup", string(x.Markup))
		}
		if _, refusal := s.check("answerInlineQuery", v); refusal != nil {
			return answer{fail: refusal}
		}
	}
	return s.answerQuery(p.Get("inline_query_id"))
}

var commandName = regexp.MustCompile(`^[a-z0-9_]{1,32}$`)

func (s *Server) setCommands(p url.Values) answer {
	var list []struct {
		Command     string `json:"command"`
		Description string `json:"description"`
		Ephemeral   bool   `json:"is_ephemeral"`
	}
	_ = json.Unmarshal([]byte(p.Get("commands")), &list)
	for _, c := range list {
		if !commandName.MatchString(c.Command) || c.Description == "" || utf8.RuneCountInString(c.Description) > 256 {
			s.problem("setMyCommands: %+v", c)
			return refuse(400, "Bad Request: BOT_COMMAND_INVALID")
		}
	}
	if len(list) > 100 || len(list) == 0 {
		s.problem("setMyCommands: %d commands", len(list))
		return refuse(400, "Bad Request: BOT_COMMANDS_TOO_MUCH")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.menus[menuKey(p)] = json.RawMessage(p.Get("commands"))
	s.touch()
	return answer{result: true}
}

func menuKey(p url.Values) string { return p.Get("scope") + "/" + p.Get("language_code") }

// WaitMenus waits until the lists of commands for n scopes and languages have been set.
func (s *Server) WaitMenus(ctx context.Context, n int) error {
	return s.wait(ctx, func() bool { return len(s.menus) >= n })
}

// Menu is the list of commands for a scope, e.g. "default", and a language, as it
// was set; nil if it was not.
func (s *Server) Menu(scope, lang string) json.RawMessage {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.menus[`{"type":"`+scope+`"}/`+lang]
}
