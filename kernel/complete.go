package kernel

import (
	"slices"
	"strings"
	"unicode/utf8"

	"gofive/kernel/cell"
	"gofive/kernel/msg"
)

// complete answers complete_request.
func (k *Kernel) complete(r *request) (any, error) {
	q, err := msg.ParseComplete(r.msg.Content)
	if err != nil {
		return nil, err
	}
	c := k.completion(q.Code, byteOffset(q.Code, q.Cursor))
	if c.Ask != nil {
		for _, n := range k.askEngine(c.Ask).Names {
			c.Matches = append(c.Matches, cell.Match{Text: c.Ask.Literal(n.Text), Type: n.Kind})
		}
	}
	reply := msg.CompleteReply{
		Status:   msg.StatusOK,
		Matches:  []string{},
		Start:    codePoints(q.Code, c.Start),
		End:      codePoints(q.Code, c.End),
		Metadata: msg.CompletionMetadata{Types: []msg.CompletionType{}},
	}
	for _, m := range c.Matches {
		reply.Matches = append(reply.Matches, m.Text)
		reply.Metadata.Types = append(reply.Metadata.Types, msg.CompletionType{
			Text: m.Text, Type: m.Type, Signature: m.Signature, Start: reply.Start, End: reply.End,
		})
	}
	return reply, nil
}

// completion completes Go, or the name of a magic.
func (k *Kernel) completion(code string, cursor int) cell.Completion {
	lines, rest := cutMagics(code)
	for _, l := range lines {
		if cursor >= l.start && cursor <= l.start+len(l.word) {
			return l.completion(code[l.start:cursor])
		}
	}
	return k.front.Complete(rest, cursor)
}

// completion gives the magics that begin as the line does.
func (l magicLine) completion(prefix string) cell.Completion {
	c := cell.Completion{Start: l.start, End: l.start + len(l.word)}
	for _, m := range magics() {
		if strings.HasPrefix(m.String(), prefix) {
			c.Matches = append(c.Matches, cell.Match{Text: m.String(), Type: "magic", Signature: m.help})
		}
	}
	return c
}

// isComplete answers is_complete_request.
func (k *Kernel) isComplete(r *request) (any, error) {
	q, err := msg.ParseIsComplete(r.msg.Content)
	if err != nil {
		return nil, err
	}
	lines, rest := cutMagics(q.Code)
	status, indent := cell.IsComplete(rest)
	if status == cell.Complete && strings.TrimSpace(rest) == "" && slices.ContainsFunc(lines, func(l magicLine) bool { return strings.HasPrefix(l.word, "%%") }) {
		status = cell.Incomplete // the cell that it is for is still to come
	}
	reply := msg.IsCompleteReply{Status: string(status)}
	if status == cell.Incomplete {
		reply.Indent = &indent
	}
	return reply, nil
}

// byteOffset turns a cursor in code points, as clients count, into a byte offset. What lies outside
// the code is moved to its nearer end; -1 is the end.
func byteOffset(code string, cursor int) int {
	if cursor < -1 {
		return 0
	}
	for i := range code {
		if cursor == 0 {
			return i
		}
		cursor--
	}
	return len(code)
}

// codePoints turns a byte offset into a number of code points.
func codePoints(code string, offset int) int {
	return utf8.RuneCountInString(code[:min(max(offset, 0), len(code))])
}
