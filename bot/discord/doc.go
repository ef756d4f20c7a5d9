// Package discord connects the bot to Discord through discordgo v0.29.0.
//
// It turns gateway events into bot.Message and bot.Reply into messages, interaction
// answers and edits. It knows nothing of facts, packs or matching, and never decides
// what is said, save two short sentences that only the adapter can say (busy, and
// nothing to show).
//
// One message, from the wire to the reply:
//
//   - sharding.go keeps as many connections as there are shards of this process, shard.go one
//     of them, through package gateway, which hands each event to receiver.event (receiver.go);
//     interactions may come over HTTP instead (hook.go);
//   - payload.go decodes it, and convert.go makes a bot.Message;
//   - inbox.go keeps the message until the bot accepts it;
//   - the bot answers through Adapter.Send (send.go), which renders (render.go, escape.go)
//     and posts it through package rest;
//   - interaction.go keeps the three seconds that Discord gives for an answer to a
//     command or a button.
//
// discordgo is used for what it does well: the websocket, Identify and heartbeats in
// package gateway, and the HTTP request in package rest. findings_test.go lists what it does
// wrong, what is done about each, and the tests that hold it.
package discord
