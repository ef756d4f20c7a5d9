package importer

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	utf16 "golang.org/x/text/encoding/unicode"

	"footnote/knowledge/strictyaml"
)

// encodings are what Options.Encoding may name: what programs wrote before UTF-8,
// and some still do.
var encodings = map[string]encoding.Encoding{
	"utf-8":        encoding.Nop,
	"utf-16le":     utf16.UTF16(utf16.LittleEndian, utf16.UseBOM),
	"utf-16be":     utf16.UTF16(utf16.BigEndian, utf16.UseBOM),
	"windows-1250": charmap.Windows1250, // Central Europe
	"windows-1251": charmap.Windows1251, // Cyrillic
	"windows-1252": charmap.Windows1252, // Western Europe
	"windows-1253": charmap.Windows1253, // Greek
	"windows-1254": charmap.Windows1254, // Turkish
	"windows-1255": charmap.Windows1255, // Hebrew
	"windows-1256": charmap.Windows1256, // Arabic
	"windows-1257": charmap.Windows1257, // Baltic
	"iso-8859-1":   charmap.ISO8859_1,
	"iso-8859-2":   charmap.ISO8859_2,
	"iso-8859-5":   charmap.ISO8859_5,
	"iso-8859-7":   charmap.ISO8859_7,
	"iso-8859-9":   charmap.ISO8859_9,
	"iso-8859-15":  charmap.ISO8859_15,
	"koi8-r":       charmap.KOI8R,
	"koi8-u":       charmap.KOI8U,
	"macintosh":    charmap.Macintosh,
}

// Encodings returns the names that Options.Encoding takes, sorted.
func Encodings() []string {
	var names []string
	for name := range encodings {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// knownEncoding is an error unless name is empty or one of Encodings.
func knownEncoding(name string) error {
	if name == "" || encodings[strings.ToLower(name)] != nil {
		return nil
	}
	hint := ""
	if s := strictyaml.Suggest(name, Encodings()); s != "" {
		hint = fmt.Sprintf(" (did you mean %s?)", s)
	}
	return fmt.Errorf("there is no encoding %s%s; one of %s", strictyaml.Quote(name), hint, strings.Join(Encodings(), ", "))
}

// decode returns the text of a file without its byte order mark. What is neither
// UTF-8 nor UTF-16 is refused as a whole, unless its encoding is named: a guess
// that is wrong would spoil names without a word.
func decode(data []byte, name string) (string, error) {
	name = strings.ToLower(name)
	switch {
	case len(data) == 0:
		return "", errors.New("the file is empty")
	case isWorkbook(data):
		return "", errors.New("this is a workbook of Excel; use --format xlsx")
	case bytes.HasPrefix(data, []byte("\xd0\xcf\x11\xe0")):
		return "", errors.New("this is an office document of an old kind, or one with a password; save it as .xlsx, CSV or plain text first")
	case bytes.HasPrefix(data, []byte("\x1f\x8b")), bytes.HasPrefix(data, []byte("PK\x03\x04")):
		return "", errors.New("the file is packed; unpack it first")
	case bytes.HasPrefix(data, []byte("SQLite format 3\x00")):
		return "", errors.New("this is a database; export it as text from the program that made it")
	case strings.HasPrefix(name, "utf-16"):
		out, err := encodings[name].NewDecoder().Bytes(data)
		if err != nil || bytes.ContainsRune(out, utf8.RuneError) || bytes.ContainsRune(out, 0) {
			return "", fmt.Errorf("the file is not %s", name)
		}
		return string(bytes.TrimPrefix(out, []byte("\xef\xbb\xbf"))), nil
	case name != "" && name != "utf-8":
		return decodeLines(data, name)
	}
	if e := utf16Of(data); e != "" {
		out, err := encodings[e].NewDecoder().Bytes(data)
		if err != nil || bytes.ContainsRune(out, utf8.RuneError) {
			return "", errors.New("the file begins like UTF-16 and is not; save it as UTF-8")
		}
		return string(bytes.TrimPrefix(out, []byte("\xef\xbb\xbf"))), nil
	}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if !utf8.Valid(data) {
		return "", notUTF8(data)
	}
	return string(data), nil
}

// decodeLines returns the text of a file whose lines are in an encoding with a byte
// a letter. Files that several people wrote have lines in UTF-8 too, which no such
// encoding is taken for.
func decodeLines(data []byte, name string) (string, error) {
	var b strings.Builder
	line := 0
	for l := range bytes.Lines(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))) {
		line++
		if utf8.Valid(l) {
			b.Write(l)
			continue
		}
		out, err := encodings[name].NewDecoder().Bytes(l)
		if err != nil || bytes.ContainsRune(out, utf8.RuneError) {
			return "", fmt.Errorf("line %d is neither UTF-8 nor %s, so nothing was read", line, name)
		}
		b.Write(out)
	}
	return b.String(), nil
}

// utf16Of returns the name of the UTF-16 that data is in, or "": by its mark, or
// by the zero bytes that half of a Western text consists of.
func utf16Of(data []byte) string {
	switch {
	case bytes.HasPrefix(data, []byte("\xff\xfe")):
		return "utf-16le"
	case bytes.HasPrefix(data, []byte("\xfe\xff")):
		return "utf-16be"
	case len(data) < 8 || len(data)%2 != 0:
		return ""
	}
	var zeros [2]int
	start := data[:min(len(data), 4096)]
	for i, c := range start {
		if c == 0 {
			zeros[i%2]++
		}
	}
	switch half := len(start) / 2; {
	case zeros[1] > half/2 && zeros[0] == 0:
		return "utf-16le"
	case zeros[0] > half/2 && zeros[1] == 0:
		return "utf-16be"
	}
	return ""
}

// notUTF8 says where a text ceases to be UTF-8, and what it would be in the
// encoding that it most likely is in.
func notUTF8(data []byte) error {
	line, bad := 0, []byte(nil)
	for l := range bytes.Lines(data) {
		line++
		if !utf8.Valid(l) {
			bad = l
			break
		}
	}
	high, pairs, before := 0, 0, false
	for _, c := range bad {
		letter := c >= 0xc0
		if letter {
			high++
			if before {
				pairs++
			}
		}
		before = letter
	}
	name := "windows-1252"
	if pairs > 0 && pairs*2 >= high {
		name = "windows-1251" // words of such letters alone
	}
	read, err := encodings[name].NewDecoder().Bytes(bad)
	if err != nil {
		read = nil
	}
	return fmt.Errorf("line %d is not UTF-8, so nothing was read. Save the file again as UTF-8 (in Excel: Save As, \"CSV UTF-8\"), or name its encoding: with --encoding %s this line would be %s",
		line, name, strictyaml.Quote(strings.TrimSpace(around(string(read)))))
}

// around returns the part of a line in which the first letter outside ASCII stands.
func around(s string) string {
	at := strings.IndexFunc(s, func(r rune) bool { return r >= utf8.RuneSelf })
	if at < 0 {
		return s
	}
	if i := strings.LastIndexByte(s[:max(at-20, 0)], ' '); i > 0 {
		s = s[i+1:]
	}
	return s
}
