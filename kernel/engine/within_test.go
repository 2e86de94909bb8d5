package engine_test

import (
	"testing"
	"testing/synctest"
	"time"

	"gofive/kernel/engine"
)

func TestWithin(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := make(chan int, 1)
		begun := time.Now()
		if _, ok := engine.Within(c, time.Second); ok || time.Since(begun) != time.Second {
			t.Errorf("%v after %v, want nothing after a second", ok, time.Since(begun))
		}
		time.AfterFunc(time.Second/2, func() { c <- 7 })
		if v, ok := engine.Within(c, time.Second); !ok || v != 7 {
			t.Errorf("%d, %v, want what came in time", v, ok)
		}
	})
}
