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
		return nil, refuse("there is no folder to build in: %v", err)
	}
	c := &cache{filepath.Join(base, "gofive", "native")}
	if err := os.MkdirAll(c.dir, 0o755); err != nil {
		return nil, refuse("there is no folder to build in: %v", err)
	}
	return c, nil
}

func (c *cache) path(key string) string { return filepath.Join(c.dir, key+".so") }

// find gives the plugin of a key, and notes that it is used.
func (c *cache) find(key string) (string, bool) {
	path := c.path(key)
	now := time.Now()
	return path, os.Chtimes(path, now, now) == nil
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
