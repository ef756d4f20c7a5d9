package discordtest

import "go.uber.org/goleak"

// Leaks are the goroutines that discordgo leaves behind for a second after the end of a
// connection: its Close sleeps so long, holding its lock, on which its heartbeat may
// wait. They touch nothing that is not the library's own.
func Leaks() []goleak.Option {
	return []goleak.Option{
		goleak.IgnoreAnyFunction("github.com/bwmarrin/discordgo.(*Session).CloseWithCode"),
		goleak.IgnoreAnyFunction("github.com/bwmarrin/discordgo.(*Session).heartbeat"),
	}
}
