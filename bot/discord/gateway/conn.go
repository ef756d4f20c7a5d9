package gateway

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"time"

	"footnote/bot/platform"
)

// A conn stands between discordgo and the gateway's connection and reads the
// websocket frames before the library does. What would hang, kill or mislead the
// library becomes an error of Read, which it handles well: it closes. So the conn
// takes away
//
//   - packets that deadlock Open: Op 7 or Op 11 first;
//   - Op 9, which the library answers with an Identify at once;
//   - events: they go to us and not to the library, which would decode them into
//     structs that a component of an unknown type leaves empty. It gets a token
//     instead, which carries the sequence number for its heartbeats;
//   - frames too large, compressed ones, and a Hello that would panic its ticker.
//
// It adds deadlines on each read and write, finds a missing acknowledgement at the
// next heartbeat instead of the fifth, and a connection that beats but brings no
// events. Once it has failed, writes are swallowed: the close frame with code 1000
// that the library would send ends the session and with it the chance to resume.
//
// And it resumes a session. The library can only do so for one that it has seen
// itself, and at the address it knows: a Resume goes out in place of the Identify, and
// the library is told READY again.
type conn struct {
	net.Conn
	t   Timing
	now func() time.Time

	// Used by the reading goroutine only.
	br      *bufio.Reader
	out     []byte // what Read hands out next
	upgrade bool   // the HTTP answer is through; frames follow
	head    int    // bytes of the HTTP answer so far
	pieces  int    // fragments in a row of the message so far
	passed  int    // packets the library got, Hello included
	message []byte // a fragmented message so far

	valid      func() bool                                    // whether it is still ours
	login      func(resumes bool)                             // called when an Identify or a Resume goes out
	event      func(typ string, seq int64, d json.RawMessage) // called with each event
	resume     []byte                                         // a Resume that goes out in place of an Identify, if not nil,
	readyAgain []byte                                         // and the READY that the library is told then

	ended    chan struct{} // closed when the connection has ended
	handling sync.Mutex    // held while an event is handled

	mu       sync.Mutex
	pretend  []byte        // what the library reads next, whatever Discord says
	reading  bool          // blocked in the connection
	closing  bool          // the close frame went out
	dead     error         // why it ended
	interval time.Duration // of the heartbeat; 0 before Hello
	ready    bool          // READY or RESUMED has come
	beat     time.Time     // when a heartbeat went out that is not acknowledged yet
	heard    time.Time     // when the last event came
}

func newConn(c net.Conn, t Timing, now func() time.Time) *conn {
	return &conn{Conn: c, t: t, now: now, br: bufio.NewReaderSize(c, 16<<10), ended: make(chan struct{}), heard: now(), valid: func() bool { return true }}
}

// Why a connection ended.
var (
	errReconnect = errors.New("a new connection was asked for")
	errZombie    = errors.New("a heartbeat was not acknowledged")
	errDeaf      = errors.New("no event for a long time")
	errEnded     = errors.New("the connection was ended")
	errNotOurs   = errors.New("the connection is another process's by now")
)

// A closedError is a close frame.
type closedError struct {
	code   int
	reason string
}

func (e *closedError) Error() string {
	return fmt.Sprintf("closed by Discord with code %d (%s)", e.code, e.reason)
}

// An invalidSession is Op 9.
type invalidSession struct{ resumable bool }

func (e *invalidSession) Error() string { return "the session is not accepted" }

// kill ends the connection for the given reason. The first reason counts.
func (c *conn) kill(why error) {
	c.mu.Lock()
	if c.dead == nil {
		c.dead = why
		close(c.ended)
	}
	c.mu.Unlock()
	c.Conn.Close()
}

// finish ends the connection, and returns when no event is being handled any more and
// none will be.
func (c *conn) finish() {
	c.kill(errEnded)
	c.handling.Lock()
	defer c.handling.Unlock()
}

// goodbye ends the session and the connection: it sends the close frame with code 1000,
// and waits for at most patience until Discord has closed too. Without that wait the
// frame may be lost together with the connection.
func (c *conn) goodbye(patience time.Duration) {
	c.mu.Lock()
	ready := c.ready && c.dead == nil
	c.closing = true
	c.mu.Unlock()
	if ready {
		const normalClosure = 1000
		_ = c.Conn.SetWriteDeadline(time.Now().Add(c.t.Write))
		if _, err := c.Conn.Write(clientFrame(frameClose, binary.BigEndian.AppendUint16(nil, normalClosure))); err == nil {
			t := time.NewTimer(patience)
			defer t.Stop()
			select {
			case <-c.ended:
			case <-t.C:
			}
		}
	}
	c.finish()
}

