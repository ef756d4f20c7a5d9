package telegram

import (
	"net/http"
	"time"
)

// WithClock returns c with another clock.
func WithClock(c Config, clock Clock) Config {
	c.test.clock = clock
	return c
}

// WithTransport returns c with another way to make calls.
func WithTransport(c Config, calls http.RoundTripper) Config {
	c.test.calls = calls
	return c
}

// WithWebhookTimes returns c with other times for its webhook: how long an update waits for
// its answer, and how often Telegram is asked how it is.
func WithWebhookTimes(c Config, ack, look time.Duration) Config {
	c.test.ackWithin, c.test.lookEvery = ack, look
	return c
}

// WithAcceptWithin returns c with another time that an update waits for room in the queue.
func WithAcceptWithin(c Config, d time.Duration) Config {
	c.test.accepts = d
	return c
}

// WithSettle returns c with another time that a poller waits for replies.
func WithSettle(c Config, d time.Duration) Config {
	c.test.settle = d
	return c
}

// WithPressWait returns c with another time that a pressed button waits for a notice.
func WithPressWait(c Config, d time.Duration) Config {
	c.test.press = d
	return c
}

// WebhookURL is where a's webhook is.
func (a *Adapter) WebhookURL() string { return a.webhook.url.Reveal() }
