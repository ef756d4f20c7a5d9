package main

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"

	"footnote/knowledge"
	"footnote/knowledge/csl"
	"footnote/knowledge/draft"
	"footnote/knowledge/importer"
)

// A sourcesImport is the outcome of an import of sources, for --json.
type sourcesImport struct {
	File     string          `json:"file"`  // of the pack
	Added    []string        `json:"added"` // ids
	Left     []skippedSource `json:"left"`
	Problems []string        `json:"problems"`
}

// A skippedSource is a source that the pack has already.
type skippedSource struct {
	ID  string `json:"id"`
	Why string `json:"why"`
}

// importSources adds the sources of a bibliography to a pack. What the pack has already is left out,
// and another work of the same id gets a new one.
func importSources(p *program, name, dir, encoding string, asJSON bool) error {
	base, err := knowledge.Open(dir)
	if err != nil {
		return exitError{code: exitUsage, err: err}
	}
	if len(base.Packs) > 1 {
		return usage("%s holds several packs; name one with --pack DIR", dir)
	}
	items, problems, err := importer.ReferencesIn(name, encoding)
	if err != nil {
		return exitError{code: exitFailed, err: err}
	}
	pack := base.Packs[0]
	done := sourcesImport{File: filepath.Join(pack.Dir, "sources.yaml"), Added: []string{}, Left: []skippedSource{}, Problems: append([]string{}, problems...)}
	fresh, titles := newWorks(draft.Of(pack).Sources, items, &done)
	if len(fresh) > 0 {
		var e draft.Edit
		if err := e.AddSources(pack, fresh...); err != nil {
			return exitError{code: exitFailed, err: err}
		}
		if err := writeEdit(&e, base); err != nil {
			return err
		}
	}
	if asJSON {
		return json.NewEncoder(p.Out).Encode(done)
	}
	for _, what := range done.Problems {
		fmt.Fprintf(p.Err, "%s: %s\n", name, what)
	}
	for _, l := range done.Left {
		fmt.Fprintf(p.Err, "%s: %s is left out: %s\n", name, l.ID, l.Why)
	}
	fmt.Fprintf(p.Out, "%s: %s\n", done.File, count(len(done.Added), "more source"))
	for i, id := range done.Added {
		if _, err := fmt.Fprintf(p.Out, "  + %s  %s\n", id, titles[i]); err != nil {
			return err
		}
	}
	return nil
}

// newWorks are the items that the pack does not have, with their titles; done says the rest.
func newWorks(has, items []draft.Object, done *sourcesImport) (fresh []draft.Object, titles []string) {
	taken := map[string]bool{}
	for _, s := range has {
		taken[s.Text("id")] = true
	}
next:
	for _, o := range items {
		id := o.Text("id")
		for _, s := range has {
			if why := importer.SameWork(s, o); why != "" {
				done.Left = append(done.Left, skippedSource{id, fmt.Sprintf("the pack has it as %s (%s)", s.Text("id"), why)})
				continue next
			}
		}
		if stem := id; taken[id] {
			for n := 2; taken[id]; n++ {
				id = fmt.Sprintf("%s-%d", stem, n)
			}
			done.Problems = append(done.Problems, fmt.Sprintf("references[%s]: the id is taken by another source, so it is %s here", stem, id))
			o = append(draft.Object{{Key: "id", Value: id}}, o.Without("id")...)
		}
		taken[id] = true
		fresh, titles = append(fresh, o), append(titles, o.Text("title"))
		done.Added = append(done.Added, id)
	}
	return fresh, titles
}

// isBibliography reports whether a file that no pack could be made of holds sources.
func isBibliography(name, encoding string) bool {
	items, _, err := importer.ReferencesIn(name, encoding)
	for _, o := range items {
		if slices.Contains(csl.Types(), o.Text("type")) && o.Text("title") != "" {
			return err == nil
		}
	}
	return false
}
