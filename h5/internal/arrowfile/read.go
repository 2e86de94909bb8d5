package arrowfile

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"

	"gofive/h5/internal/wire"
)

// readIPC reads an Arrow file, or a stream, which begins otherwise.
func readIPC(r File, columns []string) (*wire.Table, error) {
	const magic = "ARROW1"
	start := make([]byte, len(magic))
	if n, _ := r.ReadAt(start, 0); n < len(start) {
		return nil, errors.New("it is too short for an Arrow file")
	}
	if string(start) == magic {
		return readIPCFile(r, columns)
	}
	in, err := ipc.NewReader(r)
	if err != nil {
		return nil, fmt.Errorf("no Arrow file: %w", err)
	}
	defer in.Release()
	t, err := newCollector(in.Schema(), columns)
	if err != nil {
		return nil, err
	}
	for in.Next() {
		if err := t.add(in.RecordBatch()); err != nil {
			return nil, err
		}
	}
	if err := in.Err(); err != nil && err != io.EOF {
		return nil, err
	}
	return t.table()
}

func readIPCFile(r File, columns []string) (*wire.Table, error) {
	in, err := ipc.NewFileReader(r)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	t, err := newCollector(in.Schema(), columns)
	if err != nil {
		return nil, err
	}
	for i := range in.NumRecords() {
		batch, err := in.RecordBatchAt(i)
		if err != nil {
			return nil, err
		}
		err = t.add(batch)
		batch.Release()
		if err != nil {
			return nil, err
		}
	}
	return t.table()
}

// readParquet reads a row group at a time, of which only the columns that are wanted.
func readParquet(r File, columns []string) (*wire.Table, error) {
	in, err := file.NewParquetReader(r)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	rows, err := pqarrow.NewFileReader(in, pqarrow.ArrowReadProperties{Parallel: true}, memory.DefaultAllocator)
	if err != nil {
		return nil, err
	}
	schema, err := rows.Schema()
	if err != nil {
		return nil, err
	}
	t, err := newCollector(schema, columns)
	if err != nil {
		return nil, err
	}
	wanted := leavesOf(in, t.names())
	for i := range in.NumRowGroups() {
		if err := t.addGroup(rows, wanted, i); err != nil {
			return nil, err
		}
	}
	return t.table()
}

// leavesOf gives the places of the columns as Parquet counts them: a list or a struct may have several.
func leavesOf(in *file.Reader, names []string) []int {
	var out []int
	schema := in.MetaData().Schema
	for i := range schema.NumColumns() {
		if slices.Contains(names, schema.Column(i).ColumnPath()[0]) {
			out = append(out, i)
		}
	}
	return out
}

func (t *collector) addGroup(rows *pqarrow.FileReader, leaves []int, group int) error {
	part, err := rows.ReadRowGroups(context.Background(), leaves, []int{group})
	if err != nil {
		return err
	}
	defer part.Release()
	for _, c := range t.columns {
		at := part.Schema().FieldIndices(c.name)
		if len(at) == 0 {
			return fmt.Errorf("column %q cannot be found again", c.name)
		}
		for _, chunk := range part.Column(at[0]).Data().Chunks() {
			if err := c.add(chunk); err != nil {
				return err
			}
		}
	}
	t.rows += int(part.NumRows())
	return nil
}

// collector puts together the columns of a file, batch by batch.
type collector struct {
	rows    int
	columns []*collected
}

// collected is one column of the file, which may become several of the table.
type collected struct {
	name  string
	place int // in the file
	typ   arrow.DataType
	parts []wire.Column
}

func newCollector(schema *arrow.Schema, wanted []string) (*collector, error) {
	t := &collector{}
	var have []string
	for i, f := range schema.Fields() {
		have = append(have, f.Name)
		if len(wanted) == 0 || slices.Contains(wanted, f.Name) {
			t.columns = append(t.columns, &collected{name: f.Name, place: i, typ: f.Type})
		}
	}
	for _, name := range wanted {
		if !slices.Contains(have, name) {
			return nil, &MissingError{name, have}
		}
	}
	if len(wanted) > 0 {
		slices.SortStableFunc(t.columns, func(a, b *collected) int { return slices.Index(wanted, a.name) - slices.Index(wanted, b.name) })
	}
	return t, nil
}

func (t *collector) names() []string {
	var out []string
	for _, c := range t.columns {
		out = append(out, c.name)
	}
	return out
}

func (t *collector) add(batch arrow.RecordBatch) error {
	for _, c := range t.columns {
		if err := c.add(batch.Column(c.place)); err != nil {
			return err
		}
	}
	t.rows += int(batch.NumRows())
	return nil
}

// add appends a chunk of the column.
func (c *collected) add(chunk arrow.Array) error {
	parts, err := convert(c.name, chunk)
	if err != nil {
		return err
	}
	if c.parts == nil {
		c.parts = parts
		return nil
	}
	for i := range parts {
		if err := appendColumn(&c.parts[i], parts[i]); err != nil {
			return err
		}
	}
	return nil
}

func (t *collector) table() (*wire.Table, error) {
	out := &wire.Table{Rows: t.rows}
	for _, c := range t.columns {
		if c.parts == nil { // a file without rows
			if err := c.add(array.MakeArrayOfNull(memory.DefaultAllocator, c.typ, 0)); err != nil {
				return nil, err
			}
		}
		out.Columns = append(out.Columns, c.parts...)
	}
	return out, nil
}
