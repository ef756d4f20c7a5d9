package discord

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"sync"
	"time"
)

// A guard stands between discordgo and the gateway's connection and reads the
// websocket frames before the library does. What would hang, kill or mislead the
// library becomes an error of Read, which it handles well: it closes and reports
// a disconnect. So the guard takes away
//
//   - packets that deadlock Open: Op 7 or Op 11 first (D8);
//   - Op 9, which the library answers with an Identify at once (D15);
//   - events: they go to us and not to the library, which would decode them into
//     structs that a component of an unknown type leaves empty (D1, D2, D22). It
//     gets a token instead, which carries the sequence number that a resume needs;
//   - frames too large, compressed ones, and a Hello that would panic its ticker;
//
// adds deadlines on each read and write (D7), finds a missing acknowledgement at
// the next heartbeat instead of the fifth (D12), and a connection that beats but
// brings no events. Once it has failed, writes are swallowed: the close frame
// with code 1000 that the library would send ends the session and with it the
// chance to resume (D13), and a failing heartbeat would close a second time, when
// the next connection may already be up.
//
// And it resumes the session of an earlier process, which the library has no words
// for: a Resume goes out in place of the Identify, and the library is told READY
// again.
type guard struct {
	net.Conn
	t   timing
	now func() time.Time

	// Used by the reading goroutine only.
	br      *bufio.Reader
	out     []byte // what Read hands out next
	upgrade bool   // the HTTP answer is through; frames follow
	passed  int    // packets the library got, Hello included
	message []byte // a fragmented message so far

	identified func()    // called when an Identify goes out
	event      eventFunc // called with each event save READY
	resume     []byte    // a Resume that goes out in place of an Identify, if not nil,
	readyAgain []byte    // and the READY that the library is told then

	handing sync.Mutex // held while an event is handed over

	mu       sync.Mutex
	pretend  []byte        // what the library reads next, whatever Discord says
	reading  bool          // blocked in the connection
	dead     error         // why it ended
	interval time.Duration // of the heartbeat; 0 before Hello
	ready    bool          // READY or RESUMED has come
	beat     time.Time     // when a heartbeat went out that is not acknowledged yet
	heard    time.Time     // when the last event came
}

// An eventFunc takes an event and its number in the session.
type eventFunc func(typ string, seq int64, d json.RawMessage)

func newGuard(c net.Conn, t timing, now func() time.Time, identified func(), event eventFunc) *guard {
	return &guard{Conn: c, t: t, now: now, br: bufio.NewReaderSize(c, 16<<10), identified: identified, event: event, heard: now()}
}

