package main

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
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
	for _, pack := range base.Packs {
		if pack.Dir == "" {
			return usage("the pack %s is inside the program and needs no archive; name a folder", pack.ID)
		}
	}
	data, err := packArchive(base)
	if err != nil {
		return exitError{code: exitFailed, err: err}
	}
	if err := writeNew(out, data); err != nil {
		return err
	}
	_, err = fmt.Fprintf(p.Out, "%s%s%x\n", out, hashMark, sha256.Sum256(data))
	return err
}

// errChanged says that the files of a pack are not those that were loaded.
var errChanged = errors.New("its files were changed meanwhile")

// packArchive is the archive of the packs of base, as they were loaded.
func packArchive(base *knowledge.Base) ([]byte, error) {
	all := map[string][]byte{}
	for _, pack := range base.Packs {
		fsys, err := pack.FS()
		if err != nil {
			return nil, err
		}
		files, err := archive.Files(fsys)
		if err != nil {
			return nil, fmt.Errorf("the pack %s cannot be read: %w", pack.ID, err)
		}
		if read, _ := knowledge.LoadFiles(files, pack.ID); read == nil || read.Hash != pack.Hash {
			return nil, fmt.Errorf("the pack %s cannot be read: %w", pack.ID, errChanged)
		}
		for name, text := range files {
			all[pack.ID+"/"+name] = text
		}
	}
	var b bytes.Buffer
	if err := archive.Write(&b, all); err != nil {
		return nil, err
	}
	if b.Len() > archive.MaxSize {
		return nil, fmt.Errorf("the archive would have more than %d MB", archive.MaxSize>>20)
	}
	return b.Bytes(), nil
}
