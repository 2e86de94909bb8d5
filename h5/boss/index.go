package boss

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"gofive/display/progress"
	"gofive/h5"
)

// An index is a file of HDF5 that says of many files which fibers they hold, and what the catalogs say of each:
//
//	/files/path, size, mtime      one a file; paths start at the folder of the index where they can
//	/fibers/PLATE, MJD, FIBERID, FILE, CLASS, Z ...    one a fiber; FILE counts the files from 0
//
// Each column is a dataset of its own, so that a query reads only those that it names.
const indexMark = "BOSS_INDEX" // attribute of the root: the version

const indexVersion = 1

// indexColumns are what queries ask for. Of others an index knows nothing, and the files are looked into.
var indexColumns = []string{"OBJTYPE", "CLASS", "SUBCLASS", "Z", "Z_ERR", "ZWARNING", "RCHI2", "DOF", "VDISP", "VDISP_ERR", "SN_MEDIAN_ALL",
	"Z_NOQSO", "ZWARNING_NOQSO", "CLASS_NOQSO", "RA", "DEC", "PLUG_RA", "PLUG_DEC", "XFOCAL", "YFOCAL", "LAMBDA_EFF", "OBJID", "THING_ID",
	"SPECOBJID", "SPECPRIMARY", "PRIMTARGET", "SECTARGET", "BOSS_TARGET1", "BOSS_TARGET2", "ANCILLARY_TARGET1", "ANCILLARY_TARGET2",
	"EBOSS_TARGET0", "EBOSS_TARGET1", "EBOSS_TARGET2", "PLATEQUALITY", "RUN2D", "CHUNK", "PROGRAMNAME", "ANYANDMASK", "ANYORMASK", "WCOVERAGE"}

// indexed is what an index says of one file.
type indexed struct {
	path string
	stat os.FileInfo
	rows *rows
}

// Index looks into files and writes what a query needs to know of them. Subset and the others take the index
// in the place of the files; those that have changed since are looked into again.
func Index(ctx context.Context, sources []string, out string, o Options) (*Result, error) {
	begun := time.Now()
	files, err := inputs(sources)
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(out); err == nil && !o.Overwrite {
		return nil, fail("index", out, fmt.Errorf("%w; give another name, or --overwrite to replace it", os.ErrExist))
	}
	w := &work{op: "index", out: out, result: Result{Did: "indexed"}}
	all, err := w.lookInto(ctx, files)
	if err != nil {
		return nil, err
	}
	if len(all) == 0 {
		return nil, fail("index", "", fmt.Errorf("no file could be read\n%v", &w.result))
	}
	if err := writeIndex(out, all, o); err != nil {
		return nil, fail("index", out, err)
	}
	if err := w.done(begun); err != nil {
		return nil, err
	}
	return &w.result, nil
}

func (w *work) lookInto(ctx context.Context, files []string) (all []indexed, err error) {
	bar := progress.New(len(files), "index")
	defer bar.Done()
	nights := map[night]bool{} // several files may have one
	for _, file := range files {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		in, err := lookInto(file)
		bar.Add(1)
		if err != nil {
			w.result.problem(FiberID{}, file, false, err)
			continue
		}
		w.result.Fibers += in.rows.n
		for _, n := range nightsOf(idsOf(in.rows)) {
			nights[n] = true
		}
		all = append(all, *in)
	}
	w.result.Nights = len(nights)
	return all, nil
}

// lookInto gives a row for each fiber of a file.
func lookInto(file string) (*indexed, error) {
	stat, err := os.Stat(file)
	if err != nil {
		return nil, err
	}
	s, err := openSource(file)
	if err != nil {
		return nil, err
	}
	defer s.Close()
	ids, err := s.fibers()
	if err != nil {
		return nil, err
	}
	var parts []*rows
	for _, n := range nightsOf(ids) {
		r, err := nightRows(s, n, ids)
		if err != nil {
			return nil, err
		}
		parts = append(parts, r)
	}
	all, err := merge(parts)
	return &indexed{file, stat, all}, err
}

