package zmq

import (
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
	"syscall"
)

// maxPath is how long the path of a Unix socket may be on Linux.
const maxPath = 107

// listen binds one address: ip and port of TCP, or the path "ip-port" of a Unix socket, which is how
// Jupyter names them. Port 0 becomes a free one.
func listen(transport, ip string, port *int) (net.Listener, error) {
	if transport == "ipc" {
		return listenUnix(ip, port)
	}
	if ip == "*" { // how ZeroMQ calls all addresses of a machine
		ip = ""
	}
	l, err := net.Listen("tcp", net.JoinHostPort(ip, strconv.Itoa(*port)))
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("%w: another kernel may be running with this connection file", err)
	}
	if err != nil {
		return nil, err
	}
	*port = l.Addr().(*net.TCPAddr).Port
	return l, nil
}

// listenUnix binds a path that only we may use. What a killed kernel left behind is removed.
func listenUnix(prefix string, port *int) (net.Listener, error) {
	if *port == 0 {
		*port = freeNumber(prefix)
	}
	path := prefix + "-" + strconv.Itoa(*port)
	if len(path) > maxPath {
		return nil, fmt.Errorf("path %q has %d bytes, %d are allowed: use a shorter directory for the connection files", path, len(path), maxPath)
	}
	if err := removeStale(path); err != nil {
		return nil, err
	}
	l, err := net.Listen("unix", path)
	if err != nil {
		return nil, err
	}
	if err := os.Chmod(path, 0o600); err != nil {
		l.Close()
		return nil, err
	}
	return l, nil
}

// freeNumber gives a number for which prefix names nothing.
func freeNumber(prefix string) int {
	for n := 1; ; n++ {
		if _, err := os.Lstat(prefix + "-" + strconv.Itoa(n)); err != nil {
			return n
		}
	}
}

// removeStale removes a socket that nobody listens at. Anything else at path is an error.
func removeStale(path string) error {
	info, err := os.Lstat(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if info.Mode().Type() != os.ModeSocket {
		return fmt.Errorf("%q exists and is no socket: remove it or use another connection file", path)
	}
	conn, err := net.Dial("unix", path)
	if err != nil {
		return os.Remove(path)
	}
	defer conn.Close()
	owner := "another process"
	if c, err := unixCredentials(conn.(*net.UnixConn)); err == nil {
		owner = fmt.Sprintf("process %d", c.Pid)
	}
	return fmt.Errorf("%q is in use by %s: another kernel may be running with this connection file", path, owner)
}
