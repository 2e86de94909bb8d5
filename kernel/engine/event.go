package engine

import (
	"encoding/json"
	"time"
)

// Kind says what an Event is.
type Kind uint8

const (
	// Stream is text that a cell wrote: Stream and Text.
	Stream Kind = iota + 1
	// Display is a new MIME bundle: Data, Metadata and, when it may be updated, DisplayID.
	Display
	// Update replaces the bundle that was displayed under DisplayID.
	Update
	// Clear removes the cell's output, with Wait when the next output comes.
	Clear
	// Result is the value of the cell's trailing expression: Data and Metadata.
	Result
	// Input asks the front end for a line of text: Request, Prompt, Password. Engine.Answer replies.
	Input
	// Errand asks the kernel to do something for the run: Request, Method, Data. Engine.Answer replies with what
	// came of it, or with the reason why nothing did.
	Errand
	// Hot tells that cells have spent HotTime in a function: Func.
	Hot
	// Loaded tells that the engine has a program's declarations: later programs may use them.
	Loaded
	// Comm is a message over a comm.
	Comm
	// Lost says that the engine's process is gone and every variable with it: Text says why.
	Lost
)

// HotTime is how long a function takes, over all its calls, before it is told to be hot.
const HotTime = time.Second

// Event is something that a running program did.
type Event struct {
	Kind Kind
	// Run is the Program.Run that caused the event, 0 when none did.
	Run int64

	Stream string // "stdout" or "stderr"
	Text   []byte

	Data      json.RawMessage // object: MIME type -> value
	Metadata  json.RawMessage // object
	DisplayID string
	Wait      bool

	Func Func

	// Of a Comm: Beside says that it need not wait for what was written before, Last that it is all that follows from
	// the message that was delivered under Run.
	Comm   *CommMessage
	Beside bool
	Last   bool

	Request  int64
	Method   string
	Prompt   string
	Password bool

	// Mark was written to file descriptors 1 and 2 before the event: what came there earlier is to
	// be shown earlier. Server sets it.
	Mark string
}

// Handler receives events, in order and one at a time. It may block: the engine then waits.
type Handler func(Event)
