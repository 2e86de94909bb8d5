package h5browse

import (
	"context"
	"strings"

	"gofive/h5/h5view"
)

// mostCompletions is how many completions are given.
const mostCompletions = 200

// completion is what a text could become.
type completion struct {
	Text string `json:"text"`
	Name string `json:"name"`
	Kind string `json:"kind"`
}

// complete gives paths that begin with a text: of folders and files, or in a file.
func complete(_ context.Context, l *call) (answer, error) {
	typed := l.request.Text
	base := typed[:strings.LastIndexByte(typed, '/')+1]
	items := []completion{}
	add := func(name, kind string) {
		if len(items) < mostCompletions {
			items = append(items, completion{base + name, name, kind})
		}
	}
	if l.request.File == "" {
		if l.comm.browser.opts.Paths != nil {
			for _, name := range l.comm.browser.opts.Paths(typed) {
				add(name, map[bool]string{true: "folder", false: "file"}[strings.HasSuffix(name, "/")])
			}
		}
		return answer{fields: map[string]any{"items": items}}, nil
	}
	f, err := l.file()
	if err != nil {
		return answer{}, err
	}
	names, kinds := h5view.Names(f, "Get", typed)
	for i, name := range names {
		add(name, kinds[i])
	}
	return answer{fields: map[string]any{"items": items}}, nil
}
