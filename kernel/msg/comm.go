package msg

import "encoding/json"

// CommOpen asks for a comm; comm_open.
type CommOpen struct {
	ID     string          `json:"comm_id"`
	Target string          `json:"target_name"`
	Data   json.RawMessage `json:"data"`
}

// ParseCommOpen reads the content of a comm_open.
func ParseCommOpen(content json.RawMessage) (CommOpen, error) {
	f := contentFields(content)
	c := CommOpen{ID: f.text("comm_id", must), Target: f.text("target_name", may), Data: f.take("data", may, "")}
	return c, f.err
}

// CommData is what travels over an open comm, comm_msg, and the last thing that does, comm_close.
type CommData struct {
	ID   string          `json:"comm_id"`
	Data json.RawMessage `json:"data"`
}

// ParseComm reads the content of a comm_msg or a comm_close.
func ParseComm(content json.RawMessage) (CommData, error) {
	f := contentFields(content)
	c := CommData{ID: f.text("comm_id", must), Data: f.take("data", may, "")}
	return c, f.err
}

// NewComm makes the content of a comm_msg or comm_close; nil data is {}.
func NewComm(id string, data json.RawMessage) CommData { return CommData{id, object(data)} }

// NewCommOpen makes the content of a comm_open; nil data is {}.
func NewCommOpen(id, target string, data json.RawMessage) CommOpen {
	return CommOpen{id, target, object(data)}
}

// CommInfoRequest asks for the open comms, all or those of one target.
type CommInfoRequest struct {
	Target string `json:"target_name"`
}

// ParseCommInfo reads the content of a comm_info_request.
func ParseCommInfo(content json.RawMessage) (CommInfoRequest, error) {
	f := contentFields(content)
	r := CommInfoRequest{f.text("target_name", may)}
	return r, f.err
}

// CommInfoReply maps the ids of open comms to what they are.
type CommInfoReply struct {
	Status string              `json:"status"`
	Comms  map[string]CommInfo `json:"comms"`
}

// CommInfo is one open comm.
type CommInfo struct {
	Target string `json:"target_name"`
}
