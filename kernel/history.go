package kernel

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"gofive/display"
	"gofive/kernel/msg"
)

// history is what ran in this session, in memory.
type history struct {
	session int

	mu    sync.Mutex
	cells []historyCell
}

// historyCell is one cell that was stored.
type historyCell struct {
	line   int
	input  string
	output *string // nil when the cell has no value
}

// historyOutput is how large a result may be to have its text kept.
const historyOutput = 1 << 20

// add stores the input of a cell.
func (h *history) add(line int, input string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.cells = append(h.cells, historyCell{line: line, input: input})
}

// result keeps the plain text of a cell's value, a MIME bundle.
func (h *history) result(line int, data json.RawMessage) {
	if len(data) > historyOutput {
		return
	}
	var forms map[string]any
	if json.Unmarshal(data, &forms) != nil {
		return
	}
	text, ok := forms[display.TextPlain].(string)
	if !ok {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	for i := range h.cells {
		if h.cells[i].line == line {
			h.cells[i].output = &text
		}
	}
}

// find gives the cells that q asks for, oldest first.
func (h *history) find(q msg.HistoryRequest) []historyCell {
	h.mu.Lock()
	defer h.mu.Unlock()
	switch q.Access {
	case "range":
		return h.between(q.Session, q.Start, q.Stop)
	case "search":
		return last(h.matching(q.Pattern, q.Unique), q.N)
	default:
		return last(h.cells, q.N)
	}
}

// between gives the cells of a session from line start up to but without stop; stop 0 is the end.
// Session 0 is this one.
func (h *history) between(session, start, stop int) []historyCell {
	if session != 0 && session != h.session {
		return nil
	}
	var out []historyCell
	for _, c := range h.cells {
		if c.line >= start && (stop <= 0 || c.line < stop) {
			out = append(out, c)
		}
	}
	return out
}

// matching gives the cells whose whole input matches the glob pattern; unique keeps the latest of
// equal ones.
func (h *history) matching(pattern string, unique bool) []historyCell {
	if pattern == "" {
		pattern = "*"
	}
	glob := globRegexp(pattern)
	seen := map[string]bool{}
	var out []historyCell
	for _, c := range slices.Backward(h.cells) {
		if !glob.MatchString(c.input) || unique && seen[c.input] {
			continue
		}
		seen[c.input] = true
		out = append(out, c)
	}
	slices.Reverse(out)
	return out
}

// last gives the last n of cells; 0 is all.
func last(cells []historyCell, n int) []historyCell {
	if n <= 0 || n > len(cells) {
		n = len(cells)
	}
	return cells[len(cells)-n:]
}

// globRegexp translates a pattern in which * stands for any text, ? for any character and [abc]
// for one of some. It matches all of a text, line breaks too. What is no pattern matches itself.
func globRegexp(glob string) *regexp.Regexp {
	var b strings.Builder
	for rest := glob; rest != ""; {
		piece := rest[:1]
		switch end := strings.IndexByte(rest, ']'); {
		case piece == "*":
			b.WriteString(`.*`)
		case piece == "?":
			b.WriteString(`.`)
		case piece == "[" && end > 1:
			piece = rest[:end+1]
			b.WriteString(class(rest[1:end]))
		default:
			_, n := utf8.DecodeRuneInString(rest)
			piece = rest[:n]
			b.WriteString(regexp.QuoteMeta(piece))
		}
		rest = rest[len(piece):]
	}
	re, err := regexp.Compile(`(?s)\A` + b.String() + `\z`)
	if err != nil { // a class such as [z-a], or what is not UTF-8
		return regexp.MustCompile(`\A` + regexp.QuoteMeta(strings.ToValidUTF8(glob, "\uFFFD")) + `\z`)
	}
	return re
}

// class translates what stands between brackets.
func class(set string) string {
	not := ""
	if rest, ok := strings.CutPrefix(set, "^"); ok && rest != "" {
		set, not = rest, "^"
	}
	set = strings.NewReplacer(`\`, `\\`, `[`, `\[`, `^`, `\^`).Replace(set)
	return "[" + not + set + "]"
}

// searchHistory answers history_request.
func (k *Kernel) searchHistory(r *request) (any, error) {
	q, err := msg.ParseHistory(r.msg.Content)
	if err != nil {
		return nil, err
	}
	reply := msg.HistoryReply{Status: msg.StatusOK, History: [][3]any{}}
	for _, c := range k.history.find(q) {
		entry := [3]any{k.history.session, c.line, c.input}
		if q.Output {
			entry[2] = [2]any{c.input, c.output}
		}
		reply.History = append(reply.History, entry)
	}
	return reply, nil
}
