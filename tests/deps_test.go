package tests

import (
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// levels is the order of the packages; an import may only go to a lower level. It is the picture
// in the architecture page, and the two change together.
var levels = [][]string{
	0: {"display", "display/labextension", "kernel/msg", "kernel/pure", "memory", "shell", "h5/internal/wire", "mpi/internal/abi"},
	1: {"magic", "display/tree", "display/table", "display/widget", "display/progress", "kernel/cell", "kernel/engine", "kernel/history", "kernel/native",
		"h5/internal/libhdf5", "h5/internal/ondisk", "h5/internal/arrowfile", "h5/fits", "h5/boss/maskbits", "mpi/internal/libmpi", "mpi/internal/local", "mpi/internal/segment", "mpi/launch"},
	2: {"h5", "mpi", "kernel", "kernel/cell/exports", "kernel/value", "plots", "install"},
	3: {"h5/h5view", "h5/h5gonum", "h5/h5mpi", "h5/boss", "kernel/internal/zmq", "kernel/interp",
		"kernel/kerneltest", "mpi/worker", "mpi/px"},
	4: {"kernel/symbols", "h5/h5browse"},
	5: {"kernel/cmd/gofive", "kernel/cmd/gofive-engine", "kernel/symbols/gen", "h5/cmd/gofive-arrow"},
	6: {"tests/cells", "notebooks"},
	7: {"tests", "tests/bench", "tests/bench/ranks", "tests/fuzz"},
}

// peers are arrows that go down and are still refused, with the reason.
var peers = []struct{ from, to, why string }{
	{"kernel", "h5", "the kernel never links libhdf5"},
	{"kernel", "mpi", "the kernel never links MPI"},
	{"kernel", "plots", "the kernel never draws: values show themselves in the engine"},
	{"kernel/internal/zmq", "h5", "the kernel never links libhdf5"},
	{"kernel/kerneltest", "h5", "the in-memory engine needs no libhdf5"},
	{"install", "kernel", "installing starts nothing"},
	{"h5", "h5/internal/arrowfile", "what it needs is for gofive-arrow alone"},
	{"kernel/cmd/gofive", "h5", "gofive must start where libhdf5 is missing"},
	{"kernel/cmd/gofive", "h5/h5view", "gofive must start where libhdf5 is missing"},
	{"kernel/cmd/gofive", "kernel/interp", "gofive never runs user code"},
	{"kernel/cmd/gofive", "kernel/symbols", "symbol tables belong to the engine"},
	{"kernel/cmd/gofive-engine", "install", "installing is gofive's"},
	{"kernel/cmd/gofive-engine", "kernel/internal/zmq", "an engine has no Jupyter sockets"},
}

// outside says where each foreign module may be imported, and what for.
var outside = []struct {
	module string
	from   []string
	why    string
}{
	{"github.com/go-zeromq/zmq4", []string{"kernel/internal/zmq"}, "frames and handshakes of the Jupyter sockets"},
	{"github.com/traefik/yaegi", []string{"kernel/interp", "kernel/symbols"}, "user code runs in the engine only"},
	{"gonum.org/v1/plot", []string{"plots", "kernel/symbols"}, "figures are drawn in one package"},
	{"gonum.org/v1/hdf5", []string{"h5/h5gonum", "kernel/symbols"}, "kept for people who have code for it"},
	{"gonum.org/v1/gonum", []string{"h5", "plots", "kernel/symbols"}, "numerics that cells may name; matrices of arrays"},
	{"github.com/apache/arrow-go/v18", []string{"h5/internal/arrowfile"}, "Arrow and Parquet, in gofive-arrow alone: an engine with them would start slower"},
	{"golang.org/x/tools", []string{"kernel/cell", "kernel/cell/exports", "kernel/symbols/gen", "tests/fuzz"}, "export data of go/types, changing trees"},
	{"golang.org/x/image", []string{"plots"}, "fonts and pictures"},
	{"golang.org/x/sys", []string{"kernel/engine", "kernel/interp", "kernel/internal/zmq", "kernel/cmd/gofive-engine", "mpi", "mpi/worker", "mpi/internal/segment"}, "process control and shared memory beyond syscall"},
	{"golang.org/x/net", []string{"display", "display/tree", "display/table", "h5/h5view", "tests"}, "an HTML parser, for tests only"},
	{"modernc.org/sqlite", []string{"kernel/history"}, "what cells ran, in a file that many kernels write at once; SQLite without C"},
	{"github.com/chromedp/chromedp", []string{"tests"}, "a real browser"},
	{"github.com/chromedp/cdproto", []string{"tests"}, "a real browser"},
}

// cgo says which packages may import "C" and what for. Headers of libhdf5 are for the first alone.
var cgo = map[string]string{
	"h5/internal/libhdf5":      "libhdf5",
	"mpi/internal/libmpi":      "libmpi",
	"kernel/cmd/gofive-engine": "fflush, so that what C code printed leaves before its cell ends",
}

// upward are the arrows that only tests have: a package is tried through the twins above it.
var upward = []struct{ from, to string }{
	{"kernel", "kernel/kerneltest"},
	{"kernel", "kernel/internal/zmq"},
	{"kernel/cell", "kernel/cell/exports"},
	{"kernel/cell", "kernel/engine"},
	{"kernel/cell", "kernel/interp"},
	{"kernel/cell", "kernel/symbols"},
	{"kernel/interp", "kernel/symbols"},
	{"plots", "kernel/symbols"},
	{"h5", "h5/h5view"},
	{"h5/h5mpi", "h5/boss"},
}

// source is one Go file and what its imports are judged by.
type source struct {
	file    string // relative to the repository, with slashes
	pkg     string // its folder, "kernel/cell"
	imports []string
	cgoText string // the comment before import "C"
	test    bool
}

func TestImportsGoDown(t *testing.T) {
	for _, s := range readSources(t) {
		if _, known := level(s.pkg); !known {
			t.Errorf("%s: package %s has no level: put it into the table of this test", s.file, s.pkg)
			continue
		}
		for _, imp := range s.imports {
			if why := judge(s, imp); why != "" {
				t.Errorf("%s imports %s: %s", s.file, imp, why)
			}
		}
	}
}

// TestPolicyJudges keeps the policy itself honest: arrows it must refuse and arrows it must not.
func TestPolicyJudges(t *testing.T) {
	tests := []struct {
		name string
		from source
		imp  string
		ok   bool
	}{
		{"down", source{pkg: "kernel"}, "gofive/kernel/cell", true},
		{"standard library", source{pkg: "display"}, "encoding/json", true},
		{"up", source{pkg: "display"}, "gofive/h5", false},
		{"sideways", source{pkg: "h5"}, "gofive/plots", false},
		{"peer below", source{pkg: "kernel/internal/zmq"}, "gofive/h5", false},
		{"up from a test", source{pkg: "kernel", test: true}, "gofive/kernel/kerneltest", true},
		{"up from a test, elsewhere", source{pkg: "display", test: true}, "gofive/h5", false},
		{"a test of the package itself", source{pkg: "h5", test: true}, "gofive/h5", true},
		{"unknown package of ours", source{pkg: "kernel"}, "gofive/kernel/extra", false},
		{"yaegi in the engine", source{pkg: "kernel/interp"}, "github.com/traefik/yaegi/interp", true},
		{"yaegi in the kernel", source{pkg: "kernel"}, "github.com/traefik/yaegi/interp", false},
		{"chromedp outside the tests", source{pkg: "install"}, "github.com/chromedp/chromedp", false},
		{"unknown module", source{pkg: "kernel"}, "example.org/m/p", false},
		{"cgo in the binding", source{pkg: "h5/internal/libhdf5"}, "C", true},
		{"cgo above the binding", source{pkg: "h5"}, "C", false},
		{"hdf5.h outside the binding", source{pkg: "kernel/cmd/gofive-engine", cgoText: "#include <hdf5.h>"}, "C", false},
		{"the generator", source{pkg: "kernel/symbols/gen"}, "golang.org/x/tools/go/packages", true},
	}
	for _, tt := range tests {
		if why := judge(tt.from, tt.imp); (why == "") != tt.ok {
			t.Errorf("%s: %s imports %s: got %q, want allowed %v", tt.name, tt.from.pkg, tt.imp, why, tt.ok)
		}
	}
}

// TestKernelIsPureGo follows the imports of gofive and finds no cgo in them.
func TestKernelIsPureGo(t *testing.T) {
	byPkg := map[string][]source{}
	for _, s := range readSources(t) {
		if !s.test {
			byPkg[s.pkg] = append(byPkg[s.pkg], s)
		}
	}
	const root = "kernel/cmd/gofive"
	if len(byPkg[root]) == 0 {
		t.Fatalf("no source files in %s", root)
	}
	via := map[string]string{root: ""}
	for queue := []string{root}; len(queue) > 0; queue = queue[1:] {
		for _, s := range byPkg[queue[0]] {
			for _, imp := range s.imports {
				if imp == "C" || within(imp, "gonum.org/v1/hdf5") || within(imp, "github.com/go-zeromq/goczmq") {
					t.Errorf("%s imports %s, and %s reaches it: %s", s.file, imp, root, chain(via, s.pkg))
				}
				if ours, ok := own(imp); ok {
					if _, seen := via[ours]; !seen {
						via[ours] = s.pkg
						queue = append(queue, ours)
					}
				}
			}
		}
	}
}

// judge says why s may not import imp; "" when it may.
func judge(s source, imp string) string {
	ours, isOurs := own(imp)
	switch {
	case imp == "C":
		return judgeCgo(s)
	case isOurs:
		return judgeOwn(s, ours)
	case standard(imp):
		return ""
	}
	return judgeOutside(s, imp)
}

func judgeCgo(s source) string {
	if cgo[s.pkg] == "" {
		return "only these may call C: " + strings.Join(sortedKeys(cgo), ", ")
	}
	for header, owner := range map[string]string{"hdf5": "h5/internal/libhdf5", "mpi.h": "mpi/internal/libmpi"} {
		if strings.Contains(s.cgoText, header) && s.pkg != owner {
			return header + " is for " + owner + " alone"
		}
	}
	return ""
}

func judgeOwn(s source, to string) string {
	from, _ := level(s.pkg)
	at, known := level(to)
	switch {
	case !known:
		return fmt.Sprintf("package %s has no level: put it into the table of tests/deps_test.go", to)
	case s.test && (to == s.pkg || isUpward(s.pkg, to)):
		return ""
	case at >= from:
		return fmt.Sprintf("level %d to level %d: arrows only point down", from, at)
	}
	for _, p := range peers {
		if p.from == s.pkg && p.to == to {
			return p.why
		}
	}
	return ""
}

func judgeOutside(s source, imp string) string {
	for _, o := range outside {
		if !within(imp, o.module) {
			continue
		}
		if slices.Contains(o.from, s.pkg) {
			return ""
		}
		return fmt.Sprintf("%s (%s) is for %s", o.module, o.why, strings.Join(o.from, ", "))
	}
	return "a module that no package may import: a new dependency needs a line in tests/deps_test.go that says why"
}

func isUpward(from, to string) bool {
	for _, u := range upward {
		if u.from == from && u.to == to {
			return true
		}
	}
	return false
}

func level(pkg string) (int, bool) {
	for n, pkgs := range levels {
		if slices.Contains(pkgs, pkg) {
			return n, true
		}
	}
	return 0, false
}

func own(imp string) (string, bool) { return strings.CutPrefix(imp, "gofive/") }

func within(imp, module string) bool { return imp == module || strings.HasPrefix(imp, module+"/") }

// standard reports whether imp is of the standard library: its first element has no dot.
func standard(imp string) bool {
	first, _, _ := strings.Cut(imp, "/")
	return !strings.Contains(first, ".") && first != "gofive"
}

// chain is how root came to import pkg, for a message.
func chain(via map[string]string, pkg string) string {
	s := pkg
	for via[pkg] != "" {
		pkg = via[pkg]
		s = pkg + " -> " + s
	}
	return s
}

// readSources reads the import lines of every Go file of the repository, whatever its build tag.
// It asks no other process: the test cache would not notice a file that only go list has seen.
func readSources(t *testing.T) []source {
	t.Helper()
	root := repoRoot(t)
	var all []source
	err := filepath.WalkDir(root, func(file string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && skipFolder(root, file, d.Name()):
			return filepath.SkipDir
		case d.IsDir() || filepath.Ext(file) != ".go":
			return nil
		}
		s, err := readSource(root, file)
		all = append(all, s)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(all) == 0 {
		t.Fatalf("no Go files below %s", root)
	}
	return all
}

// skipFolder reports folders whose Go files are no part of the module.
func skipFolder(root, file, name string) bool {
	if file == root {
		return false
	}
	return name == "testdata" || name[0] == '.' || name[0] == '_' ||
		file == filepath.Join(root, "build") || file == filepath.Join(root, "bin")
}

func readSource(root, file string) (source, error) {
	rel, err := filepath.Rel(root, file)
	if err != nil {
		return source{}, err
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return source{}, err
	}
	f, err := parser.ParseFile(token.NewFileSet(), file, text, parser.ImportsOnly)
	if err != nil {
		return source{}, err
	}
	rel = filepath.ToSlash(rel)
	s := source{file: rel, pkg: path.Dir(rel), test: strings.HasSuffix(rel, "_test.go")}
	for _, imp := range f.Imports {
		name, err := strconv.Unquote(imp.Path.Value)
		if err != nil {
			return source{}, fmt.Errorf("%s: %w", rel, err)
		}
		s.imports = append(s.imports, name)
	}
	if slices.Contains(s.imports, "C") {
		s.cgoText = includes(string(text))
	}
	return s, nil
}

// includes gives the lines of text that include a C header.
func includes(text string) string {
	var lines []string
	for line := range strings.Lines(text) {
		if strings.Contains(line, "#include") {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "")
}

func sortedKeys(m map[string]string) []string {
	var keys []string
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
