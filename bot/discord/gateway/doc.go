// Package gateway keeps a connection to Discord's gateway through discordgo v0.29.0,
// behind one door: [Gateway.Run] calls a function for each event, in order, until its
// context ends or Discord refuses the bot for good.
//
// discordgo is used for what it does well: it opens the websocket, says who the bot
// is (Identify) and sends heartbeats. All else is done here, because the library
// would hang, end the process, lose events or spend the bot's sessions; the findings
// in bot/discord/findings_test.go say how, one by one. The way in:
//
//   - gateway.go decides when to connect, resume, start anew or give up;
//   - library.go makes a session of discordgo for one connection and opens it. It is
//     the only file here that knows the library;
//   - dial.go makes the connection under it;
//   - conn.go stands between the library and that connection, reads each frame first,
//     and hands the events to us;
//   - session.go keeps the session from one start of the program to the next.
//
// The package knows nothing of messages, commands and replies.
package gateway
