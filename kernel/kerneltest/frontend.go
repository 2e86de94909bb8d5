package kerneltest

import (
	"errors"
	"strings"
	"sync"

	"gofive/kernel/cell"
)

// FrontEnd takes cells for an Engine: their text is the program. A line "undefined NAME" is a
// compile error, "note TEXT" a note of the check, "bug TEXT" panics in it. It completes "print" and "result", behind "path"
// files, behind "names VARIABLE" what the engine knows of it, and knows what "print" and "value VARIABLE" are.
type FrontEnd struct {
	mu   sync.Mutex
	lost []string
}

// CheckAs implements kernel.FrontEnd.
func (f *FrontEnd) CheckAs(mode cell.Mode, name, code string) (*cell.Program, error) {
	p := &cell.Program{Name: name, Source: code, Entry: "echo"}
	d := &cell.Diagnostics{Cell: name, Code: code}
	for i, line := range strings.Split(code, "\n") {
		if rest, ok := strings.CutPrefix(line, "undefined "); ok {
			d.List = append(d.List, cell.Diagnostic{Line: i + 1, Col: 11, Msg: "undefined: " + rest})
		}
		if rest, ok := strings.CutPrefix(line, "note "); ok {
			p.Notes = append(p.Notes, rest)
		}
		if rest, ok := strings.CutPrefix(line, "bug "); ok {
			panic(rest)
		}
	}
	if d.List != nil {
		return nil, d
	}
	return p, nil
}

// Hot implements kernel.FrontEnd: nothing here can be built.
func (f *FrontEnd) Hot(fn cell.Func) (*cell.Native, error) {
	return nil, errors.New(fn.Name + " is only an echo")
}

// Adopt implements kernel.FrontEnd.
func (f *FrontEnd) Adopt(fn cell.Func) (*cell.Program, error) {
	return nil, errors.New(fn.Name + " is only an echo")
}

// Export implements kernel.FrontEnd: it gives the names of the cells.
func (f *FrontEnd) Export(cells []string) (string, error) {
	return cell.ExportHead + strings.Join(cells, " ") + "\n", nil
}

// Complete implements kernel.FrontEnd.
func (f *FrontEnd) Complete(code string, cursor int) cell.Completion {
	start := word(code, cursor)
	c := cell.Completion{Start: start, End: cursor}
	switch words := strings.Fields(code[:cursor]); {
	case len(words) == 2 && words[0] == "path":
		c.Ask = &cell.Question{Kind: cell.AskFiles, Text: words[1]}
		return c
	case len(words) == 2 && words[0] == "names":
		c.Ask = &cell.Question{Kind: cell.AskNames, Var: words[1], Method: "Get"}
		return c
	}
	for _, name := range []string{"print", "result"} {
		if strings.HasPrefix(name, code[start:cursor]) {
			c.Matches = append(c.Matches, cell.Match{Text: name, Type: "function", Signature: "func(text)"})
		}
	}
	return c
}

// Inspect implements kernel.FrontEnd.
func (f *FrontEnd) Inspect(code string, cursor, detail int) (cell.Inspection, bool) {
	if v, ok := strings.CutPrefix(code, "value "); ok {
		return cell.Inspection{Head: "var " + v, Ask: &cell.Question{Kind: cell.AskValue, Var: v}}, true
	}
	if !strings.HasPrefix(code[word(code, cursor):], "print") {
		return cell.Inspection{}, false
	}
	i := cell.Inspection{Head: "func print(text)", Doc: "print writes to stdout"}
	if detail == 1 {
		i.Source = "print"
	}
	return i, true
}

// word gives the offset at which the word before cursor begins.
func word(code string, cursor int) int {
	return strings.LastIndexAny(code[:cursor], " \n\t") + 1
}

// Revert implements kernel.FrontEnd: nothing is declared here.
func (f *FrontEnd) Revert(*cell.Program) {}

// Lost implements kernel.FrontEnd.
func (f *FrontEnd) Lost(name string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.lost = append(f.lost, name)
}

// LostIn lists the cells that Lost was called for.
func (f *FrontEnd) LostIn() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]string(nil), f.lost...)
}

// Variables implements kernel.FrontEnd: there are none.
func (f *FrontEnd) Variables() []cell.Variable { return nil }
