package install

import "fmt"

// Error is why something could not be installed.
type Error struct {
	Op   string // what was done: "write kernelspec"
	Name string // to what: a file or a folder; "" when to nothing in particular
	Try  string // what to try next; "" when we do not know
	Err  error
}

func (e *Error) Error() string {
	s := "install: " + e.Op
	if e.Name != "" {
		s += fmt.Sprintf(" %q", e.Name)
	}
	s += ": " + e.Err.Error()
	if e.Try != "" {
		s += "; " + e.Try
	}
	return s
}

func (e *Error) Unwrap() error { return e.Err }
