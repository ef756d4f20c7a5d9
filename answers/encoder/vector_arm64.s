#include "textflag.h"

// The steps beside the matrix products, with NEON. What each has to give is said
// at the type kernel; every product and every sum is rounded, so that none may be
// made of a fused instruction.

// The assembler lacks these instructions. Registers are given by their numbers,
// the destination last; d is n less m, or n over m.
#define FADD4(m, n, d) WORD $(0x4e20d400 | (m)<<16 | (n)<<5 | (d))
#define FSUB4(m, n, d) WORD $(0x4ea0d400 | (m)<<16 | (n)<<5 | (d))
#define FMUL4(m, n, d) WORD $(0x6e20dc00 | (m)<<16 | (n)<<5 | (d))
#define FDIV4(m, n, d) WORD $(0x6e20fc00 | (m)<<16 | (n)<<5 | (d))
#define FMAX4(m, n, d) WORD $(0x4e20f400 | (m)<<16 | (n)<<5 | (d))
#define FMIN4(m, n, d) WORD $(0x4ea0f400 | (m)<<16 | (n)<<5 | (d))
#define FABS4(n, d)    WORD $(0x4ea0f800 | (n)<<5 | (d))
#define FMAXV(n, d)    WORD $(0x6e30f800 | (n)<<5 | (d))
#define FADDP2(n, d)   WORD $(0x7e30d800 | (n)<<5 | (d)) // the sum of the lower two lanes
#define SCVTF4(n, d)   WORD $(0x4e21d800 | (n)<<5 | (d)) // integers to floats
#define FCVTNS4(n, d)  WORD $(0x4e21a800 | (n)<<5 | (d)) // floats to the nearest integers
#define FCVTZS4(n, d)  WORD $(0x4ea1b800 | (n)<<5 | (d)) // floats to integers towards zero
#define SRSHR7(n, d)   WORD $(0x4f392400 | (n)<<5 | (d)) // integers over 128, rounded
#define XTN4(n, d)     WORD $(0x0e612800 | (n)<<5 | (d)) // four integers of 32 bits to 16
#define XTN4HI(n, d)   WORD $(0x4e612800 | (n)<<5 | (d))
#define XTN8(n, d)     WORD $(0x0e212800 | (n)<<5 | (d)) // eight integers of 16 bits to 8
#define XTN8HI(n, d)   WORD $(0x4e212800 | (n)<<5 | (d))
#define SXTL8(n, d)    WORD $(0x0f08a400 | (n)<<5 | (d)) // eight integers of 8 bits to 16
#define SXTL8HI(n, d)  WORD $(0x4f08a400 | (n)<<5 | (d))
#define SXTL4(n, d)    WORD $(0x0f10a400 | (n)<<5 | (d)) // four integers of 16 bits to 32
#define SXTL4HI(n, d)  WORD $(0x4f10a400 | (n)<<5 | (d))

#define ZERO(a, b, c, d) \
	VEOR a, a, a \
	VEOR b, b, b \
	VEOR c, c, c \
	VEOR d, d, d

// FOLD adds up the lanes of v in its lowest: the upper half to the lower half.
#define FOLD(v, n, t, m) \
	VEXT $8, v, v, t \
	FADD4(m, n, n)   \
	FADDP2(n, n)

// func asmLargest(x *float32, n int) float32
TEXT ·asmLargest(SB), NOSPLIT, $0-20
	MOVD x+0(FP), R0
	MOVD n+8(FP), R1
	VEOR V4.B16, V4.B16, V4.B16
	VEOR V5.B16, V5.B16, V5.B16

loop:
	VLD1.P 64(R0), [V0.S4, V1.S4, V2.S4, V3.S4]
	FABS4(0, 0)
	FABS4(1, 1)
	FABS4(2, 2)
	FABS4(3, 3)
	FMAX4(0, 4, 4)
	FMAX4(1, 5, 5)
	FMAX4(2, 4, 4)
	FMAX4(3, 5, 5)
	SUBS $16, R1, R1
	BNE  loop

	FMAX4(5, 4, 4)
	FMAXV(4, 4)
	FMOVS F4, ret+16(FP)
	RET

