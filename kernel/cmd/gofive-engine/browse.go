package main

import (
	"bytes"
	"encoding/json"

	"gofive/h5"
	"gofive/h5/h5browse"
	"gofive/kernel/engine"
)

// browse answers front ends that look into files, over comms of their own target.
func browse(server *engine.Server, variables func() map[string]any) *h5browse.Browser {
	say := func(comm string, number int64, last bool, kind string, data json.RawMessage, buffers [][]byte) {
		m := &engine.CommMessage{Kind: kind, ID: comm, Data: data, Buffers: buffers}
		server.Emit(engine.Event{Kind: engine.Comm, Run: number, Comm: m, Beside: true, Last: last})
	}
	b := h5browse.New(h5browse.Options{
		Send: func(comm string, number int64, last bool, data json.RawMessage, buffers [][]byte) {
			say(comm, number, last, "comm_msg", data, buffers)
		},
		Close:     func(comm string) { say(comm, 0, false, "comm_close", nil, nil) },
		Variables: variables,
		Paths:     paths,
		More:      engine.BrowseOps,
		Server:    "gofive " + build,
	})
	h5.OnFiles(b.Changed)
	return b
}

// paths gives the folders and files whose path begins with a text.
func paths(typed string) []string {
	var out []string
	for _, n := range engine.Files(typed) {
		out = append(out, n.Text)
	}
	return out
}

// deliver gives a Browser what is said on comms of its target, and reports whether it was.
func deliver(b *h5browse.Browser, run int64, m *engine.CommMessage) bool {
	switch {
	case m.Kind == "comm_open" && m.Target == engine.BrowseTarget:
		b.Open(m.ID, m.Data, bytes.Equal(m.Metadata, engine.BrowseAgain))
	case m.Kind == "comm_msg":
		return b.Request(m.ID, run, m.Data)
	case m.Kind == "comm_close":
		return b.Shut(m.ID)
	default:
		return false
	}
	return true
}
