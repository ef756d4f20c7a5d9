package language

// IsTime reports whether a folded word is a noun for a time: "Jahr".
func (t *Table) IsTime(folded string) bool {
	for _, e := range t.entries[folded] {
		if len(e.words) == 1 && e.kind == noun && timesIn[e.value] {
			return true
		}
	}
	return false
}

// Order is what a word says of time where a time follows: before, after or since; "" if it
// says nothing of it.
func (t *Table) Order(folded string) string {
	for _, e := range t.entries[folded] {
		if len(e.words) == 1 && (e.kind == timeWord || e.kind == Content && (e.value == "before" || e.value == "after")) {
			return e.value
		}
	}
	return ""
}
