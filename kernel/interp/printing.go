package interp

import (
	"fmt"
	"io"
	"log"
	"reflect"

	"gofive/kernel/value"
)

// printing is what takes the place of the functions of fmt that decide something about their operands
// before they ask them: the name of a type, the address of a pointer, whether it is a string; and of those that
// may be given the standard input.
func (it *Interp) printing() map[string]reflect.Value {
	f, out := reflect.ValueOf, io.Writer(it.stdout())
	directives := it.types.Directives
	fprintf := func(w io.Writer, format string, v ...any) (int, error) {
		format, v = directives(format, v)
		return fmt.Fprintf(w, format, v...)
	}
	return map[string]reflect.Value{
		"Print":    f(func(v ...any) (int, error) { return io.WriteString(out, value.Sprint(v...)) }),
		"Printf":   f(func(format string, v ...any) (int, error) { return fprintf(out, format, v...) }),
		"Println":  f(func(v ...any) (int, error) { return value.Fprintln(out, v...) }),
		"Fprint":   f(func(w io.Writer, v ...any) (int, error) { return io.WriteString(w, value.Sprint(v...)) }),
		"Fprintf":  f(fprintf),
		"Fprintln": f(value.Fprintln),
		"Sprint":   f(value.Sprint),
		"Sprintln": f(value.Sprintln),
		"Sprintf":  f(it.types.Sprintf),
		"Errorf":   f(it.types.Errorf),
		"Fscan":    f(func(r io.Reader, v ...any) (int, error) { return fmt.Fscan(it.typed(r), v...) }),
		"Fscanf":   f(func(r io.Reader, format string, v ...any) (int, error) { return fmt.Fscanf(it.typed(r), format, v...) }),
		"Fscanln":  f(func(r io.Reader, v ...any) (int, error) { return fmt.Fscanln(it.typed(r), v...) }),
		"Append":   f(func(b []byte, v ...any) []byte { return append(b, value.Sprint(v...)...) }),
		"Appendln": f(func(b []byte, v ...any) []byte { return append(b, value.Sprintln(v...)...) }),
		"Appendf":  f(func(b []byte, format string, v ...any) []byte { return append(b, it.types.Sprintf(format, v...)...) }),
	}
}

// logging is package log with a logger of this Interp, which writes to the cell's stderr. What would
// end the process ends the cell.
func (it *Interp) logging() map[string]reflect.Value {
	f, l, sprintf := reflect.ValueOf, log.New(it.stderr(), "", log.LstdFlags), it.types.Sprintf
	const depth = 2 // for the file names of log.Lshortfile, which name ours
	print := func(text string) { l.Output(depth, text) }
	fatal := func(text string) {
		print(text)
		it.fatal(text)
	}
	panics := func(text string) {
		print(text)
		panic(text)
	}
	return map[string]reflect.Value{
		"Default": f(func() *log.Logger { return l }),
		"Flags":   f(l.Flags), "SetFlags": f(l.SetFlags), "Prefix": f(l.Prefix), "SetPrefix": f(l.SetPrefix),
		"Writer": f(l.Writer), "SetOutput": f(l.SetOutput), "Output": f(l.Output),
		"Print":   f(func(v ...any) { print(value.Sprint(v...)) }),
		"Printf":  f(func(format string, v ...any) { print(sprintf(format, v...)) }),
		"Println": f(func(v ...any) { print(value.Sprintln(v...)) }),
		"Panic":   f(func(v ...any) { panics(value.Sprint(v...)) }),
		"Panicf":  f(func(format string, v ...any) { panics(sprintf(format, v...)) }),
		"Panicln": f(func(v ...any) { panics(value.Sprintln(v...)) }),
		"Fatal":   f(func(v ...any) { fatal(value.Sprint(v...)) }),
		"Fatalf":  f(func(format string, v ...any) { fatal(sprintf(format, v...)) }),
		"Fatalln": f(func(v ...any) { fatal(value.Sprintln(v...)) }),
	}
}
