package bot

// MaxFile is the largest file in a reply, in bytes: the sources of some thousand
// books, and far below what either platform takes from a bot.
const MaxFile = 1 << 20

// A File is what a reply carries to be saved, for instance a bibliography.
type File struct {
	Name string // lower-case ASCII letters, digits, - and _, and a suffix
	Type string // MIME
	Data []byte // 1 to MaxFile bytes; UTF-8 unless it is a picture

	// Instead stands for the reply's blocks where no file can be sent: what of the
	// file fits in a message, as text to copy. Of a picture it is empty.
	Instead []Block

	// Alt tells what a picture shows, to whoever does not see it, in at most MaxAlt
	// characters. Only a picture has one: it is shown rather than saved, and the reply's
	// blocks say everything that matters without it.
	Alt string
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

// Picture reports whether f is a picture.
func (f *File) Picture() bool { return f != nil && f.Alt != "" }

// Unfiled is r for an adapter that sends no files, or a place that takes none.
func (r Reply) Unfiled() Reply {
	if r.File != nil && !r.File.Picture() {
		r.Blocks = r.File.Instead
	}
	r.File = nil
	return r
}
