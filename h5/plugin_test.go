package h5

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"testing"
)

func init() {
	children["plug-ins"] = func(args []string) {
		f, err := Create(args[0])
		if err != nil {
			fmt.Println(err)
			return
		}
		defer f.Close()
		for _, name := range []string{"zstd", "lzf"} {
			fmt.Println(throughPlugin(f, name))
		}
	}
}

// throughPlugin writes and reads numbers that any real compression makes smaller, and says what they take.
func throughPlugin(f *File, filter string) string {
	d, err := f.CreateDataset(filter, Int32, Shape{1000}, DatasetCreate{Chunks: Shape{500}, Filters: []FilterSpec{{Name: filter}}})
	if err != nil {
		return err.Error()
	}
	if err := d.Write(7); err != nil {
		return err.Error()
	}
	x, err := Read[int32](d)
	if err != nil {
		return err.Error()
	}
	info, err := d.Info()
	return fmt.Sprint(info.Filters, x[999], info.Storage, err)
}

// TestPlugins lets a process find plug-ins: they are used, and the one for LZF goes before our own.
func TestPlugins(t *testing.T) {
	dir := t.TempDir()
	for name, number := range map[string]int{"libone.so": 32015, "libtwo.so": 32000} {
		cc := exec.Command("cc", "-shared", "-fPIC", fmt.Sprintf("-DNUMBER=%d", number), "-o", filepath.Join(dir, name), "testdata/plugin.c")
		if out, err := cc.CombinedOutput(); err != nil {
			t.Skipf("SKIPPED: no C compiler for a plug-in: %v\n%s", err, out)
		}
	}
	cmd := child(t, "plug-ins", filepath.Join(t.TempDir(), "x.h5"))
	cmd.Env = append(cmd.Env, "HDF5_PLUGIN_PATH="+dir)
	out, err := cmd.CombinedOutput()
	must(t, err)
	same(t, string(out), "[zstd] 7 4000 <nil>\n[lzf] 7 4000 <nil>\n")
}
