package plots

import (
	"fmt"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// maxCells is how many figures a grid holds.
const maxCells = 100

// Grid puts figures beside and below one another, row by row, in some columns. They share the size of
// the grid, which begins as that of one figure for each; Title and Size are the grid's own.
func Grid(columns int, figures ...*Figure) *Figure {
	g := newFigure()
	g.cells = []*Figure{}
	if columns < 1 || len(figures) == 0 || len(figures) > maxCells {
		return g.fail(fmt.Errorf("plots: Grid: %d figures in %d columns: give 1 to %d figures and a number of columns", len(figures), columns, maxCells))
	}
	for i, cell := range figures {
		if cell == nil || cell.cells != nil {
			g.fail(fmt.Errorf("plots: Grid: figure %d is nil or a grid", i+1))
			continue
		}
		g.cells = append(g.cells, cell)
	}
	g.columns = min(columns, len(figures))
	rows := (len(figures) + g.columns - 1) / g.columns
	g.width = min(maxPixels, max(defaultWidth, 400*g.columns))
	g.height = min(maxPixels, max(defaultHeight, 280*rows))
	return g
}

// drawCells divides the page evenly. A figure of which nothing can be drawn says so in its place.
func (f *Figure) drawCells(c draw.Canvas) error {
	if len(f.cells) == 0 {
		return f.nothing()
	}
	rows := (len(f.cells) + f.columns - 1) / f.columns
	tiles := draw.Tiles{Cols: f.columns, Rows: rows, PadX: vg.Points(6), PadY: vg.Points(6)}
	width, height := (f.width-20)/f.columns, (f.height-20)/rows
	for i, cell := range f.cells {
		part := *cell
		part.width, part.height = max(width, 100), max(height, 100)
		place := tiles.At(c, i%f.columns, i/f.columns)
		if err := part.draw(place); err != nil {
			style := dressed().X.Tick.Label
			style.Color = warning
			style.XAlign, style.YAlign = -0.5, -0.5
			place.FillText(style, place.Center(), wrapped(style, err.Error(), place.Size().X, 5))
		}
	}
	return nil
}
