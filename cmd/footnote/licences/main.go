// Command licences writes third-party.txt, which goes with a binary and into it: the
// program's licence and notices, and the licences of everything in it that others wrote in
// Go, as its module list has it.
//
//	go run ./cmd/footnote/licences
package main

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// systems are those that the program is built for: each may need modules of its own.
var systems = []string{"linux", "darwin", "windows"}

const (
	of  = "./cmd/footnote"
	out = "cmd/footnote/licences/third-party.txt"
)

func main() {
	log.SetFlags(0)
	text, err := thirdParty(".", of, systems)
	if err == nil {
		err = os.WriteFile(out, text, 0o644)
	}
	if err == nil {
		err = os.WriteFile(out+".gz", packed(text), 0o644)
	}
	if err != nil {
		log.Fatal(err)
	}
}

// packed is a text as it goes into the program, always in the same bytes.
func packed(text []byte) []byte {
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err == nil {
		_, err = z.Write(text)
	}
	if err == nil {
		err = z.Close()
	}
	if err != nil {
		panic(err) // a buffer takes everything
	}
	return b.Bytes()
}

// own are the files of this repository whose texts go first.
var own = []string{"LICENSE", "NOTICE", "answers/encoder/NOTICE.md", "knowledge/timeline/fallback/NOTICE.md"}

// A module is one that is in the program.
type module struct{ path, version, dir string }

// thirdParty returns what the repository at root says of licences, and the licences of the
// modules in package of on the systems, and of Go itself.
func thirdParty(root, of string, systems []string) ([]byte, error) {
	modules, err := modulesOf(of, systems)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	b.WriteString("Footnote's licence and notices come first. The program contains the Go modules named\nbehind them, unchanged, and Go's standard library; the licences are as they came with each.\n")
	for _, f := range own {
		text, err := os.ReadFile(filepath.Join(root, f))
		if err != nil {
			return nil, err
		}
		section(&b, "Footnote: "+f, text)
	}
	for _, m := range modules {
		files, err := licencesIn(m.dir)
		if err != nil {
			return nil, err
		}
		if len(files) == 0 {
			return nil, fmt.Errorf("%s has no licence in %s", m.path, m.dir)
		}
		for _, f := range files {
			text, err := os.ReadFile(filepath.Join(m.dir, f))
			if err != nil {
				return nil, err
			}
			section(&b, strings.TrimSpace(m.path+" "+m.version)+": "+f, text)
		}
	}
	return b.Bytes(), nil
}

func section(b *bytes.Buffer, title string, text []byte) {
	line := strings.Repeat("=", 80)
	fmt.Fprintf(b, "\n%s\n%s\n%s\n\n%s\n", line, title, line, clean(text))
}

// clean is a text without the blanks at the ends of its lines.
func clean(text []byte) string {
	lines := strings.Split(strings.ReplaceAll(string(text), "\r\n", "\n"), "\n")
	for i, l := range lines {
		lines[i] = strings.TrimRight(l, " \t")
	}
	return strings.Trim(strings.Join(lines, "\n"), "\n")
}

// modulesOf returns the modules in the package of, each once, and Go itself first.
func modulesOf(of string, systems []string) ([]module, error) {
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return nil, err
	}
	all := []module{{path: "Go's standard library", dir: strings.TrimSpace(string(root))}}
	seen := map[string]bool{}
	for _, system := range systems {
		cmd := exec.Command("go", "list", "-deps", "-f", "{{with .Module}}{{if not .Main}}{{.Path}}\t{{.Version}}\t{{.Dir}}{{end}}{{end}}", of)
		cmd.Env = append(os.Environ(), "GOOS="+system, "CGO_ENABLED=0")
		cmd.Stderr = os.Stderr
		list, err := cmd.Output()
		if err != nil {
			return nil, fmt.Errorf("go list for %s: %w", system, err)
		}
		for line := range strings.Lines(string(list)) {
			f := strings.Split(strings.TrimSpace(line), "\t")
			if len(f) == 3 && !seen[f[0]] {
				seen[f[0]] = true
				all = append(all, module{f[0], f[1], f[2]})
			}
		}
	}
	slices.SortFunc(all[1:], func(a, b module) int { return cmp.Compare(a.path, b.path) })
	return all, nil
}

// licenceFile is what a file is called that holds a licence or a notice.
var licenceFile = regexp.MustCompile(`(?i)^(licen[cs]e|copying|notice|third[-_]party)`)

// licencesIn returns the files of a module that hold licences, those of what it contains
// among them.
func licencesIn(dir string) (files []string, err error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		if !licenceFile.MatchString(e.Name()) {
			continue
		}
		if !e.IsDir() {
			files = append(files, e.Name())
			continue
		}
		inner, err := os.ReadDir(filepath.Join(dir, e.Name()))
		if err != nil {
			return nil, err
		}
		for _, f := range inner {
			if !f.IsDir() {
				files = append(files, filepath.Join(e.Name(), f.Name()))
			}
		}
	}
	return files, nil
}
