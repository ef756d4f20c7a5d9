#include "textflag.h"

// Those of the steps beside the matrix products that take most of their time,
// again, with AVX-512.

// func activate512(x *float32, n int, constants *[12][8]float32)
TEXT ·activate512(SB), NOSPLIT, $0-24
	MOVQ         x+0(FP), SI
	MOVQ         n+8(FP), CX
	MOVQ         constants+16(FP), R8
	VBROADCASTSS (R8), Z4     // geluLimit
	VBROADCASTSS 32(R8), Z5   // -geluLimit
	VBROADCASTSS 64(R8), Z6   // geluP4
	VBROADCASTSS 96(R8), Z7   // geluP3
	VBROADCASTSS 128(R8), Z8  // geluP2
	VBROADCASTSS 160(R8), Z9  // geluP1
	VBROADCASTSS 192(R8), Z10 // geluP0
	VBROADCASTSS 224(R8), Z11 // geluQ3
	VBROADCASTSS 256(R8), Z12 // geluQ2
	VBROADCASTSS 288(R8), Z13 // geluQ1
	VBROADCASTSS 320(R8), Z14 // 1
	VBROADCASTSS 352(R8), Z15 // 1/2

activate:
	VMINPS  (SI), Z4, Z0
	VMAXPS  Z0, Z5, Z0
	VMULPS  Z0, Z0, Z1
	VMULPS  Z1, Z6, Z2
	VADDPS  Z2, Z7, Z2
	VMULPS  Z1, Z11, Z3
	VMULPS  Z1, Z2, Z2
	VADDPS  Z3, Z12, Z3
	VADDPS  Z2, Z8, Z2
	VMULPS  Z1, Z3, Z3
	VMULPS  Z1, Z2, Z2
	VADDPS  Z3, Z13, Z3
	VADDPS  Z2, Z9, Z2
	VMULPS  Z1, Z3, Z3
	VMULPS  Z1, Z2, Z2
	VADDPS  Z3, Z14, Z3
	VADDPS  Z2, Z10, Z2
	VMULPS  Z0, Z2, Z2
	VDIVPS  Z3, Z2, Z2
	VADDPS  Z2, Z15, Z2
	VMULPS  (SI), Z2, Z2
	VMOVUPS Z2, (SI)
	ADDQ    $64, SI
	SUBQ    $16, CX
	JNE     activate

	VZEROUPPER
	RET

// FOLD brings all lanes of z together in its lowest: always the upper half and the lower half.
#define FOLD(op, z, y, x, y2, x2) \
	VEXTRACTF64X4 $1, z, y2   \
	op            y2, y, y    \
	VEXTRACTF128  $1, y, x2   \
	op            x2, x, x    \
	VPSHUFD       $0x4e, x, x2 \
	op            x2, x, x    \
	VPSHUFD       $0xb1, x, x2 \
	op            x2, x, x

// func softmax512(scores *float32, n int, constants *[12][8]float32) float32
TEXT ·softmax512(SB), NOSPLIT, $0-28
	MOVQ    scores+0(FP), SI
	MOVQ    n+8(FP), CX
	MOVQ    constants+16(FP), R8
	LEAQ    (SI)(CX*4), DX
	MOVQ    SI, DI
	VMOVUPS (DI), Z0

top:
	VMAXPS (DI), Z0, Z0
	ADDQ   $64, DI
	CMPQ   DI, DX
	JNE    top

	FOLD(VMAXPS, Z0, Y0, X0, Y1, X1)
	VBROADCASTSS X0, Z0
	VPXORD       Z1, Z1, Z1   // the sums
	VBROADCASTSS (R8), Z4     // expLimit
	VBROADCASTSS 32(R8), Z5   // log2(e)
	VBROADCASTSS 64(R8), Z6   // 1/2
	VBROADCASTSS 96(R8), Z7   // ln2High
	VBROADCASTSS 128(R8), Z8  // ln2Low
	VBROADCASTSS 160(R8), Z9  // 1/720
	VBROADCASTSS 192(R8), Z10 // 1/120
	VBROADCASTSS 224(R8), Z11 // 1/24
	VBROADCASTSS 256(R8), Z12 // 1/6
	VBROADCASTSS 288(R8), Z13 // 1
	VBROADCASTSS 320(R8), Z14 // the integer 127

