package msg

// Values of the status field of replies.
const (
	StatusOK      = "ok"
	StatusError   = "error"
	StatusAborted = "aborted"
)

// Reply is the reply that has nothing to tell but its status: that of an interrupt_request.
type Reply struct {
	Status string `json:"status"`
}

// Error is the reply to a request that failed.
type Error struct {
	Status string `json:"status"` // "error"
	Failed
}

// Failed is why something failed; it is also the content of an error message on iopub.
type Failed struct {
	Name      string   `json:"ename"`
	Value     string   `json:"evalue"`
	Traceback []string `json:"traceback"`
}

// NewError makes the reply of a failed request. A missing traceback is an empty one.
func NewError(f Failed) Error {
	if f.Traceback == nil {
		f.Traceback = []string{}
	}
	return Error{StatusError, f}
}
