package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"log/slog"
	"time"

	"footnote/bot/platform"
	"footnote/knowledge"
)

// Exit codes, the same for every subcommand and told in its help.
const (
	exitOK     = 0
	exitFailed = 1 // it ran, and the outcome is bad: problems found, a platform failed for good
	exitUsage  = 2 // bad usage, configuration or pack: nothing was started
)

// stdio is where a run reads and writes, and which clock and leases serve goes by.
type stdio struct {
	In       io.Reader
	Out, Err io.Writer
	Process  bool             // it is the whole process that runs: what libraries log goes to Err too
	Now      func() time.Time // time.Now if nil
	TTL      time.Duration    // how long its leases last without renewal; cluster.TTL if 0
}

// A program is one run: its surroundings, and nothing global.
type program struct {
	stdio
	env  []string                // KEY=value, as os.Environ gives them
	hide func(s platform.Secret) // hides s from everything written to Err
	slow func(json bool)         // makes Err wait for no reader
	log  *slog.Logger            // of a command that logs, once its configuration is known
	json bool                    // everything written to Err is a record of log
}

// A command is one subcommand. flags registers what it takes and returns what it
// does with the arguments that are no flags.
type command struct {
	name    string
	args    string // how its arguments are written in its usage line
	summary string // one line, for the list of commands
	help    string // what it does, with examples and exit codes
	text    bool   // it prints what people wrote, and nothing that is no text
	flags   func(fs *flag.FlagSet) action
}

type action func(ctx context.Context, p *program, args []string) error

func commands() []command {
	return []command{askCommand(), chatCommand(), serveCommand(), checkCommand(), evalCommand(), newCommand(), importCommand(), exportCommand(), schemaCommand(), gapsCommand(), suggestCommand(), phrasingsCommand(), deskCommand(), verifyCommand(), backupCommand(), migrateCommand(), healthcheckCommand(), versionCommand()}
}

// run is the whole program: it returns the exit code and never exits itself.
func run(ctx context.Context, args, env []string, io stdio) int {
	redacting := &redactor{to: io.Err}
	io.Err = redacting
	p := &program{stdio: io, env: env, hide: redacting.hide, slow: redacting.slow}
	defer redacting.close()
	if p.Process { // what the standard library logs, net/http say, holds what a server said
		log.SetOutput(redacting)
	}
	err := p.dispatch(ctx, args)
	if err == nil {
		return exitOK
	}
	var e exitError
	if !errors.As(err, &e) {
		e = exitError{code: exitFailed, err: err}
	}
	var problems *knowledge.LoadError
	switch {
	case p.json:
		logError(p.log, e.err)
	case errors.As(e.err, &problems):
		// Bare lines: an editor that runs the program jumps to their places.
		fmt.Fprintf(p.Err, "%v\n", problems)
	case e.err != nil:
		fmt.Fprintf(p.Err, "footnote: %v\n", e.err)
	}
	return e.code
}

// An exitError ends the run with a code; err may be nil when all was said already.
type exitError struct {
	code int
	err  error
}

func (e exitError) Error() string {
	if e.err == nil {
		return fmt.Sprintf("exit code %d", e.code)
	}
	return e.err.Error()
}

func (e exitError) Unwrap() error { return e.err }

// usage is an error of the person who typed the command.
func usage(format string, args ...any) error {
	return exitError{code: exitUsage, err: fmt.Errorf(format, args...)}
}

func (p *program) dispatch(ctx context.Context, args []string) error {
	if len(args) == 0 {
		printOverview(p.Out)
		return nil
	}
	name, rest := args[0], args[1:]
	switch name {
	case "-h", "-help", "--help":
		printOverview(p.Out)
		return nil
	case "help":
		if len(rest) == 0 {
			printOverview(p.Out)
			return nil
		}
		if rest[0] == "format" {
			fmt.Fprint(p.Out, knowledge.Format)
			return nil
		}
		name, rest = rest[0], []string{"--help"}
	case "-v", "-version", "--version":
		name = "version"
	}
	for _, c := range commands() {
		if c.name == name {
			return p.runCommand(ctx, c, rest)
		}
	}
	return usage("there is no command %q%s\nrun \"footnote help\" for the commands", name, didYouMean(name, commandNames()))
}

func (p *program) runCommand(ctx context.Context, c command, args []string) error {
	fs := flag.NewFlagSet(c.name, flag.ContinueOnError)
	fs.SetOutput(io.Discard) // errors are worded below, help is printed by printHelp
	do := c.flags(fs)
	rest, err := parseFlags(fs, args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		printHelp(p.Out, c, fs)
		return nil
	case err != nil:
		return usage("%s: %v\nrun \"footnote help %s\" for its flags", c.name, err, c.name)
	case len(rest) > 0 && c.args == "":
		return usage("%s takes no arguments, and got %q", c.name, rest[0])
	}
	if c.text {
		p.Out = textOnly{p.Out}
	}
	return do(ctx, p, rest)
}

func commandNames() []string {
	names := []string{"help"}
	for _, c := range commands() {
		names = append(names, c.name)
	}
	return names
}