power:
	VMOVUPS    (SI), Z2
	VSUBPS     Z0, Z2, Z2
	VMAXPS     Z2, Z4, Z2
	VMULPS     Z2, Z5, Z3
	VSUBPS     Z6, Z3, Z3
	VCVTTPS2DQ Z3, Z3
	VPADDD     Z3, Z14, Z15
	VPSLLD     $23, Z15, Z15 // 2 to the power of k
	VCVTDQ2PS  Z3, Z3        // k
	VMULPS     Z3, Z7, Z16
	VSUBPS     Z16, Z2, Z2
	VMULPS     Z3, Z8, Z16
	VSUBPS     Z16, Z2, Z2   // r
	VMULPS     Z2, Z9, Z3
	VADDPS     Z3, Z10, Z3
	VMULPS     Z2, Z3, Z3
	VADDPS     Z3, Z11, Z3
	VMULPS     Z2, Z3, Z3
	VADDPS     Z3, Z12, Z3
	VMULPS     Z2, Z3, Z3
	VADDPS     Z3, Z6, Z3
	VMULPS     Z2, Z3, Z3
	VADDPS     Z3, Z13, Z3
	VMULPS     Z2, Z3, Z3
	VADDPS     Z3, Z13, Z3
	VMULPS     Z15, Z3, Z3
	VMOVUPS    Z3, (SI)
	VADDPS     Z3, Z1, Z1
	ADDQ       $64, SI
	CMPQ       SI, DX
	JNE        power

	FOLD(VADDPS, Z1, Y1, X1, Y2, X2)
	VDIVSS X1, X13, X1
	VMOVSS X1, ret+24(FP)
	VZEROUPPER
	RET

// func mix512(dst *[headDims]float32, factor float32, weight *float32, n int, rows *float32, stride int)
TEXT ·mix512(SB), NOSPLIT, $0-48
	MOVQ   dst+0(FP), DI
	MOVQ   weight+16(FP), SI
	MOVQ   n+24(FP), CX
	MOVQ   rows+32(FP), R8
	MOVQ   stride+40(FP), DX
	SHLQ   $2, DX
	VPXORD Z0, Z0, Z0
	VPXORD Z1, Z1, Z1
	VPXORD Z2, Z2, Z2
	VPXORD Z3, Z3, Z3

rows:
	VBROADCASTSS (SI), Z4
	VMULPS       (R8), Z4, Z5
	VMULPS       64(R8), Z4, Z6
	VADDPS       Z5, Z0, Z0
	VADDPS       Z6, Z1, Z1
	ADDQ         DX, R8
	DECQ         CX
	JEQ          sums
	VBROADCASTSS 4(SI), Z7
	VMULPS       (R8), Z7, Z5
	VMULPS       64(R8), Z7, Z6
	VADDPS       Z5, Z2, Z2
	VADDPS       Z6, Z3, Z3
	ADDQ         DX, R8
	ADDQ         $8, SI
	DECQ         CX
	JNE          rows

sums:
	VBROADCASTSS factor+8(FP), Z4
	VADDPS       Z2, Z0, Z0
	VADDPS       Z3, Z1, Z1
	VMULPS       Z0, Z4, Z0
	VMULPS       Z1, Z4, Z1
	VMOVUPS      Z0, (DI)
	VMOVUPS      Z1, 64(DI)
	VZEROUPPER
	RET