// cause is why the connection ended, or nil.
func (c *conn) cause() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.dead
}

// Close implements net.Conn.
func (c *conn) Close() error {
	c.kill(errEnded)
	return nil
}

// Deadlines are the conn's own.

// SetDeadline implements net.Conn.
func (c *conn) SetDeadline(time.Time) error { return nil }

// SetReadDeadline implements net.Conn.
func (c *conn) SetReadDeadline(time.Time) error { return nil }

// SetWriteDeadline implements net.Conn.
func (c *conn) SetWriteDeadline(time.Time) error { return nil }

// Read implements net.Conn.
func (c *conn) Read(p []byte) (int, error) {
	for len(c.out) == 0 {
		if err := c.fill(); err != nil {
			c.kill(err)
			return 0, c.cause()
		}
	}
	n := copy(p, c.out)
	c.out = c.out[n:]
	return n, nil
}

// Write implements net.Conn.
func (c *conn) Write(p []byte) (int, error) {
	op := clientOp(p)
	c.mu.Lock()
	if c.dead != nil || c.closing {
		c.mu.Unlock()
		return len(p), nil
	}
	now := c.now()
	var fault error
	switch {
	case op == opHeartbeat && c.reading && !c.beat.IsZero() && now.Sub(c.beat) >= c.interval*3/4:
		// A heartbeat on Discord's request may follow the regular one at once;
		// hence the three quarters. While nobody reads, the acknowledgement may
		// have come already.
		fault = errZombie
	case op == opHeartbeat && now.Sub(c.heard) >= c.t.Deaf:
		fault = errDeaf
	case op == opHeartbeat && c.beat.IsZero():
		c.beat = now
	}
	c.mu.Unlock()
	if fault != nil {
		c.kill(fault)
		return len(p), nil
	}
	sent := p
	if op == opIdentify {
		if !c.valid() {
			c.kill(errNotOurs)
			return len(p), nil
		}
		if c.resume != nil {
			sent = clientFrame(frameText, c.resume)
			c.mu.Lock()
			c.pretend = serverFrame(frameText, c.readyAgain)
			c.mu.Unlock()
		}
		c.login(c.resume != nil)
	}
	if err := c.Conn.SetWriteDeadline(time.Now().Add(c.t.Write)); err == nil {
		if _, err = c.Conn.Write(sent); err == nil {
			return len(p), nil
		}
	}
	c.kill(errors.New("the connection does not take what is sent"))
	return len(p), nil
}

// Operations of the gateway.
const (
	opDispatch       = 0
	opHeartbeat      = 1
	opIdentify       = 2
	opResume         = 6
	opReconnect      = 7
	opInvalidSession = 9
	opHello          = 10
	opAck            = 11
)

// Bounds of what a server may make us read.
const (
	maxPacket = 4 << 20  // bytes. READY of a bot on 2,500 servers has some 200 kB
	maxPieces = 1 << 10  // fragments of a packet, which Discord does not make
	maxHead   = 64 << 10 // bytes of the HTTP answer before the frames
)

// fill reads until there is something for the library.
func (c *conn) fill() error {
	c.mu.Lock()
	wait := c.t.Hello
	if c.interval > 0 && c.ready {
		// The answer to a heartbeat comes once per interval, so silence of more is
		// a connection that is gone without a word.
		wait = c.interval + c.t.Grace
	}
	c.reading = true
	dead, pretend := c.dead, c.pretend
	c.pretend = nil
	c.mu.Unlock()
	defer func() {
		c.mu.Lock()
		c.reading = false
		c.mu.Unlock()
	}()
	if dead != nil {
		return dead
	}
	if pretend != nil {
		c.passed++
		c.out = pretend
		return nil
	}
	if err := c.Conn.SetReadDeadline(time.Now().Add(wait)); err != nil {
		return err
	}
	if !c.upgrade {
		line, err := c.br.ReadSlice('\n')
		if err != nil {
			return err
		}
		if c.head += len(line); c.head > maxHead {
			return fmt.Errorf("an answer to the upgrade of more than %d bytes", maxHead)
		}
		c.out = bytes.Clone(line)
		c.upgrade = len(bytes.TrimSpace(line)) == 0
		return nil
	}
	return c.frame()
}

