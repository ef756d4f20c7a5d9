#include "textflag.h"

// Registers of both kernels: R0 acc, R4 panel, R2 inputs left; R5 to R9 are where
// the next inputs of a row each are.

// The kernel for machines with dot products of 8-bit integers. V0 to V19 are the
// sums of five rows, four registers each; V20 to V24 sixteen inputs of a row each; V25 to
// V29 weights. SDOT adds to each lane of d the products of the four weights there
// with the four inputs in one lane of x.
#define SDOT0(x, w, d) WORD $(0x4f80e000 | (x)<<16 | (w)<<5 | (d))
#define SDOT1(x, w, d) WORD $(0x4fa0e000 | (x)<<16 | (w)<<5 | (d))
#define SDOT2(x, w, d) WORD $(0x4f80e800 | (x)<<16 | (w)<<5 | (d))
#define SDOT3(x, w, d) WORD $(0x4fa0e800 | (x)<<16 | (w)<<5 | (d))

#define DOTS1(S) S(20, 29, 0); S(20, 25, 1); S(20, 27, 2); S(20, 26, 3)
#define DOTS2(S) DOTS1(S); S(21, 29, 4); S(21, 25, 5); S(21, 27, 6); S(21, 26, 7)
#define DOTS3(S) DOTS2(S); S(22, 29, 8); S(22, 25, 9); S(22, 27, 10); S(22, 26, 11)
#define DOTS4(S) DOTS3(S); S(23, 29, 12); S(23, 25, 13); S(23, 27, 14); S(23, 26, 15)
#define DOTS5(S) DOTS4(S); S(24, 29, 16); S(24, 25, 17); S(24, 27, 18); S(24, 26, 19)

// FOURS loads the weights of two pairs of inputs, and makes fours of them: V29,
// V25, V27 and V26 are those of four outputs each.
#define FOURS \
	VLD1.P 64(R4), [V25.B16, V26.B16, V27.B16, V28.B16] \
	VZIP1  V27.H8, V25.H8, V29.H8 \
	VZIP2  V27.H8, V25.H8, V25.H8 \
	VZIP1  V28.H8, V26.H8, V27.H8 \
	VZIP2  V28.H8, V26.H8, V26.H8

#define INPUTS1 VLD1.P 16(R5), [V20.B16]
#define INPUTS2 INPUTS1; VLD1.P 16(R6), [V21.B16]
#define INPUTS3 INPUTS2; VLD1.P 16(R7), [V22.B16]
#define INPUTS4 INPUTS3; VLD1.P 16(R8), [V23.B16]
#define INPUTS5 INPUTS4; VLD1.P 16(R9), [V24.B16]

#define CLEAR(a, b, c, d) \
	VEOR a, a, a \
	VEOR b, b, b \
	VEOR c, c, c \
	VEOR d, d, d
#define CLEAR1 CLEAR(V0.B16, V1.B16, V2.B16, V3.B16)
#define CLEAR2 CLEAR1; CLEAR(V4.B16, V5.B16, V6.B16, V7.B16)
#define CLEAR3 CLEAR2; CLEAR(V8.B16, V9.B16, V10.B16, V11.B16)
#define CLEAR4 CLEAR3; CLEAR(V12.B16, V13.B16, V14.B16, V15.B16)
#define CLEAR5 CLEAR4; CLEAR(V16.B16, V17.B16, V18.B16, V19.B16)

#define STORE1 VST1.P [V0.S4, V1.S4, V2.S4, V3.S4], 64(R0)
#define STORE2 STORE1; VST1.P [V4.S4, V5.S4, V6.S4, V7.S4], 64(R0)
#define STORE3 STORE2; VST1.P [V8.S4, V9.S4, V10.S4, V11.S4], 64(R0)
#define STORE4 STORE3; VST1.P [V12.S4, V13.S4, V14.S4, V15.S4], 64(R0)
#define STORE5 STORE4; VST1.P [V16.S4, V17.S4, V18.S4, V19.S4], 64(R0)

#define ARGUMENTS \
	MOVD acc+0(FP), R0     \
	MOVD x+8(FP), R5       \
	MOVD inputs+16(FP), R2 \
	MOVD rows+24(FP), R3   \
	MOVD panel+32(FP), R4  \
	ADD  R2, R5, R6        \
	ADD  R2, R6, R7        \
	ADD  R2, R7, R8        \
	ADD  R2, R8, R9

#define DOTTILE(rows, loop, CLEAR, INPUTS, DOTS, STORE) \
rows: \
	CLEAR       \
