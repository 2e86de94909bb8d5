package launch

import "time"

// Program is what ranks are to run.
type Program struct {
	// ID is what the Runner knows the program by, and Interrupt.
	ID int64
	// Name is what people know it by. Who waits for it is told.
	Name    string
	Payload []byte
	// Targets are the ranks that run it, nil for all.
	Targets Set
	// Grace is how long other ranks may go on waiting in MPI when one has failed or died, 0:
	// DefaultGrace. Then they are interrupted.
	Grace time.Duration
	// ProgressAfter is when State lines begin, 0: DefaultProgress; negative: never.
	ProgressAfter time.Duration
	// Apart says that output of several ranks is not to be merged.
	Apart bool
}

// Defaults of a Program.
const (
	DefaultGrace    = 5 * time.Second
	DefaultProgress = 2 * time.Second
)

// Outcome is how a program ended.
type Outcome struct {
	// Failures are what Runners returned, equal ones as one.
	Failures []Failure
	// Dead are ranks that were or became dead.
	Dead Set
	// Stuck are ranks that did not come back when they were interrupted, and where they are.
	Stuck []Place
	// Interrupted says that ranks were interrupted, because Interrupt was called, ctx ended, or
	// others failed.
	Interrupted bool
	// NeedsRestart says that no further program will run.
	NeedsRestart bool
}

// OK reports whether all targets ran the program to a good end.
func (o *Outcome) OK() bool {
	return len(o.Failures) == 0 && len(o.Dead) == 0 && len(o.Stuck) == 0
}

// Failure is what Runner.Run returned on some ranks.
type Failure struct {
	Ranks   Set
	Payload []byte
}

// Place is what some ranks do.
type Place struct {
	Ranks Set
	// Text is Where.Text; "" for ranks that are idle.
	Text string
	// Waits and For tell how long the ranks have been waiting in a call of MPI; All that it needs every rank
	// of the job.
	Waits, All bool
	For        time.Duration
	// Silent says that the ranks do not answer, Dead that they are gone.
	Silent, Dead bool
}
