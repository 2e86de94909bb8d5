package engine

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
)

// EnvPath names the environment variable that says where the engine executable is.
const EnvPath = "GOFIVE_ENGINE"

// name is the engine executable for serial HDF5.
const name = "gofive-engine"

// EnvMPIPath names the environment variable that says where the engine executable for MPI is.
const EnvMPIPath = "GOFIVE_ENGINE_MPI"

// FindMPI gives the engine executables for MPI, one for each MPI library: what GOFIVE_ENGINE_MPI says,
// else those beside the engine at path, the usual one first.
func FindMPI(path string) []string {
	if list := os.Getenv(EnvMPIPath); list != "" {
		return filepath.SplitList(list)
	}
	usual := filepath.Join(filepath.Dir(path), name+"-mpi")
	found, _ := filepath.Glob(usual + "-*") // the pattern is good
	if target, err := filepath.EvalSymlinks(usual); err == nil {
		found = slices.DeleteFunc(found, func(p string) bool { return p == target })
		found = append([]string{target}, found...)
	}
	return found
}

// ErrNotFound means that there is no engine executable.
var ErrNotFound = errors.New("gofive-engine is not there")

// Find gives the path of the engine executable: what GOFIVE_ENGINE says, else the one beside this
// executable, else the one in ../libexec. The error names all places that were looked at.
func Find() (string, error) {
	if path := os.Getenv(EnvPath); path != "" {
		return path, nil
	}
	self, err := os.Executable()
	if err != nil {
		return "", err
	}
	if real, err := filepath.EvalSymlinks(self); err == nil {
		self = real
	}
	dir := filepath.Dir(self)
	places := []string{filepath.Join(dir, name), filepath.Join(dir, "..", "libexec", name)}
	for _, p := range places {
		if info, err := os.Stat(p); err == nil && info.Mode().IsRegular() {
			return p, nil
		}
	}
	return "", fmt.Errorf("%w: looked for %s and %s, and %s is not set; run make build, or point %s at it",
		ErrNotFound, places[0], places[1], EnvPath, EnvPath)
}
