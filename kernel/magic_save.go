package kernel

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"

	"gofive/kernel/cell"
	"gofive/kernel/msg"
)

// save is %save: the cells that ran to their end, in that order, become one Go program.
var save = magic{name: "save", args: "[-f] FILE.go", help: "write the cells that were run as one Go program", run: saveCells}

func saveCells(x *execution, args string) *msg.Failed {
	file, force := strings.CutPrefix(args, "-f ")
	file = strings.TrimSpace(file)
	if file == "" || file == "-f" {
		return magicFailure("%%save wants a file to write to: %%save cells.go")
	}
	old, err := os.ReadFile(file)
	if err == nil && !force && !bytes.HasPrefix(old, []byte(cell.ExportHead)) {
		return magicFailure("%s exists, and %%save has not written it: take another name, or %%save -f %s", file, file)
	}
	cells := x.k.ran.list()
	text, err := x.k.front.Export(cells)
	if err == nil {
		err = os.WriteFile(file, []byte(text), 0o644)
	}
	if err != nil {
		return magicFailure("%v", err)
	}
	x.out.Stream("stdout", fmt.Appendf(nil, "%s: %d lines of %d cells; go run %s runs it\n", file, strings.Count(text, "\n"), len(cells), file))
	return nil
}

// ran are the cells that ran to their end since the engine started.
type ran struct {
	mu    sync.Mutex
	cells []string
}

func (r *ran) add(cell string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.cells = append(r.cells, cell)
}

func (r *ran) list() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.cells)
}

// clear forgets them: what they left behind is lost.
func (r *ran) clear() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.cells = nil
}

// magicFailure is why a magic did not do what it should.
func magicFailure(format string, args ...any) *msg.Failed {
	text := fmt.Sprintf(format, args...)
	return &msg.Failed{Name: "magic", Value: text, Traceback: coloured([]string{"magic: " + text})}
}
