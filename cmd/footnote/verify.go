package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"strings"

	"footnote/bot/lang"
	"footnote/knowledge"
	"footnote/knowledge/verify"
)

// maxVerified bounds what is read from standard input: an answer with its sources is a thousandth of it.
const maxVerified = 1 << 20

func verifyCommand() command {
	var o options
	return command{
		name:    "verify",
		text:    true,
		args:    "[TEXT|LINK|HASH]",
		summary: "tell whether a quoted answer is what a pack says, or said",
		help: `
Tells whether something is what the packs say, in which version, and what changed
since. It takes
  - the words of an answer, copied or typed off a picture; what stands around them is
    compared too, so that another citation or another year is found out;
  - a link to a fact on the site of a pack, with or without its version;
  - the short hash under a /source, alone or with the fact and the version before it.
Without an argument it reads the text from standard input.

Earlier versions are known as far as they were recorded: "footnote new version DIR"
writes into a pack what its version says.

Examples:
  footnote verify secret-speech@1.0.0
  footnote verify < quotation.txt
  footnote verify --knowledge ./my-pack "The bridge was built in 1434."

Exit codes: 0 a pack says so or said so, 1 it does not, 2 bad usage or pack.`,
		flags: func(fs *flag.FlagSet) action {
			o.register(fs)
			return func(_ context.Context, p *program, args []string) error {
				c, err := o.configure(p)
				if err != nil {
					return err
				}
				text := strings.Join(args, " ")
				if len(args) == 0 {
					raw, err := io.ReadAll(io.LimitReader(p.In, maxVerified))
					if err != nil {
						return exitError{code: exitFailed, err: fmt.Errorf("standard input cannot be read: %w", err)}
					}
					text = string(raw)
				}
				if strings.TrimSpace(text) == "" {
					return usage("verify: there is nothing to verify; give an answer, a link or a hash")
				}
				base, err := openBase(c)
				if err != nil {
					return exitError{code: exitUsage, err: err}
				}
				v := verify.Of(base, strings.ToValidUTF8(text, "\uFFFD"), interfaceTexts())
				writeVerdict(p.Out, v)
				if v.Outcome != verify.Says && v.Outcome != verify.Said {
					return exitError{code: exitFailed}
				}
				return nil
			}
		},
	}
}

// interfaceTexts are what the bot says around answers in every language.
func interfaceTexts() []string {
	var all []string
	for _, l := range lang.All() {
		for _, key := range l.Keys() {
			all = append(all, l.Text(key))
		}
	}
	return all
}

// writeVerdict tells what came of verifying something.
func writeVerdict(out io.Writer, v verify.Verdict) {
	if v.Outcome == verify.Unknown {
		fmt.Fprintln(out, "No pack says that, nor did one in a version that was recorded. That is no judgement of it.")
		return
	}
	lang := v.Pack.Languages[0]
	who := fmt.Sprintf("%s (%s)", v.Then.Fact, v.Pack.ID)
	switch v.Outcome {
	case verify.Says:
		fmt.Fprintf(out, "Yes: %s says so, in version %s.\n", who, v.Pack.Version)
	case verify.Said:
		fmt.Fprintf(out, "Yes: %s said so in version %s%s.\n", who, v.Then.Version, recordedOn(v.Then))
	case verify.Altered:
		fmt.Fprintf(out, "No: %s comes nearest, and does not say that.\n", who)
	}
	for _, line := range v.Foreign {
		fmt.Fprintf(out, "not there: %s\n", line)
	}
	if v.Fact == nil {
		fmt.Fprintf(out, "Version %s has no such fact any more.\n", v.Pack.Version)
		writeStatement(out, v.Then, lang)
		return
	}
	if v.Outcome == verify.Said {
		fmt.Fprintf(out, "Since then, up to version %s:\n", v.Pack.Version)
		for _, c := range v.Changes {
			fmt.Fprintf(out, "  %s\n    then: %s\n    now:  %s\n", c.Label, orNothing(c.Was), orNothing(c.Is))
		}
	}
	fmt.Fprintln(out)
	writeStatement(out, v.Fact.Statement(), lang)
}

func recordedOn(s knowledge.Statement) string {
	if s.Date == "" {
		return ""
	}
	return ", recorded on " + s.Date
}

func orNothing(s string) string {
	if s == "" {
		return "nothing"
	}
	return s
}

// writeStatement writes what a fact says, with its citations and its hash.
func writeStatement(out io.Writer, s knowledge.Statement, lang string) {
	status := strings.ReplaceAll(string(s.Status), "-", " ")
	fmt.Fprintf(out, "%s\n%s\n", strings.ToUpper(status[:1])+status[1:], s.Answer.In(lang))
	for _, p := range s.Positions {
		fmt.Fprintf(out, "- %s: %s\n", p.Holder, p.Claim.In(lang))
	}
	for _, c := range s.Cites {
		fmt.Fprintln(out, c.Full)
		if c.Quote != "" {
			fmt.Fprintf(out, "  “%s”\n", c.Quote)
		}
	}
	fmt.Fprintf(out, "%s@%s · %s\n", s.Fact, s.Version, s.Hash)
}
