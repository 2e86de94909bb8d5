package h5view

import (
	"gofive/display"
	"gofive/display/table"
	"gofive/h5"
)

// viewAttributes shows attributes, a row each.
func viewAttributes(list h5.Attributes) display.Bundle {
	if len(list) == 0 {
		return plain("no attributes")
	}
	const most = 400
	return viewTable(attributes(list), table.Options{Rows: most, Edge: most / 2, Cell: 80})
}

// attributes is a list of attributes as table.Source.
type attributes h5.Attributes

func (a attributes) Size() (rows, cols int) { return len(a), 2 }
func (a attributes) Column(j int) table.Column {
	return table.Column{Name: []string{"value", "type"}[j]}
}
func (a attributes) RowLabel(i int) string { return a[i].Name() }
func (a attributes) Summary() string       { return plural(len(a), "attribute") }

func (a attributes) Read(rows, cols table.Span) ([][]any, error) {
	var out [][]any
	for _, attr := range a[rows.From:rows.To] {
		out = append(out, []any{attr.ValueString(), attrType(attr)}[cols.From:cols.To])
	}
	return out, nil
}
