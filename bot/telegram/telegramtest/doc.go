// Package telegramtest is a Bot API server for tests, on the loopback interface
// only. It behaves as Telegram's own where a bot can tell: a real long poll, one
// poller at a time, updates confirmed by offset and repeated until then, chats
// that move, close and refuse, HTML parsed as Telegram parses it, and its limits.
//
// It also judges. What the server of Telegram would refuse, and a few things it
// would take but a careful bot never sends (a live @handle, a link preview), fail
// the test, unless Options.Lenient is set.
//
// Faults are queued per method with Fail and apply to the next calls in order;
// see fault.go for the kinds. Options.Peer imitates the quirks of other people's
// test servers. Nothing here sleeps: everything waits on conditions.
//
// It knows nothing of Footnote.
package telegramtest
