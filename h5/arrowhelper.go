package h5

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"gofive/h5/internal/wire"
)

// ArrowEnv names the environment variable that says where the program gofive-arrow is.
const ArrowEnv = "GOFIVE_ARROW"

// arrowHelper is the program that knows Arrow and Parquet. It is a process of its own because its libraries
// would make each start of an engine slower, and a file that they cannot bear ends nothing else.
const arrowHelper = "gofive-arrow"

// findArrowHelper looks where ArrowEnv says, else beside this program, else in the PATH.
func findArrowHelper() (string, error) {
	if path := os.Getenv(ArrowEnv); path != "" {
		return path, nil
	}
	if self, err := os.Executable(); err == nil {
		if real, err := filepath.EvalSymlinks(self); err == nil {
			self = real
		}
		beside := filepath.Join(filepath.Dir(self), arrowHelper)
		if info, err := os.Stat(beside); err == nil && info.Mode().IsRegular() {
			return beside, nil
		}
	}
	path, err := exec.LookPath(arrowHelper)
	if err != nil {
		return "", &Error{Kind: ErrNotFound, Reason: "the program " + arrowHelper + " is not there",
			Hint: "make build leaves it beside gofive; elsewhere " + ArrowEnv + " says where it is"}
	}
	return path, nil
}

// helper runs gofive-arrow until it ends or the cell is interrupted.
type helper struct {
	cmd  *exec.Cmd
	said bytes.Buffer
	stop func() bool
	end  context.CancelFunc
}

func newHelper(stop func() bool, args ...string) (*helper, error) {
	path, err := findArrowHelper()
	if err != nil {
		return nil, err
	}
	ctx, end := context.WithCancel(context.Background())
	h := &helper{stop: stop, end: end}
	h.cmd = exec.CommandContext(ctx, path, args...)
	h.cmd.Stderr = &h.said
	return h, nil
}

// run starts the program and calls use while it runs.
func (h *helper) run(use func() error) error {
	defer h.end()
	if err := h.cmd.Start(); err != nil {
		return &Error{Kind: ErrLibrary, Reason: err.Error()}
	}
	done := make(chan struct{})
	go func() {
		for !h.stop() {
			select {
			case <-done:
				return
			case <-time.After(50 * time.Millisecond):
			}
		}
		h.end()
	}()
	used := use()
	ended := h.cmd.Wait()
	close(done)
	switch {
	case h.stop():
		return &Error{Kind: ErrInterrupted, Reason: "interrupted"}
	case ended != nil:
		return h.failed(ended)
	case used != nil:
		return &Error{Kind: ErrLibrary, Reason: used.Error()}
	}
	return nil
}

// failed makes an error of what the program said.
func (h *helper) failed(err error) error {
	line, _, _ := strings.Cut(strings.TrimSpace(h.said.String()), "\n")
	if line == "" {
		line = arrowHelper + ": " + err.Error()
	}
	e := &Error{Kind: ErrDamaged, Reason: line}
	var ended *exec.ExitError
	if !errors.As(err, &ended) {
		return e
	}
	switch ended.ExitCode() {
	case wire.Missing:
		e.Kind = ErrNotFound
	case wire.Unsupported:
		e.Kind, e.Hint = ErrType, `name the columns to read, as in ReadParquet(path, "A", "B")`
	}
	return e
}

func readByHelper(format, path string, columns []string) (t *wire.Table, err error) {
	h, err := newHelper(interrupted(), append([]string{"read", strings.ToLower(format), path}, columns...)...)
	if err != nil {
		return nil, err
	}
	out, err := h.cmd.StdoutPipe()
	if err != nil {
		return nil, &Error{Kind: ErrLibrary, Reason: err.Error()}
	}
	err = h.run(func() error {
		var err error
		if t, err = wire.Read(out); err != nil {
			return fmt.Errorf("%s sent no table: %w", arrowHelper, err)
		}
		return nil
	})
	return t, err
}

func writeByHelper(format, path string, t *wire.Table, stop func() bool) error {
	h, err := newHelper(stop, "write", strings.ToLower(format), path)
	if err != nil {
		return err
	}
	in, err := h.cmd.StdinPipe()
	if err != nil {
		return &Error{Kind: ErrLibrary, Reason: err.Error()}
	}
	return h.run(func() error {
		return errors.Join(wire.Write(in, t), in.Close())
	})
}
