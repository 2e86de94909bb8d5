package h5browse

import (
	"context"
	"strings"
)

// openFile opens a file by its path for the comm.
func openFile(_ context.Context, l *call) (answer, error) {
	path := strings.TrimPrefix(l.request.Path, "path:")
	f, err := l.comm.open(path, l.request.SWMR)
	if err != nil {
		return answer{}, err
	}
	item := describe("path:"+path, f)
	return answer{fields: map[string]any{"file": item.File, "name": item.Name, "path": item.Path, "mode": item.Mode}}, nil
}

// closeFile closes a file that was opened for the comm. Those of cells are theirs.
func closeFile(_ context.Context, l *call) (answer, error) {
	path, ok := strings.CutPrefix(l.request.File, "path:")
	if !ok {
		return answer{}, badRequest("only files that were opened by a path are closed")
	}
	l.comm.shut(path)
	return answer{}, nil
}
