package main

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"footnote/bot/platform"
	"footnote/knowledge"
	"footnote/knowledge/archive"
	"footnote/knowledge/strictyaml"
)

// What the key knowledge names is a folder of packs, or an archive: a file, or one at an
// https address. The hash of an archive may stand behind it: "pack.zip#sha256=…". At an
// address without one, a file beside it that ends in .sha256 tells it, so that what is only
// half put there is never taken.

// A packPlace is an entry of knowledge.
type packPlace struct {
	at   string // a path or an address
	hash string // SHA-256, hexadecimal, or empty
}

const hashMark = "#sha256="

var hashShape = regexp.MustCompile(`^[0-9a-f]{64}$`)

// parsePlace reads an entry of knowledge.
func parsePlace(v string) (packPlace, error) {
	p := packPlace{at: v}
	if at, hash, ok := strings.Cut(v, hashMark); ok {
		p.at, p.hash = at, strings.ToLower(hash)
		if !hashShape.MatchString(p.hash) {
			return p, fmt.Errorf("%s has a hash that is not 64 of the digits 0-9 and a-f behind %s", strictyaml.Quote(shownAddress(v)), hashMark)
		}
		if !archive.Is(p.file()) {
			return p, fmt.Errorf("%s: a hash belongs to an archive, which ends in .zip, .tar.gz or .tgz", strictyaml.Quote(shownAddress(v)))
		}
	}
	if !p.remote() {
		return p, nil
	}
	u, err := url.Parse(p.at)
	switch {
	case err != nil || u.Host == "" || u.User != nil || u.Fragment != "" || !archive.Is(u.Path):
		return p, fmt.Errorf("%s is not the address of an archive, such as https://example.org/pack.zip%s…, without user and password", strictyaml.Quote(shownAddress(p.at)), hashMark)
	case u.Scheme == "http" && !loopback(u.Hostname()):
		return p, fmt.Errorf("%s begins with http, with which anybody on the way can change the pack; use https", strictyaml.Quote(shownAddress(p.at)))
	}
	return p, nil
}

func (p packPlace) remote() bool {
	return strings.HasPrefix(p.at, "https://") || strings.HasPrefix(p.at, "http://")
}

// archived reports whether there is an archive at p, and not a folder.
func (p packPlace) archived() bool {
	if p.remote() || p.hash != "" {
		return true
	}
	info, err := os.Stat(p.at)
	return archive.Is(p.at) && err == nil && !info.IsDir()
}

// follows reports whether what is at p may change without the configuration, and somebody
// has to look.
func (p packPlace) follows() bool { return p.remote() && p.hash == "" }

// file is the name of the archive, without folders.
func (p packPlace) file() string {
	if u, err := url.Parse(p.at); p.remote() && err == nil {
		return u.Path[strings.LastIndexByte(u.Path, '/')+1:]
	}
	return filepath.Base(p.at)
}

// shownAddress is an address without what stands behind a question mark, which may be a key.
func shownAddress(s string) string {
	if at, _, ok := strings.Cut(s, "?"); ok && strings.Contains(at, "://") {
		return at + "?…"
	}
	return s
}

// packFolders are the folders of the packs that c names. Archives are fetched, checked and
// unpacked into a folder that is named by their hash; one that is there already is not
// fetched again.
func packFolders(ctx context.Context, c Config) ([]string, error) {
	var dirs []string
	for _, v := range c.Knowledge {
		p, err := parsePlace(v)
		if err == nil && !p.archived() {
			dirs = append(dirs, v)
			continue
		}
		var dir string
		if err == nil {
			dir, err = p.unpacked(ctx, packCache(c))
		}
		if err != nil {
			return nil, &knowledge.LoadError{Problems: []knowledge.Problem{{Severity: knowledge.Error, File: p.file(), Message: err.Error()}}}
		}
		dirs = append(dirs, dir)
	}
	return dirs, nil
}

