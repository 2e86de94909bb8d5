package kernel

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"gofive/kernel/cell"
	"gofive/kernel/engine"
	"gofive/kernel/msg"
)

// save is %save: the cells that ran to their end, in that order, become one Go program.
var save = magic{name: "save", takes: takesFiles, args: "[-f] FILE.go", help: "write the cells that were run as one Go program", run: saveCells}

func saveCells(x *execution, args string) *msg.Failed {
	file, force := strings.CutPrefix(args, "-f ")
	file = strings.TrimSpace(file)
	if file == "" || file == "-f" {
		return magicFailure("%%save wants a file to write to: %%save cells.go")
	}
	path := x.file(unquoted(file))
	old, err := os.ReadFile(path)
	if err == nil && !force && !bytes.HasPrefix(old, []byte(cell.ExportHead)) {
		return magicFailure("%s exists, and %%save has not written it: take another name, or %%save -f %s", file, file)
	}
	cells := x.k.ran.names()
	text, err := x.k.front.Export(cells)
	if err == nil {
		err = os.WriteFile(path, []byte(text), 0o644)
	}
	if err != nil {
		return magicFailure("%v", err)
	}
	where := ""
	if strings.Contains(text, "\"gofive/") {
		where = " in the folder of gofive's sources, whose packages it uses"
	}
	x.out.Stream("stdout", fmt.Appendf(nil, "%s: %d lines of %d cells; go run %s runs it%s\n", file, strings.Count(text, "\n"), len(cells), file, where))
	return nil
}

// file gives the path of a file that is named as seen from the engine, where %cd may have gone.
func (x *execution) file(name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	dir := ""
	x.runGoBeside("ˑos.Getwd()", func(ev engine.Event) {
		if text := plainText(ev.Data); text != nil {
			dir = *text
		}
	})
	return filepath.Join(dir, name)
}

// magicFailure is why a magic did not do what it should.
func magicFailure(format string, args ...any) *msg.Failed {
	text := fmt.Sprintf(format, args...)
	return &msg.Failed{Name: "magic", Value: text, Traceback: coloured([]string{"magic: " + text})}
}