// SCALED loads 16 values, multiplies them by V16, and rounds them.
#define SCALED \
	VLD1.P 64(R0), [V0.S4, V1.S4, V2.S4, V3.S4] \
	FMUL4(16, 0, 0) \
	FMUL4(16, 1, 1) \
	FMUL4(16, 2, 2) \
	FMUL4(16, 3, 3) \
	FCVTNS4(0, 0)   \
	FCVTNS4(1, 1)   \
	FCVTNS4(2, 2)   \
	FCVTNS4(3, 3)

// NARROW makes 16 bytes of the 16 integers in V0 to V3, in V4.
#define NARROW \
	XTN4(0, 4)   \
	XTN4HI(1, 4) \
	XTN4(2, 5)   \
	XTN4HI(3, 5) \
	XTN8(4, 4)   \
	XTN8HI(5, 4)

// func roundNEON(dst *int8, x *float32, n int, factor float32)
TEXT ·roundNEON(SB), NOSPLIT, $0-28
	MOVD  dst+0(FP), R2
	MOVD  x+8(FP), R0
	MOVD  n+16(FP), R1
	FMOVS factor+24(FP), F16
	VDUP  V16.S[0], V16.S4

loop:
	SCALED
	NARROW
	VST1.P [V4.B16], 16(R2)
	SUBS   $16, R1, R1
	BNE    loop
	RET

// func splitNEON(high, low *int8, x *float32, n int, factor float32)
TEXT ·splitNEON(SB), NOSPLIT, $0-36
	MOVD  high+0(FP), R2
	MOVD  low+8(FP), R3
	MOVD  x+16(FP), R0
	MOVD  n+24(FP), R1
	FMOVS factor+32(FP), F16
	VDUP  V16.S[0], V16.S4

loop:
	SCALED
	VORR V0.B16, V0.B16, V20.B16
	VORR V1.B16, V1.B16, V21.B16
	VORR V2.B16, V2.B16, V22.B16
	VORR V3.B16, V3.B16, V23.B16
	SRSHR7(0, 0)
	SRSHR7(1, 1)
	SRSHR7(2, 2)
	SRSHR7(3, 3)
	NARROW
	VST1.P [V4.B16], 16(R2)
	VSHL   $7, V0.S4, V0.S4
	VSHL   $7, V1.S4, V1.S4
	VSHL   $7, V2.S4, V2.S4
	VSHL   $7, V3.S4, V3.S4
	VSUB   V0.S4, V20.S4, V0.S4
	VSUB   V1.S4, V21.S4, V1.S4
	VSUB   V2.S4, V22.S4, V2.S4
	VSUB   V3.S4, V23.S4, V3.S4
	NARROW
	VST1.P [V4.B16], 16(R3)
	SUBS   $16, R1, R1
	BNE    loop
	RET

// func asmJoin(acc, low *[panelWidth]int32)
TEXT ·asmJoin(SB), NOSPLIT, $0-16
	MOVD acc+0(FP), R0
	MOVD low+8(FP), R1
	VLD1 (R0), [V0.S4, V1.S4, V2.S4, V3.S4]
	VLD1 (R1), [V4.S4, V5.S4, V6.S4, V7.S4]
	VSHL $7, V0.S4, V0.S4
	VSHL $7, V1.S4, V1.S4
	VSHL $7, V2.S4, V2.S4
	VSHL $7, V3.S4, V3.S4
	VADD V4.S4, V0.S4, V0.S4
	VADD V5.S4, V1.S4, V1.S4
	VADD V6.S4, V2.S4, V2.S4
	VADD V7.S4, V3.S4, V3.S4
	VST1 [V0.S4, V1.S4, V2.S4, V3.S4], (R0)
	RET

// func asmFinish(dst *float32, stride int, acc *int32, worth *float32, rows int, scale, bias *float32)
TEXT ·asmFinish(SB), NOSPLIT, $0-56
	MOVD dst+0(FP), R0
	MOVD stride+8(FP), R1
	MOVD acc+16(FP), R2
	MOVD worth+24(FP), R3
	MOVD rows+32(FP), R4
	MOVD scale+40(FP), R5
	MOVD bias+48(FP), R6
	LSL  $2, R1, R1
	VLD1 (R5), [V0.S4, V1.S4, V2.S4, V3.S4]
	VLD1 (R6), [V4.S4, V5.S4, V6.S4, V7.S4]

