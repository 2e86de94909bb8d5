package engine

import (
	"os"

	"golang.org/x/sys/unix"
)

// gate waits for a pipe to become readable. The poller of the runtime wakes a process for whatever is
// written to a pipe that it knows, also while nobody wants to read; a gate is silent until the next
// wait.
type gate struct {
	epoll *os.File
	pipe  int
}

func newGate(pipe *os.File) (*gate, error) {
	fd, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		return nil, os.NewSyscallError("epoll_create", err)
	}
	g := &gate{pipe: int(pipe.Fd())}
	err = g.control(fd, unix.EPOLL_CTL_ADD, 0)
	if err == nil {
		err = unix.SetNonblock(fd, true) // so that the runtime waits for it
	}
	g.epoll = os.NewFile(uintptr(fd), "epoll")
	if err != nil {
		g.epoll.Close()
		return nil, os.NewSyscallError("epoll_ctl", err)
	}
	return g, nil
}

func (g *gate) control(epoll, op int, events uint32) error {
	return unix.EpollCtl(epoll, op, g.pipe, &unix.EpollEvent{Events: events | unix.EPOLLONESHOT})
}

// wait returns when the pipe can be read, or has been closed at its other end.
func (g *gate) wait() error {
	conn, err := g.epoll.SyscallConn()
	if err != nil {
		return err
	}
	armed := false
	failed := conn.Read(func(epoll uintptr) bool {
		if !armed {
			armed, err = true, g.control(int(epoll), unix.EPOLL_CTL_MOD, unix.EPOLLIN)
		}
		var ready [1]unix.EpollEvent
		n, _ := unix.EpollWait(int(epoll), ready[:], 0)
		return err != nil || n > 0
	})
	if err == nil {
		err = failed
	}
	return err
}

func (g *gate) close() { g.epoll.Close() }
