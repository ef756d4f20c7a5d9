package clustertest

import (
	"testing"

	"footnote/bot/cluster"
)

func TestState(t *testing.T) {
	RunTable(t, func(*testing.T) func() cluster.Table {
		s := New(0)
		return func() cluster.Table { return &link{State: s} }
	})
}
