package tests

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestBossOnRanks types a command of gofive boss behind a launcher, whose MPI is to be found.
func TestBossOnRanks(t *testing.T) {
	w := newWorkspace(t)
	serial, errs, err := command(t, t.TempDir(), os.Environ(), w.gofive, "boss", "subset", "-q", "Z > -1", "-o", "out.h5", w.sample)
	if err != nil {
		t.Fatalf("%v\n%s", err, errs)
	}
	want, _, _ := strings.Cut(serial, " in ") // the time it took
	for _, j := range jobs(t, w)[1:] {
		for _, n := range []int{1, 2, 4} {
			dir := t.TempDir()
			list := filepath.Join(dir, "wanted.pmf")
			if err := os.WriteFile(list, []byte("plates mjds fibers\n3655 55240 30\n3655 55240 999\n"), 0o644); err != nil {
				t.Fatal(err)
			}
			launcher, env := j.mpirun(n)
			env = append(env, "GOFIVE_ENGINE_MPI=") // as a site has it: the engines stand beside gofive
			boss := func(args ...string) (out, errs string, err error) {
				return command(t, dir, env, append(append(launcher, w.gofive, "boss"), args...)...)
			}
			out, errs, err := boss("subset", "-q", "Z > -1", "-o", "out.h5", w.sample)
			if err != nil || strings.Count(out, want) != 1 || strings.Count(out, "copied") != 1 {
				t.Errorf("%s, %d ranks: %v, printed %q, want %q once\n%s", j.name, n, err, out, want, errs)
			}
			out, errs, err = boss("subset", "-q", list, "-o", "one.h5", w.sample)
			if err == nil || strings.Count(out, "3655-55240-0999: no input has it") != 1 || strings.Count(errs, "not all fibers could be done") != 1 {
				t.Errorf("%s, %d ranks: %v, printed %q and\n%s", j.name, n, err, out, errs)
			}
			_, errs, err = boss("info", "out.h5")
			if alone := n == 1; alone != (err == nil) || !alone && strings.Count(errs, "it is done by one process") != 1 {
				t.Errorf("info, %s, %d ranks: %v\n%s", j.name, n, err, errs)
			}
		}
		launcher, env := j.mpirun(2)
		other := map[string]string{"openmpi": "mpich", "mpich": "openmpi"}[j.name]
		env = append(env, "GOFIVE_ENGINE_MPI="+mpiEngine(t, w, other))
		args := append(launcher, w.gofive, "boss", "info", w.sample)
		if _, errs, err := command(t, t.TempDir(), env, args...); err == nil || !strings.Contains(errs, "another MPI library") {
			t.Errorf("%s with the engine of %s: %v\n%s", j.name, other, err, errs)
		}
	}
}

// TestFirstRankTells has a first rank that gets the processor last: what it says must reach the user before a launcher
// kills it because another rank has failed.
func TestFirstRankTells(t *testing.T) {
	w := newWorkspace(t)
	cpu, err := exec.Command("sh", "-c", "taskset -cp $$ | grep -o '[0-9]*' | tail -1").Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, j := range jobs(t, w)[1:] {
		launcher, env := j.mpirun(1)
		args := []string{"taskset", "-c", strings.TrimSpace(string(cpu)), launcher[0],
			"-n", "1", "nice", "-n", "19", w.gofive, "boss", "info", w.sample, ":", "-n", "3", w.gofive, "boss", "info", w.sample}
		if _, errs, err := command(t, t.TempDir(), env, args...); err == nil || strings.Count(errs, "it is done by one process") != 1 {
			t.Errorf("%s: %v\n%s", j.name, err, errs)
		}
	}
}

// TestBossOfBatchScripts has what Slurm sets in a script: there are tasks, and this process is none of them.
func TestBossOfBatchScripts(t *testing.T) {
	w := newWorkspace(t)
	env := append(os.Environ(), "SLURM_NTASKS=4", "SLURM_PROCID=0")
	if out, errs, err := command(t, t.TempDir(), env, w.gofive, "boss", "info", w.sample); err != nil || !strings.Contains(out, "3655/55240") {
		t.Errorf("%v, printed %q\n%s", err, out, errs)
	}
}
