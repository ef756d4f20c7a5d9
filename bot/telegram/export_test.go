package telegram

import "net/http"

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
