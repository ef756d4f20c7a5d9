package dialog_test

import (
	"flag"
	"testing"

	"go.uber.org/goleak"

	"footnote/bot/discord/discordtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m, discordtest.Leaks()...) }

var update = flag.Bool("update", false, "rewrite the golden files")

const founded = "when was the library founded?"
