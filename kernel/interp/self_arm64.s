#include "textflag.h"

// func self() uintptr
TEXT ·self(SB), NOSPLIT, $0-8
	MOVD g, ret+0(FP)
	RET

// func stackSize() uintptr
TEXT ·stackSize(SB), NOSPLIT, $0-8
	MOVD 0(g), R0
	MOVD 8(g), R1
	SUB R0, R1
	MOVD R1, ret+0(FP)
	RET
