package segment

import (
	"os"
	"runtime"
	"testing"
)

func TestShared(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("this system has no such memory")
	}
	mine, err := New(1000)
	if err != nil {
		t.Fatal(err)
	}
	other, ok := Open(mine.Address())
	if !ok {
		t.Fatal("it is not found")
	}
	mine.Bytes()[999] = 7
	mine.Word(2).Store(5)
	if len(other.Bytes()) != 1000 || other.Bytes()[999] != 7 || other.Word(2).Load() != 5 || other.Word(1).Load() != 0 {
		t.Errorf("got %d bytes, %d at the end, words %d and %d", len(other.Bytes()), other.Bytes()[999], other.Word(1).Load(), other.Word(2).Load())
	}
	mine.Release(false)
	if other.Bytes()[999] != 7 {
		t.Error("who has it has lost it")
	}
	other.Release(false)
	if other.Bytes() != nil {
		t.Error("there is memory after Release")
	}
}

// TestNotFound has addresses at which something else is.
func TestNotFound(t *testing.T) {
	s, err := New(10)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Release(false)
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	defer w.Close()
	for _, tt := range []struct {
		name   string
		change func(a *Address)
	}{
		{"no such process", func(a *Address) { a.PID = 1 << 30 }},
		{"no such file", func(a *Address) { a.FD = 1 << 20 }},
		{"a pipe", func(a *Address) { a.FD = int64(r.Fd()) }},
		{"another size", func(a *Address) { a.Size++ }},
		{"another token", func(a *Address) { a.Token[3]++ }},
	} {
		a := s.Address()
		tt.change(&a)
		if _, ok := Open(a); ok {
			t.Errorf("%s: something was found", tt.name)
		}
	}
	a := s.Address()
	s.Hide()
	if _, ok := Open(a); ok {
		t.Error("it is found after Hide")
	}
}

// TestLent has a program that keeps a slice for too long.
func TestLent(t *testing.T) {
	s, err := New(1 << 20)
	if err != nil {
		t.Fatal(err)
	}
	kept := s.Bytes()
	kept[0], kept[1<<20-1] = 1, 1
	s.Release(true)
	s.Release(true)
	if runtime.GOOS == "linux" && (kept[0] != 0 || kept[1<<20-1] != 0) {
		t.Error("the memory was not given back")
	}
	kept[5] = 1
}

func TestTooLarge(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("elsewhere Go ends the process")
	}
	if _, err := New(1 << 46); err == nil {
		t.Error("there are 64 TiB")
	}
}
