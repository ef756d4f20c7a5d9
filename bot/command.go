package bot

// A Command tells adapters what they need to know of a command: how to list it, what
// to let people type, and who sees the answer. What it does is the Handler's.
type Command struct {
	Name     string                 // without slash, in lower case
	Aliases  []string               // other names by which it is heard; no menu lists them
	Argument Argument               // what stands after it
	Texts    map[string]CommandText // what people see of it, by BCP 47 tag

	Completes    bool // its argument is completed while somebody types, by a Suggester
	TakesReplied bool // as a reply and without an argument, it is about the message replied to
	OnMessages   bool // stands in the menu of somebody's message, which is then its argument

	Public   bool // its answer is for everybody in the chat
	Managers bool // in a group only those who manage it can do much with it
	Hidden   bool // in a group it and its answer are for the asker alone, where the platform can do that
	Personal bool // about the asker, so it does not belong into the menus of groups
	Unlisted bool // no menu lists it
}

// An Argument says whether a command takes text after its name.
type Argument int

// Whether a command has an argument. A required one may be lacking all the same, where a platform does
// not ask for it; then the Handler says how to use the command.
const (
	NoArgument Argument = iota
	OptionalArgument
	RequiredArgument
)

// A CommandText is what people see of a command in one language.
type CommandText struct {
	Description string // at most 100 characters
	Name        string // what it is called there; its own name if empty
	Option      string // name of the argument
	Hint        string // what the argument is, at most 100 characters
	OnMessage   string // its name in the menu of somebody's message
}

// Listed are the commands that menus list, in order.
func Listed(all []Command) []Command {
	var out []Command
	for _, c := range all {
		if !c.Unlisted {
			out = append(out, c)
		}
	}
	return out
}

// ByName are the commands by all names by which they are heard.
func ByName(all []Command) map[string]Command {
	m := map[string]Command{}
	for _, c := range all {
		m[c.Name] = c
		for _, a := range c.Aliases {
			m[a] = c
		}
	}
	return m
}