// frame reads one frame.
func (c *conn) frame() error {
	var h [10]byte
	if _, err := io.ReadFull(c.br, h[:2]); err != nil {
		return err
	}
	final, opcode, size := h[0]&0x80 != 0, h[0]&0x0f, uint64(h[1]&0x7f)
	switch size {
	case 126:
		if _, err := io.ReadFull(c.br, h[2:4]); err != nil {
			return err
		}
		size = uint64(binary.BigEndian.Uint16(h[2:]))
	case 127:
		if _, err := io.ReadFull(c.br, h[2:10]); err != nil {
			return err
		}
		size = binary.BigEndian.Uint64(h[2:])
	}
	switch {
	case h[1]&0x80 != 0 || h[0]&0x70 != 0:
		return errors.New("a frame that no server may send")
	case size > maxPacket || size+uint64(len(c.message)) > maxPacket:
		return fmt.Errorf("a packet of more than %d bytes", maxPacket)
	}
	body := make([]byte, size)
	if _, err := io.ReadFull(c.br, body); err != nil {
		return err
	}
	switch opcode {
	case frameText, frameContinuation:
		if !final || c.pieces > 0 { // nearly every packet is one frame
			c.message = append(c.message, body...)
			if c.pieces++; c.pieces > maxPieces {
				return fmt.Errorf("a packet of more than %d pieces", maxPieces)
			}
			if !final {
				return nil
			}
			body, c.message, c.pieces = c.message, nil, 0
		}
		return c.packet(body)
	case frameClose:
		e := &closedError{code: 1005}
		if len(body) >= 2 {
			e.code, e.reason = int(binary.BigEndian.Uint16(body)), shorten(string(body[2:]))
		}
		return e
	case framePing:
		c.out = serverFrame(framePing, body)
		return nil
	case framePong:
		return nil
	}
	return errors.New("a frame of a kind that was not asked for") // binary: compressed
}

// packet decides what becomes of one packet of the gateway.
func (c *conn) packet(body []byte) error {
	var p struct {
		Op   int             `json:"op"`
		Type string          `json:"t"`
		Seq  int64           `json:"s"`
		Data json.RawMessage `json:"d"`
	}
	p.Op = -1
	if err := platform.Decode(body, &p); err != nil {
		return errors.New("a packet that is not JSON")
	}
	pass, err := c.classify(p.Op, p.Type, p.Data)
	switch {
	case err != nil || !pass:
		return err
	case p.Op == opHello: // the library reads whole milliseconds only
		body = fmt.Appendf(nil, `{"op":10,"d":{"heartbeat_interval":%d}}`, c.interval.Milliseconds())
	case p.Op == opDispatch:
		if err := c.handle(p.Type, p.Seq, p.Data); err != nil {
			return err
		}
		if p.Type != "READY" && p.Type != "RESUMED" {
			body = fmt.Appendf(nil, `{"op":0,"s":%d}`, p.Seq)
		}
	}
	c.passed++
	c.out = serverFrame(frameText, body)
	return nil
}

// handle handles an event, unless the connection has ended: then a resume brings it
// again.
func (c *conn) handle(typ string, seq int64, d json.RawMessage) error {
	c.handling.Lock()
	defer c.handling.Unlock()
	c.mu.Lock()
	dead := c.dead
	if dead == nil && c.closing {
		dead = errEnded
	}
	c.mu.Unlock()
	if dead == nil && !c.valid() {
		dead = errNotOurs
	}
	if dead != nil {
		return dead
	}
	c.event(typ, seq, d)
	return nil
}

// classify says whether a packet goes on, to the library or to us, or that the
// connection has to end.
func (c *conn) classify(op int, typ string, data json.RawMessage) (pass bool, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch op {
	case opReconnect:
		return false, errReconnect
	case opInvalidSession:
		return false, &invalidSession{resumable: string(bytes.TrimSpace(data)) == "true"}
	case opHello:
		if c.passed > 0 {
			return false, nil
		}
		var hello struct {
			Interval float64 `json:"heartbeat_interval"`
		}
		_ = platform.Decode(data, &hello)
		c.interval = time.Duration(hello.Interval * float64(time.Millisecond))
		if c.interval < minBeat || c.interval > maxBeat {
			return false, errors.New("a Hello whose heartbeat interval is impossible")
		}
	case opAck:
		c.beat = time.Time{}
		return c.passed >= 2, nil
	case opHeartbeat:
		return c.passed >= 1, nil
	case opDispatch:
		c.heard = c.now()
		if typ == "READY" || typ == "RESUMED" {
			c.ready = true
		}
		if c.passed < 1 {
			return false, errors.New("an event before Hello")
		}
	default:
		return false, nil
	}
	return true, nil
}

// Bounds of a heartbeat interval. The library panics on zero, and on more than
// the upper bound a lost connection would not be found.
const (
	minBeat = time.Millisecond
	maxBeat = 10 * time.Minute
)
