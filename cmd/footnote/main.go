// Command footnote answers history questions with cited facts: in the terminal,
// on Discord and on Telegram. This package wires the rooms together (knowledge,
// answers, bot and its adapters) and is the only one that sees all of them. It
// holds no rule of matching, conversation or rendering.
package main

import (
	"context"
	"os"
)

func main() {
	ctx, stop := untilSignal(context.Background(), os.Exit)
	code := run(ctx, os.Args[1:], os.Environ(), stdio{In: os.Stdin, Out: os.Stdout, Err: os.Stderr, Process: true})
	stop()
	os.Exit(code)
}
