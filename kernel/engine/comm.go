package engine

import "encoding/json"

// CommMessage is what travels over a comm, a line between a front end and a program that either side can
// open. Kind is the type of the Jupyter message: comm_open, comm_msg or comm_close.
type CommMessage struct {
	Kind     string
	ID       string
	Target   string          // of a comm_open
	Data     json.RawMessage // object
	Metadata json.RawMessage // object
	Buffers  [][]byte
}

// Delivery tells what became of a CommMessage of a front end.
type Delivery struct {
	// Known says that a program has opened the comm, or waits for such comms to be opened.
	Known bool
	// Turn says that functions of cells want to be told: a Program with Turn runs them.
	Turn bool
}

// BrowseTarget is the target of comms by which front ends look into files. The kernel keeps these for a page when
// the engine is replaced, and opens them in the new one with BrowseAgain as metadata.
const BrowseTarget = "gofive.hdf5"

// BrowseAgain is the metadata of a comm_open that is said once more.
var BrowseAgain = json.RawMessage(`{"again":true}`)

// BrowseOps are what the kernel answers itself on such comms.
var BrowseOps = []string{"cluster", "clusters", "interrupt", "restart", "start", "stop"}
