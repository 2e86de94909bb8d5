package tests

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	jupyter "gofive/kernel"
	"gofive/kernel/kerneltest"
)

// served is a kernel process for clients that are not Jupyter's.
type served struct {
	t    *testing.T
	conn *jupyter.Connection
	pid  int
	said lockedBuffer // to stderr
}

// serve starts a kernel, which has to end well when the test does.
func serve(t *testing.T, env ...string) *served {
	t.Helper()
	w := newWorkspace(t)
	s := &served{t: t, conn: &jupyter.Connection{Transport: "tcp", IP: "127.0.0.1", SignatureScheme: "hmac-sha256", Key: "k"}}
	ports := freePorts(t, 5)
	for i, port := range []*int{&s.conn.ShellPort, &s.conn.ControlPort, &s.conn.StdinPort, &s.conn.IOPubPort, &s.conn.HBPort} {
		*port = ports[i]
	}
	text, err := json.Marshal(s.conn)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "kernel.json")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(w.gofive, "kernel", "-f", file)
	cmd.Dir, cmd.Env, cmd.Stderr = t.TempDir(), w.env(t, env...), &s.said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	s.pid = cmd.Process.Pid
	t.Cleanup(func() {
		cmd.Process.Signal(syscall.SIGTERM)
		if err := cmd.Wait(); err != nil {
			t.Errorf("the kernel ended: %v", err)
		}
		if t.Failed() {
			said := s.said.String()
			t.Logf("what the kernel wrote to stderr, at the end:\n%s", said[max(0, len(said)-2000):])
		}
	})
	return s
}

// dial connects, as soon as the kernel listens.
func (s *served) dial() kerneltest.Link {
	s.t.Helper()
	for late := time.Now().Add(20 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		link, err := kerneltest.Dial(s.conn, "")
		if err == nil {
			return link
		}
		if time.Now().After(late) {
			s.t.Fatalf("connect to the kernel: %v\n%s", err, s.said.String())
		}
	}
}

// usage is what a process takes.
type usage struct {
	resident    int // KiB
	threads     int
	descriptors int
}

func usageOf(t *testing.T, pid int) usage {
	t.Helper()
	folder := filepath.Join("/proc", strconv.Itoa(pid))
	status, err := os.ReadFile(filepath.Join(folder, "status"))
	if err != nil {
		t.Fatal(err)
	}
	number := func(key string) int {
		_, rest, _ := strings.Cut(string(status), "\n"+key+":")
		n, err := strconv.Atoi(strings.Fields(rest)[0])
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	open, err := os.ReadDir(filepath.Join(folder, "fd"))
	if err != nil {
		t.Fatal(err)
	}
	return usage{number("VmRSS"), number("Threads"), len(open)}
}
