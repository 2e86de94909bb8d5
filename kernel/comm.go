package kernel

import (
	"encoding/json"

	"gofive/kernel/msg"
)

// No comm target exists yet, so that no comm is ever open: whoever opens one or writes to one is
// told at once that it is closed.

// commInfo answers comm_info_request.
func (k *Kernel) commInfo(r *request) (any, error) {
	if _, err := msg.ParseCommInfo(r.msg.Content); err != nil {
		return nil, err
	}
	return msg.CommInfoReply{Status: msg.StatusOK, Comms: map[string]msg.CommInfo{}}, nil
}

// commOpen closes the comm, because nobody knows its target.
func (k *Kernel) commOpen(r *request) (any, error) {
	open, err := msg.ParseCommOpen(r.msg.Content)
	if err != nil {
		k.log.Log("comm", "comm_open: "+err.Error())
		return nil, nil
	}
	k.log.Log("comm", "unknown target "+quote(open.Target))
	k.closeComm(r, open.ID)
	return nil, nil
}

// commMsg closes the comm, because it is not open.
func (k *Kernel) commMsg(r *request) (any, error) {
	comm, err := msg.ParseComm(r.msg.Content)
	if err != nil {
		k.log.Log("comm", "comm_msg: "+err.Error())
		return nil, nil
	}
	k.closeComm(r, comm.ID)
	return nil, nil
}

// commClose has nothing to do: the comm is not open.
func (k *Kernel) commClose(*request) (any, error) { return nil, nil }

// closeComm tells all clients that there is no comm of that id.
func (k *Kernel) closeComm(r *request, id string) {
	content := msg.MustMarshal(msg.NewComm(id, nil))
	k.pub.put(item{parent: r.msg.Header, kind: "comm_close", content: content}, false)
}

// quote makes text from a client fit for one line of the log.
func quote(s string) string {
	b, _ := json.Marshal(s[:min(len(s), 200)])
	return string(b)
}
