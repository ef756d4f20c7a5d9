package telegram_test

import (
	"testing"

	"footnote/bot/bottest"
)

// findings are what telegram-bot-api v5.5.1 does wrong.
var findings = []bottest.Finding{
	{ID: "T1", What: "the token is in every transport error", Here: "client.do makes errors of its own and scrubs their texts", Tests: []string{"TestTokenNeverLeaks", "TestPrintingHidesToken", "TestRefusals"}},
	{ID: "T2", What: "GetUpdatesChan cannot be stopped, panics at the second stop, and hot-loops", Here: "a poller of our own under a context", Tests: []string{"TestStopsAtOnce", "TestServerWithoutLongPolling", "TestContract"}},
	{ID: "T3", What: "updates are confirmed before they are processed, and the last batch never", Here: "the offset moves after hand-over, is stored, and is confirmed at the end", Tests: []string{"TestAcknowledgedAfterHandOver", "TestOffsetSurvivesRestart", "TestNotAccepted"}},
	{ID: "T4", What: "no handling of 429; UploadFiles loses the error code", Here: "RetryError and a pace; the code of a refused upload is read from the answer", Tests: []string{"TestRefusals", "TestFileRefusals", "TestPaceAfterTooMany", "TestServerWithoutLongPolling"}},
	{ID: "T5", What: "errors.As finds only *tgbotapi.Error", Here: "client.do is the only place that looks for it", Tests: []string{"TestRefusals"}},
	{ID: "T6", What: "the HTTP status is ignored and the body is unlimited", Here: "doer reads both", Tests: []string{"TestTransientFaults", "TestEndlessAnswer", "TestRefusals"}},
	{ID: "T7", What: "Send fails on calls that return true though they worked", Here: "MakeRequest, and the result of a call that worked is not decoded", Tests: []string{"TestRefusals", "TestButtonsAreAcknowledged"}},
	{ID: "T8", What: "NewBotAPI has no timeout and calls getMe", Here: "the struct is built, and getMe is retried by the poller", Tests: []string{"TestTransientFaults", "TestContract"}},
	{ID: "T9", What: "a client timeout below the poll's makes each poll an error", Here: "the deadline is the poll's timeout and pollSlack, in poll", Tests: []string{"TestPollOutlastsTheServer"}},
	{ID: "T10", What: "one undecodable update blocks the queue for ever", Here: "each update is decoded alone", Tests: []string{"TestPoisonedUpdates", "FuzzConvert"}},
	{ID: "T11", What: "no context", Here: "doer (library.go) gives each call one", Tests: []string{"TestContract", "TestStuckCallDelaysNobody"}},
	{ID: "T12", What: "UploadFiles leaks its writer", Here: "doer reads the form to its end before it sends it; goleak watches all tests", Tests: []string{"TestFile", "TestFileRefusals"}},
	{ID: "T13", What: "FromChat panics for buttons of inline messages", Here: "convert reads structs of its own", Tests: []string{"TestButtonsAreAcknowledged", "TestConvert"}},
	{ID: "T14", What: "commands for other bots and look-alike names are taken", Here: "names are compared whole, and only where an entity marks them", Tests: []string{"TestConvert"}},
	{ID: "T15", What: "entities are used as byte offsets", Here: "utf16Span", Tests: []string{"TestUTF16Span", "TestConvert", "FuzzEntities", "TestPoisonedUpdates"}},
	{ID: "T16", What: "EscapeText leaves holes", Here: "HTML with an escaper of our own", Tests: []string{"TestEscapeRoundTrip", "TestRender", "FuzzRender"}},
	{ID: "T17", What: "ListenForWebhook is unsafe", Here: "a handler of our own that is mounted where the program listens, with a secret, bounds and its own decoding", Tests: []string{"TestWebhookRefusesOthers", "TestWebhookIsFull", "FuzzWebhook"}},
	{ID: "T18", What: "the package-wide logger prints tokens and texts", Here: "QuietLibrary (library.go) routes and redacts it; Debug is never set", Tests: []string{"TestLibraryLogIsQuiet"}},
}

func TestFindings(t *testing.T) { bottest.CheckFindings(t, findings, ".") }