row:
	VLD1R.P 4(R3), [V8.S4]
	VLD1.P  64(R2), [V16.S4, V17.S4, V18.S4, V19.S4]
	FMUL4(8, 0, 20)
	FMUL4(8, 1, 21)
	FMUL4(8, 2, 22)
	FMUL4(8, 3, 23)
	SCVTF4(16, 16)
	SCVTF4(17, 17)
	SCVTF4(18, 18)
	SCVTF4(19, 19)
	FMUL4(20, 16, 16)
	FMUL4(21, 17, 17)
	FMUL4(22, 18, 18)
	FMUL4(23, 19, 19)
	FADD4(4, 16, 16)
	FADD4(5, 17, 17)
	FADD4(6, 18, 18)
	FADD4(7, 19, 19)
	VST1 [V16.S4, V17.S4, V18.S4, V19.S4], (R0)
	ADD  R1, R0, R0
	SUBS $1, R4, R4
	BNE  row
	RET

// HORNER is one step of a polynomial in u for the two vectors p and q: p*u + c.
#define HORNER(c, u, p, v, q) \
	FMUL4(u, p, p) \
	FMUL4(v, q, q) \
	FADD4(c, p, p) \
	FADD4(c, q, q)

// func asmActivate(x *float32, n int, constants *[12][8]float32)
TEXT ·asmActivate(SB), NOSPLIT, $0-24
	MOVD x+0(FP), R0
	MOVD n+8(FP), R1
	MOVD constants+16(FP), R2
	MOVD $32, R3
	VLD1.P (R2)(R3), [V16.S4] // geluLimit
	VLD1.P (R2)(R3), [V17.S4] // -geluLimit
	VLD1.P (R2)(R3), [V18.S4] // geluP4
	VLD1.P (R2)(R3), [V19.S4] // geluP3
	VLD1.P (R2)(R3), [V20.S4] // geluP2
	VLD1.P (R2)(R3), [V21.S4] // geluP1
	VLD1.P (R2)(R3), [V22.S4] // geluP0
	VLD1.P (R2)(R3), [V23.S4] // geluQ3
	VLD1.P (R2)(R3), [V24.S4] // geluQ2
	VLD1.P (R2)(R3), [V25.S4] // geluQ1
	VLD1.P (R2)(R3), [V26.S4] // 1
	VLD1.P (R2)(R3), [V27.S4] // 1/2

loop:
	VLD1 (R0), [V0.S4, V1.S4]
	FMIN4(16, 0, 2)
	FMIN4(16, 1, 3)
	FMAX4(17, 2, 2)
	FMAX4(17, 3, 3)
	FMUL4(2, 2, 4)
	FMUL4(3, 3, 5)
	FMUL4(4, 18, 6)
	FMUL4(5, 18, 7)
	FADD4(19, 6, 6)
	FADD4(19, 7, 7)
	HORNER(20, 4, 6, 5, 7)
	HORNER(21, 4, 6, 5, 7)
	HORNER(22, 4, 6, 5, 7)
	FMUL4(2, 6, 6)
	FMUL4(3, 7, 7)
	FMUL4(4, 23, 2)
	FMUL4(5, 23, 3)
	FADD4(24, 2, 2)
	FADD4(24, 3, 3)
	HORNER(25, 4, 2, 5, 3)
	HORNER(26, 4, 2, 5, 3)
	FDIV4(2, 6, 6)
	FDIV4(3, 7, 7)
	FADD4(27, 6, 6)
	FADD4(27, 7, 7)
	FMUL4(6, 0, 0)
	FMUL4(7, 1, 1)
	VST1.P [V0.S4, V1.S4], 32(R0)
	SUBS   $8, R1, R1
	BNE    loop
	RET

// SUM adds the 16 partial sums of V4 to V7 up in V4.
#define SUM \
	FADD4(6, 4, 4)     \
	FADD4(7, 5, 5)     \
	FADD4(5, 4, 4)     \
	FOLD(V4.B16, 4, V5.B16, 5)

