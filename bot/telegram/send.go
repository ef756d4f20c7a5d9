package telegram

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"footnote/bot"
)

// maxAttempts bounds one Send: as posted, without its file or its quiz, not as an edit, without the group's old id, without the
// topic, without the message replied to, without its quotation, not as an ephemeral edit, for everybody, without markup.
const maxAttempts = 11

// Send implements bot.Adapter. Telegram has nothing that names a message so that a
// repeated call posts it once, as Discord's nonces do: a lost answer is
// bot.ErrUncertain, save for an edit, which may be repeated.
func (a *Adapter) Send(ctx context.Context, to bot.Address, r bot.Reply) error {
	if query, guest := strings.CutPrefix(string(to.Handle), guestMark); guest {
		return a.answerGuest(ctx, query, r)
	}
	chat, err := strconv.ParseInt(string(to.Chat), 10, 64)
	if err != nil || to.Platform != Platform {
		return fmt.Errorf("telegram: the address is none of Telegram's: %w", bot.ErrGone)
	}
	if r.File != nil && r.File.Picture() {
		if r, err = a.pictureFirst(ctx, chat, to, r); err != nil {
			return err
		}
	}
	p := render(r, a.Username())
	if p.blank && p.File == nil {
		return errors.New("telegram: a reply without text cannot be sent")
	}
	if to.Handle != "" && a.alert(ctx, to, r) {
		return nil
	}
	post := a.outgoing(to, chat, r, p)
	if !post.edit && p.File == nil {
		post.quiz = r.Quiz
	}
	if r.Rich && post.canBeRich(r) && !a.plainly.Has(itoa(chat)) {
		post.rich = rich(r)
	}
	if now := a.where(chat); now != chat {
		post.follow(now)
	}
	for range maxAttempts {
		if err = a.pace.wait(ctx, post.chat); err != nil {
			return err
		}
		if err = post.send(ctx, a.calls); err == nil {
			return nil
		}
		var e *apiError
		if !post.edit && unsure(err) {
			return fmt.Errorf("%w: %w", explain(ctx, err), bot.ErrUncertain)
		}
		if !errors.As(err, &e) {
			break
		}
		again := post.apply(e) || a.sendLess(chat, &post, r, e)
		switch {
		case e.fixup() == done:
			return nil
		case e.fixup() == movedChat:
			a.move(ctx, chat, e.migrateTo)
			a.log.Info("a group became a supergroup and is followed there", "chat", chat, "now", e.migrateTo)
		case e.code == 429:
			a.pace.refused(post.chat, e.wait())
			a.log.Warn("Telegram asks to send more slowly", "group", post.chat < 0, "wait", e.wait()) // a person's chat has the person's number
		case e.fixup() == withoutHTML:
			a.log.Error("Telegram refused the markup of a reply, which is a defect; it goes as plain text", "kind", string(r.Kind), "err", e.text)
		}
		if !again {
			break
		}
	}
	return explain(ctx, err)
}

// sendLess takes one thing out of what Telegram or a chat refuses, if something can go: the file,
// the quiz, the footnotes, or that only one person sees it. It reports whether anything went.
func (a *Adapter) sendLess(chat int64, post *outgoing, r bot.Reply, e *apiError) bool {
	switch {
	case !e.refusesFile() && !e.tooLate():
		return false
	case !e.refusesFile():
	case post.File != nil:
		a.log.Debug("a file was refused and its text is sent", "err", e)
		post.payload = render(r.Unfiled(), a.Username())
		return true
	case post.quiz != nil: // for want of the right to send polls, or by an older server
		a.log.Debug("a quiz was refused and its text is sent", "err", e)
		post.quiz = nil
		return true
	case post.rich != nil:
		a.log.Debug("a rich message was refused and text is sent", "err", e)
		a.plainly.Set(itoa(chat), struct{}{})
		post.rich = nil
		return true
	}
	refused, again := post.lessPrivate()
	if again {
		a.log.Debug("an ephemeral message was refused", "err", e)
	}
	if refused != "" && !e.tooLate() {
		a.publicly.Set(refused, struct{}{})
	}
	return again
}

// unsure reports whether Telegram may have done what was asked although the call
// failed: the request had left, or a proxy passed it on and got tired of waiting.
func unsure(err error) bool {
	var lost *netError
	if errors.As(err, &lost) {
		return lost.sent
	}
	var e *apiError
	return errors.As(err, &e) && e.code == http.StatusGatewayTimeout
}

// outgoing is one call that sends a message or edits one.
type outgoing struct {
	chat    int64
	thread  string
	replyTo string
	edit    bool // replyTo is our own message and is replaced

	receiver  int64  // who alone is to see it; 0 for everybody
	query     string // the press that it answers, of such a message
	alone     int64  // the ephemeral message of ours that is replaced
	ephemeral int64  // the ephemeral message that it answers
	seenAlone bool   // it answered one, which is too old
	quoted    string // the message whose words are quoted,
	quote     string // and the words

	quiz *bot.Quiz    // sent in place of the payload
	rich *richMessage // sent in place of the text
	payload
}

