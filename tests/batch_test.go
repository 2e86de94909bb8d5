package tests

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// mpirun is the command that starts n ranks of a job on this computer, and its environment.
func (j job) mpirun(n int) (args, env []string) {
	env = []string{"GOFIVE_ENGINE_MPI=" + j.engine, "OMPI_ALLOW_RUN_AS_ROOT=1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1",
		"OMPI_MCA_rmaps_base_oversubscribe=1", "OMPI_MCA_mpi_yield_when_idle=1", "OMPI_MCA_btl=self,vader",
		"OMPI_MCA_btl_vader_single_copy_mechanism=none", "UCX_ERROR_SIGNALS=", "UCX_DEBUG_SIGNO=0"}
	command := map[string]string{"openmpi": "mpirun.openmpi", "mpich": "mpiexec.mpich"}[j.name]
	return []string{command, "-n", fmt.Sprint(n)}, append(os.Environ(), env...)
}

// TestBatch runs cells without Jupyter, in one process and on ranks that mpirun starts.
func TestBatch(t *testing.T) {
	w := newWorkspace(t)
	dir := t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	good := file("good.go", "x := 3\nfmt.Println(\"plain\", x)\n// %%\n%%px\nr := mpi.Rank()\ntotal := mpi.Allreduce(r, mpi.Sum)\n// %%\n%cluster list\n%px fmt.Println(\"rank\", r, \"total\", total)\n// %%\nx * 2\n")
	bad := file("bad.go", "%%px\nif mpi.Rank() == mpi.Size()-1 { panic(\"no more\") }\nmpi.Barrier()\n")
	auto := file("auto.go", "%autopx\n// %%\nfmt.Println(\"auto\")\n// %%\n%autopx\n// %%\nfmt.Println(\"here\")\n// %%\n%pxconfig --targets 1,2\n// %%\n%%px\nfmt.Println(\"some\")\n")
	unmarked := file("unmarked.go", "fmt.Println(\"alone\")\n")
	notebook := file("n.ipynb", `{"nbformat": 4, "cells": [{"cell_type": "markdown", "source": "text"}, {"cell_type": "code", "source": ["%%px\n", "fmt.Println(mpi.Rank())"]}]}`)

	out, errs, err := command(t, dir, os.Environ(), w.gofive, "run", good)
	if want := "plain 3\nrank 0 total 0\n6\n"; out != want || err != nil {
		t.Errorf("run: %v %s, printed %q, want %q", err, errs, out, want)
	}
	_, errs, err = command(t, dir, os.Environ(), w.gofive, "run", file("exit.go", "os.Exit(7)\n// %%\nfmt.Println(\"more\")"))
	if exit := (*exec.ExitError)(nil); !errors.As(err, &exit) || exit.ExitCode() != 7 || errs != "" {
		t.Errorf("os.Exit(7): %v, said %q", err, errs)
	}
	out, errs, err = command(t, dir, os.Environ(), w.gofive, "run", file("end.go", "fmt.Println(1)\nos.Exit(0)\n// %%\nfmt.Println(\"more\")"))
	if out != "1\n" || err != nil {
		t.Errorf("os.Exit(0): %v %s, printed %q", err, errs, out)
	}
	for args, want := range map[string]string{
		file("typo.go", "x := nosuch"):                 "undefined: nosuch",
		file("bash.go", "x := 1\n// %%\n%%capture\nx"): "cell 2: %%capture needs a notebook",
		file("later.go", "%%px --noblock\n1"):          "%%px --noblock needs a notebook",
		filepath.Join(dir, "none.go"):                  "no such file",
		file("not.ipynb", "{"):                         "this is no notebook",
	} {
		if _, errs, err := command(t, dir, os.Environ(), w.gofive, "run", args); err == nil || !strings.Contains(errs, want) {
			t.Errorf("run %s: %v %q, want %q", args, err, errs, want)
		}
	}
	for _, j := range jobs(t, w)[1:] {
		for _, n := range []int{1, 2, 4} {
			launcher, env := j.mpirun(n)
			out, errs, err := command(t, dir, env, append(launcher, w.gofive, "run", "--mpi", good)...)
			total := n * (n - 1) / 2
			for r := range n {
				if want := fmt.Sprintf("rank %d total %d\n", r, total); strings.Count(out, want) != 1 {
					t.Errorf("%s, %d ranks: %v %s\nprinted %q, want %q once", j.name, n, err, errs, out, want)
				}
			}
			if strings.Count(out, "plain 3\n") != 1 || strings.Count(out, "6\n") < 1 || err != nil {
				t.Errorf("%s, %d ranks: %v, printed %q", j.name, n, err, out)
			}
		}
		launcher, env := j.mpirun(3)
		if out, _, err := command(t, dir, env, append(launcher, w.gofive, "run", "--mpi", notebook)...); err != nil || len(strings.Fields(out)) != 3 {
			t.Errorf("%s: notebook: %v, printed %q", j.name, err, out)
		}
		out, errs, err = command(t, dir, env, append(launcher, w.gofive, "run", "--mpi", unmarked)...)
		if err != nil || strings.Count(out, "alone") != 1 || !strings.Contains(errs, "no cell begins with %%px") {
			t.Errorf("%s: cells that are for no ranks: %v, printed %q and said %q", j.name, err, out, errs)
		}
		out, errs, err = command(t, dir, env, append(launcher, w.gofive, "run", "--mpi", auto)...)
		if err != nil || strings.Count(out, "auto\n") != 3 || strings.Count(out, "here\n") != 1 || strings.Count(out, "some\n") != 2 {
			t.Errorf("%s: %%autopx and %%pxconfig: %v %s, printed %q", j.name, err, errs, out)
		}
		out, errs, err = command(t, dir, env, append(launcher, w.gofive, "run", "--mpi", bad)...)
		if err == nil || !strings.Contains(out+errs, "rank 2: panic: no more") {
			t.Errorf("%s: a failing rank: %v\n%s", j.name, err, errs)
		}
		launcher, env = j.mpirun(2)
		other := map[string]string{"openmpi": "mpich", "mpich": "openmpi"}[j.name]
		env = append(env, "GOFIVE_ENGINE_MPI="+mpiEngine(t, w, other))
		if _, errs, err := command(t, dir, env, append(launcher, w.gofive, "run", "--mpi", good)...); err == nil || !strings.Contains(errs, "another MPI library") {
			t.Errorf("%s with the engine of %s: %v\n%s", j.name, other, err, errs)
		}
	}
}

