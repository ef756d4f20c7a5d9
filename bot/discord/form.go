package discord

import (
	"footnote/bot"
	"footnote/bot/platform"
)

// What the numbers of a form mean.
const (
	answerForm = 9 // shows a form

	componentField = 4  // a field for text
	componentLabel = 18 // a field with its name above it

	fieldLong = 2 // a field of several lines
)

// A formPayload is a form with one field.
type formPayload struct {
	CustomID   string         `json:"custom_id"`
	Title      string         `json:"title"`
	Components []labelPayload `json:"components"`
}

type labelPayload struct {
	Type      int          `json:"type"`
	Label     string       `json:"label"`
	Component inputPayload `json:"component"`
}

type inputPayload struct {
	Type        int    `json:"type"`
	CustomID    string `json:"custom_id"`
	Style       int    `json:"style"`
	Placeholder string `json:"placeholder,omitempty"`
	Required    bool   `json:"required"`
	MaxLength   int    `json:"max_length"`
}

// formOf is f as Discord shows it.
func formOf(f *bot.Form) formPayload {
	const maxHint = 100
	return formPayload{
		CustomID: actionPrefix + f.Action, Title: bot.Shorten(platform.Clean(f.Title), bot.MaxFormTitle),
		Components: []labelPayload{{Type: componentLabel, Label: bot.Shorten(platform.Clean(f.Label), bot.MaxFormTitle), Component: inputPayload{
			Type: componentField, CustomID: "text", Style: fieldLong, Placeholder: bot.Shorten(platform.Clean(f.Hint), maxHint), Required: true, MaxLength: bot.MaxFormText,
		}}},
	}
}