// func asmNormalise(x, y *float32, rows int, scale, shift *float32)
TEXT ·asmNormalise(SB), NOSPLIT, $0-40
	MOVD  x+0(FP), R0
	MOVD  y+8(FP), R1
	MOVD  rows+16(FP), R2
	MOVD  scale+24(FP), R3
	MOVD  shift+32(FP), R4
	FMOVS $384.0, F20 // Dims
	FMOVS $1.0e-12, F21 // normaliseFloor
	FMOVS $1.0, F22

row:
	MOVD R0, R5
	MOVD $24, R6
	ZERO(V4.B16, V5.B16, V6.B16, V7.B16)

add:
	VLD1   (R5), [V0.S4, V1.S4, V2.S4, V3.S4]
	VLD1.P 64(R1), [V16.S4, V17.S4, V18.S4, V19.S4]
	FADD4(16, 0, 0)
	FADD4(17, 1, 1)
	FADD4(18, 2, 2)
	FADD4(19, 3, 3)
	VST1.P [V0.S4, V1.S4, V2.S4, V3.S4], 64(R5)
	FADD4(0, 4, 4)
	FADD4(1, 5, 5)
	FADD4(2, 6, 6)
	FADD4(3, 7, 7)
	SUBS $1, R6, R6
	BNE  add

	SUM
	FDIVS F20, F4, F23
	VDUP  V23.S[0], V23.S4 // the mean
	MOVD  R0, R5
	MOVD  $24, R6
	ZERO(V4.B16, V5.B16, V6.B16, V7.B16)

square:
	VLD1 (R5), [V0.S4, V1.S4, V2.S4, V3.S4]
	FSUB4(23, 0, 0)
	FSUB4(23, 1, 1)
	FSUB4(23, 2, 2)
	FSUB4(23, 3, 3)
	VST1.P [V0.S4, V1.S4, V2.S4, V3.S4], 64(R5)
	FMUL4(0, 0, 0)
	FMUL4(1, 1, 1)
	FMUL4(2, 2, 2)
	FMUL4(3, 3, 3)
	FADD4(0, 4, 4)
	FADD4(1, 5, 5)
	FADD4(2, 6, 6)
	FADD4(3, 7, 7)
	SUBS $1, R6, R6
	BNE  square

	SUM
	FDIVS  F20, F4, F4
	FADDS  F21, F4, F4
	FSQRTS F4, F4
	FDIVS  F4, F22, F23
	VDUP   V23.S[0], V23.S4
	MOVD   R3, R7
	MOVD   R4, R8
	MOVD   $24, R6

apply:
	VLD1   (R0), [V0.S4, V1.S4, V2.S4, V3.S4]
	VLD1.P 64(R7), [V16.S4, V17.S4, V18.S4, V19.S4]
	VLD1.P 64(R8), [V24.S4, V25.S4, V26.S4, V27.S4]
	FMUL4(23, 0, 0)
	FMUL4(23, 1, 1)
	FMUL4(23, 2, 2)
	FMUL4(23, 3, 3)
	FMUL4(16, 0, 0)
	FMUL4(17, 1, 1)
	FMUL4(18, 2, 2)
	FMUL4(19, 3, 3)
	FADD4(24, 0, 0)
	FADD4(25, 1, 1)
	FADD4(26, 2, 2)
	FADD4(27, 3, 3)
	VST1.P [V0.S4, V1.S4, V2.S4, V3.S4], 64(R0)
	SUBS   $1, R6, R6
	BNE    apply

	SUBS $1, R2, R2
	BNE  row
	RET

