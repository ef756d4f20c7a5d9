package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"footnote/knowledge/strictyaml"
)

// parseFlags parses flags wherever they stand between the arguments, because
// people add "--json" after the question; "--" ends the flags.
func parseFlags(fs *flag.FlagSet, args []string) (rest []string, err error) {
	var literal []string
	if i := slices.Index(args, "--"); i >= 0 {
		args, literal = args[:i], args[i+1:]
	}
	for len(args) > 0 {
		if err := fs.Parse(args); err != nil {
			return nil, wordFlagError(fs, err)
		}
		args = fs.Args()
		if len(args) > 0 {
			rest, args = append(rest, args[0]), args[1:]
		}
	}
	return append(rest, literal...), nil
}

// wordFlagError says what package flag says, with two dashes and a suggestion.
func wordFlagError(fs *flag.FlagSet, err error) error {
	name, unknown := strings.CutPrefix(err.Error(), "flag provided but not defined: -")
	switch {
	case errors.Is(err, flag.ErrHelp):
		return err
	case !unknown:
		return errors.New(oneDash.ReplaceAllString(err.Error(), "${1}--$2"))
	}
	var known []string
	fs.VisitAll(func(f *flag.Flag) { known = append(known, f.Name) })
	if meant := strictyaml.Suggest(name, known); meant != "" {
		return fmt.Errorf("there is no flag --%s (did you mean --%s?)", name, meant)
	}
	return fmt.Errorf("there is no flag --%s (put -- before an argument that begins with a dash)", name)
}

// oneDash is where package flag names a flag: behind what it says of it.
var oneDash = regexp.MustCompile(`^(flag needs an argument: |invalid value ".*" for flag )-([a-z])`)

// A listFlag is a flag that may be given several times.
type listFlag []string

func (l *listFlag) String() string { return strings.Join(*l, ", ") }

func (l *listFlag) Set(v string) error {
	*l = append(*l, v)
	return nil
}

func printOverview(w io.Writer) {
	fmt.Fprint(w, `Footnote answers history questions from a curated fact base, and every answer
carries its citation. What the base does not hold, it declines to answer.

Usage: footnote COMMAND [FLAGS] [ARGUMENTS]

`)
	for _, c := range commands() {
		fmt.Fprintf(w, "  %-11s  %s\n", c.name, c.summary)
	}
	fmt.Fprint(w, `
Start here, no account needed:

  footnote ask "When did Khrushchev denounce Stalin's cult?"
  footnote chat

"footnote help COMMAND" tells its flags, examples and exit codes, and
"footnote help format" how the files of a pack are written.
`)
}

func printHelp(w io.Writer, c command, fs *flag.FlagSet) {
	line := "footnote " + c.name
	fs.VisitAll(func(*flag.Flag) { line = "footnote " + c.name + " [FLAGS]" })
	if c.args != "" {
		line += " " + c.args
	}
	fmt.Fprintf(w, "Usage: %s\n\n%s\n", line, strings.TrimSpace(c.help))
	head := "\nFlags:\n"
	fs.VisitAll(func(f *flag.Flag) {
		fmt.Fprint(w, head)
		head = ""
		value, text := flag.UnquoteUsage(f)
		name := "--" + f.Name
		if value != "" {
			name += " " + value
		}
		fmt.Fprintf(w, "  %-18s  %s\n", name, strings.ReplaceAll(text, "\n", "\n"+strings.Repeat(" ", 22)))
	})
}
