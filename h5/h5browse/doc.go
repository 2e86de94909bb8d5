// Package h5browse answers front ends that look into the HDF5 files of a notebook: what
// display/labextension/PROTOCOL.md says, word for word. It only reads, beside cells that run, and what it reads
// is bounded; nothing that a front end says makes it panic.
//
// There are only a few types here: a Browser is the engine's end of all comms; a comm, one page, has requests at
// work, each of them a call; and an op, in a file of its own, turns a call into an answer.
//
//	b := h5browse.New(h5browse.Options{Send: send})
//	b.Open("c1", data)
//	b.Request("c1", 1, []byte(`{"v": 1, "id": 1, "op": "list", "file": "f1"}`))
package h5browse
