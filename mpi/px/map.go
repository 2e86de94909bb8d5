package px

import (
	"encoding/gob"
	"errors"
	"fmt"
	"io"
	"net"
	"reflect"
	"sync"

	"gofive/display/progress"
	"gofive/mpi"
	"gofive/mpi/launch"
)

// Option says how Map shares its work out.
type Option func(*sharing)

type sharing struct{ chunk int }

// Chunk has Map give a rank n inputs at a time, so that many short calls cost few messages. It begins with 1.
func Chunk(n int) Option { return func(s *sharing) { s.chunk = n } }

// Map calls the function that the ranks know as name for every input, on whatever rank is free, and gives the
// results in the order of inputs. The function has one parameter and one result, behind which an error
// may stand. Inputs of a rank that dies are given to others. The first error ends the work; it
// names the input.
func Map[O, I any](name string, inputs []I, options ...Option) ([]O, error) {
	out := make([]O, len(inputs))
	err := MapInto(out, name, inputs, options...)
	return out, err
}

// MapInto is Map with slices: out has the length of inputs.
func MapInto(out any, name string, inputs any, options ...Option) error {
	s := sharing{chunk: 1}
	for _, o := range options {
		o(&s)
	}
	to, from := reflect.ValueOf(out), reflect.ValueOf(inputs)
	err := errors.Join(travels(from.Type()), travels(to.Type()))
	if err == nil && s.chunk < 1 {
		err = fmt.Errorf("px.Chunk(%d): a chunk has at least one input", s.chunk)
	}
	if err == nil && from.Len() > 0 {
		err = newWork(name, from, to, s.chunk).run()
	}
	if err != nil {
		return fmt.Errorf("map %s: %w", name, err)
	}
	return nil
}

// task is what a rank is to do: inputs from First on, which follow; Last says that there are no more tasks.
type task struct {
	First, N int
	Last     bool
}

// result is what became of it. N values follow, or Error tells of the input numbered Failed.
type result struct {
	Rank   int
	N      int
	Failed int
	Error  string
	Gives  string // the type of the values
	Takes  string // the type of inputs, when those that came do not fit
}

// work is a Map under way.
type work struct {
	name     string
	inputs   reflect.Value
	outputs  reflect.Value
	bar      *progress.Bar
	mu       sync.Mutex
	changed  *sync.Cond
	queue    []task
	missing  int // inputs without a result
	finished bool
	err      error
}

func newWork(name string, inputs, outputs reflect.Value, chunk int) *work {
	n := inputs.Len()
	w := &work{name: name, inputs: inputs, outputs: outputs, missing: n, bar: progress.New(n, name)}
	w.changed = sync.NewCond(&w.mu)
	for first := 0; first < n; first += chunk {
		w.queue = append(w.queue, task{First: first, N: min(chunk, n-first)})
	}
	return w
}

// run has the ranks come for tasks until all are done.
func (w *work) run() error {
	defer w.bar.Done()
	c, err := current()
	if err != nil {
		return err
	}
	port, err := launch.OpenPort(c.Dir)
	if err != nil {
		return err
	}
	var serving sync.WaitGroup
	serving.Go(func() { w.welcome(port, &serving) })
	err = call("run", Program{Code: fmt.Sprintf("ˑpx.RankWork(%q, %s)", port.Ticket(), w.name), Quiet: true}, nil)
	port.Close()
	w.end(nil)
	serving.Wait()
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case w.err != nil:
		return w.err
	case w.missing > 0 && err != nil:
		return err
	case w.missing > 0:
		return fmt.Errorf("%d of %d inputs have no result: their ranks ended", w.missing, w.inputs.Len())
	}
	return nil // though ranks may have died whose work others did
}

func (w *work) welcome(port *launch.Port, serving *sync.WaitGroup) {
	for {
		conn, err := port.Accept()
		if err != nil {
			return
		}
		serving.Go(func() {
			defer conn.Close()
			w.serve(conn)
		})
	}
}

// serve gives one rank tasks. What it has not done when it goes is put back.
func (w *work) serve(conn net.Conn) {
	in, out := gob.NewDecoder(conn), gob.NewEncoder(conn)
	for {
		t, ok := w.next()
		if !ok {
			_ = out.Encode(task{Last: true}) // it may be gone
			return
		}
		if err := w.do(t, in, out); err != nil {
			w.giveBack(t)
			return
		}
	}
}

