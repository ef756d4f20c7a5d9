package discord

import (
	"testing"

	"footnote/bot/bottest"
)

// findings are what discordgo v0.29.0 does wrong: D with its gateway and its events, R
// with its calls of the REST API.
//
// What could not be tried without Discord: that its clients read the escapes as
// discordtest.Read does; how it counts the 2,000 characters (UTF-16 units are assumed,
// the most cautious reading); whether a private message after a withdrawn announcement
// stays private (Discord's developers say that it may be sent, and other bots do it so);
// HTTPS_PROXY before the gateway.
var findings = []bottest.Finding{
	{ID: "D1", What: "an unknown component empties the event, and the process dies", Here: "gateway/conn.go hands events to us and gives the library a token with their number; payload.go reads the raw event into structs of our own", Tests: []string{"TestUnknownComponents", "TestConvertMessage", "FuzzConvert"}},
	{ID: "D2", What: "the same for interactions and their resolved messages", Here: "payload.go", Tests: []string{"TestUnknownComponents", "TestConvertInteraction"}},
	{ID: "D3", What: "there is no recover around handlers", Here: "Gateway.handle and platform.Background", Tests: []string{"TestHandlerPanic", "TestCompletes"}},
	{ID: "D4", What: "option values of another type panic", Here: "valueText in convert.go", Tests: []string{"TestConvertInteraction"}},
	{ID: "D5", What: "an interaction's member or user is nil", Here: "convert.go looks at both", Tests: []string{"TestConvertInteraction"}},
	{ID: "D6", What: "VerifyInteraction is unsafe", Here: "it is not used: hook.go verifies by itself", Tests: []string{"TestHookRefuses", "TestPublicKey", "FuzzHook"}},
	{ID: "D7", What: "Open waits for ever", Here: "gateway/conn.go sets deadlines, Gateway.connect a limit", Tests: []string{"TestNeverHello", "TestNeverReady", "TestHungLibrary"}},
	{ID: "D8", What: "Op 7 or Op 11 as the first packet deadlocks Open", Here: "neither reaches the library; one that hangs all the same is left behind", Tests: []string{"TestOpFirst", "TestHungLibrary"}},
	{ID: "D9", What: "Close does not end reconnection", Here: "the library never reconnects", Tests: []string{"TestEndIsFinal"}},
	{ID: "D10", What: "fatal close codes are retried for ever", Here: "Gateway.judge", Tests: []string{"TestFatalCloseCodes", "TestRefusedToken"}},
	{ID: "D11", What: "flapping spends the Identifies until the token is reset", Here: "Gateway.keepConnected waits longer and longer, and gateway/budget.go counts", Tests: []string{"TestFlapping", "TestIdentifyBudget", "TestSessionStartLimit"}},
	{ID: "D12", What: "a missing acknowledgement is found after five intervals", Here: "gateway/conn.go finds it at the next heartbeat", Tests: []string{"TestMissingAck", "TestHalfOpen"}},
	{ID: "D13", What: "every close by the library has code 1000 and ends the session", Here: "gateway/conn.go swallows what is written after a failure", Tests: []string{"TestReconnectRequest", "TestResume", "TestConnEnds"}},
	{ID: "D14", What: "resume_gateway_url is not used", Here: "redirect in gateway/dial.go", Tests: []string{"TestReconnectRequest"}},
	{ID: "D15", What: "Op 9 is answered with Identify at once, whatever it says", Here: "gateway/conn.go keeps it, Gateway.judge decides", Tests: []string{"TestInvalidSession", "TestForgottenSession"}},
	{ID: "D16", What: "after Close, Open resumes the session it ended", Here: "each connection gets a new session of the library's; Discord's is resumed by us", Tests: []string{"TestEndIsFinal", "TestRestartLosesNothing"}},
	{ID: "D17", What: "a handler that locks the session deadlocks", Here: "nothing outside gateway/library.go has the session; sending uses another one", Untested: "every test passes through it, and the time limit of Gateway.connect would show it"},
	{ID: "D18", What: "a slow handler costs the connection", Here: "inbox.go; gateway/conn.go counts no silence while nobody reads", Tests: []string{"TestSlowBotKeepsConnection", "TestBusy"}},
	{ID: "D19", What: "a goroutine for each event, in any order", Here: "events come from the conn in order, and wait in one inbox", Tests: []string{"TestContract"}},
	{ID: "D20", What: "races on State.User and on the times of heartbeats", Here: "neither is read; the bot's id is taken from the raw READY into an atomic", Tests: []string{"TestCalled"}},
	{ID: "D21", What: "Close sleeps for a second under the session's lock", Here: "nobody waits for it: what it closes is used by no other connection (gateway/library.go)", Tests: []string{"TestReconnectsAtOnce"}},
	{ID: "D22", What: "no limit on frames or on what is inflated", Here: "gateway/conn.go: 4 MB, compressed frames refused, compression not asked for", Tests: []string{"TestPoisonedPackets"}},

	{ID: "R1", What: "all edits of all people share one bucket", Here: "rest/client.go: a throw-away bucket per call; rest/limits.go counts per channel", Tests: []string{"TestAnswersAtTheSameTime"}},
	{ID: "R2", What: "and so do further answers to interactions", Here: "the same", Tests: []string{"TestAnswersAtTheSameTime"}},
	{ID: "R3", What: "the map of buckets never shrinks", Here: "rest/limits.go and interaction.go are bounded", Tests: []string{"TestBoundedMemory"}},
	{ID: "R4", What: "the context is ignored while waiting", Here: "limits.acquire in rest/limits.go", Tests: []string{"TestWaitsForTheRoute"}},
	{ID: "R5", What: "a 429 is retried without end", Here: "that is off; the bot gets a RetryError", Tests: []string{"TestRateLimits", "TestRefusals"}},
	{ID: "R6", What: "the global 429 is ignored", Here: "classify in rest/errors.go, limits.block in rest/limits.go", Tests: []string{"TestRateLimits"}},
	{ID: "R7", What: "a 502 is retried at once, POST too, so answers double", Here: "that is off; messages carry an enforced nonce", Tests: []string{"TestPostedOnce", "TestAnswerLost", "TestRefusals"}},
	{ID: "R8", What: "a 429 of HTML is not understood", Here: "classify in rest/errors.go", Tests: []string{"TestRateLimits"}},
	{ID: "R9", What: "a call that succeeded fails over its answer", Here: "nothing of the answer is decoded; odd headers are taken away", Tests: []string{"TestOddHeaders"}},
	{ID: "R10", What: "errors hold the bot's token or an interaction's", Here: "rest.NotMade scrubs them; the library's log is off", Tests: []string{"TestNoSecretInErrors", "TestContract"}},
}

func TestFindings(t *testing.T) { bottest.CheckFindings(t, findings, ".", "gateway", "rest") }
