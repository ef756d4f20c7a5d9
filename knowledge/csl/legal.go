package csl

import (
	"regexp"
)

// This file writes what cases and statutes have of their own (Chicago 14.269–305).

// shortCase adds the reporter and the place to the name of a case: 223 A.2d at 12–15.
func (n *note) shortCase(name styled, loc Locator) styled {
	name = join(", ", name, join(" ", n.text("volume"), n.text("container-title")))
	if loc.Value == "" {
		return name
	}
	if loc.isPage() {
		return join(" at ", name, roman(loc.String()))
	}
	return join(" ", name, roman(loc.String()))
}

// reporter places a case or statute: 347 U.S. § 3 483. A case that a reporter holds
// needs no number.
func (n *note) reporter() styled {
	section := n.text("section").wrapped("§ ", "")
	place := join(" ", n.text("volume"), n.text("container-title"))
	switch {
	case n.is("legal_case") && n.has("container-title"):
		return join(" ", place, section, n.first("page", "page-first"))
	case n.is("legal_case"):
		return join(", ", n.text("number").wrapped("No. ", ""), join(" ", place, section, n.first("page", "page-first")))
	case n.has("number"):
		return join(", ", n.text("number").wrapped("Pub. L. No. ", ""), section, join(" ", place, n.firstPage()))
	}
	return join(" ", place, section)
}

// firstPage writes the page on which a source begins.
func (n *note) firstPage() styled {
	if n.has("page-first") {
		return n.text("page-first")
	}
	first := numberOfPage.FindString(n.s.Fields["page"])
	if first == n.s.Fields["page"] {
		n.used["page"] = true // or else the rest has all of it
	}
	return markup(first)
}

var numberOfPage = regexp.MustCompile(`^[^\s,;–-]+`)

// decided writes who decided a case and when; of a statute, when it was made.
func (n *note) decided(issued styled) styled {
	if n.is("legal_case") {
		return join(" ", n.text("authority"), issued)
	}
	return issued
}
