package worker

import (
	"testing"
	"time"
)

// TestSettleLate has text told more slowly than a mark is waited for: settle still returns after all of it.
func TestSettleLate(t *testing.T) {
	texts, release := make(chan string), make(chan bool)
	c, err := newCapture(func(text []byte) {
		texts <- string(text)
		<-release
	})
	if err != nil {
		t.Fatal(err)
	}
	c.late = time.Millisecond
	c.own.WriteString("one\n")
	if got := <-texts; got != "one\n" {
		t.Errorf("got %q", got)
	}
	c.own.WriteString("two\n") // lies in the pipe while the first is told, so that settle has to write a mark
	settled := make(chan bool)
	go func() {
		c.settle()
		close(settled)
	}()
	release <- true
	if got := <-texts; got != "two\n" {
		t.Errorf("got %q", got)
	}
	select {
	case <-settled:
		t.Error("what was written before is still being told")
	case <-time.After(50 * c.late):
	}
	release <- true
	<-settled
}

// TestSettleInVain: a mark that does not come although everything was told is given up.
func TestSettleInVain(t *testing.T) {
	c, err := newCapture(func([]byte) {})
	if err != nil {
		t.Fatal(err)
	}
	c.late = time.Millisecond
	c.miss(1, nil)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.at != 1 {
		t.Errorf("got %d, want that mark 1 has passed", c.at)
	}
}
