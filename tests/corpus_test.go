package tests

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// readEverything is a cell that shows a file after reading all of it that is not huge. What cannot
// be read is counted and not hidden: the count is printed.
const readEverything = `
seen := map[int64]bool{}
refused := 0
func readAll(g *h5.Group) {
	l, err := g.List(h5.ListOptions{Attributes: true})
	if err != nil {
		refused++
		return
	}
	for _, e := range l.Entries {
		var err error
		switch {
		case e.Err != nil || seen[e.Info.Address]:
			err = e.Err
		case e.IsGroup():
			seen[e.Info.Address] = true
			var sub *h5.Group
			if sub, err = g.Group(e.Name); err == nil {
				readAll(sub)
			}
		case e.IsDataset():
			err = readData(g, e)
		}
		if err != nil {
			refused++
		}
	}
}
func readData(g *h5.Group, e h5.Entry) error {
	d, err := g.Dataset(e.Name)
	if err != nil {
		return err
	}
	n := 1
	for _, size := range e.Info.Shape {
		n *= size
	}
	if n < 0 || n > 1000000 {
		return nil
	}
	_, err = d.Slice()
	return err
}
c := h5.Open(%q)
readAll(c.Group("/"))
fmt.Println("refused:", refused)
c
`

// TestCorruptCorpus lets the kernel meet files that kill HDF5's readers. Each gives an error, or
// shows what it holds, costs an engine, or is stuck in libhdf5 until it is interrupted; never the kernel. What such a file did to the library's
// memory may kill the engine a little later, when the next cell ends and files are flushed: then
// the cell behind that one works.
func TestCorruptCorpus(t *testing.T) {
	files := corpus(t, false)
	k := startKernel(t, newWorkspace(t), nil, nil)
	shown, failed, killed, late, stuck := 0, 0, 0, 0, 0
	for _, file := range files {
		o, interrupted := k.runOrInterrupt(fmt.Sprintf(readEverything, file), 10)
		name := filepath.Base(file)
		switch {
		case interrupted && (o.Name == "interrupted" || o.Name == "engine"):
			stuck++ // in libhdf5, as h5dump is
		case o.Status == "ok":
			shown++
		case o.Name == "engine":
			killed++
			if !strings.Contains(o.Value+o.Traceback, "variables") {
				t.Errorf("%s: the message does not say what was lost: %s", name, o.Value)
			}
		case o.Name == "error":
			failed++
			if !strings.Contains(o.Value, name) {
				t.Errorf("%s: the error does not name the file: %s", name, o.Value)
			}
		default:
			t.Errorf("%s: got %s: %s\n%s", name, o.Name, o.Value, o.Traceback)
		}
		got := k.run("1+1")
		if got.Name == "engine" {
			late++
			got = k.run("1+1")
		}
		if got.Status != "ok" || got.text() != "2" {
			t.Fatalf("the cell after %s: got %s %q %s", name, got.Status, got.text(), got.Value)
		}
	}
	if err := syscall.Kill(k.pid, 0); err != nil {
		t.Errorf("kernel process %d: %v", k.pid, err)
	}
	t.Logf("%d files: %d shown, %d refused, %d cost an engine, %d of them late, %d were stuck", len(files), shown, failed, killed+late, late, stuck)
}

// TestValidCorpus opens every file that other readers read, reads all of it and shows it.
func TestValidCorpus(t *testing.T) {
	files := corpus(t, true)
	k := startKernel(t, newWorkspace(t), nil, nil)
	for _, file := range files {
		o := k.run(fmt.Sprintf(readEverything, file))
		switch html, _ := o.Result["text/html"].(string); {
		case o.Status != "ok":
			t.Errorf("%s: %s: %s", filepath.Base(file), o.Name, o.Value)
		case o.text() == "" || html == "":
			t.Errorf("%s: shows nothing: %q, %d bytes of HTML", filepath.Base(file), o.text(), len(html))
		}
	}
}

// corpus is every HDF5 file of the shared data whose class is valid, or those whose class is not.
func corpus(t *testing.T, valid bool) []string {
	t.Helper()
	data := shared(t, "data/hdf5")
	manifest, err := os.ReadFile(filepath.Join(data, "MANIFEST.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	_, body, _ := strings.Cut(string(manifest), "\n")
	var files []string
	for line := range strings.Lines(body) {
		fields := strings.Split(line, "\t") // path first, class eighth
		if (fields[7] == "valid") == valid {
			files = append(files, filepath.Join(data, filepath.FromSlash(fields[0])))
		}
	}
	if len(files) == 0 {
		t.Fatalf("no such file in %s", data)
	}
	return files
}
