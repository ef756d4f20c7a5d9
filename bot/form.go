package bot

// A Form asks for a text, for adapters whose platform can show one; what is written there comes back
// as a [Message] with the form's Action and the Text. Others show the blocks of the reply, which say
// how to write it otherwise.
type Form struct {
	Title  string // at most MaxFormTitle characters
	Label  string // of the field, at most MaxFormTitle characters
	Hint   string // in the empty field, at most 100 characters
	Action string // made and read by the Handler, at most MaxAction bytes
}

// Limits of a form, in characters: of its title and of the label of its field, and of what people
// may write into it.
const (
	MaxFormTitle = 45
	MaxFormText  = 1000
)
