package ledger

import (
	"context"
	"strings"
	"time"

	"footnote/answers"
	"footnote/bot"
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

// Read returns the questions of the ledger at path since a time, oldest first.
// It changes nothing, and a bot may be writing meanwhile.
func Read(ctx context.Context, path string, since time.Time) ([]Question, error) {
	db, err := openFile(path, true)
	if err != nil {
		return nil, err
	}
	defer db.Close()
	switch version, err := versionOf(ctx, db); {
	case err != nil:
		return nil, explain(path, err)
	case version == 0:
		return nil, nil // made and never written
	}
	rows, err := db.QueryContext(ctx, `
		SELECT at, a.who, platform, outcome, fact, near, packs, confidence, margin, coalesce(words, ''), picked,
			(SELECT group_concat(verdict, ' ') FROM judged WHERE asked = a.id)
		FROM asked a WHERE at >= ? ORDER BY at, a.rowid`, since.Unix())
	if err != nil {
		return nil, explain(path, err)
	}
	defer rows.Close()
	var all []Question
	for rows.Next() {
		var q Question
		var at int64
		var near, picked string
		var said *string
		if err := rows.Scan(&at, &q.Who, &q.Platform, &q.Outcome, &q.Fact, &near, &q.Packs, &q.Confidence, &q.Margin, &q.Words, &picked, &said); err != nil {
			return nil, explain(path, err)
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
	return all, explain(path, rows.Err())
}
