package h5browse

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"gofive/h5"
	"gofive/h5/h5view"
)

// failure is why a request is not done, as pages are told.
type failure struct {
	Kind    string `json:"kind"`
	Message string `json:"message"`
	Hint    string `json:"hint,omitempty"`
	Path    string `json:"path,omitempty"`
	Retry   int    `json:"retry_ms,omitempty"`
	Sel     string `json:"sel,omitempty"` // a selection that fits
	Max     int    `json:"max,omitempty"` // a number that fits
}

func (f *failure) Error() string { return f.Kind + ": " + f.Message }

// fail makes a failure.
func fail(kind, format string, args ...any) *failure {
	return &failure{Kind: kind, Message: fmt.Sprintf(format, args...)}
}

// badRequest is a failure of what was asked.
func badRequest(format string, args ...any) *failure { return fail("bad-request", format, args...) }

// libraryBusy says for whom the library is at work: only when no request is can it be a cell.
func (b *Browser) libraryBusy() *failure {
	whom := "a cell"
	if b.working.Load() > 0 {
		whom = "another request"
	}
	f := fail("busy", "the HDF5 library is at work for %s", whom)
	f.Retry = 500
	return f
}

// kinds of errors of h5, those first that say most.
var kinds = []struct {
	of   error
	kind string
}{
	{context.Canceled, "cancelled"},
	{context.DeadlineExceeded, "timeout"},
	{h5.ErrNotFound, "not-found"},
	{fs.ErrNotExist, "not-found"},
	{fs.ErrPermission, "denied"},
	{h5.ErrClosed, "closed"},
	{h5.ErrTooLarge, "too-large"},
	{h5.ErrInterrupted, "busy"},
	{h5.ErrFilter, "unsupported"},
	{h5.ErrType, "unsupported"},
	{h5.ErrRange, "bad-request"},
	{h5.ErrShape, "bad-request"},
}

// failureOf words an error for pages.
func failureOf(err error) *failure {
	var f *failure
	if errors.As(err, &f) {
		return f
	}
	f = &failure{Kind: "io"}
	for _, k := range kinds {
		if errors.Is(err, k.of) {
			f.Kind = k.kind
			break
		}
	}
	f.Message, f.Hint = h5view.Trouble(err)
	switch f.Kind {
	case "cancelled":
		f.Message = "the request was cancelled"
	case "timeout":
		f.Message = "it takes too long"
	case "busy":
		f.Retry = 500
	}
	var e *h5.Error
	if errors.As(err, &e) {
		f.Path = e.Name
		if len(e.Stack) > 0 && f.Kind == "io" {
			f.Message += " (HDF5: " + e.Stack[0].Description + ")"
		}
	}
	return f
}
