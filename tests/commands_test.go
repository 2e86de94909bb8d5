package tests

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestCommands tells one story a line: what is typed, and what is seen.
func TestCommands(t *testing.T) {
	w := newWorkspace(t)
	dir := t.TempDir()
	if err := os.Symlink(w.sample, filepath.Join(dir, "sample.h5")); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "text.h5"), []byte("not HDF5 at all\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "empty.h5"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	for name, cells := range map[string]string{
		"small":    `{"cell_type": "markdown", "source": "text"}, {"cell_type": "code", "source": ["%%native\n", "func double(n int) int { return 2 * n }"]}, {"cell_type": "code", "source": "n := 4\ndouble(n)"}`,
		"wrong":    `{"cell_type": "code", "source": "nowhere + 1"}`,
		"parallel": `{"cell_type": "code", "source": "%%px\nfmt.Println(1)"}`,
	} {
		text := `{"nbformat": 4, "cells": [` + cells + `]}`
		if err := os.WriteFile(filepath.Join(dir, name+".ipynb"), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	tests := []struct {
		args   string
		ok     bool
		stdout []string
		stderr []string
	}{
		{"ls sample.h5", true, []string{"3655"}, nil},
		{"ls -r sample.h5", true, []string{"3655", "55240", "coadd", "zbest", "WAVE"}, nil},
		{"ls sample.h5:3655/55240/30", true, []string{"coadd"}, nil},
		{"ls missing.h5", false, nil, []string{"missing.h5", "no such file"}},
		{"ls text.h5", false, nil, []string{"text.h5"}},
		{"ls empty.h5", false, nil, []string{"empty.h5"}},
		{"ls .", false, nil, []string{"directory"}},
		{"ls sample.h5:3655/1/2", false, nil, []string{"3655/1/2"}},
		{"ls", false, nil, []string{"usage"}},
		{"export small.ipynb", true, []string{"func main() {", "fmt.Println(double(n))"}, nil},
		{"export -o main.go small.ipynb", true, nil, nil},
		{"export wrong.ipynb", false, nil, []string{"code cell 1 does not compile", "undefined: nowhere"}},
		{"export parallel.ipynb", false, nil, []string{"code cell 1 is %%px"}},
		{"export text.h5", false, nil, []string{"this is no notebook"}},
		{"export missing.ipynb", false, nil, []string{"missing.ipynb: no such file"}},
		{"export", false, nil, []string{"usage"}},
		{"install --user --sys-prefix", false, nil, []string{"exclude one another"}},
		{"install --prefix text.h5", false, nil, []string{"not a directory"}},
		{"kernel -f missing.json", false, nil, []string{"missing.json"}},
		{"bogus", false, nil, []string{"bogus"}},
	}
	for _, tt := range tests {
		t.Run(tt.args, func(t *testing.T) {
			stdout, stderr, err := command(t, dir, w.env(t), append([]string{w.gofive}, strings.Fields(tt.args)...)...)
			if (err == nil) != tt.ok {
				t.Errorf("gofive %s: %v, want success %v\n%s%s", tt.args, err, tt.ok, stdout, stderr)
			}
			for _, want := range tt.stdout {
				if !strings.Contains(stdout, want) {
					t.Errorf("gofive %s: %q is not in its output:\n%s", tt.args, want, stdout)
				}
			}
			for _, want := range tt.stderr {
				if !strings.Contains(stderr, want) {
					t.Errorf("gofive %s: %q is not in its errors:\n%s", tt.args, want, stderr)
				}
			}
			if strings.Contains(stderr, "goroutine ") {
				t.Errorf("gofive %s: a stack trace:\n%s", tt.args, stderr)
			}
		})
	}
}

// TestListJSON reads the machine's form of a listing: one object for every HDF5 object.
func TestListJSON(t *testing.T) {
	w := newWorkspace(t)
	stdout, stderr, err := command(t, t.TempDir(), w.env(t), w.gofive, "ls", "-r", "--json", w.sample)
	if err != nil {
		t.Fatalf("%v\n%s", err, stderr)
	}
	byPath := map[string]map[string]any{}
	for d := json.NewDecoder(strings.NewReader(stdout)); d.More(); {
		var object map[string]any
		if err := d.Decode(&object); err != nil {
			t.Fatalf("%v in:\n%.2000s", err, stdout)
		}
		path, _ := object["path"].(string)
		byPath[path] = object
	}
	coadd := byPath["/3655/55240/30/coadd"]
	if coadd == nil {
		t.Fatalf("no coadd in:\n%.2000s", stdout)
	}
	for _, key := range []string{"path", "kind", "shape", "dtype", "storage", "attributes"} {
		if coadd[key] == nil {
			t.Errorf("the coadd has no %s: %v", key, coadd)
		}
	}
	if coadd["kind"] != "dataset" || byPath["/3655"]["kind"] != "group" {
		t.Errorf("kinds: coadd %v, /3655 %v", coadd["kind"], byPath["/3655"]["kind"])
	}
}

// TestInstalled asks Jupyter itself for the kernel, after an installation into a prefix.
func TestInstalled(t *testing.T) {
	py := python(t, "jupyter_client")
	w := newWorkspace(t)
	stdout, stderr, err := command(t, t.TempDir(), w.env(t), py, "-m", "jupyter_client.kernelspecapp", "list", "--json")
	if err != nil {
		t.Fatalf("%v\n%s", err, stderr)
	}
	var got struct {
		Kernelspecs map[string]struct {
			Dir  string `json:"resource_dir"`
			Spec struct {
				Argv      []string
				Display   string `json:"display_name"`
				Language  string
				Interrupt string `json:"interrupt_mode"`
			}
		}
	}
	if err := json.Unmarshal([]byte(stdout), &got); err != nil {
		t.Fatalf("%v in:\n%s", err, stdout)
	}
	k, ok := got.Kernelspecs["gofive"]
	if !ok || k.Spec.Display != "Go (HDF5)" || k.Spec.Language != "go" || k.Spec.Interrupt != "message" || k.Spec.Argv[0] != w.gofive {
		t.Errorf("Jupyter sees %+v", got.Kernelspecs)
	}
}

// TestDoctor lets the real doctor look at the real machine, well and unwell.
func TestDoctor(t *testing.T) {
	python(t, "jupyter_client", "notebook")
	w := newWorkspace(t)
	tests := []struct {
		name string
		env  []string
		ok   bool
		want []string
	}{
		{"well", nil, true, []string{"ok        gofive-engine", "HDF5", "ok        gofive-arrow", "ok        jupyter", "ok        kernelspec", "ok        %%native       ", "/go: go1."}},
		{"another Go", []string{"PATH=" + otherGo(t) + ":" + os.Getenv("PATH")}, true,
			[]string{"optional  %%native", "is go1.2.3: both must be the same", "to mend: put go1."}},
		{"no libhdf5", []string{"GOFIVE_ENGINE=" + withoutLibrary(t, w.gofive+"-engine")}, false,
			[]string{"missing   gofive-engine", "libhdf", "to mend: "}},
		{"not installed", []string{"JUPYTER_PATH="}, false, []string{"missing   kernelspec", "gofive install"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			stdout, stderr, err := command(t, t.TempDir(), w.env(t, tt.env...), w.gofive, "doctor")
			if (err == nil) != tt.ok {
				t.Errorf("got %v, want success %v", err, tt.ok)
			}
			for _, want := range tt.want {
				if !strings.Contains(stdout, want) {
					t.Errorf("%q is not in:\n%s%s", want, stdout, stderr)
				}
			}
		})
	}
}
