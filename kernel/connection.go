package kernel

import (
	"encoding/json"
	"fmt"
	"os"

	"gofive/kernel/msg"
)

// Connection is the content of a connection file: where a kernel listens and how messages are
// signed.
type Connection struct {
	Transport       string `json:"transport"` // "tcp" or "ipc"
	IP              string `json:"ip"`        // with ipc the beginning of a path
	ShellPort       int    `json:"shell_port"`
	ControlPort     int    `json:"control_port"`
	StdinPort       int    `json:"stdin_port"`
	IOPubPort       int    `json:"iopub_port"`
	HBPort          int    `json:"hb_port"`
	SignatureScheme string `json:"signature_scheme"`
	Key             string `json:"key"`
	KernelName      string `json:"kernel_name,omitempty"`

	// Keys that only a client with encryption writes; we refuse to serve it in clear.
	CurvePublicKey string `json:"curve_publickey,omitempty"`
	CurveSecretKey string `json:"curve_secretkey,omitempty"`
}

// ReadConnection reads and checks a connection file.
func ReadConnection(path string) (*Connection, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("kernel: read connection file: %w", err)
	}
	c := &Connection{Transport: "tcp", SignatureScheme: "hmac-sha256"}
	if err := json.Unmarshal(text, c); err != nil {
		return nil, fmt.Errorf("kernel: connection file %q: %w: it should be the JSON object that Jupyter writes", path, err)
	}
	if err := c.check(); err != nil {
		return nil, fmt.Errorf("kernel: connection file %q: %w", path, err)
	}
	return c, nil
}

// check says what in c cannot be served.
func (c *Connection) check() error {
	if c.Transport != "tcp" && c.Transport != "ipc" {
		return fmt.Errorf("unknown transport %q: use tcp or ipc", c.Transport)
	}
	if c.IP == "" {
		return fmt.Errorf("no ip: it should name the address to listen on")
	}
	if c.CurvePublicKey != "" || c.CurveSecretKey != "" {
		return fmt.Errorf("it asks for CURVE encryption, which gofive does not have: turn it off in the client")
	}
	for _, p := range c.ports() {
		if p.port < 1 || p.port > 65535 {
			return fmt.Errorf("%s is %d: it should be between 1 and 65535", p.name, p.port)
		}
	}
	_, err := c.codec()
	return err
}

// namedPort is a port and its key in a connection file.
type namedPort struct {
	name string
	port int
}

func (c *Connection) ports() []namedPort {
	return []namedPort{
		{"shell_port", c.ShellPort}, {"control_port", c.ControlPort}, {"stdin_port", c.StdinPort},
		{"iopub_port", c.IOPubPort}, {"hb_port", c.HBPort},
	}
}

// codec gives what signs and verifies the messages of this connection.
func (c *Connection) codec() (*msg.Codec, error) {
	return msg.NewCodec(c.SignatureScheme, []byte(c.Key))
}
