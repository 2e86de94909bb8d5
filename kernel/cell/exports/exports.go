// Package exports is what cells may name without declaring it: export data and documentation of the
// standard library, of gonum and of our own packages, embedded in the executable because a kernel
// runs where no Go toolchain need be. kernel/symbols/gen writes the data; kernel/symbols is the
// same list for the engine.
package exports

import (
	"bytes"
	"compress/gzip"
	"embed"
	"encoding/json"
	"fmt"
	"go/token"
	"go/types"
	"io"
	"strings"
	"sync"

	"golang.org/x/tools/go/gcexportdata"

	"gofive/kernel/cell"
)

//go:embed data
var data embed.FS

// Library returns the embedded packages, each read when it is first imported. One Library serves
// one Session: the go/types packages in it are filled on use.
func Library() cell.Library {
	lib := &library{imports: map[string]*types.Package{"unsafe": types.Unsafe}, complete: map[string]bool{"unsafe": true}}
	return cell.Library{Import: lib.load, Packages: index(), Doc: doc, Source: source}
}

// index lists the packages, those that win a shared name first.
func index() []cell.Package {
	text, err := data.ReadFile("data/index.txt")
	if err != nil {
		panic(err) // embedded at build
	}
	var list []cell.Package
	for line := range strings.Lines(string(text)) {
		path, name, _ := strings.Cut(strings.TrimSpace(line), " ")
		list = append(list, cell.Package{Path: path, Name: name})
	}
	return list
}

// library reads packages. A package that another one mentions stands in imports before it is itself
// imported, and then holds only what was mentioned.
type library struct {
	mu       sync.Mutex
	imports  map[string]*types.Package
	complete map[string]bool
}

func (l *library) load(path string) (*types.Package, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.complete[path] {
		return l.imports[path], nil
	}
	text, err := unzip("data/" + path + ".types.gz")
	if err != nil {
		if domain, _, _ := strings.Cut(path, "/"); strings.Contains(domain, ".") {
			return nil, fmt.Errorf("no module provides package %s", path)
		}
		return nil, fmt.Errorf("package %s is not in std", path)
	}
	p, err := gcexportdata.Read(bytes.NewReader(text), token.NewFileSet(), l.imports, path)
	if err != nil {
		return nil, fmt.Errorf("package %s: %w", path, err)
	}
	l.complete[path] = true
	return p, nil
}

// docs keeps the documentation that was asked for.
var docs sync.Map // import path -> map[string]string

// doc gives the documentation of a name in a package, "" where there is none.
func doc(path, name string) string {
	if d, ok := docs.Load(path); ok {
		return d.(map[string]string)[name]
	}
	d := map[string]string{}
	if text, err := unzip("data/" + path + ".doc.gz"); err == nil {
		if err := json.Unmarshal(text, &d); err != nil {
			panic(fmt.Sprintf("documentation of %s: %v", path, err)) // embedded at build
		}
	}
	docs.Store(path, d)
	return d[name]
}

// sources keeps the source that was asked for.
var sources sync.Map // import path -> cell.Source

// source gives the generic functions of a package as text.
func source(path string) cell.Source {
	if s, ok := sources.Load(path); ok {
		return s.(cell.Source)
	}
	var s cell.Source
	if text, err := unzip("data/" + path + ".src.gz"); err == nil {
		if err := json.Unmarshal(text, &s); err != nil {
			panic(fmt.Sprintf("source of %s: %v", path, err)) // embedded at build
		}
	}
	sources.Store(path, s)
	return s
}

func unzip(name string) ([]byte, error) {
	f, err := data.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	r, err := gzip.NewReader(f)
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}
