#include "textflag.h"

// func self() uintptr
TEXT ·self(SB), NOSPLIT, $0-8
	MOVQ (TLS), AX
	MOVQ AX, ret+0(FP)
	RET

// func stackSize() uintptr
TEXT ·stackSize(SB), NOSPLIT, $0-8
	MOVQ (TLS), AX
	MOVQ 8(AX), CX
	SUBQ 0(AX), CX
	MOVQ CX, ret+0(FP)
	RET
