package dialog

import (
	"time"

	"footnote/bot"
)

// Bounded returns a function that sets what only tests change; 0 keeps what is usual.
func Bounded(recall time.Duration, memory, choices int) func(*Config) {
	return func(c *Config) {
		c.bounds = usualBounds
		if recall > 0 {
			c.bounds.recall = recall
		}
		if memory > 0 {
			c.bounds.memory = memory
		}
		if choices > 0 {
			c.bounds.choices = choices
		}
	}
}

// AddCommand gives d one more command, which answers what run returns for its argument.
func (d *Dialog) AddCommand(c bot.Command, run func(text string) bot.Reply) {
	d.commands = append(d.commands, command{Command: c, run: plain(func(_ *exchange, text string) bot.Reply { return run(text) })})
}
