package h5

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Query keeps the rows for which an expression is true.
//
//	t.Query("CLASS == 'QSO' && Z > 2")
//	t.Query("PLATE in (3655, 3586) && 0.1 < Z < 0.5 && AND_MASK & 0x800000 == 0")
//	t.Query("not isnan(FLUX) and FLUX * sqrt(IVAR) > 5 and SN_MEDIAN[2] > 1")
//
// Operators bind as in Go, from || and && over comparisons to + - | and * / &; and, or, not, in and chains of
// comparisons are as in Python. Names are columns, of odd ones in backquotes; a.b is member b of a, x[2] place 2
// of each row. Texts stand in either quotes, enums are compared by name. There are the functions abs, sqrt,
// exp, log, log10 and isnan. A comparison with NaN is false.
func (t *Table) Query(expression string) (*Table, error) {
	mask, err := t.Eval(expression)
	if err != nil {
		return nil, err
	}
	if !mask.isMask() {
		return nil, &Error{Op: "query", Kind: ErrType, Reason: fmt.Sprintf("%q is %v and not true or false", expression, mask.typ), Hint: "compare it with something, as in Z > 2"}
	}
	return t.Filter(mask)
}

// Eval computes an expression for each row: t.Eval("FLUX * sqrt(IVAR)"). See Query.
func (t *Table) Eval(expression string) (*Array, error) {
	const op = "query"
	q, err := parseQuery(expression)
	if err != nil {
		return nil, because(op, "", "", err)
	}
	a, err := q.eval(t)
	if err != nil {
		return nil, because(op, expression, "", err)
	}
	if len(a.shape) == 0 { // constants alone
		return a.reshaped(Shape{1}, 0).take(0, make([]int, t.rows)), nil
	}
	return a, nil
}

// functions of one array.
var functions = map[string]func(a *Array) (*Array, error){
	"abs": (*Array).Abs, "sqrt": (*Array).Sqrt, "exp": (*Array).Exp, "log": (*Array).Log, "log10": (*Array).Log10, "isnan": (*Array).IsNaN,
}

// operations on an array and an array or number.
var operations = map[string]func(a *Array, b any) (*Array, error){
	"||": (*Array).Or, "&&": (*Array).And, "==": (*Array).Equal, "<": (*Array).Less, "<=": (*Array).LessEqual, ">": (*Array).Greater, ">=": (*Array).GreaterEqual,
	"!=": func(a *Array, b any) (*Array, error) { return inverse(a.Equal(b)) },
	"+":  (*Array).Add, "-": (*Array).Sub, "*": (*Array).Mul, "/": (*Array).Div, "&": (*Array).bitAnd, "|": (*Array).bitOr,
}

// turned are the operations with their sides changed, so that a number may stand on the left.
var turned = map[string]string{"==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<=", "+": "+", "*": "*", "&": "&", "|": "|"}

func (q *query) eval(t *Table) (*Array, error) {
	switch q.op {
	case "column":
		return t.Field(q.name)
	case "constant":
		return NewArray(q.v)
	case "call":
		return q.call(t)
	case "index":
		return q.index(t)
	case "in":
		return q.among(t)
	case "not in":
		return inverse(q.among(t))
	case "list":
		return nil, &Error{Kind: ErrRange, Reason: "a list stands by itself", Hint: "lists follow in, as in PLATE in (3655, 3586)"}
	}
	a, err := q.args[0].eval(t)
	switch {
	case err != nil:
		return nil, err
	case q.op == "!":
		if !a.isMask() {
			return nil, a.notA("bool")
		}
		return a.Not()
	case q.op == "negative":
		return a.Mul(-1)
	}
	return q.operate(t, a)
}

// operate runs an operation of two sides. Numbers take the type of the array that they meet.
func (q *query) operate(t *Table, a *Array) (*Array, error) {
	b, err := q.args[1].eval(t)
	if err != nil {
		return nil, err
	}
	op, right := q.op, q.args[1]
	if isBareNumber(q.args[0]) && turned[op] != "" {
		op, a, b, right = turned[op], b, a, q.args[0]
	}
	if a, b, err = named(a, b); err != nil {
		return nil, err
	}
	if isBareNumber(right) {
		return operations[op](a, right.v)
	}
	return operations[op](a, b)
}

