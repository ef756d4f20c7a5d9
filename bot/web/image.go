package web

import (
	"bytes"
	"image"
	_ "image/jpeg" // its size is read
	_ "image/png"
	"path"
	"strings"

	"footnote/knowledge"
)

// A picture belongs to a fact. One that is a file of the pack is shown; to an address only a
// link leads, so that whoever opens the page asks no other site for anything.
type picture struct {
	Source        string // the path of the file, or
	Address       string // https
	Width, Height int    // of the file, in pixels; 0 if they are not known
	Alt           text
	Caption       text
	Credit        string // with the licence
}

// picturesDir is the folder of the files of packs, each pack in a folder of its own.
const picturesDir = "images/"

// imagePath is the path of a picture of a pack that is a file.
func imagePath(p *knowledge.Pack, i knowledge.Image) string {
	return picturesDir + p.ID + "/" + path.Base(i.File)
}

// gatherImages finds the files that facts show.
func (s *Site) gatherImages() {
	s.images = map[string]knowledge.Image{}
	for _, f := range s.facts {
		for _, i := range f.Images {
			if f.Pack != nil && i.Data() != nil {
				s.images[imagePath(f.Pack, i)] = i
			}
		}
	}
}

// pictures are those of a fact.
func (p page) pictures(f *knowledge.Fact) []picture {
	var all []picture
	for _, i := range f.Images {
		x := picture{Alt: p.say(f.Pack, i.Alt), Caption: p.say(f.Pack, i.Caption), Credit: p.T("image.credit", "credit", i.Credit, "licence", i.License)}
		switch {
		case i.Data() != nil:
			x.Source = p.Root + escapePath(imagePath(f.Pack, i))
			if c, _, err := image.DecodeConfig(bytes.NewReader(i.Data())); err == nil {
				x.Width, x.Height = c.Width, c.Height
			}
		case strings.HasPrefix(i.URL, "https://"):
			x.Address = i.URL
		default:
			continue
		}
		all = append(all, x)
	}
	return all
}
