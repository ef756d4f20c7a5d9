package platform

import (
	"iter"

	"footnote/bot"
)

// A Line is a block of a reply with where it stands.
type Line struct {
	bot.Block
	Break  string // the line breaks before it: "", "\n" or "\n\n"
	Number int    // of a choice, counted from 1; otherwise 0
}

// Mark returns what stands before a list item where a platform has no lists of its
// own: a bullet, or a choice's number.
func (l Line) Mark() string {
	switch l.Kind {
	case bot.Item:
		return bot.Bullet
	case bot.Choice:
		return bot.ChoiceMark(l.Number)
	}
	return ""
}

// Lines walks over r's blocks in order.
func Lines(r bot.Reply) iter.Seq[Line] {
	return func(yield func(Line) bool) {
		choices := 0
		for i, x := range r.Blocks {
			l := Line{Block: x}
			if i > 0 {
				l.Break = "\n"
				if x.Gap {
					l.Break = "\n\n"
				}
			}
			if x.Kind == bot.Choice {
				choices++
				l.Number = choices
			}
			if !yield(l) {
				return
			}
		}
	}
}
