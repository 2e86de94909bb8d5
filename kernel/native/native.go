// Package native builds Go functions for the engine with the Go toolchain of the machine: a file of
// package main becomes a plugin, which the engine loads.
//
// There are only a few things here: a Builder belongs to one engine executable, for a plugin must be
// made by the very toolchain, of the very modules and with the flags that its host was; Build gives a
// Plugin, or a Refusal that says in one line why there can be none.
//
//	b := native.New(engine.Find)
//	p, err := b.Build(ctx, source, []string{"math"})
package native

import (
	"context"
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"
)

// Builder builds plugins for one engine. Its methods may be called from several goroutines.
type Builder struct {
	engine func() (string, error)

	once sync.Once
	host *host
	err  error

	building sync.Mutex // one build at a time: it uses all cores by itself
}

// New returns a Builder for the engine executable that find finds. Nothing is looked at before the
// first build.
func New(find func() (string, error)) *Builder { return &Builder{engine: find} }

// Plugin is a built file.
type Plugin struct {
	Path    string
	Package string // its import path
	Took    time.Duration
	Cached  bool // it was there already
}

// Refusal says in one line why nothing can be built, and what to do about it.
type Refusal struct{ Why string }

func (r *Refusal) Error() string { return r.Why }

func refuse(format string, args ...any) error { return &Refusal{fmt.Sprintf(format, args...)} }

// look finds engine and toolchain, once.
func (b *Builder) look() error {
	b.once.Do(func() { b.host, b.err = findHost(b.engine) })
	return b.err
}

// Toolchain says what builds: the go command and its version. The error says why there is none.
func (b *Builder) Toolchain() (string, error) {
	if err := b.look(); err != nil {
		return "", err
	}
	return b.host.goTool + ": " + b.host.info.GoVersion, nil
}

// Build gives the plugin of a source that imports the packages. It is built once for all kernels of
// the user.
func (b *Builder) Build(ctx context.Context, source string, imports []string) (*Plugin, error) {
	began := time.Now()
	if err := b.look(); err != nil {
		return nil, err
	}
	mod, err := b.host.module(imports)
	if err != nil {
		return nil, err
	}
	b.building.Lock()
	defer b.building.Unlock()
	key := fmt.Sprintf("%x", sha256.Sum256([]byte(b.host.identity+"\x00"+mod.text+"\x00"+source)))[:32]
	cache, err := openCache()
	if err != nil {
		return nil, err
	}
	if path, ok := cache.find(key); ok {
		return &Plugin{Path: path, Package: packagePath(key), Took: time.Since(began), Cached: true}, nil
	}
	path, err := b.host.build(ctx, cache, key, mod, source)
	if err != nil {
		return nil, err
	}
	return &Plugin{Path: path, Package: packagePath(key), Took: time.Since(began)}, nil
}

// packagePath is the import path of a plugin. No two may share one.
func packagePath(key string) string { return "gofive.native/" + key }

// build runs go build in a folder of its own and puts what it makes into the cache.
func (h *host) build(ctx context.Context, c *cache, key string, mod module, source string) (string, error) {
	dir, err := c.folder()
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(dir)
	for name, text := range map[string]string{"go.mod": "module " + packagePath(key) + "\n" + mod.text, "native.go": source, "hot": profile(packagePath(key), source)} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			return "", err
		}
	}
	out, hot := filepath.Join(dir, "out.so"), filepath.Join(dir, "hot")
	args := append([]string{"build", "-buildmode=plugin", "-ldflags=-s -w", "-gcflags=-pgoprofile=" + hot, "-o", out}, h.flags...)
	cmd := exec.CommandContext(ctx, h.goTool, append(args, ".")...)
	// The go command starts compilers: an interrupt is for all of them.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.Dir, cmd.Env = dir, slices.Concat(h.env, mod.env)
	if text, err := cmd.CombinedOutput(); err != nil {
		if ctx.Err() != nil {
			return "", ctx.Err()
		}
		return "", refuse("%s", firstWords(string(text), err))
	}
	return c.keep(key, out)
}

// firstWords gives the first line of what go build says that is no heading.
func firstWords(text string, err error) string {
	if m := fetched.FindStringSubmatch(text); m != nil {
		module := m[1] + "@" + m[2]
		return fmt.Sprintf("the source of %s is not on this machine: run go mod download %s, where there is a network", module, module)
	}
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			return "go build: " + line
		}
	}
	return "go build: " + err.Error()
}

// fetched finds the module that go build would have to fetch, which it is told not to.
var fetched = regexp.MustCompile(`go: downloading (\S+) (v\S+)\n(?s:.*)module lookup disabled by GOPROXY=off`)
