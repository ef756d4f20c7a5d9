package discord

import (
	"context"
	"strings"

	"footnote/bot"
	"footnote/bot/discord/rest"
	"footnote/bot/platform"
)

// Discord's limits on completions.
const (
	maxChoices    = 25
	maxChoiceText = 100
)

// complete answers a request for completions.
func (r *receiver) complete(ctx context.Context, m bot.Message, q completionRequest) {
	h, ok := parseHandle(m.To.Handle)
	if !ok {
		return
	}
	p := &interaction{handle: h}
	_, err := r.rest.Do(ctx, p.callback("complete what is typed", r.completions(q)))
	if err != nil && !rest.HasCode(err, rest.CodeUnknownInteraction) { // the person typed on meanwhile
		r.log.Debug("completion", "error", err)
	}
}

// completions are the first answer to a request for completions.
func (r *receiver) completions(q completionRequest) callback {
	type choice struct {
		Name  string `json:"name"`
		Value string `json:"value"`
	}
	choices := []choice{} // empty is sent as such: discordgo would leave it out
	if r.suggester != nil {
		for _, s := range r.suggester.Suggest(q.command, q.text, q.lang, maxChoices) {
			name := platform.CutUTF16(strings.TrimSpace(platform.Clean(s.Label)), maxChoiceText)
			if name == "" || s.Value == "" || platform.UTF16Len(s.Value) > maxChoiceText || len(choices) == maxChoices {
				continue
			}
			choices = append(choices, choice{name, s.Value})
		}
	}
	return callback{Type: answerAutocomplete, Data: map[string]any{"choices": choices}}
}
