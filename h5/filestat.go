package h5

import (
	"fmt"
	"runtime"

	"gofive/h5/internal/libhdf5"
)

// FileStat describes an open file.
type FileStat struct {
	Size         int // bytes, of all its parts
	FreeSpace    int // bytes in it that nothing uses
	UserBlock    int // bytes at its front that are the user's
	Driver       string
	Libver       Libver // the oldest format that what is made may be written in
	LibverMax    Libver
	Space        SpaceStrategy
	PersistSpace bool
	PageSize     int // bytes
	SWMR         bool
}

// Stat describes the open file.
func (f *File) Stat() (FileStat, error) {
	const op = "describe file"
	id, err := f.useFor(op, "")
	if err != nil {
		return FileStat{}, err
	}
	defer runtime.KeepAlive(f.h.file)
	s, err := libhdf5.StatFile(id)
	if err != nil {
		return FileStat{}, failed(op, "", f.h.file.path, err)
	}
	out := FileStat{Size: s.Size, FreeSpace: s.FreeSpace, UserBlock: s.UserBlock, Driver: s.Driver,
		Libver: Libver(s.Low), LibverMax: Libver(s.High), PersistSpace: s.Persist, PageSize: s.PageSize, SWMR: s.SWMR}
	for strategy, number := range libraryStrategy {
		if number == s.Strategy {
			out.Space = strategy
		}
	}
	return out, nil
}

// String names the version as HDF5 does.
func (v Libver) String() string {
	if v == Latest {
		return "latest"
	}
	if names := []string{"earliest", "v18", "v110", "v112", "v114"}; int(v) < len(names) {
		return names[v]
	}
	return fmt.Sprintf("Libver(%d)", uint8(v))
}

// String gives the strategy's name.
func (s SpaceStrategy) String() string {
	if names := []string{"default", "aggregate", "page", "blocks", "none"}; int(s) < len(names) {
		return names[s]
	}
	return fmt.Sprintf("SpaceStrategy(%d)", uint8(s))
}
