package csl

import (
	"slices"
	"strings"
)

// maxNames is how many names a note lists; of four and more it gives the first.
const maxNames = 3

// names writes the names of a role in reading order, or in the short form.
func (n *note) names(role string, short bool) styled {
	list := n.s.Names[role]
	if len(list) == 0 {
		return nil
	}
	n.used[role] = true
	return nameList(list, short)
}

// nameList writes names in reading order, or in the short form.
func nameList(list []Name, short bool) styled {
	write := func(x Name) string {
		if short {
			return x.Short()
		}
		return x.Full()
	}
	var s string
	switch {
	case len(list) > maxNames:
		s = write(list[0]) + " et al."
	case len(list) == 1:
		s = write(list[0])
	case len(list) == 2:
		s = write(list[0]) + " and " + write(list[1])
	default:
		s = write(list[0]) + ", " + write(list[1]) + ", and " + write(list[2])
	}
	return markup(s)
}

// principals are the roles that can stand in the author's place, with their
// label for one and for several.
var principals = []struct{ role, one, many string }{
	{"author", "", ""},
	{"editor", ", ed.", ", eds."},
	{"editor-translator", ", ed. and trans.", ", eds. and trans."},
	{"translator", ", trans.", ", trans."},
	{"compiler", ", comp.", ", comps."},
	{"director", ", dir.", ", dirs."},
	{"composer", "", ""},
	{"performer", "", ""},
	{"host", ", host", ", hosts"},
	{"series-creator", "", ""},
}

// people opens the note: who made it, and to whom a letter went.
func (n *note) people() styled {
	var who styled
	for _, p := range principals {
		list := n.s.Names[p.role]
		if len(list) == 0 {
			continue
		}
		label := p.one
		if len(list) > 1 {
			label = p.many
		}
		if !n.leads(p.role) {
			break
		}
		if p.role == "editor" && sameNames(list, n.s.Names["translator"]) {
			n.used["translator"] = true
			label = strings.Replace(label, "ed", "ed. and trans", 1)
			label = strings.Replace(label, "transs.", "trans.", 1)
		}
		who = n.names(p.role, false).wrapped("", label)
		break
	}
	return join(" ", who, n.names("recipient", false).wrapped("to ", ""))
}

// shortPeople opens the shortened note.
func (n *note) shortPeople() styled {
	var who styled
	for _, p := range principals {
		if len(n.s.Names[p.role]) > 0 {
			if !n.leads(p.role) {
				break
			}
			who = n.names(p.role, true)
			break
		}
	}
	return join(" ", who, n.names("recipient", true).wrapped("to ", ""))
}

// leads reports whether a role stands before the title. The editor of a volume
// is not the author of what is in it, and a film is known by its title.
func (n *note) leads(role string) bool {
	return role == "author" || !n.is(insideTypes...) && !n.is("motion_picture", "broadcast")
}

// roleLabels are the roles that follow the title, with their labels. Who else had a
// part in the work follows the note.
var roleLabels = []struct{ role, label string }{
	{"container-author", "by "},
	{"editor", "ed. "},
	{"translator", "trans. "},
	{"editor-translator", "ed. and trans. "},
	{"compiler", "comp. "},
	{"illustrator", "illus. "},
}

// secondary writes the people who follow the title of a work that stands alone.
func (n *note) secondary() styled {
	if n.is(insideTypes...) {
		return nil // container has them
	}
	return n.roles()
}

// roles writes the roles that the note has not placed yet: the given ones, or
// all. Somebody who edited and translated is named once.
func (n *note) roles(only ...string) styled {
	var out styled
	for _, r := range roleLabels {
		if n.used[r.role] || len(n.s.Names[r.role]) == 0 || len(only) > 0 && !slices.Contains(only, r.role) {
			continue
		}
		label := r.label
		if r.role == "editor" && !n.used["translator"] && sameNames(n.s.Names["editor"], n.s.Names["translator"]) {
			n.used["translator"] = true
			label = "ed. and trans. "
		}
		out = join(", ", out, n.names(r.role, false).wrapped(label, ""))
	}
	return out
}

// sameNames reports whether two roles are held by the same people.
func sameNames(a, b []Name) bool {
	if len(a) != len(b) || len(a) == 0 {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}
