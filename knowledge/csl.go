package knowledge

// The vocabulary of the Citation Style Language 1.0.2: item types, variables
// and locator labels.

var cslTypes = []string{
	"article", "article-journal", "article-magazine", "article-newspaper", "bill", "book", "broadcast", "chapter",
	"classic", "collection", "dataset", "document", "entry", "entry-dictionary", "entry-encyclopedia", "event",
	"figure", "graphic", "hearing", "interview", "legal_case", "legislation", "manuscript", "map", "motion_picture",
	"musical_score", "pamphlet", "paper-conference", "patent", "performance", "periodical", "personal_communication",
	"post", "post-weblog", "regulation", "report", "review", "review-book", "software", "song", "speech", "standard",
	"thesis", "treaty", "webpage",
}

var cslNames = []string{
	"author", "editor", "translator", "editor-translator", "compiler", "chair", "collection-editor", "composer",
	"container-author", "contributor", "curator", "director", "editorial-director", "executive-producer", "guest",
	"host", "illustrator", "interviewer", "narrator", "organizer", "original-author", "performer", "producer",
	"recipient", "reviewed-author", "script-writer", "series-creator",
}

var cslDates = []string{"issued", "accessed", "available-date", "event-date", "original-date", "submitted"}

// cslTexts are the standard and number variables.
var cslTexts = []string{
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

// cslLocators are the labels of places in a source.
var cslLocators = []string{
	"page", "note", "chapter", "act", "appendix", "article-locator", "book", "canon", "column", "elocation",
	"equation", "figure", "folio", "issue", "line", "opus", "paragraph", "part", "rule", "scene", "section",
	"sub-verbo", "supplement", "table", "timestamp", "title-locator", "verse", "version", "volume",
}

// tertiaryTypes are works of reference, which restate what others found.
var tertiaryTypes = []string{"entry", "entry-dictionary", "entry-encyclopedia"}
