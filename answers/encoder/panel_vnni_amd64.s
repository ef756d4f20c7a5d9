#include "textflag.h"

// The VNNI kernel multiplies 8-bit integers, four at a time, with VPDPBUSD, which
// wants the first of its factors without a sign: it is a weight plus 128, and
// what that adds to a sum, 128 times the sum of the row's inputs, is taken off
// at the start.

DATA even<>+0(SB)/8, $0x0011000100100000
DATA even<>+8(SB)/8, $0x0013000300120002
DATA even<>+16(SB)/8, $0x0015000500140004
DATA even<>+24(SB)/8, $0x0017000700160006
DATA even<>+32(SB)/8, $0x0019000900180008
DATA even<>+40(SB)/8, $0x001b000b001a000a
DATA even<>+48(SB)/8, $0x001d000d001c000c
DATA even<>+56(SB)/8, $0x001f000f001e000e
GLOBL even<>(SB), RODATA|NOPTR, $64

// Registers: R8 panel, DI acc, DX start, CX bytes of a row, AX rows and then the
// steps that are left. Z0 to Z23 are the sums of a row each, Z24 and Z25 weights, Z26
// the order that makes fours of pairs, Z27 128 in every byte. Of SI, R9, R10, R11,
// R12, R13, R15 and BX each is where the next inputs of three rows are.

#define START1 VPBROADCASTD 0(DX), Z0
#define START2 START1; VPBROADCASTD 4(DX), Z1
#define START3 START2; VPBROADCASTD 8(DX), Z2
#define START4 START3; VPBROADCASTD 12(DX), Z3
#define START5 START4; VPBROADCASTD 16(DX), Z4
#define START6 START5; VPBROADCASTD 20(DX), Z5
#define START7 START6; VPBROADCASTD 24(DX), Z6
#define START8 START7; VPBROADCASTD 28(DX), Z7
#define START9 START8; VPBROADCASTD 32(DX), Z8
#define START10 START9; VPBROADCASTD 36(DX), Z9
#define START11 START10; VPBROADCASTD 40(DX), Z10
#define START12 START11; VPBROADCASTD 44(DX), Z11
#define START13 START12; VPBROADCASTD 48(DX), Z12
#define START14 START13; VPBROADCASTD 52(DX), Z13
#define START15 START14; VPBROADCASTD 56(DX), Z14
#define START16 START15; VPBROADCASTD 60(DX), Z15
#define START17 START16; VPBROADCASTD 64(DX), Z16
#define START18 START17; VPBROADCASTD 68(DX), Z17
#define START19 START18; VPBROADCASTD 72(DX), Z18
#define START20 START19; VPBROADCASTD 76(DX), Z19
#define START21 START20; VPBROADCASTD 80(DX), Z20
#define START22 START21; VPBROADCASTD 84(DX), Z21
#define START23 START22; VPBROADCASTD 88(DX), Z22
#define START24 START23; VPBROADCASTD 92(DX), Z23

#define ROWS1(at, w) VPDPBUSD.BCST at(SI), w, Z0
#define ROWS2(at, w) ROWS1(at, w); VPDPBUSD.BCST at(SI)(CX*1), w, Z1
#define ROWS3(at, w) ROWS2(at, w); VPDPBUSD.BCST at(SI)(CX*2), w, Z2
#define ROWS4(at, w) ROWS3(at, w); VPDPBUSD.BCST at(R9), w, Z3
#define ROWS5(at, w) ROWS4(at, w); VPDPBUSD.BCST at(R9)(CX*1), w, Z4
#define ROWS6(at, w) ROWS5(at, w); VPDPBUSD.BCST at(R9)(CX*2), w, Z5
#define ROWS7(at, w) ROWS6(at, w); VPDPBUSD.BCST at(R10), w, Z6
#define ROWS8(at, w) ROWS7(at, w); VPDPBUSD.BCST at(R10)(CX*1), w, Z7
#define ROWS9(at, w) ROWS8(at, w); VPDPBUSD.BCST at(R10)(CX*2), w, Z8
#define ROWS10(at, w) ROWS9(at, w); VPDPBUSD.BCST at(R11), w, Z9
#define ROWS11(at, w) ROWS10(at, w); VPDPBUSD.BCST at(R11)(CX*1), w, Z10
#define ROWS12(at, w) ROWS11(at, w); VPDPBUSD.BCST at(R11)(CX*2), w, Z11
#define ROWS13(at, w) ROWS12(at, w); VPDPBUSD.BCST at(R12), w, Z12
#define ROWS14(at, w) ROWS13(at, w); VPDPBUSD.BCST at(R12)(CX*1), w, Z13
#define ROWS15(at, w) ROWS14(at, w); VPDPBUSD.BCST at(R12)(CX*2), w, Z14
#define ROWS16(at, w) ROWS15(at, w); VPDPBUSD.BCST at(R13), w, Z15
#define ROWS17(at, w) ROWS16(at, w); VPDPBUSD.BCST at(R13)(CX*1), w, Z16
#define ROWS18(at, w) ROWS17(at, w); VPDPBUSD.BCST at(R13)(CX*2), w, Z17
#define ROWS19(at, w) ROWS18(at, w); VPDPBUSD.BCST at(R15), w, Z18
#define ROWS20(at, w) ROWS19(at, w); VPDPBUSD.BCST at(R15)(CX*1), w, Z19
#define ROWS21(at, w) ROWS20(at, w); VPDPBUSD.BCST at(R15)(CX*2), w, Z20
#define ROWS22(at, w) ROWS21(at, w); VPDPBUSD.BCST at(BX), w, Z21
#define ROWS23(at, w) ROWS22(at, w); VPDPBUSD.BCST at(BX)(CX*1), w, Z22
#define ROWS24(at, w) ROWS23(at, w); VPDPBUSD.BCST at(BX)(CX*2), w, Z23

