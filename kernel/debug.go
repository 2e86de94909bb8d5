package kernel

import "gofive/kernel/msg"

// debug refuses debug_request politely: there is no debugger, and a front end that asks whether
// one has been started learns that it has not.
func (k *Kernel) debug(r *request) (any, error) {
	q, err := msg.ParseDebug(r.msg.Content)
	if err != nil {
		return nil, err
	}
	reply := msg.DebugReply{Type: "response", RequestSeq: q.Seq, Command: q.Command}
	if q.Command == "debugInfo" {
		reply.Success, reply.Body = true, &msg.DebugInfo{}
		return reply, nil
	}
	reply.Message = "gofive has no debugger yet"
	return reply, nil
}
