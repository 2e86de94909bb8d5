package engine

import "context"

// Missing returns an Engine for a machine that has none: the kernel starts all the same, and each
// cell fails with what to do about it.
func Missing(err error) Engine { return missing{err} }

type missing struct{ err error }

func (m missing) Run(context.Context, *Program) *Failure { return unstarted(m.err) }
func (missing) Interrupt(int64)                          {}
func (missing) Answer(int64, string, bool)               {}
func (missing) Close(context.Context) error              { return nil }
