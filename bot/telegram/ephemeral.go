package telegram

import (
	"strconv"
	"strings"
	"time"

	"footnote/bot"
	"footnote/bot/platform"
)

// In a group a reply for the asker alone is an ephemeral message (Bot API 10.2; 10.3 gave its
// parameters another form): nobody else sees it, and it is gone after a while. Where the
// platform refuses one, in that chat or at all, the reply goes as an ordinary message, as it
// goes on servers that do not know the parameters and leave them alone.

// refusedFor is how long a chat in which an ephemeral message was refused gets none.
const refusedFor = 10 * time.Minute

// ephemeralMark begins the ReplyTo of an address whose message was itself ephemeral: it has
// no number among the messages of its chat, and only an ephemeral message may answer it.
const ephemeralMark = "e"

// ephemeralID is the number of the ephemeral message that id is of; 0 if it is of none.
func ephemeralID(id bot.MessageID) int64 {
	number, ok := strings.CutPrefix(string(id), ephemeralMark)
	if !ok {
		return 0
	}
	n, err := strconv.ParseInt(number, 10, 64)
	if err != nil || n <= 0 {
		return 0
	}
	return n
}

// outgoing is a message with a payload to an address.
func (a *Adapter) outgoing(to bot.Address, chat int64, r bot.Reply, p payload) outgoing {
	o := outgoing{chat: chat, thread: string(to.Thread), replyTo: string(to.ReplyTo), payload: p}
	query, pressed := strings.CutPrefix(string(to.Handle), ownMessage)
	seenAlone := ephemeralID(to.ReplyTo) // the message that is answered, or whose button was pressed
	replaces := r.Replace && pressed
	if o.edit = replaces && to.ReplyTo != "" && seenAlone == 0 && p.File == nil; !pressed {
		o.ephemeral = seenAlone
	}
	private := o.ephemeral != 0 || replaces && seenAlone != 0 || r.Private && !a.publicly.has(itoa(chat))
	asker, err := strconv.ParseInt(string(to.Asker), 10, 64)
	if private && err == nil && asker > 0 && chat < 0 && !o.edit && r.Quiz == nil {
		o.receiver = asker
		if pressed {
			o.query, o.replace = query, replaces
		}
	}
	if r.Quote != "" && to.Quoted != "" && platform.UTF16Len(r.Quote) <= maxQuote {
		o.quoted, o.quote = string(to.Quoted), r.Quote
	}
	return o
}

// goPublic makes o an ordinary message, where an ephemeral one was refused; false if it is
// one, or answers a message that nobody else has seen.
func (o *outgoing) goPublic() bool {
	if o.receiver == 0 || o.ephemeral != 0 {
		return false
	}
	o.receiver, o.query, o.replace = 0, "", false
	return true
}

// ephemeralParameters are the parameters of an ephemeral message in the form of 10.3.
type ephemeralParameters struct {
	Receiver int64  `json:"receiver_user_id"`
	Query    string `json:"callback_query_id,omitempty"`
	Replace  bool   `json:"replace_callback_query_message,omitempty"`
}

// addEphemeral says in both forms whom o is for: a server takes the one that it knows.
func (o *outgoing) addEphemeral(p params) {
	if o.receiver == 0 {
		return
	}
	p["receiver_user_id"] = itoa(o.receiver)
	if o.query != "" {
		p["callback_query_id"] = o.query
	}
	p.setJSON("ephemeral_message_parameters", ephemeralParameters{o.receiver, o.query, o.replace})
}

// replyParameters are ReplyParameters.
type replyParameters struct {
	Message   int64  `json:"message_id,omitempty"`
	Ephemeral int64  `json:"ephemeral_message_id,omitempty"`
	Without   bool   `json:"allow_sending_without_reply,omitempty"`
	Quote     string `json:"quote,omitempty"`
}

// maxQuote is the length of a quotation that a message may reply to, in UTF-16 code units.
const maxQuote = 1024

// addReply says what o answers: the message whose words it quotes, or else the one that asked.
func (o *outgoing) addReply(p params) {
	var r replyParameters
	switch number := func(s string) int64 { n, _ := strconv.ParseInt(s, 10, 64); return max(n, 0) }; {
	case o.ephemeral != 0:
		r.Ephemeral = o.ephemeral
	case o.quote != "" && number(o.quoted) > 0:
		r = replyParameters{Message: number(o.quoted), Quote: o.quote, Without: true}
	case number(o.replyTo) > 0:
		r = replyParameters{Message: number(o.replyTo), Without: true}
	default:
		return
	}
	p.setJSON("reply_parameters", r)
}
