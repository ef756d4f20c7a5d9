package main

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"context"
	_ "embed"
	"flag"
	"fmt"
	"io"
	"runtime"
	"runtime/debug"

	"footnote/knowledge"
)

func versionCommand() command {
	var o options
	var asJSON, texts bool
	return command{
		name:    "version",
		summary: "tell the versions of the program and of its packs",
		help: `
Tells the version of the program, the revision it was built from, the version of
Go and the packs it would answer from. With --licences it prints the licences of
the program and of everything in it.

Examples:
  footnote version
  footnote version --licences
  footnote version --json | jq -r '.packs[] | .id + " " + .version'

Exit codes: 0 told, 2 bad usage, configuration or pack.`,
		flags: func(fs *flag.FlagSet) action {
			o.register(fs)
			fs.BoolVar(&asJSON, "json", false, "write one JSON object")
			fs.BoolVar(&texts, "licences", false, "print the licences of the program and of what is in it")
			return func(_ context.Context, p *program, _ []string) error {
				if texts {
					return writeLicences(p.Out)
				}
				c, err := o.configure(p)
				if err != nil {
					return err
				}
				base, err := openBase(c)
				if err != nil {
					return exitError{code: exitUsage, err: err}
				}
				v := builtFrom()
				v.Packs = packVersions(base)
				if asJSON {
					return writeJSONLine(p.Out, v)
				}
				_, err = fmt.Fprintf(p.Out, "footnote %s\nrevision %s\n%s %s/%s\n", v.Version, v.Revision, v.Go, runtime.GOOS, runtime.GOARCH)
				for _, x := range v.Packs {
					_, err = fmt.Fprintf(p.Out, "pack %s %s, %s, %s\n", x.ID, x.Version, count(x.Facts, "fact"), x.From)
				}
				return err
			}
		},
	}
}

// licences are the texts that go with a binary.
//
//go:embed licences/third-party.txt.gz
var licences []byte

func writeLicences(w io.Writer) error {
	z, err := gzip.NewReader(bytes.NewReader(licences))
	if err != nil {
		return err
	}
	_, err = io.Copy(w, z)
	return err
}

// release is the version that whoever builds the program gives it:
//
//	go build -ldflags "-X main.release=$(git describe --tags)" ./cmd/footnote
var release string

type version struct {
	Version  string        `json:"version"`
	Revision string        `json:"revision"`
	Go       string        `json:"go"`
	Packs    []packVersion `json:"packs"`
}

type packVersion struct {
	ID      string `json:"id"`
	Version string `json:"version"`
	Facts   int    `json:"facts"`
	From    string `json:"from"` // the folder, or "embedded"
}

// builtFrom is the release that was given to the build, or else what the Go toolchain
// wrote into the binary: a version when it was installed as module@version or built in a
// checkout, and then the revision too.
func builtFrom() version {
	v := version{Version: "(development)", Revision: "unknown", Go: runtime.Version()}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return v
	}
	if info.Main.Version != "" && info.Main.Version != "(devel)" {
		v.Version = info.Main.Version
	}
	if release != "" {
		v.Version = release
	}
	settings := map[string]string{}
	for _, s := range info.Settings {
		settings[s.Key] = s.Value
	}
	if r := settings["vcs.revision"]; r != "" {
		v.Revision = r
		if settings["vcs.modified"] == "true" {
			v.Revision += ", modified"
		}
	}
	return v
}

func packVersions(b *knowledge.Base) []packVersion {
	out := []packVersion{}
	for _, p := range b.Packs {
		out = append(out, packVersion{p.ID, p.Version, len(p.Facts), cmp.Or(p.Dir, "embedded")})
	}
	return out
}
