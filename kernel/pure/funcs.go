package pure

import (
	"encoding/json"
	"fmt"
	"reflect"
	"sync"
	"unsafe"
)

// Funcs are the pure functions of a notebook, by name. Its methods may be called at once from several
// goroutines.
type Funcs struct {
	// Stop is set when a goroutine that runs shall call Halt, which may end it.
	Stop *bool
	Halt func(id string)

	mu      sync.RWMutex
	byName  map[string]*function
	defined int // so far
}

// function is a Func made of closures.
type function struct {
	Func
	body  statement
	index int        // of its frames in a task
	given sync.Mutex // guards up
	up    any        // the run in which a call was given up
}

// frame is one call: each slot is in the list of its class.
type frame struct {
	whole  []int64
	float  []float64
	memory []memory
	task   *task
	below  *frame // in the list of frames that can be used again

	wholeResult  int64
	floatResult  float64
	memoryResult memory
}

// memory is a string or a slice, or the address of a struct, without a length.
type memory struct {
	at  unsafe.Pointer
	len int
}

// task is what the calls of one goroutine share.
type task struct {
	funcs *Funcs
	id    string
	depth int
	free  []*frame // by the index of the function: those that can be used again
}

// maxDepth is how deep calls may be before the interpreter takes over, which looks after the stack.
const maxDepth = 10_000

// giveUp is the panic that ends a call which the interpreter shall make.
type giveUp struct{}

// Define makes functions of a list in JSON, which may call each other and earlier ones.
func (fs *Funcs) Define(list string) {
	var defs []Func
	if err := json.Unmarshal([]byte(list), &defs); err != nil {
		panic(fmt.Errorf("pure functions of a cell: %w", err)) // the lowering wrote them
	}
	fs.mu.Lock()
	defer fs.mu.Unlock()
	if fs.byName == nil {
		fs.byName = map[string]*function{}
	}
	for _, d := range defs {
		fs.byName[d.Name] = &function{Func: d, index: fs.defined}
		fs.defined++
	}
	for _, d := range defs {
		f := fs.byName[d.Name]
		f.body = (&compiler{fs.byName}).statement(d.Body)
	}
}

// Forget drops functions that no later one calls.
func (fs *Funcs) Forget(names []string) {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	for _, name := range names {
		delete(fs.byName, name)
	}
}

// Try calls a function and gives its result, nil when the call was given up: in the same run, which is
// any value that compares, it is not tried again. id is for Halt.
func (fs *Funcs) Try(run any, name, id string, args []any) any {
	fs.mu.RLock()
	f, defined := fs.byName[name], fs.defined
	fs.mu.RUnlock()
	if f == nil || f.isUp(run) {
		return nil
	}
	result := f.try(&task{funcs: fs, id: id, free: make([]*frame, defined)}, args)
	if result == nil {
		f.given.Lock()
		f.up = run
		f.given.Unlock()
	}
	return result
}

// Method gives a function as a method: it gives nil where the call is given up. There is none of a
// function that is not known, or has a result that only other functions understand.
func (fs *Funcs) Method(name string) func(receiver any, args []any) any {
	fs.mu.RLock()
	defer fs.mu.RUnlock()
	f := fs.byName[name]
	if f == nil || ClassOf(f.Result) == Memory && f.Result != reflect.String {
		return nil
	}
	defined := fs.defined // the function calls none that is newer
	tasks := sync.Pool{New: func() any { return &task{funcs: fs, free: make([]*frame, defined)} }}
	return func(receiver any, args []any) any {
		t := tasks.Get().(*task)
		result := f.try(t, append([]any{receiver}, args...))
		if result != nil { // else it has frames that are in use
			tasks.Put(t)
		}
		return result
	}
}

func (f *function) isUp(run any) bool {
	f.given.Lock()
	defer f.given.Unlock()
	return f.up != nil && f.up == run
}

func (f *function) try(t *task, args []any) (result any) {
	defer func() {
		if r := recover(); r != nil {
			if _, ok := r.(giveUp); !ok {
				panic(r)
			}
		}
	}()
	fr := f.enter(t)
	for i, arg := range args {
		fr.set(i, f.Params[i], arg)
	}
	f.run(fr)
	result = fr.result(f.Result)
	f.leave(fr)
	return result
}