// Why a connection ended.
var (
	errReconnect = errors.New("a new connection was asked for")
	errZombie    = errors.New("a heartbeat was not acknowledged")
	errDeaf      = errors.New("no event for a long time")
	errEnded     = errors.New("the connection was ended")
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
func (g *guard) kill(why error) {
	g.mu.Lock()
	if g.dead == nil {
		g.dead = why
	}
	g.mu.Unlock()
	g.Conn.Close()
}

// finish ends the connection, and returns when no event is being handed over any
// more and none will be.
func (g *guard) finish() {
	g.kill(errEnded)
	g.handing.Lock()
	defer g.handing.Unlock()
}

// cause is why the connection ended, or nil.
func (g *guard) cause() error {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.dead
}

// Close implements net.Conn.
func (g *guard) Close() error {
	g.kill(errEnded)
	return nil
}

// Deadlines are the guard's own.

// SetDeadline implements net.Conn.
func (g *guard) SetDeadline(time.Time) error { return nil }

// SetReadDeadline implements net.Conn.
func (g *guard) SetReadDeadline(time.Time) error { return nil }

// SetWriteDeadline implements net.Conn.
func (g *guard) SetWriteDeadline(time.Time) error { return nil }

// Read implements net.Conn.
func (g *guard) Read(p []byte) (int, error) {
	for len(g.out) == 0 {
		if err := g.fill(); err != nil {
			g.kill(err)
			return 0, g.cause()
		}
	}
	n := copy(p, g.out)
	g.out = g.out[n:]
	return n, nil
}

// Write implements net.Conn.
func (g *guard) Write(p []byte) (int, error) {
	op := clientOp(p)
	g.mu.Lock()
	if g.dead != nil {
		g.mu.Unlock()
		return len(p), nil
	}
	now := g.now()
	var fault error
	switch {
	case op == opHeartbeat && g.reading && !g.beat.IsZero() && now.Sub(g.beat) >= g.interval*3/4:
		// A heartbeat on Discord's request may follow the regular one at once;
		// hence the three quarters. While nobody reads, the acknowledgement may
		// have come already.
		fault = errZombie
	case op == opHeartbeat && now.Sub(g.heard) >= g.t.deaf:
		fault = errDeaf
	case op == opHeartbeat && g.beat.IsZero():
		g.beat = now
	}
	g.mu.Unlock()
	if fault != nil {
		g.kill(fault)
		return len(p), nil
	}
	sent := p
	if op == opIdentify {
		if g.resume != nil {
			sent = clientFrame(g.resume)
			g.mu.Lock()
			g.pretend = serverFrame(frameText, g.readyAgain)
			g.mu.Unlock()
		} else {
			g.identified()
		}
	}
	if err := g.Conn.SetWriteDeadline(time.Now().Add(g.t.write)); err == nil {
		if _, err = g.Conn.Write(sent); err == nil {
			return len(p), nil
		}
	}
	g.kill(errors.New("the connection does not take what is sent"))
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

// clientOp reads the operation from a frame that discordgo writes, or -1. The
// library begins every packet with "op", and writes a frame in one piece.
func clientOp(p []byte) int {
	const start = `{"op":`
	if len(p) < 2 || p[0] != 0x81 || p[1]&0x80 == 0 {
		return -1
	}
	at := 2
	switch p[1] & 0x7f {
	case 126:
		at = 4
	case 127:
		at = 10
	}
	if len(p) < at+4+len(start)+2 {
		return -1
	}
	key, body := p[at:at+4], p[at+4:]
	for i := range len(start) {
		if body[i]^key[i%4] != start[i] {
			return -1
		}
	}
	n := len(start)
	first, second := body[n]^key[n%4], body[n+1]^key[(n+1)%4]
	if first < '0' || first > '9' || second >= '0' && second <= '9' {
		return -1
	}
	return int(first - '0')
}

// Opcodes of websocket frames.
const (
	frameContinuation = 0x0
	frameText         = 0x1
	frameClose        = 0x8
	framePing         = 0x9
	framePong         = 0xA
)

// maxPacket bounds a packet. READY of a bot on 2,500 servers has some 200 kB.
const maxPacket = 4 << 20

// fill reads until there is something for the library.
func (g *guard) fill() error {
	g.mu.Lock()
	wait := g.t.hello
	if g.interval > 0 && g.ready {
		// The answer to a heartbeat comes once per interval, so silence of more is
		// a connection that is gone without a word.
		wait = g.interval + g.t.grace
	}
	g.reading = true
	dead, pretend := g.dead, g.pretend
	g.pretend = nil
	g.mu.Unlock()
	defer func() {
		g.mu.Lock()
		g.reading = false
		g.mu.Unlock()
	}()
	if dead != nil {
		return dead
	}
	if pretend != nil {
		g.passed++
		g.out = pretend
		return nil
	}
	if err := g.Conn.SetReadDeadline(time.Now().Add(wait)); err != nil {
		return err
	}
	if !g.upgrade {
		line, err := g.br.ReadSlice('\n')
		if err != nil {
			return err
		}
		g.out = bytes.Clone(line)
		g.upgrade = len(bytes.TrimSpace(line)) == 0
		return nil
	}
	return g.frame()
}

// frame reads one frame.
func (g *guard) frame() error {
	var h [10]byte
	if _, err := io.ReadFull(g.br, h[:2]); err != nil {
		return err
	}
	final, opcode, size := h[0]&0x80 != 0, h[0]&0x0f, uint64(h[1]&0x7f)
	switch size {
	case 126:
		if _, err := io.ReadFull(g.br, h[2:4]); err != nil {
			return err
		}
		size = uint64(binary.BigEndian.Uint16(h[2:]))
	case 127:
		if _, err := io.ReadFull(g.br, h[2:10]); err != nil {
			return err
		}
		size = binary.BigEndian.Uint64(h[2:])
	}
	switch {
	case h[1]&0x80 != 0 || h[0]&0x70 != 0:
		return errors.New("a frame that no server may send")
	case size > maxPacket || size+uint64(len(g.message)) > maxPacket:
		return fmt.Errorf("a packet of more than %d bytes", maxPacket)
	}
	body := make([]byte, size)
	if _, err := io.ReadFull(g.br, body); err != nil {
		return err
	}
	switch opcode {
	case frameText, frameContinuation:
		if !final || len(g.message) > 0 { // nearly every packet is one frame
			g.message = append(g.message, body...)
			if !final {
				return nil
			}
			body, g.message = g.message, nil
		}
		return g.packet(body)
	case frameClose:
		e := &closedError{code: 1005}
		if len(body) >= 2 {
			e.code, e.reason = int(binary.BigEndian.Uint16(body)), short(string(body[2:]))
		}
		return e
	case framePing:
		g.out = serverFrame(framePing, body)
		return nil
	case framePong:
		return nil
	}
	return errors.New("a frame of a kind that was not asked for") // binary: compressed
}

// packet decides what becomes of one packet of the gateway.
func (g *guard) packet(body []byte) error {
	var p struct {
		Op   int             `json:"op"`
		Type string          `json:"t"`
		Seq  int64           `json:"s"`
		Data json.RawMessage `json:"d"`
	}
	p.Op = -1
	if err := decode(body, &p); err != nil {
		return errors.New("a packet that is not JSON")
	}
	pass, err := g.judge(p.Op, p.Type, p.Data)
	switch {
	case err != nil || !pass:
		return err
	case p.Op == opHello: // the library reads whole milliseconds only
		body = fmt.Appendf(nil, `{"op":10,"d":{"heartbeat_interval":%d}}`, g.interval.Milliseconds())
	case p.Op == opDispatch && p.Type != "READY":
		if err := g.hand(p.Type, p.Seq, p.Data); err != nil {
			return err
		}
		if p.Type != "RESUMED" {
			body = fmt.Appendf(nil, `{"op":0,"s":%d}`, p.Seq)
		}
	}
	g.passed++
	g.out = serverFrame(frameText, body)
	return nil
}

// hand hands an event over, unless the connection has ended: then a resume brings
// it again.
func (g *guard) hand(typ string, seq int64, d json.RawMessage) error {
	g.handing.Lock()
	defer g.handing.Unlock()
	if err := g.cause(); err != nil {
		return err
	}
	g.event(typ, seq, d)
	return nil
}

// judge says whether a packet goes on, to the library or to us, or that the
// connection has to end.
func (g *guard) judge(op int, typ string, data json.RawMessage) (pass bool, err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	switch op {
	case opReconnect:
		return false, errReconnect
	case opInvalidSession:
		return false, &invalidSession{resumable: string(bytes.TrimSpace(data)) == "true"}
	case opHello:
		if g.passed > 0 {
			return false, nil
		}
		var hello struct {
			Interval float64 `json:"heartbeat_interval"`
		}
		_ = decode(data, &hello)
		g.interval = time.Duration(hello.Interval * float64(time.Millisecond))
		if g.interval < minBeat || g.interval > maxBeat {
			return false, errors.New("a Hello whose heartbeat interval is impossible")
		}
	case opAck:
		g.beat = time.Time{}
		return g.passed >= 2, nil
	case opHeartbeat:
		return g.passed >= 1, nil
	case opDispatch:
		g.heard = g.now()
		if typ == "READY" || typ == "RESUMED" {
			g.ready = true
		}
		if g.passed < 1 {
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

// serverFrame writes a whole frame as a server does.
func serverFrame(opcode byte, body []byte) []byte {
	f := make([]byte, 0, len(body)+10)
	f = append(f, 0x80|opcode)
	switch n := len(body); {
	case n < 126:
		f = append(f, byte(n))
	case n < 1<<16:
		f = binary.BigEndian.AppendUint16(append(f, 126), uint16(n))
	default:
		f = binary.BigEndian.AppendUint64(append(f, 127), uint64(n))
	}
	return append(f, body...)
}

// clientFrame writes a whole text frame as a client does, masked.
func clientFrame(body []byte) []byte {
	f := serverFrame(frameText, body)
	head := len(f) - len(body)
	f[1] |= 0x80
	out := binary.LittleEndian.AppendUint32(f[:head:head], rand.Uint32())
	key := out[head:]
	for i, b := range body {
		out = append(out, b^key[i%4])
	}
	return out
}
