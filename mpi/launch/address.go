package launch

import (
	"errors"
	"fmt"
	"net"
	"strings"
	"time"
)

// dialTime is how long one attempt to connect may take.
const dialTime = 5 * time.Second

// splitAddress takes "unix:/path" or "tcp:host:port" apart.
func splitAddress(address string) (network, where string, err error) {
	network, where, found := strings.Cut(address, ":")
	if !found || network != "unix" && network != "tcp" {
		return "", "", fmt.Errorf("%q is no address of a kernel", address)
	}
	return network, where, nil
}

// dialAny connects to the first of the addresses that answers.
func dialAny(addresses []string) (net.Conn, error) {
	var failed []error
	for _, a := range addresses {
		network, where, err := splitAddress(a)
		if err == nil {
			var conn net.Conn
			if conn, err = net.DialTimeout(network, where, dialTime); err == nil {
				return conn, nil
			}
		}
		failed = append(failed, err)
	}
	if len(failed) == 0 {
		return nil, errors.New("the kernel has no address")
	}
	return nil, errors.Join(failed...)
}

// ownAddress is the address of this computer that leads to the kernel, and so to the other nodes.
func ownAddress(kernel []string) (string, error) {
	for _, a := range kernel {
		network, where, err := splitAddress(a)
		if err != nil {
			return "", err
		}
		if network == "tcp" {
			return routeTo(where)
		}
	}
	return "127.0.0.1", nil // the kernel sits on a unix socket, so all nodes are one
}

// routeTo is the address of this computer on the way to another; nothing is sent.
func routeTo(where string) (string, error) {
	conn, err := net.Dial("udp", where)
	if err != nil {
		return "", fmt.Errorf("find the interface that leads to %s: %w", where, err)
	}
	defer conn.Close()
	return conn.LocalAddr().(*net.UDPAddr).IP.String(), nil
}
