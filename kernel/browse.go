package kernel

import (
	"context"
	"encoding/json"
	"sync"
	"time"

	"gofive/kernel/engine"
	"gofive/kernel/msg"
)

// Comms of the target engine.BrowseTarget are lines from a page that looks into files to the engine, which answers
// beside running cells. They outlive an engine: the page is told, and the comm is opened in the next one. What
// is asked about clusters the kernel answers itself (browse_cluster.go).
// What is said is in display/labextension/PROTOCOL.md.

// browsers are the comms of pages.
type browsers struct {
	mu     sync.Mutex
	open   map[string]*browser
	number int64
	asked  map[int64]pageRequest // that the engine has not answered yet
}

// browser is one of them.
type browser struct {
	id     string
	data   json.RawMessage // of its comm_open
	parent msg.Header      // to which events belong
	doing  map[int64]context.CancelFunc
}

// pageRequest is a request on its way.
type pageRequest struct {
	comm   string
	id     int64 // as the page numbers it
	parent msg.Header
}

func newBrowsers() *browsers {
	return &browsers{open: map[string]*browser{}, asked: map[int64]pageRequest{}}
}

// takes reports whether a message is of such a comm.
func (bs *browsers) takes(m *engine.CommMessage) bool {
	bs.mu.Lock()
	defer bs.mu.Unlock()
	return m.Kind == commOpen && m.Target == engine.BrowseTarget && m.ID != "" || m.Kind != commOpen && bs.open[m.ID] != nil
}

// begin numbers a request.
func (bs *browsers) begin(a pageRequest) int64 {
	bs.mu.Lock()
	defer bs.mu.Unlock()
	bs.number++
	bs.asked[bs.number] = a
	return bs.number
}

// end takes a request that is answered, and reports whether it was still open.
func (bs *browsers) end(number int64) (pageRequest, bool) {
	bs.mu.Lock()
	defer bs.mu.Unlock()
	a, ok := bs.asked[number]
	delete(bs.asked, number)
	return a, ok
}

// add opens a comm.
func (bs *browsers) add(b *browser) {
	bs.mu.Lock()
	defer bs.mu.Unlock()
	bs.open[b.id] = b
}

// remove closes a comm; what was asked on it needs no answer any more.
func (bs *browsers) remove(id string) {
	bs.mu.Lock()
	defer bs.mu.Unlock()
	if b := bs.open[id]; b != nil {
		for _, cancel := range b.doing {
			cancel()
		}
	}
	delete(bs.open, id)
	for n, a := range bs.asked {
		if a.comm == id {
			delete(bs.asked, n)
		}
	}
}

// get gives an open comm.
func (bs *browsers) get(id string) *browser {
	bs.mu.Lock()
	defer bs.mu.Unlock()
	return bs.open[id]
}

// lose takes all that was asked of an engine that is gone, and gives the comms.
func (bs *browsers) lose() (lost []pageRequest, open []*browser) {
	bs.mu.Lock()
	defer bs.mu.Unlock()
	for _, a := range bs.asked {
		lost = append(lost, a)
	}
	clear(bs.asked)
	for _, b := range bs.open {
		open = append(open, b)
	}
	return lost, open
}

// browse serves a message on such a comm.
func (k *Kernel) browse(r *request, m *engine.CommMessage) {
	switch m.Kind {
	case commOpen:
		k.browsers.add(&browser{id: m.ID, data: m.Data, parent: r.msg.Header, doing: map[int64]context.CancelFunc{}})
		k.comms.add(m.ID, m.Target)
		if !k.toBrowser(&engine.Question{Comm: m}) {
			go k.openAgain(k.browsers.get(m.ID), nil)
		}
	case commClose:
		k.browsers.remove(m.ID)
		k.comms.remove(m.ID)
		k.toBrowser(&engine.Question{Comm: m})
	default:
		k.browseAsk(r.msg.Header, m)
	}
}

// toBrowser gives a message to the engine, and reports whether it was taken.
func (k *Kernel) toBrowser(q *engine.Question) bool { return k.toEngine(q).Known }

