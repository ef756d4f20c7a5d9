#include "textflag.h"

// The AVX2 kernel multiplies pairs of 16-bit integers: the weights are widened as
// they are read.
//
// Registers: DI acc, SI x of the first row of the tile and R9 of its fourth, CX
// bytes of a row, R8 panel, AX rows and then the steps that are left. Y0 to Y11 are
// the sums of a row's lower and upper eight outputs each. Y12 and Y13 are the
// weights of those outputs for a pair of inputs; Y14 is the pair of one row in
// every lane; Y15 the products.

#define ROW(pair, low, high) \
	VPBROADCASTD pair, Y14     \
	VPMADDWD     Y14, Y12, Y15 \
	VPADDD       Y15, low, low \
	VPMADDWD     Y14, Y13, Y15 \
	VPADDD       Y15, high, high

#define ROWS1 ROW((SI), Y0, Y1)
#define ROWS2 ROWS1; ROW((SI)(CX*1), Y2, Y3)
#define ROWS3 ROWS2; ROW((SI)(CX*2), Y4, Y5)
#define ROWS4 ROWS3; ROW((R9), Y6, Y7)
#define ROWS5 ROWS4; ROW((R9)(CX*1), Y8, Y9)
#define ROWS6 ROWS5; ROW((R9)(CX*2), Y10, Y11)

#define CLEAR(a, b) VPXOR a, a, a; VPXOR b, b, b
#define CLEAR1 CLEAR(Y0, Y1)
#define CLEAR2 CLEAR1; CLEAR(Y2, Y3)
#define CLEAR3 CLEAR2; CLEAR(Y4, Y5)
#define CLEAR4 CLEAR3; CLEAR(Y6, Y7)
#define CLEAR5 CLEAR4; CLEAR(Y8, Y9)
#define CLEAR6 CLEAR5; CLEAR(Y10, Y11)

#define STORE1 VMOVDQU Y0, (DI); VMOVDQU Y1, 32(DI)
#define STORE2 STORE1; VMOVDQU Y2, 64(DI); VMOVDQU Y3, 96(DI)
#define STORE3 STORE2; VMOVDQU Y4, 128(DI); VMOVDQU Y5, 160(DI)
#define STORE4 STORE3; VMOVDQU Y6, 192(DI); VMOVDQU Y7, 224(DI)
#define STORE5 STORE4; VMOVDQU Y8, 256(DI); VMOVDQU Y9, 288(DI)
#define STORE6 STORE5; VMOVDQU Y10, 320(DI); VMOVDQU Y11, 352(DI)

#define TILE(rows, loop, CLEAR, ROWS, STORE) \
rows: \
	MOVQ CX, AX \
	SHRQ $2, AX \
	CLEAR       \
loop: \
	PREFETCHT0 4096(R8)    \
	VPMOVSXBW  (R8), Y12   \
	VPMOVSXBW  16(R8), Y13 \
	ROWS                   \
	ADDQ       $32, R8     \
	ADDQ       $4, SI      \
	ADDQ       $4, R9      \
	DECQ       AX          \
	JNE        loop        \
	STORE                  \
	VZEROUPPER             \
	RET

// func panelAVX2(acc *int32, x *int16, inputs, rows int, panel *byte)
TEXT ·panelAVX2(SB), NOSPLIT, $0-40
	MOVQ acc+0(FP), DI
	MOVQ x+8(FP), SI
	MOVQ inputs+16(FP), CX
	MOVQ rows+24(FP), AX
	MOVQ panel+32(FP), R8
	SHLQ $1, CX
	LEAQ (CX)(CX*2), R9
	ADDQ SI, R9
	CMPQ AX, $1
	JEQ  rows1
	CMPQ AX, $2
	JEQ  rows2
	CMPQ AX, $3
	JEQ  rows3
	CMPQ AX, $4
	JEQ  rows4
	CMPQ AX, $5
	JEQ  rows5
	TILE(rows6, loop6, CLEAR6, ROWS6, STORE6)
	TILE(rows5, loop5, CLEAR5, ROWS5, STORE5)
	TILE(rows4, loop4, CLEAR4, ROWS4, STORE4)
	TILE(rows3, loop3, CLEAR3, ROWS3, STORE3)
	TILE(rows2, loop2, CLEAR2, ROWS2, STORE2)
	TILE(rows1, loop1, CLEAR1, ROWS1, STORE1)

// func roundAVX2(dst *int16, x *float32, n int, factor float32)
TEXT ·roundAVX2(SB), NOSPLIT, $0-28
	MOVQ         dst+0(FP), DI
	MOVQ         x+8(FP), SI
	MOVQ         n+16(FP), CX
	VBROADCASTSS factor+24(FP), Y0

round:
	VMULPS    (SI), Y0, Y1
	VMULPS    32(SI), Y0, Y2
	VCVTPS2DQ Y1, Y1
	VCVTPS2DQ Y2, Y2
	VPACKSSDW Y2, Y1, Y1
	VPERMQ    $0xd8, Y1, Y1
	VMOVDQU   Y1, (DI)
	ADDQ      $64, SI
	ADDQ      $32, DI
	SUBQ      $16, CX
	JNE       round

	VZEROUPPER
	RET
