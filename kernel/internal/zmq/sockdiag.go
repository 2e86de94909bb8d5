package zmq

import (
	"encoding/binary"
	"net/netip"

	"golang.org/x/sys/unix"
)

// The part of the kernel's socket diagnostics, sock_diag(7), that asks for one TCP socket by its two
// addresses. Linux needs microseconds for it, while /proc/net/tcp lists all sockets of the machine.
const (
	sockDiagByFamily = 20 // SOCK_DIAG_BY_FAMILY
	diagRequestSize  = 56 // struct inet_diag_req_v2
	diagUIDOffset    = 64 // of idiag_uid in struct inet_diag_msg
	noCookie         = 0xFFFFFFFF
	allStates        = 0xFFFFFFFF
)

// tcpUID finds the user that owns the TCP socket bound to local and connected to remote.
func tcpUID(local, remote netip.AddrPort) (uid uint32, known bool) {
	fd, err := unix.Socket(unix.AF_NETLINK, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, unix.NETLINK_SOCK_DIAG)
	if err != nil {
		return 0, false
	}
	defer unix.Close(fd)
	unix.SetsockoptTimeval(fd, unix.SOL_SOCKET, unix.SO_RCVTIMEO, &unix.Timeval{Sec: 1})
	if err := unix.Sendto(fd, diagRequest(local, remote), 0, &unix.SockaddrNetlink{Family: unix.AF_NETLINK}); err != nil {
		return 0, false
	}
	answer := make([]byte, 4096)
	n, _, err := unix.Recvfrom(fd, answer, 0)
	if err != nil {
		return 0, false
	}
	return diagUID(answer[:n])
}

// diagRequest writes a netlink header and struct inet_diag_req_v2.
func diagRequest(local, remote netip.AddrPort) []byte {
	native, network := binary.NativeEndian, binary.BigEndian
	b := make([]byte, unix.SizeofNlMsghdr+diagRequestSize)
	native.PutUint32(b[0:], uint32(len(b)))
	native.PutUint16(b[4:], sockDiagByFamily)
	native.PutUint16(b[6:], unix.NLM_F_REQUEST)
	r := b[unix.SizeofNlMsghdr:]
	r[0] = unix.AF_INET
	if !local.Addr().Unmap().Is4() {
		r[0] = unix.AF_INET6
	}
	r[1] = unix.IPPROTO_TCP
	native.PutUint32(r[4:], allStates)
	network.PutUint16(r[8:], local.Port())
	network.PutUint16(r[10:], remote.Port())
	copy(r[12:28], local.Addr().Unmap().AsSlice())
	copy(r[28:44], remote.Addr().Unmap().AsSlice())
	native.PutUint32(r[48:], noCookie)
	native.PutUint32(r[52:], noCookie)
	return b
}

// diagUID reads the user from the answer, which is an error when there is no such socket.
func diagUID(answer []byte) (uid uint32, known bool) {
	at := unix.SizeofNlMsghdr + diagUIDOffset
	if len(answer) < at+4 || binary.NativeEndian.Uint16(answer[4:]) != sockDiagByFamily {
		return 0, false
	}
	return binary.NativeEndian.Uint32(answer[at:]), true
}
