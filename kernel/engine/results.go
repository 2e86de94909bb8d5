package engine

import "sync"

// results are the values of programs that run. They are told with the end of their run: most cells do
// nothing after their value, and one message is sooner read than two.
type results struct {
	mu   sync.Mutex
	runs map[int64]*Event // nil before there is a value
}

// begin notes that a program runs.
func (rs *results) begin(run int64) {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	if rs.runs == nil {
		rs.runs = map[int64]*Event{}
	}
	rs.runs[run] = nil
}

// keep takes the value of a program, unless that has ended, or has another.
func (rs *results) keep(e Event) bool {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	if kept, runs := rs.runs[e.Run]; !runs || kept != nil {
		return false
	}
	rs.runs[e.Run] = &e
	return true
}

// end gives the value of a program that has ended, nil when there is none.
func (rs *results) end(run int64) *Event {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	kept := rs.runs[run]
	delete(rs.runs, run)
	return kept
}
