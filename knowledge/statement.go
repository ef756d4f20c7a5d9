package knowledge

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/json"
	"strings"

	"footnote/knowledge/csl"
)

// A Statement is what one version of a pack said in one fact: all that a reader is told, and
// nothing of how it is found. A pack keeps its statements in versions.jsonl, so that whoever
// quotes an answer can be checked after the fact has changed.
type Statement struct {
	Fact        string           `json:"fact"`
	Version     string           `json:"version"`        // of the pack, the first that said so
	Date        string           `json:"date,omitempty"` // when it was recorded, as 2026-11-29
	Hash        string           `json:"hash"`           // see [Fact.Hash]
	Gone        bool             `json:"gone,omitempty"` // from this version on the pack has no such fact; nothing else is said then
	Status      Status           `json:"status,omitempty"`
	Answer      Text             `json:"answer,omitempty"`
	Detail      Text             `json:"detail,omitempty"`
	AccordingTo string           `json:"according-to,omitempty"`
	Positions   []StatedPosition `json:"positions,omitempty"`
	Dates       []string         `json:"dates,omitempty"`
	Cites       []StatedCite     `json:"cites,omitempty"`
}

// A StatedPosition is a [Position] without its citations, which are with those of the fact.
type StatedPosition struct {
	Holder string `json:"holder"`
	Claim  Text   `json:"claim"`
}

// A StatedCite is a [Cite] as it was shown.
type StatedCite struct {
	Short string `json:"short"`
	Full  string `json:"full"`
	Quote string `json:"quote,omitempty"`
}

// Statement returns what f says in the present version of its pack.
func (f *Fact) Statement() Statement {
	s := Statement{
		Fact: f.ID, Version: f.Pack.Version, Hash: f.Hash(), Status: f.Status,
		Answer: f.Answer, Detail: f.Detail, AccordingTo: f.AccordingTo, Positions: f.stated(), Dates: f.edtf(),
	}
	for _, c := range f.AllCites() {
		written := c.Citation()
		s.Cites = append(s.Cites, StatedCite{Short: written.Short.String(), Full: written.Full.String(), Quote: c.Quote})
	}
	return s
}

func (f *Fact) stated() []StatedPosition {
	var all []StatedPosition
	for _, p := range f.Positions {
		all = append(all, StatedPosition{Holder: p.Holder, Claim: p.Claim})
	}
	return all
}

func (f *Fact) edtf() []string {
	var all []string
	for _, d := range f.Dates {
		all = append(all, string(d.EDTF))
	}
	return all
}

// hashLength is how many characters of five bits a hash has: that two of a thousand statements
// have the same one happens once in two thousand million packs.
const hashLength = 10

// hashScheme changes when what enters a hash does.
const hashScheme = 1

// Hash returns a short hash of what f says with its citations: ten characters a–z and 2–7 of the
// SHA-256 of its texts. The version of the pack does not enter it, nor how a note is set: what does
// not change keeps its hash, also in a newer program.
func (f *Fact) Hash() string {
	type cite struct {
		Source         json.RawMessage
		Locator        csl.Locator
		Quote, Foreign string
	}
	var cites []cite
	for _, c := range f.AllCites() {
		cites = append(cites, cite{Source: csl.JSON(c.Source), Locator: c.Locator, Quote: c.Quote, Foreign: c.Translation})
	}
	text, err := json.Marshal(struct {
		Scheme         int
		Fact           string
		Status         Status
		Answer, Detail Text
		AccordingTo    string
		Positions      []StatedPosition
		Dates          []string
		Cites          []cite
	}{hashScheme, f.ID, f.Status, f.Answer, f.Detail, f.AccordingTo, f.stated(), f.edtf(), cites})
	if err != nil {
		panic(err) // texts, lists and maps of them can always be written
	}
	sum := sha256.Sum256(text)
	return strings.ToLower(base32.StdEncoding.EncodeToString(sum[:])[:hashLength])
}