// packCache is the folder in which archives are unpacked.
func packCache(c Config) string {
	if c.Matcher.Cache == "" {
		return filepath.Join(os.TempDir(), fmt.Sprintf("footnote-packs-%d", os.Getuid()))
	}
	return filepath.Join(c.Matcher.Cache, "packs")
}

// unpacked is the folder in which the archive at p is unpacked.
func (p packPlace) unpacked(ctx context.Context, cache string) (string, error) {
	hash := p.hash
	if p.follows() {
		var err error
		if hash, err = p.told(ctx); err != nil {
			return "", err
		}
	}
	if dir := filepath.Join(cache, hash); hash != "" && p.remote() && isWhole(dir) {
		now := time.Now()
		_ = os.Chtimes(dir, now, now) // it is in use
		return dir, nil
	}
	data, err := p.read(ctx)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(data)
	is := hex.EncodeToString(sum[:])
	if hash != "" && is != hash {
		return "", fmt.Errorf("the archive has the hash %s, and not %s; it was changed, or is not there whole", is, hash)
	}
	return unpack(data, p.file(), filepath.Join(cache, is))
}

// unpack unpacks an archive into dir, all of it or nothing. What has been changed there since
// is replaced: the folder is called after what the archive holds.
func unpack(data []byte, name, dir string) (string, error) {
	if isWhole(dir) {
		return dir, nil
	}
	cache := filepath.Dir(dir)
	if err := os.MkdirAll(cache, 0o700); err != nil {
		return "", fmt.Errorf("there is no folder for unpacking: %w (key matcher.cache)", strictyaml.Cause(err))
	}
	fresh, err := os.MkdirTemp(cache, ".new-")
	if err != nil {
		return "", fmt.Errorf("there is no folder for unpacking: %w (key matcher.cache)", strictyaml.Cause(err))
	}
	defer os.RemoveAll(fresh)
	if err := archive.Unpack(data, name, fresh); err != nil {
		return "", err
	}
	sum, err := folderSum(fresh)
	if err == nil {
		err = os.WriteFile(filepath.Join(fresh, sumFile), []byte(sum), 0o600)
	}
	if err != nil {
		return "", fmt.Errorf("what was unpacked cannot be kept: %w", strictyaml.Cause(err))
	}
	err = os.Rename(fresh, dir)
	if err != nil && !isWhole(dir) { // where it is whole, another process was quicker, and may be reading it
		if err = os.RemoveAll(dir); err == nil {
			err = os.Rename(fresh, dir)
		}
		if err != nil && !isWhole(dir) {
			return "", fmt.Errorf("what was unpacked cannot be kept: %w", strictyaml.Cause(err))
		}
	}
	forgetArchives(cache)
	return dir, nil
}

// sumFile holds in each unpacked folder the sum of what was unpacked there.
const sumFile = ".sum"

// isWhole reports whether a folder holds what was unpacked into it, and nothing else.
func isWhole(dir string) bool {
	told, err := os.ReadFile(filepath.Join(dir, sumFile))
	if err != nil {
		return false
	}
	is, err := folderSum(dir)
	return err == nil && is == string(told)
}

// folderSum is a hash over the names and contents of all files in a folder.
func folderSum(dir string) (string, error) {
	all := sha256.New()
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil || name == sumFile {
			return err
		}
		data, err := os.ReadFile(path)
		sum := sha256.Sum256(data)
		fmt.Fprintf(all, "%d %s %x\n", len(name), name, sum)
		return err
	})
	return hex.EncodeToString(all.Sum(nil)), err
}

// keptArchives is how many unpacked archives are kept, the last ones used.
const keptArchives = 10

// forgetArchives deletes the ones that have not been used for longest.
func forgetArchives(cache string) {
	entries, err := os.ReadDir(cache)
	if err != nil {
		return
	}
	var all []os.FileInfo
	for _, e := range entries {
		if info, err := e.Info(); err == nil && e.IsDir() && hashShape.MatchString(e.Name()) {
			all = append(all, info)
		}
	}
	slices.SortFunc(all, func(a, b os.FileInfo) int { return b.ModTime().Compare(a.ModTime()) })
	for _, info := range all[min(keptArchives, len(all)):] {
		_ = os.RemoveAll(filepath.Join(cache, info.Name()))
	}
}

