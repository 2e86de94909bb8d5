package kernel

import (
	"sync"

	"gofive/kernel/engine"
)

// runsKept is how many runs are remembered for what their goroutines still print. Text of an older
// one goes to the last cell.
const runsKept = 1 << 13

// run is one execution of a program by the engine and where its events go.
type run struct {
	id      int64
	name    string // of the cell
	code    string // as it was typed
	request *request
	out     *Output
	life    int64                    // of the engine that it is checked for
	input   bool                     // may ask for text
	quiet   bool                     // says nothing of what is built for it
	result  func(event engine.Event) // takes the value; nil publishes it
	loaded  func()                   // is called when the engine has loaded the program; nil does nothing
	ended   bool
}

// runs finds the run that an event belongs to.
type runs struct {
	mu   sync.Mutex
	next int64
	all  map[int64]*run
	cell *run // the last one that was a cell
}

func newRuns() *runs { return &runs{all: make(map[int64]*run)} }

// begin numbers r and remembers it. Cell says that it is one, and not an expression beside it.
func (rs *runs) begin(r *run, cell bool) {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	rs.next++
	r.id = rs.next
	if r.loaded == nil {
		r.loaded = func() {}
	}
	rs.all[r.id] = r
	delete(rs.all, r.id-runsKept)
	if cell {
		rs.cell = r
	}
}

// end notes that r has ended. Its events may still come: of it is kept what they need, and no more.
func (rs *runs) end(r *run) {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	late := &run{id: r.id, name: r.name, out: r.out, loaded: func() {}, ended: true}
	rs.all[r.id] = late
	if rs.cell == r {
		rs.cell = late
	}
}

// find gives the run numbered id. What has no run, or one that is forgotten, belongs to the last
// cell; that is nil before the first.
func (rs *runs) find(id int64) (r *run, ended bool) {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	r = rs.all[id]
	if r == nil {
		r = rs.cell
	}
	return r, r != nil && r.ended
}
