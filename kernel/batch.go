package kernel

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"gofive/kernel/cell"
	"gofive/kernel/engine"
	"gofive/mpi/launch"
)

// cellMark begins a line of a file of cells, behind which the next cell begins.
const cellMark = "// %%"

// ReadCells gives the cells of a file: the code cells of a notebook, or, where the name does not end in .ipynb,
// Go text, which lines beginning with "// %%" cut into cells. Of a notebook the cells tagged raises-exception are
// empty: a failure ends a job of ranks, and nobody is there to look at it.
func ReadCells(name string, file io.Reader) ([]string, error) {
	if strings.HasSuffix(name, ".ipynb") {
		return readSafeCells(file)
	}
	text, err := io.ReadAll(file)
	if err != nil {
		return nil, err
	}
	var cells []string
	var now strings.Builder
	end := func() {
		if strings.TrimSpace(now.String()) != "" {
			cells = append(cells, now.String())
		}
		now.Reset()
	}
	for line := range strings.Lines(string(text)) {
		if strings.HasPrefix(line, cellMark) {
			end()
			continue
		}
		now.WriteString(line)
	}
	end()
	return cells, nil
}

// readSafeCells gives the code cells of a notebook, with "" for one that is meant to fail: the others keep their numbers.
func readSafeCells(file io.Reader) ([]string, error) {
	cells, err := readNotebook(file)
	codes := make([]string, len(cells))
	for i, c := range cells {
		if !slices.Contains(c.tags, mayFail) {
			codes[i] = c.code
		}
	}
	return codes, err
}

// Batch lowers cells for ranks that run them without a notebook: %%px cells for the ranks that they name, the
// others for rank 0, which stands for the notebook. Magics that speak with a notebook, as %cluster does, are
// left out. Front is a front end in which nothing is declared.
func Batch(front FrontEnd, cells []string, ranks int) ([]*engine.Share, error) {
	var out []*engine.Share
	for i, code := range cells {
		s, err := batchCell(front, fmt.Sprintf("In[%d]", i+1), code, ranks)
		if err != nil {
			return nil, fmt.Errorf("cell %d: %w", i+1, err)
		}
		if s != nil {
			out = append(out, s)
		}
	}
	return out, nil
}

func batchCell(front FrontEnd, name, typed string, ranks int) (*engine.Share, error) {
	lines, code := cutMagics(typed)
	targets := launch.Ranks(0)
	for _, l := range lines {
		m, failed := l.find()
		switch {
		case failed != nil:
			return nil, fmt.Errorf("%s", failed.Value)
		case l.word == pxCell.String():
			set, err := batchTargets(l.args, ranks)
			if err != nil {
				return nil, err
			}
			targets = set
		case l.word == pxLine.String():
			targets = launch.All(ranks)
			code = l.asGo(typed, code)
		case m.cell && m.expand == nil && l.word != nativeCell.String():
			return nil, fmt.Errorf("%s needs a notebook", l.word)
		}
	}
	code, failed := expandMagics(lines, code)
	if failed != nil {
		return nil, fmt.Errorf("%s", failed.Value)
	}
	if strings.TrimSpace(code) == "" {
		return nil, nil
	}
	p, err := front.CheckAs(cell.Interpreted, name, code)
	if err != nil {
		return nil, err
	}
	return share(p, typed, targets, ranks), nil
}

// batchTargets reads the flags of a %%px cell.
func batchTargets(args string, ranks int) (launch.Set, error) {
	list, err := words(args)
	if err != nil {
		return nil, err
	}
	f := &pxFlags{}
	if err := f.parse(list); err != nil {
		return nil, err
	}
	return targetSet(f.targets, ranks)
}
