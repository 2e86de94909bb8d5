package boss

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"gofive/h5"
)

// store is the folder beside an output in which its parts wait: OUT.part. It stays when a run ends early, and the
// next run of the same work goes on with it.
type store struct {
	dir  string
	n    int            // parts
	cut  map[night]bool // nights that are in several parts
	work *work
	sums sums
}

// sums are what an output must be found to hold.
type sums struct {
	Fibers   map[string]fiberSum            // by FiberID.String
	Catalogs map[string]map[string]checksum // by night and name
}

func newSums() sums { return sums{map[string]fiberSum{}, map[string]map[string]checksum{}} }

// partDone is what is known of a part that is complete.
type partDone struct {
	sums
	Equal    int
	Bytes    int64 // of spectra that are still to be copied into the output
	Problems []Problem
	Notes    []string
}

func (s *sums) take(p *partDone) {
	for id, sum := range p.Fibers {
		s.Fibers[id] = sum
	}
	for n, names := range p.Catalogs {
		s.Catalogs[n] = names
	}
}

const keyName = "work"

// openStore makes the folder, or goes on with one of the same work. That of other work is replaced.
func openStore(w *work) (*store, error) {
	parts := w.parts()
	s := &store{dir: w.out + ".part", n: len(parts), cut: cutNights(parts), work: w, sums: newSums()}
	key := w.key()
	switch was, err := os.ReadFile(filepath.Join(s.dir, keyName)); {
	case err == nil && string(was) == key:
		return s, s.resume()
	case err == nil:
		if err := os.RemoveAll(s.dir); err != nil {
			return nil, fail(w.op, s.dir, err)
		}
	case !errors.Is(err, fs.ErrNotExist):
		return nil, fail(w.op, s.dir, err)
	}
	if err := os.Mkdir(s.dir, 0o777); err != nil {
		return nil, fail(w.op, s.dir, err)
	}
	return s, fail(w.op, s.dir, os.WriteFile(filepath.Join(s.dir, keyName), []byte(key), 0o666))
}

// resume counts what an earlier run has done.
func (s *store) resume() error {
	for i := range s.n {
		part, err := s.load(i)
		if err != nil {
			return err
		}
		if part != nil {
			s.work.result.Resumed += len(part.Fibers)
		}
	}
	return nil
}

func (s *store) path(i int) string { return filepath.Join(s.dir, fmt.Sprintf("%05d.h5", i)) }

// load gives what is known of a part, nil when it has to be written.
func (s *store) load(i int) (*partDone, error) {
	text, err := os.ReadFile(s.path(i) + ".json")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	done := &partDone{}
	return done, json.Unmarshal(text, done)
}

// save makes a part count: what is known of it is written last.
func (s *store) save(i int, path string, done *partDone) error {
	if err := os.Rename(path, s.path(i)); err != nil {
		return err
	}
	text, err := json.Marshal(done)
	if err != nil {
		return err
	}
	tmp := s.path(i) + ".json.tmp"
	if err := os.WriteFile(tmp, text, 0o666); err != nil {
		return err
	}
	return os.Rename(tmp, s.path(i)+".json")
}

// join puts the parts into one file and gives its path. A single part is the file.
func (s *store) join(ctx context.Context) (string, error) {
	path := filepath.Join(s.dir, "all.h5")
	if s.n == 1 && s.work.base == "" {
		return s.path(0), nil
	}
	f, err := h5.Create(path)
	if err != nil {
		return "", err
	}
	if err = errors.Join(s.fill(f), f.Close()); err == nil && s.work.opts.Layout == V2 && len(s.cut) > 0 {
		err = restackInPlace(ctx, path, s.work.opts)
	}
	return path, err
}

// fill puts into a file what is in the parts.
func (s *store) fill(f *h5.File) error {
	for i := range s.n {
		if err := s.copyPart(f, s.path(i)); err != nil {
			return err
		}
	}
	err := s.joinNights(f)
	if err == nil && s.work.base != "" {
		err = copyOthers(f, s.work.base)
	}
	return err
}

// copyPart copies the nights of a part; a plate may be in several.
func (s *store) copyPart(f *h5.File, path string) error {
	stat, err := os.Stat(path)
	if err == nil {
		err = needRoom(s.dir, stat.Size())
	}
	if err != nil {
		return err
	}
	part, err := h5.Open(path)
	if err != nil {
		return err
	}
	defer part.Close()
	plates, err := part.Keys()
	if err != nil {
		return err
	}
	for _, plate := range plates {
		from, err := part.Group(plate)
		if err != nil {
			return err
		}
		if err := s.copyNights(f, from, plate); err != nil {
			return err
		}
	}
	return nil
}

// copyNights copies what f lacks of a plate, but for nights that are in several parts.
func (s *store) copyNights(f *h5.File, from *h5.Group, plate string) error {
	to, err := f.RequireGroup(plate)
	if err != nil {
		return err
	}
	defer to.Close()
	names, err := from.Keys()
	if err != nil {
		return err
	}
	for _, name := range names {
		if has, err := to.Has(name); err != nil {
			return err
		} else if has || s.cut[nightOf(plate, name)] {
			continue
		}
		if err := s.copyNight(to, from, name); err != nil {
			return err
		}
	}
	return copyAttrs(to, from)
}

func copyObject(to, from *h5.Group, name string) error {
	o, err := from.Get(name)
	if err != nil {
		return err
	}
	defer o.Close()
	return to.Copy(o, name)
}

// copyMembers copies some members of a group, and its attributes.
func copyMembers(to, from *h5.Group, names []string) error {
	for _, name := range names {
		if err := copyObject(to, from, name); err != nil {
			return err
		}
	}
	return copyAttrs(to, from)
}

func copyAttrs(to, from h5.Object) error {
	attrs, err := from.Attrs()
	if err != nil {
		return err
	}
	for _, a := range attrs {
		v, err := a.Array()
		if err != nil {
			return err
		}
		if err := to.SetAttr(a.Name(), v); err != nil {
			return err
		}
	}
	return nil
}

// copyOthers copies what the base of an edit holds beside plates.
func copyOthers(f *h5.File, base string) error {
	b, err := h5.Open(base)
	if err != nil {
		return err
	}
	defer b.Close()
	names, err := b.Keys()
	if err != nil {
		return err
	}
	root, err := b.Group("/")
	if err != nil {
		return err
	}
	to, err := f.Group("/")
	if err != nil {
		return err
	}
	return copyMembers(to, root, withoutNumbers(names))
}

// withoutNumbers leaves plates out of the names of a file, and fibers out of those of a night.
func withoutNumbers(names []string) []string {
	return slices.DeleteFunc(names, func(name string) bool {
		_, is := number(name)
		return is
	})
}

// interrupted says how to go on. Where that would not help, nothing is kept.
func (s *store) interrupted(err error) error {
	if errors.Is(err, errDiffers) || errors.Is(err, errNoType) {
		s.remove()
		return fail(s.work.op, s.work.out, err)
	}
	return fmt.Errorf("%w\n%s keeps what is done; the same command again goes on with it", fail(s.work.op, s.work.out, err), s.dir)
}

func (s *store) remove() { os.RemoveAll(s.dir) }
