package install

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// script makes an executable file that runs text.
func script(t *testing.T, path, text string) string {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+text+"\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	return path
}

// clean lets no setting of this machine decide.
func clean(t *testing.T) (home string) {
	t.Helper()
	home = t.TempDir()
	t.Setenv("HOME", home)
	for _, name := range []string{"JUPYTER_DATA_DIR", "JUPYTER_PATH", "XDG_DATA_HOME", "VIRTUAL_ENV", "CONDA_PREFIX", "GOFIVE_ENGINE", "GOFIVE_PYTHON", "JUPYTER_CONFIG_DIR", "JUPYTER_CONFIG_PATH"} {
		t.Setenv(name, "")
	}
	return home
}

func TestPlaces(t *testing.T) {
	tests := []struct {
		name    string
		options Options
		env     map[string]string
		want    string // below a temporary folder that stands for H
	}{
		{"this account", Options{}, nil, "H/.local/share/jupyter/kernels/gofive"},
		{"this account, XDG", Options{}, map[string]string{"XDG_DATA_HOME": "H/xdg"}, "H/xdg/jupyter/kernels/gofive"},
		{"this account, Jupyter's own", Options{}, map[string]string{"JUPYTER_DATA_DIR": "H/data", "XDG_DATA_HOME": "H/xdg"}, "H/data/kernels/gofive"},
		{"prefix", Options{Prefix: "H/p"}, nil, "H/p/share/jupyter/kernels/gofive"},
		{"venv", Options{SysPrefix: true}, map[string]string{"VIRTUAL_ENV": "H/venv"}, "H/venv/share/jupyter/kernels/gofive"},
		{"conda", Options{SysPrefix: true}, map[string]string{"CONDA_PREFIX": "H/conda"}, "H/conda/share/jupyter/kernels/gofive"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			home := clean(t)
			in := func(s string) string { return strings.Replace(s, "H", home, 1) }
			for k, v := range tt.env {
				t.Setenv(k, in(v))
			}
			tt.options.Prefix = in(tt.options.Prefix)
			tt.options.Executable = script(t, filepath.Join(home, "gofive"), "exit 0")
			dir, err := Kernelspec(tt.options)
			if err != nil || dir != in(tt.want) {
				t.Fatalf("got %q, %v, want %q", dir, err, in(tt.want))
			}
			if _, err := os.Stat(filepath.Join(dir, "kernel.json")); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestKernelspecFiles(t *testing.T) {
	home := clean(t)
	exe := script(t, filepath.Join(home, "a b", "gofive"), "exit 0")
	for range 2 { // the second replaces the first
		if _, err := Kernelspec(Options{Prefix: home, Executable: exe}); err != nil {
			t.Fatal(err)
		}
	}
	dir := filepath.Join(home, "share/jupyter/kernels/gofive")
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	if got, want := strings.Join(names, " "), "kernel.json logo-32x32.png logo-64x64.png logo-svg.svg"; got != want {
		t.Errorf("files: got %s, want %s", got, want)
	}
	text, err := os.ReadFile(filepath.Join(dir, "kernel.json"))
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]string{
		"argv":                    `["` + exe + `","kernel","-f","{connection_file}"]`,
		"display_name":            `"Go (HDF5)"`,
		"language":                `"go"`,
		"interrupt_mode":          `"message"`,
		"kernel_protocol_version": `"5.5"`,
		"env":                     `{}`,
		"metadata":                `{"debugger":false}`,
	} {
		if have, _ := json.Marshal(got[key]); string(have) != want {
			t.Errorf("%s: got %s, want %s", key, have, want)
		}
	}
}

func TestRefusals(t *testing.T) {
	home := clean(t)
	file := filepath.Join(home, "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	exe := script(t, filepath.Join(home, "gofive"), "exit 0")
	tests := []struct {
		name    string
		options Options
		want    string
	}{
		{"no environment", Options{SysPrefix: true, Executable: exe}, "install: find the active environment: neither VIRTUAL_ENV nor CONDA_PREFIX is set; activate"},
		{"prefix is a file", Options{Prefix: file, Executable: exe}, `file/share/jupyter/kernels/gofive": not a directory`},
		{"no such executable", Options{Prefix: home, Executable: home + "/none"}, `none": no such file or directory; build it: make build`},
		{"not executable", Options{Prefix: home, Executable: file}, `file": it may not be executed; build it`},
		{"a folder", Options{Prefix: home, Executable: home}, `it is a folder`},
		{"go run", Options{Prefix: home, Executable: "/x/go-build12/b001/exe/gofive"}, "it is temporary, go run removes it; build first: make build"},
	}
	for _, tt := range tests {
		if _, err := Kernelspec(tt.options); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got %v, want %q in it", tt.name, err, tt.want)
		}
	}
}

func TestArguments(t *testing.T) {
	clean(t)
	tests := []struct {
		args string
		want Options
		err  string
	}{
		{"", Options{}, ""},
		{"--user", Options{}, ""},
		{"--prefix /p", Options{Prefix: "/p"}, ""},
		{"--prefix=/p", Options{Prefix: "/p"}, ""},
		{"--sys-prefix", Options{SysPrefix: true}, ""},
		{"--user --sys-prefix", Options{}, "exclude one another"},
		{"--user --prefix /p", Options{}, "exclude one another"},
		{"--prefix=", Options{}, "--prefix is empty"},
		{"extra", Options{}, `"extra": unexpected argument`},
		{"--bogus", Options{}, "not defined"},
		{"-h", Options{}, "help requested"},
	}
	for _, tt := range tests {
		got, err := parse("install", strings.Fields(tt.args), io.Discard)
		if (err == nil) != (tt.err == "") || err != nil && !strings.Contains(err.Error(), tt.err) {
			t.Errorf("%q: got %v, want %q", tt.args, err, tt.err)
		} else if got != tt.want {
			t.Errorf("%q: got %+v, want %+v", tt.args, got, tt.want)
		}
	}
}

func TestHelpIsNoError(t *testing.T) {
	var usage bytes.Buffer
	if err := Run([]string{"-h"}, io.Discard, &usage); err != nil || !strings.Contains(usage.String(), "--sys-prefix") {
		t.Errorf("got %v and %q", err, usage.String())
	}
}

func TestLogo(t *testing.T) {
	for _, size := range []int{32, 64} {
		data, err := logoPNG(size)
		if err != nil {
			t.Fatal(err)
		}
		img, err := png.Decode(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		if b := img.Bounds(); b.Dx() != size || b.Dy() != size {
			t.Errorf("size: got %v, want %d", b, size)
		}
		if _, _, _, a := img.At(0, 0).RGBA(); a != 0 {
			t.Errorf("%d: the corner is not round: alpha %d", size, a)
		}
		if _, _, _, a := img.At(size/2, size/2).RGBA(); a != 0xffff {
			t.Errorf("%d: the middle is not filled: alpha %d", size, a)
		}
	}
	if err := xml.Unmarshal(logoSVG(), new(struct{ XMLName xml.Name })); err != nil {
		t.Error(err)
	}
}

func TestFindPython(t *testing.T) {
	bin := t.TempDir()
	t.Setenv("PATH", bin)
	t.Setenv("GOFIVE_PYTHON", "")
	script(t, bin+"/python3", `test "$3" = good`)
	good, bad := script(t, bin+"/good", "exit 0"), script(t, bin+"/bad", "exit 1")

	if got, err := FindPython(t.Context(), "good"); err != nil || got != bin+"/python3" {
		t.Errorf("first of PATH: got %q, %v", got, err)
	}
	t.Setenv("GOFIVE_PYTHON", good)
	if got, err := FindPython(t.Context(), "other"); err != nil || got != good {
		t.Errorf("GOFIVE_PYTHON: got %q, %v", got, err)
	}
	t.Setenv("GOFIVE_PYTHON", bad)
	if got, err := FindPython(t.Context(), "good"); err == nil || !strings.Contains(err.Error(), "no Python imports good (tried "+bad+")") {
		t.Errorf("GOFIVE_PYTHON that cannot: got %q, %v", got, err)
	}
}

func TestDoctor(t *testing.T) {
	const library = "error while loading shared libraries: libhdf5_serial.so.103: cannot open shared object file"
	tests := []struct {
		name   string
		engine string // shell of the engine; "" for none
		python string // shell of the only Python
		spec   bool   // whether a kernelspec is installed
		want   []string
		err    string
	}{
		{"all there", "echo gofive-engine libhdf5 1.10.8", "exit 0", true,
			[]string{"ok        gofive-engine", "libhdf5 1.10.8", "ok        jupyter", "ok        kernelspec", "ok        nbconvert",
				"optional  gofive-arrow", "to mend: make build leaves it beside",
				"optional  %%native", "how the engine was built cannot be read", "to mend: put go"}, ""},
		{"no engine", "", "exit 0", true,
			[]string{"missing   gofive-engine", "no such file", "to mend: build it again on this machine: make build"}, "1 needed pieces"},
		{"no libhdf5", "echo " + library + " >&2; exit 127", "exit 0", true,
			[]string{"missing   gofive-engine", library, "to mend: load the HDF5 it was built with"}, "1 needed pieces"},
		{"no Jupyter", "exit 0", "exit 1", true,
			[]string{"missing   jupyter", "to mend: apt install jupyter-notebook", "optional  nbconvert"}, "1 needed pieces"},
		{"not installed", "exit 0", "exit 0", false,
			[]string{"missing   kernelspec", "to mend: gofive install --user"}, "1 needed pieces"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			home := clean(t)
			t.Setenv("GOFIVE_PYTHON", script(t, home+"/python", tt.python))
			t.Setenv("GOFIVE_ENGINE", home+"/engine")
			if tt.engine != "" {
				script(t, home+"/engine", tt.engine)
			}
			if tt.spec {
				if _, err := Kernelspec(Options{Executable: script(t, home+"/gofive", "exit 0")}); err != nil {
					t.Fatal(err)
				}
			}
			var out strings.Builder
			err := report(context.Background(), &out, lookEngine, lookArrow, lookJupyter, lookKernelspec, lookExecutor, lookToolchain)
			for _, want := range tt.want {
				if !strings.Contains(out.String(), want) {
					t.Errorf("%q is not in:\n%s", want, out.String())
				}
			}
			if (err == nil) != (tt.err == "") || err != nil && !strings.Contains(err.Error(), tt.err) {
				t.Errorf("got %v, want %q", err, tt.err)
			}
		})
	}
}
