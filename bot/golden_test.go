package bot_test

import (
	"flag"
	"path/filepath"
	"testing"

	"footnote/bot/bottest"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// golden compares got with a file of testdata, or rewrites it with -update.
func golden(t *testing.T, name, got string) {
	t.Helper()
	bottest.Golden(t, filepath.Join("testdata", name), got, *update)
}
