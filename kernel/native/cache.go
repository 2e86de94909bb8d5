package native

import (
	"cmp"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// kept is how many plugins are kept, the last used ones. A plugin takes two to ten megabytes.
const kept = 40

// cache is the folder of plugins in the user's cache directory.
type cache struct{ dir string }

func openCache() (*cache, error) {
	base, err := os.UserCacheDir()
	if err != nil {
		return nil, noFolder(err)
	}
	return &cache{filepath.Join(base, "gofive", "native")}, nil
}

func noFolder(err error) error {
	return refuse("there is no folder to build in: %v: set XDG_CACHE_HOME to one that you can write to", err)
}

// folder gives a new folder to build in.
func (c *cache) folder() (string, error) {
	err := os.MkdirAll(c.dir, 0o755)
	if err != nil {
		return "", noFolder(err)
	}
	dir, err := os.MkdirTemp(c.dir, "build-")
	if err != nil {
		return "", noFolder(err)
	}
	return dir, nil
}

func (c *cache) path(key string) string { return filepath.Join(c.dir, key+".so") }

// find gives the plugin of a key, and notes that it is used, where that can be noted.
func (c *cache) find(key string) (string, bool) {
	path := c.path(key)
	now := time.Now()
	_ = os.Chtimes(path, now, now)
	_, err := os.Stat(path)
	return path, err == nil
}

// keep takes a plugin in, and drops those that have not been used for longest. An engine that has
// loaded one keeps it.
func (c *cache) keep(key, file string) (string, error) {
	if err := os.Rename(file, c.path(key)); err != nil {
		return "", err
	}
	entries, err := os.ReadDir(c.dir)
	if err != nil {
		return "", err
	}
	var plugins []fs.FileInfo
	for _, e := range entries {
		if info, err := e.Info(); err == nil && strings.HasSuffix(e.Name(), ".so") {
			plugins = append(plugins, info)
		}
	}
	slices.SortFunc(plugins, func(a, b fs.FileInfo) int { return cmp.Compare(b.ModTime().UnixNano(), a.ModTime().UnixNano()) })
	for _, old := range plugins[min(kept, len(plugins)):] {
		_ = os.Remove(filepath.Join(c.dir, old.Name())) // another kernel may have been faster
	}
	return c.path(key), nil
}