// func finish512(dst *float32, stride int, acc *int32, apart int, worth *float32, rows int, scale, bias *float32)
TEXT ·finish512(SB), NOSPLIT, $0-64
	MOVQ    dst+0(FP), DI
	MOVQ    stride+8(FP), BX
	MOVQ    acc+16(FP), SI
	MOVQ    apart+24(FP), DX
	MOVQ    worth+32(FP), R8
	MOVQ    rows+40(FP), CX
	MOVQ    scale+48(FP), R9
	MOVQ    bias+56(FP), R10
	SHLQ    $2, BX
	SHLQ    $2, DX
	VMOVUPS (R9), Z0
	VMOVUPS 64(R9), Z1
	VMOVUPS (R10), Z2
	VMOVUPS 64(R10), Z3

finish:
	VMULPS.BCST (R8), Z0, Z5
	VMULPS.BCST (R8), Z1, Z6
	VCVTDQ2PS   (SI), Z7
	VCVTDQ2PS   (SI)(DX*1), Z8
	VMULPS      Z7, Z5, Z5
	VMULPS      Z8, Z6, Z6
	VADDPS      Z5, Z2, Z5
	VADDPS      Z6, Z3, Z6
	VMOVUPS     Z5, (DI)
	VMOVUPS     Z6, 64(DI)
	ADDQ        $4, R8
	ADDQ        $64, SI
	ADDQ        BX, DI
	DECQ        CX
	JNE         finish

	VZEROUPPER
	RET

// func join512(acc, low *int32, fine *int, n, apart int)
TEXT ·join512(SB), NOSPLIT, $0-40
	MOVQ acc+0(FP), DI
	MOVQ low+8(FP), SI
	MOVQ fine+16(FP), R8
	MOVQ n+24(FP), CX
	MOVQ apart+32(FP), DX
	SHLQ $2, DX

join:
	MOVQ      (R8), AX
	SHLQ      $6, AX
	ADDQ      DI, AX
	VPSLLD    $7, (AX), Z0
	VPSLLD    $7, (AX)(DX*1), Z1
	VPADDD    (SI), Z0, Z0
	VPADDD    (SI)(DX*1), Z1, Z1
	VMOVDQU32 Z0, (AX)
	VMOVDQU32 Z1, (AX)(DX*1)
	ADDQ      $8, R8
	ADDQ      $64, SI
	DECQ      CX
	JNE       join

	VZEROUPPER
	RET

// Attention. Rows of qkv are 4608 bytes apart, those of what is made of them 1536, those of
// turned keys and of scores 512.

// PRODUCT adds the product of a query's dimension and the keys' to its sums.
#define PRODUCT(query, p, sums) \
	VMULPS.BCST query, Z8, p  \
	VADDPS      p, sums, sums

// SCORE finishes a query's scores: the sums of even and odd dimensions together, times
// 1/√headDims, and nothing behind the last token.
#define SCORE(even, odd, at, most) \
	VADDPS    odd, even, even      \
	VMULPS    even, Z30, even      \
	VBLENDMPS even, Z31, K1, even  \
	VMOVUPS   even, at(DI)         \
	VMAXPS    even, most, most

// POWERS raises e to the power of a query's scores less the largest of them, and adds them up.
#define POWERS(at, most, sums) \
	VMOVUPS    at(DI), Z4     \
	VSUBPS     most, Z4, Z4   \
	VMAXPS     Z4, Z20, Z4    \
	VMULPS     Z4, Z21, Z5    \
	VSUBPS     Z22, Z5, Z5    \
	VCVTTPS2DQ Z5, Z5         \
	VPADDD     Z5, Z30, Z6    \
	VPSLLD     $23, Z6, Z6    \
	VCVTDQ2PS  Z5, Z5         \
	VMULPS     Z5, Z23, Z7    \
	VSUBPS     Z7, Z4, Z4     \
	VMULPS     Z5, Z24, Z7    \
	VSUBPS     Z7, Z4, Z4     \
	VMULPS     Z4, Z25, Z5    \
	VADDPS     Z5, Z26, Z5    \
	VMULPS     Z4, Z5, Z5     \
	VADDPS     Z5, Z27, Z5    \
	VMULPS     Z4, Z5, Z5     \
	VADDPS     Z5, Z28, Z5    \
	VMULPS     Z4, Z5, Z5     \
	VADDPS     Z5, Z22, Z5    \
	VMULPS     Z4, Z5, Z5     \
	VADDPS     Z5, Z29, Z5    \
	VMULPS     Z4, Z5, Z5     \
	VADDPS     Z5, Z29, Z5    \
	VMULPS     Z6, Z5, Z5     \
	VMOVUPS    Z5, at(DI)     \
	VADDPS     Z5, sums, sums

