package knowledge

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"footnote/knowledge/strictyaml"
)

// VersionsFile is the file of a pack that holds what its versions said: a [Statement] a line, as
// JSON, in the order in which they were recorded.
const VersionsFile = "versions.jsonl"

// Limits of VersionsFile.
const (
	MaxVersions   = 16 << 20 // bytes of the file
	MaxStatements = 100_000
)

// readVersions reads versions.jsonl, which a pack may do without. It does not enter the pack's
// hash: it tells of earlier versions, and answers nothing.
func (r *packReader) readVersions() {
	data, err := fs.ReadFile(r.fsys, VersionsFile)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return
	case err != nil:
		r.problem(VersionsFile, "the file cannot be read: %v", strictyaml.Cause(err))
		return
	case len(data) > MaxVersions:
		r.problem(VersionsFile, "the file has more than %d MB", MaxVersions>>20)
		return
	}
	line := 0
	for text := range bytes.Lines(data) {
		line++
		if text = bytes.TrimSpace(text); len(text) == 0 {
			continue
		}
		if len(r.pack.Recorded) == MaxStatements {
			r.problem(VersionsFile, "the file holds more than %d statements", MaxStatements)
			return
		}
		s, err := readStatement(text)
		if err != nil {
			r.rep.Add(Problem{File: r.name(VersionsFile), Line: line, Column: 1, Message: "the line cannot be read: " + err.Error() +
				"; the file is written by \"footnote new version\", take it back from your version control"})
			return
		}
		r.pack.Recorded = append(r.pack.Recorded, s)
	}
}

func readStatement(line []byte) (Statement, error) {
	var s Statement
	d := json.NewDecoder(bytes.NewReader(line))
	d.DisallowUnknownFields()
	switch err := d.Decode(&s); {
	case err != nil:
		return s, errors.New("it is no statement in JSON")
	case !IsID(s.Fact):
		return s, errors.New("it names no fact")
	case !versionPattern.MatchString(s.Version):
		return s, errors.New("it names no version")
	case s.Hash == "" && !s.Gone:
		return s, errors.New("it has no hash")
	}
	return s, nil
}

// LastRecorded returns what was last recorded of a fact; ok is false if nothing was.
func (p *Pack) LastRecorded(fact string) (s Statement, ok bool) {
	for _, s := range slices.Backward(p.Recorded) {
		if s.Fact == fact {
			return s, true
		}
	}
	return Statement{}, false
}

// Unrecorded returns what the present version of p says that was not recorded: facts that are new
// or changed, and facts that are gone.
func (p *Pack) Unrecorded() []Statement {
	last := map[string]Statement{}
	var order []string
	for _, s := range p.Recorded {
		if _, ok := last[s.Fact]; !ok {
			order = append(order, s.Fact)
		}
		last[s.Fact] = s
	}
	var all []Statement
	here := map[string]bool{}
	for _, f := range p.Facts {
		here[f.ID] = true
		if s, ok := last[f.ID]; !ok || s.Gone || s.Hash != f.Hash() {
			all = append(all, f.Statement())
		}
	}
	for _, id := range order {
		if !here[id] && !last[id].Gone {
			all = append(all, Statement{Fact: id, Version: p.Version, Gone: true})
		}
	}
	return all
}

// Amended returns those of Unrecorded whose fact the present version has been recorded with
// already: they say something else under the same version.
func (p *Pack) Amended() []Statement {
	closed := slices.ContainsFunc(p.Recorded, func(s Statement) bool { return s.Version == p.Version })
	if !closed {
		return nil
	}
	return p.Unrecorded()
}

// recorded warns of facts that say something else under a version that has been recorded.
func (c *checker) recorded() {
	if all := c.pack.Amended(); len(all) > 0 {
		c.rep.Add(Problem{Severity: Warning, File: shownFile(c.pack, "pack.yaml"), Path: "version", Message: fmt.Sprintf(
			"version %s has been recorded in %s, and other words stand by now in %s; raise the version, and record it with \"footnote new version\"",
			c.pack.Version, VersionsFile, NameFirst(all))})
	}
}

// NameFirst names the fact of the first statement, and says how many more there are.
func NameFirst(all []Statement) string {
	if len(all) == 1 {
		return all[0].Fact
	}
	return fmt.Sprintf("%s and %d more", all[0].Fact, len(all)-1)
}
