#include "textflag.h"

// Registers: DI acc, SI x of the first token of the tile, CX bytes of a token's
// inputs, DX tokens left, R8 panel; R9..R11 x of the tile's other tokens, BX
// offset into x, AX into the panel. Y12 and Y13 are the weights of the panel's
// lower and upper eight outputs for a pair of inputs, widened to 16 bits; Y14
// is the pair of one token in every lane; Y15 the products.

#define WEIGHTS \
	VPMOVSXBW (R8)(AX*1), Y12   \
	VPMOVSXBW 16(R8)(AX*1), Y13

#define TOKEN(base, low, high) \
	VPBROADCASTD (base)(BX*1), Y14 \
	VPMADDWD     Y14, Y12, Y15     \
	VPADDD       Y15, low, low     \
	VPMADDWD     Y14, Y13, Y15     \
	VPADDD       Y15, high, high

#define ADVANCE \
	ADDQ $4, BX  \
	ADDQ $32, AX \
	CMPQ BX, CX

// func panelAVX2(acc *int32, x *int16, inputs, tokens int, panel *byte)
TEXT ·panelAVX2(SB), NOSPLIT, $0-40
	MOVQ acc+0(FP), DI
	MOVQ x+8(FP), SI
	MOVQ inputs+16(FP), CX
	MOVQ tokens+24(FP), DX
	MOVQ panel+32(FP), R8
	SHLQ $1, CX

four:
	CMPQ DX, $4
	JLT  one
	LEAQ (SI)(CX*1), R9
	LEAQ (SI)(CX*2), R10
	LEAQ (R9)(CX*2), R11
	XORQ BX, BX
	XORQ AX, AX
	VPXOR Y0, Y0, Y0
	VPXOR Y1, Y1, Y1
	VPXOR Y2, Y2, Y2
	VPXOR Y3, Y3, Y3
	VPXOR Y4, Y4, Y4
	VPXOR Y5, Y5, Y5
	VPXOR Y6, Y6, Y6
	VPXOR Y7, Y7, Y7

fourPairs:
	WEIGHTS
	TOKEN(SI, Y0, Y1)
	TOKEN(R9, Y2, Y3)
	TOKEN(R10, Y4, Y5)
	TOKEN(R11, Y6, Y7)
	ADVANCE
	JLT fourPairs

	VMOVDQU Y0, (DI)
	VMOVDQU Y1, 32(DI)
	VMOVDQU Y2, 64(DI)
	VMOVDQU Y3, 96(DI)
	VMOVDQU Y4, 128(DI)
	VMOVDQU Y5, 160(DI)
	VMOVDQU Y6, 192(DI)
	VMOVDQU Y7, 224(DI)
	ADDQ $256, DI
	LEAQ (SI)(CX*4), SI
	SUBQ $4, DX
	JMP  four

one:
	TESTQ DX, DX
	JEQ   done
	XORQ  BX, BX
	XORQ  AX, AX
	VPXOR Y0, Y0, Y0
	VPXOR Y1, Y1, Y1

onePair:
	WEIGHTS
	TOKEN(SI, Y0, Y1)
	ADVANCE
	JLT onePair

	VMOVDQU Y0, (DI)
	VMOVDQU Y1, 32(DI)
	ADDQ $64, DI
	ADDQ CX, SI
	DECQ DX
	JMP  one

done:
	VZEROUPPER
	RET

// The VNNI kernel works on four tokens at a time, and keeps two sums of each, of
// even and of odd pairs of inputs, since an instruction has to wait for the sum
// it adds to. Where fewer than four are left, the last one takes the places of
// those that are missing: it is computed again and written to the same place.

#define PAIR(offset, weights, a, b, c, d) \
	VPMOVSXBW     offset*8(R8)(AX*1), weights    \
	VPDPWSSD.BCST offset(SI)(BX*1), weights, a   \
	VPDPWSSD.BCST offset(R9)(BX*1), weights, b   \
	VPDPWSSD.BCST offset(R10)(BX*1), weights, c  \
	VPDPWSSD.BCST offset(R11)(BX*1), weights, d

