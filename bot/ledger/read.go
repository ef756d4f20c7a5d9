package ledger

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"footnote/answers"
	"footnote/bot"
	"footnote/bot/postgres"
	"footnote/bot/store"
)

// A Question is what the ledger holds of one, with what was said of its reply.
type Question struct {
	At         time.Time
	Who        string // a keyed hash; equal for questions of one person
	Platform   bot.Platform
	Outcome    answers.Outcome
	Fact       string // the answer, or what was picked of the choices
	Near       []string
	Packs      string
	Confidence float64
	Margin     float64
	Words      string // empty where they are not kept
	Picked     bool   // Fact was picked by the person
	Said       map[bot.Verdict]int
}

// copiedInUse reports whether a bot wrote to the file when it was copied, and nothing of
// that is in it. A ledger of an older program tells nothing.
func copiedInUse(ctx context.Context, db *sql.DB) bool {
	var used, asked int
	return db.QueryRowContext(ctx, "SELECT (SELECT count(*) FROM in_use), (SELECT count(*) FROM asked)").Scan(&used, &asked) == nil && used > 0 && asked == 0
}

// mostRead is how many characters of a value are read: more than the bot writes.
const mostRead = 4096

// Read returns the questions of the ledger at path since a time, oldest first.
// It changes nothing, and a bot may be writing meanwhile.
func Read(ctx context.Context, path string, since time.Time) ([]Question, error) {
	f := file{path}
	_, journal := os.Stat(path + "-wal")
	db, err := openFile(path, true)
	if err != nil {
		return nil, err
	}
	defer db.Close()
	if journal != nil && copiedInUse(ctx, db) {
		return nil, fmt.Errorf("ledger: %s is the copy of a ledger in use without its journal (%s-wal), and nothing is in it; footnote backup makes whole copies", path, filepath.Base(path))
	}
	switch version, err := versionOf(ctx, db); {
	case store.SQLiteCode(err) == noDatabase: // only whoever writes it would make it anew
		return nil, fmt.Errorf("ledger: %s holds no ledger: it is damaged or no SQLite file: %w", path, err)
	case err != nil:
		return nil, f.explain(err)
	case version == 0:
		return nil, fmt.Errorf("ledger: %s holds no ledger: it is another file, or the copy of a ledger in use without its journal (%s-wal); footnote backup makes whole copies", path, filepath.Base(path))
	}
	all, err := read(ctx, db, f.queries(), since)
	return all, f.explain(err)
}

// noDatabase is SQLite's code for a file that is none of its own.
const noDatabase = 26

// ReadShared is Read for the ledger in a database. A database without the ledger's tables
// is an error.
func ReadShared(ctx context.Context, db *postgres.DB, since time.Time) ([]Question, error) {
	sqlDB := openShared(db)
	defer sqlDB.Close()
	all, err := read(ctx, sqlDB, shared{}.queries(), since)
	return all, db.Explain("ledger", err)
}

func read(ctx context.Context, db *sql.DB, q queries, since time.Time) ([]Question, error) {
	rows, err := db.QueryContext(ctx, q.sql(fmt.Sprintf(`
		SELECT at, substr(a.who, 1, %[1]d), substr(platform, 1, %[1]d), substr(outcome, 1, %[1]d), substr(fact, 1, %[1]d), substr(near, 1, %[1]d),
			substr(packs, 1, %[1]d), confidence, margin, coalesce(substr(words, 1, %[1]d), ''), substr(picked, 1, %[1]d),
			(SELECT %[2]s(substr(verdict, 1, %[1]d), ' ') FROM (SELECT verdict FROM judged WHERE asked = a.id LIMIT %[1]d) AS said)
		FROM asked a WHERE at >= ?1 ORDER BY at, a.%[3]s`, mostRead, q.join, q.number)), since.Unix())
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []Question
	for rows.Next() {
		var q Question
		var at int64
		var near, picked string
		var said *string
		if err := rows.Scan(&at, &q.Who, &q.Platform, &q.Outcome, &q.Fact, &near, &q.Packs, &q.Confidence, &q.Margin, &q.Words, &picked, &said); err != nil {
			return nil, err
		}
		q.Words = oneLine(q.Words) // an older program kept them as they came
		for _, s := range []*string{(*string)(&q.Platform), (*string)(&q.Outcome), &q.Fact, &near, &q.Packs, &picked} {
			*s = oneLine(*s)
		}
		q.At, q.Near, q.Said = time.Unix(at, 0), strings.Fields(near), map[bot.Verdict]int{}
		if picked != "" {
			q.Fact, q.Picked = picked, true
		}
		if said != nil {
			for v := range strings.FieldsSeq(*said) {
				q.Said[bot.Verdict(v)]++
			}
		}
		all = append(all, q)
	}
	return all, rows.Err()
}
