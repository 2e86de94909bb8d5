package msg

import "encoding/json"

// ParseSubshell reads the content of a delete_subshell_request: which one.
func ParseSubshell(content json.RawMessage) (string, error) {
	f := contentFields(content)
	id := f.text("subshell_id", must)
	return id, f.err
}

// Subshell is the reply that names a new subshell.
type Subshell struct {
	Status string `json:"status"`
	ID     string `json:"subshell_id"`
}

// Subshells is the reply that lists them.
type Subshells struct {
	Status string   `json:"status"`
	IDs    []string `json:"subshell_id"`
}
