package boss

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"gofive/h5"
)

// twin is a fiber that another file holds too: of which that one's data are not taken.
type twin struct {
	id          FiberID
	file, first string
	differ      []string // parts of the spectrum
}

// compare looks whether other files hold the same spectrum of a fiber. What catalogs say of it is compared when they are read.
func (w *nightWriter) compare(p pick, d *fiberData) {
	for _, file := range p.files[1:] {
		s, err := w.openPeer(file)
		if err != nil {
			continue // it was not needed
		}
		other, err := readFiber(s, p.id)
		if err != nil {
			continue
		}
		w.twins = append(w.twins, twin{p.id, file, p.files[0], d.differences(other)})
	}
}

// compareRows compares the catalogs of the fibers that were written with those of other files that hold them, and lists the
// fibers that differ.
func (w *nightWriter) compareRows(t *tables) {
	slices.SortStableFunc(w.twins, func(a, b twin) int { return strings.Compare(a.file, b.file) })
	ours := t.byFiber()
	for len(w.twins) > 0 {
		file := w.twins[0].file
		end := slices.IndexFunc(w.twins, func(x twin) bool { return x.file != file })
		if end < 0 {
			end = len(w.twins)
		}
		w.compareWith(file, w.twins[:end], ours, t.fibers)
		w.twins = w.twins[end:]
	}
}

func (w *nightWriter) compareWith(file string, twins []twin, ours map[string]*catalog, written map[int]bool) {
	theirs := map[string]*catalog{}
	if s, err := w.openPeer(file); err == nil {
		theirs = readTables(s, w.night, written).byFiber()
	}
	for _, x := range twins {
		if !written[x.id.Fiber] {
			continue
		}
		if differ := append(x.differ, differingRows(ours, theirs, x.id.Fiber)...); len(differ) > 0 {
			w.done.problem(x.id, file, true, fmt.Errorf("its %s differ from those of %s, which were taken", strings.Join(differ, ", "), x.first))
		} else {
			w.done.Equal++
		}
	}
}

// byFiber gives the tables by their names, with the rows of each fiber found.
func (t *tables) byFiber() map[string]*catalog {
	out := map[string]*catalog{}
	for i, name := range t.names {
		if t.errs[i] == nil {
			out[name] = newCatalog(t.rows[i])
		}
	}
	return out
}

// differingRows names the columns in which the rows of a fiber differ, of the catalogs that both have.
func differingRows(ours, theirs map[string]*catalog, fiber int) (out []string) {
	for _, name := range slices.Sorted(maps.Keys(ours)) {
		if theirs[name] == nil {
			continue
		}
		a, err1 := ours[name].of(fiber)
		b, err2 := theirs[name].of(fiber)
		if err1 != nil || err2 != nil {
			continue
		}
		if columns := a.differing(b); len(columns) > 0 {
			out = append(out, fmt.Sprintf("rows of %s (%s)", name, strings.Join(columns, ", ")))
		}
	}
	return out
}

// differing names the columns that two tables do not have alike, of those that both have.
func (r *rows) differing(o *rows) (out []string) {
	if r.n != o.n {
		return []string{fmt.Sprintf("%d and %d", r.n, o.n)}
	}
	for _, c := range r.columns {
		if other := o.column(c.name); other != nil && !sameValues(c.values, other.values) {
			out = append(out, c.name)
		}
	}
	return out
}

// sameValues reports whether two columns hold the same. Formats keep texts with blanks behind them or without, and numbers of more or of
// fewer bytes.
func sameValues(a, b *h5.Array) bool {
	x, isText := a.Raw().([]string)
	y, areTexts := b.Raw().([]string)
	if isText && areTexts {
		return slices.EqualFunc(x, y, func(x, y string) bool { return strings.TrimRight(x, " ") == strings.TrimRight(y, " ") })
	}
	if reflect.TypeOf(a.Raw()) == reflect.TypeOf(b.Raw()) {
		return valuesSum(a.Raw()) == valuesSum(b.Raw())
	}
	p, err1 := a.Float32s()
	q, err2 := b.Float32s()
	return err1 == nil && err2 == nil && slices.EqualFunc(p, q, func(p, q float32) bool { return p == q || p != p && q != q })
}

// openPeer opens a file to compare with, and closes the last one.
func (p *partWriter) openPeer(file string) (source, error) {
	if p.peer != nil && p.peerPath == file {
		return p.peer, nil
	}
	p.closePeer()
	s, err := openSource(file)
	if err == nil {
		p.peer, p.peerPath = s, file
	}
	return s, err
}

func (p *partWriter) closePeer() {
	if p.peer != nil {
		p.peer.Close()
		p.peer = nil
	}
}
