package kernel

import (
	"context"
	"strings"
	"time"

	"gofive/kernel/msg"
)

// request is a message of a client on its way through the kernel.
type request struct {
	ch   Channel
	msg  *msg.Message
	came time.Time
	run  *run // of a message over a comm: what it causes

	aborted bool            // not to be run; guarded by the lane it waits in
	ctx     context.Context // done when it was interrupted, perhaps before it began to run
	cancel  context.CancelFunc
}

// newRequest makes the request of a message that has just come.
func newRequest(ch Channel, m *msg.Message) *request {
	ctx, cancel := context.WithCancel(context.Background())
	return &request{ch: ch, msg: m, came: time.Now(), ctx: ctx, cancel: cancel}
}

// replyType gives the type of the reply: complete_request has complete_reply.
func (r *request) replyType() string {
	return strings.TrimSuffix(r.msg.Header.Type, "_request") + "_reply"
}

// reply answers r on the channel and to the client it came from.
func (k *Kernel) reply(r *request, content any) {
	m := &msg.Message{
		Envelope: r.msg.Envelope,
		Header:   k.header(r.replyType()),
		Parent:   r.msg.Header,
		Content:  msg.MustMarshal(content),
	}
	// A client that has gone does not want its reply: many hang up right behind a shutdown_request.
	_ = k.channels.Send(r.ch, k.codec.Encode(m))
}
