package msg

import "encoding/json"

// InspectRequest asks what the name at a cursor is.
type InspectRequest struct {
	Code   string `json:"code"`
	Cursor int    `json:"cursor_pos"`   // in code points; -1 when it was left out: the end
	Detail int    `json:"detail_level"` // 1 adds source
}

// ParseInspect reads the content of an inspect_request.
func ParseInspect(content json.RawMessage) (InspectRequest, error) {
	f := contentFields(content)
	r := InspectRequest{
		Code:   f.text("code", must),
		Cursor: f.number("cursor_pos", -1),
		Detail: f.number("detail_level", 0),
	}
	if r.Detail != 0 && r.Detail != 1 {
		f.fail("detail_level", "0 or 1")
	}
	return r, f.err
}

// InspectReply describes the name; Data is empty when it is not found.
type InspectReply struct {
	Status   string            `json:"status"`
	Found    bool              `json:"found"`
	Data     map[string]string `json:"data"`
	Metadata struct{}          `json:"metadata"`
}
