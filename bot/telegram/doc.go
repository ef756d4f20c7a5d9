// Package telegram connects the bot to Telegram through the Bot API: a poller of its
// own, a pure conversion of updates to messages, a pure rendering of replies to
// Telegram's HTML, and sending with typed errors. It knows neither packs nor matching,
// no other platform, and nothing of what a conversation means; the token it holds
// appears in no error and no log line.
//
// One message, from the wire to the reply:
//
//   - poller.go asks for updates, keeps the place among them (offset.go), and hands each
//     to receiver.handle (receiver.go);
//   - payload.go decodes it, and convert.go makes a bot.Message;
//   - the bot answers through Adapter.Send (send.go), which renders (render.go), keeps the
//     pace (pace.go) and calls (client.go);
//   - callback.go answers pressed buttons, inline.go inline queries, authorizer.go who is
//     an admin.
//
// The library, telegram-bot-api v5.5.1, makes the request and reads its answer, and only
// library.go knows it. Its poller, command parsing, escaping and client are replaced;
// findings_test.go says why, and names the tests that hold it.
package telegram
