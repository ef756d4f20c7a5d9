package csl

import "slices"

// The vocabulary of the Citation Style Language 1.0.2, in the order in which its
// specification lists it.

// Types returns the types of items, such as "book".
func Types() []string { return slices.Clone(types) }

// NameVariables returns the variables that hold names, such as "author".
func NameVariables() []string { return slices.Clone(nameVariables) }

// DateVariables returns the variables that hold dates, such as "issued".
func DateVariables() []string { return slices.Clone(dateVariables) }

// TextVariables returns the variables that hold texts or numbers, such as "title".
func TextVariables() []string { return slices.Clone(textVariables) }

// LocatorLabels returns the labels of places in a source, such as "page".
func LocatorLabels() []string { return slices.Clone(locatorLabels) }

var types = []string{
	"article", "article-journal", "article-magazine", "article-newspaper", "bill", "book", "broadcast", "chapter",
	"classic", "collection", "dataset", "document", "entry", "entry-dictionary", "entry-encyclopedia", "event",
	"figure", "graphic", "hearing", "interview", "legal_case", "legislation", "manuscript", "map", "motion_picture",
	"musical_score", "pamphlet", "paper-conference", "patent", "performance", "periodical", "personal_communication",
	"post", "post-weblog", "regulation", "report", "review", "review-book", "software", "song", "speech", "standard",
	"thesis", "treaty", "webpage",
}

var nameVariables = []string{
	"author", "editor", "translator", "editor-translator", "compiler", "chair", "collection-editor", "composer",
	"container-author", "contributor", "curator", "director", "editorial-director", "executive-producer", "guest",
	"host", "illustrator", "interviewer", "narrator", "organizer", "original-author", "performer", "producer",
	"recipient", "reviewed-author", "script-writer", "series-creator",
}

var dateVariables = []string{"issued", "accessed", "available-date", "event-date", "original-date", "submitted"}

var textVariables = []string{
	"abstract", "annote", "archive", "archive-place", "archive_collection", "archive_location", "authority",
	"call-number", "chapter-number", "citation-key", "citation-label", "citation-number", "collection-number",
	"collection-title", "container-title", "container-title-short", "dimensions", "division", "DOI", "edition",
	"event", "event-place", "event-title", "first-reference-note-number", "genre", "ISBN", "ISSN", "issue",
	"journalAbbreviation", "jurisdiction", "keyword", "language", "license", "locator", "medium", "note", "number",
	"number-of-pages", "number-of-volumes", "original-publisher", "original-publisher-place", "original-title",
	"page", "page-first", "part", "part-number", "part-title", "PMCID", "PMID", "printing", "printing-number",
	"publisher", "publisher-place", "references", "reviewed-genre", "reviewed-title", "scale", "section",
	"shortTitle", "source", "status", "supplement", "supplement-number", "title", "title-short", "URL", "version",
	"volume", "volume-title", "volume-title-short", "year-suffix",
}

var locatorLabels = []string{
	"page", "note", "chapter", "act", "appendix", "article-locator", "book", "canon", "column", "elocation",
	"entry", "equation", "figure", "folio", "issue", "line", "opus", "paragraph", "part", "rule", "scene", "section",
	"sub-verbo", "supplement", "table", "timestamp", "title-locator", "verse", "version", "volume",
}

// referenceWorks are the types of works of reference.
var referenceWorks = []string{"entry", "entry-dictionary", "entry-encyclopedia"}
