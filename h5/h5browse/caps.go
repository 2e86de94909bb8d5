package h5browse

import "time"

// The bounds of what is answered.
const (
	mostBinary  = 8 << 20   // bytes in the buffers of an answer
	usualBinary = 1 << 20   // of them, unless more are asked for
	mostJSON    = 256 << 10 // bytes in the JSON of an answer
	mostText    = 4 << 10   // bytes of one text of a file
	mostAtWork  = 4         // requests of a comm
	mostLong    = 2         // of them, those that may take long
	mostWaiting = 64
	mostListed  = 1000
	usualListed = 200
	mostWidth   = 8192
	mostBins    = 4096
	leastEvery  = 250 * time.Millisecond
	busyAfter   = 200 * time.Millisecond // that the library is waited for
	partsEvery  = 100 * time.Millisecond // at most one part in that time
	quick       = 2 * time.Second        // for what only looks
	slow        = 10 * time.Second       // for what reads
	patient     = 2 * time.Minute        // for what builds an index, and tells how far it is
	lifetime    = 24 * time.Hour         // of a comm on which nothing is asked any more
	overdue     = 500 * time.Millisecond // that a call may go on when its time is over
)

// caps are told to pages.
var caps = map[string]any{
	"binary": mostBinary, "ask": usualBinary, "json": mostJSON, "text": mostText, "inflight": mostAtWork,
	"waiting": mostWaiting, "messages": messages, "list": mostListed, "width": mostWidth,
}
