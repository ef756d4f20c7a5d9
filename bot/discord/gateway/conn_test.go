package gateway

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// feed gives a conn what a server sends, and returns what the library would read.
func feed(t *testing.T, sent []byte) (got []byte, taken []string, err error) {
	t.Helper()
	c := newConn(&played{sent: bytes.NewReader(sent)}, DefaultTiming(), time.Now)
	c.event = func(typ string, _ int64, d json.RawMessage) { taken = append(taken, typ+" "+string(d)) }
	got, err = io.ReadAll(c)
	c.kill(io.EOF)
	return got, taken, err
}

// A played is a connection over which everything has come already. Fuzzing would run
// out of real ones.
type played struct {
	net.Conn
	sent *bytes.Reader
}

func (c *played) Read(p []byte) (int, error)      { return c.sent.Read(p) }
func (c *played) Write(p []byte) (int, error)     { return len(p), nil }
func (c *played) SetReadDeadline(time.Time) error { return nil }
func (c *played) Close() error                    { return nil }

// pair is a connection. Not net.Pipe: once its other end is closed it takes no
// deadline any more, and the conn sets one before it looks at what has arrived
// already.
func pair(t *testing.T) (client, server net.Conn) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if client, err = net.Dial("tcp", l.Addr().String()); err != nil {
		t.Fatal(err)
	}
	if server, err = l.Accept(); err != nil {
		t.Fatal(err)
	}
	return client, server
}

const upgraded = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n"

func text1(s string) string { return string(serverFrame(frameText, []byte(s))) }

// The library gets what keeps a connection, and of events that they came.
func TestConnDividesWhatComes(t *testing.T) {
	t.Parallel()
	hello := `{"op":10,"d":{"heartbeat_interval":41250}}`
	ready := `{"op":0,"t":"READY","s":1,"d":{}}`
	create, press := `{"op":0,"t":"MESSAGE_CREATE","s":2,"d":{}}`, `{"t":"INTERACTION_CREATE","s":3,"op":0,"d":[1]}`
	big := `{"op":0,"t":"MESSAGE_CREATE","s":7,"d":"` + strings.Repeat("x", 70000) + `"}`
	seen := func(s int) string { return text1(fmt.Sprintf(`{"op":0,"s":%d}`, s)) }
	fragmented := "\x01\x05" + create[:5] + "\x89\x01p" + "\x80" + string(rune(len(create)-5)) + create[5:]
	for name, c := range map[string]struct {
		sent, want string
		taken      []string
	}{
		"events":      {text1(hello) + text1(ready) + text1(create) + text1(press), text1(hello) + text1(ready) + seen(2) + seen(3), []string{"READY {}", "MESSAGE_CREATE {}", "INTERACTION_CREATE [1]"}},
		"large ones":  {text1(hello) + text1(big), text1(hello) + seen(7), []string{`MESSAGE_CREATE "` + strings.Repeat("x", 70000) + `"`}},
		"others":      {text1(hello) + text1(`{"op":0,"t":"TYPING_START","s":1,"d":{}}`) + text1(`{"op":11}`) + text1(create), text1(hello) + seen(1) + text1(`{"op":11}`) + seen(2), []string{"TYPING_START {}", "MESSAGE_CREATE {}"}},
		"fragments":   {text1(hello) + fragmented, text1(hello) + "\x89\x01p" + seen(2), []string{"MESSAGE_CREATE {}"}},
		"before that": {text1(`{"op":11}`) + text1(`{"op":1}`) + text1(hello), text1(hello), nil},
		"too early":   {text1(create), "", nil},
	} {
		got, taken, err := feed(t, []byte(upgraded+c.sent))
		if string(got) != upgraded+c.want || !slices.Equal(taken, c.taken) {
			t.Errorf("%s: %.300q and %.300q, want %.300q and %.300q (%v)", name, got, taken, c.want, c.taken, err)
		}
	}
}

func TestConnEnds(t *testing.T) {
	t.Parallel()
	closing := string(serverFrame(frameClose, websocket.FormatCloseMessage(4004, "no")))
	for name, c := range map[string]struct {
		sent string
		is   func(error) bool
	}{
		"close": {closing, func(err error) bool {
			var e *closedError
			return errors.As(err, &e) && e.code == 4004 && e.reason == "no"
		}},
		"empty close": {"\x88\x00", func(err error) bool { var e *closedError; return errors.As(err, &e) && e.code == 1005 }},
		"Op 7":        {text1(`{"op":7}`), func(err error) bool { return err == errReconnect }},
		"Op 9":        {text1(`{"op":9,"d": true }`), func(err error) bool { var e *invalidSession; return errors.As(err, &e) && e.resumable }},
		"masked":      {"\x81\x80\x00\x00\x00\x00", func(err error) bool { return err != nil && !errors.Is(err, io.EOF) }},
		"huge size":   {"\x81\x7f\xff\xff\xff\xff\xff\xff\xff\xff", func(err error) bool { return strings.Contains(err.Error(), "more than") }},
		"cut":         {"\x81\x7e", func(err error) bool { return errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) }},
	} {
		client, server := pair(t)
		g := newConn(client, DefaultTiming(), time.Now)
		g.event = func(string, int64, json.RawMessage) {}
		go func() {
			_, _ = server.Write([]byte(upgraded + c.sent))
			server.Close()
		}()
		_, _ = io.Copy(io.Discard, g)
		if err := g.cause(); err == nil || !c.is(err) {
			t.Errorf("%s: ended with %v", name, err)
		}
		if n, err := g.Write([]byte("\x88\x00")); n != 2 || err != nil {
			t.Errorf("%s: a write after the end: %d, %v; it must look as if it succeeded ", name, n, err)
		}
	}
}

// What a hostile server sends without end is not kept, and not read for ever.
func TestConnIsNotFlooded(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		sent, want string
	}{
		"header lines": {"HTTP/1.1 101 Switching Protocols\r\n" + strings.Repeat("X-Filler: "+strings.Repeat("x", 90)+"\r\n", 10_000), "an answer to the upgrade of more than"},
		"empty pieces": {upgraded + "\x01\x00" + strings.Repeat("\x00\x00", 1_000_000), "pieces"},
	} {
		sent := &played{sent: bytes.NewReader([]byte(c.sent))}
		conn := newConn(sent, DefaultTiming(), time.Now)
		conn.event = func(string, int64, json.RawMessage) {}
		n, err := io.Copy(io.Discard, conn)
		if err == nil || !strings.Contains(err.Error(), c.want) || n > maxHead || sent.sent.Len() == 0 {
			t.Errorf("%s: %d bytes passed, %d left, %v", name, n, sent.sent.Len(), err)
		}
	}
}

func FuzzConn(f *testing.F) {
	f.Add([]byte(upgraded + text1(`{"op":10,"d":{"heartbeat_interval":41250}}`) + text1(`{"op":0,"t":"READY","d":{}}`)))
	f.Add([]byte(upgraded + "\x81\x7f\xff\xff\xff\xff\xff\xff\xff\xff"))
	f.Add([]byte(upgraded + "\x01\x00\x80\x00\x88\x02\x0f\xa4"))
	f.Add([]byte("HTTP/1.1 404 Not Found\r\n\r\n"))
	f.Fuzz(func(t *testing.T, sent []byte) {
		if got, _, _ := feed(t, sent); len(got) > len(sent)+100 {
			t.Errorf("%d bytes became %d", len(sent), len(got))
		}
	})
}
