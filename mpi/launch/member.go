package launch

import (
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"gofive/display"
)

const (
	// rankTextLimit is how much text a rank sends of one program; the rest goes to a file.
	rankTextLimit = 64 << 10
	// nagFirst and nagLast are the pauses between two interrupts of one program, the first that may
	// come too early and the later ones.
	nagFirst, nagLast = 20 * time.Millisecond, time.Second
	// jobsLimit is how many orders may wait in a rank; kernels send one at a time.
	jobsLimit = 64
)

// member is one rank in the tree: it does what comes down, in order, and says what became of it.
type member struct {
	self   Self
	runner Runner
	box    *outbox
	files  string // folder for what a rank may not send
	jobs   chan func()

	mu      sync.Mutex
	running uint64        // 0: none
	id      int64         // its Program.ID
	ended   chan struct{} // closed when that has ended
	stopped uint64        // the last run that was interrupted; those before it are to end too
}

func newMember(self Self, runner Runner, box *outbox, files string) *member {
	return &member{self: self, runner: runner, box: box, files: files, jobs: make(chan func(), jobsLimit)}
}

// work runs orders one after the other until the rank is told to stop.
func (m *member) work() {
	for job := range m.jobs {
		job()
	}
}

// me is a group of this rank.
func (m *member) me(kind Kind, run uint64, payload []byte) group {
	return group{kind: kind, run: run, merge: true, ranks: Set{{m.self.Rank, m.self.Rank}}, payload: payload}
}

// handle obeys a frame from above that is not for leaders alone.
func (m *member) handle(frame []byte) error {
	switch frame[0] {
	case msgRun:
		o, err := decodeOrder(frame)
		if err != nil {
			return err
		}
		if !o.targets.Has(m.self.Rank) {
			return nil
		}
		return m.queue(func() { m.run(o) })
	case msgInterrupt:
		run, err := decodeNumber(frame)
		m.interrupt(run)
		return err
	case msgAsk:
		n, err := decodeNumber(frame)
		m.box.add(m.me(kindWhere, n, m.runner.Where().answer(time.Now())))
		return err
	case msgRenew:
		n, err := decodeNumber(frame)
		if err != nil {
			return err
		}
		return m.queue(func() { m.renew(n) })
	case msgBeat:
		return nil
	}
	return fmt.Errorf("%w: kind %q", errMalformed, frame[0])
}

func (m *member) queue(job func()) error {
	select {
	case m.jobs <- job:
		return nil
	default:
		return fmt.Errorf("rank %d has %d orders to do already", m.self.Rank, jobsLimit)
	}
}

func (m *member) run(o *order) {
	ended := make(chan struct{})
	m.mu.Lock()
	m.running, m.id, m.ended = o.run, o.id, ended
	if o.run <= m.stopped {
		go m.nag(o.id, ended)
	}
	m.mu.Unlock()
	v := &voice{member: m, order: o}
	failure := m.runner.Run(o.id, o.payload, v.emit)
	close(ended)
	m.mu.Lock()
	m.running = 0
	m.mu.Unlock()
	last := m.me(kindEnded, o.run, nil)
	if failure != nil {
		last.kind, last.payload = Failed, failure
	}
	last.merge = !o.apart || failure == nil
	if note := v.close(); note != nil {
		m.box.add(m.me(Note, o.run, note))
	}
	m.box.add(last)
}

// interrupt ends a run that runs, or is about to, and one before it that a former kernel has left.
func (m *member) interrupt(run uint64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if run <= m.stopped {
		return
	}
	m.stopped = run
	if m.running != 0 && m.running <= run {
		go m.nag(m.id, m.ended)
	}
}

// nag interrupts a program again and again until it has ended: the first time may come too early.
func (m *member) nag(id int64, ended chan struct{}) {
	for pause := nagFirst; ; pause = min(2*pause, nagLast) {
		m.runner.Interrupt(id)
		select {
		case <-ended:
			return
		case <-time.After(pause):
		}
	}
}

func (m *member) renew(n uint64) {
	var text []byte
	if err := m.runner.Renew(); err != nil {
		text = []byte(err.Error())
	}
	m.box.add(m.me(kindRenewed, n, text))
}

// voice is what a rank has to say in one run.
type voice struct {
	member *member
	order  *order

	mu   sync.Mutex
	text int // bytes of it so far
	file *os.File
	lost int  // bytes in the file
	told bool // where those are
	over bool // the run has ended
	err  error
}

// emit sends an event, or keeps it in a file when the rank has said enough.
func (v *voice) emit(e Event) {
	g := v.member.me(e.Kind, v.order.run, nil)
	g.merge = (e.Merge || e.Kind.isText()) && !v.order.apart
	if e.Kind.isText() {
		text, note := v.allowed(e.Payload)
		if g.payload = text; len(text) > 0 {
			v.member.box.write(g)
		}
		if note != nil {
			v.member.box.add(v.member.me(Note, v.order.run, note))
		}
		return
	}
	if len(e.Payload) > eventLimit {
		g.kind = Note
		g.payload = fmt.Appendf(nil, "an output of %s is not shown: %s is the most that a rank sends at once",
			display.Size(int64(len(e.Payload))), display.Size(eventLimit))
	} else {
		g.payload = append([]byte(nil), e.Payload...)
	}
	v.member.box.add(g)
}

// allowed gives the part of a text that may still be sent, and writes the rest to a file. Of text that comes
// after the end of the run it says where that is.
func (v *voice) allowed(p []byte) (text, note []byte) {
	v.mu.Lock()
	defer v.mu.Unlock()
	n := min(len(p), rankTextLimit-v.text)
	v.text += n
	if rest := p[n:]; len(rest) > 0 {
		v.spill(rest)
		if v.over {
			note = v.put()
		}
	}
	return p[:n], note
}

func (v *voice) spill(p []byte) {
	if v.file == nil && v.err == nil {
		flags := os.O_WRONLY | os.O_CREATE | os.O_TRUNC
		if v.lost > 0 {
			flags = os.O_WRONLY | os.O_APPEND
		}
		v.file, v.err = os.OpenFile(v.path(), flags, 0o600)
	}
	v.lost += len(p)
	if v.err == nil {
		_, v.err = v.file.Write(p)
	}
}

// path is where the rest of the text is.
func (v *voice) path() string {
	return filepath.Join(v.member.files, fmt.Sprintf("rank-%d-program-%d.txt", v.member.self.Rank, v.order.id))
}

// close ends the run and says where the rest of its text is; nil when there is none.
func (v *voice) close() []byte {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.over = true
	if v.lost == 0 {
		return nil
	}
	return v.put()
}

// put closes the file and says, once, what is in it.
func (v *voice) put() []byte {
	if v.file != nil {
		_ = v.file.Close()
		v.file = nil
	}
	if v.told {
		return nil
	}
	v.told = true
	rest := display.Size(int64(v.lost))
	if v.err != nil {
		return fmt.Appendf(nil, "a rank prints at most 64 KiB in one cell; %s more are lost: %v", rest, v.err)
	}
	return fmt.Appendf(nil, "a rank prints at most 64 KiB in one cell; %s more are in %s:%s until the cluster stops",
		rest, v.member.self.Host, v.path())
}
