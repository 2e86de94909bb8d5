package interp

import (
	"bufio"
	"fmt"
	"hash/maphash"
	"io"
	"maps"
	"reflect"
	"runtime"
	"strings"
	"time"

	"gofive/display"
	"gofive/display/progress"
	"gofive/kernel/value"
)

// symbols are functions, variables and types by their name.
type symbols = map[string]reflect.Value

// runtime is what lowered code calls, and what takes the place of compiled functions that would
// reach past the cell: they belong to this Interp alone, so that two can live in one process.
func (it *Interp) runtime() map[string]map[string]reflect.Value {
	table := it.standIns()
	ours := symbols{}
	for _, of := range []symbols{it.boxes(), it.erased(), it.operations(), it.control(), genericFunctions()} {
		maps.Copy(ours, of)
	}
	table["gofive/kernel/interp/interp"] = ours
	return table
}

// boxes are values of cells' types in interfaces, and what is asked of them.
func (it *Interp) boxes() symbols {
	f, ts := reflect.ValueOf, it.types
	return symbols{
		"Define":           f(ts.Define),
		"Method":           f(ts.Method),
		"Box":              f(ts.Box),
		"BoxError":         f(ts.BoxError),
		"Unwrap":           f(ts.Unwrap),
		"Bare":             f(ts.Bare),
		"Target":           f(ts.Target),
		"Any":              f(func(v any) any { return v }),
		"Val":              f(ts.Val),
		"Take":             f(ts.Take),
		"Holds":            f(ts.Holds),
		"Implements":       f(ts.Implements),
		"As":               f(ts.As),
		"Is":               f(ts.Is),
		"Mismatch":         f(ts.Mismatch),
		"MismatchCompiled": f(ts.MismatchCompiled),
		"Equal":            f(ts.Equal),
		"Key":              f(value.Key),

		"Bind":        f(ts.Bind),
		"Bound":       f(value.Bound),
		"Call":        f(ts.Call),
		"Quick":       f(func(id int, name, fn string) { ts.Quick(id, name, it.pure.Method(fn)) }),
		"NilReceiver": f(it.nilReceiver),

		"ErrorsAs":          f(ts.ErrorsAs),
		"ErrorsAsInterface": f(ts.ErrorsAsInterface),
		"Execute":           f(ts.Execute),
		"TypeImplements":    f(value.TypeImplements),
		"TypeAssignable":    f(value.TypeAssignable),
		"TypeConvertible":   f(value.TypeConvertible),
	}
}

// erased are generic types and functions of the standard library, for any.
func (it *Interp) erased() symbols {
	f, ts := reflect.ValueOf, it.types
	return symbols{
		"AtomicPointer":          f((*value.AtomicPointer)(nil)),
		"UniqueHandle":           f((*value.UniqueHandle)(nil)),
		"UniqueMake":             f(value.UniqueMake),
		"WeakPointer":            f((*value.WeakPointer)(nil)),
		"WeakMake":               f(value.WeakMake),
		"NullScan":               f(value.NullScan),
		"NullValue":              f(value.NullValue),
		"MaphashComparable":      f(maphash.Comparable[any]),
		"MaphashWriteComparable": f(maphash.WriteComparable[any]),

		"GobEncode":  f(ts.EncodeGob),
		"GobDecode":  f(ts.DecodeGob),
		"JSONEncode": f(value.EncodeJSON),
	}
}

