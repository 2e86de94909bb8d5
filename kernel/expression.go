package kernel

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"gofive/kernel/cell"
	"gofive/kernel/engine"
	"gofive/kernel/msg"
)

// expressionTime is how long one user expression may take.
const expressionTime = time.Second

// userExpressions evaluates what the request asks beside its cell. Each expression has its own
// status; one that fails does not fail the cell.
func (x *execution) userExpressions() map[string]any {
	values := map[string]any{}
	for i, key := range slices.Sorted(maps.Keys(x.asked.UserExpressions)) {
		name := fmt.Sprintf("%s expression %d", x.name, i+1)
		values[key] = x.expression(name, x.asked.UserExpressions[key])
	}
	return values
}

// expression evaluates one: an msg.ExpressionValue or an msg.Error. What it prints goes to the cell.
func (x *execution) expression(name, code string) any {
	value := msg.ExpressionValue{Status: msg.StatusOK, Data: []byte("{}"), Metadata: []byte("{}")}
	failed := x.k.guarded(x.request, func() *msg.Failed {
		r := &run{
			name: x.name, code: code, request: x.request, out: x.out,
			result: func(ev engine.Event) {
				value.Data, value.Metadata = orEmpty(ev.Data), orEmpty(ev.Metadata)
			},
		}
		defer x.inOrder(r)()
		program, err := x.check(cell.Usual, name, code)
		if err != nil {
			return checkFailure(err, code)
		}
		ctx, cancel := context.WithTimeout(x.request.ctx, expressionTime)
		defer cancel()
		return runFailure(x.run(ctx, program, r, false))
	})
	if failed != nil {
		return msg.NewError(*failed)
	}
	return value
}

// orEmpty gives {} for a missing object.
func orEmpty(object []byte) []byte {
	if len(object) == 0 {
		return []byte("{}")
	}
	return object
}

// runGoBeside runs Go of a magic, whose output is the cell's; result takes its value.
func (x *execution) runGoBeside(code string, result func(engine.Event)) *msg.Failed {
	r := &run{name: x.name, code: code, request: x.request, out: x.out, result: result}
	defer x.inOrder(r)()
	aside, _ := x.k.counts.aside()
	program, err := x.check(cell.Usual, fmt.Sprintf("Aside[%d]", aside), code)
	if err != nil {
		return checkFailure(err, code)
	}
	return runFailure(x.run(x.request.ctx, program, r, true))
}