#define STORE1 VMOVDQU32 Z0, 0(DI)
#define STORE2 STORE1; VMOVDQU32 Z1, 64(DI)
#define STORE3 STORE2; VMOVDQU32 Z2, 128(DI)
#define STORE4 STORE3; VMOVDQU32 Z3, 192(DI)
#define STORE5 STORE4; VMOVDQU32 Z4, 256(DI)
#define STORE6 STORE5; VMOVDQU32 Z5, 320(DI)
#define STORE7 STORE6; VMOVDQU32 Z6, 384(DI)
#define STORE8 STORE7; VMOVDQU32 Z7, 448(DI)
#define STORE9 STORE8; VMOVDQU32 Z8, 512(DI)
#define STORE10 STORE9; VMOVDQU32 Z9, 576(DI)
#define STORE11 STORE10; VMOVDQU32 Z10, 640(DI)
#define STORE12 STORE11; VMOVDQU32 Z11, 704(DI)
#define STORE13 STORE12; VMOVDQU32 Z12, 768(DI)
#define STORE14 STORE13; VMOVDQU32 Z13, 832(DI)
#define STORE15 STORE14; VMOVDQU32 Z14, 896(DI)
#define STORE16 STORE15; VMOVDQU32 Z15, 960(DI)
#define STORE17 STORE16; VMOVDQU32 Z16, 1024(DI)
#define STORE18 STORE17; VMOVDQU32 Z17, 1088(DI)
#define STORE19 STORE18; VMOVDQU32 Z18, 1152(DI)
#define STORE20 STORE19; VMOVDQU32 Z19, 1216(DI)
#define STORE21 STORE20; VMOVDQU32 Z20, 1280(DI)
#define STORE22 STORE21; VMOVDQU32 Z21, 1344(DI)
#define STORE23 STORE22; VMOVDQU32 Z22, 1408(DI)
#define STORE24 STORE23; VMOVDQU32 Z23, 1472(DI)

#define FOURS(at, w) \
	VPERMW at(R8), Z26, w \
	VPXORD Z27, w, w

#define TILE(rows, loop, START, ROWS, STORE) \
rows: \
	MOVQ CX, AX \
	SHRQ $3, AX \
	START \
loop: \
	PREFETCHT0 4096(R8) \
	PREFETCHT0 4160(R8) \
	FOURS(0, Z24) \
	FOURS(64, Z25) \
	ROWS(0, Z24) \
	ROWS(4, Z25) \
	ADDQ $128, R8 \
	ADDQ $8, SI \
	ADDQ $8, R9 \
	ADDQ $8, R10 \
	ADDQ $8, R11 \
	ADDQ $8, R12 \
	ADDQ $8, R13 \
	ADDQ $8, R15 \
	ADDQ $8, BX \
	DECQ AX \
	JNE  loop \
	STORE \
	VZEROUPPER \
	RET

// TOTAL adds the lanes of z up in its lowest.
#define TOTAL(z, y, x, y2, x2) \
	VEXTRACTI64X4 $1, z, y2 \
	VPADDD        y2, y, y \
	VEXTRACTI128  $1, y, x2 \
	VPADDD        x2, x, x \
	VPSHUFD       $0x4e, x, x2 \
	VPADDD        x2, x, x \
	VPSHUFD       $0xb1, x, x2 \
	VPADDD        x2, x, x

