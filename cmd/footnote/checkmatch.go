package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"footnote/answers"
	"footnote/knowledge"
	"footnote/knowledge/draft"
	"footnote/knowledge/strictyaml"
)

// matchUnasked is up to how many phrasings check asks every one without being
// told to: indexing so many and asking them takes well under a second.
const matchUnasked = 300

// maxText is the size in bytes of a text that packs are compared with: a thick
// book has two megabytes.
const maxText = 32 << 20

// checkMatch asks every phrasing of base and warns of each that does not surely
// find its own fact: somebody who types exactly that would get something else. It
// is a warning, since the files are sound and loading them is right.
func checkMatch(ctx context.Context, base *knowledge.Base, match func(answers.Query) answers.Result) ([]knowledge.Problem, error) {
	var rep strictyaml.Report
	unanswered := false
	for _, p := range base.Packs {
		unanswered = unanswered || len(p.Unanswered) > 0
	}
	for _, f := range base.Facts() {
		for _, q := range f.Questions {
			if ctx.Err() != nil {
				return rep.Problems(), ctx.Err()
			}
			got := match(answers.Query{Text: q.Text, Lang: q.Lang})
			if got.Sure() && got.Best() == f {
				continue
			}
			rep.Add(knowledge.Problem{Severity: knowledge.Warning, File: q.Place.File, Line: q.Place.Line, Column: q.Place.Column,
				Path: "facts[" + f.ID + "].questions", Message: strictyaml.Quote(q.Text) + " " + strayed(f, got, unanswered)})
		}
	}
	return rep.Problems(), nil
}

// strayed says what came of a phrasing of f in place of f, and what to do.
// unanswered tells whether there is an unanswered.yaml that may be to blame.
func strayed(f *knowledge.Fact, got answers.Result, unanswered bool) string {
	switch best := got.Best(); {
	case best == f:
		return "finds its fact, but not surely; put a word into it that belongs to this fact alone"
	case best != nil:
		return "finds " + best.ID + " instead; word the two facts' questions further apart"
	case got.Outcome == answers.Choices:
		var ids []string
		for _, x := range got.Offered {
			ids = append(ids, x.Fact.ID)
		}
		return "is answered with a choice of " + strings.Join(ids, ", ") + "; name what sets this fact apart"
	}
	if unanswered {
		return "is declined; it needs more words that belong to this fact, or stands too near to a question of unanswered.yaml"
	}
	return "is declined; it needs more words that belong to this fact"
}

// askPhrasings is checkMatch as check does it, with --match (held) or without, and
// both say the same: what c's matcher says, the encoder included. Learning with the
// encoder takes long, and where every question is known by its very words it has
// no part in anything; so without --match that is looked at first.
func askPhrasings(ctx context.Context, c Config, base *knowledge.Base, held bool, how *progress) ([]knowledge.Problem, *heldOutReport, error) {
	if !held {
		quick := c
		quick.Matcher.Encoder = "off"
		m, err := matcherOf(ctx, quick, base, allAtOnce, how)
		if err != nil || knownByWords(ctx, base, m.Match) {
			return nil, nil, cmp.Or(err, ctx.Err())
		}
	}
	m, err := matcherOf(ctx, c, base, allAtOnce, how)
	if err != nil {
		return nil, nil, err
	}
	problems, err := checkMatch(ctx, base, m.Match)
	if err != nil || !held {
		return problems, nil, err
	}
	r, err := examineHeldOut(ctx, base, heldOutOf(m), func(part *knowledge.Base) (heldOut, error) {
		m, err := matcherOf(ctx, c, part, allAtOnce, how)
		if err != nil {
			return nil, err
		}
		return heldOutOf(m), nil
	})
	return problems, &r, err
}

// knownByWords reports whether every phrasing finds its own fact by its very words.
func knownByWords(ctx context.Context, base *knowledge.Base, match func(answers.Query) answers.Result) bool {
	for _, f := range base.Facts() {
		for _, q := range f.Questions {
			if got := match(answers.Query{Text: q.Text, Lang: q.Lang}); ctx.Err() != nil || got.Best() != f || !got.Sure() || got.Why.Reason != answers.ReasonPhrasing {
				return false
			}
		}
	}
	return true
}

// phrasings counts the questions of base.
func phrasings(base *knowledge.Base) int {
	n := 0
	for _, f := range base.Facts() {
		n += len(f.Questions)
	}
	return n
}

// checkTexts compares base with texts that its facts must not be copied from.
func checkTexts(base *knowledge.Base, files []string) ([]knowledge.Problem, error) {
	var all []knowledge.Problem
	for _, name := range files {
		info, err := os.Stat(name)
		switch {
		case errors.Is(err, os.ErrNotExist):
			return nil, usage("--text: there is no file %s", name)
		case err != nil:
			return nil, usage("--text: %v", err)
		case !info.Mode().IsRegular():
			return nil, usage("--text: %s is not an ordinary file", name)
		case info.Size() > maxText:
			return nil, usage("--text: %s has more than %d MB; split it into several files", name, maxText>>20)
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return nil, usage("--text: %v", err)
		}
		all = append(all, knowledge.CheckCopied(base, name, strings.ToValidUTF8(string(text), " "))...)
	}
	return all, nil
}

// apart sorts errors before warnings, each in the order of files and lines.
func apart(problems []knowledge.Problem) []knowledge.Problem {
	out := slices.Clone(problems)
	slices.SortStableFunc(out, func(a, b knowledge.Problem) int {
		rank := func(p knowledge.Problem) int {
			if p.Severity == knowledge.Error {
				return 0
			}
			return 1
		}
		return rank(a) - rank(b)
	})
	return out
}

// printFixed tells what --fix corrected.
func printFixed(p *program, fixed []draft.Fixed) {
	for _, f := range fixed {
		fmt.Fprintf(p.Out, "corrected %s: %s\n", f.File, strings.Join(f.Fixes, ", "))
	}
}
