package boss

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"gofive/h5"
)

// Ranks that write one file together do it in these steps: each reads and checks its parts of the fibers, and writes
// down what it found, with the rows of catalogs; all tell each other; the first makes of that a template, in which nothing is
// missing but the elements of spectra; all write those of their parts into it, through MPI-IO where there is MPI; all read
// theirs again.

// together says that ranks write one file together. Compressed spectra of layout v1 are thousands of datasets, each of which all
// ranks would have to write at once: those they write into files of their own.
func (w *work) together() bool {
	p, ok := w.opts.Access.Driver.(h5.Parallel)
	return ok && w.shared() && (w.opts.Gzip == 0 || w.opts.Layout == V2 && p.Compresses())
}

// direct says that the spectra go from their sources right into the one output.
func (w *work) direct() bool { return w.together() && w.opts.Layout == V1 }

// mark notes in a part that a fiber is to be copied from its source.
func (w *nightWriter) mark(name string) error {
	g, err := w.group.CreateGroup(name)
	if err != nil {
		return err
	}
	return g.Close()
}

// finishTogether makes the output of parts, on all ranks.
func (w *work) finishTogether(ctx context.Context, s *store, parts []*partDone, begun time.Time) error {
	defer w.closeSource()
	err := w.exchange(parts)
	if err != nil {
		return s.interrupted(err)
	}
	var stacks *stacking
	if w.opts.Layout == V2 {
		stacks, err = newStacking(ctx, s, parts)
		defer stacks.close()
		if err != nil {
			return s.interrupted(err)
		}
	}
	if w.first() {
		err = w.makeTemplate(s, parts, stacks)
	}
	if err = w.agree(err); err != nil {
		return err
	}
	if err = w.agree(w.writeTogether(ctx, s, parts, stacks)); err != nil {
		return s.interrupted(err)
	}
	mine := w.verifyOurs(ctx, s, parts)
	if err = w.agree(mine); err != nil {
		if w.first() && ctx.Err() == nil {
			s.forgetWhole()
		}
		return s.interrupted(err)
	}
	if w.first() {
		err = w.publish(s, s.whole(), begun)
	}
	return err
}

// whole is the output before it has its name.
func (s *store) whole() string { return filepath.Join(s.dir, "all.h5") }

// template is the note that the template is complete, with the checksums of its catalogs.
func (s *store) template() string { return filepath.Join(s.dir, "template.json") }

// forgetWhole has the next run begin with the template: what is there cannot be read.
func (s *store) forgetWhole() {
	notes, _ := filepath.Glob(filepath.Join(s.dir, "*.written")) // the pattern is good
	for _, note := range append(notes, s.template()) {
		os.Remove(note)
	}
}

// makeTemplate makes the output without the elements of spectra, unless an earlier run did. Stacks are made anew.
func (w *work) makeTemplate(s *store, parts []*partDone, stacks *stacking) error {
	if err := w.takeParts(s, parts); err != nil {
		return err
	}
	if err := needRoom(s.dir, s.missing(parts)); err != nil {
		return s.interrupted(err)
	}
	if stacks != nil {
		if err := s.writeStacks(stacks); err != nil {
			return s.interrupted(err)
		}
		return nil
	}
	text, err := os.ReadFile(s.template())
	if err == nil {
		err = json.Unmarshal(text, &s.sums.Catalogs)
	}
	if errors.Is(err, fs.ErrNotExist) {
		err = w.writeTemplate(s, parts)
	}
	if err != nil {
		return s.interrupted(err)
	}
	return nil
}

// missing is how many bytes of spectra are still to be written.
func (s *store) missing(parts []*partDone) (n int64) {
	for i, part := range parts {
		if !s.isWritten(i) {
			n += part.Bytes
		}
	}
	return n
}

// writeStacks makes the output without the rows of stacks.
func (s *store) writeStacks(stacks *stacking) error {
	f, err := h5.Create(s.whole())
	if err != nil {
		return err
	}
	if err = s.fill(f); err == nil {
		err = stacks.create(f)
	}
	return errors.Join(err, f.Close())
}

