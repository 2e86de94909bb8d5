package install

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
)

// What Jupyter calls the kernel.
const (
	Name        = "gofive"
	DisplayName = "Go (HDF5)"
	Language    = "go"
)

// Options choose where a kernelspec goes and what it starts. The zero value is this account's own
// folder and the running executable.
type Options struct {
	// Prefix is a folder: the kernelspec goes to share/jupyter/kernels below it. Default: none.
	Prefix string
	// SysPrefix takes the prefix of the active conda environment or venv. Default: no.
	SysPrefix bool
	// Executable is the gofive that Jupyter is to start. Default: the running one.
	Executable string
}

// spec is kernel.json, in the words of jupyter_client's documentation ("Making kernels for Jupyter").
type spec struct {
	Argv            []string          `json:"argv"`
	DisplayName     string            `json:"display_name"`
	Language        string            `json:"language"`
	InterruptMode   string            `json:"interrupt_mode"`
	ProtocolVersion string            `json:"kernel_protocol_version"`
	Env             map[string]string `json:"env"`
	Metadata        map[string]any    `json:"metadata"`
}

// Kernelspec installs the kernel for Jupyter and returns the folder it wrote. Each file is replaced
// as a whole, kernel.json last, so that a server that looks meanwhile sees the old or the new.
func Kernelspec(o Options) (dir string, err error) {
	exe, err := o.executable()
	if err != nil {
		return "", err
	}
	data, err := o.dataDir()
	if err != nil {
		return "", err
	}
	files, err := specFiles(exe)
	if err != nil {
		return "", err
	}
	dir = filepath.Join(data, "kernels", Name)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", writeError(dir, err)
	}
	for _, f := range files {
		if err := replaceFile(filepath.Join(dir, f.name), f.data); err != nil {
			return "", writeError(dir, err)
		}
	}
	return dir, nil
}

// executable is the absolute path of gofive. What `go run` starts is gone a moment later, so that
// is refused.
func (o Options) executable() (string, error) {
	exe := o.Executable
	if exe == "" {
		var err error
		if exe, err = os.Executable(); err != nil {
			return "", &Error{Op: "find the gofive executable", Err: err}
		}
	}
	exe, err := filepath.Abs(exe)
	if err != nil {
		return "", &Error{Op: "find the gofive executable", Name: o.Executable, Err: err}
	}
	if strings.Contains(exe, string(filepath.Separator)+"go-build") {
		return "", &Error{Op: "use executable", Name: exe, Err: errors.New("it is temporary, go run removes it"), Try: "build first: make build"}
	}
	if err := runnable(exe); err != nil {
		return "", &Error{Op: "use executable", Name: exe, Err: err, Try: "build it: make build"}
	}
	return exe, nil
}

// runnable says why path cannot be started.
func runnable(path string) error {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return errors.Unwrap(err)
	case info.IsDir():
		return errors.New("it is a folder")
	case info.Mode().Perm()&0o111 == 0:
		return errors.New("it may not be executed")
	}
	return nil
}

type specFile struct {
	name string
	data []byte
}

// specFiles are the files of the kernelspec that starts exe, in the order they are written.
func specFiles(exe string) ([]specFile, error) {
	kernel, err := json.MarshalIndent(spec{
		Argv:            []string{exe, "kernel", "-f", "{connection_file}"},
		DisplayName:     DisplayName,
		Language:        Language,
		InterruptMode:   "message",
		ProtocolVersion: "5.5",
		Env:             map[string]string{},
		Metadata:        map[string]any{"debugger": false},
	}, "", "  ")
	if err != nil {
		return nil, err
	}
	small, err := logoPNG(32)
	if err != nil {
		return nil, err
	}
	large, err := logoPNG(64)
	if err != nil {
		return nil, err
	}
	return []specFile{
		{"logo-32x32.png", small},
		{"logo-64x64.png", large},
		{"logo-svg.svg", logoSVG()},
		{"kernel.json", append(kernel, '\n')},
	}, nil
}

// replaceFile writes data beside path and renames it into place.
func replaceFile(path string, data []byte) error {
	tmp, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*")
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name())
	_, err = tmp.Write(data)
	err = errors.Join(err, tmp.Chmod(0o644), tmp.Close())
	if err != nil {
		return err
	}
	return os.Rename(tmp.Name(), path)
}

func writeError(dir string, err error) error {
	e := &Error{Op: "write kernelspec", Name: dir, Err: err}
	var p *os.PathError
	if errors.As(err, &p) {
		e.Err = p.Err
	}
	if errors.Is(err, os.ErrPermission) {
		e.Try = "use --user, or a --prefix that you may write to"
	}
	return e
}
