// Command footnote answers history questions with cited facts: in the terminal,
// on Discord and on Telegram. This package wires the rooms together (knowledge,
// answers, bot and its adapters) and is the only one that sees all of them. It
// holds no rule of matching, conversation or rendering.
package main

import (
	"context"
	"os"
	"time"
)

func main() { os.Exit(byClock(time.Now)) }

// byClock is the whole process, by some clock; it returns the exit code.
func byClock(now func() time.Time) int {
	if len(os.Args) > 1 && os.Args[1] == "serve" {
		letTimersBeLate() // before a signal could be lost
	}
	ctx, stop := untilSignal(context.Background(), os.Exit)
	defer stop()
	return run(ctx, os.Args[1:], os.Environ(), stdio{In: os.Stdin, Out: os.Stdout, Err: os.Stderr, Process: true, Now: now})
}
