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
// others for rank 0, which stands for the notebook, or between two %autopx for ranks too. Magics that speak with a
// notebook, as %cluster does, are left out. Front is a front end in which nothing is declared.
func Batch(front FrontEnd, cells []string, ranks int) ([]*engine.Share, error) {
	b := batch{front: front, ranks: ranks}
	var out []*engine.Share
	for i, code := range cells {
		s, err := b.cell(fmt.Sprintf("In[%d]", i+1), code)
		if err != nil {
			return nil, fmt.Errorf("cell %d: %w", i+1, err)
		}
		if s != nil {
			out = append(out, s)
		}
	}
	return out, nil
}

// batch is what cells of a batch job leave for those behind them.
type batch struct {
	front    FrontEnd
	ranks    int
	auto     launch.Set // set by %autopx, nil when it is off
	defaults []string   // flags that %pxconfig has set
}

func (b *batch) cell(name, typed string) (*engine.Share, error) {
	lines, code := cutMagics(typed)
	for _, l := range lines { // they come before the cell, wherever they stand in it
		if err := b.configure(l); err != nil {
			return nil, err
		}
	}
	targets := b.auto
	if targets == nil {
		targets = launch.Ranks(0)
	}
	for _, l := range lines {
		m, failed := l.find()
		switch {
		case failed != nil:
			return nil, fmt.Errorf("%s", failed.Value)
		case l.word == pxCell.String():
			set, err := b.targets(l.word, l.args)
			if err != nil {
				return nil, err
			}
			targets = set
		case l.word == pxLine.String():
			targets = launch.All(b.ranks)
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
	p, err := b.front.CheckAs(cell.Interpreted, name, code)
	if err != nil {
		return nil, err
	}
	return share(p, typed, targets, b.ranks), nil
}

// configure does what a line says of the cells behind it.
func (b *batch) configure(l magicLine) (err error) {
	switch {
	case l.word == autoPx.String() && b.auto != nil:
		b.auto = nil
	case l.word == autoPx.String():
		b.auto, err = b.targets(l.word, l.args)
	case l.word == pxConfig.String():
		if b.defaults, err = words(l.args); err == nil {
			_, err = b.targets(l.word, "")
		}
	}
	return err
}

// targets gives the ranks that the flags of a magic name.
func (b *batch) targets(word, args string) (launch.Set, error) {
	list, err := words(args)
	if err != nil {
		return nil, err
	}
	f := &pxFlags{}
	if err := f.parse(slices.Concat(b.defaults, list)); err != nil {
		return nil, err
	}
	if f.noblock {
		return nil, fmt.Errorf("%s --noblock needs a notebook: here a cell begins when the one before it has ended", word)
	}
	return targetSet(f.targets, b.ranks)
}
