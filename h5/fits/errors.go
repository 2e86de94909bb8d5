package fits

import (
	"errors"
	"fmt"
	"strings"
)

// The kinds of errors, for errors.Is. fs.ErrNotExist and the like are found too.
var (
	ErrNotFITS     = errors.New("not a FITS file")
	ErrDamaged     = errors.New("damaged")
	ErrTruncated   = errors.New("truncated")
	ErrNotFound    = errors.New("not found")
	ErrType        = errors.New("types do not fit")
	ErrRange       = errors.New("out of range")
	ErrUnsupported = errors.New("not supported")
	ErrTooLarge    = errors.New("too large")
	ErrClosed      = errors.New("closed")
)

// Error says what was tried, where, and why it failed.
type Error struct {
	Op     string // such as "open" or "read column FLUX"
	File   string // its path; empty for a file that has none
	HDU    string // such as "HDU 1 COADD"; empty for the whole file
	Kind   error  // one of the kinds above, or the system's error
	Reason string
	Hint   string // what to try next, may be empty
}

// Error gives one line.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString("fits: " + e.Op)
	if e.HDU != "" {
		b.WriteString(" of " + e.HDU)
	}
	if e.File != "" {
		fmt.Fprintf(&b, " in %q", e.File)
	}
	b.WriteString(": " + e.Reason)
	if e.Hint != "" {
		b.WriteString("; " + e.Hint)
	}
	return b.String()
}

// Unwrap gives the kind.
func (e *Error) Unwrap() error { return e.Kind }

// fault makes an Error without a place, which at adds.
func fault(kind error, format string, args ...any) *Error {
	return &Error{Kind: kind, Reason: fmt.Sprintf(format, args...)}
}

// at says where an error happened; what is no *Error of ours becomes one.
func at(op, file, hdu string, err error) error {
	if err == nil {
		return nil
	}
	var e *Error
	if !errors.As(err, &e) {
		e = &Error{Kind: err, Reason: err.Error()}
	}
	out := *e
	if out.Op == "" {
		out.Op = op
	}
	if out.File == "" {
		out.File = file
	}
	if out.HDU == "" {
		out.HDU = hdu
	}
	return &out
}
