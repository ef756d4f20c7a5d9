// Package discordtest is a Discord for tests: its HTTP API and its gateway on
// 127.0.0.1, as far as a bot that answers questions meets them. It speaks the real
// protocol, checks strictly what it is sent, and misbehaves on request.
//
// It knows nothing of the adapter under test. What it was sent wrongly it collects
// as violations; Start reports them as failures of the test.
//
// A test says what people do (DM, Mention, Reply, Command, Press, Complete), waits
// for what they see (WaitSent, WaitChoices), and scripts faults of the API (Fail)
// and of the gateway (Script). Interactions come over the gateway, or over HTTP (PostTo). Nothing in here sleeps: every wait is on a condition.
//
// If the environment names a file in FOOTNOTE_RECORD_DISCORD, every request is
// appended to it as a line of JSON {"method","path","body"}, so that another
// program can hold the requests against Discord's OpenAPI document.
package discordtest
