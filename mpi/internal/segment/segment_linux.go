package segment

import (
	"fmt"
	"os"
	"strings"
	"unsafe"

	"golang.org/x/sys/unix"
)

// name is what the system lists the memory as.
const name = "gofive-window"

func create(size int) (*Segment, error) {
	if !fits(size) {
		return nil, unix.ENOMEM
	}
	fd, err := unix.MemfdCreate(name, unix.MFD_CLOEXEC)
	if err != nil {
		return nil, err
	}
	if err := unix.Ftruncate(fd, int64(size)); err != nil {
		unix.Close(fd)
		return nil, err
	}
	s, err := mapped(fd, size)
	if err != nil {
		unix.Close(fd)
		return nil, err
	}
	s.fd = fd
	return s, nil
}

// fits refuses what is more than all memory of the computer: the system may promise it, and end the process that
// uses it.
func fits(size int) bool {
	var info unix.Sysinfo_t
	return unix.Sysinfo(&info) != nil || uint64(size) <= uint64(info.Totalram)*uint64(info.Unit)
}

func mapped(fd, size int) (*Segment, error) {
	p, err := unix.MmapPtr(fd, 0, nil, uintptr(size), unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
	if err != nil {
		return nil, err
	}
	return &Segment{mem: unsafe.Slice((*byte)(p), size), fd: -1}, nil
}

// Address is where other processes find s until Hide.
func (s *Segment) Address() Address {
	return Address{PID: int64(os.Getpid()), FD: int64(s.fd), Size: int64(len(s.mem) - headSize), Token: s.token()}
}

// Hide ends that others can open s; who has it keeps it.
func (s *Segment) Hide() {
	if s.fd >= 0 {
		unix.Close(s.fd)
		s.fd = -1
	}
}

// Open gives the segment at an address. It is false where that process is on another computer, or is not to be
// reached.
func Open(a Address) (*Segment, bool) {
	path := fmt.Sprintf("/proc/%d/fd/%d", a.PID, a.FD)
	// The process of that number may be another one, and what it has open must not be touched.
	if what, err := os.Readlink(path); err != nil || !strings.HasPrefix(what, "/memfd:"+name) {
		return nil, false
	}
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return nil, false
	}
	defer f.Close()
	size := headSize + a.Size
	if info, err := f.Stat(); err != nil || info.Size() != size {
		return nil, false
	}
	s, err := mapped(int(f.Fd()), int(size))
	if err != nil {
		return nil, false
	}
	if s.token() != a.Token {
		s.unmap()
		return nil, false
	}
	return s, true
}

func (s *Segment) unmap() {
	_ = unix.MunmapPtr(unsafe.Pointer(&s.mem[0]), uintptr(len(s.mem)))
	s.mem = nil
}

// Release gives the memory back. lent says that the program may still have a slice of it, which holds zeros then:
// nothing else ever comes to that place.
func (s *Segment) Release(lent bool) {
	s.Hide()
	switch {
	case s.mem == nil:
	case lent:
		_, err := unix.MmapPtr(-1, 0, unsafe.Pointer(&s.mem[0]), uintptr(len(s.mem)), unix.PROT_READ|unix.PROT_WRITE,
			unix.MAP_FIXED|unix.MAP_PRIVATE|unix.MAP_ANON|unix.MAP_NORESERVE)
		if err == nil { // else it stays as it is, which costs memory only
			s.mem = nil
		}
	default:
		s.unmap()
	}
}
