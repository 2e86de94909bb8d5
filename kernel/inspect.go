package kernel

import "gofive/kernel/msg"

// inspect answers inspect_request.
func (k *Kernel) inspect(r *request) (any, error) {
	q, err := msg.ParseInspect(r.msg.Content)
	if err != nil {
		return nil, err
	}
	reply := msg.InspectReply{Status: msg.StatusOK}
	reply.Data, reply.Found = k.about(q.Code, byteOffset(q.Code, q.Cursor), q.Detail)
	return reply, nil
}
