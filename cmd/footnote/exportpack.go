package main

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"os"
	"strings"

	"footnote/knowledge"
	"footnote/knowledge/archive"
)

// exportPacks writes the files of packs into the archive out, each pack in a folder that is
// called as it is, and prints the entry of the key knowledge that names it.
func exportPacks(p *program, base *knowledge.Base, out string) error {
	if !strings.HasSuffix(strings.ToLower(out), ".zip") {
		return usage("an archive of packs is a zip; name it with --out, such as --out pack.zip")
	}
	all := map[string][]byte{}
	for _, pack := range base.Packs {
		if pack.Dir == "" {
			return usage("the pack %s is inside the program and needs no archive; name a folder", pack.ID)
		}
		files, err := archive.Files(os.DirFS(pack.Dir))
		if err != nil {
			return exitError{code: exitFailed, err: fmt.Errorf("the pack %s cannot be read: %w", pack.ID, err)}
		}
		for name, text := range files {
			all[pack.ID+"/"+name] = text
		}
	}
	var b bytes.Buffer
	if err := archive.Write(&b, all); err != nil {
		return exitError{code: exitFailed, err: err}
	}
	if b.Len() > archive.MaxSize {
		return exitError{code: exitFailed, err: fmt.Errorf("the archive would have more than %d MB", archive.MaxSize>>20)}
	}
	if err := writeNew(out, b.Bytes()); err != nil {
		return err
	}
	_, err := fmt.Fprintf(p.Out, "%s%s%x\n", out, hashMark, sha256.Sum256(b.Bytes()))
	return err
}
