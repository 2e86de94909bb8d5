package boss

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// companionKinds begin the names of files that are read with the spPlate beside them, or, as spZall, are known not to be needed.
var companionKinds = []string{"spZbest-", "spZline-", "spZall-", "photoMatchPlate-", "photoPosPlate-", "photoPlate-",
	"spPlancomb-", "spFrame-", "spCFrame-", "spFlat-"}

func isPlate(path string) bool { return strings.HasPrefix(filepath.Base(path), "spPlate-") }

func isCompanion(name string) bool {
	return slices.ContainsFunc(companionKinds, func(kind string) bool { return strings.HasPrefix(name, kind) })
}

// companions are the files that are read with a spPlate: in its folder, and in those that are in it.
func companions(file string) (out []string) {
	if !isPlate(file) {
		return nil
	}
	for _, pattern := range []string{"*", "*/*"} {
		found, _ := filepath.Glob(filepath.Join(folder(file), pattern))
		for _, path := range found {
			if isCompanion(filepath.Base(path)) {
				out = append(out, path)
			}
		}
	}
	return out
}

// strangers gives a line for each folder that holds files which are passed over.
func strangers(args []string) (out []string) {
	for _, arg := range args {
		stat, err := os.Stat(arg)
		if err != nil || !stat.IsDir() {
			continue
		}
		var names []string
		filepath.WalkDir(arg, func(path string, e fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return nil // inputs has found it already
			case isPartFolder(path, e):
				return fs.SkipDir
			case !e.IsDir() && !isSpectra(e.Name()) && !isCompanion(e.Name()):
				names = append(names, e.Name())
			}
			return nil
		})
		if len(names) > 0 {
			out = append(out, passedOver(arg, names))
		}
	}
	return out
}

// passedOver names the first of some files.
func passedOver(dir string, names []string) string {
	const most = 3
	text := strings.Join(names[:min(len(names), most)], ", ")
	if more := len(names) - most; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return fmt.Sprintf("%s: passed over %s that no spectra are in: %s", dir, count(len(names), "file"), text)
}
