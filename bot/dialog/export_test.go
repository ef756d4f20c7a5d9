package dialog

import "time"

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
