package kernel_test

import (
	"context"
	"os"
	"os/exec"
	"strconv"
	"syscall"
	"testing"

	"gofive/kernel"
	"gofive/kernel/engine"
	"gofive/kernel/kerneltest"
)

// startRun runs a kernel as a process does, signals and all. It gives a client of it and a channel
// that is closed when Run has returned.
func startRun(t *testing.T) (*kerneltest.Client, <-chan struct{}) {
	t.Helper()
	channels, e := kerneltest.NewChannels(), kerneltest.NewEngine()
	conn := &kernel.Connection{SignatureScheme: "hmac-sha256", Key: "k"}
	done := make(chan struct{})
	go func() {
		defer close(done)
		err := kernel.Run(context.Background(), kernel.Options{
			Channels: channels, Connection: conn, FrontEnd: &kerneltest.FrontEnd{}, Log: &kerneltest.Log{},
			StartEngine: func(h engine.Handler) engine.Engine { return e.Bind(h) },
		})
		if err != nil {
			t.Error(err)
		}
	}()
	c := kerneltest.NewClient(t, channels.Connect("c"), conn)
	c.Do(kernel.Shell, "kernel_info_request", struct{}{}) // signals are obeyed from here on
	return c, done
}

func TestSignals(t *testing.T) {
	c, done := startRun(t)
	id := c.Send(kernel.Shell, "execute_request", kerneltest.Code("wait"))
	c.NextType("execute_input", id)
	for _, s := range []syscall.Signal{syscall.SIGPIPE, syscall.SIGINT} {
		if err := syscall.Kill(os.Getpid(), s); err != nil {
			t.Fatal(err)
		}
	}
	if got := c.Wait(id).Get("ename"); got != engine.FailureInterrupted {
		t.Errorf("after SIGINT the cell ended with %v, want interrupted", got)
	}
	if got := c.Execute("print a").Text("stdout"); got != "a\n" {
		t.Errorf("after SIGINT the next cell printed %q, want a", got)
	}
	if err := syscall.Kill(os.Getpid(), syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	<-done
}

// TestParentEnds has a parent that is not the process above us, as behind a shell script.
func TestParentEnds(t *testing.T) {
	parent := exec.Command("sleep", "600")
	if err := parent.Start(); err != nil {
		t.Skipf("SKIP: no process to be the parent: %v", err)
	}
	t.Setenv("JPY_PARENT_PID", strconv.Itoa(parent.Process.Pid))
	_, done := startRun(t)
	parent.Process.Kill()
	parent.Wait()
	<-done
}
