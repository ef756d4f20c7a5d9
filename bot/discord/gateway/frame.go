package gateway

import (
	"encoding/binary"
	"math/rand/v2"
)

// Opcodes of websocket frames.
const (
	frameContinuation = 0x0
	frameText         = 0x1
	frameClose        = 0x8
	framePing         = 0x9
	framePong         = 0xA
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

// clientFrame writes a whole frame as a client does, masked.
func clientFrame(opcode byte, body []byte) []byte {
	f := serverFrame(opcode, body)
	head := len(f) - len(body)
	f[1] |= 0x80
	out := binary.LittleEndian.AppendUint32(f[:head:head], rand.Uint32())
	key := out[head:]
	for i, b := range body {
		out = append(out, b^key[i%4])
	}
	return out
}
