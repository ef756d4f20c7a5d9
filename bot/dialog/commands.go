package dialog

import (
	"slices"

	"footnote/bot"
	"footnote/bot/lang"
)

// commands are the commands in the order in which help and menus list them.
// "start" is Telegram's way to begin and is not listed.
var commandNames = []commandName{
	{"ask", true}, {"source", true}, {"why", false}, {"topics", true}, {"search", true}, {"check", true},
	{"help", false}, {"about", false}, {"corrections", false}, {"settings", true}, {"privacy", false}, {"forget", false},
}

type commandName struct {
	name   string
	option bool
}

// allowCommand is there only where words of questions are kept.
var allowCommand = commandName{"remember", true}

// commands are those that d has.
func (d *Dialog) commands() []commandName {
	if d.c.Ledger != nil && d.c.Ledger.Terms().Words {
		return append(slices.Clone(commandNames), allowCommand)
	}
	return commandNames
}

// Commands are the commands that people may be shown, in order, where nothing is
// kept of their questions.
func Commands() []bot.CommandText { return commandTexts(commandNames) }

// Commands are the commands of d that people may be shown, in order.
func (d *Dialog) Commands() []bot.CommandText { return commandTexts(d.commands()) }

func commandTexts(names []commandName) []bot.CommandText {
	all := lang.All()
	var out []bot.CommandText
	for _, x := range names {
		t := bot.CommandText{Name: x.name, Option: x.option, Descriptions: map[string]string{}}
		for tag, l := range all {
			t.Descriptions[tag] = l.Commands[x.name].Description
		}
		out = append(out, t)
	}
	return out
}
