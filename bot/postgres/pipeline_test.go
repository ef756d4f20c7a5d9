package postgres_test

import (
	"bytes"
	"slices"
	"testing"
	"time"

	"footnote/bot/postgres"
)

// echo is a batch whose statements return what they are asked, as sql says.
func echo(db *postgres.DB, sql string) *postgres.Batch[string, string] {
	return postgres.NewBatch(db, time.Minute, func(all []string) postgres.Statement[string] {
		return postgres.Statement[string]{SQL: sql, Params: [][]byte{postgres.Texts(all)}, Read: func(rows [][][]byte) (out []string, err error) {
			for _, row := range rows {
				out = append(out, string(row[0]))
			}
			return out, nil
		}}
	})
}

// Statements in one piece are answered each by itself: one that fails spoils none of the others, nor
// the connection.
func TestPipeline(t *testing.T) {
	for name, at := range map[string]func(testing.TB) string{"direct": server.Database, "behind a pooler": server.Pooled} {
		t.Run(name, func(t *testing.T) {
			db := open(t, at(t)+"&pool_max_conns=1")
			good := echo(db, "SELECT x FROM unnest($1::text[]) AS x")
			bad := echo(db, "SELECT (1 / (length(x) - 1))::text FROM unnest($1::text[]) AS x")
			wrong := echo(db, "SELECT nothing FROM unnest($1::text[]) AS x")
			after := echo(db, "SELECT x || '!' FROM unnest($1::text[]) AS x")
			for range 3 {
				g, w, b, a, g2 := good.Begin("one"), wrong.Begin("x"), bad.Begin("x"), after.Begin("three"), good.Begin("twö")
				for _, x := range []struct {
					asked *postgres.Asked[string, string]
					want  string
					code  string
				}{{g, "one", ""}, {w, "", "42703"}, {b, "", "22012"}, {a, "three!", ""}, {g2, "twö", ""}} {
					if is, err := x.asked.Wait(t.Context()); is != x.want || postgres.Code(err) != x.code {
						t.Errorf("%q, %v, want %q, %q", is, err, x.want, x.code)
					}
				}
			}
		})
	}
}

// Where the connection is cut, what may be asked again is, and the rest fails.
func TestPipelineIsCut(t *testing.T) {
	address := server.Database(t)
	db, other := open(t, address), open(t, address)
	const sql = "SELECT x FROM unnest($1::text[]) AS x"
	again, once := echo(db, sql).Repeatable(), echo(db, sql)
	for range 3 {
		if is, err := again.Ask(t.Context(), "x"); is != "x" || err != nil {
			t.Fatal(is, err)
		}
		if _, err := other.Pool().Exec(t.Context(), "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"); err != nil {
			t.Fatal(err)
		}
		o := once.Begin("once")
		if is, err := again.Ask(t.Context(), "again"); is != "again" || err != nil {
			t.Errorf("%q, %v", is, err)
		}
		if is, err := o.Wait(t.Context()); !postgres.Lost(err) {
			t.Errorf("%q, %v", is, err)
		}
	}
}

// Arrays reach the database as they are.
func TestArrays(t *testing.T) {
	db := open(t, server.Database(t))
	for _, all := range [][]string{nil, {""}, {"a", "", "{\"\\, NULL}", "NULL", string(bytes.Repeat([]byte("long "), 1000))}} {
		var texts, raw []string
		var bytes [][]byte
		for _, s := range all {
			bytes = append(bytes, append([]byte{0, 0xff}, s...))
		}
		b := postgres.NewBatch(db, time.Minute, func([]int) postgres.Statement[int] {
			return postgres.Statement[int]{SQL: "SELECT x, y FROM unnest($1::text[], $2::bytea[]) AS x (x, y)", Params: [][]byte{postgres.Texts(all), postgres.Bytes(bytes)},
				Read: func(rows [][][]byte) ([]int, error) {
					for _, row := range rows {
						texts, raw = append(texts, string(row[0])), append(raw, string(row[1]))
					}
					return []int{len(rows)}, nil
				}}
		})
		n, err := b.Ask(t.Context(), 0)
		if err != nil || n != len(all) || !slices.Equal(texts, all) {
			t.Errorf("%d, %v: %q, want %q", n, err, texts, all)
		}
		for i := range raw {
			if raw[i] != string(bytes[i]) {
				t.Errorf("%d: %q, want %q", i, raw[i], bytes[i])
			}
		}
	}
}