// SHARED adds a token's values, in Z16 and Z17, times its share of a query to its sums.
#define SHARED(at, low, high) \
	VBROADCASTSS at(DI), Z18   \
	VMULPS       Z16, Z18, Z19 \
	VMULPS       Z17, Z18, Z20 \
	VADDPS       Z19, low, low \
	VADDPS       Z20, high, high

// MIXED writes what a query gets: the sums of even and odd tokens together, times one part.
#define MIXED(low, high, low2, high2, part, at) \
	VADDPS  low2, low, low    \
	VADDPS  high2, high, high \
	VMULPS  low, part, low    \
	VMULPS  high, part, high  \
	VMOVUPS low, at(DI)       \
	VMOVUPS high, at+64(DI)

// func attend512(att, queries, keys, values *float32, tokens int, scores *float32, constants *[12][8]float32)
TEXT ·attend512(SB), NOSPLIT, $0-56
	MOVQ         queries+8(FP), SI
	MOVQ         keys+16(FP), R10
	MOVQ         tokens+32(FP), CX
	MOVQ         scores+40(FP), DI
	MOVQ         constants+48(FP), R8
	MOVQ         $4608, DX
	VBROADCASTSS 352(R8), Z30 // 1/√headDims
	MOVL         $0xff800000, AX
	VPBROADCASTD AX, Z31      // -∞
	VMOVAPS      Z31, Z12     // the largest score of each query
	VMOVAPS      Z31, Z13
	VMOVAPS      Z31, Z14
	VMOVAPS      Z31, Z15
	KXNORW       K1, K1, K1

tokens:
	CMPQ  CX, $16
	JGE   whole
	MOVL  $1, AX
	SHLL  CX, AX
	DECL  AX
	KMOVW AX, K1

whole:
	VPXORD Z0, Z0, Z0
	VPXORD Z1, Z1, Z1
	VPXORD Z2, Z2, Z2
	VPXORD Z3, Z3, Z3
	VPXORD Z4, Z4, Z4
	VPXORD Z5, Z5, Z5
	VPXORD Z6, Z6, Z6
	VPXORD Z7, Z7, Z7
	MOVQ   SI, R9
	LEAQ   (SI)(DX*2), R11
	MOVQ   R10, R12
	MOVQ   $16, AX