func isBareNumber(q *query) bool {
	switch q.v.(type) {
	case int, float64:
		return true
	}
	return false
}

// named makes texts of the numbers of an enum that is compared with texts.
func named(a, b *Array) (*Array, *Array, error) {
	_, textA := a.data.([]string)
	_, textB := b.data.([]string)
	var err error
	switch {
	case a.typ.Kind() == TypeEnum && textB:
		a, err = a.names()
	case b.typ.Kind() == TypeEnum && textA:
		b, err = b.names()
	}
	return a, b, err
}

// names gives an enum as texts.
func (a *Array) names() (*Array, error) {
	s, err := a.Strings()
	return &Array{typ: String, shape: a.shape, data: s}, err
}

func (q *query) call(t *Table) (*Array, error) {
	f := functions[q.name]
	if f == nil {
		return nil, &Error{Name: q.name, Kind: ErrNotFound, Reason: "there is no such function", Hint: "there are " + strings.Join(slices.Sorted(maps.Keys(functions)), ", ")}
	}
	if len(q.args) != 1 {
		return nil, &Error{Name: q.name, Kind: ErrRange, Reason: fmt.Sprintf("%d arguments", len(q.args)), Hint: "it takes one"}
	}
	a, err := q.args[0].eval(t)
	if err != nil {
		return nil, err
	}
	return f(a)
}

// index takes a place of each row.
func (q *query) index(t *Table) (*Array, error) {
	a, err := q.args[0].eval(t)
	if err != nil {
		return nil, err
	}
	places := []any{":"}
	for _, arg := range q.args[1:] {
		n, ok := arg.v.(int)
		if !ok {
			return nil, &Error{Kind: ErrRange, Reason: "a place is no whole number", Hint: "places are like SN_MEDIAN[2]"}
		}
		places = append(places, n)
	}
	return a.Slice(places...)
}

// among is where the values are in a list.
func (q *query) among(t *Table) (*Array, error) {
	list := q.args[1]
	if list.op != "list" {
		list = &query{args: []*query{list}}
	}
	a, err := q.args[0].eval(t)
	if err != nil {
		return nil, err
	}
	out := &Array{typ: Bool, shape: a.shape, data: make([]bool, a.Len())}
	for _, item := range list.args {
		if item.op != "constant" {
			return nil, &Error{Kind: ErrRange, Reason: "a list holds numbers and texts only"}
		}
		same, err := (&query{op: "==", args: []*query{q.args[0], item}}).eval(t)
		if err != nil {
			return nil, err
		}
		if out, err = out.Or(same); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func inverse(a *Array, err error) (*Array, error) {
	if err != nil {
		return nil, err
	}
	return a.Not()
}

// bitAnd gives the bits that are set in both of two integers, and for truth values where both are true.
func (a *Array) bitAnd(b any) (*Array, error) {
	return a.bits(b, (*Array).And, func(x, y int64) int64 { return x & y })
}

// bitOr gives the bits that are set in one of two integers, and for truth values where one is true.
func (a *Array) bitOr(b any) (*Array, error) {
	return a.bits(b, (*Array).Or, func(x, y int64) int64 { return x | y })
}

func (a *Array) bits(b any, ofMasks func(a *Array, b any) (*Array, error), f func(x, y int64) int64) (*Array, error) {
	const op = "combine bits"
	x, y, shape, err := a.operands(op, b)
	if err != nil {
		return nil, err
	}
	if x.isMask() && y.isMask() {
		return ofMasks(a, b)
	}
	for _, side := range []operand{x, y} {
		if t := side.number(); t == nil || t.Kind() != TypeInt || side.isMask() {
			return nil, &Error{Op: op, Kind: ErrType, Reason: fmt.Sprintf("one side is %v", side.typ), Hint: "& and | bind tighter than comparisons: && and || combine those, or put them in brackets"}
		}
	}
	p, _ := numbers[int64](x.Array, op)
	q, _ := numbers[int64](y.Array, op)
	out := makeSlice[int64](shape.Len())
	eachPair(p, q, x, y, shape, func(at int, p, q int64) { out[at] = f(p, q) })
	return &Array{typ: Int64, shape: shape, data: out}, nil
}
