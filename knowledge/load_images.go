package knowledge

import (
	"bytes"
	"crypto/sha256"
	"image"
	_ "image/jpeg" // the formats that are taken
	_ "image/png"
	"io/fs"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"

	"footnote/knowledge/strictyaml"
)

// Limits of pictures. Both platforms take and show what is within them.
const (
	MaxImages    = 10      // of a fact
	MaxImageFile = 1 << 20 // bytes of one
	MaxImageSide = 5000    // pixels
	MaxAlt       = 800     // characters that tell what a picture shows
	MaxCaption   = 300
	imageRatio   = 15 // of the longer side to the shorter one
	imagesFolder = "images"
)

// An Image is a picture that belongs to a fact: a file of the pack, or an address.
type Image struct {
	File    string // its name in the pack's folder, images/NAME.jpg or .png; or
	URL     string // https
	Alt     Text   // what it shows, for whoever does not see it
	Caption Text   // may be empty
	Credit  string // who made it, and where it is kept
	License string

	data []byte // of File; not to be changed
}

// Data returns the content of the file, which is not to be changed; nil for an address.
func (i Image) Data() []byte { return i.data }

// Type is the MIME type of the file.
func (i Image) Type() string {
	if path.Ext(i.File) == ".png" {
		return "image/png"
	}
	return "image/jpeg"
}

// imageFile is how a picture's file may be called: the same on every system, in a shell and
// in an address.
var imageFile = regexp.MustCompile(`^images/[a-z0-9][a-z0-9_-]{0,79}\.(?:jpg|jpeg|png)$`)

// notOfImages are keys that people write into pictures.
var notOfImages = map[string]string{
	"licence": "write it license, as in pack.yaml", "path": "the file is named by file: images/…", "src": "the file is named by file: images/…, an address by url: https://…",
	"author": "who made it is its credit", "title": "a title belongs into its caption", "description": "what it shows is its alt", "source": "where it is from belongs into its credit",
}

// images reads the pictures of a fact.
func (r *packReader) images(n *strictyaml.Node) []Image {
	var out []Image
	for _, c := range atMost(MaxImages, n, n.List("pictures, each with file or url, alt, credit and license")) {
		m := c.MapWith(notOfImages, "file", "url", "alt", "caption", "credit", "license")
		i := Image{
			Alt: r.text(m.Required("alt"), MaxAlt), Caption: r.text(m.Get("caption"), MaxCaption),
			Credit: m.Required("credit").Bounded(MaxHolder), License: m.Required("license").Bounded(MaxTitle),
		}
		switch file, address := m.Get("file"), m.Get("url"); {
		case file != nil && address != nil:
			address.Errorf("the picture has a file already; delete one of the two")
		case file != nil:
			i.File = file.NonEmpty()
			i.data = r.imageFile(file, i.File)
		case address != nil:
			if i.URL = address.Bounded(MaxAddress); i.URL != "" && !isHTTPS(i.URL) {
				address.Errorf("%s is no https address of a picture", strictyaml.Quote(i.URL))
			}
		case c.IsMap():
			c.Errorf("the picture is missing; name a file in the folder images (file: images/…), or its address (url: https://…)")
		}
		out = append(out, i)
	}
	return out
}

// MaxAddress is how long the address of a picture may be.
const MaxAddress = 1000

func isHTTPS(s string) bool {
	u, err := url.Parse(s)
	return err == nil && u.Scheme == "https" && u.Hostname() != "" && u.User == nil && u.Port() == "" && !strings.ContainsAny(s, " \"<>\\")
}

// imageFile returns the content of a picture, or says what is wrong with it.
func (r *packReader) imageFile(at *strictyaml.Node, name string) []byte {
	if name == "" {
		return nil
	}
	if data, ok := r.pictures[name]; ok {
		return data
	}
	if !imageFile.MatchString(name) {
		at.Errorf("%s is no picture of a pack; put it into the folder images and name it images/NAME.jpg or images/NAME.png, with small letters a–z, digits and hyphens", strictyaml.Quote(name))
		return nil
	}
	info, err := fs.Stat(r.fsys, name)
	switch {
	case err != nil:
		at.Errorf("there is no file %s in the pack's folder", name)
		return nil
	case info.Size() > MaxImageFile:
		at.Errorf("the file %s has %d KB; at most %d are taken. Save it smaller: 1600 pixels are enough for every screen", name, info.Size()>>10, MaxImageFile>>10)
		return nil
	}
	data, err := fs.ReadFile(r.fsys, name)
	if err != nil {
		at.Errorf("the file %s cannot be read: %v", name, strictyaml.Cause(err))
		return nil
	}
	if why := wrongImage(name, data); why != "" {
		at.Errorf("the file %s %s", name, why)
		return nil
	}
	if r.size += len(data); r.size > MaxPack {
		r.problem(name, "the files of the pack have more than %d MB together; split it into several packs", MaxPack>>20)
		return nil
	}
	r.hash[name] = sha256.Sum256(data)
	r.pictures[name] = data
	return data
}

// wrongImage says why data cannot be shown, or "".
func wrongImage(name string, data []byte) string {
	c, format, err := image.DecodeConfig(bytes.NewReader(data))
	switch isPNG := path.Ext(name) == ".png"; {
	case len(data) == 0:
		return "is empty"
	case err != nil:
		return "holds neither a JPEG nor a PNG picture"
	case isPNG != (format == "png"):
		return "holds a picture in the format " + format + "; rename it, and here too"
	case c.Width > MaxImageSide || c.Height > MaxImageSide || c.Width > imageRatio*c.Height || c.Height > imageRatio*c.Width:
		return "holds a picture that is too large or too narrow to be shown; at most 5000 pixels a side are taken, and 15 times as much on one as on the other"
	}
	return ""
}

// strayImages warns of pictures that no fact shows.
func (r *packReader) strayImages() {
	entries, err := fs.ReadDir(r.fsys, imagesFolder)
	if err != nil || !r.factsWhole {
		return
	}
	for _, e := range entries {
		name := path.Join(imagesFolder, e.Name())
		if _, shown := r.pictures[name]; shown || strings.HasPrefix(e.Name(), ".") || e.IsDir() {
			continue
		}
		if slices.Contains([]string{".jpg", ".jpeg", ".png", ".gif", ".webp", ".svg", ".tif", ".tiff"}, strings.ToLower(path.Ext(name))) {
			r.warn(name, "no fact shows this picture")
		}
	}
}