// POWERS makes the next eight scores the powers of e that they are wanted as, in V6 and V7.
#define POWERS \
	VLD1 (R0), [V0.S4, V1.S4] \
	FSUB4(28, 0, 0) \
	FSUB4(28, 1, 1) \
	FMAX4(16, 0, 0) \
	FMAX4(16, 1, 1) \
	FMUL4(17, 0, 2) \
	FMUL4(17, 1, 3) \
	FSUB4(18, 2, 2) \
	FSUB4(18, 3, 3) \
	FCVTZS4(2, 2) \
	FCVTZS4(3, 3) \
	VADD V26.S4, V2.S4, V4.S4 \
	VADD V26.S4, V3.S4, V5.S4 \
	VSHL $23, V4.S4, V4.S4 \
	VSHL $23, V5.S4, V5.S4 \
	SCVTF4(2, 2) \
	SCVTF4(3, 3) \
	FMUL4(19, 2, 6) \
	FMUL4(19, 3, 7) \
	FSUB4(6, 0, 0) \
	FSUB4(7, 1, 1) \
	FMUL4(20, 2, 6) \
	FMUL4(20, 3, 7) \
	FSUB4(6, 0, 0) \
	FSUB4(7, 1, 1) \
	FMUL4(21, 0, 6) \
	FMUL4(21, 1, 7) \
	FADD4(22, 6, 6) \
	FADD4(22, 7, 7) \
	HORNER(23, 0, 6, 1, 7) \
	HORNER(24, 0, 6, 1, 7) \
	HORNER(18, 0, 6, 1, 7) \
	HORNER(25, 0, 6, 1, 7) \
	HORNER(25, 0, 6, 1, 7) \
	FMUL4(4, 6, 6) \
	FMUL4(5, 7, 7) \
	VST1.P [V6.S4, V7.S4], 32(R0)

// func asmSoftmax(scores *float32, n int, constants *[12][8]float32) float32
TEXT ·asmSoftmax(SB), NOSPLIT, $0-28
	MOVD scores+0(FP), R0
	MOVD n+8(FP), R1
	MOVD constants+16(FP), R2
	MOVD R0, R4
	MOVD R1, R5
	VLD1 (R0), [V28.S4, V29.S4]

top:
	VLD1.P 32(R4), [V0.S4, V1.S4]
	FMAX4(0, 28, 28)
	FMAX4(1, 29, 29)
	SUBS $8, R5, R5
	BNE  top

	FMAX4(29, 28, 28)
	FMAXV(28, 28)
	VDUP V28.S[0], V28.S4
	ZERO(V8.B16, V9.B16, V30.B16, V31.B16) // the sums
	MOVD $32, R3
	VLD1.P (R2)(R3), [V16.S4] // expLimit
	VLD1.P (R2)(R3), [V17.S4] // log2(e)
	VLD1.P (R2)(R3), [V18.S4] // 1/2
	VLD1.P (R2)(R3), [V19.S4] // ln2High
	VLD1.P (R2)(R3), [V20.S4] // ln2Low
	VLD1.P (R2)(R3), [V21.S4] // 1/720
	VLD1.P (R2)(R3), [V22.S4] // 1/120
	VLD1.P (R2)(R3), [V23.S4] // 1/24
	VLD1.P (R2)(R3), [V24.S4] // 1/6
	VLD1.P (R2)(R3), [V25.S4] // 1
	VLD1.P (R2)(R3), [V26.S4] // the integer 127

power:
	POWERS
	FADD4(6, 30, 30)
	FADD4(7, 31, 31)
	POWERS
	FADD4(6, 8, 8)
	FADD4(7, 9, 9)
	SUBS $16, R1, R1
	BNE  power

	FADD4(8, 30, 30)
	FADD4(9, 31, 31)
	FADD4(31, 30, 30)
	FOLD(V30.B16, 30, V31.B16, 31)
	FDIVS F30, F25, F30
	FMOVS F30, ret+24(FP)
	RET

// MIXED leaves the products of the next weight and the next row in V0 to V7.
#define MIXED \
	ADD     $64, R3, R5 \
	VLD1R.P 4(R1), [V25.S4] \
	VLD1    (R3), [V0.S4, V1.S4, V2.S4, V3.S4] \
	VLD1    (R5), [V4.S4, V5.S4, V6.S4, V7.S4] \
	ADD     R4, R3, R3 \
	FMUL4(25, 0, 0) \
	FMUL4(25, 1, 1) \
	FMUL4(25, 2, 2) \
	FMUL4(25, 3, 3) \
	FMUL4(25, 4, 4) \
	FMUL4(25, 5, 5) \
	FMUL4(25, 6, 6) \
	FMUL4(25, 7, 7)

