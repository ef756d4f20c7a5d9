#include "textflag.h"

// The steps beside the matrix products, with AVX2. What each has to give is said
// at the type kernel; every product and every sum is rounded, so that none may be
// made of a fused instruction.

// Across the lanes of y: the upper half is added to the lower half, or compared
// with it, until one lane is left.
#define FOLD(op, y, x, x2) \
	VEXTRACTF128 $1, y, x2    \
	op           x2, x, x     \
	VPSHUFD      $0x4e, x, x2 \
	op           x2, x, x     \
	VPSHUFD      $0xb1, x, x2 \
	op           x2, x, x

// func asmLargest(x *float32, n int) float32
TEXT ·asmLargest(SB), NOSPLIT, $0-20
	MOVQ     x+0(FP), SI
	MOVQ     n+8(FP), CX
	VPCMPEQD Y2, Y2, Y2
	VPSRLD   $1, Y2, Y2 // all but the sign
	VXORPS   Y0, Y0, Y0
	VXORPS   Y1, Y1, Y1

largest:
	VANDPS (SI), Y2, Y3
	VANDPS 32(SI), Y2, Y4
	VMAXPS Y3, Y0, Y0
	VMAXPS Y4, Y1, Y1
	ADDQ   $64, SI
	SUBQ   $16, CX
	JNE    largest

	VMAXPS Y1, Y0, Y0
	FOLD(VMAXPS, Y0, X0, X1)
	VMOVSS X0, ret+16(FP)
	VZEROUPPER
	RET

// func asmFinish(dst *float32, stride int, acc *int32, worth *float32, rows int, scale, bias *float32)
TEXT ·asmFinish(SB), NOSPLIT, $0-56
	MOVQ    dst+0(FP), DI
	MOVQ    stride+8(FP), BX
	MOVQ    acc+16(FP), SI
	MOVQ    worth+24(FP), R8
	MOVQ    rows+32(FP), CX
	MOVQ    scale+40(FP), R9
	MOVQ    bias+48(FP), R10
	SHLQ    $2, BX
	VMOVUPS (R9), Y0
	VMOVUPS 32(R9), Y1
	VMOVUPS (R10), Y2
	VMOVUPS 32(R10), Y3

finish:
	VBROADCASTSS (R8), Y4
	VMULPS       Y4, Y0, Y5
	VMULPS       Y4, Y1, Y6
	VCVTDQ2PS    (SI), Y7
	VCVTDQ2PS    32(SI), Y8
	VMULPS       Y7, Y5, Y5
	VMULPS       Y8, Y6, Y6
	VADDPS       Y5, Y2, Y5
	VADDPS       Y6, Y3, Y6
	VMOVUPS      Y5, (DI)
	VMOVUPS      Y6, 32(DI)
	ADDQ         $4, R8
	ADDQ         $64, SI
	ADDQ         BX, DI
	DECQ         CX
	JNE          finish

	VZEROUPPER
	RET

// func asmActivate(x *float32, n int, constants *[12][8]float32)
TEXT ·asmActivate(SB), NOSPLIT, $0-24
	MOVQ    x+0(FP), SI
	MOVQ    n+8(FP), CX
	MOVQ    constants+16(FP), R8
	VMOVUPS (R8), Y4    // geluLimit
	VMOVUPS 32(R8), Y5  // -geluLimit
	VMOVUPS 64(R8), Y6  // geluP4
	VMOVUPS 96(R8), Y7  // geluP3
	VMOVUPS 128(R8), Y8 // geluP2
	VMOVUPS 160(R8), Y9 // geluP1
	VMOVUPS 192(R8), Y10 // geluP0
	VMOVUPS 224(R8), Y11 // geluQ3
	VMOVUPS 256(R8), Y12 // geluQ2
	VMOVUPS 288(R8), Y13 // geluQ1
	VMOVUPS 320(R8), Y14 // 1
	VMOVUPS 352(R8), Y15 // 1/2

