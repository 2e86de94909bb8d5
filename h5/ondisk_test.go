package h5

import (
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"gofive/h5/internal/ondisk"
)

type pixel struct {
	Wave, Flux float32
	Mask       int32
}

// writeFiber makes a group like those of spectra; change changes it then.
func writeFiber(t *testing.T, change func(g *Group, d *Dataset) error, opts ...Option) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "fiber.h5")
	f, err := Create(path, opts...)
	must(t, err)
	must(t, f.Set("1/2/spectrum", []pixel{{1, 2, 3}, {4, 5, 6}}))
	d, err := f.Dataset("1/2/spectrum")
	must(t, err)
	for name, v := range map[string]any{"TEXT": "some text", "EMPTY": "", "N": 5, "X": 2.5, "YES": true, "MANY": []string{"a", "bc"}, "LIST": []int16{1, 2, 3}} {
		must(t, d.SetAttr(name, v))
	}
	g, err := f.Group("1/2")
	must(t, err)
	if change != nil {
		must(t, change(g, d))
	}
	must(t, errors.Join(d.Close(), g.Close(), f.Close()))
	return path
}

// addressOf gives the address of an object.
func addressOf(t *testing.T, path, object string) int64 {
	t.Helper()
	f, err := Open(path)
	must(t, err)
	defer f.Close()
	o, err := f.Get(object)
	must(t, err)
	info, err := o.Info()
	must(t, err)
	return info.Address
}

func onDisk(t *testing.T, path, object string) (uint32, error) {
	t.Helper()
	f, err := ondisk.Open(path)
	must(t, err)
	defer f.Close()
	return f.Sum(addressOf(t, path, object), nil)
}

// TestOnDiskCopy wants the checksum of a copy to be that of its source, though it lies elsewhere.
func TestOnDiskCopy(t *testing.T) {
	path := writeFiber(t, nil)
	want, err := onDisk(t, path, "1/2")
	must(t, err)
	in, err := Open(path)
	must(t, err)
	defer in.Close()
	out := filepath.Join(t.TempDir(), "copy.h5")
	f, err := Create(out)
	must(t, err)
	must(t, f.Set("other", make([]float64, 1000)))
	g, err := in.Group("1/2")
	must(t, err)
	for _, name := range []string{"first", "second"} {
		must(t, f.Copy(g, name))
	}
	must(t, f.Close())
	for _, name := range []string{"first", "second"} {
		if got, err := onDisk(t, out, name); err != nil || got != want {
			t.Errorf("the sum of %s is %x, %v; want that of the source, %x", name, got, err, want)
		}
	}
}

// TestOnDiskChanges wants every change to be one of the checksum.
func TestOnDiskChanges(t *testing.T) {
	seen := map[uint32]string{}
	for name, change := range map[string]func(g *Group, d *Dataset) error{
		"nothing":         nil,
		"a value":         func(_ *Group, d *Dataset) error { return d.Write([]pixel{{1, 2, 3}, {4, 5, 7}}) },
		"a text":          func(_ *Group, d *Dataset) error { return d.SetAttr("TEXT", "same text") },
		"a longer text":   func(_ *Group, d *Dataset) error { return d.SetAttr("TEXT", "some text.") },
		"an empty text":   func(_ *Group, d *Dataset) error { return d.SetAttr("EMPTY", "x") },
		"a number":        func(_ *Group, d *Dataset) error { return d.SetAttr("N", 6) },
		"a bool":          func(_ *Group, d *Dataset) error { return d.SetAttr("YES", false) },
		"texts":           func(_ *Group, d *Dataset) error { return d.SetAttr("MANY", []string{"ab", "c"}) },
		"numbers":         func(_ *Group, d *Dataset) error { return d.SetAttr("LIST", []int16{1, 2, 4}) },
		"fewer":           func(_ *Group, d *Dataset) error { return d.SetAttr("LIST", []int16{1, 2}) },
		"a type":          func(_ *Group, d *Dataset) error { return d.SetAttr("LIST", []uint16{1, 2, 3}) },
		"no attribute":    func(_ *Group, d *Dataset) error { return d.DeleteAttr("N") },
		"one more":        func(g *Group, _ *Dataset) error { return g.SetAttr("N", 5) },
		"a member":        func(g *Group, _ *Dataset) error { return g.Set("more", 1) },
		"another name":    func(g *Group, _ *Dataset) error { return g.Move("spectrum", "Spectrum") },
		"a group between": func(g *Group, _ *Dataset) error { return g.Move("spectrum", "a/spectrum") },
	} {
		sum, err := onDisk(t, writeFiber(t, change), "1/2")
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if other, same := seen[sum]; same {
			t.Errorf("%s and %s have the same checksum", name, other)
		}
		seen[sum] = name
	}
}

