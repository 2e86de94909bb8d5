package px

// Result is a parallel cell that was not waited for, of %%px --noblock -o NAME.
type Result struct{ number int }

// ResultOf gives the result of the parallel cell with a number, as the kernel counts.
func ResultOf(number int) *Result { return &Result{number} }

// Wait waits until the cell has ended on all its ranks, shows what they printed, and gives the error of
// those that failed.
func (r *Result) Wait() error { return call("wait", r.number, nil) }
