package pure

import (
	"encoding/json"
	"fmt"
	"reflect"
)

// Order compares elements of one slice by their indices. It belongs to one goroutine.
type Order struct {
	f     *function
	frame *frame
}

// Order makes an Order of a Func in JSON, whose parameters are two indices, the slice, and what it
// needs beside them. It gives nil when a value is not of the kind that the Func names.
func (fs *Funcs) Order(text string, list any, captured []any) (o *Order) {
	f := &function{}
	if err := json.Unmarshal([]byte(text), &f.Func); err != nil {
		panic(fmt.Errorf("an order of a cell: %w", err)) // the lowering wrote it
	}
	defer func() {
		if r := recover(); r != nil {
			if _, ok := r.(giveUp); !ok {
				panic(r)
			}
			o = nil
		}
	}()
	fs.mu.RLock()
	f.body = (&compiler{fs.byName}).statement(f.Body)
	t := &task{funcs: fs, free: make([]*frame, fs.defined)}
	fs.mu.RUnlock()
	fr := f.frame(t)
	for i, v := range append([]any{0, 0, list}, captured...) {
		fr.set(i, f.Params[i], v)
	}
	return &Order{f, fr}
}

// Less reports whether the element at i comes before that at j, and whether it could find out.
func (o *Order) Less(i, j int) (less, ok bool) {
	defer func() {
		if !ok {
			if r := recover(); r != nil && r != any(giveUp{}) {
				panic(r)
			}
		}
	}()
	o.frame.whole[0], o.frame.whole[1] = int64(i), int64(j)
	o.frame.task.depth = 0 // a comparison that was given up has left it anywhere
	o.f.run(o.frame)
	if o.f.Result == reflect.Bool {
		return o.frame.wholeResult != 0, true
	}
	return o.frame.wholeResult < 0, true
}
