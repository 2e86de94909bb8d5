package local

import (
	"math/rand/v2"
	"os"
	"strings"
	"syscall"
	"unsafe"
)

// cookie is a word that other ranks try to read in this one's memory, to see whether they can.
var cookie = rand.Uint64()

func cookieAddress() uint64 { return uint64(uintptr(unsafe.Pointer(&cookie))) }

// allowReach lets the processes that have the same parent read this one's memory, where the system lets
// only parents do so (Yama's ptrace_scope 1).
func allowReach() {
	const prSetPtracer = 0x59616d61
	scope, err := os.ReadFile("/proc/sys/kernel/yama/ptrace_scope")
	if err == nil && strings.TrimSpace(string(scope)) == "1" {
		_, _, _ = syscall.RawSyscall(syscall.SYS_PRCTL, prSetPtracer, uintptr(os.Getppid()), 0) // else they ask for the data
	}
}

// reach tries whether the memory of a process can be read: it may be that of another user, of another
// container, or the system may forbid it.
func reach(pid int, address, value uint64) bool {
	var got [8]byte
	return readMemory(pid, address, got[:]) && *(*uint64)(unsafe.Pointer(&got)) == value
}

// readMemory fills dst with memory of another process.
func readMemory(pid int, address uint64, dst []byte) bool {
	for len(dst) > 0 {
		const most = 1 << 30 // of one call
		n := min(len(dst), most)
		local := syscall.Iovec{Base: &dst[0], Len: uint64(n)}
		remote := struct{ base, len uint64 }{address, uint64(n)}
		got, _, errno := syscall.Syscall6(sysProcessVMReadv, uintptr(pid), uintptr(unsafe.Pointer(&local)), 1,
			uintptr(unsafe.Pointer(&remote)), 1, 0)
		if errno != 0 || got == 0 {
			return false
		}
		dst, address = dst[got:], address+uint64(got)
	}
	return true
}
