package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"footnote/bot/lang"
	"footnote/bot/web"
	"footnote/knowledge"
	"footnote/knowledge/strictyaml"
)

// siteFlags are the flags of "export --format site".
type siteFlags struct {
	url       string
	languages string
}

func (f *siteFlags) register(fs *flag.FlagSet) {
	fs.StringVar(&f.url, "base-url", "", "the `URL` that a site will have, e.g. https://example.org/thaw")
	fs.StringVar(&f.languages, "languages", "", "have a site in `LANGUAGES` too, e.g. de,fr, or all:\nits words, with the packs' texts as they are")
}

// siteMark is a file by which a folder is known for a site that was written before.
const siteMark = "corrections.atom"

// exportSite writes the site of the packs into a folder that is empty, or that holds one
// already.
func exportSite(ctx context.Context, p *program, base *knowledge.Base, out string, f siteFlags) error {
	if out == "" {
		return usage("a site is many files; name the folder for them: --out public")
	}
	c, err := f.config()
	if err != nil {
		return err
	}
	if entries, err := os.ReadDir(out); err == nil && len(entries) > 0 {
		if _, err := os.Stat(filepath.Join(out, siteMark)); errors.Is(err, fs.ErrNotExist) {
			return exitError{code: exitUsage, err: fmt.Errorf("%s holds something else than a site; name another folder", out)}
		}
	}
	failed := func(err error) error {
		return exitError{code: exitFailed, err: fmt.Errorf("the site cannot be written to %s: %w", out, strictyaml.Cause(err))}
	}
	if err := os.MkdirAll(out, 0o755); err != nil {
		return failed(err)
	}
	n, err := web.New(base, c).Export(ctx, out)
	switch {
	case ctx.Err() != nil:
		return exitError{code: exitAborted}
	case err != nil:
		return failed(err)
	}
	_, err = fmt.Fprintf(p.Out, "%s: %d files\n", out, n)
	return err
}

// config is how the site is to be.
func (f siteFlags) config() (web.Config, error) {
	c := web.Config{URL: f.url}
	if f.url != "" {
		var found Config
		if _, err := publicURL("--base-url", func(c *Config) *string { return &c.Web.URL }).set(&found, entry{key: "--base-url", values: []string{f.url}}); err != nil {
			return c, usage("--base-url %v", err)
		}
		c.URL = found.Web.URL
	}
	known := lang.All().Tags()
	switch f.languages {
	case "":
	case "all":
		c.Languages = known
	default:
		for _, tag := range strings.Split(f.languages, ",") {
			tag = strings.TrimSpace(tag)
			if !slices.Contains(known, tag) {
				return c, usage("--languages: %s is none of %s", strictyaml.Quote(tag), strings.Join(known, ", "))
			}
			c.Languages = append(c.Languages, tag)
		}
	}
	return c, nil
}
