package kernel

import (
	"context"
	"encoding/json"
	"time"

	"gofive/display"
	"gofive/kernel/history"
	"gofive/kernel/msg"
)

// historyOutput is how large a result may be to have its text kept.
const historyOutput = 1 << 20

// historyTime is how long the file system may take to answer a question: a home folder on a file system of many has
// moments when it does nothing.
const historyTime = 5 * time.Second

// plainText gives the text of a MIME bundle, nil when there is none or it is too large to be kept.
func plainText(data json.RawMessage) *string {
	if len(data) > historyOutput {
		return nil
	}
	var forms map[string]any
	if json.Unmarshal(data, &forms) != nil {
		return nil
	}
	text, ok := forms[display.TextPlain].(string)
	if !ok {
		return nil
	}
	return &text
}

// findHistory gives the cells that q asks for, oldest first.
func (k *Kernel) findHistory(q msg.HistoryRequest) ([]history.Cell, error) {
	ctx, cancel := context.WithTimeout(context.Background(), historyTime)
	defer cancel()
	return k.history.Find(ctx, q)
}

// searchHistory answers history_request. What was typed is all that is kept, so that raw or not makes
// no difference.
func (k *Kernel) searchHistory(r *request) (any, error) {
	q, err := msg.ParseHistory(r.msg.Content)
	if err != nil {
		return nil, err
	}
	cells, err := k.findHistory(q)
	if err != nil {
		return msg.NewError(msg.Failed{Name: "history", Value: err.Error()}), nil
	}
	reply := msg.HistoryReply{Status: msg.StatusOK, History: [][3]any{}}
	for _, c := range cells {
		entry := [3]any{c.Session, c.Line, c.Input}
		if q.Output {
			entry[2] = [2]any{c.Input, c.Output}
		}
		reply.History = append(reply.History, entry)
	}
	return reply, nil
}
