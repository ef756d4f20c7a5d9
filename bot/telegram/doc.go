// Package telegram connects Footnote to Telegram through the Bot API: a poller
// of its own, a pure conversion of updates to messages, a pure rendering of
// replies to Telegram's HTML, and sending with typed errors. It knows neither
// packs nor matching, no other platform, and nothing of what a conversation
// means; the token it holds appears in no error and no log line.
//
// The library (telegram-bot-api v5.5.1) is used for making requests and for its
// menu types only. Its poller, command parsing, escaping and client are replaced,
// for the reasons that platforms.md numbers T1 to T18; findings_test.go
// names the test that holds each of them.
//
// A message's way: poller.go fetches and acknowledges, wire.go decodes,
// convert.go makes a bot.Message, the bot answers through Adapter.Send (send.go),
// which renders (render.go), keeps the pace (pace.go) and calls (client.go).
package telegram
