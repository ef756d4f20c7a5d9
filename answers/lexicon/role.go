package lexicon

// A Role is what a word asks of a thing, or says happened to it. Two words of
// one role that are neither Same nor Synonym ask different relations: the wife
// of a king is not his mother, and the year a bridge was opened is not the year
// it was destroyed.
type Role uint8

const (
	NoRole     Role = iota
	Kin             // wife, mother, heir
	Maker           // architect, author, founder, composer
	Office          // king, mayor, president, bishop
	LifeEvent       // born, died, buried, married, exiled
	BuildEvent      // built, opened, closed, destroyed
	Succession      // successor, predecessor, replaced
)

func (r Role) String() string {
	if int(r) < len(roleNames) {
		return roleNames[r]
	}
	return "role?"
}

var roleNames = [...]string{"", "kin", "maker", "office", "life event", "building event", "succession"}

// Role returns the role of word (lower case, inflected), or NoRole.
func (r *Relations) Role(word string) Role {
	var buf [maxLemmas]uint16
	for _, id := range r.lemmas(word, buf[:0]) {
		if role := r.roles[id]; role != NoRole {
			return role
		}
	}
	return NoRole
}
