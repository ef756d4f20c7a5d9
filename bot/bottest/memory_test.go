package bottest_test

import (
	"testing"

	"footnote/bot/bottest"
)

func TestMemory(t *testing.T) { bottest.RunAdapterTests(t, bottest.MemoryHarness()) }
