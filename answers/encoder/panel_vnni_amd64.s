#include "textflag.h"

// The VNNI kernel multiplies 8-bit integers, four at a time, with VPDPBUSD, which
// wants the first of its factors without a sign: it is a weight plus 128, and
// what that adds to a sum, 128 times the sum of the row's inputs, is taken off
// at the start. Two panels are computed at once: what is read of an input serves 32 outputs,
// so that the products wait for nothing but each other.

DATA even<>+0(SB)/8, $0x0011000100100000
DATA even<>+8(SB)/8, $0x0013000300120002
DATA even<>+16(SB)/8, $0x0015000500140004
DATA even<>+24(SB)/8, $0x0017000700160006
DATA even<>+32(SB)/8, $0x0019000900180008
DATA even<>+40(SB)/8, $0x001b000b001a000a
DATA even<>+48(SB)/8, $0x001d000d001c000c
DATA even<>+56(SB)/8, $0x001f000f001e000e
GLOBL even<>(SB), RODATA|NOPTR, $64

// Registers: R8 panel and R12 bytes of a panel, DI acc and BX bytes between the sums of the two,
// DX start, CX bytes of a row, AX rows and then the steps that are left. Z0 to Z11 are the sums of
// a row each, Z12 to Z23 those of the second panel, Z24 and Z25 weights, Z28 to Z31 inputs; Z26
// the order that makes fours of pairs, Z27 128 in every byte. Of SI, R9, R10 and R11 each is where the next inputs of
// three rows are.

#define START1 VPBROADCASTD 0(DX), Z0; VMOVDQA32 Z0, Z12
#define START2 START1; VPBROADCASTD 4(DX), Z1; VMOVDQA32 Z1, Z13
#define START3 START2; VPBROADCASTD 8(DX), Z2; VMOVDQA32 Z2, Z14
#define START4 START3; VPBROADCASTD 12(DX), Z3; VMOVDQA32 Z3, Z15
#define START5 START4; VPBROADCASTD 16(DX), Z4; VMOVDQA32 Z4, Z16
#define START6 START5; VPBROADCASTD 20(DX), Z5; VMOVDQA32 Z5, Z17
#define START7 START6; VPBROADCASTD 24(DX), Z6; VMOVDQA32 Z6, Z18
#define START8 START7; VPBROADCASTD 28(DX), Z7; VMOVDQA32 Z7, Z19
#define START9 START8; VPBROADCASTD 32(DX), Z8; VMOVDQA32 Z8, Z20
#define START10 START9; VPBROADCASTD 36(DX), Z9; VMOVDQA32 Z9, Z21
#define START11 START10; VPBROADCASTD 40(DX), Z10; VMOVDQA32 Z10, Z22
#define START12 START11; VPBROADCASTD 44(DX), Z11; VMOVDQA32 Z11, Z23

#define ROWS1(at) VPBROADCASTD at(SI), Z28; VPDPBUSD Z28, Z24, Z0; VPDPBUSD Z28, Z25, Z12
#define ROWS2(at) ROWS1(at); VPBROADCASTD at(SI)(CX*1), Z29; VPDPBUSD Z29, Z24, Z1; VPDPBUSD Z29, Z25, Z13
#define ROWS3(at) ROWS2(at); VPBROADCASTD at(SI)(CX*2), Z30; VPDPBUSD Z30, Z24, Z2; VPDPBUSD Z30, Z25, Z14
#define ROWS4(at) ROWS3(at); VPBROADCASTD at(R9), Z31; VPDPBUSD Z31, Z24, Z3; VPDPBUSD Z31, Z25, Z15
#define ROWS5(at) ROWS4(at); VPBROADCASTD at(R9)(CX*1), Z28; VPDPBUSD Z28, Z24, Z4; VPDPBUSD Z28, Z25, Z16
#define ROWS6(at) ROWS5(at); VPBROADCASTD at(R9)(CX*2), Z29; VPDPBUSD Z29, Z24, Z5; VPDPBUSD Z29, Z25, Z17
#define ROWS7(at) ROWS6(at); VPBROADCASTD at(R10), Z30; VPDPBUSD Z30, Z24, Z6; VPDPBUSD Z30, Z25, Z18
#define ROWS8(at) ROWS7(at); VPBROADCASTD at(R10)(CX*1), Z31; VPDPBUSD Z31, Z24, Z7; VPDPBUSD Z31, Z25, Z19
#define ROWS9(at) ROWS8(at); VPBROADCASTD at(R10)(CX*2), Z28; VPDPBUSD Z28, Z24, Z8; VPDPBUSD Z28, Z25, Z20
#define ROWS10(at) ROWS9(at); VPBROADCASTD at(R11), Z29; VPDPBUSD Z29, Z24, Z9; VPDPBUSD Z29, Z25, Z21
#define ROWS11(at) ROWS10(at); VPBROADCASTD at(R11)(CX*1), Z30; VPDPBUSD Z30, Z24, Z10; VPDPBUSD Z30, Z25, Z22
#define ROWS12(at) ROWS11(at); VPBROADCASTD at(R11)(CX*2), Z31; VPDPBUSD Z31, Z24, Z11; VPDPBUSD Z31, Z25, Z23

