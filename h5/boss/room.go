package boss

import (
	"fmt"
	"syscall"

	"gofive/display"
)

// spareRoom is what the library has in memory of a file and writes when it likes, and more.
const spareRoom = 1 << 20

// needRoom wants bytes free on the disk of a folder. libhdf5 1.10.8 does not survive a disk that gets full while H5Ocopy runs: it ends
// the process with a segmentation fault, so it is not let come to that.
func needRoom(dir string, bytes int64) error {
	var s syscall.Statfs_t
	if err := syscall.Statfs(dir, &s); err != nil {
		return nil // writing will tell
	}
	free := int64(s.Bavail) * int64(s.Bsize)
	if need := bytes + spareRoom; free < need {
		return fmt.Errorf("%s are free in %s and %s are needed next: %w", display.Size(free), dir, display.Size(need), syscall.ENOSPC)
	}
	return nil
}
