package gateway

import (
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"

	"github.com/bwmarrin/discordgo"
	"github.com/gorilla/websocket"
)

// intents are what the bot listens to: no privileged one. Discord sends the text of
// direct messages, of messages that mention the bot and of replies to it without the
// privilege.
const intents = discordgo.IntentGuildMessages | discordgo.IntentDirectMessages

// silent is below discordgo's lowest level. At any level it may print what people
// wrote, and from LogInformational on the token.
const silent = -1

// An opener opens a session of the library on its connection.
type opener func(*discordgo.Session) error

func openSession(s *discordgo.Session) error { return s.Open() }

// newSession makes a session of discordgo that does as little as possible, for one
// connection to target. The connection is given to opened when it is made, and ctx
// bounds making it.
//
// Each connection gets a session of its own. After its end the library's reader
// closes it, which takes a second in which the library sleeps; it holds nothing of
// ours then, and nobody waits for it.
func (g *Gateway) newSession(ctx context.Context, target *url.URL, opened func(*conn)) *discordgo.Session {
	s, _ := discordgo.New("Bot " + g.c.Token.Reveal()) // never fails: it fills a struct
	s.LogLevel = silent
	s.ShouldReconnectOnError = false // it would go on after Close and after a refused token
	s.ShouldReconnectVoiceOnSessionError = false
	s.StateEnabled = false // it has data races, and nothing here needs it
	s.SyncEvents = true    // else a goroutine for each event, in any order
	s.Compress = false     // what is inflated has no limit
	s.Identify.Compress = false
	s.Identify.Intents = intents
	if g.c.Shards > 1 {
		s.Identify.Shard = &[2]int{g.c.Shard, g.c.Shards}
	}
	s.Client = &http.Client{Transport: gatewayAnswer{target}}
	dial := func(ctx2 context.Context, addr, serverName string) (net.Conn, error) {
		ctx2, cancel := context.WithCancel(ctx2)
		defer cancel()
		defer context.AfterFunc(ctx, cancel)()
		raw, err := dial(ctx2, addr, serverName, g.t.Hello)
		if err != nil {
			return nil, err
		}
		if ctx.Err() != nil {
			raw.Close()
			return nil, ctx.Err()
		}
		c := g.newConn(raw)
		opened(c)
		return c, nil
	}
	s.Dialer = &websocket.Dialer{
		HandshakeTimeout: g.t.Open,
		Proxy:            func(req *http.Request) (*url.URL, error) { return redirect(req, target) },
		NetDialContext:   func(ctx context.Context, _, addr string) (net.Conn, error) { return dial(ctx, addr, "") },
		NetDialTLSContext: func(ctx context.Context, _, addr string) (net.Conn, error) {
			host, _, err := net.SplitHostPort(addr)
			if err != nil {
				return nil, err
			}
			return dial(ctx, addr, host)
		},
	}
	return s
}

// A gatewayAnswer answers the one call that a session makes by itself, for the
// gateway's address, without leaving the process.
type gatewayAnswer struct{ target *url.URL }

func (t gatewayAnswer) RoundTrip(req *http.Request) (*http.Response, error) {
	target := *t.target
	target.RawQuery = ""
	body, _ := json.Marshal(map[string]string{"url": target.String()})
	return &http.Response{
		StatusCode: http.StatusOK, Status: "200 OK", Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{}, Body: io.NopCloser(strings.NewReader(string(body))), Request: req,
	}, nil
}
