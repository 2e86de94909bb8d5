package px

// Result is a parallel cell that was not waited for, of %%px --noblock -o NAME.
type Result struct{ number int }

// ResultOf gives the result of the parallel cell with a number, as the kernel counts.
func ResultOf(number int) *Result { return &Result{number} }

// Interrupt ends the cell on all its ranks, which keep their variables, or takes it back when it has not begun. It
// returns at once; Wait gives the end.
func (r *Result) Interrupt() error { return call("interrupt", r.number, nil) }

// Wait waits until the cell has ended on all its ranks, shows what they printed, and gives the error of
// those that failed. An interrupt ends the waiting alone; Interrupt, or %cluster interrupt, ends the cell.
func (r *Result) Wait() error { return call("wait", r.number, nil) }
