package kernel

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"gofive/kernel/cell"
	"gofive/kernel/engine"
	"gofive/kernel/msg"
	"gofive/kernel/native"
)

// NativeBuilder builds functions of cells with the Go toolchain. A *native.Builder is one. Its error
// says in one line why there is nothing built.
type NativeBuilder interface {
	Build(ctx context.Context, source string, imports []string) (*native.Plugin, error)
}

// noToolchain is the NativeBuilder of a kernel that was given none.
type noToolchain struct{}

func (noToolchain) Build(context.Context, string, []string) (*native.Plugin, error) {
	return nil, errors.New("this kernel has no Go toolchain")
}

// nativeCell is %%native: the functions of the cell are built by the Go compiler.
var nativeCell = magic{name: "native", cell: true, help: "build the functions of the cell with the Go compiler", run: func(x *execution, args string) *msg.Failed {
	if args != "" {
		return magicFailure("%%%%native takes nothing behind it: %q", args)
	}
	x.mode = cell.AsNative
	return nil
}}

// build has the native functions of a program built and says how long it took. A nil Failure comes with
// what the engine has to load, nil for nothing.
func (x *execution) build(ctx context.Context, p *cell.Program, r *run) (*engine.Native, *engine.Failure) {
	n := p.Native
	if n == nil {
		return nil, nil
	}
	built, err := x.k.native.Build(ctx, n.Source, n.Imports)
	switch {
	case ctx.Err() != nil:
		return nil, &engine.Failure{Name: engine.FailureInterrupted, Value: "while its functions were built", Unrun: true}
	case err != nil:
		return nil, &engine.Failure{Name: engine.FailureError, Value: err.Error(), Unrun: true, Unloaded: true}
	}
	if !r.quiet {
		how := "built in " + built.Took.Round(10*time.Millisecond).String()
		if built.Cached {
			how = "built before"
		}
		names := slices.Sorted(maps.Values(n.Funcs))
		r.out.Stream("stdout", fmt.Appendf(nil, "native: %s (%s)\n", strings.Join(names, ", "), how))
	}
	return &engine.Native{Path: built.Path, Package: built.Package, Table: cell.NativeTable, Funcs: n.Funcs, Cells: n.Cells}, nil
}

// interpret runs a cell by the interpreter alone, because its native functions cannot be built or
// loaded, and says why.
func (x *execution) interpret(code, typed, why string) *msg.Failed {
	x.out.Stream("stderr", fmt.Appendf(nil, "native: %s; the functions are interpreted\n", why))
	x.mode = cell.Interpreted
	return x.runGo(code, typed)
}