// read reads the archive at p.
func (p packPlace) read(ctx context.Context) ([]byte, error) {
	if p.remote() {
		return fetch(ctx, p.at, archive.MaxSize)
	}
	info, err := os.Stat(p.at)
	switch {
	case err != nil:
		return nil, fmt.Errorf("the archive cannot be read: %w", strictyaml.Cause(err))
	case !info.Mode().IsRegular() || info.Size() > archive.MaxSize:
		return nil, fmt.Errorf("the archive is no file of at most %d MB", archive.MaxSize>>20)
	}
	data, err := os.ReadFile(p.at)
	if err != nil {
		return nil, fmt.Errorf("the archive cannot be read: %w", strictyaml.Cause(err))
	}
	return data, nil
}

// told is the hash that the file beside the archive at p tells.
func (p packPlace) told(ctx context.Context) (string, error) {
	u, err := url.Parse(p.at)
	if err != nil {
		return "", err
	}
	u.Path, u.RawPath = u.Path+".sha256", ""
	const longest = 4096
	text, err := fetch(ctx, u.String(), longest)
	if err != nil {
		return "", fmt.Errorf("its hash, which is to stand in %s.sha256 beside it: %w", p.file(), err)
	}
	words := strings.Fields(string(text))
	if len(words) == 0 || !hashShape.MatchString(strings.ToLower(words[0])) {
		return "", fmt.Errorf("%s.sha256 beside the archive does not begin with its hash", p.file())
	}
	return strings.ToLower(words[0]), nil
}

// fetchTime bounds fetching one file.
const fetchTime = time.Minute

// fetch gets at most limit bytes from an address. Its errors are one sentence, without what
// stands behind a question mark.
func fetch(ctx context.Context, address string, limit int64) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, fetchTime)
	defer cancel()
	transport := platform.NewTransport()
	defer transport.CloseIdleConnections()
	const redirects = 5
	client := &http.Client{Transport: transport, CheckRedirect: func(r *http.Request, via []*http.Request) error {
		if len(via) >= redirects || r.URL.Scheme != "https" && !loopback(r.URL.Hostname()) {
			return errors.New("it leads on to where nothing is fetched from")
		}
		return nil
	}}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, errors.New("the address cannot be asked")
	}
	resp, err := client.Do(r)
	if err != nil {
		var ue *url.Error // it quotes the address
		if errors.As(err, &ue) {
			err = ue.Err
		}
		return nil, fmt.Errorf("it cannot be fetched: %w", err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("it cannot be fetched: the server says %d %s", resp.StatusCode, cmp.Or(http.StatusText(resp.StatusCode), "to it"))
	}
	data, err := io.ReadAll(io.LimitReader(resp.Body, limit+1))
	switch {
	case err != nil:
		return nil, errors.New("it cannot be fetched: the connection broke")
	case int64(len(data)) > limit:
		return nil, fmt.Errorf("it has more than %d bytes", limit)
	}
	return data, nil
}

// watched are the folders and archives of c that are on this machine's disk.
func watched(c Config) (all []string) {
	for _, v := range c.Knowledge {
		if p, err := parsePlace(v); err == nil && !p.remote() {
			all = append(all, p.at)
		}
	}
	return all
}

// follows reports whether c names an archive that may change where it is.
func follows(c Config) bool {
	return slices.ContainsFunc(c.Knowledge, func(v string) bool {
		p, err := parsePlace(v)
		return err == nil && p.follows()
	})
}

// renewed reports whether an archive that c names has another hash where it is than any that
// is unpacked; an error of asking counts as no news.
func renewed(ctx context.Context, c Config) bool {
	return slices.ContainsFunc(c.Knowledge, func(v string) bool {
		p, err := parsePlace(v)
		if err != nil || !p.follows() {
			return false
		}
		hash, err := p.told(ctx)
		return err == nil && !exists(filepath.Join(packCache(c), hash))
	})
}
