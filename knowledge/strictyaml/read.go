package strictyaml

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"unicode/utf8"

	yaml "go.yaml.in/yaml/v4"
	"go.yaml.in/yaml/v4/plugin/loaderlimits"
)

// Limits of one file. They are far above what a person writes and low enough
// that a hostile file costs neither memory nor time.
const (
	// MaxFile is the size of a file in bytes: some five thousand facts.
	MaxFile = 8 << 20
	// MaxDepth is how deep lists and maps may nest; the deepest that any of our
	// formats needs is about ten.
	MaxDepth = 50
	// MaxNodes bounds the signs that begin an entry (list dashes, colons,
	// commas, brackets) before anything is parsed: the parsed tree takes about
	// 400 bytes for each. Eight megabytes of prose hold about a third of it.
	MaxNodes = 300_000
)

// ReadFile reads the YAML file called name in fsys and parses it; shown is the
// name that problems carry. It also returns the bytes, nil if they could not be
// read. The node is nil if anything in the file keeps it from being read; the
// reason is in rep then.
func ReadFile(fsys fs.FS, name, shown string, rep *Report) (*Node, []byte) {
	return readFile(fsys, name, shown, rep, Parse)
}

// ReadForeignFile is [ReadFile] of a file that another program wrote, parsed with [ParseForeign].
func ReadForeignFile(fsys fs.FS, name, shown string, rep *Report) (*Node, []byte) {
	return readFile(fsys, name, shown, rep, ParseForeign)
}

func readFile(fsys fs.FS, name, shown string, rep *Report, parse func(string, []byte, *Report) *Node) (*Node, []byte) {
	fail := func(format string, args ...any) (*Node, []byte) {
		rep.Add(Problem{File: shown, Message: fmt.Sprintf(format, args...)})
		return nil, nil
	}
	// Ask before opening: opening a pipe or a device may block for ever.
	info, err := fs.Stat(fsys, name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fail("the file is not there")
	case err != nil && leavesFolder(err):
		return fail("this is a link that leads out of its folder; put the file itself there")
	case err != nil:
		return fail("the file cannot be read: %v", Cause(err))
	case info.IsDir():
		return fail("this is a folder; a file is expected")
	case !info.Mode().IsRegular():
		return fail("this is not an ordinary file; put the file itself there")
	case info.Size() > MaxFile:
		return fail("the file has %s; at most %s are read. Split it into several files", megabytes(info.Size()), megabytes(MaxFile))
	}
	f, err := fsys.Open(name)
	if err != nil {
		return fail("the file cannot be read: %v", Cause(err))
	}
	defer f.Close()
	// The size that was reported may be wrong or change: the limit holds anyway.
	data, err := io.ReadAll(io.LimitReader(f, MaxFile+1))
	if err != nil {
		return fail("the file cannot be read: %v", Cause(err))
	}
	if len(data) > MaxFile {
		return fail("the file has more than %s; split it into several files", megabytes(MaxFile))
	}
	return parse(shown, data, rep), data
}

// leavesFolder recognises the error of os.Root for a link out of it, which the
// os package does not export.
func leavesFolder(err error) bool { return Cause(err).Error() == "path escapes from parent" }

func megabytes(n int64) string { return fmt.Sprintf("%.4g MB", float64(n)/(1<<20)) }

// Parse parses one YAML document of at most MaxFile bytes; file is the name that
// problems carry. It returns nil if data cannot be used at all: it is empty, not
// UTF-8, not YAML, or against the limits.
func Parse(file string, data []byte, rep *Report) *Node {
	return (&tree{file: file, rep: rep}).parse(data)
}

// ParseForeign is [Parse] of a file that another program wrote. Control characters in
// it are a warning and taken out.
func ParseForeign(file string, data []byte, rep *Report) *Node {
	t := &tree{file: file, rep: rep, foreign: true}
	n := t.parse(data)
	t.tellCleaned()
	return n
}

