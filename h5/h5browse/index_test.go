package h5browse

import (
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"gofive/h5"
)

// opened1 makes a file that stays open for writing, with a line of n numbers, and gives what pages call the file.
func opened1(t *testing.T, n int) (string, *h5.Dataset) {
	t.Helper()
	f, err := h5.Create(filepath.Join(t.TempDir(), "w.h5"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	d, err := f.CreateDataset("x", h5.Int16, h5.Shape{n}, h5.DatasetCreate{Chunks: h5.Shape{1 << 14}, MaxShape: h5.Shape{h5.Unlimited}})
	if err == nil {
		err = d.Write(int16(1))
	}
	if err != nil {
		t.Fatal(err)
	}
	return f.Filename(), d
}

// fileOf gives what a page calls a file that cells have open.
func (p *page) fileOf(path string) string {
	for _, f := range p.b.files() {
		if f.Path == path {
			return f.File
		}
	}
	p.t.Fatalf("%s is not open", path)
	return ""
}

// extremes decimates a line and gives the greatest of all, how much of its index was read for that, and the length.
func extremes(p *page, file string, ask m) (hi float64, read, to int) {
	p.t.Helper()
	before := counted(p.b)
	ask["op"], ask["file"], ask["path"], ask["width"] = "decimate", file, "/x", 100
	s := p.do(ask)
	hi = s.data["range"].([]any)[1].(float64)
	for k := range before {
		if before[k] != known {
			read++
		}
	}
	now := counted(p.b)
	return hi, read + len(now) - len(before), int(s.data["to"].(float64))
}

// counted gives what is known of the stretches of the index used last.
func counted(b *Browser) []byte {
	b.indexes.mu.Lock()
	defer b.indexes.mu.Unlock()
	if len(b.indexes.kept) == 0 {
		return nil
	}
	i := b.indexes.kept[len(b.indexes.kept)-1]
	i.mu.Lock()
	defer i.mu.Unlock()
	return slices.Clone(i.state)
}

// The index of a line in a file that cells write: what was written is read again, and no more.
func TestIndexOfWritten(t *testing.T) {
	const n = 2 << 20
	path, d := opened1(t, n)
	p := newPage(t, Options{})
	file := p.fileOf(path)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	steps := []struct {
		name string
		do   func()
		hi   float64
		most int // stretches that may be read
	}{
		{"first", func() {}, 1, n / leastBlock},
		{"again", func() {}, 1, 0},
		{"a write", func() { must(d.Write(int16(9), "700000:700010")) }, 9, 2},
		{"a lower one", func() { must(d.Write(int16(2), "700000:700010")) }, 2, 2},
		{"another dataset", func() { must(d.File().Set("y", []int{1, 2, 3})) }, 2, 0},
		{"an attribute", func() { must(d.SetAttr("units", "K")) }, 2, 0},
		{"appended", func() { must(d.Append([]int16{30, 31, 32})) }, 32, 2},
		{"appended again", func() { must(d.Append(make([]int16, 5000))) }, 32, 12},
		{"cut and longer", func() { must(d.Resize(n)); must(d.Resize(n + 5003)) }, 2, 2 * n / leastBlock},
		{"points", func() { must(d.Write([]int16{70}, h5.Points{{100}})) }, 70, 2 * n / leastBlock},
		{"compiled code", func() { h5.Locked(func() {}) }, 70, 2 * n / leastBlock},
		{"at last", func() {}, 70, 0},
	}
	for _, s := range steps {
		s.do()
		if hi, read, to := extremes(p, file, m{}); hi != s.hi || read > s.most || to != d.Len() {
			t.Errorf("%s: the greatest is %v, want %v; %d stretches read, %d are enough; of %d numbers %d", s.name, hi, s.hi, read, s.most, d.Len(), to)
		}
	}
	if hi, _, _ := extremes(p, file, m{"sel": "0:1100000", "component": "phase"}); hi != 70 {
		t.Errorf("a part: %v", hi)
	}
}

// A dataset that takes the place of another is another line, wherever the library puts it.
func TestIndexOfReplaced(t *testing.T) {
	path, d := opened1(t, 2<<20)
	p := newPage(t, Options{})
	file := p.fileOf(path)
	extremes(p, file, m{})
	f := d.File()
	d.Close()
	for k := range 3 {
		if err := f.Delete("x"); err != nil {
			t.Fatal(err)
		}
		x := make([]int16, 2<<20)
		x[5] = int16(100 + k)
		if err := f.Set("x", x); err != nil {
			t.Fatal(err)
		}
		if hi, _, _ := extremes(p, file, m{}); hi != float64(100+k) {
			t.Errorf("after %d deletions: %v", k+1, hi)
		}
	}
}

// Zooms and writes at the same time: what is drawn after a write has what was written.
func TestIndexWhileWritten(t *testing.T) {
	path, d := opened1(t, 2<<20)
	p := newPage(t, Options{})
	file := p.fileOf(path)
	stop, done := make(chan bool), make(chan error)
	go func() {
		for k := 0; ; k++ {
			select {
			case <-stop:
				done <- nil
				return
			default:
			}
			if err := d.Write(int16(k%100), fmt.Sprintf("%d:%d", 1000*k%(1<<20), 1000*k%(1<<20)+50)); err != nil {
				done <- err
				return
			}
		}
	}()
	for range 30 {
		extremes(p, file, m{})
	}
	close(stop)
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	x, err := d.Float64s()
	if err != nil {
		t.Fatal(err)
	}
	s := p.do(m{"op": "decimate", "file": file, "path": "/x", "width": 2000})
	index, lo, hi := floats(s.buffers[0]), floats(s.buffers[1]), floats(s.buffers[2])
	for k, at := range index {
		to := d.Len()
		if k+1 < len(index) {
			to = int(index[k+1])
		}
		part := x[int(at):to]
		if lo[k] != slices.Min(part) || hi[k] != slices.Max(part) {
			t.Fatalf("from %v to %d: %v to %v, want %v to %v", at, to, lo[k], hi[k], slices.Min(part), slices.Max(part))
		}
	}
}

// Of stretches that are joined in pairs nothing is lost, and what is not known stays so.
func TestIndexCoarsens(t *testing.T) {
	const n = 5*leastBlock + 100
	x := make([]int32, n)
	for k := range x {
		x[k] = int32(k * 7919 % 1000)
	}
	i := &index{block: leastBlock}
	i.resize(n)
	for k := range i.cells {
		i.cells[k], i.state[k] = with(nothing(), x[k*i.block:min((k+1)*i.block, n)]), known
	}
	i.state[3] = unread
	i.coarsen()
	if fmt.Sprint(i.state) != fmt.Sprint([]byte{known, unread, known}) || i.block != 2*leastBlock {
		t.Errorf("stretches of %d: %v", i.block, i.state)
	}
	for k, c := range i.cells {
		if want := with(nothing(), x[k*i.block:min((k+1)*i.block, n)]); c != want {
			t.Errorf("stretch %d: %v, want %v", k, c, want)
		}
	}
}

// A file that another process writes: what it appends is read once more until it has settled, and all of it in a
// while.
func TestIndexOfOthers(t *testing.T) {
	const block = leastBlock
	i := &index{}
	unknown := func() (n int) {
		for k := range i.state {
			if i.state[k] != known {
				n++
			}
			i.state[k] = known
		}
		return n
	}
	at := func(k int) mark { return mark{size: int64(k)} }
	i.follow(100*block, at(1), othersWrite)
	unknown()
	for _, s := range []struct {
		name string
		n    int
		of   mark
		who  writer
		want int
	}{
		{"nothing", 100 * block, at(1), othersWrite, 0},
		{"changed", 100 * block, at(2), othersWrite, 1},
		{"longer", 104 * block, at(3), othersWrite, 5},
		{"longer still", 106 * block, at(4), othersWrite, 6},
		{"not longer", 106 * block, at(5), othersWrite, 6},
		{"the same", 106 * block, at(5), othersWrite, 0},
		{"shorter", 50 * block, at(6), othersWrite, 50},
		{"nobody writes", 50 * block, at(6), nobody, 0},
		{"somebody has", 50 * block, at(7), nobody, 50},
	} {
		i.follow(s.n, s.of, s.who)
		if got := unknown(); got != s.want {
			t.Errorf("%s: %d stretches to be read, want %d", s.name, got, s.want)
		}
	}
	i.follow(60*block, at(8), othersWrite)
	unknown()
	i.grown[0].at = i.grown[0].at.Add(-settle - time.Second)
	i.follow(60*block, at(9), othersWrite)
	if got := unknown(); got != 10 {
		t.Errorf("settled now: %d", got)
	}
	i.follow(60*block, at(10), othersWrite)
	if got := unknown(); got != 1 {
		t.Errorf("settled: %d", got)
	}
	i.since = i.since.Add(-trust - time.Second)
	i.follow(60*block, at(11), othersWrite)
	if got := unknown(); got != 60 {
		t.Errorf("after long: %d", got)
	}
}

// What is drawn before the end is true as far as it goes, and a cancelled drawing leaves what it has read.
func TestEarly(t *testing.T) {
	const n = 60_000_000
	file := make1(t, func(f *h5.File) error {
		d, err := f.CreateDataset("x", h5.Float64, h5.Shape{n}, h5.DatasetCreate{Chunks: h5.Shape{1 << 16}, Gzip: 1, Fill: 3.0})
		if err != nil {
			return err
		}
		return d.Write(5.0, "0:10")
	})
	p := newPage(t, Options{})
	id := p.ask(m{"op": "decimate", "file": file, "path": "/x", "width": 500})
	part := p.wait("part", func(s said) bool { return s.data["id"] == float64(id) && s.data["part"] != nil })
	if part.data["early"] != true || part.data["total"] != float64(n) || len(part.buffers) != 4 {
		t.Fatalf("%v", part.data)
	}
	seen, first, last := 0, 0, 0
	for k, v := range floats(part.buffers[1]) {
		if v == 3 {
			last = k
			if seen++; seen == 1 {
				first = k
			}
		} else if v == v {
			t.Errorf("stretch %d: %v", k, v)
		}
	}
	if seen == 0 || first > 100 || last < 400 {
		t.Errorf("%d stretches from %d to %d", seen, first, last)
	}
	p.do(m{"op": "cancel", "target": id})
	p.answer(id)
	if hi, _, _ := extremes(p, file, m{}); hi != 5 {
		t.Errorf("at last: %v", hi)
	}
}

// Several parts of one line are drawn at the same time.
func TestIndexForMany(t *testing.T) {
	path, _ := opened1(t, 4<<20)
	p := newPage(t, Options{})
	file := p.fileOf(path)
	var ids []int64
	for k := range 8 {
		ids = append(ids, p.ask(m{"op": "decimate", "file": file, "path": "/x", "sel": fmt.Sprintf("%d:%d", k<<18, 2<<20+k<<18), "width": 100}))
	}
	for _, id := range ids {
		if s := p.answer(id); s.data["ok"] != true {
			t.Errorf("%v", s.data)
		}
	}
}
