package install

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"gofive/display/labextension"
)

// Extension installs the notebook extension of JupyterLab 4, Notebook 7 and Notebook 6 beside the
// kernelspec, and enables it in Notebook 6; the others take what they find.
func Extension(o Options) error {
	data, err := o.dataDir()
	if err != nil {
		return err
	}
	config, err := o.configDir()
	if err != nil {
		return err
	}
	if err := replaceFolder(filepath.Join(data, "labextensions", Name), labextension.Lab()); err != nil {
		return err
	}
	if err := replaceFolder(filepath.Join(data, "nbextensions", Name), labextension.Notebook()); err != nil {
		return err
	}
	return enable(config)
}

// enabled is Notebook 6's own file for each extension that is to be loaded.
func enabled(config string) string {
	return filepath.Join(config, "nbconfig", "notebook.d", Name+".json")
}

func enable(config string) error {
	text, err := json.Marshal(map[string]any{"load_extensions": map[string]bool{Name + "/main": true}})
	if err != nil {
		return err
	}
	file := enabled(config)
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return writeError(file, err)
	}
	if err := replaceFile(file, append(text, '\n')); err != nil {
		return writeError(file, err)
	}
	return nil
}

// replaceFolder makes dir hold the files of from. Those of another version go first: their names
// hold sums of what they were.
func replaceFolder(dir string, from fs.FS) error {
	if err := os.RemoveAll(dir); err != nil {
		return writeError(dir, err)
	}
	err := fs.WalkDir(from, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		to := filepath.Join(dir, filepath.FromSlash(name))
		if d.IsDir() {
			return os.MkdirAll(to, 0o755)
		}
		text, err := fs.ReadFile(from, name)
		if err != nil {
			return err
		}
		return replaceFile(to, text)
	})
	if err != nil {
		return writeError(dir, err)
	}
	return nil
}

// Remove takes away the kernelspec and the extension that o leads to and returns what it removed.
func Remove(o Options) (removed []string, err error) {
	data, err := o.dataDir()
	if err != nil {
		return nil, err
	}
	config, err := o.configDir()
	if err != nil {
		return nil, err
	}
	for _, path := range []string{
		filepath.Join(data, "kernels", Name),
		filepath.Join(data, "labextensions", Name),
		filepath.Join(data, "nbextensions", Name),
		enabled(config),
	} {
		if _, err := os.Lstat(path); errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err := os.RemoveAll(path); err != nil {
			return removed, &Error{Op: "remove", Name: path, Err: err}
		}
		removed = append(removed, path)
	}
	return removed, nil
}
