package engine

import (
	"encoding/json"
	"fmt"
)

// Share is what every rank of a cluster is told of a parallel cell. Between the kernel and the ranks it
// travels as text that the tree in between does not read.
type Share struct {
	Program *Program
	// Targets are the first and last of spans of ranks that run Program; nil is all. The others read its
	// declarations, so that later cells may use them, and run none of its statements.
	Targets [][2]int
}

// Encode gives a Share as ParseShare reads it.
func (s *Share) Encode() []byte { return encode(s) }

// ParseShare reads what Encode wrote.
func ParseShare(text []byte) (*Share, error) {
	var s Share
	if err := json.Unmarshal(text, &s); err != nil {
		return nil, fmt.Errorf("the program of a parallel cell cannot be read: %w", err)
	}
	return &s, nil
}

// For gives the program as one rank runs it.
func (s *Share) For(rank int) *Program {
	if s.Targets == nil {
		return s.Program
	}
	for _, span := range s.Targets {
		if span[0] <= rank && rank <= span[1] {
			return s.Program
		}
	}
	p := *s.Program
	p.Entry = ""
	return &p
}

// Encode gives an Event of a rank as ParseEvent reads it. Ranks that show the same give the same text,
// whatever their runs are called.
func (e Event) Encode() []byte {
	e.Run, e.Mark = 0, ""
	return encode(e)
}

// ParseEvent reads what Event.Encode wrote.
func ParseEvent(text []byte) (e Event, err error) {
	err = json.Unmarshal(text, &e)
	return e, err
}

// Encode gives a Failure of a rank as ParseFailure reads it.
func (f *Failure) Encode() []byte { return encode(f) }

// ParseFailure reads what Failure.Encode wrote; other text is the message of a failure.
func ParseFailure(text []byte) *Failure {
	var f Failure
	if json.Unmarshal(text, &f) != nil || f.Name == "" {
		return &Failure{Name: FailureEngine, Value: string(text)}
	}
	return &f
}

// encode writes what has no value that JSON could not hold.
func encode(v any) []byte {
	text, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("engine: %v", err))
	}
	return text
}
