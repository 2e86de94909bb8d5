package kernel

import (
	"gofive/display"
	"gofive/kernel/msg"
)

// inspect answers inspect_request.
func (k *Kernel) inspect(r *request) (any, error) {
	q, err := msg.ParseInspect(r.msg.Content)
	if err != nil {
		return nil, err
	}
	reply := msg.InspectReply{Status: msg.StatusOK, Data: map[string]string{}}
	i, found := k.front.Inspect(q.Code, byteOffset(q.Code, q.Cursor), q.Detail)
	if !found {
		return reply, nil
	}
	if i.Ask != nil {
		i.Value = k.askEngine(i.Ask).Value
	}
	reply.Found = true
	reply.Data[display.TextPlain] = i.Text()
	reply.Data[display.TextMarkdown] = i.Markdown()
	return reply, nil
}
