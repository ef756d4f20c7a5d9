package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"footnote/bot"
)

// IsAdmin implements bot.Authorizer: the owner and the admins of a group decide for
// it. Telegram is asked each time, since an admin may have been dismissed a moment
// ago, and nothing that was asked for earlier tells.
func (a *Adapter) IsAdmin(ctx context.Context, m bot.Message) (bool, error) {
	chat, err := strconv.ParseInt(string(m.To.Chat), 10, 64)
	if err != nil || m.To.Platform != Platform {
		return false, errors.New("telegram: the address is none of Telegram's")
	}
	if m.From.ID == bot.UserID(m.To.Chat) {
		return !m.Direct, nil // an anonymous admin: convert lets nobody else write as the group
	}
	who, err := strconv.ParseInt(string(m.From.ID), 10, 64)
	if err == nil && who < 0 {
		return false, nil // a channel, and nobody learns who speaks through it
	}
	if err != nil || who == 0 {
		return false, errors.New("telegram: the sender is none of Telegram's people")
	}
	status, err := a.memberStatus(ctx, a.where(chat), who)
	var e *apiError
	if errors.As(err, &e) && e.fixup() == movedChat {
		a.move(ctx, chat, e.migrateTo)
		status, err = a.memberStatus(ctx, e.migrateTo, who)
	}
	if err != nil {
		return false, explain(ctx, err)
	}
	return status == "creator" || status == "administrator", nil
}

// memberStatus is what somebody is in a chat.
func (a *Adapter) memberStatus(ctx context.Context, chat, who int64) (string, error) {
	raw, err := a.calls.call(ctx, "getChatMember", params{"chat_id": itoa(chat), "user_id": itoa(who)})
	if err != nil {
		return "", err
	}
	var member struct {
		Status string `json:"status"`
		User   user   `json:"user"`
	}
	if err := json.Unmarshal(raw, &member); err != nil || member.User.ID != who || member.Status == "" {
		return "", fmt.Errorf("telegram: getChatMember: the answer tells nothing of the person asked about")
	}
	return member.Status, nil
}
