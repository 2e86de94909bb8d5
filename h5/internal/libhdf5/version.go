package libhdf5

// #include "shim.h"
import "C"

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// state says whether the library was checked, and with what result. Guarded by the door.
var state struct {
	checked bool
	err     error
}

// ready checks the library once, before anything else is called: the H5F_ACC macros end the
// process when the library's version is not that of the headers.
func ready() error {
	if !state.checked {
		state.checked = true
		state.err = checkLibrary()
	}
	return state.err
}

func checkLibrary() error {
	lib, headers, err := versions()
	if err != nil {
		return err
	}
	if err := compareVersions(lib, headers); err != nil {
		return err
	}
	maps, err := os.Open("/proc/self/maps")
	if err != nil {
		return nil // not Linux, or no /proc: nothing to look at
	}
	defer maps.Close()
	return checkOne(mappedLibraries(bufio.NewScanner(maps)))
}

func versions() (lib, headers [3]int, err error) {
	var l, h [3]C.uint
	if C.gf_version(&l[0], &h[0]) != 0 {
		return lib, headers, fmt.Errorf("the HDF5 library does not tell its version; try another installation of it")
	}
	for i := range l {
		lib[i], headers[i] = int(l[i]), int(h[i])
	}
	return lib, headers, nil
}

// compareVersions allows another release number and nothing more.
func compareVersions(lib, headers [3]int) error {
	if lib[0] == headers[0] && lib[1] == headers[1] {
		return nil
	}
	return fmt.Errorf("gofive-engine was built with HDF5 %d.%d.%d and has found HDF5 %d.%d.%d at run time; "+
		"load the first (module load, LD_LIBRARY_PATH) or build again with the second (make build)",
		headers[0], headers[1], headers[2], lib[0], lib[1], lib[2])
}

// libraryName matches libhdf5.so and Debian's flavours, not libhdf5_hl or libhdf5_cpp.
var libraryName = regexp.MustCompile(`^libhdf5(_serial|_openmpi|_mpich)?\.so(\.|$)`)

// mappedLibraries finds the files of libhdf5 in the lines of a process's memory map.
func mappedLibraries(lines *bufio.Scanner) []string {
	var found []string
	for lines.Scan() {
		at := strings.IndexByte(lines.Text(), '/')
		if at < 0 {
			continue
		}
		path := lines.Text()[at:]
		if libraryName.MatchString(filepath.Base(path)) && !slices.Contains(found, path) {
			found = append(found, path)
		}
	}
	return found
}

// checkOne refuses two copies of the library: they half work, ids of one being nothing to the other.
func checkOne(paths []string) error {
	if len(paths) <= 1 {
		return nil
	}
	return fmt.Errorf("two HDF5 libraries are in one process, %s; unload one (module list, LD_LIBRARY_PATH, LD_PRELOAD)",
		strings.Join(paths, " and "))
}

// Version is that of the library in use, such as "1.10.8".
func Version() (string, error) {
	var text string
	err := cross(func() C.int { C.gf_enter(); return 0 }, func(*reader) {
		lib, _, err := versions()
		if err == nil {
			text = fmt.Sprintf("%d.%d.%d", lib[0], lib[1], lib[2])
		}
	})
	return text, err
}