func (t *tree) parse(data []byte) *Node {
	file, rep := t.file, t.rep
	bad := func(line, col int, format string, args ...any) *Node {
		rep.Add(Problem{File: file, Line: line, Column: col, Message: fmt.Sprintf(format, args...)})
		return nil
	}
	if len(data) > MaxFile {
		return bad(0, 0, "the file has %s; at most %s are read. Split it into several files", megabytes(int64(len(data))), megabytes(MaxFile))
	}
	if enc := otherEncoding(data); enc != "" {
		return bad(1, 1, "the file is %s; save it as UTF-8", enc)
	}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")) // some editors put a byte order mark first
	if t.foreign {
		data = t.cleanFile(data)
	}
	if off, what := badByte(data); off >= 0 {
		line, col := position(data, off)
		return bad(line, col, "%s", what)
	}
	if n := countEntries(data); n > MaxNodes {
		return bad(0, 0, "the file holds about %d entries; at most %d are read. Split it into several files", n, MaxNodes)
	}

	limits := loaderlimits.New(loaderlimits.DepthFunc(func(depth int, _ *loaderlimits.DepthContext) error {
		if depth > MaxDepth {
			return errDepth
		}
		return nil
	}))
	loader, err := yaml.NewLoader(bytes.NewReader(data), yaml.WithPlugin(limits), yaml.WithUniqueKeys(false))
	if err != nil {
		return bad(0, 0, "the file cannot be read: %v", err)
	}
	var doc yaml.Node
	switch err := loader.Load(&doc); {
	case errors.Is(err, io.EOF):
		return bad(1, 1, "the file is empty")
	case err != nil:
		return unreadable(file, data, err, rep)
	}
	if doc.Kind == yaml.DocumentNode {
		if len(doc.Content) == 0 {
			return bad(1, 1, "the file is empty")
		}
		doc = *doc.Content[0]
	}
	n := &Node{t: t, y: &doc}
	if n.null() && doc.Value == "" {
		return bad(1, 1, "the file is empty")
	}
	for {
		var more yaml.Node
		err := loader.Load(&more)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return unreadable(file, data, err, rep)
		}
		line := more.Line
		if more.Kind == yaml.DocumentNode && len(more.Content) > 0 {
			more = *more.Content[0]
			line = more.Line
		}
		if more.Kind == 0 || (&Node{t: t, y: &more}).null() && more.Value == "" {
			continue // pandoc closes its metadata with a line of dashes
		}
		return bad(max(line, 1), 1, `a line of "---" begins a second document; put everything into one document or into several files`)
	}
	if !t.vet(&doc, "") {
		return nil
	}
	return n
}

// unreadable reports why a file is not YAML: the slips in it, and what the parser says where
// that lies above them all.
func unreadable(file string, data []byte, err error, rep *Report) *Node {
	line, col, msg := explain(data, err)
	var slips []slip
	if !isDepth(err) {
		slips = slipsIn(data)
	}
	if len(slips) == 0 || line < slips[0].line {
		rep.Add(Problem{File: file, Line: line, Column: col, Message: msg})
	}
	for _, s := range slips {
		rep.Add(Problem{File: file, Line: s.line, Column: s.column, Message: s.message})
	}
	return nil
}

// otherEncoding names the encoding of data if it is clearly not UTF-8.
func otherEncoding(data []byte) string {
	has := func(p string) bool { return bytes.HasPrefix(data, []byte(p)) }
	switch {
	case has("\xff\xfe\x00\x00"), has("\x00\x00\xfe\xff"):
		return "UTF-32"
	case has("\xff\xfe"), has("\xfe\xff"):
		return "UTF-16 (“Unicode” in some Windows editors)"
	case len(data) >= 4 && data[0] == 0 && data[1] != 0 && data[2] == 0,
		len(data) >= 4 && data[0] != 0 && data[1] == 0 && data[2] != 0 && data[3] == 0:
		return "UTF-16 without its mark"
	case has("PK\x03\x04"):
		return "a ZIP or office document, no plain text"
	case has("\x1f\x8b"):
		return "compressed, no plain text"
	}
	return ""
}

// badByte finds the first byte that is not UTF-8, or a character that YAML and
// people have no use for. It returns -1 if there is none.
func badByte(data []byte) (int, string) {
	for i := 0; i < len(data); {
		c := data[i]
		if c < utf8.RuneSelf {
			if c < ' ' && c != '\n' && c != '\r' && c != '\t' || c == 0x7f {
				return i, fmt.Sprintf("a control character (U+%04X) stands here; delete it", c)
			}
			i++
			continue
		}
		r, n := utf8.DecodeRune(data[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			return i, fmt.Sprintf("this is not UTF-8 (byte %d of the file is 0x%02X); save the file as UTF-8", i+1, c)
		case r >= 0x80 && r < 0xa0 && r != 0x85:
			return i, fmt.Sprintf("a control character (U+%04X) stands here; delete it", r)
		case r == 0xfeff:
			return i, "a byte order mark stands inside the file; delete it"
		case r == 0xfffe || r == 0xffff:
			return i, fmt.Sprintf("U+%04X is no character; delete it", r)
		}
		i += n
	}
	return -1, ""
}

// position returns the line and column, in characters, of a byte.
func position(data []byte, off int) (line, col int) {
	before := data[:min(off, len(data))]
	line = 1 + bytes.Count(before, []byte("\n"))
	if i := bytes.LastIndexByte(before, '\n'); i >= 0 {
		before = before[i+1:]
	}
	return line, 1 + utf8.RuneCount(before)
}

// countEntries estimates from above how many nodes the parser would make.
func countEntries(data []byte) int {
	n := 0
	for i, c := range data {
		switch c {
		case '[', '{', ',':
			n++
		case '-', ':', '?':
			if i+1 == len(data) || data[i+1] == ' ' || data[i+1] == '\n' || data[i+1] == '\r' || data[i+1] == '\t' {
				n++
			}
		case '&', '*', '!': // an anchor, alias or tag is a token of its own
			if (i == 0 || data[i-1] <= ' ') && i+1 < len(data) && data[i+1] > ' ' {
				n++
			}
		}
	}
	return n
}
