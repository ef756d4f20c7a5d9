package discord

import (
	"context"
	"fmt"

	"footnote/bot"
)

// IsAdmin implements bot.Authorizer: whoever may manage a server decides for its
// channels. Discord says with each interaction what the person may do in that
// channel at that moment; with a message it does not, and to work it out would
// take all roles and overwrites, which this bot has no need to read otherwise.
func (a *Adapter) IsAdmin(_ context.Context, m bot.Message) (bool, error) {
	h, ok := parseHandle(m.To.Handle)
	if !ok {
		return false, fmt.Errorf("discord: a message, not an interaction: %w", bot.ErrNotTold)
	}
	return h.manages && !m.Direct, nil
}
