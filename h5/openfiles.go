package h5

import (
	"cmp"
	"slices"
	"sync"
	"sync/atomic"
	"weak"
)

// opened are the files that have been opened here. They are held weakly: a file that nobody has any more is
// closed all the same.
var opened struct {
	sync.Mutex
	files []weak.Pointer[fileState]
}

// onFiles hears when a file is opened or closed.
var onFiles atomic.Pointer[func()]

// OnFiles sets the function that is called when a file has been opened or closed, which shall return at once.
// There is one such function; nil is none. Of files that the garbage collector closes it does not hear.
func OnFiles(f func()) { onFiles.Store(&f) }

// OpenFiles gives the files that are open, in the order of their opening.
func OpenFiles() []*File {
	opened.Lock()
	defer opened.Unlock()
	var out []*File
	opened.files = slices.DeleteFunc(opened.files, func(w weak.Pointer[fileState]) bool {
		s := w.Value()
		if s == nil || s.isClosed() {
			return true
		}
		out = append(out, fileOf(s))
		return false
	})
	slices.SortStableFunc(out, func(a, b *File) int { return cmp.Compare(a.ID(), b.ID()) })
	return out
}

// register notes a file that was opened.
func register(s *fileState) {
	opened.Lock()
	opened.files = append(slices.DeleteFunc(opened.files, func(w weak.Pointer[fileState]) bool { return w.Value() == nil }), weak.Make(s))
	opened.Unlock()
	filesChanged()
}

func filesChanged() {
	if f := onFiles.Load(); f != nil && *f != nil {
		(*f)()
	}
}
