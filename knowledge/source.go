package knowledge

// A Source is one reference of a pack: a CSL-YAML item as Zotero and pandoc
// export it. Fields of CSL that the formatter does not place are kept in Other
// and shown at the end of the full citation, never lost.
type Source struct {
	ID    string
	Type  string // CSL item type, e.g. "book", "entry-encyclopedia"
	Place Place
}

// An EDTF is a date or interval in the Extended Date/Time Format (ISO 8601-2
// level 1), e.g. "1956-02", "1978-04/1979-12", "1984~".
type EDTF string

// MaxAnswer and MaxDetail limit a fact's texts, in characters (code points).
const (
	MaxAnswer = 300
	MaxDetail = 1500
)
