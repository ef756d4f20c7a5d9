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
