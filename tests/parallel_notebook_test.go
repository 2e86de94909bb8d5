package tests

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// said is a line that a notebook prints: each rank does, or one.
type said struct {
	line string
	each bool
}

// parallelNotebook is a lesson that needs ranks.
type parallelNotebook struct {
	name  string
	small []string // what makes it quick, as for strings.NewReplacer
	says  func(ranks int) []said
	check func(t *testing.T, dir string, ranks int) // the files that it has written
}

var parallelNotebooks = []parallelNotebook{
	{
		name: "parallel.ipynb", small: []string{"1_000_000", "1_000"},
		says: func(n int) []said {
			return []said{
				{"ready", true}, {"my rank is even", n == 1}, {"only rank 0 says this", false}, {"3.14159274", true},
				{"the longest is " + strings.Repeat("o", n-1) + "!", true}, {fmt.Sprint(n * (n + 1) / 2), false},
				{fmt.Sprint("greetings from ", n-1), false}, {"[0.00 1.00 1.41 1.73 2.00 2.24 2.45 2.65 2.83 3.00]", false},
			}
		},
	},
	{
		name: "parallel-hdf5.ipynb", small: []string{"1 << 18", "1 << 12", "50_000", "1_000"},
		says: func(n int) []said {
			return []said{
				{fmt.Sprintf("%d × 6 values of int32", n), false}, {fmt.Sprintf("%d particles, collective", 500*n*(n+1)), true},
				{"float32", false}, {fmt.Sprintf("step %d is %d", n-1, (n-1)*(n-1)), false},
				{"a rank sees 64 rows", true}, {"all of them together each row once: true", true},
			}
		},
		check: func(t *testing.T, dir string, n int) {
			checkFiles(t, "hdf5", dir, fmt.Sprint(n), shared(t, "data/hdf5/valid/NeurodataWithoutBorders+pynwb/2.1.0_nwbfile_with_extension.nwb"))
		},
	},
	{
		name: "parallel-boss.ipynb", small: []string{"4, 300, 250", "2, 8, 6"},
		says: func(int) []said {
			return []said{
				{"12 fibers are wanted", true}, {"12 paths", true}, {"12 records", true}, {"both ways tell the same: true", false},
				{"the same spectra: true", false}, {"12 fibers are in ranks.h5", true},
			}
		},
		check: func(t *testing.T, dir string, _ int) { checkFiles(t, "boss", dir) },
	},
}

// checkFiles has h5py look at what was written.
func checkFiles(t *testing.T, args ...string) {
	t.Helper()
	args = append([]string{python(t, "h5py"), filepath.Join(repoRoot(t), "tests", "parallel_files.py")}, args...)
	if out, errs, err := command(t, t.TempDir(), os.Environ(), args...); err != nil {
		t.Errorf("%v\n%s%s", err, out, errs)
	}
}

// source is the notebook made small, with its cluster started as start says.
func (nb parallelNotebook) source(t *testing.T, start string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(repoRoot(t), "notebooks", nb.name))
	if err != nil {
		t.Fatal(err)
	}
	changes := append([]string{"%cluster start -n 4", start}, nb.small...)
	for i := 0; i < len(changes); i += 2 {
		if strings.Count(string(text), changes[i]) != 1 {
			t.Fatalf("%s does not have %q once", nb.name, changes[i])
		}
	}
	return []byte(strings.NewReplacer(changes...).Replace(string(text)))
}

// TestParallelNotebooksInBatches runs the lessons without Jupyter, alone and on ranks of both MPIs.
func TestParallelNotebooksInBatches(t *testing.T) {
	w := newWorkspace(t)
	for _, j := range jobs(t, w) {
		for _, n := range []int{1, 2, 4} {
			if j.launcher == "local" && n > 1 {
				continue // nothing starts ranks without MPI but a notebook
			}
			for _, nb := range parallelNotebooks {
				t.Run(fmt.Sprintf("%s/%d/%s", j.name, n, nb.name), func(t *testing.T) { nb.runBatch(t, w, j, n) })
			}
		}
	}
}

func (nb parallelNotebook) runBatch(t *testing.T, w *workspace, j job, n int) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, nb.name), nb.source(t, ""), 0o644); err != nil {
		t.Fatal(err)
	}
	args, env := []string{w.gofive, "run"}, os.Environ()
	if j.launcher != "local" {
		args, env = j.mpirun(n)
		args = append(args, w.gofive, "run", "--mpi")
	}
	out, errs, err := command(t, dir, env, append(args, nb.name)...)
	if err != nil {
		t.Fatalf("%v\n%s\n%s", err, out, errs)
	}
	for _, s := range nb.says(n) {
		got := 0
		for line := range strings.Lines(out) {
			if line == s.line+"\n" {
				got++
			}
		}
		if s.each && got != n || got == 0 {
			t.Errorf("%d times %q in\n%s", got, s.line, out)
		}
	}
	if nb.check != nil {
		nb.check(t, dir, n)
	}
}

// TestParallelNotebooks executes the lessons through Jupyter, on four ranks without MPI and with it.
func TestParallelNotebooks(t *testing.T) {
	w := newWorkspace(t)
	for _, j := range jobs(t, w)[:2] {
		for _, nb := range parallelNotebooks {
			t.Run(j.name+"/"+nb.name, func(t *testing.T) {
				const n = 4
				dir := t.TempDir()
				start := fmt.Sprintf("%%cluster start -n %d --launcher %s\\n%%pxconfig --no-stream", n, j.launcher)
				done := executeSource(t, w, dir, nb.name, nb.source(t, start), "GOFIVE_ENGINE_MPI="+j.engine)
				checkSaid(t, done, nb.says(n), n)
				if nb.check != nil {
					nb.check(t, dir, n)
				}
			})
		}
	}
}

// checkSaid looks for the lines in what the cells show, and for the failure of the one that is meant to fail.
func checkSaid(t *testing.T, nb notebook, lines []said, n int) {
	t.Helper()
	var text strings.Builder
	for _, cell := range nb.Cells {
		for _, o := range joinStreams(cell.Outputs) {
			text.WriteString(string(o.Text) + o.mime("text/plain") + "\n")
			if o.Kind == "error" && !strings.Contains(o.form("traceback"), "[0-2] interrupted, line 6; their variables keep what they had") {
				t.Errorf("%s\n%s", cell.Source, o.form("traceback"))
			}
		}
	}
	for _, s := range lines {
		want := s.line
		if s.each {
			want = fmt.Sprintf("[0-%d] %s\n", n-1, s.line)
		}
		if !strings.Contains(text.String(), want) {
			t.Errorf("no %q in\n%s", want, text.String())
		}
	}
}
