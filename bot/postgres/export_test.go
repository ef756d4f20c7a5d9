package postgres

// What the tests of this package look at inside it.
var (
	Migrations = migrations
	Parse      = parse

	ErrForeign = errForeign
	ErrAddress = errAddress
)
