// Package arrowfile reads and writes tables as Arrow IPC files and as Parquet files. Only gofive-arrow
// has it: linked into the engine, the libraries would make it two thirds larger and its start slower,
// for what most notebooks never do.
package arrowfile

import (
	"fmt"
	"io"

	"gofive/h5/internal/wire"
)

// Format is a kind of file.
type Format string

// The formats. Arrow files are those that pandas calls feather; when read they may be streams too.
const (
	Arrow   Format = "arrow"
	Parquet Format = "parquet"
)

// UnsupportedError is a column of a type for which Tables have no columns.
type UnsupportedError struct{ Column, Type string }

func (e *UnsupportedError) Error() string {
	return fmt.Sprintf("column %q is of type %s", e.Column, e.Type)
}

// MissingError is a column that a file does not have.
type MissingError struct {
	Column string
	Have   []string
}

func (e *MissingError) Error() string {
	return fmt.Sprintf("there is no column %q among %q", e.Column, e.Have[:min(8, len(e.Have))])
}

// Read reads the named columns of a file, or all.
func Read(r File, f Format, columns []string) (*wire.Table, error) {
	if f == Parquet {
		return readParquet(r, columns)
	}
	return readIPC(r, columns)
}

// File is what is read: an *os.File.
type File interface {
	io.Reader
	io.ReaderAt
	io.Seeker
}
