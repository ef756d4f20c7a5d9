package pgcluster

import (
	"bytes"
	"context"
	"slices"

	"github.com/jackc/pgx/v5"

	"footnote/bot/cluster"
)

// A claiming is one claim that is asked for.
type claiming struct {
	id     []byte
	holder string
	again  bool
}

// Claim implements cluster.Table.
func (t *Table) Claim(ctx context.Context, holder string, m cluster.MessageID, again bool) (cluster.Claim, error) {
	c, err := t.claims.Ask(ctx, claiming{t.seal.Hash(m.Platform, m.ID), holder, again})
	return c, t.db.Explain("claims", err)
}

// claimAll asks for claims together. What is not returned is another's.
func (t *Table) claimAll(ctx context.Context, all []claiming) ([]cluster.Claim, error) {
	order := make([]int, len(all))
	for i := range order {
		order[i] = i
	}
	// In one order, so that no two processes wait for each other.
	slices.SortStableFunc(order, func(a, b int) int { return bytes.Compare(all[a].id, all[b].id) })
	var ids, again [][]byte
	var holders []string
	asks := map[string]int{} // who asked first for each
	for _, i := range order {
		x := all[i]
		if _, twice := asks[string(x.id)]; twice {
			continue
		}
		asks[string(x.id)] = i
		ids, holders = append(ids, x.id), append(holders, x.holder)
		if x.again {
			again = append(again, x.id)
		}
	}
	rows, err := t.db.Pool().Query(ctx, soon+`
		INSERT INTO claim AS c (id, holder) SELECT x.id, x.holder FROM soon, unnest($1::bytea[], $2::text[]) AS x (id, holder)
		ON CONFLICT (id) DO UPDATE SET holder = excluded.holder, orphaned = c.orphaned OR c.holder <> excluded.holder
			WHERE NOT c.settled AND CASE WHEN c.holder = excluded.holder THEN excluded.id = ANY ($3::bytea[])
				ELSE NOT EXISTS (SELECT FROM member m WHERE m.name = c.holder AND m.until > clock_timestamp()) END
		RETURNING id, orphaned`, ids, holders, again)
	if err != nil {
		return nil, err
	}
	got := map[string]cluster.Claim{}
	var id []byte
	var orphaned bool
	if _, err := pgx.ForEachRow(rows, []any{&id, &orphaned}, func() error {
		got[string(id)] = cluster.First
		if orphaned {
			got[string(id)] = cluster.Orphaned
		}
		return nil
	}); err != nil {
		return nil, err
	}
	out := make([]cluster.Claim, len(all))
	for i, x := range all {
		if first := asks[string(x.id)]; i == first || x.again && x.holder == all[first].holder {
			out[i] = got[string(x.id)]
		} else {
			out[i] = cluster.Taken // who asked first has it, or somebody else
		}
	}
	return out, nil
}

// Settle implements cluster.Table.
func (t *Table) Settle(ctx context.Context, holder string, all []cluster.MessageID) error {
	ids := make([][]byte, 0, len(all))
	for _, m := range all {
		ids = append(ids, t.seal.Hash(m.Platform, m.ID))
	}
	slices.SortFunc(ids, bytes.Compare) // the order of claimAll
	ids = slices.CompactFunc(ids, bytes.Equal)
	_, err := t.db.Pool().Exec(ctx, soon+`
		INSERT INTO claim AS c (id, holder, settled) SELECT x.id, $2::text, true FROM soon, unnest($1::bytea[]) AS x (id)
		ON CONFLICT (id) DO UPDATE SET settled = true WHERE c.holder = excluded.holder`, ids, holder)
	return t.db.Explain("claims", err)
}
