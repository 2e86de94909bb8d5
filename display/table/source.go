// Package table shows anything that has rows and columns as text and as HTML, a page of it: the first
// and last rows, and nothing else is read.
//
// There are only a few types here. A Source gives cells by blocks; New reads the blocks that are
// shown, and the Table it returns writes itself. Grid makes a Source of an array of any number of
// axes.
//
//	t := table.New(source, table.Options{})
//	fmt.Print(t.Text())
package table

// Source has rows and columns of cells.
type Source interface {
	// Size gives the number of rows and of columns.
	Size() (rows, cols int)
	// Column describes column j.
	Column(j int) Column
	// Read gives the cells of a block, row by row: numbers, strings, booleans, []byte, time.Time,
	// slices and structs of such, and Fill.
	Read(rows, cols Span) ([][]any, error)
}

// Column is the head of a column: its name, the type of its cells and their unit, as text.
type Column struct{ Name, Type, Unit string }

// Fill is a cell that nobody wrote, or that is declared to have no value; Value is the number that stands
// there. It is shown as a word: such numbers are often so large that those beside them would be unreadable.
type Fill struct{ Value any }

// Span is the rows or columns From, From+1 ... To-1.
type Span struct{ From, To int }

// Len is how many rows or columns the span has.
func (s Span) Len() int { return s.To - s.From }

// Labeled is a Source whose rows have names other than their numbers.
type Labeled interface {
	RowLabel(i int) string
}

// Summarized is a Source that says better than "3 rows × 2 columns" how large it is.
type Summarized interface {
	Summary() string
}

// Sampled is a Source that gives numbers of rows that are not shown, of which histograms are made.
type Sampled interface {
	// Sample gives numbers of each of the columns cols, none for a column that has no histogram, and of
	// which rows they are: "all 4,623 rows".
	Sample(cols Span) (numbers [][]float64, of string)
}
