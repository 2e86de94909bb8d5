package h5view

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"unicode/utf8"
	"unsafe"
)

// terminal opens a terminal of so many columns: what is written to one end is read from the other.
func terminal(t *testing.T, columns uint16) (screen, program *os.File) {
	t.Helper()
	screen, err := os.OpenFile("/dev/ptmx", os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Skipf("no terminals here: %v", err)
	}
	t.Cleanup(func() { screen.Close() })
	var number, unlocked uint32
	size := struct{ rows, columns, x, y uint16 }{40, columns, 0, 0}
	for request, p := range map[uintptr]unsafe.Pointer{syscall.TIOCSPTLCK: unsafe.Pointer(&unlocked), syscall.TIOCGPTN: unsafe.Pointer(&number), syscall.TIOCSWINSZ: unsafe.Pointer(&size)} {
		if _, _, failed := syscall.Syscall(syscall.SYS_IOCTL, screen.Fd(), request, uintptr(p)); failed != 0 {
			t.Fatal(failed)
		}
	}
	program, err = os.OpenFile(fmt.Sprint("/dev/pts/", number), os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Skipf("no terminals here: %v", err)
	}
	return screen, program
}

// escapes are the colours of a terminal.
var escapes = regexp.MustCompile("\x1b\\[[0-9;]*m")

// TestLsOnATerminal has colours and lines as wide as it is.
func TestLsOnATerminal(t *testing.T) {
	f := makeExample(t, everyNode)
	for _, quiet := range []bool{false, true} {
		t.Setenv("TERM", "xterm")
		t.Setenv("NO_COLOR", map[bool]string{true: "1"}[quiet])
		screen, program := terminal(t, 66)
		failed := make(chan error, 1)
		go func() {
			err := Ls(program, []string{"-r", f.Filename()})
			program.Close()
			failed <- err
		}()
		out, _ := io.ReadAll(screen) // ends in an error when the program's end is closed
		if err := <-failed; err != nil {
			t.Fatal(err)
		}
		text := string(out)
		if strings.Contains(text, "\x1b[") == quiet {
			t.Errorf("NO_COLOR %v: got %q", quiet, text)
		}
		for line := range strings.Lines(escapes.ReplaceAllString(text, "")) {
			if n := utf8.RuneCountInString(strings.TrimRight(line, "\r\n")); n > 66 {
				t.Errorf("%d columns: %s", n, line)
			}
		}
	}
}

// TestLsIntoAFile has neither colours nor an end of lines.
func TestLsIntoAFile(t *testing.T) {
	f := makeExample(t, everyNode)
	out, err := os.Create(filepath.Join(t.TempDir(), "list.txt"))
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	if err := Ls(out, []string{"-r", f.Filename()}); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(out.Name())
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(text), "\x1b") || !strings.Contains(string(text), "gzip(6)  chunks (50 × 30)\n") {
		t.Errorf("got\n%s", text)
	}
}
