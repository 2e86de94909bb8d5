package boss

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// inputs gives the files that arguments mean: files of spectra, folders, which are searched with all below them, and texts
// with a path a line. What in a folder has another name than files of spectra is passed over.
func inputs(args []string) ([]string, error) {
	var out []string
	for _, arg := range args {
		stat, err := os.Stat(arg)
		if err != nil {
			return nil, fail("look for", arg, err)
		}
		var found []string
		switch {
		case stat.IsDir():
			found, err = inFolder(arg)
		case isList(arg):
			found, err = inList(arg)
		default:
			found = []string{arg}
		}
		if err != nil {
			return nil, err
		}
		out = append(out, found...)
	}
	return unique(out), nil
}

func unique(paths []string) (out []string) {
	seen := map[string]bool{}
	for _, p := range paths {
		if !seen[filepath.Clean(p)] {
			seen[filepath.Clean(p)] = true
			out = append(out, p)
		}
	}
	return out
}

// inFolder finds spec-*.fits, spPlate-*.fits and files of HDF5 below a folder.
func inFolder(dir string) (out []string, err error) {
	err = filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return fail("look into", dir, err)
		case isPartFolder(path, e):
			return fs.SkipDir
		case !e.IsDir() && isSpectra(e.Name()):
			out = append(out, path)
		}
		return nil
	})
	if err == nil && len(out) == 0 {
		err = fail("look into", dir, errors.New("there are no spec-*.fits, spPlate-*.fits or *.h5 in it"))
	}
	return out, err
}

// isPartFolder reports whether a folder is of a conversion that has not ended.
func isPartFolder(path string, e fs.DirEntry) bool {
	return e.IsDir() && strings.HasSuffix(path, ".part")
}

func isSpectra(name string) bool {
	name = strings.TrimSuffix(name, ".gz")
	switch filepath.Ext(name) {
	case ".h5", ".hdf5":
		return true
	case ".fits":
		return strings.HasPrefix(name, "spec-") || strings.HasPrefix(name, "spPlate-")
	}
	return false
}

// isList reports whether a file is a text: its first bytes are letters, and neither they nor the name are of a format.
func isList(path string) bool {
	begin, err := firstBytes(path)
	if err != nil || begin == "" || strings.HasPrefix(begin, "SIMPLE") || isSpectra(path) || isFITS(path) {
		return false
	}
	return !strings.ContainsFunc(begin, func(r rune) bool { return r < ' ' && r != '\n' && r != '\r' && r != '\t' || r > '~' })
}

func isFITS(name string) bool { return filepath.Ext(strings.TrimSuffix(name, ".gz")) == ".fits" }

// inList reads paths, which start at the list's folder unless they are absolute.
func inList(path string) (out []string, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fail("open", path, err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if !filepath.IsAbs(line) {
			line = filepath.Join(folder(path), line)
		}
		if _, err := os.Stat(line); err != nil {
			return nil, fail("read list", fmt.Sprintf("%s, line %d", path, n), err)
		}
		out = append(out, line)
	}
	return out, fail("read list", path, lines.Err())
}

// listing finds what files hold. A name like spec-3655-55240-0030.fits says it without a look into the file; a file that
// cannot be opened is a problem, and the others go on.
func (w *work) listing(files []string, want func(FiberID) bool) {
	for _, file := range files {
		ids, err := heldBy(file)
		if err != nil {
			w.result.problem(FiberID{}, file, false, err)
			continue
		}
		for _, id := range ids {
			if want == nil || want(id) {
				w.add(id, file)
			}
		}
		w.weigh(file, ids)
	}
}

func heldBy(file string) ([]FiberID, error) {
	if id := nameID(file); id != (FiberID{}) {
		return []FiberID{id}, nil
	}
	s, err := openSource(file)
	if err != nil {
		return nil, err
	}
	defer s.Close()
	ids, err := s.fibers()
	return slices.Clone(ids), err
}

// chosenLayout is what AsInput means for files.
func chosenLayout(files []string) Layout {
	for _, file := range files {
		if s, err := openSource(file); err == nil {
			defer s.Close()
			if in, ok := s.(*h5File); ok {
				return in.layout()
			}
			return V1
		}
	}
	return V1
}

// layout is that of the first night.
func (s *h5File) layout() Layout {
	for _, id := range s.ids {
		if !s.nights[id.night()].has(id.Fiber) {
			return V2
		}
		return V1
	}
	return V1
}