// nightRows gives a row for each fiber of a night, also for one that no catalog has.
func nightRows(s source, n night, ids []FiberID) (*rows, error) {
	var fibers []int32
	for _, id := range ofNight(ids, n) {
		fibers = append(fibers, int32(id.Fiber))
	}
	out := (&rows{n: len(fibers), columns: []column{intColumn("FIBERID", fibers)}}).of(n)
	t, err := fiberTable(s, n, indexColumns)
	if err != nil {
		return out, nil // without catalogs there is nothing to add
	}
	known, at := rowsOf(t), map[int]int{}
	for i, fiber := range known.ints("FIBERID") {
		at[fiber] = i
	}
	var with, without []int
	var places []int
	for i, fiber := range fibers {
		if place, ok := at[int(fiber)]; ok {
			with, places = append(with, i), append(places, place)
		} else {
			without = append(without, i)
		}
	}
	known, err = known.take(places)
	if err != nil || len(without) == 0 {
		return known, err
	}
	bare, err := out.take(without)
	if err != nil {
		return nil, err
	}
	return merge([]*rows{known, bare})
}

// writeIndex writes beside the output and renames.
func writeIndex(out string, all []indexed, o Options) error {
	tmp := out + ".tmp"
	f, err := h5.Create(tmp)
	if err != nil {
		return err
	}
	err = errors.Join(fillIndex(f, out, all, o), f.Close())
	if err != nil {
		os.Remove(tmp)
		return err
	}
	return os.Rename(tmp, out)
}

func fillIndex(f *h5.File, out string, all []indexed, o Options) error {
	var paths []string
	var sizes, times []int64
	var parts []*rows
	for i, in := range all {
		paths = append(paths, relative(out, in.path))
		sizes, times = append(sizes, in.stat.Size()), append(times, in.stat.ModTime().UnixNano())
		number := intColumn("FILE", slices.Repeat([]int32{int32(i)}, in.rows.n))
		parts = append(parts, &rows{n: in.rows.n, columns: append(slices.Clone(in.rows.columns), number)})
	}
	table, err := merge(parts)
	if err != nil {
		return err
	}
	if err := errors.Join(f.Set("files/path", paths), f.Set("files/size", sizes), f.Set("files/mtime", times)); err != nil {
		return err
	}
	g, err := f.CreateGroup("fibers")
	if err != nil {
		return err
	}
	defer g.Close()
	for _, c := range table.columns {
		if len(c.values.Shape()) > 1 {
			continue
		}
		if err := newColumn(g, c, o); err != nil {
			return err
		}
	}
	return f.SetAttr(indexMark, indexVersion)
}

func newColumn(g *h5.Group, c column, o Options) error {
	how := h5.DatasetCreate{}
	if n := c.values.Len(); o.Gzip > 0 && n > 0 {
		how = h5.DatasetCreate{Chunks: h5.Shape{min(n, 1<<16)}, Gzip: o.Gzip, Shuffle: true}
	}
	d, err := g.CreateDataset(c.name, c.typ, c.values.Shape(), how)
	if err != nil || c.values.Len() == 0 {
		return err
	}
	return errors.Join(d.Write(c.values.Raw()), d.Close())
}

// relative gives a path from the folder of the index, so that both can be moved together.
func relative(index, path string) string {
	from, err1 := filepath.Abs(folder(index))
	to, err2 := filepath.Abs(path)
	if rel, err := filepath.Rel(from, to); err1 == nil && err2 == nil && err == nil {
		return rel
	}
	return path
}

// isIndex reports whether a file is an index.
func isIndex(path string) bool {
	begin, err := firstBytes(path)
	if err != nil || len(begin) < 4 || begin[1:4] != "HDF" {
		return false
	}
	f, err := h5.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	has, err := f.HasAttr(indexMark)
	return has && err == nil
}

