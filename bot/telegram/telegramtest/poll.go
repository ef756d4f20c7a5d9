package telegramtest

import (
	"encoding/json"
	"net/url"
	"strings"
)

// A Poll is a quiz that the bot sent.
type Poll struct {
	Options     []string
	Right       int
	Explanation string
}

// Limits of sendPoll, in characters but for the number of options.
const (
	maxQuestion    = 300
	maxOption      = 100
	maxOptions     = 12
	maxExplanation = 200
	maxBreaks      = 2 // of lines in an explanation
)

// checkPoll parses a quiz as the server would.
func (s *Server) checkPoll(p url.Values) (Sent, *Refusal) {
	bad := func(text string) (Sent, *Refusal) {
		s.problem("sendPoll: %s", text)
		return Sent{}, &Refusal{Code: 400, Text: "Bad Request: " + text}
	}
	long := func(text string, most int) bool { return text == "" || len([]rune(text)) > most }
	out := Sent{Raw: p.Get("question"), Text: p.Get("question"), Poll: &Poll{Explanation: p.Get("explanation")}}
	if long(out.Text, maxQuestion) {
		return bad("poll question must be non-empty and not too long")
	}
	var options []struct {
		Text string `json:"text"`
	}
	var right []int
	if json.Unmarshal([]byte(p.Get("options")), &options) != nil || len(options) < 2 || len(options) > maxOptions {
		return bad("a quiz must have from 2 to 12 options")
	}
	for _, o := range options {
		if long(o.Text, maxOption) {
			return bad("poll option must be non-empty and not too long")
		}
		out.Poll.Options = append(out.Poll.Options, o.Text)
	}
	if p.Get("type") != "quiz" || json.Unmarshal([]byte(p.Get("correct_option_ids")), &right) != nil || len(right) != 1 || right[0] < 0 || right[0] >= len(options) {
		return bad("wrong correct option ID specified")
	}
	out.Poll.Right = right[0]
	if long(out.Poll.Explanation, maxExplanation) || strings.Count(out.Poll.Explanation, "\n") > maxBreaks {
		return bad("explanation is too long")
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