activate:
	VMINPS  (SI), Y4, Y0
	VMAXPS  Y0, Y5, Y0
	VMULPS  Y0, Y0, Y1
	VMULPS  Y1, Y6, Y2
	VADDPS  Y2, Y7, Y2
	VMULPS  Y1, Y11, Y3
	VMULPS  Y1, Y2, Y2
	VADDPS  Y3, Y12, Y3
	VADDPS  Y2, Y8, Y2
	VMULPS  Y1, Y3, Y3
	VMULPS  Y1, Y2, Y2
	VADDPS  Y3, Y13, Y3
	VADDPS  Y2, Y9, Y2
	VMULPS  Y1, Y3, Y3
	VMULPS  Y1, Y2, Y2
	VADDPS  Y3, Y14, Y3
	VADDPS  Y2, Y10, Y2
	VMULPS  Y0, Y2, Y2
	VDIVPS  Y3, Y2, Y2
	VADDPS  Y2, Y15, Y2
	VMULPS  (SI), Y2, Y2
	VMOVUPS Y2, (SI)
	ADDQ    $32, SI
	SUBQ    $8, CX
	JNE     activate

	VZEROUPPER
	RET

// func asmNormalise(x, y *float32, rows int, scale, shift *float32)
TEXT ·asmNormalise(SB), NOSPLIT, $0-40
	MOVQ  x+0(FP), DI
	MOVQ  y+8(FP), SI
	MOVQ  rows+16(FP), DX
	MOVQ  scale+24(FP), R8
	MOVQ  shift+32(FP), R9
	MOVL  $0x43c00000, AX // 384, or Dims
	VMOVD AX, X14
	MOVL  $0x3f800000, AX // 1
	VMOVD AX, X13
	MOVL  $0x2b8cbccc, AX // 1e-12, or normaliseFloor
	VMOVD AX, X12

row:
	XORQ   AX, AX
	VXORPS Y0, Y0, Y0
	VXORPS Y1, Y1, Y1

add:
	VMOVUPS (DI)(AX*1), Y2
	VMOVUPS 32(DI)(AX*1), Y3
	VADDPS  (SI)(AX*1), Y2, Y2
	VADDPS  32(SI)(AX*1), Y3, Y3
	VMOVUPS Y2, (DI)(AX*1)
	VMOVUPS Y3, 32(DI)(AX*1)
	VADDPS  Y2, Y0, Y0
	VADDPS  Y3, Y1, Y1
	ADDQ    $64, AX
	CMPQ    AX, $1536
	JNE     add

	VADDPS       Y1, Y0, Y0
	FOLD(VADDPS, Y0, X0, X1)
	VDIVSS       X14, X0, X0
	VBROADCASTSS X0, Y4 // the mean
	XORQ         AX, AX
	VXORPS       Y0, Y0, Y0
	VXORPS       Y1, Y1, Y1

square:
	VMOVUPS (DI)(AX*1), Y2
	VMOVUPS 32(DI)(AX*1), Y3
	VSUBPS  Y4, Y2, Y2
	VSUBPS  Y4, Y3, Y3
	VMOVUPS Y2, (DI)(AX*1)
	VMOVUPS Y3, 32(DI)(AX*1)
	VMULPS  Y2, Y2, Y2
	VMULPS  Y3, Y3, Y3
	VADDPS  Y2, Y0, Y0
	VADDPS  Y3, Y1, Y1
	ADDQ    $64, AX
	CMPQ    AX, $1536
	JNE     square

	VADDPS       Y1, Y0, Y0
	FOLD(VADDPS, Y0, X0, X1)
	VDIVSS       X14, X0, X0
	VADDSS       X12, X0, X0
	VSQRTSS      X0, X0, X0
	VDIVSS       X0, X13, X0
	VBROADCASTSS X0, Y4
	XORQ         AX, AX

