package telegram

import (
	"strconv"
	"strings"
	"time"

	"footnote/bot"
	"footnote/bot/platform"
)

// In a group a reply for the asker alone is an ephemeral message: nobody else sees it, and it is
// gone after a while. A bot that is no admin may send one in answer to a pressed button or to an
// ephemeral command, within fifteen seconds; an admin whenever it likes. Where the platform refuses
// one the reply goes as an ordinary message, but for what answers a command that nobody else saw.
//
// Bot API 10.2 has the parameters beside the others and 10.3 in an object in their place. Both are
// sent, and always say the same: a server leaves alone what it does not know, and one that knows
// neither posts an ordinary message.

// refusedFor is how long a chat in which an ephemeral message was refused gets none of its kind.
const refusedFor = 10 * time.Minute

// ephemeralKind names, for what was refused, the ephemeral messages of a chat that answer a press
// or an ephemeral command, or those that need an admin.
func ephemeralKind(chat int64, prompted bool) string {
	if prompted {
		return itoa(chat) + " prompted"
	}
	return itoa(chat)
}

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
	replaces := r.Replace && pressed && p.File == nil
	if o.edit = replaces && to.ReplyTo != "" && seenAlone == 0; !pressed {
		o.ephemeral = seenAlone
	}
	private := seenAlone != 0 && (r.Replace || !pressed) || r.Private && !a.publicly.Has(ephemeralKind(chat, pressed))
	asker, err := strconv.ParseInt(string(to.Asker), 10, 64)
	if private && err == nil && asker > 0 && chat < 0 && !o.edit && r.Quiz == nil {
		o.receiver = asker
		if pressed {
			o.query = query
		}
		if replaces {
			o.alone = seenAlone
		}
	}
	if r.Quote != "" && to.Quoted != "" && platform.UTF16Len(r.Quote) <= maxQuote {
		o.quoted, o.quote = string(to.Quoted), r.Quote
	}
	return o
}

// lessPrivate changes o, which was refused, to what may be taken: a message of its own in place of
// an edited one, and an ordinary message in place of an ephemeral one. What answers a command that
// nobody else saw stays ephemeral. It returns false if nothing is left to change, and as refused
// the kind of ephemeral messages that the chat does not take.
func (o *outgoing) lessPrivate() (refused string, again bool) {
	switch {
	case o.receiver == 0:
		return "", false
	case o.alone != 0: // it is gone, or too old
		o.alone = 0
		return "", true
	case o.ephemeral != 0: // too old to be answered; an admin may write all the same
		o.ephemeral, o.seenAlone = 0, true
		return "", true
	case o.seenAlone:
		return "", false
	}
	refused = ephemeralKind(o.chat, o.query != "")
	o.receiver, o.query = 0, ""
	return refused, true
}

// ephemeralParameters are the parameters of an ephemeral message in the form of 10.3.
type ephemeralParameters struct {
	Receiver int64  `json:"receiver_user_id"`
	Query    string `json:"callback_query_id,omitempty"`
}

// addEphemeral says in both forms whom o is for.
func (o *outgoing) addEphemeral(p params) {
	p["receiver_user_id"] = itoa(o.receiver)
	if o.query != "" {
		p["callback_query_id"] = o.query
	}
	p.setJSON("ephemeral_message_parameters", ephemeralParameters{o.receiver, o.query})
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
