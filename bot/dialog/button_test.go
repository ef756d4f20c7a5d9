package dialog

import (
	"footnote/bot"
	"strings"
	"testing"
)

func TestActionRoundTrip(t *testing.T) {
	longest := strings.Repeat("a", maxFactID)
	owner := ownerOf("discord", "123456789012345678")
	for _, a := range []action{
		{verb: doChoose, fact: longest, owner: owner}, {verb: doFact, fact: longest}, {verb: doSource, fact: "secret-speech"}, {verb: doSource, fact: longest, arg: "csl-json"},
		{verb: doDetail, fact: "x"}, {verb: doRelated, fact: "a-1"}, {verb: doWhy, fact: longest}, {verb: doWhy},
		{verb: doTurn, list: listTopics, page: 2}, {verb: doTurn, list: listTopic, page: 99, arg: "de-stalinisation"},
		{verb: doTurn, list: listSearch, page: 1, arg: "хрущев: 1956"}, {verb: doTurn, list: listSources, page: 3, arg: longest},
		{verb: doSet, list: settingLanguage, arg: "de"}, {verb: doSet, list: settingLanguage, arg: langAuto}, {verb: doSet, list: settingQuestions, arg: wordOn},
	} {
		s := a.String()
		if s == "" || len(s) > bot.MaxAction {
			t.Errorf("%+v is written as %q, %d bytes", a, s, len(s))
			continue
		}
		if b, err := parseAction(s); err != nil || b != a {
			t.Errorf("%+v is written as %q and read as %+v, %v", a, s, b, err)
		}
	}
}

// What does not fit a button has no action, rather than one that is cut.
func TestActionThatDoesNotFit(t *testing.T) {
	for _, a := range []action{
		{}, {verb: doFact}, {verb: doFact, fact: "Not-An-Id"}, {verb: doChoose, fact: "x"}, {verb: 'q', fact: "x"}, {verb: doSource, fact: "x", arg: "pdf"},
		{verb: doTurn, list: listTopics, page: 0}, {verb: doTurn, list: listTopics, page: maxPage + 1}, {verb: doTurn, list: 'q', page: 1},
		{verb: doTurn, list: listSearch, page: 1, arg: strings.Repeat("ж", 40)}, {verb: doTurn, list: listSearch, page: 1, arg: "\x07"},
		{verb: doTurn, list: listTopics, page: 1, arg: "x"},
		{verb: doSet, list: settingQuestions, arg: "perhaps"}, {verb: doSet, list: settingLanguage}, {verb: doSet, list: 'z', arg: wordOn},
	} {
		if s := a.String(); s != "" {
			t.Errorf("%+v is written as %q", a, s)
		}
	}
}

func TestOwners(t *testing.T) {
	if ownerOf("discord", "1") == ownerOf("discord", "2") || ownerOf("discord", "1") == ownerOf("telegram", "1") {
		t.Error("two people have one name")
	}
	if n := len(ownerOf("telegram", "")); n != ownerLen {
		t.Errorf("an owner has %d bytes", n)
	}
}

func FuzzAction(f *testing.F) {
	for _, s := range []string{"1f:a", "1sris:a", "1caaaaaa:a", "1lt:1:", "1ls:2:x y", "1w:", "1e:l:de", "1e:q:off", "", "1", "2f:a"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		a, err := parseAction(s)
		if err == nil && a.String() != s {
			t.Errorf("%q is read as %+v and written as %q", s, a, a.String())
		}
	})
}
