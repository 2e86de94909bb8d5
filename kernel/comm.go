package kernel

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"gofive/kernel/engine"
	"gofive/kernel/msg"
)

// Comms are opened by programs and by front ends; what is said on them is between these two. The kernel
// carries it, and knows which comms are open. A message of a front end reaches the engine beside running
// cells; when functions of cells are to be told, they run in their turn, as a cell does.

// commTime is how long an engine may take to take a message.
const commTime = 2 * time.Second

// comms are those that are open: their targets, by their ids.
type comms struct {
	mu   sync.Mutex
	open map[string]string
}

func newComms() *comms { return &comms{open: make(map[string]string)} }

func (c *comms) add(id, target string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.open[id] = target
}

// remove reports whether there was such a comm.
func (c *comms) remove(id string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	_, was := c.open[id]
	delete(c.open, id)
	return was
}

// list gives the open comms of a target, "" standing for all.
func (c *comms) list(target string) map[string]msg.CommInfo {
	c.mu.Lock()
	defer c.mu.Unlock()
	list := make(map[string]msg.CommInfo)
	for id, t := range c.open {
		if target == "" || t == target {
			list[id] = msg.CommInfo{Target: t}
		}
	}
	return list
}

// takeAll removes all comms that end with an engine, and gives their ids.
func (c *comms) takeAll() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	var ids []string
	for id, target := range c.open {
		if target != engine.BrowseTarget {
			ids = append(ids, id)
			delete(c.open, id)
		}
	}
	return ids
}

// commInfo answers comm_info_request.
func (k *Kernel) commInfo(r *request) (any, error) {
	asked, err := msg.ParseCommInfo(r.msg.Content)
	if err != nil {
		return nil, err
	}
	return msg.CommInfoReply{Status: msg.StatusOK, Comms: k.comms.list(asked.Target)}, nil
}

// serveComm delivers a message over a comm. Idle is said when the functions of cells that it calls for
// have run: front ends hold back what they have to say until then.
func (k *Kernel) serveComm(r *request) {
	k.activity.begin(r.msg.Header, true)
	turn := false
	failed := k.guarded(r, func() *msg.Failed {
		// JupyterLab 4.4 names a subshell of the kernel before a restart, and no reply could tell it.
		if !k.shells.has(r.msg.Header.Subshell) {
			r.msg.Header.Subshell = ""
		}
		turn = k.deliver(r)
		return nil
	})
	if failed != nil {
		k.log.Log("comm", failed.Value)
	}
	if !turn || !k.shells.add(r) {
		k.activity.end(r.msg.Header)
	}
}

// deliver gives a message of a front end to the engine, and reports whether functions of cells are to run.
// Where nobody knows the comm, its other end learns that it is closed.
func (k *Kernel) deliver(r *request) (turn bool) {
	m, err := commMessage(r.msg)
	if err != nil {
		k.log.Log("comm", r.msg.Header.Type+": "+err.Error())
		return false
	}
	if k.browsers.takes(m) {
		k.browse(r, m)
		return false
	}
	r.run = &run{name: "Comm", request: r, quiet: true, out: &Output{pub: k.pub, parent: r.msg.Header, silent: true, room: k.limit.Load()}}
	k.runs.begin(r.run, false)
	got := k.toEngine(&engine.Question{Comm: m, Run: r.run.id})
	switch {
	case m.Kind == commClose:
		k.comms.remove(m.ID)
	case !got.Known:
		k.log.Log("comm", fmt.Sprintf("%s of the comm %s, which nobody knows (target %s)", m.Kind, quote(m.ID), quote(m.Target)))
		k.comms.remove(m.ID)
		k.closeComm(r.msg.Header, m.ID)
	case m.Kind == commOpen:
		k.comms.add(m.ID, m.Target)
	}
	if !got.Turn {
		k.runs.end(r.run)
	}
	return got.Turn
}

// toEngine waits until the engine has taken the message. One that takes none knows no comm.
func (k *Kernel) toEngine(q *engine.Question) engine.Delivery {
	ctx, cancel := context.WithTimeout(context.Background(), commTime)
	defer cancel()
	a, ok := k.engine.get(ctx).(engine.Asker)
	if !ok {
		return engine.Delivery{}
	}
	known, err := a.Ask(ctx, q)
	if err != nil {
		k.log.Log("comm", err.Error())
	}
	return known.Delivery
}

// takeTurn runs the functions of cells that a message calls for.
func (k *Kernel) takeTurn(l *lane, r *request) {
	defer k.activity.end(r.msg.Header)
	defer r.cancel()
	defer k.runs.end(r.run)
	if r.aborted {
		return
	}
	turn := engine.Program{Run: r.run.id, Name: r.run.name, Turn: true, Parent: r.msg.Header.ID, Beside: l != k.shells.main()}
	var e engine.Engine
	failed := k.guarded(r, func() *msg.Failed {
		e = k.engine.get(r.ctx)
		if r.ctx.Err() != nil {
			return nil
		}
		defer interruptWhen(r.ctx, e, r.run.id)()
		return runFailure(e.Run(context.Background(), &turn))
	})
	r.run.out.end()
	if failed == nil {
		return
	}
	r.run.out.Error(*failed)
	if e != nil && failed.Name != engine.FailureEngine {
		e.Run(context.Background(), &turn) // what took the error ends to
	}
}

// The types of messages over comms.
const (
	commOpen  = "comm_open"
	commMsg   = "comm_msg"
	commClose = "comm_close"
)

// commMessage reads a message over a comm.
func commMessage(m *msg.Message) (*engine.CommMessage, error) {
	out := &engine.CommMessage{Kind: m.Header.Type, Metadata: m.Metadata, Buffers: m.Buffers}
	if m.Header.Type == commOpen {
		open, err := msg.ParseCommOpen(m.Content)
		out.ID, out.Target, out.Data = open.ID, open.Target, open.Data
		return out, err
	}
	said, err := msg.ParseComm(m.Content)
	out.ID, out.Data = said.ID, said.Data
	return out, err
}

// publishComm publishes what a program says on a comm.
func (k *Kernel) publishComm(r *run, m *engine.CommMessage) {
	var content any = msg.NewComm(m.ID, m.Data)
	switch m.Kind {
	case commOpen:
		k.comms.add(m.ID, m.Target)
		content = msg.NewCommOpen(m.ID, m.Target, m.Data)
	case commClose:
		k.comms.remove(m.ID)
	}
	k.pub.put(item{
		parent: r.out.parent, kind: m.Kind, content: msg.MustMarshal(content),
		metadata: m.Metadata, buffers: m.Buffers,
	}, true)
}

// closeComms tells all clients that comms have ended with the engine.
func (k *Kernel) closeComms(parent msg.Header) {
	for _, id := range k.comms.takeAll() {
		k.closeComm(parent, id)
	}
}

// closeComm tells all clients that there is no comm of that id.
func (k *Kernel) closeComm(parent msg.Header, id string) {
	k.pub.put(item{parent: parent, kind: commClose, content: msg.MustMarshal(msg.NewComm(id, nil))}, false)
}

// quote makes text from a client fit for one line of the log.
func quote(s string) string {
	b, _ := json.Marshal(s[:min(len(s), 200)])
	return string(b)
}
