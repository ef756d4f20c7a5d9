package telegram

import (
	"footnote/bot"
	"footnote/bot/platform"
)

// quizParams are the parameters of sendPoll for q: whoever chooses sees at once whether it was right,
// and the explanation with its citation. Nobody is told who chose what.
func quizParams(q *bot.Quiz) params {
	type option struct {
		Text string `json:"text"`
	}
	var options []option
	for _, o := range q.Options {
		options = append(options, option{bot.Shorten(platform.Clean(o), bot.MaxQuizOption)})
	}
	p := params{
		"question":    bot.Shorten(platform.Clean(q.Question), bot.MaxQuizQuestion),
		"type":        "quiz",
		"explanation": bot.Shorten(platform.Clean(q.Explanation), bot.MaxQuizExplanation),
	}
	p.setJSON("options", options)
	p.setJSON("correct_option_ids", []int{q.Right})
	if keys := keyboard(bot.Reply{Buttons: q.Beside}); len(keys) > 0 {
		p.setJSON("reply_markup", markupOf{keys})
	}
	return p
}