func (w *work) writeTemplate(s *store, parts []*partDone) error {
	f, err := h5.Create(s.whole(), h5.FileAccess{Driver: h5.Holes{}})
	if err != nil {
		return err
	}
	err = s.fill(f)
	for i := 0; i < s.n && err == nil; i++ {
		err = w.copySpectra(s, i, parts[i], func(from *h5.Group, path string) error {
			return f.Copy(from, path, h5.CopyObject{Template: true})
		})
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	text, err := json.Marshal(s.sums.Catalogs)
	if err != nil {
		return err
	}
	return os.WriteFile(s.template(), text, 0o666)
}

// copyNight copies a night of a part, without spectra when ranks write those together.
func (s *store) copyNight(to, from *h5.Group, name string) error {
	if !s.work.together() {
		return copyObject(to, from, name)
	}
	night, err := from.Group(name)
	if err != nil {
		return err
	}
	defer night.Close()
	out, err := to.CreateGroup(name)
	if err != nil {
		return err
	}
	defer out.Close()
	names, err := night.Keys()
	if err != nil {
		return err
	}
	return copyMembers(out, night, withoutNumbers(names))
}

// copySpectra gives the group that each fiber of a part comes from, and its path in the output, to a function.
func (w *work) copySpectra(s *store, i int, part *partDone, give func(from *h5.Group, path string) error) error {
	for _, p := range w.parts()[i] {
		sum, there := part.Fibers[p.id.String()]
		if !there {
			continue
		}
		file := sum.From
		if file == "" {
			file = s.path(i)
		}
		if err := w.copySpectrum(file, p.id, give); err != nil {
			return fmt.Errorf("fiber %v of %s: %w", p.id, file, err)
		}
	}
	return nil
}

func (w *work) copySpectrum(file string, id FiberID, give func(from *h5.Group, path string) error) error {
	s, err := w.source(file)
	if err != nil {
		return err
	}
	in := s.(*h5File)
	g, err := in.file.Group(in.nights[id.night()].fiberPath(id.Fiber))
	if err != nil {
		return err
	}
	defer g.Close()
	return give(g, fmt.Sprintf("%v/%d", id.night(), id.Fiber))
}

// writeTogether writes the elements of our spectra, but for those of parts that an earlier run wrote.
func (w *work) writeTogether(ctx context.Context, s *store, parts []*partDone, stacks *stacking) error {
	f, err := h5.OpenFile(s.whole(), "r+", w.opts.Access)
	if err != nil {
		return err
	}
	if stacks != nil {
		return errors.Join(stacks.write(ctx, f), f.Close())
	}
	var written []int
	for i := 0; i < len(parts) && err == nil; i++ {
		if !w.mine(i) || s.isWritten(i) {
			continue
		}
		err = w.copySpectra(s, i, parts[i], func(from *h5.Group, path string) error {
			if err := ctx.Err(); err != nil {
				return err
			}
			return f.CopyValues(from, path)
		})
		if err == nil {
			written = append(written, i)
		}
	}
	if closed := f.Close(); closed != nil {
		return errors.Join(err, closed)
	}
	for _, i := range written {
		err = errors.Join(err, os.WriteFile(s.written(i), nil, 0o666))
	}
	return err
}

// written is the note that the spectra of a part are in the output.
func (s *store) written(i int) string { return s.path(i) + ".written" }

func (s *store) isWritten(i int) bool {
	_, err := os.Stat(s.written(i))
	return err == nil
}

// verifyOurs reads our spectra again, and on the first rank the rest, and compares.
func (w *work) verifyOurs(ctx context.Context, s *store, parts []*partDone) error {
	in, err := openSource(s.whole())
	if err != nil {
		return err
	}
	defer in.Close()
	ours, ids := newSums(), []FiberID(nil)
	for i, picks := range w.parts() {
		if !w.mine(i) {
			continue
		}
		ours.take(parts[i])
		for _, p := range picks {
			if _, there := parts[i].Fibers[p.id.String()]; there {
				ids = append(ids, p.id)
			}
		}
	}
	if w.first() {
		if err := verifyTables(in.(*h5File), s.sums); err != nil {
			return err
		}
	}
	return verifyFibers(ctx, in.(*h5File), ids, ours, w.isInput)
}