// func asmMix(dst *[headDims]float32, factor float32, weight *float32, n int, rows *float32, stride int)
TEXT ·asmMix(SB), NOSPLIT, $0-48
	MOVD  dst+0(FP), R0
	FMOVS factor+8(FP), F24
	MOVD  weight+16(FP), R1
	MOVD  n+24(FP), R2
	MOVD  rows+32(FP), R3
	MOVD  stride+40(FP), R4
	VDUP  V24.S[0], V24.S4
	LSL   $2, R4, R4
	ZERO(V16.B16, V17.B16, V18.B16, V19.B16)
	ZERO(V20.B16, V21.B16, V22.B16, V23.B16)
	ZERO(V8.B16, V9.B16, V10.B16, V11.B16)
	ZERO(V12.B16, V13.B16, V14.B16, V15.B16)

rows:
	MIXED
	FADD4(0, 16, 16)
	FADD4(1, 17, 17)
	FADD4(2, 18, 18)
	FADD4(3, 19, 19)
	FADD4(4, 20, 20)
	FADD4(5, 21, 21)
	FADD4(6, 22, 22)
	FADD4(7, 23, 23)
	SUBS $1, R2, R2
	BEQ  sums
	MIXED
	FADD4(0, 8, 8)
	FADD4(1, 9, 9)
	FADD4(2, 10, 10)
	FADD4(3, 11, 11)
	FADD4(4, 12, 12)
	FADD4(5, 13, 13)
	FADD4(6, 14, 14)
	FADD4(7, 15, 15)
	SUBS $1, R2, R2
	BNE  rows

sums:
	FADD4(8, 16, 16)
	FADD4(9, 17, 17)
	FADD4(10, 18, 18)
	FADD4(11, 19, 19)
	FADD4(12, 20, 20)
	FADD4(13, 21, 21)
	FADD4(14, 22, 22)
	FADD4(15, 23, 23)
	FMUL4(24, 16, 16)
	FMUL4(24, 17, 17)
	FMUL4(24, 18, 18)
	FMUL4(24, 19, 19)
	FMUL4(24, 20, 20)
	FMUL4(24, 21, 21)
	FMUL4(24, 22, 22)
	FMUL4(24, 23, 23)
	VST1.P [V16.S4, V17.S4, V18.S4, V19.S4], 64(R0)
	VST1   [V20.S4, V21.S4, V22.S4, V23.S4], (R0)
	RET

// func asmDots(out *float32, rows *int8, v *float32, pairs int)
TEXT ·asmDots(SB), NOSPLIT, $0-32
	MOVD out+0(FP), R0
	MOVD rows+8(FP), R1
	MOVD v+16(FP), R2
	MOVD pairs+24(FP), R3
	LSL  $1, R3, R3

row:
	ZERO(V16.B16, V17.B16, V18.B16, V19.B16)
	MOVD R2, R4
	MOVD $24, R5

dot:
	VLD1.P 16(R1), [V0.B16]
	VLD1.P 64(R4), [V20.S4, V21.S4, V22.S4, V23.S4]
	SXTL8(0, 1)
	SXTL8HI(0, 2)
	SXTL4(1, 4)
	SXTL4HI(1, 5)
	SXTL4(2, 6)
	SXTL4HI(2, 7)
	SCVTF4(4, 4)
	SCVTF4(5, 5)
	SCVTF4(6, 6)
	SCVTF4(7, 7)
	FMUL4(20, 4, 4)
	FMUL4(21, 5, 5)
	FMUL4(22, 6, 6)
	FMUL4(23, 7, 7)
	FADD4(4, 16, 16)
	FADD4(5, 17, 17)
	FADD4(6, 18, 18)
	FADD4(7, 19, 19)
	SUBS $1, R5, R5
	BNE  dot

	FADD4(18, 16, 16)
	FADD4(19, 17, 17)
	FADD4(17, 16, 16)
	FOLD(V16.B16, 16, V20.B16, 20)
	FMOVS F16, (R0)
	ADD   $4, R0
	SUBS  $1, R3, R3
	BNE   row
	RET
