package bot

// MaxFile is the largest file in a reply, in bytes: the sources of some thousand
// books, and far below what either platform takes from a bot.
const MaxFile = 1 << 20

// A File is what a reply carries to be saved, for instance a bibliography.
type File struct {
	Name string // lower-case ASCII letters, digits, - and _, and a suffix
	Type string // MIME
	Data []byte // 1 to MaxFile bytes, UTF-8

	// Instead stands for the reply's blocks where no file can be sent: what of the
	// file fits in a message, as text to copy.
	Instead []Block
}

// Unfiled is r for an adapter that sends no files, or a place that takes none.
func (r Reply) Unfiled() Reply {
	if r.File != nil {
		r.Blocks, r.File = r.File.Instead, nil
	}
	return r
}
