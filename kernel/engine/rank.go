package engine

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
)

// Share is what every rank of a cluster is told of a parallel cell. Between the kernel and the ranks it
// travels as bytes that the tree in between does not read.
type Share struct {
	Program *Program
	// Targets are the first and last of spans of ranks that run Program; nil is all. The others read its
	// declarations, so that later cells may use them, and run none of its statements.
	Targets [][2]int
}

// Encode gives a Share as ParseShare reads it: of its Program what concerns ranks.
func (s *Share) Encode() []byte {
	p := s.Program
	b := make([]byte, 0, 256+len(p.Code)+len(p.Types)+len(p.Source))
	b = packText(packText(packNumber(b, packing), p.Name), p.Code)
	b = packTexts(packText(b, p.Types), p.Ring)
	b = packText(packText(b, p.Source), p.Entry)
	b = packBool(packTexts(b, p.Forget), p.Passing)
	b = packNumber(b, len(p.Funcs))
	for _, id := range slices.Sorted(maps.Keys(p.Funcs)) {
		f := p.Funcs[id]
		b = packNumber(packText(packText(packText(b, id), f.Name), f.Cell), f.Line)
	}
	b = packNumber(b, len(s.Targets))
	for _, span := range s.Targets {
		b = packNumber(packNumber(b, span[0]), span[1])
	}
	return b
}

// ParseShare reads what Encode wrote.
func ParseShare(text []byte) (*Share, error) {
	in := unpack(text)
	s := &Share{Program: &Program{
		Name: in.text(), Code: in.text(), Types: in.text(), Ring: in.texts(), Source: in.text(), Entry: in.text(),
		Forget: in.texts(), Passing: in.yes(),
	}}
	if n := in.count(); n > 0 {
		s.Program.Funcs = make(map[string]Func, n)
		for range n {
			s.Program.Funcs[in.text()] = Func{Name: in.text(), Cell: in.text(), Line: in.number()}
		}
	}
	for range in.count() {
		s.Targets = append(s.Targets, [2]int{in.number(), in.number()})
	}
	if err := in.end(); err != nil {
		return nil, fmt.Errorf("the program of a parallel cell cannot be read: %w", err)
	}
	return s, nil
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

// Encode gives an Event that shows something on a rank as ParseEvent reads it. Ranks that show the same give the
// same bytes, whatever their runs are called.
func (e Event) Encode() []byte {
	b := make([]byte, 0, 32+len(e.Data)+len(e.Metadata)+len(e.DisplayID))
	b = packNumber(packNumber(b, packing), int(e.Kind))
	b = packText(packText(packText(b, e.Data), e.Metadata), e.DisplayID)
	return packBool(b, e.Wait)
}

// ParseEvent reads what Event.Encode wrote. Data and Metadata stay part of text.
func ParseEvent(text []byte) (Event, error) {
	in := unpack(text)
	e := Event{Kind: Kind(in.number()), Data: in.bytes(), Metadata: in.bytes(), DisplayID: in.text(), Wait: in.yes()}
	return e, in.end()
}

// Encode gives a Failure of a rank as ParseFailure reads it.
func (f *Failure) Encode() []byte {
	text, err := json.Marshal(f)
	if err != nil {
		panic(fmt.Sprintf("engine: %v", err)) // there is nothing in it that JSON could not hold
	}
	return text
}

// ParseFailure reads what Failure.Encode wrote; other text is the message of a failure.
func ParseFailure(text []byte) *Failure {
	var f Failure
	if json.Unmarshal(text, &f) != nil || f.Name == "" {
		return &Failure{Name: FailureEngine, Value: string(text)}
	}
	return &f
}
