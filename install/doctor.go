package install

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"gofive/kernel/engine"
	"gofive/kernel/native"
)

// finding is what one look found: all well when Mend is empty.
type finding struct {
	what   string // the piece: "gofive-engine"
	detail string // where it is and which version, or what is wrong
	mend   string // how to mend it; "" when nothing is wrong
	needed bool   // without it gofive does not do its job
}

// Doctor looks at everything gofive needs on this machine and tells w, one piece a line, what is
// there and how to mend what is not. The error says how many needed pieces are missing; pieces that
// only some uses want do not count.
func Doctor(ctx context.Context, w io.Writer) error {
	return report(ctx, w, lookGofive, lookEngine, lookMPI, lookArrow, lookJupyter, lookKernelspec, lookExecutor, lookToolchain)
}

func report(ctx context.Context, w io.Writer, looks ...func(context.Context) finding) error {
	missing := 0
	for _, look := range looks {
		f := look(ctx)
		word := "ok"
		switch {
		case f.mend != "" && f.needed:
			word = "missing"
			missing++
		case f.mend != "":
			word = "optional"
		}
		fmt.Fprintf(w, "%-9s %-14s %s\n", word, f.what, f.detail)
		if f.mend != "" {
			fmt.Fprintf(w, "%-24s to mend: %s\n", "", f.mend)
		}
	}
	if missing > 0 {
		return &Error{Op: "doctor", Err: fmt.Errorf("%d needed pieces are missing or wrong", missing), Try: "mend them as said above"}
	}
	return nil
}

func lookGofive(context.Context) finding {
	exe, err := Options{}.executable()
	if err != nil {
		return finding{"gofive", err.Error(), "make build, then use bin/gofive", true}
	}
	return finding{what: "gofive", detail: exe}
}

// lookEngine starts the engine: that shows that its libraries are there, and it says which.
func lookEngine(ctx context.Context) finding {
	const what = "gofive-engine"
	path, err := engine.Find()
	if err != nil {
		return finding{what, err.Error(), "make build leaves it beside gofive; or export " + engine.EnvPath + "=/path/to/gofive-engine", true}
	}
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	out, err := exec.CommandContext(ctx, path, "version").CombinedOutput()
	said := strings.Join(strings.Fields(string(out)), " ")
	if err != nil {
		return finding{what, fmt.Sprintf("%s does not start (%v): %s", path, err, said), engineMend(said), true}
	}
	return finding{what: what, detail: path + ": " + said}
}

// lookMPI starts the engines for MPI, of which there may be several, or none.
func lookMPI(ctx context.Context) finding {
	const what = "MPI"
	path, err := engine.Find()
	if err != nil {
		return finding{what, "no engine, so none for MPI", "see gofive-engine", false}
	}
	var said []string
	for _, e := range engine.FindMPI(path) {
		ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
		out, err := exec.CommandContext(ctx, e, "version").CombinedOutput()
		cancel()
		text := strings.Join(strings.Fields(string(out)), " ")
		if err != nil {
			return finding{what, fmt.Sprintf("%s does not start (%v): %s", e, err, text), "load the environment module of the MPI that it was built with, or make build-mpi again", false}
		}
		said = append(said, text)
	}
	if len(said) == 0 {
		return finding{what, "no engine for MPI; ranks of %cluster are processes without it", "make build-mpi", false}
	}
	return finding{what: what, detail: strings.Join(said, "; ")}
}

// lookArrow looks for the program that reads and writes Arrow and Parquet files, where the engine looks.
func lookArrow(context.Context) finding {
	const what, env = "gofive-arrow", "GOFIVE_ARROW"
	mend := "make build leaves it beside gofive-engine; or export " + env + "=/path/to/" + what
	path := os.Getenv(env)
	if beside, err := engine.Find(); path == "" && err == nil {
		path = filepath.Join(filepath.Dir(beside), what)
	}
	if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
		return finding{what: what, detail: path}
	}
	if found, err := exec.LookPath(what); err == nil {
		return finding{what: what, detail: found}
	}
	return finding{what, "no Arrow and Parquet files: it is not beside gofive-engine", mend, false}
}

// engineMend reads what the dynamic loader or the engine said.
func engineMend(said string) string {
	if strings.Contains(said, "libhdf5") || strings.Contains(said, "HDF5") {
		return "load the HDF5 it was built with (module load hdf5, or LD_LIBRARY_PATH), install one (apt install libhdf5-dev), or build again: make build"
	}
	return "build it again on this machine: make build"
}

func lookJupyter(ctx context.Context) finding {
	for _, server := range []string{"notebook", "jupyterlab"} {
		if python, err := FindPython(ctx, "jupyter_client", server); err == nil {
			return finding{what: "jupyter", detail: server + " of " + python}
		}
	}
	_, err := FindPython(ctx, "jupyter_client", "notebook")
	return finding{"jupyter", err.Error(), "apt install jupyter-notebook, conda install jupyterlab, or module load jupyter", true}
}

// lookKernelspec finds the kernelspec that Jupyter would take and reads what it starts.
func lookKernelspec(context.Context) finding {
	const what, mend = "kernelspec", "gofive install --user"
	for _, data := range dataDirs() {
		file := filepath.Join(data, "kernels", Name, "kernel.json")
		text, err := os.ReadFile(file)
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err != nil {
			return finding{what, err.Error(), mend, true}
		}
		var s spec
		if err := json.Unmarshal(text, &s); err != nil || len(s.Argv) == 0 {
			return finding{what, file + " is no kernelspec", mend, true}
		}
		if err := runnable(s.Argv[0]); err != nil {
			return finding{what, fmt.Sprintf("%s starts %s: %v", file, s.Argv[0], err), mend, true}
		}
		return finding{what: what, detail: fmt.Sprintf("%s starts %s", file, s.Argv[0])}
	}
	return finding{what, "not in " + strings.Join(dataDirs(), ", "), mend + ", or export JUPYTER_PATH", true}
}

func lookExecutor(ctx context.Context) finding {
	python, err := FindPython(ctx, "nbclient", "nbconvert")
	if err != nil {
		return finding{"nbconvert", err.Error(), "apt install python3-nbclient python3-nbconvert, to run notebooks without a browser", false}
	}
	return finding{what: "nbconvert", detail: "nbclient and nbconvert of " + python}
}

// lookToolchain finds what builds %%native cells: the Go that built the engine, and a C compiler.
func lookToolchain(context.Context) finding {
	const what = "%%native"
	said, err := native.New(engine.Find).Toolchain()
	if err != nil {
		mend := "put " + runtime.Version() + " (https://go.dev/dl) and a C compiler (apt install gcc) into the PATH; without them these cells are interpreted"
		return finding{what, err.Error(), mend, false}
	}
	return finding{what: what, detail: said}
}
