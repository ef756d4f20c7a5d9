package telegram_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// findings are T1 to T18 of platforms.md: what the library does wrong, what this
// package does about it, and which tests hold that.
var findings = []struct {
	id, what, here string
	tests          []string
}{
	{"T1", "the token is in every transport error", "client.do makes errors of its own and scrubs their texts", []string{"TestTokenNeverLeaks", "TestPrintingHidesToken", "TestRefusals"}},
	{"T2", "GetUpdatesChan cannot be stopped, panics at the second stop, and hot-loops", "a poller of our own under a context", []string{"TestStopsAtOnce", "TestServerWithoutLongPolling", "TestContract"}},
	{"T3", "updates are confirmed before they are processed, and the last batch never", "the offset moves after hand-over, is stored, and is confirmed at the end", []string{"TestAcknowledgedAfterHandOver", "TestOffsetSurvivesRestart", "TestNotAccepted"}},
	{"T4", "no handling of 429; UploadFiles loses the error code", "RetryError and a pace; the code of a refused upload is read from the answer", []string{"TestRefusals", "TestFileRefusals", "TestPaceAfterTooMany", "TestServerWithoutLongPolling"}},
	{"T5", "errors.As finds only *tgbotapi.Error", "client.do is the only place that looks for it", []string{"TestRefusals"}},
	{"T6", "the HTTP status is ignored and the body is unlimited", "doer reads both", []string{"TestTransientFaults", "TestEndlessAnswer", "TestRefusals"}},
	{"T7", "Send fails on calls that return true though they worked", "MakeRequest, and the result of a call that worked is not decoded", []string{"TestRefusals", "TestButtonsAreAcknowledged"}},
	{"T8", "NewBotAPI has no timeout and calls getMe", "the struct is built, and getMe is retried by the poller", []string{"TestTransientFaults", "TestContract"}},
	{"T9", "a client timeout below the poll's makes each poll an error", "the deadline is the poll's timeout and pollSlack, in poll", []string{"TestPollOutlastsTheServer"}},
	{"T10", "one undecodable update blocks the queue for ever", "each update is decoded alone", []string{"TestPoisonedUpdates", "FuzzConvert"}},
	{"T11", "no context", "doer gives each call one", []string{"TestContract", "TestStuckCallDelaysNobody"}},
	{"T12", "UploadFiles leaks its writer", "doer reads the form to its end before it sends it; goleak watches all tests", []string{"TestFile", "TestFileRefusals"}},
	{"T13", "FromChat panics for buttons of inline messages", "convert reads structs of its own", []string{"TestButtonsAreAcknowledged", "TestConvert"}},
	{"T14", "commands for other bots and look-alike names are taken", "names are compared whole, and only where an entity marks them", []string{"TestConvert"}},
	{"T15", "entities are used as byte offsets", "utf16Span", []string{"TestUTF16Span", "TestConvert", "FuzzEntities", "TestPoisonedUpdates"}},
	{"T16", "EscapeText leaves holes", "HTML with an escaper of our own", []string{"TestEscapeRoundTrip", "TestRender", "FuzzRender"}},
	{"T17", "ListenForWebhook is unsafe", "Footnote polls and has no webhook, so there is nothing to test; one that is set is removed", []string{"TestWebhookIsRemoved"}},
	{"T18", "the package-wide logger prints tokens and texts", "QuietLibrary routes and redacts it; Debug is never set", []string{"TestLibraryLogIsQuiet"}},
}

// Every finding is in the table, and the tests it names are there.
func TestFindings(t *testing.T) {
	files, err := filepath.Glob("*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	have := map[string]bool{}
	for _, name := range files {
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range f.Decls {
			if f, ok := d.(*ast.FuncDecl); ok {
				have[f.Name.Name] = true
			}
		}
	}
	var ids []string
	for _, f := range findings {
		ids = append(ids, f.id)
		if f.here == "" || len(f.tests) == 0 && !strings.Contains(f.here, "nothing to test") {
			t.Errorf("%s has neither a test nor a reason", f.id)
		}
		for _, name := range f.tests {
			if !have[name] {
				t.Errorf("%s names %s, which is not there", f.id, name)
			}
		}
	}
	if want := strings.Fields("T1 T2 T3 T4 T5 T6 T7 T8 T9 T10 T11 T12 T13 T14 T15 T16 T17 T18"); !slices.Equal(ids, want) {
		t.Errorf("the findings are %v, want %v", ids, want)
	}
}