// TestOnDiskLook wants elements and type of a dataset to be shown.
func TestOnDiskLook(t *testing.T) {
	path := writeFiber(t, nil)
	f, err := ondisk.Open(path)
	must(t, err)
	defer f.Close()
	var got []byte
	_, err = f.Sum(addressOf(t, path, "1/2"), func(path string, typ *ondisk.Type, b []byte) {
		if path != "spectrum" || typ.Size != 12 || len(typ.Members) != 3 || typ.Members[1] != (ondisk.Member{Name: "Flux", Offset: 4, Float32: true}) || typ.Members[2].Float32 {
			t.Errorf("%q has the type %+v", path, typ)
		}
		got = append(got, b...)
	})
	must(t, err)
	if want := "\x00\x00\x80?\x00\x00\x00@\x03\x00\x00\x00\x00\x00\x80@\x00\x00\xa0@\x06\x00\x00\x00"; string(got) != want {
		t.Errorf("the elements are %q, want %q", got, want)
	}
}

// TestOnDiskUnknown wants other forms to be left to the library.
func TestOnDiskUnknown(t *testing.T) {
	for name, path := range map[string]string{
		"newest form": writeFiber(t, nil, FileAccess{Libver: Latest}),
		"chunks": writeFiber(t, func(g *Group, _ *Dataset) error {
			_, err := g.CreateDataset("c", Float32, Shape{4}, DatasetCreate{Chunks: Shape{2}})
			return err
		}),
		"references": writeFiber(t, func(g *Group, d *Dataset) error {
			r, err := d.Ref()
			return errors.Join(err, g.SetAttr("to", r))
		}),
		"a link": writeFiber(t, func(g *Group, _ *Dataset) error { return g.Softlink("soft", "/nowhere") }),
	} {
		if sum, err := onDisk(t, path, "1/2"); !errors.Is(err, ondisk.ErrUnknown) {
			t.Errorf("%s: got %x, %v; want ErrUnknown", name, sum, err)
		}
	}
}

// TestOnDiskDamaged changes bytes at random: whatever they say, an end is found.
func TestOnDiskDamaged(t *testing.T) {
	path := writeFiber(t, nil)
	at := addressOf(t, path, "1/2")
	sound, err := os.ReadFile(path)
	must(t, err)
	random := rand.New(rand.NewPCG(1, 2))
	bad := filepath.Join(t.TempDir(), "bad.h5")
	for range 1000 {
		b := append([]byte(nil), sound[:len(sound)-random.IntN(2)*random.IntN(len(sound))]...)
		for range 1 + random.IntN(8) {
			if len(b) > 0 {
				b[random.IntN(len(b))] = []byte{0, 1, 0xff, byte(random.Uint32())}[random.IntN(4)]
			}
		}
		must(t, os.WriteFile(bad, b, 0o600))
		f, err := ondisk.Open(bad)
		if err != nil {
			continue
		}
		f.Sum(at, nil) // that it returns is all that is wanted
		must(t, f.Close())
	}
}
