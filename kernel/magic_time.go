package kernel

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/types"
	"strconv"
	"strings"

	"gofive/kernel/msg"
)

// Magics that measure. They become loops and calls around what is measured.
var (
	timeLine = magic{name: "time", takes: takesGo, args: "STATEMENT", help: "print how long a statement takes", expand: func(l magicLine) (string, string, *msg.Failed) {
		switch {
		case l.args == "":
			return "", "", magicFailure("%%time wants a statement: %%time f(x)")
		case l.last: // and so it may be the value of the cell
			return "defer ˑmagic.Time()(); " + l.args, "", nil
		}
		return "ˑmagic.Start(); " + statement(l.args) + "; ˑmagic.Stop()", "", nil
	}}
	timeCell = magic{name: "time", cell: true, help: "print how long the cell takes", expand: func(l magicLine) (string, string, *msg.Failed) {
		if l.args != "" {
			return "", "", magicFailure("%%%%time takes nothing behind it; %%time %s measures a statement", l.args)
		}
		return "defer ˑmagic.Time()()", "", nil
	}}
	timeitLine = magic{name: "timeit", takes: takesGo, args: "[-n LOOPS] [-r RUNS] STATEMENT", help: "run a statement many times and print how long it takes", expand: func(l magicLine) (string, string, *msg.Failed) {
		loops, code, failed := timeitArgs(l.args)
		if failed == nil && code == "" {
			failed = magicFailure("%%timeit wants a statement: %%timeit f(x)")
		}
		return loops + statement(code) + " } }", "", failed
	}}
	timeitCell = magic{name: "timeit", cell: true, args: "[-n LOOPS] [-r RUNS]", help: "run the cell many times and print how long it takes", expand: func(l magicLine) (string, string, *msg.Failed) {
		loops, code, failed := timeitArgs(l.args)
		if failed == nil && code != "" {
			failed = magicFailure("%%%%timeit takes nothing but -n and -r behind it: %q", code)
		}
		return loops, "\n} }", failed
	}}
)

// timeitArgs takes the options off what stands behind timeit and gives the heads of its two loops.
func timeitArgs(args string) (loops, rest string, failed *msg.Failed) {
	var n, r int
	for _, o := range []struct {
		name string
		to   *int
	}{{"-n", &n}, {"-r", &r}, {"-n", &n}} {
		after, ok := strings.CutPrefix(args, o.name)
		if !ok {
			continue
		}
		number, rest, _ := strings.Cut(strings.TrimSpace(after), " ")
		value, err := strconv.Atoi(number)
		if err != nil || value < 1 {
			return "", "", magicFailure("timeit %s wants a number above 0, not %q", o.name, number)
		}
		*o.to, args = value, strings.TrimSpace(rest)
	}
	return fmt.Sprintf("for ˑloops := range ˑmagic.Loops(%d, %d) { for range ˑloops { ", n, r), args, nil
}

// statement makes a statement of an expression whose value nobody wants.
func statement(code string) string {
	e, err := parser.ParseExpr(code)
	if err != nil {
		return code
	}
	if call, ok := e.(*ast.CallExpr); ok {
		name, ok := ast.Unparen(call.Fun).(*ast.Ident)
		if !ok || types.Universe.Lookup(name.Name) == nil || isStatement(name.Name) {
			return code
		}
	}
	return "_ = " + code
}

// isStatement reports whether calls of a builtin function are statements.
func isStatement(builtin string) bool {
	switch builtin {
	case "clear", "close", "copy", "delete", "panic", "print", "println", "recover":
		return true
	}
	return false
}