loop: \
	INPUTS      \
	FOURS       \
	DOTS(SDOT0) \
	FOURS       \
	DOTS(SDOT1) \
	FOURS       \
	DOTS(SDOT2) \
	FOURS       \
	DOTS(SDOT3) \
	SUBS $16, R2, R2 \
	BNE  loop   \
	STORE       \
	RET

// func panelDot(acc *int32, x *int8, inputs, rows int, panel *byte)
TEXT ·panelDot(SB), NOSPLIT, $0-40
	ARGUMENTS
	CMP $1, R3
	BEQ rows1
	CMP $2, R3
	BEQ rows2
	CMP $3, R3
	BEQ rows3
	CMP $4, R3
	BEQ rows4
	DOTTILE(rows5, loop5, CLEAR5, INPUTS5, DOTS5, STORE5)
	DOTTILE(rows4, loop4, CLEAR4, INPUTS4, DOTS4, STORE4)
	DOTTILE(rows3, loop3, CLEAR3, INPUTS3, DOTS3, STORE3)
	DOTTILE(rows2, loop2, CLEAR2, INPUTS2, DOTS2, STORE2)
	DOTTILE(rows1, loop1, CLEAR1, INPUTS1, DOTS1, STORE1)

// The kernel for all others multiplies to 16 bits. Two products fit there, since
// neither factor is beyond 127: those of an output with one input of two pairs. Then
// SADALP adds the two inputs of the pairs to a sum of 32 bits. V0 to V15 are the sums
// of four rows; V16 to V19 weights; V20 to V23 inputs; V24 and V25 a pair of inputs in
// every place, V26 to V29 products.
#define SMULL(m, n, d)    WORD $(0x0e20c000 | (m)<<16 | (n)<<5 | (d))
#define SMULLHI(m, n, d)  WORD $(0x4e20c000 | (m)<<16 | (n)<<5 | (d))
#define SMLAL(m, n, d)    WORD $(0x0e208000 | (m)<<16 | (n)<<5 | (d))
#define SMLALHI(m, n, d)  WORD $(0x4e208000 | (m)<<16 | (n)<<5 | (d))
#define SADALP(n, d)      WORD $(0x4e606800 | (n)<<5 | (d))

#define PRODUCTS(first, second, a, b, c, d) \
	VDUP first, V24.H8  \
	VDUP second, V25.H8 \
	SMULL(24, 16, 26)   \
	SMULLHI(24, 16, 27) \
	SMULL(24, 17, 28)   \
	SMULLHI(24, 17, 29) \
	SMLAL(25, 18, 26)   \
	SMLALHI(25, 18, 27) \
	SMLAL(25, 19, 28)   \
	SMLALHI(25, 19, 29) \
	SADALP(26, a)       \
	SADALP(27, b)       \
	SADALP(28, c)       \
	SADALP(29, d)

#define PAIRS VLD1.P 64(R4), [V16.B16, V17.B16, V18.B16, V19.B16]

#define LONGS1(i, j) PAIRS; PRODUCTS(V20.H[i], V20.H[j], 0, 1, 2, 3)
#define LONGS2(i, j) LONGS1(i, j); PRODUCTS(V21.H[i], V21.H[j], 4, 5, 6, 7)
#define LONGS3(i, j) LONGS2(i, j); PRODUCTS(V22.H[i], V22.H[j], 8, 9, 10, 11)
#define LONGS4(i, j) LONGS3(i, j); PRODUCTS(V23.H[i], V23.H[j], 12, 13, 14, 15)

#define LONGTILE(rows, loop, CLEAR, INPUTS, LONGS, STORE) \
rows: \
	CLEAR       \
loop: \
	INPUTS      \
	LONGS(0, 1) \
	LONGS(2, 3) \
	LONGS(4, 5) \
	LONGS(6, 7) \
	SUBS $16, R2, R2 \
	BNE  loop   \
	STORE       \
	RET

// func panelLong(acc *int32, x *int8, inputs, rows int, panel *byte)
TEXT ·panelLong(SB), NOSPLIT, $0-40
	ARGUMENTS
	CMP $1, R3
	BEQ rows1
	CMP $2, R3
	BEQ rows2
	CMP $3, R3
	BEQ rows3
	LONGTILE(rows4, loop4, CLEAR4, INPUTS4, LONGS4, STORE4)
	LONGTILE(rows3, loop3, CLEAR3, INPUTS3, LONGS3, STORE3)
	LONGTILE(rows2, loop2, CLEAR2, INPUTS2, LONGS2, STORE2)
	LONGTILE(rows1, loop1, CLEAR1, INPUTS1, LONGS1, STORE1)
