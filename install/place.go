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

// userConfigDir is Jupyter's folder of settings of this account; "" when there is no home folder.
func userConfigDir() string {
	if dir := os.Getenv("JUPYTER_CONFIG_DIR"); dir != "" {
		return dir
	}
	if home() == "" {
		return ""
	}
	return filepath.Join(home(), ".jupyter")
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

// configDirs are the folders in which Jupyter looks for settings.
func configDirs() []string {
	dirs := append(filepath.SplitList(os.Getenv("JUPYTER_CONFIG_PATH")), userConfigDir())
	if env := environment(); env != "" {
		dirs = append(dirs, filepath.Join(env, "etc", "jupyter"))
	}
	dirs = append(dirs, "/usr/local/etc/jupyter", "/etc/jupyter")
	return slices.DeleteFunc(dirs, func(dir string) bool { return dir == "" })
}

// dataDir is the data folder that o asks for.
func (o Options) dataDir() (string, error) {
	return o.place(filepath.Join("share", "jupyter"), userDataDir())
}

// configDir is the folder of settings that belongs to it.
func (o Options) configDir() (string, error) {
	return o.place(filepath.Join("etc", "jupyter"), userConfigDir())
}

// place is below in the prefix that o asks for, or user where it asks for none.
func (o Options) place(below, user string) (string, error) {
	switch {
	case o.Prefix != "":
		prefix, err := filepath.Abs(o.Prefix)
		if err != nil {
			return "", &Error{Op: "find folder", Name: o.Prefix, Err: err}
		}
		return filepath.Join(prefix, below), nil
	case o.SysPrefix:
		env := environment()
		if env == "" {
			return "", &Error{Op: "find the active environment", Err: errors.New("neither VIRTUAL_ENV nor CONDA_PREFIX is set"),
				Try: "activate a conda environment or a venv first, or use --user or --prefix"}
		}
		return filepath.Join(env, below), nil
	case user == "":
		return "", &Error{Op: "find your Jupyter folder", Err: errors.New("there is no home folder"), Try: "use --prefix"}
	}
	return user, nil
}