apply:
	VMULPS  (DI)(AX*1), Y4, Y2
	VMULPS  32(DI)(AX*1), Y4, Y3
	VMULPS  (R8)(AX*1), Y2, Y2
	VMULPS  32(R8)(AX*1), Y3, Y3
	VADDPS  (R9)(AX*1), Y2, Y2
	VADDPS  32(R9)(AX*1), Y3, Y3
	VMOVUPS Y2, (DI)(AX*1)
	VMOVUPS Y3, 32(DI)(AX*1)
	ADDQ    $64, AX
	CMPQ    AX, $1536
	JNE     apply

	ADDQ AX, DI
	ADDQ AX, SI
	DECQ DX
	JNE  row
	VZEROUPPER
	RET

// POWER makes the scores at x the powers of e that they are wanted as, and adds
// them to sum. (R8) is expLimit.
#define POWER(x, sum) \
	VMOVUPS    x, Y2        \
	VSUBPS     Y0, Y2, Y2   \
	VMAXPS     (R8), Y2, Y2 \
	VMULPS     Y2, Y5, Y3   \
	VSUBPS     Y6, Y3, Y3   \
	VCVTTPS2DQ Y3, Y3       \
	VPADDD     Y3, Y14, Y15 \
	VPSLLD     $23, Y15, Y15 \
	VCVTDQ2PS  Y3, Y3       \
	VMULPS     Y3, Y7, Y12  \
	VSUBPS     Y12, Y2, Y2  \
	VMULPS     Y3, Y8, Y12  \
	VSUBPS     Y12, Y2, Y2  \
	VMULPS     Y2, Y9, Y3   \
	VADDPS     Y3, Y10, Y3  \
	VMULPS     Y2, Y3, Y3   \
	VADDPS     Y3, Y11, Y3  \
	VMULPS     Y2, Y3, Y3   \
	VADDPS     256(R8), Y3, Y3 \
	VMULPS     Y2, Y3, Y3   \
	VADDPS     Y3, Y6, Y3   \
	VMULPS     Y2, Y3, Y3   \
	VADDPS     Y3, Y13, Y3  \
	VMULPS     Y2, Y3, Y3   \
	VADDPS     Y3, Y13, Y3  \
	VMULPS     Y15, Y3, Y3  \
	VMOVUPS    Y3, x        \
	VADDPS     Y3, sum, sum

// func asmSoftmax(scores *float32, n int, constants *[12][8]float32) float32
TEXT ·asmSoftmax(SB), NOSPLIT, $0-28
	MOVQ    scores+0(FP), SI
	MOVQ    n+8(FP), CX
	MOVQ    constants+16(FP), R8
	LEAQ    (SI)(CX*4), DX
	MOVQ    SI, DI
	VMOVUPS (DI), Y0

top:
	VMAXPS (DI), Y0, Y0
	ADDQ   $32, DI
	CMPQ   DI, DX
	JNE    top

	FOLD(VMAXPS, Y0, X0, X1)
	VBROADCASTSS X0, Y0
	VXORPS       Y1, Y1, Y1   // the sums
	VXORPS       Y4, Y4, Y4
	VMOVUPS      32(R8), Y5   // log2(e)
	VMOVUPS      64(R8), Y6   // 1/2
	VMOVUPS      96(R8), Y7   // ln2High
	VMOVUPS      128(R8), Y8  // ln2Low
	VMOVUPS      160(R8), Y9  // 1/720
	VMOVUPS      192(R8), Y10 // 1/120
	VMOVUPS      224(R8), Y11 // 1/24
	VMOVUPS      288(R8), Y13 // 1
	VMOVUPS      320(R8), Y14 // the integer 127

power:
	POWER((SI), Y1)
	POWER(32(SI), Y4)
	ADDQ $64, SI
	CMPQ SI, DX
	JNE  power

	VADDPS Y4, Y1, Y1
	FOLD(VADDPS, Y1, X1, X2)
	VDIVSS X1, X13, X1
	VMOVSS X1, ret+24(FP)
	VZEROUPPER
	RET