// next gives a task, waiting while all are with others, who may give theirs back.
func (w *work) next() (task, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for len(w.queue) == 0 && w.missing > 0 && !w.finished && w.err == nil {
		w.changed.Wait()
	}
	if len(w.queue) == 0 || w.finished || w.err != nil {
		return task{}, false
	}
	t := w.queue[0]
	w.queue = w.queue[1:]
	return t, true
}

func (w *work) giveBack(t task) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.queue = append([]task{t}, w.queue...)
	w.changed.Broadcast()
}

// end lets no further task begin.
func (w *work) end(err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.finished = true
	if w.err == nil {
		w.err = err
	}
	w.changed.Broadcast()
}

// do sends one task and takes its results. An error means that the rank is gone.
func (w *work) do(t task, in *gob.Decoder, out *gob.Encoder) error {
	if err := out.Encode(t); err != nil {
		return err
	}
	if err := out.EncodeValue(w.inputs.Slice(t.First, t.First+t.N)); err != nil {
		return err
	}
	var r result
	if err := in.Decode(&r); err != nil {
		return err
	}
	if r.Takes != "" {
		w.end(fmt.Errorf("%s takes %s, and the inputs are %v", w.name, r.Takes, w.inputs.Type().Elem()))
		return nil
	}
	values := reflect.New(w.outputs.Type())
	if r.Error == "" {
		if err := in.DecodeValue(values); err != nil {
			if !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
				// the words of gob are about types as they are numbered in the other process
				w.end(fmt.Errorf("%s gives %s, and px.Map is asked for %v", w.name, r.Gives, w.outputs.Type().Elem()))
			}
			return err
		}
	}
	if r.Error != "" || values.Elem().Len() != t.N {
		w.end(fmt.Errorf("input %d on rank %d: %s", r.Failed, r.Rank, r.Error))
		return nil
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	reflect.Copy(w.outputs.Slice(t.First, t.First+t.N), values.Elem())
	w.missing -= t.N
	w.bar.Add(t.N)
	w.changed.Broadcast()
	return nil
}

// RankWork does tasks of a Map with the function f until there are no more.
func RankWork(ticket string, f any) error {
	fn := reflect.ValueOf(f)
	if err := callable(fn); err != nil {
		return err
	}
	conn, err := launch.Dial(ticket)
	if err != nil {
		return err
	}
	defer conn.Close()
	in, out := gob.NewDecoder(conn), gob.NewEncoder(conn)
	for {
		var t task
		if err := in.Decode(&t); err != nil || t.Last {
			return err
		}
		inputs := reflect.New(reflect.SliceOf(fn.Type().In(0)))
		if err := in.DecodeValue(inputs); err != nil {
			if hungUp(err) {
				return err
			}
			return out.Encode(result{Rank: mpi.Rank(), Takes: fn.Type().In(0).String()})
		}
		values, r := apply(fn, inputs.Elem(), t, func(r result) { _ = out.Encode(r) })
		if err := out.Encode(r); err != nil {
			return err
		}
		if r.Error != "" {
			continue
		}
		if err := out.EncodeValue(values); err != nil {
			return err
		}
	}
}

// callable says why f is no function for Map.
func callable(f reflect.Value) error {
	if f.Kind() != reflect.Func || f.Type().NumIn() != 1 || f.Type().IsVariadic() || f.Type().NumOut() < 1 || f.Type().NumOut() > 2 ||
		f.Type().NumOut() == 2 && !f.Type().Out(1).Implements(reflect.TypeFor[error]()) {
		return fmt.Errorf("px.Map calls a func(input) result, or one with an error behind the result, not a %T", f.Interface())
	}
	return errors.Join(travels(f.Type().In(0)), travels(f.Type().Out(0)))
}

// apply calls f for the inputs of a task. A panic goes on, when it has been reported as that of its input: else
// the task would go to another rank, and end that one too.
func apply(f, inputs reflect.Value, t task, report func(result)) (values reflect.Value, r result) {
	r = result{Rank: mpi.Rank(), N: t.N, Gives: f.Type().Out(0).String()}
	at := 0
	defer func() {
		if v := recover(); v != nil {
			r.Failed, r.Error = t.First+at, fmt.Sprint("panic: ", v)
			report(r)
			panic(v)
		}
	}()
	values = reflect.MakeSlice(reflect.SliceOf(f.Type().Out(0)), 0, t.N)
	for i := range inputs.Len() {
		at = i
		out := f.Call([]reflect.Value{inputs.Index(i)})
		if len(out) == 2 && !out[1].IsNil() {
			r.Failed, r.Error = t.First+i, out[1].Interface().(error).Error()
			return values, r
		}
		values = reflect.Append(values, out[0])
	}
	return values, r
}