func (o *outgoing) method() string {
	switch {
	case o.edit:
		return "editMessageText"
	case o.alone != 0:
		return "editEphemeralMessageText"
	case o.quiz != nil:
		return "sendPoll"
	case o.rich != nil:
		return "sendRichMessage"
	case o.File == nil:
		return "sendMessage"
	case o.File.Picture():
		return "sendPhoto"
	}
	return "sendDocument"
}

func (o *outgoing) send(ctx context.Context, c *client) error {
	var err error
	if o.File != nil && o.File.URL == "" {
		field := "document"
		if o.File.Picture() {
			field = "photo"
		}
		_, err = c.upload(ctx, o.method(), o.params(), field, o.File)
	} else {
		_, err = c.call(ctx, o.method(), o.params())
	}
	return err
}

// apply changes o as e asks for; false if nothing is left to change.
func (o *outgoing) apply(e *apiError) bool {
	was := *o
	switch e.fixup() {
	case movedChat:
		if e.migrateTo != o.chat {
			o.follow(e.migrateTo)
		}
	case withoutHTML:
		o.HTML = ""
	case withoutEdit:
		o.edit = false
	case withoutReply:
		o.replyTo = ""
	case withoutThread:
		o.thread = "" // the general topic
	case withoutQuote:
		had := o.quote != ""
		o.quote, o.quoted = "", ""
		return had
	}
	return o.chat != was.chat || o.HTML != was.HTML || o.replyTo != was.replyTo || o.thread != was.thread || o.edit != was.edit
}

// follow sends o to where its group is now. Messages are numbered anew in a supergroup:
// what o replies to or edits is there, if anything, somebody else's.
func (o *outgoing) follow(now int64) {
	o.chat, o.replyTo, o.edit = now, "", false
}

func (o *outgoing) params() params {
	p := o.content()
	p["chat_id"] = itoa(o.chat)
	if o.edit {
		p["message_id"] = o.replyTo
		return p
	}
	if o.alone != 0 {
		p["receiver_user_id"], p["ephemeral_message_id"] = itoa(o.receiver), itoa(o.alone)
		return p
	}
	if topic, direct := strings.CutPrefix(o.thread, directTopic); direct {
		p["direct_messages_topic_id"] = topic
	} else if n, err := strconv.ParseInt(o.thread, 10, 64); err == nil && n > 0 {
		p["message_thread_id"] = itoa(n)
	}
	o.addReply(p)
	if o.receiver != 0 {
		o.addEphemeral(p)
	}
	return p
}

// content are the parameters that say what is sent.
func (o *outgoing) content() params {
	if o.quiz != nil {
		return quizParams(o.quiz)
	}
	if o.rich != nil {
		p := params{}
		p.setJSON("rich_message", o.rich)
		if len(o.Keyboard) > 0 {
			p.setJSON("reply_markup", markupOf{o.Keyboard})
		}
		return p
	}
	p, text := params{}, "caption"
	if o.File != nil && o.File.URL != "" { // which Telegram fetches
		p["photo"] = o.File.URL
	}
	if o.File == nil { // there is no preview beside a file
		text = "text"
		p.setJSON("link_preview_options", previewOf(o.Preview))
	}
	if o.HTML != "" {
		p[text], p["parse_mode"] = o.HTML, "HTML"
	} else {
		p[text] = o.Plain()
	}
	if len(o.Keyboard) > 0 {
		p.setJSON("reply_markup", markupOf{o.Keyboard})
	}
	return p
}

// markupOf is an InlineKeyboardMarkup.
type markupOf struct {
	Keyboard [][]key `json:"inline_keyboard"`
}

// typingTimeout bounds a sign of typing, which is worth little.
const typingTimeout = 3 * time.Second

// Typing implements bot.Typer.
func (a *Adapter) Typing(ctx context.Context, to bot.Address) {
	chat, err := strconv.ParseInt(string(to.Chat), 10, 64)
	if err != nil || a.pace.quiet(a.where(chat)) {
		return
	}
	p := params{"chat_id": itoa(a.where(chat)), "action": "typing"}
	if strings.HasPrefix(string(to.Thread), directTopic) {
		return // a sign of typing cannot be shown in one topic of a channel's messages
	}
	if to.Thread != "" {
		p["message_thread_id"] = string(to.Thread)
	}
	ctx, cancel := context.WithTimeout(ctx, typingTimeout)
	defer cancel()
	if _, err := a.calls.call(ctx, "sendChatAction", p); err != nil {
		a.log.Debug("typing was not shown", "err", err)
	}
}
