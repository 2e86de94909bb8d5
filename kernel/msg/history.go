package msg

import "encoding/json"

// HistoryRequest asks for cells that ran before: the last N ("tail"), those from Start up to but
// without Stop of a session ("range"; 0 is this session, -1 the one before) or those that match a
// glob Pattern ("search").
type HistoryRequest struct {
	Output  bool   `json:"output"`
	Raw     bool   `json:"raw"`
	Access  string `json:"hist_access_type"`
	Session int    `json:"session"`
	Start   int    `json:"start"`
	Stop    int    `json:"stop"` // 0: to the end
	N       int    `json:"n"`    // 0: all
	Pattern string `json:"pattern"`
	Unique  bool   `json:"unique"`
}

// ParseHistory reads the content of a history_request.
func ParseHistory(content json.RawMessage) (HistoryRequest, error) {
	f := contentFields(content)
	r := HistoryRequest{
		Output:  f.flag("output", false),
		Raw:     f.flag("raw", true),
		Access:  f.choice("hist_access_type", "tail", "range", "search"),
		Session: f.number("session", 0),
		Start:   f.number("start", 0),
		Stop:    f.number("stop", 0),
		N:       f.number("n", 0),
		Pattern: f.text("pattern", may),
		Unique:  f.flag("unique", false),
	}
	return r, f.err
}

// HistoryReply holds triples of session, line and text, or with output session, line and a pair of
// input and output, the output null when there is none.
type HistoryReply struct {
	Status  string   `json:"status"`
	History [][3]any `json:"history"`
}