// browseAsk has a request answered, here or by the engine.
func (k *Kernel) browseAsk(parent msg.Header, m *engine.CommMessage) {
	var about struct {
		ID     int64  `json:"id"`
		Op     string `json:"op"`
		Target int64  `json:"target"`
	}
	_ = json.Unmarshal(m.Data, &about) // what is wrong with it the engine says
	a := pageRequest{m.ID, about.ID, parent}
	if do := clusterOps[about.Op]; do != nil {
		k.browseCluster(a, do, m.Data)
		return
	}
	if about.Op == "cancel" {
		k.cancelCluster(m.ID, about.Target)
	}
	number := k.browsers.begin(a)
	q := &engine.Question{Comm: m, Run: number}
	taken := make(chan struct{})
	go func() {
		defer close(taken)
		k.browseGive(q)
	}()
	select {
	case <-taken: // requests keep their order
	case <-time.After(commTime): // other messages do not wait for an engine this slow
	}
}

// browseGive gives a request to the engine, however long that takes: one that is only late must not be sent twice.
// An engine that does not know the comm is the next one, where it has to be opened first.
func (k *Kernel) browseGive(q *engine.Question) {
	ctx, cancel := k.untilStopped()
	defer cancel()
	give := func(q *engine.Question) bool {
		a, ok := k.engine.get(ctx).(engine.Asker)
		if !ok {
			return false
		}
		got, err := a.Ask(ctx, q)
		return err == nil && got.Delivery.Known
	}
	if give(q) {
		return
	}
	if _, waits := k.browsers.find(q.Run, false); !waits {
		return // it has got its answer, or the page is gone
	}
	if b := k.browsers.get(q.Comm.ID); b != nil && give(&engine.Question{Comm: b.again()}) && give(q) {
		return
	}
	if a, ok := k.browsers.end(q.Run); ok {
		k.browseFail(a, map[string]any{"kind": "busy", "message": "the engine does not answer", "retry_ms": 1000})
	}
}

// again is the message that opens the comm in a new engine.
func (b *browser) again() *engine.CommMessage {
	return &engine.CommMessage{Kind: commOpen, ID: b.id, Target: engine.BrowseTarget, Data: b.data, Metadata: engine.BrowseAgain}
}

// browsed publishes what the engine says to a page.
func (k *Kernel) browsed(ev engine.Event) {
	b := k.browsers.get(ev.Comm.ID)
	if ev.Comm.Kind == commClose {
		k.browsers.remove(ev.Comm.ID)
		k.comms.remove(ev.Comm.ID)
	}
	if b == nil {
		return
	}
	parent := b.parent
	if ev.Run != 0 {
		a, ok := k.browsers.find(ev.Run, ev.Last)
		if !ok {
			return
		}
		parent = a.parent
	}
	k.pub.put(item{parent: parent, kind: ev.Comm.Kind, content: msg.MustMarshal(msg.NewComm(b.id, ev.Comm.Data)), buffers: ev.Comm.Buffers}, true)
}

// find gives a request by its number, and forgets it when this is the last of it.
func (bs *browsers) find(number int64, last bool) (pageRequest, bool) {
	if last {
		return bs.end(number)
	}
	bs.mu.Lock()
	defer bs.mu.Unlock()
	a, ok := bs.asked[number]
	return a, ok
}

// browsersLost tells pages that the engine, and with it each file, is gone.
func (k *Kernel) browsersLost() {
	lost, open := k.browsers.lose()
	for _, a := range lost {
		k.browseFail(a, map[string]any{"kind": "engine-lost", "message": "the engine that had the file has ended"})
	}
	for _, b := range open {
		k.browseSay(b.id, b.parent, map[string]any{"event": "engine", "state": "restarted"})
		go k.openAgain(b, b.again())
	}
}

// How long, and how often, a new engine is tried.
const (
	againTime  = 20 * time.Second
	againEvery = 50 * time.Millisecond
)

// openAgain opens a comm in the next engine; m is nil for one that was never open.
func (k *Kernel) openAgain(b *browser, m *engine.CommMessage) {
	if m == nil {
		m = b.again()
		m.Metadata = nil
	}
	for late := time.After(againTime); ; {
		if k.browsers.get(b.id) != b || k.toBrowser(&engine.Question{Comm: m}) {
			return
		}
		select {
		case <-k.stopped:
			return
		case <-late:
			return // a later request tries again
		case <-time.After(againEvery):
		}
	}
}

// browseFail answers that something could not be done.
func (k *Kernel) browseFail(a pageRequest, failure map[string]any) {
	k.browseSay(a.comm, a.parent, map[string]any{"id": a.id, "ok": false, "error": failure})
}

// browseSay says something of the kernel's own on a comm.
func (k *Kernel) browseSay(comm string, parent msg.Header, data map[string]any) {
	data["v"] = 1
	k.pub.put(item{parent: parent, kind: commMsg, content: msg.MustMarshal(msg.NewComm(comm, msg.MustMarshal(data)))}, false)
}