// operations are what Go does by itself and the interpreter does not do right, or not fast.
func (it *Interp) operations() symbols {
	f := reflect.ValueOf
	return symbols{
		"Index":      f(it.index),
		"At":         f(it.at),
		"Slice":      f(it.slice),
		"SliceFixed": f(it.sliceFixed),
		"Slice3":     f(it.slice3),
		"Shift":      f(it.shift),
		"Shifted":    f(it.shifted),
		"Clear":      f(func(v any) { reflect.ValueOf(v).Clear() }),
		"Runes":      f(runes),
		"Room":       f(it.room),

		"Pure": f(it.pure.Define),
		"Try":  f(it.try),
		"Sort": f(it.sort),

		"UnsafePointer":    f(unsafePointer),
		"UnsafeAs":         f(unsafeAs),
		"UnsafeAddress":    f(unsafeAddress),
		"UnsafeAdd":        f(unsafeAdd),
		"UnsafeString":     f(unsafeString),
		"UnsafeStringData": f(unsafeStringData),
		"UnsafeSlice":      f(unsafeSlice),
		"UnsafeSliceData":  f(unsafeSliceData),
	}
}

// control is the course of a cell: what it shows, waits for, defers and starts, and how it ends.
func (it *Interp) control() symbols {
	f := reflect.ValueOf
	return symbols{
		"Run":     f((*Run)(nil)),
		"Show":    f(it.show),
		"Print":   f(it.print),
		"Println": f(it.println),

		"Stop":    f(&it.stopPtr).Elem(),
		"Halt":    f(it.halt),
		"Fail":    f(fail),
		"Dropped": f(it.dropped),
		"Panic":   f(it.panic),
		"Recover": f(it.recover),

		"Defers":    f((*Defers)(nil)),
		"NewDefers": f(func(line *int) *Defers { return &Defers{interp: it, line: line} }),
		"Left":      f(it.slots.put),

		"Go":            f(it.start),
		"Send":          f(it.send),
		"Receive":       f(it.receive),
		"Select":        f(it.selectOne),
		"Lock":          f(it.lock),
		"RLock":         f(it.rLock),
		"WaitGroupGo":   f(it.waitGroupGo),
		"WaitGroupWait": f(it.waitGroupWait),

		"LoggerFatal":   f(it.loggerFatal),
		"LoggerFatalf":  f(it.loggerFatalf),
		"LoggerFatalln": f(it.loggerFatalln),
	}
}

// standIns take the place of functions of compiled packages, by the packages.
func (it *Interp) standIns() map[string]map[string]reflect.Value {
	f := reflect.ValueOf
	return map[string]map[string]reflect.Value{
		"gofive/display/display": {
			"Show":     f(func(vs ...any) *display.Handle { return display.ShowIn(page{it, nil}, vs...) }),
			"Clear":    f(it.clear),
			"Input":    f(func(prompt string) (string, error) { return it.ask(prompt, false) }),
			"Password": f(func(prompt string) (string, error) { return it.ask(prompt, true) }),
		},
		"gofive/display/progress/progress": {
			"New": f(func(n int, label string) *progress.Bar { return it.Progress(n, label, time.Now()) }),
		},
		"gofive/display/widget/widget": {
			"Interact": f(it.interact),
			"OpenComm": f(it.openComm),
			"Listen":   f(it.hub.Listen),
		},
		"bufio/bufio": {
			"NewReader":     f(func(r io.Reader) *bufio.Reader { return bufio.NewReader(it.typed(r)) }),
			"NewReaderSize": f(func(r io.Reader, n int) *bufio.Reader { return bufio.NewReaderSize(it.typed(r), n) }),
			"NewScanner":    f(func(r io.Reader) *bufio.Scanner { return bufio.NewScanner(it.typed(r)) }),
		},
		"io/io": {
			"ReadAll":  f(func(r io.Reader) ([]byte, error) { return io.ReadAll(it.typed(r)) }),
			"ReadFull": f(func(r io.Reader, b []byte) (int, error) { return io.ReadFull(it.typed(r), b) }),
			"Copy":     f(func(w io.Writer, r io.Reader) (int64, error) { return io.Copy(w, it.typed(r)) }),
		},
		"gofive/magic/magic": it.magics(),
		"gofive/shell/shell": it.commands(),
		"reflect/reflect":    value.Reflection(),
		"os/os":              {"Exit": f(it.exit)},
		"unsafe/unsafe":      unsafePackage(),
		"strings/strings":    {"Repeat": f(it.repeat)},
		"bytes/bytes":        {"Repeat": f(it.repeatBytes)},
		"time/time":          {"AfterFunc": f(it.afterFunc), "Sleep": f(it.sleep)},
		"context/context":    {"AfterFunc": f(it.contextAfterFunc), "WithValue": f(it.types.WithValue)},
		"encoding/json/json": {"Marshal": f(value.MarshalJSON), "MarshalIndent": f(value.MarshalIndent)},
		"log/log":            it.logging(),
		// Not "fmt/fmt": yaegi puts functions of its own in the place of those of such a table.
		"fmt/printing": it.printing(),
	}
}