dimensions:
	VMOVUPS (R12), Z8
	PRODUCT((R9), Z9, Z0)
	PRODUCT((R9)(DX*1), Z10, Z1)
	PRODUCT((R11), Z11, Z2)
	PRODUCT((R11)(DX*1), Z16, Z3)
	VMOVUPS 512(R12), Z8
	PRODUCT(4(R9), Z9, Z4)
	PRODUCT(4(R9)(DX*1), Z10, Z5)
	PRODUCT(4(R11), Z11, Z6)
	PRODUCT(4(R11)(DX*1), Z16, Z7)
	ADDQ $8, R9
	ADDQ $8, R11
	ADDQ $1024, R12
	DECQ AX
	JNE  dimensions

	SCORE(Z0, Z4, 0, Z12)
	SCORE(Z1, Z5, 512, Z13)
	SCORE(Z2, Z6, 1024, Z14)
	SCORE(Z3, Z7, 1536, Z15)
	ADDQ $64, DI
	ADDQ $64, R10
	SUBQ $16, CX
	JGT  tokens

	FOLD(VMAXPS, Z12, Y12, X12, Y4, X4)
	FOLD(VMAXPS, Z13, Y13, X13, Y4, X4)
	FOLD(VMAXPS, Z14, Y14, X14, Y4, X4)
	FOLD(VMAXPS, Z15, Y15, X15, Y4, X4)
	VBROADCASTSS X12, Z12
	VBROADCASTSS X13, Z13
	VBROADCASTSS X14, Z14
	VBROADCASTSS X15, Z15
	VPXORD       Z0, Z0, Z0   // the sums
	VPXORD       Z1, Z1, Z1
	VPXORD       Z2, Z2, Z2
	VPXORD       Z3, Z3, Z3
	VBROADCASTSS (R8), Z20    // expLimit
	VBROADCASTSS 32(R8), Z21  // log2(e)
	VBROADCASTSS 64(R8), Z22  // 1/2
	VBROADCASTSS 96(R8), Z23  // ln2High
	VBROADCASTSS 128(R8), Z24 // ln2Low
	VBROADCASTSS 160(R8), Z25 // 1/720
	VBROADCASTSS 192(R8), Z26 // 1/120
	VBROADCASTSS 224(R8), Z27 // 1/24
	VBROADCASTSS 256(R8), Z28 // 1/6
	VBROADCASTSS 288(R8), Z29 // 1
	VBROADCASTSS 320(R8), Z30 // the integer 127
	MOVQ         DI, DX       // the end of the first query's scores
	MOVQ         scores+40(FP), DI

powers:
	POWERS(0, Z12, Z0)
	POWERS(512, Z13, Z1)
	POWERS(1024, Z14, Z2)
	POWERS(1536, Z15, Z3)
	ADDQ $64, DI
	CMPQ DI, DX
	JNE  powers

	VMOVAPS Z29, Z11
	FOLD(VADDPS, Z0, Y0, X0, Y4, X4)
	FOLD(VADDPS, Z1, Y1, X1, Y4, X4)
	FOLD(VADDPS, Z2, Y2, X2, Y4, X4)
	FOLD(VADDPS, Z3, Y3, X3, Y4, X4)
	VDIVSS       X0, X11, X0
	VDIVSS       X1, X11, X1
	VDIVSS       X2, X11, X2
	VDIVSS       X3, X11, X3
	VBROADCASTSS X0, Z28
	VBROADCASTSS X1, Z29
	VBROADCASTSS X2, Z30
	VBROADCASTSS X3, Z31

	MOVQ   values+24(FP), R10
	MOVQ   tokens+32(FP), CX
	MOVQ   scores+40(FP), DI
	VPXORD Z0, Z0, Z0
	VPXORD Z1, Z1, Z1
	VPXORD Z2, Z2, Z2
	VPXORD Z3, Z3, Z3
	VPXORD Z4, Z4, Z4
	VPXORD Z5, Z5, Z5
	VPXORD Z6, Z6, Z6
	VPXORD Z7, Z7, Z7
	VPXORD Z8, Z8, Z8
	VPXORD Z9, Z9, Z9
	VPXORD Z10, Z10, Z10
	VPXORD Z11, Z11, Z11
	VPXORD Z12, Z12, Z12
	VPXORD Z13, Z13, Z13
	VPXORD Z14, Z14, Z14
	VPXORD Z15, Z15, Z15

values:
	VMOVUPS (R10), Z16
	VMOVUPS 64(R10), Z17
	SHARED(0, Z0, Z1)
	SHARED(512, Z4, Z5)
	SHARED(1024, Z8, Z9)
	SHARED(1536, Z12, Z13)
	DECQ    CX
	JEQ     mixed
	VMOVUPS 4608(R10), Z16
	VMOVUPS 4672(R10), Z17
	SHARED(4, Z2, Z3)
	SHARED(516, Z6, Z7)
	SHARED(1028, Z10, Z11)
	SHARED(1540, Z14, Z15)
	ADDQ    $9216, R10
	ADDQ    $8, DI
	DECQ    CX
	JNE     values

