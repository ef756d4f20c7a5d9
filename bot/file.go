package bot

import (
	"strings"

	"footnote/knowledge/csl"
)

// MaxFile is the largest file in a reply, in bytes: the sources of some thousand
// books, and far below what either platform takes from a bot.
const MaxFile = 1 << 20

// A File is what a reply carries to be saved, for instance a bibliography.
type File struct {
	Name string // lower-case ASCII letters, digits, - and _, and a suffix
	Type string // MIME
	Data []byte // 1 to MaxFile bytes, UTF-8

	// Instead stands for the reply's blocks where no file can be sent: what of the
	// file fits in a message, as text to copy.
	Instead []Block
}

// Unfiled is r for an adapter that sends no files, or a place that takes none.
func (r Reply) Unfiled() Reply {
	if r.File != nil {
		r.Blocks, r.File = r.File.Instead, nil
	}
	return r
}

// fileForms are the suffix and the MIME type of each format of sources.
var fileForms = map[string]struct{ suffix, mime string }{
	"bibtex":   {".bib", "application/x-bibtex"},
	"ris":      {".ris", "application/x-research-info-systems"},
	"csl-json": {".json", "application/vnd.citationstyles.csl+json"},
}

// maxStem bounds a file's name without its suffix; every file system takes more.
const maxStem = 80

// fileName makes a name of ids that no system and no platform changes.
func fileName(stem, format string) string {
	stem = strings.Map(func(c rune) rune {
		switch {
		case c >= 'A' && c <= 'Z':
			return c + 'a' - 'A'
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9', c == '-', c == '_':
			return c
		}
		return '-'
	}, stem)
	stem = strings.Trim(stem[:min(len(stem), maxStem)], "-_")
	if stem == "" {
		stem = "sources"
	}
	return stem + fileForms[format].suffix
}

// asFile is the reply with the sources in a file, under head; instead is said
// where that cannot be sent.
func (k *talk) asFile(format, stem string, sources []*csl.Source, head Block, instead []Block) Reply {
	r := Reply{Kind: KindSource, Private: true, Blocks: instead}
	if data := []byte(exported(format, sources)); len(data) > 0 && len(data) <= MaxFile {
		head.Trim = true // a caption is short, the names of many packs may not be
		r.Blocks = []Block{head}
		r.File = &File{Name: fileName(stem, format), Type: fileForms[format].mime, Data: data, Instead: instead}
	}
	return r
}