#define STORE1 VMOVDQU32 Z0, 0(DI); VMOVDQU32 Z12, 0(DI)(BX*1)
#define STORE2 STORE1; VMOVDQU32 Z1, 64(DI); VMOVDQU32 Z13, 64(DI)(BX*1)
#define STORE3 STORE2; VMOVDQU32 Z2, 128(DI); VMOVDQU32 Z14, 128(DI)(BX*1)
#define STORE4 STORE3; VMOVDQU32 Z3, 192(DI); VMOVDQU32 Z15, 192(DI)(BX*1)
#define STORE5 STORE4; VMOVDQU32 Z4, 256(DI); VMOVDQU32 Z16, 256(DI)(BX*1)
#define STORE6 STORE5; VMOVDQU32 Z5, 320(DI); VMOVDQU32 Z17, 320(DI)(BX*1)
#define STORE7 STORE6; VMOVDQU32 Z6, 384(DI); VMOVDQU32 Z18, 384(DI)(BX*1)
#define STORE8 STORE7; VMOVDQU32 Z7, 448(DI); VMOVDQU32 Z19, 448(DI)(BX*1)
#define STORE9 STORE8; VMOVDQU32 Z8, 512(DI); VMOVDQU32 Z20, 512(DI)(BX*1)
#define STORE10 STORE9; VMOVDQU32 Z9, 576(DI); VMOVDQU32 Z21, 576(DI)(BX*1)
#define STORE11 STORE10; VMOVDQU32 Z10, 640(DI); VMOVDQU32 Z22, 640(DI)(BX*1)
#define STORE12 STORE11; VMOVDQU32 Z11, 704(DI); VMOVDQU32 Z23, 704(DI)(BX*1)

#define FOURS(at) \
	VPERMW at(R8), Z26, Z24 \
	VPERMW at(R8)(R12*1), Z26, Z25 \
	VPXORD Z27, Z24, Z24 \
	VPXORD Z27, Z25, Z25

#define TILE(rows, loop, START, ROWS, STORE) \
rows: \
	MOVQ CX, AX \
	SHRQ $3, AX \
	START \
loop: \
	PREFETCHT1 (R13) \
	PREFETCHT1 64(R13) \
	PREFETCHT1 128(R13) \
	PREFETCHT1 192(R13) \
	FOURS(0) \
	ROWS(0) \
	FOURS(64) \
	ROWS(4) \
	ADDQ $128, R8 \
	ADDQ $256, R13 \
	ADDQ $8, SI \
	ADDQ $8, R9 \
	ADDQ $8, R10 \
	ADDQ $8, R11 \
	DECQ AX \
	JNE  loop \
	STORE \
	VZEROUPPER \
	RET

// func pairVNNI(acc *int32, apart int, x *int8, start *int32, inputs, rows int, panels *byte)
TEXT ·pairVNNI(SB), NOSPLIT, $0-56
	MOVQ acc+0(FP), DI
	MOVQ apart+8(FP), BX
	SHLQ $2, BX
	MOVQ x+16(FP), SI
	MOVQ start+24(FP), DX
	MOVQ inputs+32(FP), CX
	MOVQ rows+40(FP), AX
	LEAQ (CX)(CX*2), R12
	LEAQ (SI)(R12*1), R9
	LEAQ (SI)(R12*2), R10
	LEAQ (R9)(R12*2), R11
	MOVQ CX, R12
	SHLQ $4, R12
	VMOVDQU32 even<>(SB), Z26
	MOVL $0x80808080, R8
	VPBROADCASTD R8, Z27
	MOVQ panels+48(FP), R8
	LEAQ (R8)(R12*2), R13
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
