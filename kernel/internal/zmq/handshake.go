package zmq

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// greetingSize is the length of what both sides send first: a signature, the version of the
// protocol, the name of the security mechanism, whether we are the server.
const greetingSize = 64

// compatible names the sockets that each of ours may be connected to.
var compatible = map[string][]string{
	"ROUTER": {"DEALER", "REQ", "ROUTER"},
	"XPUB":   {"SUB", "XSUB"},
	"REP":    {"REQ", "DEALER"},
}

// hello gives what a socket of the given kind sends to a new connection: greeting and READY at
// once, because with the NULL mechanism neither depends on what the other side says.
func hello(kind string) []byte {
	greeting := make([]byte, greetingSize)
	greeting[0], greeting[9] = 0xFF, 0x7F
	greeting[10], greeting[11] = 3, 1
	copy(greeting[12:32], "NULL")
	data := appendProperty(nil, "Socket-Type", kind)
	if kind == "ROUTER" {
		data = appendProperty(data, "Identity", "")
	}
	return append(greeting, encodeCommand("READY", data)...)
}

// appendProperty appends a name and its value as metadata has them.
func appendProperty(out []byte, name, value string) []byte {
	out = append(append(out, byte(len(name))), name...)
	out = binary.BigEndian.AppendUint32(out, uint32(len(value)))
	return append(out, value...)
}

// shake reads the other side's greeting and READY and gives its identity, "" when it has none.
func shake(in *reader, kind string) (identity string, err error) {
	if err := readGreeting(in.r); err != nil {
		return "", err
	}
	frames, command, err := in.next()
	if err != nil {
		return "", err
	}
	if !command {
		return "", errors.New("a message before the handshake was done")
	}
	name, data, err := splitCommand(frames[0])
	if err != nil {
		return "", err
	}
	if name != "READY" {
		return "", fmt.Errorf("command %q instead of READY", name)
	}
	properties, err := readProperties(data)
	if err != nil {
		return "", err
	}
	if other := properties["socket-type"]; !slices.Contains(compatible[kind], other) {
		return "", fmt.Errorf("a %q socket cannot talk to our %s", other, kind)
	}
	return properties["identity"], nil
}

// readGreeting looks at each part as soon as it is there, so that what is no ZMTP is refused at its
// first bytes.
func readGreeting(r io.Reader) error {
	var g [greetingSize]byte
	if _, err := io.ReadFull(r, g[:1]); err != nil {
		return err
	}
	if g[0] != 0xFF {
		return errors.New("not ZMTP")
	}
	if _, err := io.ReadFull(r, g[1:11]); err != nil {
		return err
	}
	if g[9]&1 == 0 || g[10] < 3 {
		return errors.New("not ZMTP 3")
	}
	if _, err := io.ReadFull(r, g[11:]); err != nil {
		return err
	}
	if mechanism := strings.TrimRight(string(g[12:32]), "\x00"); mechanism != "NULL" {
		return fmt.Errorf("security mechanism %q, we have NULL", mechanism)
	}
	return nil
}

// readProperties reads metadata; names are in lower case.
func readProperties(data []byte) (map[string]string, error) {
	bad := errors.New("broken metadata")
	properties := make(map[string]string)
	for len(data) > 0 {
		n := 1 + int(data[0])
		if len(data) < n+4 {
			return nil, bad
		}
		name := strings.ToLower(string(data[1:n]))
		size := uint64(binary.BigEndian.Uint32(data[n:]))
		data = data[n+4:]
		if uint64(len(data)) < size {
			return nil, bad
		}
		properties[name] = string(data[:size])
		data = data[size:]
	}
	return properties, nil
}
