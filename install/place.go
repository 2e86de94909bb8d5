package install

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"slices"
)

// userDataDir is Jupyter's data folder of this account, as jupyter_core chooses it; "" when there
// is no home folder.
func userDataDir() string {
	if dir := os.Getenv("JUPYTER_DATA_DIR"); dir != "" {
		return dir
	}
	if runtime.GOOS == "darwin" && home() != "" {
		return filepath.Join(home(), "Library", "Jupyter")
	}
	if xdg := os.Getenv("XDG_DATA_HOME"); xdg != "" {
		return filepath.Join(xdg, "jupyter")
	}
	if home() == "" {
		return ""
	}
	return filepath.Join(home(), ".local", "share", "jupyter")
}

// environment is the prefix of the active venv or conda environment, "" when none is active.
func environment() string {
	for _, name := range []string{"VIRTUAL_ENV", "CONDA_PREFIX"} {
		if dir := os.Getenv(name); dir != "" {
			return dir
		}
	}
	return ""
}

// dataDirs are the folders in which Jupyter looks for kernels, the first that has one wins. A
// Python outside of any environment adds its own share/jupyter; those of the system stand last.
func dataDirs() []string {
	dirs := filepath.SplitList(os.Getenv("JUPYTER_PATH"))
	dirs = append(dirs, userDataDir())
	if env := environment(); env != "" {
		dirs = append(dirs, filepath.Join(env, "share", "jupyter"))
	}
	dirs = append(dirs, "/usr/local/share/jupyter", "/usr/share/jupyter")
	return slices.DeleteFunc(dirs, func(dir string) bool { return dir == "" })
}

// dataDir is the data folder that o asks for.
func (o Options) dataDir() (string, error) {
	switch {
	case o.Prefix != "":
		prefix, err := filepath.Abs(o.Prefix)
		if err != nil {
			return "", &Error{Op: "find folder", Name: o.Prefix, Err: err}
		}
		return filepath.Join(prefix, "share", "jupyter"), nil
	case o.SysPrefix:
		env := environment()
		if env == "" {
			return "", &Error{Op: "find the active environment", Err: errors.New("neither VIRTUAL_ENV nor CONDA_PREFIX is set"),
				Try: "activate a conda environment or a venv first, or use --user or --prefix"}
		}
		return filepath.Join(env, "share", "jupyter"), nil
	}
	dir := userDataDir()
	if dir == "" {
		return "", &Error{Op: "find your Jupyter folder", Err: errors.New("there is no home folder"), Try: "use --prefix"}
	}
	return dir, nil
}
