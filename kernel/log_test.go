package kernel

import (
	"bytes"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// TestLogIsBounded writes 100 lines of a cause in one second, one of another, and one in the next.
func TestLogIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var b bytes.Buffer
		l := newLogger(&b)
		for range 100 {
			l.Log("noise", "x")
		}
		l.Log("other", "y")
		time.Sleep(time.Second)
		l.Log("noise", "z")
		want := strings.Repeat("gofive: noise: x\n", 10) + "gofive: other: y\ngofive: noise: 90 more\ngofive: noise: z\n"
		if b.String() != want {
			t.Errorf("got %q, want %q", b.String(), want)
		}
	})
}