// inIndex gives the fibers that are wanted of the files of an index, and the files to look into themselves: those that
// have changed, and all when the expression names what the index does not have.
func (s *selection) inIndex(path string) (found []pick, rest []string, err error) {
	f, err := h5.Open(path)
	if err != nil {
		return nil, nil, err
	}
	defer f.Close()
	files, changed, err := indexedFiles(f, path)
	if err != nil {
		return nil, nil, err
	}
	ids, numbers, err := s.lookUp(f)
	if errors.Is(err, errNotIndexed) {
		return nil, files, nil
	}
	if err != nil {
		return nil, nil, err
	}
	for i, id := range ids {
		if n := numbers[i]; n >= 0 && n < len(files) && !changed[n] {
			found = append(found, pick{id, []string{files[n]}})
		}
	}
	for i, file := range files {
		if changed[i] {
			rest = append(rest, file)
		}
	}
	return found, rest, nil
}

// indexedFiles gives the paths of an index, and which of them are not what they were.
func indexedFiles(f *h5.File, path string) (files []string, changed []bool, err error) {
	columns := [3]*h5.Array{}
	for i, name := range []string{"files/path", "files/size", "files/mtime"} {
		d, err := f.Dataset(name)
		if err != nil {
			return nil, nil, err
		}
		columns[i], err = d.Slice()
		d.Close()
		if err != nil {
			return nil, nil, err
		}
	}
	files, err = columns[0].Strings()
	if err != nil {
		return nil, nil, err
	}
	sizes, err1 := columns[1].Int64s()
	times, err2 := columns[2].Int64s()
	if err := errors.Join(err1, err2); err != nil {
		return nil, nil, err
	}
	changed = make([]bool, len(files))
	for i := range files {
		if !filepath.IsAbs(files[i]) {
			files[i] = filepath.Join(folder(path), files[i])
		}
		stat, err := os.Stat(files[i])
		changed[i] = err != nil || stat.Size() != sizes[i] || stat.ModTime().UnixNano() != times[i]
	}
	return files, changed, nil
}

// errNotIndexed says that an expression names a column that an index does not have.
var errNotIndexed = errors.New("the index has not all columns")

// lookUp gives the fibers of the index that are wanted, and the number of the file of each.
func (s *selection) lookUp(f *h5.File) ([]FiberID, []int, error) {
	g, err := f.Group("fibers")
	if err != nil {
		return nil, nil, err
	}
	defer g.Close()
	keys, err := g.Keys()
	if err != nil {
		return nil, nil, err
	}
	columns := []string{"PLATE", "MJD", "FIBERID", "FILE"}
	for _, name := range namesIn(s.expression) {
		if slices.Contains(keys, name) && !slices.Contains(columns, name) {
			columns = append(columns, name)
		}
	}
	var args []any
	for _, name := range columns {
		d, err := g.Dataset(name)
		if err != nil {
			return nil, nil, err
		}
		a, err := d.Slice()
		d.Close()
		if err != nil {
			return nil, nil, err
		}
		args = append(args, name, a)
	}
	t, err := h5.NewTable(args...)
	if err == nil && s.expression != "" {
		t, err = t.Query(s.expression)
		if unknown := func(name string) bool { return !slices.Contains(keys, name) }; err != nil && slices.ContainsFunc(namesIn(s.expression), unknown) {
			err = errNotIndexed
		}
	}
	if err != nil {
		return nil, nil, err
	}
	return s.filter(rowsOf(t))
}

// filter keeps what the list names.
func (s *selection) filter(r *rows) (ids []FiberID, numbers []int, err error) {
	file := r.ints("FILE")
	for i, id := range idsOf(r) {
		if s.list == nil || s.list[id] {
			ids, numbers = append(ids, id), append(numbers, file[i])
		}
	}
	return ids, numbers, nil
}
