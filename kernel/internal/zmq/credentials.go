package zmq

import (
	"fmt"
	"net"
	"os"
	"syscall"
)

// allowed says whether the user at the other end may talk to us: ourselves and root. On a shared
// node everybody can connect to a loopback address. Of a connection from another machine nothing is
// known but that it comes through the address that the connection file names.
func allowed(conn net.Conn) error {
	uid, known := peerUID(conn)
	if !known || uid == 0 || int(uid) == os.Geteuid() {
		return nil
	}
	return fmt.Errorf("refused: it is user %d", uid)
}

// peerUID finds the user at the other end of a connection.
func peerUID(conn net.Conn) (uid uint32, known bool) {
	switch c := conn.(type) {
	case *net.UnixConn:
		cred, err := unixCredentials(c)
		if err != nil {
			return 0, false
		}
		return cred.Uid, true
	case *net.TCPConn:
		local, remote := c.LocalAddr().(*net.TCPAddr), c.RemoteAddr().(*net.TCPAddr)
		if !remote.IP.IsLoopback() && !remote.IP.Equal(local.IP) {
			return 0, false
		}
		return tcpUID(remote.AddrPort(), local.AddrPort())
	}
	return 0, false
}

// unixCredentials asks who is at the other end of a Unix socket.
func unixCredentials(c *net.UnixConn) (cred *syscall.Ucred, err error) {
	raw, err := c.SyscallConn()
	if err != nil {
		return nil, err
	}
	if control := raw.Control(func(fd uintptr) {
		cred, err = syscall.GetsockoptUcred(int(fd), syscall.SOL_SOCKET, syscall.SO_PEERCRED)
	}); control != nil {
		return nil, control
	}
	return cred, err
}
