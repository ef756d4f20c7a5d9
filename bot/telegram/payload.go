package telegram

import "encoding/json"

// The parts of the Bot API's objects that Footnote reads. They are our own
// because the library's lack topics, quotes and forums (v5.5.1 knows Bot API 5.5),
// and small, so that fewer fields can make an update undecodable.
type (
	update struct {
		ID       *int64         `json:"update_id"` // nil only if it is missing; simple servers begin at 0
		Message  *message       `json:"message"`
		Callback *callbackQuery `json:"callback_query"`
		Inline   *inlineQuery   `json:"inline_query"`
		Guest    *message       `json:"guest_message"` // to the bot in a chat that it is not in
		ages     ages           // how to tell when it was sent
		settled  func()         // to be called when nothing more will come of it; nil for nobody
	}

	message struct {
		ID         int64    `json:"message_id"`
		Thread     int64    `json:"message_thread_id"`
		IsTopic    bool     `json:"is_topic_message"`
		From       *user    `json:"from"`
		SenderChat *chat    `json:"sender_chat"`
		Date       int64    `json:"date"`
		Chat       chat     `json:"chat"`
		ViaBot     *user    `json:"via_bot"`
		Forwarded  bool     `json:"is_automatic_forward"`
		ReplyTo    *replied `json:"reply_to_message"`
		Quote      *quote   `json:"quote"`

		GuestQuery  string         `json:"guest_query_id"`
		Ephemeral   int64          `json:"ephemeral_message_id"`
		DirectTopic *directTopicOf `json:"direct_messages_topic"`

		Origin json.RawMessage `json:"forward_origin"` // of what a person forwards
		Album  string          `json:"media_group_id"` // of photos and files that are sent together, each as a message

		Text            string   `json:"text"`
		Entities        []entity `json:"entities"`
		Caption         string   `json:"caption"`
		CaptionEntities []entity `json:"caption_entities"`

		MigrateTo   int64 `json:"migrate_to_chat_id"`
		MigrateFrom int64 `json:"migrate_from_chat_id"`

		media
	}

	// media is what a person can send that is no text; only its presence counts.
	media struct {
		Animation json.RawMessage `json:"animation"`
		Audio     json.RawMessage `json:"audio"`
		Checklist json.RawMessage `json:"checklist"`
		Contact   json.RawMessage `json:"contact"`
		Dice      json.RawMessage `json:"dice"`
		Document  json.RawMessage `json:"document"`
		Game      json.RawMessage `json:"game"`
		Location  json.RawMessage `json:"location"`
		PaidMedia json.RawMessage `json:"paid_media"`
		Photo     json.RawMessage `json:"photo"`
		Poll      json.RawMessage `json:"poll"`
		Rich      json.RawMessage `json:"rich_message"`
		Sticker   json.RawMessage `json:"sticker"`
		Story     json.RawMessage `json:"story"`
		Video     json.RawMessage `json:"video"`
		VideoNote json.RawMessage `json:"video_note"`
		Voice     json.RawMessage `json:"voice"`
	}

	replied struct {
		ID           int64           `json:"message_id"`
		From         *user           `json:"from"`
		SenderChat   *chat           `json:"sender_chat"`
		Text         string          `json:"text"`
		Caption      string          `json:"caption"`
		TopicCreated json.RawMessage `json:"forum_topic_created"`
	}

	directTopicOf struct {
		ID int64 `json:"topic_id"`
	}

	quote struct {
		Text string `json:"text"`
	}

	user struct {
		ID        int64  `json:"id"`
		IsBot     bool   `json:"is_bot"`
		FirstName string `json:"first_name"`
		Username  string `json:"username"`
		Lang      string `json:"language_code"`

		ReadsGroups    bool `json:"can_read_all_group_messages"`
		SupportsInline bool `json:"supports_inline_queries"`
		SupportsGuests bool `json:"supports_guest_queries"`
	}

	chat struct {
		ID      int64  `json:"id"`
		Type    string `json:"type"`
		IsForum bool   `json:"is_forum"`
		Direct  bool   `json:"is_direct_messages"` // it holds the direct messages of a channel
	}

	entity struct {
		Type   string `json:"type"`
		Offset int    `json:"offset"` // UTF-16 code units
		Length int    `json:"length"` // UTF-16 code units
		User   *user  `json:"user"`
	}

	callbackQuery struct {
		ID              string   `json:"id"`
		From            *user    `json:"from"`
		Message         *message `json:"message"` // nil for a button of an inline message
		InlineMessageID string   `json:"inline_message_id"`
		Data            string   `json:"data"`
	}

	inlineQuery struct {
		ID    string `json:"id"`
		From  *user  `json:"from"`
		Query string `json:"query"`
	}
)

// any reports whether the message carries something besides text.
func (m media) any() bool {
	for _, x := range []json.RawMessage{m.Animation, m.Audio, m.Checklist, m.Contact, m.Dice, m.Document, m.Game, m.Location, m.PaidMedia, m.Photo, m.Poll, m.Rich, m.Sticker, m.Story, m.Video, m.VideoNote, m.Voice} {
		if present(x) {
			return true
		}
	}
	return false
}

// private reports whether c is a chat with one person. A peer that leaves the
// type out still numbers people above zero.
func (c chat) private() bool { return c.Type == "private" || c.Type == "" && c.ID > 0 }