// MIXED adds the product of a weight and a row to a, b, c and d.
#define MIXED(at, a, b, c, d) \
	VBROADCASTSS at(SI), Y12     \
	VMULPS       (R8), Y12, Y8   \
	VMULPS       32(R8), Y12, Y9 \
	VMULPS       64(R8), Y12, Y10 \
	VMULPS       96(R8), Y12, Y11 \
	VADDPS       Y8, a, a        \
	VADDPS       Y9, b, b        \
	VADDPS       Y10, c, c       \
	VADDPS       Y11, d, d       \
	ADDQ         DX, R8

// func asmMix(dst *[headDims]float32, factor float32, weight *float32, n int, rows *float32, stride int)
TEXT ·asmMix(SB), NOSPLIT, $0-48
	MOVQ   dst+0(FP), DI
	MOVQ   weight+16(FP), SI
	MOVQ   n+24(FP), CX
	MOVQ   rows+32(FP), R8
	MOVQ   stride+40(FP), DX
	SHLQ   $2, DX
	VXORPS Y0, Y0, Y0
	VXORPS Y1, Y1, Y1
	VXORPS Y2, Y2, Y2
	VXORPS Y3, Y3, Y3
	VXORPS Y4, Y4, Y4
	VXORPS Y5, Y5, Y5
	VXORPS Y6, Y6, Y6
	VXORPS Y7, Y7, Y7

rows:
	MIXED(0, Y0, Y1, Y2, Y3)
	DECQ CX
	JEQ  sums
	MIXED(4, Y4, Y5, Y6, Y7)
	ADDQ $8, SI
	DECQ CX
	JNE  rows

sums:
	VBROADCASTSS factor+8(FP), Y8
	VADDPS       Y4, Y0, Y0
	VADDPS       Y5, Y1, Y1
	VADDPS       Y6, Y2, Y2
	VADDPS       Y7, Y3, Y3
	VMULPS       Y0, Y8, Y0
	VMULPS       Y1, Y8, Y1
	VMULPS       Y2, Y8, Y2
	VMULPS       Y3, Y8, Y3
	VMOVUPS      Y0, (DI)
	VMOVUPS      Y1, 32(DI)
	VMOVUPS      Y2, 64(DI)
	VMOVUPS      Y3, 96(DI)
	VZEROUPPER
	RET

// DOT adds sixteen products of a row with v, in Y4 and Y5, to its sums.
#define DOT(low, high, a, b) \
	VPMOVSXBD low, Y6  \
	VPMOVSXBD high, Y7 \
	VCVTDQ2PS Y6, Y6   \
	VCVTDQ2PS Y7, Y7   \
	VMULPS    Y4, Y6, Y6 \
	VMULPS    Y5, Y7, Y7 \
	VADDPS    Y6, a, a \
	VADDPS    Y7, b, b

// func asmDots(out *float32, rows *int8, v *float32, pairs int)
TEXT ·asmDots(SB), NOSPLIT, $0-32
	MOVQ out+0(FP), DI
	MOVQ rows+8(FP), SI
	MOVQ v+16(FP), R8
	MOVQ pairs+24(FP), CX

two:
	VXORPS Y0, Y0, Y0
	VXORPS Y1, Y1, Y1
	VXORPS Y2, Y2, Y2
	VXORPS Y3, Y3, Y3
	MOVQ   R8, DX
	MOVQ   $24, AX

dot:
	VMOVUPS (DX), Y4
	VMOVUPS 32(DX), Y5
	DOT((SI), 8(SI), Y0, Y1)
	DOT(384(SI), 392(SI), Y2, Y3)
	ADDQ $64, DX
	ADDQ $16, SI
	DECQ AX
	JNE  dot

	ADDQ   $384, SI // the other row
	VADDPS Y1, Y0, Y0
	VADDPS Y3, Y2, Y2
	FOLD(VADDPS, Y0, X0, X4)
	FOLD(VADDPS, Y2, X2, X4)
	VMOVSS X0, (DI)
	VMOVSS X2, 4(DI)
	ADDQ   $8, DI
	DECQ   CX
	JNE    two

	VZEROUPPER
	RET
