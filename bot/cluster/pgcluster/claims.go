package pgcluster

import (
	"bytes"
	"context"
	"maps"
	"slices"

	"footnote/bot/cluster"
	"footnote/bot/postgres"
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
func claimAll(all []claiming) postgres.Statement[cluster.Claim] {
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
	read := func(rows [][][]byte) ([]cluster.Claim, error) {
		got := map[string]cluster.Claim{}
		for _, row := range rows {
			got[string(row[0])] = cluster.First
			if row[1][0] != 0 {
				got[string(row[0])] = cluster.Orphaned
			}
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
	return postgres.Statement[cluster.Claim]{SQL: soon + `
		INSERT INTO claim AS c (id, holder) SELECT x.id, x.holder FROM soon, unnest($1::bytea[], $2::text[]) AS x (id, holder)
		ON CONFLICT (id) DO UPDATE SET holder = excluded.holder, orphaned = c.orphaned OR c.holder <> excluded.holder
			WHERE NOT c.settled AND CASE WHEN c.holder = excluded.holder THEN excluded.id = ANY ($3::bytea[])
				ELSE NOT EXISTS (SELECT FROM member m WHERE m.name = c.holder AND m.until > clock_timestamp()) END
		RETURNING id, orphaned`, Params: [][]byte{postgres.Bytes(ids), postgres.Texts(holders), postgres.Bytes(again)}, Read: read}
}

// A settling is messages that are dealt with.
type settling struct {
	ids    [][]byte
	holder string
}

// Settle implements cluster.Table.
func (t *Table) Settle(ctx context.Context, holder string, all []cluster.MessageID) error {
	x := settling{holder: holder}
	for _, m := range all {
		x.ids = append(x.ids, t.seal.Hash(m.Platform, m.ID))
	}
	_, err := t.settled.Begin(x).WaitLazily(ctx, settleLazily)
	return t.db.Explain("claims", err)
}

// settleAll settles the claims of all who ask.
func settleAll(all []settling) postgres.Statement[struct{}] {
	holders := map[string]string{}
	for _, x := range all {
		for _, id := range x.ids {
			holders[string(id)] = x.holder
		}
	}
	var ids [][]byte
	var of []string
	for _, id := range slices.Sorted(maps.Keys(holders)) { // the order of claimAll
		ids, of = append(ids, []byte(id)), append(of, holders[id])
	}
	return postgres.Statement[struct{}]{SQL: soon + `
		INSERT INTO claim AS c (id, holder, settled) SELECT x.id, x.holder, true FROM soon, unnest($1::bytea[], $2::text[]) AS x (id, holder)
		ON CONFLICT (id) DO UPDATE SET settled = true WHERE c.holder = excluded.holder`, Params: [][]byte{postgres.Bytes(ids), postgres.Texts(of)}}
}
