package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"footnote/knowledge"
	"footnote/knowledge/draft"
)

// newVersion records what the present version of the pack in dir says, as far as that was not
// recorded yet, so that "footnote verify" knows it when the pack says something else.
func newVersion(p *program, dir string) error {
	base, err := knowledge.Open(dir)
	if err != nil {
		return exitError{code: exitUsage, err: err}
	}
	if len(base.Packs) > 1 {
		return usage("%s holds several packs; name one", dir)
	}
	pack := base.Packs[0]
	if changed := pack.Amended(); len(changed) > 0 {
		return exitError{code: exitFailed, err: fmt.Errorf(
			"version %s has been recorded, and other words stand by now in %s; write a higher version into %s and try again",
			pack.Version, knowledge.NameFirst(changed), filepath.Join(pack.Dir, "pack.yaml"))}
	}
	all := pack.Unrecorded()
	if len(all) == 0 {
		_, err := fmt.Fprintf(p.Out, "Everything that version %s says is recorded already.\n", pack.Version)
		return err
	}
	var added bytes.Buffer
	for _, s := range all {
		s.Date = time.Now().Format(time.DateOnly)
		line, err := json.Marshal(s)
		if err != nil {
			return err
		}
		added.Write(append(line, '\n'))
	}
	if err := appendVersions(base, pack, added.Bytes()); err != nil {
		return exitError{code: exitFailed, err: err}
	}
	_, err = fmt.Fprintf(p.Out, "Version %s is recorded in %s: %s new, or with other words than before. Keep the file under version control.\n",
		pack.Version, filepath.Join(pack.Dir, knowledge.VersionsFile), count(len(all), "fact"))
	return err
}

// appendVersions adds lines to the file of a pack's versions, which it makes.
func appendVersions(base *knowledge.Base, pack *knowledge.Pack, lines []byte) error {
	var e draft.Edit
	old, err := os.ReadFile(filepath.Join(pack.Dir, knowledge.VersionsFile))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		err = e.AddFile(pack, knowledge.VersionsFile, lines, lines)
	case err == nil:
		if n := len(old); n > 0 && old[n-1] != '\n' {
			old = append(old, '\n')
		}
		text := append(old, lines...)
		err = e.Change(pack, knowledge.VersionsFile, text, text)
	}
	if err != nil {
		return err
	}
	return writeEdit(&e, base)
}
