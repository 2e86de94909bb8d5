//go:build !amd64 && !arm64

package interp

import (
	"bytes"
	"runtime"
	"strconv"
)

// self gives the number of the calling goroutine, which the runtime tells only in traces.
func self() uintptr {
	var buf [32]byte
	text := bytes.TrimPrefix(buf[:runtime.Stack(buf[:], false)], []byte("goroutine "))
	number, _, _ := bytes.Cut(text, []byte(" "))
	n, err := strconv.ParseUint(string(number), 10, 64)
	if err != nil {
		panic("no number in " + string(buf[:])) // the runtime has written it so since Go 1.0
	}
	return uintptr(n)
}

// stackSize gives how many bytes the stack of the calling goroutine takes. Where nobody tells it is
// guessed from the number of its frames.
func stackSize() uintptr {
	return uintptr(runtime.Callers(0, make([]uintptr, 50_000))) * 4096
}
