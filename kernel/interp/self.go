//go:build amd64 || arm64

package interp

// self gives an identity of the calling goroutine: no two that live at the same time share it. It is
// the address of what the runtime keeps of the goroutine, and good for nothing but comparing.
func self() uintptr

// stackSize gives how many bytes the stack of the calling goroutine takes. What the runtime keeps of a
// goroutine begins with the two ends of its stack.
func stackSize() uintptr
