package h5

import (
	"fmt"
	"path/filepath"
	"syscall"
)

// checkDisk refuses to allocate more than the disk of a file has free: where allocation fails halfway,
// HDF5 1.10 ends the process when the file is closed.
func checkDisk(path string, s Shape, size int) error {
	var st syscall.Statfs_t
	if syscall.Statfs(filepath.Dir(path), &st) != nil {
		return nil
	}
	free := int(st.Bavail) * int(st.Bsize)
	if n, ok := s.bytes(size); !ok || n > free {
		return &Error{Kind: ErrTooLarge, Errno: syscall.ENOSPC,
			Reason: fmt.Sprintf("its %s do not fit on the disk, which has %s free", bytesText(n, ok), bytesText(free, true)),
			Hint:   "make room, or leave out AllocEarly: space is taken as it is written then"}
	}
	return nil
}
