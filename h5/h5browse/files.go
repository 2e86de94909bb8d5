package h5browse

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"gofive/h5"
	"gofive/h5/h5view"
)

// fileItem is an open file, as pages are told.
type fileItem struct {
	File      string   `json:"file"`
	Name      string   `json:"name"`
	Path      string   `json:"path"`
	Mode      string   `json:"mode"`
	Variables []string `json:"variables"`
}

// files are the files that cells have open.
func (b *Browser) files() []fileItem {
	holders := b.holders()
	items := []fileItem{}
	for _, f := range h5.OpenFiles() {
		b.mu.Lock()
		own := b.own[f.ID()]
		b.mu.Unlock()
		if own {
			continue
		}
		item := describe(b.idOf(f), f)
		item.Variables = append(item.Variables, holders[f.ID()]...)
		items = append(items, item)
	}
	return items
}

// idOf is what pages call a file of cells.
func (b *Browser) idOf(f *h5.File) string {
	b.mu.Lock()
	defer b.mu.Unlock()
	n := b.ids[f.ID()]
	if n == 0 {
		n = len(b.ids) + 1
		b.ids[f.ID()] = n
	}
	return "f" + strconv.Itoa(n)
}

func describe(id string, f *h5.File) fileItem {
	item := fileItem{File: id, Name: filepath.Base(f.Filename()), Mode: "r", Variables: []string{}}
	if f.Writable() {
		item.Mode = "r+"
	}
	if path, err := filepath.Abs(f.Filename()); err == nil {
		if _, err := os.Stat(path); err == nil { // else it is in memory
			item.Path = path
		}
	}
	return item
}

// mostVariables is how many variables of a notebook are looked at.
const mostVariables = 10_000

// holders are the variables that hold each file, by its id.
func (b *Browser) holders() map[int64][]string {
	if b.opts.Variables == nil {
		return nil
	}
	out := map[int64][]string{}
	looked := 0
	for name, v := range b.opts.Variables() {
		if looked++; looked > mostVariables {
			break
		}
		if f, ok := v.(*h5.File); ok && f != nil && f.IsOpen() {
			out[f.ID()] = append(out[f.ID()], name)
		}
	}
	for _, names := range out {
		slices.Sort(names)
	}
	return out
}

// file gives the file that a request names.
func (l *call) file() (*h5.File, error) {
	name := l.request.File
	if path, ok := strings.CutPrefix(name, "path:"); ok {
		return l.comm.open(path, false)
	}
	n, err := strconv.Atoi(strings.TrimPrefix(name, "f"))
	if err != nil || !strings.HasPrefix(name, "f") {
		return nil, badRequest("file %q is neither an id of an open file nor path:...", cutText(name, 200))
	}
	b := l.comm.browser
	for _, f := range h5.OpenFiles() {
		b.mu.Lock()
		found := b.ids[f.ID()] == n && !b.own[f.ID()]
		b.mu.Unlock()
		if found {
			return f, nil
		}
	}
	return nil, &failure{Kind: "closed", Message: "the file is closed", Hint: "open it in a cell again, or by its path"}
}

// opened is a file that was opened for a comm.
type opened struct {
	file *h5.File
	of   mark // when it was opened
	swmr bool
}

// open gives the file at path, which is opened for the comm when it is not yet, and anew when somebody else has
// written it: the library knows only what it has read.
func (c *comm) open(path string, swmr bool) (*h5.File, error) {
	c.opening.Lock()
	defer c.opening.Unlock()
	c.mu.Lock()
	o := c.paths[path]
	c.mu.Unlock()
	if o != nil && o.file.IsOpen() {
		if o.swmr || markOf(o.file) == o.of {
			return o.file, nil
		}
		c.shut(path)
	}
	where, err := placeOf(path)
	if err != nil {
		return nil, err
	}
	f, err := h5.Open(where, h5.FileAccess{SWMR: swmr})
	if err != nil {
		return nil, err
	}
	return f, c.keep(path, &opened{f, markOf(f), swmr})
}

// keep notes a file, unless the comm is gone meanwhile.
func (c *comm) keep(path string, o *opened) error {
	b := c.browser
	b.mu.Lock()
	b.own[o.file.ID()] = true
	b.mu.Unlock()
	c.mu.Lock()
	gone := c.ctx.Err()
	if gone == nil {
		c.paths[path] = o
	}
	c.mu.Unlock()
	if gone != nil {
		b.closeOwn(o.file)
	}
	return gone
}

// placeOf is where a path that a page gives leads.
func placeOf(path string) (string, error) {
	if path == "" || strings.ContainsRune(path, 0) {
		return "", badRequest("path %q names no file", cutText(path, 200))
	}
	if rest, ok := strings.CutPrefix(path, "~/"); ok {
		home, err := os.UserHomeDir()
		if err != nil {
			return "", fmt.Errorf("find the home folder: %w", err)
		}
		return filepath.Join(home, rest), nil
	}
	return path, nil
}

// closeOwn closes a file that was opened for a comm.
func (b *Browser) closeOwn(f *h5.File) {
	id := f.ID()
	_ = f.Close() // it was only read
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.own, id)
}

// shut closes the file at path, if the comm has it open.
func (c *comm) shut(path string) {
	c.mu.Lock()
	o := c.paths[path]
	delete(c.paths, path)
	c.mu.Unlock()
	if o != nil {
		c.browser.closeOwn(o.file)
	}
}

// changing reports whether what was found out of a file may be wrong the next time.
func changing(f *h5.File) bool {
	if f.Writable() {
		return true
	}
	s, err := f.Stat()
	if err != nil || s.SWMR {
		return true
	}
	for _, other := range h5.OpenFiles() {
		if other.Writable() && sameFile(other, f) {
			return true
		}
	}
	return false
}

func sameFile(a, b *h5.File) bool {
	x, errX := os.Stat(a.Filename())
	y, errY := os.Stat(b.Filename())
	return errX == nil && errY == nil && os.SameFile(x, y)
}

// mark tells a state of a file from later ones.
type mark struct {
	id   int64
	size int64
	at   time.Time
}

func markOf(f *h5.File) mark {
	m := mark{id: f.ID()}
	if s, err := os.Stat(f.Filename()); err == nil {
		m.size, m.at = s.Size(), s.ModTime()
	}
	return m
}

// guides are those of files that do not change, the last few.
type guides struct {
	mu   sync.Mutex
	kept []keptGuide
}

type keptGuide struct {
	of    mark
	guide *h5view.Guide
}

// mostGuides is how many are kept.
const mostGuides = 16

// of gives the guide to a file.
func (g *guides) of(f *h5.File) *h5view.Guide {
	m := markOf(f)
	g.mu.Lock()
	for _, k := range g.kept {
		if k.of == m {
			g.mu.Unlock()
			return k.guide
		}
	}
	g.mu.Unlock()
	guide := h5view.NewGuide(f)
	if !changing(f) {
		g.mu.Lock()
		g.kept = append(g.kept, keptGuide{m, guide})
		g.kept = g.kept[max(0, len(g.kept)-mostGuides):]
		g.mu.Unlock()
	}
	return guide
}

// clear forgets all.
func (k *guides) clear() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.kept = nil
}
