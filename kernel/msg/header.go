package msg

import (
	"encoding/json"
	"time"
)

// Version is the version of the messaging specification that this package speaks.
const Version = "5.5"

// Header says what a message is and who sent it. The zero Header is that of a message without
// parent and is written as {}.
type Header struct {
	ID       string `json:"msg_id"`
	Session  string `json:"session"`
	Username string `json:"username"`
	Type     string `json:"msg_type"`
	Version  string `json:"version"`
	Date     string `json:"date"` // ISO 8601 with fraction and zone

	// Subshell names the subshell that a request is for; "" is the main shell. It is only read.
	Subshell string `json:"-"`
	// Raw is the header as it was received. When it is there it is what is written, so that a
	// reply's parent has all the keys that the client gave, known or not.
	Raw json.RawMessage `json:"-"`
}

// Timestamp gives t in the form that Header.Date has.
func Timestamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000000Z") }

// encode writes h, as it was received if it was.
func (h Header) encode() []byte {
	if h.Raw != nil {
		return h.Raw
	}
	if h.ID == "" {
		return []byte("{}")
	}
	return MustMarshal(h)
}

// parseHeader reads a header, keeping raw. Only the id and the type must be there: the rest is
// for people and tools, and clients differ in what they send.
func parseHeader(raw []byte) (Header, error) {
	f, err := parseFields(raw)
	if err != nil {
		return Header{}, err
	}
	h := Header{
		ID:       f.text("msg_id", must),
		Type:     f.text("msg_type", must),
		Session:  f.text("session", may),
		Username: f.text("username", may),
		Version:  f.text("version", may),
		Date:     f.text("date", may),
		Subshell: f.text("subshell_id", may),
		Raw:      append(json.RawMessage(nil), raw...),
	}
	return h, f.err
}
