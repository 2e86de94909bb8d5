package kernel

import (
	"strings"

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
	cursor := byteOffset(q.Code, q.Cursor)
	lines, rest := cutMagics(q.Code)
	for _, l := range lines {
		if m, failed := l.find(); failed == nil && cursor >= l.start && cursor <= l.start+len(l.word) {
			reply.Found = true
			reply.Data[display.TextPlain] = strings.TrimSpace(m.String()+" "+m.args) + "\n\n" + m.help
			return reply, nil
		}
	}
	i, found := k.front.Inspect(rest, cursor, q.Detail)
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