// halt ends the calling goroutine when its cell has been interrupted, or when it is the one whose
// stack grows without end; any other goes on. The function in which it is called has this key in
// Program.Funcs.
func (it *Interp) halt(id string) {
	it.sample(id)
	r := it.labels.run()
	if r == nil {
		return
	}
	if r.endsNow() {
		runtime.Goexit()
	}
	it.endTooDeep(r, id)
}

// try gives the result of a function that only computes, nil when it has to be interpreted.
func (it *Interp) try(name, id string, args ...any) any {
	return it.pure.Try(it.labels.run(), name, id, args)
}

// fail ends a cell with an error that nobody took care of.
func fail(err error, line int) { panic(failed{err, line}) }

// dropped tells of an error that a statement of a cell drops.
func (it *Interp) dropped(err error, line int) {
	where := ""
	if r := it.labels.run(); r != nil {
		if r.stopping() && isInterruption(err) {
			it.halt("")
		}
		where = r.cell + ", "
	}
	fmt.Fprintf(it.stderr(), "%sline %d: nobody took this error: %v\n", where, line, err)
}

// panic is the builtin, on a line of a cell.
func (it *Interp) panic(v any, line int) {
	it.traces.begin(line)
	panic(v)
}

// crashed reports a panic in a goroutine of a cell; nothing else ends by it.
func (it *Interp) crashed(v any) {
	t := it.traces.take()
	it.tellCrash(t.text(v), t.frames)
}

func (it *Interp) tellCrash(text string, frames []frame) {
	text = "panic in a goroutine: " + text
	if lines := it.text(frames); len(lines) > 0 {
		text += "\n\n" + strings.Join(lines, "\n")
	}
	fmt.Fprintln(it.stderr(), text)
}

// startedRune is a rune of a string and where it begins.
type startedRune struct {
	Start int
	Value rune
}

func runes(s string) []startedRune {
	list := make([]startedRune, 0, len(s))
	for i, r := range s {
		list = append(list, startedRune{i, r})
	}
	return list
}

// print and println are the builtins, which write to stderr.
func (it *Interp) print(v ...any) { fmt.Fprint(it.stderr(), join(v, "")) }

func (it *Interp) println(v ...any) { fmt.Fprintln(it.stderr(), join(v, " ")) }

func join(values []any, sep string) string {
	texts := make([]string, len(values))
	for i, v := range values {
		text, isPlain := value.Printed(v)
		if !isPlain {
			text = fmt.Sprint(v)
		}
		texts[i] = text
	}
	return strings.Join(texts, sep)
}

// exit is os.Exit: it ends the cell, and the kernel goes on.
func (it *Interp) exit(code int) {
	if r := it.labels.run(); r != nil {
		r.exitWith(fmt.Sprintf("os.Exit(%d): the cell has ended, the kernel goes on", code), code)
	}
	runtime.Goexit()
}

// fatal ends the run after log.Fatal has written its text.
func (it *Interp) fatal(text string) {
	if r := it.labels.run(); r != nil {
		r.exitWith("log.Fatal: "+strings.TrimSuffix(text, "\n"), 1)
	}
	runtime.Goexit()
}