// TestClusterCommand starts ranks in a terminal, has a notebook attach them, and ends them from the terminal.
func TestClusterCommand(t *testing.T) {
	w := newWorkspace(t)
	clusters := "GOFIVE_CLUSTERS=" + t.TempDir()
	env := append(w.env(t), clusters)
	id, errs, err := command(t, t.TempDir(), env, w.gofive, "cluster", "start", "-n", "2", "--launcher", "local")
	if id = strings.TrimSpace(id); err != nil || id == "" {
		t.Fatalf("start: %v %s", err, errs)
	}
	if list, _, err := command(t, t.TempDir(), env, w.gofive, "cluster", "list"); err != nil || !strings.Contains(list, id) {
		t.Errorf("list: %v\n%s", err, list)
	}
	k := startKernel(t, w, []string{clusters}, nil)
	k.steps([]step{
		{code: "%cluster attach " + id, out: "2 ranks by local"},
		{code: "%px mpi.Allreduce(1, mpi.Sum)", said: "[0-1] 2\n"},
	})
	if _, errs, err := command(t, t.TempDir(), env, w.gofive, "cluster", "stop", id); err != nil {
		t.Errorf("stop: %v %s", err, errs)
	}
	if list, _, _ := command(t, t.TempDir(), env, w.gofive, "cluster", "list"); !strings.Contains(list, "no cluster runs") {
		t.Errorf("after the stop: %s", list)
	}
	if o := k.run("%px 1"); !strings.Contains(o.Value, "it was stopped by process ") {
		t.Errorf("a cell on a cluster that was stopped: %s %q", o.Status, o.Value)
	}
	for args, want := range map[string]string{"start": "how many ranks?", "stop nosuch": "there is no such cluster", "go": "gofive cluster start"} {
		if _, errs, err := command(t, t.TempDir(), env, append([]string{w.gofive, "cluster"}, strings.Fields(args)...)...); err == nil || !strings.Contains(errs, want) {
			t.Errorf("cluster %s: %v %q, want %q", args, err, errs, want)
		}
	}
}
