package msg

import (
	"bytes"
	"encoding/json"
)

// Values of Status.State.
const (
	Starting = "starting"
	Busy     = "busy"
	Idle     = "idle"
)

// Status says what the kernel does: for the request that is its parent.
type Status struct {
	State string `json:"execution_state"`
}

// ExecuteInput tells all clients what is being run.
type ExecuteInput struct {
	Code           string `json:"code"`
	ExecutionCount int    `json:"execution_count"`
}

// Stream gives the content of text that a cell wrote; name is "stdout" or "stderr".
func Stream(name string, text []byte) json.RawMessage {
	out := make([]byte, 0, len(text)+len(text)/16+64) // a line has an escape at its end
	out = append(out, `{"name":`...)
	out = appendString(out, []byte(name))
	out = append(out, `,"text":`...)
	out = appendString(out, text)
	return append(out, '}')
}

// DisplayData gives the content of display_data and update_display_data. The parts are copied
// as they are: a picture is megabytes of base64 and was checked when it was made. An empty part
// is {}; an empty id leaves a display that cannot be updated.
func DisplayData(data, metadata json.RawMessage, id string) json.RawMessage {
	transient := json.RawMessage("{}")
	if id != "" {
		transient = MustMarshal(map[string]string{"display_id": id})
	}
	return concat([]byte(`{"data":`), object(data), []byte(`,"metadata":`), object(metadata),
		[]byte(`,"transient":`), transient, []byte(`}`))
}

// ExecuteResult gives the content of an execute_result, copying the parts as DisplayData does.
func ExecuteResult(count int, data, metadata json.RawMessage) json.RawMessage {
	return concat([]byte(`{"execution_count":`), MustMarshal(count), []byte(`,"data":`), object(data),
		[]byte(`,"metadata":`), object(metadata), []byte(`}`))
}

// concat joins JSON without looking into it.
func concat(parts ...[]byte) json.RawMessage { return bytes.Join(parts, nil) }

// ClearOutput removes a cell's output, with Wait when the next output comes.
type ClearOutput struct {
	Wait bool `json:"wait"`
}
