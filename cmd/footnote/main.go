// Command footnote answers history questions with cited facts: in the terminal,
// on Discord and on Telegram. This package wires the rooms together (knowledge,
// answers, bot and its adapters) and is the only one that sees all of them. It
// holds no rule of matching, conversation or rendering.
package main

import (
	"context"
	"os"
)

func main() { os.Exit(runProcess(stdio{})) }

// runProcess runs the whole process, by io's clock and leases, and returns the exit code.
func runProcess(io stdio) int {
	if len(os.Args) > 1 && os.Args[1] == "serve" {
		letTimersBeLate() // before a signal could be lost
	}
	ctx, stop := untilSignal(context.Background(), os.Exit)
	defer stop()
	io.In, io.Out, io.Err, io.Process = os.Stdin, os.Stdout, os.Stderr, true
	return run(ctx, os.Args[1:], os.Environ(), io)
}
