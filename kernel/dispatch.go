package kernel

import (
	"errors"
	"fmt"
	"runtime/debug"

	"gofive/kernel/msg"
)

// receive reads messages of a channel and hands those that are signed and sound to sort. It never
// runs a handler that takes time, so that the next message is seen at once.
func (k *Kernel) receive(ch Channel, sort func(*request)) {
	for {
		frames, err := k.channels.Receive(ch)
		if err != nil {
			return
		}
		m, err := k.codec.Decode(frames)
		if err == nil && len(m.Envelope) == 0 {
			err = errors.New("no identity")
		}
		if err != nil {
			k.log.Log("dropped message", ch.String()+": "+err.Error())
			continue
		}
		k.channels.Trust(ch, m.Envelope[0])
		sort(newRequest(ch, m))
	}
}

// sortShell gives a request to the lane that serves it.
func (k *Kernel) sortShell(r *request) {
	switch h := r.msg.Header; {
	case h.Type == "execute_request" && k.shells.add(r):
	case h.Type == "shutdown_request": // deprecated here, and to be obeyed whatever runs
		go k.shutdown(r)
	case h.Type == commOpen || h.Type == commMsg || h.Type == commClose:
		k.comm.add(r)
	default:
		k.side.add(r)
	}
}

// sortControl serves a request on control, where each is served before the next is read.
func (k *Kernel) sortControl(r *request) {
	if r.msg.Header.Type == "shutdown_request" {
		k.shutdown(r)
		return
	}
	k.serve(r)
}

// serve answers any request but those that run or end something.
func (k *Kernel) serve(r *request) {
	k.activity.begin(r.msg.Header, false)
	defer k.activity.end(r.msg.Header)
	var content any
	failed := k.guarded(r, func() *msg.Failed {
		var err error
		if content, err = k.answer(r); err != nil {
			return badRequest(err)
		}
		return nil
	})
	switch {
	case failed == nil:
	case r.msg.Header.Type == "execute_request":
		content = msg.ExecuteError{Error: msg.NewError(*failed), ExecutionCount: k.counts.last()}
	default:
		content = msg.NewError(*failed)
	}
	if content != nil {
		k.reply(r, content)
	}
}

// badRequest is the failure of a request whose content is wrong.
func badRequest(err error) *msg.Failed {
	return &msg.Failed{Name: "bad request", Value: err.Error()}
}

// answer gives the content of the reply, nil when the request has none. The error says what is
// wrong with the request.
func (k *Kernel) answer(r *request) (any, error) {
	if !k.shells.has(r.msg.Header.Subshell) {
		return nil, k.noSubshell()
	}
	handle := k.handler(r)
	if handle == nil {
		k.log.Log("unknown request", fmt.Sprintf("%q on %s", r.msg.Header.Type, r.ch))
		return nil, nil
	}
	return handle(r)
}

// handler finds the method that answers requests like r, nil if there is none.
func (k *Kernel) handler(r *request) func(*request) (any, error) {
	switch r.msg.Header.Type {
	case "kernel_info_request":
		return k.kernelInfo
	case "connect_request":
		return k.connect
	case "complete_request":
		return k.complete
	case "inspect_request":
		return k.inspect
	case "is_complete_request":
		return k.isComplete
	case "history_request":
		return k.searchHistory
	case "comm_info_request":
		return k.commInfo
	}
	if r.ch == Control {
		return k.controlHandler(r.msg.Header.Type)
	}
	return nil
}

// controlHandler finds the method for a request that only control takes.
func (k *Kernel) controlHandler(kind string) func(*request) (any, error) {
	switch kind {
	case "interrupt_request":
		return k.interruptRequest
	case "debug_request":
		return k.debug
	case "create_subshell_request":
		return k.createSubshell
	case "delete_subshell_request":
		return k.deleteSubshell
	case "list_subshell_request":
		return k.listSubshells
	}
	return nil
}

// guarded calls f for r; a panic of ours is a failure of what was asked, and of nothing else.
func (k *Kernel) guarded(r *request, f func() *msg.Failed) (failed *msg.Failed) {
	defer func() {
		if p := recover(); p != nil {
			bug := k.bug(r, p)
			failed = &bug
		}
	}()
	return f()
}

// bug describes a panic of the kernel itself to the user, and its stack to the log.
func (k *Kernel) bug(r *request, p any) msg.Failed {
	k.log.Log("kernel bug", fmt.Sprintf("%s: %v\n%s", r.msg.Header.Type, p, debug.Stack()))
	return msg.Failed{
		Name:      "kernel bug",
		Value:     fmt.Sprint(p),
		Traceback: []string{fmt.Sprintf("kernel bug: %v", p), "This is a mistake in gofive, not in the cell; the kernel's log has the details."},
	}
}
