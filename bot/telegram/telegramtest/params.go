package telegramtest

import (
	"encoding/json"
	"net/url"
	"strconv"
	"strings"
)

// A kind is what a parameter must be. With a "!" before it it must be there.
type kind string

const (
	text    kind = "text"
	integer kind = "integer"
	boolean kind = "boolean"
	object  kind = "object"
	list    kind = "list"
)

// methods are the methods the fake has, with the parameters it takes. It is the
// part of the Bot API that a question-and-answer bot needs; what is missing here
// is added when a bot begins to send it.
var methods = map[string]map[string]kind{
	"getMe":          {},
	"getWebhookInfo": {},
	"deleteWebhook":  {"drop_pending_updates": boolean},
	"setWebhook":     {"url": "!" + text, "secret_token": text, "max_connections": integer, "allowed_updates": list, "drop_pending_updates": boolean},
	"getUpdates":     {"offset": integer, "limit": integer, "timeout": integer, "allowed_updates": list},
	"sendMessage": {"chat_id": "!" + integer, "text": "!" + text, "message_thread_id": integer, "parse_mode": text,
		"link_preview_options": object, "reply_parameters": object, "reply_markup": object, "disable_notification": boolean, "protect_content": boolean, "receiver_user_id": integer, "callback_query_id": text, "ephemeral_message_parameters": object, "direct_messages_topic_id": integer},
	"sendDocument": {"chat_id": "!" + integer, "document": "!" + text, "caption": text, "message_thread_id": integer, "parse_mode": text,
		"reply_parameters": object, "reply_markup": object, "disable_notification": boolean, "protect_content": boolean, "disable_content_type_detection": boolean, "receiver_user_id": integer, "callback_query_id": text, "ephemeral_message_parameters": object, "direct_messages_topic_id": integer},
	"sendPhoto": {"chat_id": "!" + integer, "photo": "!" + text, "caption": text, "message_thread_id": integer, "parse_mode": text,
		"reply_parameters": object, "reply_markup": object, "disable_notification": boolean, "protect_content": boolean, "receiver_user_id": integer, "callback_query_id": text, "ephemeral_message_parameters": object, "direct_messages_topic_id": integer},
	"sendRichMessage": {"chat_id": "!" + integer, "rich_message": "!" + object, "message_thread_id": integer, "direct_messages_topic_id": integer,
		"reply_parameters": object, "reply_markup": object, "disable_notification": boolean, "protect_content": boolean},
	"sendPoll": {"chat_id": "!" + integer, "question": "!" + text, "options": "!" + list, "type": text, "correct_option_ids": list, "explanation": text,
		"is_anonymous": boolean, "message_thread_id": integer, "reply_parameters": object, "reply_markup": object},
	"editMessageText": {"chat_id": integer, "message_id": integer, "inline_message_id": text, "text": "!" + text, "parse_mode": text,
		"link_preview_options": object, "reply_markup": object},
	"editEphemeralMessageText": {"chat_id": "!" + integer, "receiver_user_id": "!" + integer, "ephemeral_message_id": "!" + integer, "text": "!" + text, "parse_mode": text,
		"link_preview_options": object, "reply_markup": object},
	"editMessageReplyMarkup": {"chat_id": integer, "message_id": integer, "inline_message_id": text, "reply_markup": object},
	"sendChatAction":         {"chat_id": "!" + integer, "action": "!" + text, "message_thread_id": integer},
	"answerCallbackQuery":    {"callback_query_id": "!" + text, "text": text, "show_alert": boolean, "url": text, "cache_time": integer},
	"answerInlineQuery": {"inline_query_id": "!" + text, "results": "!" + list, "cache_time": integer, "is_personal": boolean,
		"next_offset": text, "button": object},
	"answerGuestQuery": {"guest_query_id": "!" + text, "result": "!" + object},
	"setMyCommands":    {"commands": "!" + list, "scope": object, "language_code": text},
	"getChatMember":    {"chat_id": "!" + integer, "user_id": "!" + integer},
	"getMyCommands":    {"scope": object, "language_code": text},
}

// checkParams says what is wrong with the parameters of a call, or "".
func checkParams(method string, p url.Values) string {
	known := methods[method]
	for name, k := range known {
		if strings.HasPrefix(string(k), "!") && p.Get(name) == "" {
			return "the parameter " + name + " is missing"
		}
	}
	for name, values := range p {
		k, ok := known[name]
		if !ok {
			return "there is no parameter " + name
		}
		if len(values) != 1 {
			return "the parameter " + name + " is given more than once"
		}
		if !kind(strings.TrimPrefix(string(k), "!")).takes(values[0]) {
			return "the parameter " + name + " is no " + strings.TrimPrefix(string(k), "!")
		}
	}
	return ""
}

func (k kind) takes(v string) bool {
	switch k {
	case integer:
		_, err := strconv.ParseInt(v, 10, 64)
		return err == nil
	case boolean:
		return v == "true" || v == "false"
	case object:
		var m map[string]json.RawMessage
		return json.Unmarshal([]byte(v), &m) == nil && m != nil
	case list:
		var l []json.RawMessage
		return json.Unmarshal([]byte(v), &l) == nil && l != nil
	}
	return true
}
