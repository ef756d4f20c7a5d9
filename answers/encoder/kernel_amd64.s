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
