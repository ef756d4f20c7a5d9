package bot

import "slices"

// MaxFile is the largest file in a reply, in bytes: the sources of some thousand
// books, and far below what either platform takes from a bot.
const MaxFile = 1 << 20

// A File is what a reply carries to be saved, for instance a bibliography.
type File struct {
	Name string // lower-case ASCII letters, digits, - and _, and a suffix
	Type string // MIME
	Data []byte // 1 to MaxFile bytes; UTF-8 unless it is a picture; none if it has a URL

	// Instead stands for the reply's blocks where no file can be sent: what of the
	// file fits in a message, as text to copy. Of a picture it is empty.
	Instead []Block

	// Alt tells what a picture shows, to whoever does not see it, in at most MaxAlt
	// characters. Only a picture has one: it is shown rather than saved, and the reply's
	// blocks say everything that matters without it.
	Alt string

	// Said says that the reply's blocks tell as much as Alt does.
	Said bool

	// Drawn is the same picture as elements of a page, SVG, for a wide screen and for a narrow
	// one. Only a platform of pages gets it, and then there is no Data. It is safe to put into a
	// page as it stands.
	Drawn [2]string

	// URL is the https address of a picture that the platform is to fetch and show; Data is
	// empty then. The bot itself fetches nothing.
	URL string
}

// MaxAlt is how many characters tell of a picture at most; both platforms take 1,024.
const MaxAlt = 1000

// Description is what tells of f to whoever does not see or open it: its Alt, or else
// what the reply says first.
func (r Reply) Description() string {
	switch {
	case r.File == nil:
		return ""
	case r.File.Alt != "":
		return Shorten(r.File.Alt, MaxAlt)
	case len(r.Blocks) > 0:
		return Shorten(r.Blocks[0].plain(), MaxAlt)
	}
	return r.File.Name
}

// Picture reports whether f is shown rather than saved: it has an Alt, as every picture has. A nil f
// is none.
func (f *File) Picture() bool { return f != nil && f.Alt != "" }

// Unfiled is r for an adapter that sends no files, or a place that takes none.
func (r Reply) Unfiled() Reply {
	switch {
	case r.File == nil:
		return r
	case r.File.Picture():
		address := r.File.URL
		r = r.Told()
		if address != "" {
			r.Blocks = append(slices.Clip(r.Blocks), Block{Spans: []Span{{Text: address, URL: address}}})
		}
	default:
		r.Blocks = r.File.Instead
	}
	r.File = nil
	return r
}

// Told is r for a platform that has no words for who does not see a picture: they stand
// in the text.
func (r Reply) Told() Reply {
	if r.File.Picture() && !r.File.Said {
		r.Blocks = append(slices.Clip(r.Blocks), Block{Kind: Fine, Spans: []Span{{Text: r.File.Alt}}})
		told := *r.File
		told.Said = true
		r.File = &told
	}
	return r
}