mixed:
	MOVQ att+0(FP), DI
	MIXED(Z0, Z1, Z2, Z3, Z28, 0)
	MIXED(Z4, Z5, Z6, Z7, Z29, 1536)
	MIXED(Z8, Z9, Z10, Z11, Z30, 3072)
	MIXED(Z12, Z13, Z14, Z15, Z31, 4608)
	VZEROUPPER
	RET

// FOUR loads four dimensions of the tokens row, row+4, row+8 and row+12.
#define FOUR(row, x, z) \
	VMOVUPS      (row*4608)(SI), x             \
	VINSERTF32X4 $1, (row*4608+18432)(SI), z, z \
	VINSERTF32X4 $2, (row*4608+36864)(SI), z, z \
	VINSERTF32X4 $3, (row*4608+55296)(SI), z, z

// func turn512(keys, rows *float32, tokens int)
TEXT ·turn512(SB), NOSPLIT, $0-24
	MOVQ keys+0(FP), R8
	MOVQ rows+8(FP), R9
	MOVQ tokens+16(FP), CX

sixteen:
	MOVQ R8, DI
	MOVQ R9, SI
	MOVQ $8, AX

turn:
	FOUR(0, X0, Z0)
	FOUR(1, X1, Z1)
	FOUR(2, X2, Z2)
	FOUR(3, X3, Z3)
	VUNPCKLPS Z1, Z0, Z4
	VUNPCKHPS Z1, Z0, Z5
	VUNPCKLPS Z3, Z2, Z6
	VUNPCKHPS Z3, Z2, Z7
	VUNPCKLPD Z6, Z4, Z8
	VUNPCKHPD Z6, Z4, Z9
	VUNPCKLPD Z7, Z5, Z10
	VUNPCKHPD Z7, Z5, Z11
	VMOVUPS   Z8, (DI)
	VMOVUPS   Z9, 512(DI)
	VMOVUPS   Z10, 1024(DI)
	VMOVUPS   Z11, 1536(DI)
	ADDQ      $16, SI
	ADDQ      $2048, DI
	DECQ      AX
	JNE       turn

	ADDQ $64, R8
	ADDQ $73728, R9
	SUBQ $16, CX
	JGT  sixteen

	VZEROUPPER
	RET

// DOT adds sixteen products of a row with v, in Z4, to its sums.
#define DOT(row, z, sums) \
	VPMOVSXBD row, z        \
	VCVTDQ2PS z, z          \
	VMULPS    Z4, z, z      \
	VADDPS    z, sums, sums

// func dots512(out *float32, rows *int8, v *float32, fours int)
TEXT ·dots512(SB), NOSPLIT, $0-32
	MOVQ out+0(FP), DI
	MOVQ rows+8(FP), SI
	MOVQ v+16(FP), R8
	MOVQ fours+24(FP), CX

four:
	VPXORD Z0, Z0, Z0
	VPXORD Z1, Z1, Z1
	VPXORD Z2, Z2, Z2
	VPXORD Z3, Z3, Z3
	MOVQ   R8, DX
	MOVQ   $24, AX

dot:
	VMOVUPS (DX), Z4
	DOT((SI), Z5, Z0)
	DOT(384(SI), Z6, Z1)
	DOT(768(SI), Z7, Z2)
	DOT(1152(SI), Z8, Z3)
	ADDQ $64, DX
	ADDQ $16, SI
	DECQ AX
	JNE  dot

	ADDQ   $1152, SI // the other three rows
	FOLD(VADDPS, Z0, Y0, X0, Y4, X4)
	FOLD(VADDPS, Z1, Y1, X1, Y4, X4)
	FOLD(VADDPS, Z2, Y2, X2, Y4, X4)
	FOLD(VADDPS, Z3, Y3, X3, Y4, X4)
	VMOVSS X0, (DI)
	VMOVSS X1, 4(DI)
	VMOVSS X2, 8(DI)
	VMOVSS X3, 12(DI)
	ADDQ   $16, DI
	DECQ   CX
	JNE    four

	VZEROUPPER
	RET
