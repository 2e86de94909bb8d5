// Command gen writes what cells can name: the symbol tables that yaegi runs with (package
// kernel/symbols, engine side) and the export data and documentation that go/types and a person
// read (package kernel/cell/exports, kernel side). Both come from the same list of packages, so
// that what a check admits the engine has. Run it from the repository root:
//
//	go run ./kernel/symbols/gen
package main

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"encoding/json"
	"flag"
	"fmt"
	"go/types"
	"log"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("gen: ")
	root := flag.String("o", ".", "directory that holds kernel/symbols and kernel/cell/exports")
	flag.Parse()
	if err := run(*root); err != nil {
		log.Fatal(err)
	}
}

// run writes both tables below root.
func run(root string) error {
	paths, err := offered()
	if err != nil {
		return err
	}
	pkgs, err := load(paths)
	if err != nil {
		return err
	}
	out := output{
		symbols: filepath.Join(root, "kernel", "symbols"),
		exports: filepath.Join(root, "kernel", "cell", "exports", "data"),
	}
	if err := out.clean(); err != nil {
		return err
	}
	var index strings.Builder
	for _, p := range pkgs {
		fmt.Fprintf(&index, "%s %s\n", p.PkgPath, p.Name)
		if err := out.write(p); err != nil {
			return fmt.Errorf("%s: %w", p.PkgPath, err)
		}
	}
	if err := os.WriteFile(filepath.Join(out.exports, "index.txt"), []byte(index.String()), 0o644); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(out.exports, "go.txt"), []byte(runtime.Version()+"\n"), 0o644)
}

// load reads types and syntax of the packages, in the order of paths.
func load(paths []string) ([]*packages.Package, error) {
	pkgs, err := packages.Load(&packages.Config{
		Mode: packages.NeedName | packages.NeedTypes | packages.NeedFiles | packages.NeedImports,
	}, paths...)
	if err != nil {
		return nil, err
	}
	for _, p := range pkgs {
		for _, e := range p.Errors {
			return nil, fmt.Errorf("load %s: %v", p.PkgPath, e)
		}
	}
	order := func(p *packages.Package) int { return slices.Index(paths, p.PkgPath) }
	slices.SortFunc(pkgs, func(a, b *packages.Package) int { return cmp.Compare(order(a), order(b)) })
	return pkgs, nil
}

// output is where the files of one run go.
type output struct {
	symbols string // Go tables
	exports string // export data and documentation
}

// clean removes what an earlier run wrote, so that a package taken off the list leaves nothing.
func (o output) clean() error {
	old, err := filepath.Glob(filepath.Join(o.symbols, tablePrefix+"*.go"))
	if err != nil {
		return err
	}
	for _, f := range old {
		if err := os.Remove(f); err != nil {
			return err
		}
	}
	if err := os.RemoveAll(o.exports); err != nil {
		return err
	}
	return os.MkdirAll(o.exports, 0o755)
}

// write writes the files of one package.
func (o output) write(p *packages.Package) error {
	if table := symbolTable(p.Types); table != nil {
		name := tablePrefix + strings.NewReplacer("/", "_", ".", "_").Replace(p.PkgPath) + ".go"
		if err := os.WriteFile(filepath.Join(o.symbols, name), table, 0o644); err != nil {
			return err
		}
	}
	data, err := exportData(p.Types)
	if err != nil {
		return err
	}
	if err := o.zip(p.PkgPath+".types.gz", data); err != nil {
		return err
	}
	docs, err := documentation(p)
	if err != nil {
		return err
	}
	text, err := json.Marshal(docs)
	if err != nil {
		return err
	}
	if err := o.zip(p.PkgPath+".doc.gz", text); err != nil || !copied[p.PkgPath] {
		return err
	}
	src, err := genericSource(p)
	if err != nil {
		return err
	}
	if text, err = json.Marshal(src); err != nil {
		return err
	}
	return o.zip(p.PkgPath+".src.gz", text)
}

// zip writes data compressed, without time stamps: the same input gives the same bytes.
func (o output) zip(name string, data []byte) error {
	var buf bytes.Buffer
	w, err := gzip.NewWriterLevel(&buf, gzip.BestCompression)
	if err != nil {
		return err
	}
	if _, err := w.Write(data); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	path := filepath.Join(o.exports, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, buf.Bytes(), 0o644)
}

// exported lists the exported objects of a package that a table can hold.
func exported(p *types.Package) []types.Object {
	var out []types.Object
	for _, name := range p.Scope().Names() {
		if obj := p.Scope().Lookup(name); obj.Exported() {
			out = append(out, obj)
		}
	}
	return out
}
