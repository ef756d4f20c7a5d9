package dialog_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"

	"footnote/bot/bottest"
	"footnote/knowledge"
	"footnote/knowledge/edtf"
)

// A long history has pages, and each says which version a change is of.
func TestLongHistory(t *testing.T) {
	pack := *bottest.Library(t).Packs[0]
	pack.History = nil
	for v := range 3 {
		x := knowledge.Release{Version: fmt.Sprintf("1.%d.0", v), Date: edtf.Date(fmt.Sprintf("202%d", v))}
		for i := range 9 {
			x.Changes = append(x.Changes, knowledge.Change{Fact: fmt.Sprintf("fact-%d-%d", v, i), Kind: knowledge.Corrected})
		}
		pack.History = append(pack.History, x)
	}
	synctest.Test(t, func(t *testing.T) {
		s := bottest.Start(t, bottest.Config{Answerer: bottest.Scripted(&knowledge.Base{Packs: []*knowledge.Pack{&pack}})})
		s.Say(t, bottest.Said{Who: "ann", How: bottest.Command, Command: "corrections"})
		first := s.Texts()[0]
		if strings.Count(first, "fact-") != 12 || strings.Index(first, "1.2.0") > strings.Index(first, "1.1.0") || strings.Contains(first, "1.0.0") || !strings.Contains(first, "Page 1 of 3") {
			t.Errorf("the first page: %s", first)
		}
		for page := 2; page <= 3; page++ {
			all, _ := s.WaitShown(t.Context(), 0)
			s.Press(t, "ann", all[len(all)-1], "Next page")
			s.Texts()
		}
		all, _ := s.WaitShown(t.Context(), 0)
		last := all[len(all)-1]
		if strings.Count(last.Text, "fact-0-") != 3 || !strings.Contains(last.Text, "library 1.0.0 · 2020") || !strings.Contains(last.Text, "Page 3 of 3") {
			t.Errorf("the last page: %s", last.Text)
		}
	})
}
