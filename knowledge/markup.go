package knowledge

// plainMarkup is s without the markup that Zotero and pandoc write into titles.
func plainMarkup(s string) string { return s } // TODO with the citations
