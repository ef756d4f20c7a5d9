// Package discord connects the bot to Discord through discordgo v0.29.0.
//
// It turns gateway events into bot.Message and bot.Reply into messages,
// interaction answers and edits, and it keeps the connection up. It knows
// nothing of facts, packs or matching, and never decides what is said, save two
// short sentences that only the adapter can say (busy, and nothing to show).
//
// One message, from the wire to the reply: guard.go (what the library may see
// of the gateway) → gateway.go (the event arrives) → convert.go (it becomes a
// bot.Message) → handover.go (it waits for the bot) → send.go (the reply comes
// back) → render.go (it becomes a payload) → rest.go (it is posted).
// interaction.go keeps the three seconds that Discord gives for an answer, and
// session.go the session across a restart.
//
// discordgo is used for what it does well: the websocket, the heartbeat, the
// session and its sequence, the request. Its findings D1–D22 and R1–R10 in
// platforms.md are why the rest is here; FINDINGS.md says where each is met.
package discord
