package msg

import "encoding/json"

// ExecuteRequest asks to run a cell.
type ExecuteRequest struct {
	Code            string            `json:"code"`
	Silent          bool              `json:"silent"`
	StoreHistory    bool              `json:"store_history"`
	UserExpressions map[string]string `json:"user_expressions"`
	AllowStdin      bool              `json:"allow_stdin"`
	StopOnError     bool              `json:"stop_on_error"`
}

// ParseExecute reads the content of an execute_request. A silent cell is never stored.
func ParseExecute(content json.RawMessage) (ExecuteRequest, error) {
	f := contentFields(content)
	r := ExecuteRequest{
		Code:            f.text("code", must),
		Silent:          f.flag("silent", false),
		UserExpressions: f.texts("user_expressions"),
		AllowStdin:      f.flag("allow_stdin", true),
		StopOnError:     f.flag("stop_on_error", true),
	}
	r.StoreHistory = f.flag("store_history", !r.Silent) && !r.Silent
	return r, f.err
}

// ExecuteReply tells that a cell has ended well. UserExpressions maps the keys of the request to an
// ExpressionValue or an Error.
type ExecuteReply struct {
	Status          string         `json:"status"`
	ExecutionCount  int            `json:"execution_count"`
	UserExpressions map[string]any `json:"user_expressions"`
	Payload         []any          `json:"payload"`
}

// ExecuteError tells that a cell has failed.
type ExecuteError struct {
	Error
	ExecutionCount int `json:"execution_count"`
}

// ExecuteAborted tells that a cell has not run because one before it failed. The specification
// calls this status deprecated; it is what ipykernel sends and what front ends know.
type ExecuteAborted struct {
	Status         string `json:"status"`
	ExecutionCount int    `json:"execution_count"`
}

// ExpressionValue is the value of a user expression.
type ExpressionValue struct {
	Status   string          `json:"status"`
	Data     json.RawMessage `json:"data"`
	Metadata json.RawMessage `json:"metadata"`
}