// enter gives the frame of a call.
func (f *function) enter(t *task) *frame {
	if fr := t.free[f.index]; fr != nil {
		t.free[f.index] = fr.below
		return fr
	}
	return f.frame(t)
}

// frame makes a frame.
func (f *function) frame(t *task) *frame {
	return &frame{task: t, whole: make([]int64, f.Slots), float: make([]float64, f.Slots), memory: make([]memory, f.Slots)}
}

// run runs a function in its frame.
func (f *function) run(fr *frame) {
	t := fr.task
	if t.depth++; t.depth > maxDepth {
		panic(giveUp{})
	}
	t.poll()
	f.body(fr)
	t.depth--
}

// leave gives a frame back.
func (f *function) leave(fr *frame) {
	t := fr.task
	fr.below = t.free[f.index]
	t.free[f.index] = fr
}

func (t *task) poll() {
	if *t.funcs.Stop {
		t.funcs.Halt(t.id)
	}
}

// set puts an argument into its slot.
func (fr *frame) set(slot int, k reflect.Kind, arg any) {
	if v, ok := arg.(int); ok && k == reflect.Int {
		fr.whole[slot] = int64(v)
		return
	}
	v := reflect.ValueOf(arg)
	switch {
	case v.Kind() != k:
		panic(giveUp{})
	case k == reflect.Bool:
		fr.whole[slot] = truth(v.Bool())
	case v.CanInt():
		fr.whole[slot] = v.Int()
	case v.CanUint():
		fr.whole[slot] = int64(v.Uint())
	case v.CanFloat():
		fr.float[slot] = v.Float()
	case k == reflect.String:
		fr.memory[slot] = text(v.String())
	case k == reflect.Slice:
		fr.memory[slot] = memory{v.UnsafePointer(), v.Len()}
	case k == reflect.Pointer:
		fr.memory[slot] = memory{at: v.UnsafePointer()}
	case k == reflect.Struct && v.Type().Size() == unsafe.Sizeof(fr): // it may be a pointer, which an interface holds itself
		p := reflect.New(v.Type())
		p.Elem().Set(v)
		fr.memory[slot] = memory{at: p.UnsafePointer()}
	case k == reflect.Struct: // an interface holds a pointer to its copy of a struct
		fr.memory[slot] = memory{at: (*[2]unsafe.Pointer)(unsafe.Pointer(&arg))[1]}
	default:
		panic(giveUp{})
	}
}

// result gives the result of a call as a value of a basic type.
func (fr *frame) result(k reflect.Kind) any {
	switch k {
	case reflect.Int:
		return int(fr.wholeResult)
	case reflect.Float64:
		return fr.floatResult
	case reflect.Float32:
		return float32(fr.floatResult)
	case reflect.Bool:
		return fr.wholeResult != 0
	case reflect.String:
		return fr.memoryResult.string()
	}
	v := reflect.New(wholeTypes[k]).Elem()
	if v.CanInt() {
		v.SetInt(fr.wholeResult)
	} else {
		v.SetUint(uint64(fr.wholeResult))
	}
	return v.Interface()
}

var wholeTypes = map[reflect.Kind]reflect.Type{
	reflect.Int8: reflect.TypeFor[int8](), reflect.Int16: reflect.TypeFor[int16](), reflect.Int32: reflect.TypeFor[int32](),
	reflect.Int64: reflect.TypeFor[int64](), reflect.Uint: reflect.TypeFor[uint](), reflect.Uint8: reflect.TypeFor[uint8](),
	reflect.Uint16: reflect.TypeFor[uint16](), reflect.Uint32: reflect.TypeFor[uint32](), reflect.Uint64: reflect.TypeFor[uint64](),
	reflect.Uintptr: reflect.TypeFor[uintptr](),
}

func truth(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

func text(s string) memory { return memory{unsafe.Pointer(unsafe.StringData(s)), len(s)} }

func (m memory) string() string { return unsafe.String((*byte)(m.at), m.len) }
