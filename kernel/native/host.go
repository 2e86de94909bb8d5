package native

import (
	"debug/buildinfo"
	"fmt"
	"go/version"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
)

// host is an engine executable, and the toolchain that fits it.
type host struct {
	path     string
	info     *debug.BuildInfo
	goTool   string
	identity string   // of toolchain, modules and flags
	flags    []string // of go build
	env      []string
}

// findHost reads how the engine was built and finds the same toolchain.
func findHost(find func() (string, error)) (*host, error) {
	engine, err := find()
	if err != nil {
		return nil, refuse("%v", err)
	}
	info, err := buildinfo.ReadFile(engine)
	if err != nil {
		return nil, refuse("how the engine was built cannot be read: %v", err)
	}
	h := &host{path: engine, info: info, identity: info.String()}
	if h.setting("CGO_ENABLED") != "1" {
		return nil, refuse("the engine was built without cgo, and then it cannot load anything")
	}
	if h.goTool, err = findGo(); err != nil {
		return nil, err
	}
	h.env = append(os.Environ(),
		"GOTOOLCHAIN=local", "GOWORK=off", "GO111MODULE=on", "GOFLAGS=-mod=mod -buildvcs=false", "GOPROXY=off", "GOSUMDB=off", "GONOSUMDB=", "GOENV=off",
		"CGO_ENABLED=1")
	for _, name := range []string{"GOOS", "GOARCH", "GOAMD64", "GOARM64", "GOEXPERIMENT"} {
		h.env = append(h.env, name+"="+h.setting(name))
	}
	for _, name := range cFlags {
		h.env = append(h.env, name+"=")
	}
	for _, flag := range []string{"-trimpath", "-tags", "-race", "-asan", "-msan"} {
		if value := h.setting(flag); value != "" {
			h.flags = append(h.flags, flag+"="+value)
		}
	}
	return h, h.compare()
}

// cFlags are the flags for C, which only packages of our own need.
var cFlags = []string{"CGO_CFLAGS", "CGO_CPPFLAGS", "CGO_CXXFLAGS", "CGO_LDFLAGS"}

// setting is one of those that the engine was built with.
func (h *host) setting(key string) string {
	for _, s := range h.info.Settings {
		if s.Key == key {
			return s.Value
		}
	}
	return ""
}

// findGo finds a go command: in PATH, in GOROOT, or where Go's own instructions put it, which the
// PATH of a Jupyter server often lacks.
func findGo() (string, error) {
	if path, err := exec.LookPath("go"); err == nil {
		return path, nil
	}
	for _, root := range []string{os.Getenv("GOROOT"), "/usr/local/go"} {
		path := filepath.Join(root, "bin", "go")
		if info, err := os.Stat(path); root != "" && err == nil && info.Mode().IsRegular() {
			return path, nil
		}
	}
	return "", refuse("there is no go command in PATH: install the Go toolchain, or put it into the PATH of the kernel")
}

// compare says when the toolchain is not the one that the engine was built with.
func (h *host) compare() error {
	cmd := exec.Command(h.goTool, "env", "GOVERSION", "CC")
	cmd.Env = h.env
	out, err := cmd.Output()
	if err != nil {
		return refuse("%s env: %v", h.goTool, err)
	}
	goVersion, cc, _ := strings.Cut(strings.TrimSpace(string(out)), "\n")
	if goVersion != h.info.GoVersion {
		return refuse("the engine was built with %s, and %s is %s: both must be the same; install %s, or build gofive again", h.info.GoVersion, h.goTool, goVersion, h.info.GoVersion)
	}
	compiler, _, _ := strings.Cut(cc, " ")
	if _, err := exec.LookPath(compiler); err != nil {
		return refuse("there is no C compiler (%s), which go build needs to link: install gcc or clang", cc)
	}
	return nil
}

// module is what the go command has to know of the module of a plugin.
type module struct {
	text string   // go.mod, but for the name
	env  []string // flags for C
}

// module gives that of a file that imports the packages. Only modules that the engine has can be in
// it, in the version that the engine has.
func (h *host) module(imports []string) (mod module, err error) {
	mod.text = "\ngo " + strings.TrimPrefix(version.Lang(h.info.GoVersion), "go") + "\n"
	if !slices.ContainsFunc(imports, func(path string) bool { return !h.standard(path) }) {
		return mod, nil
	}
	own := ""
	for _, path := range imports {
		switch {
		case h.standard(path):
		case within(path, h.info.Main.Path):
			if own, err = h.ownModule(path); err != nil {
				return mod, err
			}
		case !slices.ContainsFunc(h.info.Deps, func(m *debug.Module) bool { return within(path, m.Path) }):
			return mod, refuse("native code cannot import %s: the engine does not have it", path)
		}
	}
	if own != "" {
		mod.text = own
		for _, name := range cFlags {
			mod.env = append(mod.env, name+"="+h.setting(name))
		}
	}
	for _, m := range h.info.Deps {
		mod.text += fmt.Sprintf("require %s %s\n", m.Path, m.Version)
		if m.Replace != nil {
			mod.text += fmt.Sprintf("replace %s => %s %s\n", m.Path, m.Replace.Path, m.Replace.Version)
		}
	}
	return mod, nil
}

// ownModule gives the lines for a file that imports a package of our own, such as h5. They need the
// source that the engine was built from. A plugin of it belongs to this very executable. All that our
// own go.mod requires is in it: with less the go command looks for modules of modules, which building
// the engine need not have fetched.
func (h *host) ownModule(path string) (string, error) {
	_, file, _, _ := runtime.Caller(0)
	root := filepath.Join(filepath.Dir(file), "..", "..")
	text, err := os.ReadFile(filepath.Join(root, "go.mod"))
	requires, ours := strings.CutPrefix(string(text), "module "+h.info.Main.Path+"\n")
	if err != nil || !ours {
		return "", refuse("native code cannot import %s: the source that the engine was built from is not on this machine", path)
	}
	engine, err := os.Stat(h.path)
	if err != nil {
		return "", refuse("%v", err)
	}
	main := h.info.Main.Path
	return fmt.Sprintf("%s// engine %d %d\nrequire %s v0.0.0\nreplace %s => %s\n", requires, engine.Size(), engine.ModTime().UnixNano(), main, main, root), nil
}

// standard reports whether a package is of the standard library.
func (h *host) standard(path string) bool {
	first, _, _ := strings.Cut(path, "/")
	return !strings.Contains(first, ".") && !within(path, h.info.Main.Path)
}

func within(path, module string) bool {
	return path == module || strings.HasPrefix(path, module+"/")
}