// func panelVNNI(acc *int32, x *int16, inputs, tokens int, panel *byte)
TEXT ·panelVNNI(SB), NOSPLIT, $0-40
	MOVQ acc+0(FP), DI
	MOVQ x+8(FP), SI
	MOVQ inputs+16(FP), CX
	MOVQ tokens+24(FP), DX
	MOVQ panel+32(FP), R8
	SHLQ $1, CX

tile:
	// R9..R11 are the inputs and R12, R13, R15 the sums of the second to fourth token.
	MOVQ SI, R9
	MOVQ DI, R12
	LEAQ (SI)(CX*1), AX
	LEAQ 64(DI), BX
	CMPQ DX, $2
	CMOVQGE AX, R9
	CMOVQGE BX, R12
	MOVQ R9, R10
	MOVQ R12, R13
	LEAQ (R9)(CX*1), AX
	LEAQ 64(R12), BX
	CMPQ DX, $3
	CMOVQGE AX, R10
	CMOVQGE BX, R13
	MOVQ R10, R11
	MOVQ R13, R15
	LEAQ (R10)(CX*1), AX
	LEAQ 64(R13), BX
	CMPQ DX, $4
	CMOVQGE AX, R11
	CMOVQGE BX, R15

	XORQ   BX, BX
	XORQ   AX, AX
	VPXORD Z0, Z0, Z0
	VPXORD Z1, Z1, Z1
	VPXORD Z2, Z2, Z2
	VPXORD Z3, Z3, Z3
	VPXORD Z4, Z4, Z4
	VPXORD Z5, Z5, Z5
	VPXORD Z6, Z6, Z6
	VPXORD Z7, Z7, Z7

pairs:
	PAIR(0, Z8, Z0, Z1, Z2, Z3)
	PAIR(4, Z9, Z4, Z5, Z6, Z7)
	ADDQ $8, BX
	ADDQ $64, AX
	CMPQ BX, CX
	JLT  pairs

	VPADDD    Z4, Z0, Z0
	VPADDD    Z5, Z1, Z1
	VPADDD    Z6, Z2, Z2
	VPADDD    Z7, Z3, Z3
	VMOVDQU32 Z0, (DI)
	VMOVDQU32 Z1, (R12)
	VMOVDQU32 Z2, (R13)
	VMOVDQU32 Z3, (R15)
	ADDQ      $256, DI
	LEAQ      (SI)(CX*4), SI
	SUBQ      $4, DX
	JGT       tile
	VZEROUPPER
	RET

// func mixAVX2(dst *[headDims]float32, weight *float32, n int, rows *float32, stride int)
TEXT ·mixAVX2(SB), NOSPLIT, $0-40
	MOVQ dst+0(FP), DI
	MOVQ weight+8(FP), SI
	MOVQ n+16(FP), CX
	MOVQ rows+24(FP), R8
	MOVQ stride+32(FP), DX
	SHLQ $2, DX
	VXORPS Y0, Y0, Y0
	VXORPS Y1, Y1, Y1
	VXORPS Y2, Y2, Y2
	VXORPS Y3, Y3, Y3

row:
	VBROADCASTSS (SI), Y4
	VMULPS (R8), Y4, Y5
	VMULPS 32(R8), Y4, Y6
	VMULPS 64(R8), Y4, Y7
	VMULPS 96(R8), Y4, Y8
	VADDPS Y5, Y0, Y0
	VADDPS Y6, Y1, Y1
	VADDPS Y7, Y2, Y2
	VADDPS Y8, Y3, Y3
	ADDQ   $4, SI
	ADDQ   DX, R8
	DECQ   CX
	JNE    row

	VMOVUPS Y0, (DI)
	VMOVUPS Y1, 32(DI)
	VMOVUPS Y2, 64(DI)
	VMOVUPS Y3, 96(DI)
	VZEROUPPER
	RET
