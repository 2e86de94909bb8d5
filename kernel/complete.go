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
	if c.Ask != nil && k.isHere(q.Code, c.Ask) {
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

// isHere reports whether the engine of this kernel can be asked: of what ranks have it knows nothing.
func (k *Kernel) isHere(code string, q *cell.Question) bool {
	lines, _ := cutMagics(code)
	return q.Kind == cell.AskFiles || k.frontFor(lines) == k.front
}

// completion completes Go, a magic, or what stands behind one.
func (k *Kernel) completion(code string, cursor int) cell.Completion {
	lines, rest := cutMagics(code)
	for _, l := range lines {
		if cursor < l.start || cursor > l.end {
			continue
		}
		if cursor <= l.start+len(l.word) && l.word != commandWord {
			return l.completion(code[l.start:cursor])
		}
		m, _ := l.find()
		switch m.takes {
		case takesFiles:
			return completeFile(code[:cursor], max(l.start+len(l.word), strings.LastIndexAny(code[:cursor], " ='\"{")+1))
		case takesGo:
			return k.frontFor(lines).Complete(l.asGo(code, rest), cursor)
		case takesTopics:
			return completeTopic(code[:cursor])
		}
		return cell.Completion{Start: cursor, End: cursor}
	}
	return k.frontFor(lines).Complete(rest, cursor)
}

// completeFile asks for the files whose paths begin as code does at start.
func completeFile(code string, start int) cell.Completion {
	return cell.Completion{Start: start, End: len(code), Ask: &cell.Question{Kind: cell.AskFiles, Text: code[start:], Raw: true}}
}

// asGo puts what stands behind the magic back into the rest of a cell, as Go.
func (l magicLine) asGo(code, rest string) string {
	from := l.start + len(l.word)
	return rest[:from] + code[from:l.end] + rest[l.end:]
}

// completion gives the magics that begin as the line does.
func (l magicLine) completion(prefix string) cell.Completion {
	c := cell.Completion{Start: l.start, End: l.start + len(l.word)}
	for _, m := range magics {
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
	if status == cell.Complete && slices.ContainsFunc(lines, func(l magicLine) bool { return l.wantsMore(q.Code) }) {
		status = cell.Incomplete
	}
	reply := msg.IsCompleteReply{Status: string(status)}
	if status == cell.Incomplete {
		reply.Indent = &indent
	}
	return reply, nil
}

// wantsMore reports whether the cell that the magic is for is still to come, which ends with an empty line.
func (l magicLine) wantsMore(code string) bool {
	below := code[l.end:]
	last := below[strings.LastIndexByte(below, '\n')+1:]
	return strings.HasPrefix(l.word, "%%") && (strings.TrimSpace(below) == "" || strings.TrimSpace(last) != "")
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
