package kernel

import (
	"crypto/rand"
	"maps"
	"slices"
	"strings"
	"sync"

	"gofive/kernel/msg"
)

// shells are the lanes that cells run in: one of the main shell, which is called "", and one of each
// subshell (https://jupyter.org/enhancement-proposals/91-kernel-subshells/kernel-subshells.html).
type shells struct {
	serve func(*lane, *request)

	mu    sync.Mutex
	open  map[string]*lane
	ended []*lane // of subshells that were deleted, which may still run a cell
}

func newShells(serve func(*lane, *request)) *shells {
	s := &shells{serve: serve, open: make(map[string]*lane)}
	s.start("")
	return s
}

// start opens a lane.
func (s *shells) start(id string) {
	l := newLane(nil)
	l.serve = func(r *request) { s.serve(l, r) }
	s.mu.Lock()
	defer s.mu.Unlock()
	s.open[id] = l
	if id != "" {
		go l.run()
	}
}

// main is the lane of the main shell.
func (s *shells) main() *lane {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.open[""]
}

// add queues a cell in the shell that it names, and reports whether there is one.
func (s *shells) add(r *request) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	l := s.open[r.msg.Header.Subshell]
	if l != nil {
		l.add(r)
	}
	return l != nil
}

// has reports whether there is such a shell.
func (s *shells) has(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.open[id] != nil
}

// names lists the subshells.
func (s *shells) names() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.DeleteFunc(slices.Sorted(maps.Keys(s.open)), func(id string) bool { return id == "" })
}

// delete ends a subshell, and reports whether there was one. What waits in it is aborted, what runs
// runs on.
func (s *shells) delete(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	l := s.open[id]
	if l == nil || id == "" {
		return false
	}
	delete(s.open, id)
	s.ended = append(slices.DeleteFunc(s.ended, (*lane).isDone), l)
	l.abort()
	l.close()
	return true
}

// each calls f for every lane that may run a cell.
func (s *shells) each(f func(*lane)) {
	s.mu.Lock()
	lanes := append(slices.Collect(maps.Values(s.open)), s.ended...)
	s.mu.Unlock()
	for _, l := range lanes {
		f(l)
	}
}

// busy reports whether a cell runs or waits.
func (s *shells) busy() bool {
	busy := false
	s.each(func(l *lane) { busy = busy || l.busy() })
	return busy
}

// createSubshell answers create_subshell_request.
func (k *Kernel) createSubshell(*request) (any, error) {
	id := strings.ToLower(rand.Text())
	k.shells.start(id)
	return msg.Subshell{Status: msg.StatusOK, ID: id}, nil
}

// deleteSubshell answers delete_subshell_request.
func (k *Kernel) deleteSubshell(r *request) (any, error) {
	id, err := msg.ParseSubshell(r.msg.Content)
	if err != nil {
		return nil, err
	}
	if !k.shells.delete(id) {
		return nil, k.noSubshell()
	}
	return msg.Reply{Status: msg.StatusOK}, nil
}

// listSubshells answers list_subshell_request.
func (k *Kernel) listSubshells(*request) (any, error) {
	return msg.Subshells{Status: msg.StatusOK, IDs: k.shells.names()}, nil
}

// noSubshell says what may stand where an unknown subshell does.
func (k *Kernel) noSubshell() error {
	want := "null: there are no subshells"
	if names := k.shells.names(); len(names) > 0 {
		want = "null or one of " + strings.Join(names, ", ")
	}
	return &msg.FieldError{Field: "subshell_id", Want: want}
}
