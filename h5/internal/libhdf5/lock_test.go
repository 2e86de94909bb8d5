package libhdf5

import (
	"bufio"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"testing"
	"time"
)

// standsStill is set in the process that TestBusyStandsStill stops.
const standsStill = "GOFIVE_TEST_STANDS_STILL"

// TestBusyStandsStill stops a process in which one goroutine holds the library and another asks whether it is busy:
// when they go on, the holder still gets the time that it needs.
func TestBusyStandsStill(t *testing.T) {
	if os.Getenv(standsStill) != "" {
		if err := enter(); err != nil {
			t.Fatal(err)
		}
		go func() {
			for range 10 {
				time.Sleep(5 * time.Millisecond)
			}
			leave()
		}()
		os.Stdout.WriteString("held\n")
		if Busy(400 * time.Millisecond) {
			t.Error("it is busy after 50 ms of work")
		}
		return
	}
	cmd := exec.Command(os.Args[0], "-test.run=^TestBusyStandsStill$")
	cmd.Env = append(os.Environ(), standsStill+"=1")
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	lines.Scan()
	if got := lines.Text(); got != "held" {
		t.Errorf("got %q, want that it is held", got)
	}
	syscall.Kill(cmd.Process.Pid, syscall.SIGSTOP)
	time.Sleep(600 * time.Millisecond) // longer than Busy waits
	syscall.Kill(cmd.Process.Pid, syscall.SIGCONT)
	said := ""
	for lines.Scan() {
		said += lines.Text() + "\n"
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("%v\n%s", err, said)
	}
}

// TestBusyKeepsItsPlace asks while others hold the library in turn, each for longer than a tick of Busy: it waits its
// turn, which comes in time.
func TestBusyKeepsItsPlace(t *testing.T) {
	const holders, hold = 4, 30 * time.Millisecond
	stop := make(chan struct{})
	var all sync.WaitGroup
	for range holders {
		all.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
					Locked(func() { time.Sleep(hold) })
				}
			}
		})
	}
	time.Sleep(holders * hold) // now all of them stand in the queue
	for range 5 {
		if Busy(200 * time.Millisecond) {
			t.Error("it is busy although everybody has a turn in 120 ms")
		}
	}
	close(stop)
	all.Wait()
}
