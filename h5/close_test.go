package h5

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

func init() {
	children["write"] = func(args []string) {
		f, err := Create(args[0])
		if err == nil {
			err = f.Set("x", []int32{1, 2, 3})
		}
		if err == nil && args[1] == "flush" {
			err = FlushAll()
		}
		if err == nil && args[1] == "close" {
			err = CloseAll()
		}
		fmt.Println("written", err)
		io.Copy(io.Discard, os.Stdin)
		runtime.KeepAlive(f)
	}
}

// TestKilledWriter kills a writer: what was flushed, or closed by CloseAll, is there.
func TestKilledWriter(t *testing.T) {
	for how, readable := range map[string]bool{"flush": true, "close": true, "nothing": false} {
		t.Run(how, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "x.h5")
			cmd := child(t, "write", path, how)
			in, err := cmd.StdinPipe()
			must(t, err)
			out, err := cmd.StdoutPipe()
			must(t, err)
			must(t, cmd.Start())
			line, err := bufio.NewReader(out).ReadString('\n')
			if err != nil || line != "written <nil>\n" {
				t.Fatalf("child: %q %v", line, err)
			}
			must(t, cmd.Process.Kill())
			cmd.Wait()
			in.Close()
			f, err := Open(path)
			if !readable {
				check(t, err, ErrDamaged, "if its writer was stopped")
				return
			}
			must(t, err)
			defer f.Close()
			x, err := Read[int](must1(t)(f.Dataset("x")))
			must(t, err)
			same(t, x, "[1 2 3]")
		})
	}
}

// TestForgottenFilesAreClosed lets files go without Close: they must not stay open.
func TestForgottenFilesAreClosed(t *testing.T) {
	path := sample(t)
	for range 50 {
		f, err := Open(path)
		must(t, err)
		_, err = f.Dataset("energy")
		must(t, err)
	}
	open := func() int {
		links, err := filepath.Glob("/proc/self/fd/*")
		must(t, err)
		n := 0
		for _, l := range links {
			if target, _ := os.Readlink(l); target == path {
				n++
			}
		}
		return n
	}
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); {
		runtime.GC()
		time.Sleep(time.Millisecond) // cleanups run in a goroutine of their own
		f, err := Open(sample(t))    // any call closes what was let go
		must(t, err)
		must(t, f.Close())
		if open() == 0 {
			return
		}
	}
	t.Errorf("%d descriptors of forgotten files are open", open())
}

func TestCloseAll(t *testing.T) {
	path := sample(t)
	f, err := OpenFile(path, "r+")
	must(t, err)
	d, err := f.Dataset("energy")
	must(t, err)
	must(t, f.Set("late", 1))
	must(t, CloseAll())
	if f.IsOpen() {
		t.Error("the file is open after CloseAll")
	}
	_, err = d.Slice()
	check(t, err, ErrClosed, "open it again")
	must(t, f.Close())
	f, err = Open(path)
	must(t, err)
	if yes, err := f.Has("late"); !yes {
		t.Errorf("what was written before CloseAll is not there: %v", err)
	}
	must(t, f.Close())
}

func TestBusy(t *testing.T) {
	if Busy(time.Minute) {
		t.Error("busy with nothing to do")
	}
	held, done := make(chan bool), make(chan bool)
	go Locked(func() { held <- true; <-done })
	<-held
	if !Busy(time.Millisecond) {
		t.Error("not busy while something holds the library")
	}
	done <- true
	if v, err := Version(); err != nil || v < "1.1" {
		t.Error(v, err)
	}
}

// TestForgotten opens 100,000 datasets and closes none: what is collected is closed by later calls, and
// the library's memory does not grow with those that nobody has any more.
func TestForgotten(t *testing.T) {
	f, err := Open(sample(t))
	must(t, err)
	defer f.Close()
	open := func(n int) {
		for range n {
			d, err := f.Dataset("3655/55240/30/coadd")
			must(t, err)
			if d.Len() == 0 {
				t.Fatal("an empty dataset")
			}
		}
	}
	open(10_000)
	before := residentKB(t)
	open(100_000)
	if grown := residentKB(t) - before; grown > 100_000 {
		t.Errorf("100,000 forgotten datasets take %d KB", grown)
	}
}

func residentKB(t *testing.T) (kb int) {
	t.Helper()
	status, err := os.ReadFile("/proc/self/status")
	must(t, err)
	_, rest, _ := strings.Cut(string(status), "VmRSS:")
	_, err = fmt.Sscan(rest, &kb)
	must(t, err)
	return kb
}