// func panelVNNI(acc *int32, x *int8, start *int32, inputs, rows int, panel *byte)
TEXT ·panelVNNI(SB), NOSPLIT, $0-48
	MOVQ acc+0(FP), DI
	MOVQ x+8(FP), SI
	MOVQ start+16(FP), DX
	MOVQ inputs+24(FP), CX
	MOVQ rows+32(FP), AX
	LEAQ (CX)(CX*2), R15
	LEAQ (SI)(R15*1), R9
	LEAQ (SI)(R15*2), R10
	LEAQ (R9)(R15*2), R11
	LEAQ (SI)(R15*4), R12
	LEAQ (R9)(R15*4), R13
	LEAQ (R11)(R15*4), BX
	LEAQ (R10)(R15*4), R15
	VMOVDQU32 even<>(SB), Z26
	MOVL $0x80808080, R8
	VPBROADCASTD R8, Z27
	MOVQ panel+40(FP), R8
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
	CMPQ AX, $6
	JEQ  rows6
	CMPQ AX, $7
	JEQ  rows7
	CMPQ AX, $8
	JEQ  rows8
	CMPQ AX, $9
	JEQ  rows9
	CMPQ AX, $10
	JEQ  rows10
	CMPQ AX, $11
	JEQ  rows11
	CMPQ AX, $12
	JEQ  rows12
	CMPQ AX, $13
	JEQ  rows13
	CMPQ AX, $14
	JEQ  rows14
	CMPQ AX, $15
	JEQ  rows15
	CMPQ AX, $16
	JEQ  rows16
	CMPQ AX, $17
	JEQ  rows17
	CMPQ AX, $18
	JEQ  rows18
	CMPQ AX, $19
	JEQ  rows19
	CMPQ AX, $20
	JEQ  rows20
	CMPQ AX, $21
	JEQ  rows21
	CMPQ AX, $22
	JEQ  rows22
	CMPQ AX, $23
	JEQ  rows23

	TILE(rows24, loop24, START24, ROWS24, STORE24)
	TILE(rows23, loop23, START23, ROWS23, STORE23)
	TILE(rows22, loop22, START22, ROWS22, STORE22)
	TILE(rows21, loop21, START21, ROWS21, STORE21)
	TILE(rows20, loop20, START20, ROWS20, STORE20)
	TILE(rows19, loop19, START19, ROWS19, STORE19)
	TILE(rows18, loop18, START18, ROWS18, STORE18)
	TILE(rows17, loop17, START17, ROWS17, STORE17)
	TILE(rows16, loop16, START16, ROWS16, STORE16)
	TILE(rows15, loop15, START15, ROWS15, STORE15)
	TILE(rows14, loop14, START14, ROWS14, STORE14)
	TILE(rows13, loop13, START13, ROWS13, STORE13)
	TILE(rows12, loop12, START12, ROWS12, STORE12)
	TILE(rows11, loop11, START11, ROWS11, STORE11)
	TILE(rows10, loop10, START10, ROWS10, STORE10)
	TILE(rows9, loop9, START9, ROWS9, STORE9)
	TILE(rows8, loop8, START8, ROWS8, STORE8)
	TILE(rows7, loop7, START7, ROWS7, STORE7)
	TILE(rows6, loop6, START6, ROWS6, STORE6)
	TILE(rows5, loop5, START5, ROWS5, STORE5)
	TILE(rows4, loop4, START4, ROWS4, STORE4)
	TILE(rows3, loop3, START3, ROWS3, STORE3)
	TILE(rows2, loop2, START2, ROWS2, STORE2)
	TILE(rows1, loop1, START1, ROWS1, STORE1)

// func roundVNNI(dst *int8, x *float32, n int, factor float32) int32
TEXT ·roundVNNI(SB), NOSPLIT, $0-36
	MOVQ         dst+0(FP), DI
	MOVQ         x+8(FP), SI
	MOVQ         n+16(FP), CX
	VBROADCASTSS factor+24(FP), Z0
	VPXORD       Z1, Z1, Z1

round:
	VMULPS    (SI), Z0, Z2
	VCVTPS2DQ Z2, Z2
	VPADDD    Z2, Z1, Z1
	VPMOVDB   Z2, (DI)
	ADDQ      $64, SI
	ADDQ      $16, DI
	SUBQ      $16, CX
	JNE       round

	TOTAL(Z1, Y1, X1, Y2, X2)
	VMOVD X1, AX
	MOVL AX, ret+32(FP)
	VZEROUPPER
	RET

// func splitVNNI(high, low *int8, x *float32, n int, factor float32) (sumHigh, sumLow int32)
TEXT ·splitVNNI(SB), NOSPLIT, $0-48
	MOVQ         high+0(FP), DI
	MOVQ         low+8(FP), DX
	MOVQ         x+16(FP), SI
	MOVQ         n+24(FP), CX
	VBROADCASTSS factor+32(FP), Z0
	VPXORD       Z1, Z1, Z1
	VPXORD       Z3, Z3, Z3
	MOVL         $64, AX
	VPBROADCASTD AX, Z5

split:
	VMULPS    (SI), Z0, Z2
	VCVTPS2DQ Z2, Z2
	VPADDD    Z5, Z2, Z4
	VPSRAD    $7, Z4, Z4    // the high part: over 128, rounded
	VPADDD    Z4, Z1, Z1
	VPMOVDB   Z4, (DI)
	VPSLLD    $7, Z4, Z4
	VPSUBD    Z4, Z2, Z2    // what is left
	VPADDD    Z2, Z3, Z3
	VPMOVDB   Z2, (DX)
	ADDQ      $64, SI
	ADDQ      $16, DI
	ADDQ      $16, DX
	SUBQ      $16, CX
	JNE       split

	TOTAL(Z1, Y1, X1, Y2, X2)
	TOTAL(Z3, Y3, X3, Y2, X2)
	VMOVD X1, AX
	MOVL AX, sumHigh+40(FP)
	VMOVD X3, AX
	MOVL AX, sumLow+44(FP)
	VZEROUPPER
	RET
