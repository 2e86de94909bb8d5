package kernel

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"

	"gofive/kernel/msg"
	"gofive/mpi/launch"
)

// barsMost is how many ranks' bars are shown.
const barsMost = 8

// barOf gives the last line of text that writes over itself, as progress bars do on a terminal, and whether it
// is the last one; ok is false for other text.
func barOf(text []byte) (line string, last, ok bool) {
	body, last := bytes.CutSuffix(text, []byte("\n"))
	i := bytes.LastIndexByte(body, '\r')
	if len(body) == 0 || body[0] != '\r' || bytes.IndexByte(body, '\n') >= 0 {
		return "", false, false
	}
	return strings.TrimSuffix(string(body[i+1:]), "\x1b[K"), last, true
}

// takeBar shows the bar of a rank in a line that is replaced. Its end is text like other, and that is left to the
// caller, in o; r.mu is held.
func (r *pxRun) takeBar(o *launch.Output) (taken bool) {
	line, last, ok := barOf(o.Payload)
	if !ok {
		return false
	}
	r.bars = slices.DeleteFunc(r.bars, func(b launch.Output) bool { return b.Ranks.Meets(o.Ranks) })
	if last {
		o.Payload = []byte(line + "\n")
	} else {
		r.bars = append(r.bars, launch.Output{Ranks: o.Ranks, Payload: []byte(line)})
	}
	if r.show {
		r.tellBars()
	}
	return !last
}

// tellBars shows the bars of all ranks that have one.
func (r *pxRun) tellBars() {
	if r.barsID == "" && len(r.bars) == 0 {
		return
	}
	slices.SortStableFunc(r.bars, func(a, b launch.Output) int { return cmp.Compare(a.Ranks[0].First, b.Ranks[0].First) })
	var lines []string
	for i, b := range r.bars {
		if i == barsMost {
			lines = append(lines, fmt.Sprintf("and %d more", len(r.bars)-i))
			break
		}
		lines = append(lines, fmt.Sprintf("%s %s", b.Ranks, b.Payload))
	}
	data := msg.MustMarshal(map[string]string{"text/plain": strings.Join(lines, "\n")})
	if r.barsID == "" {
		r.barsID = "px-bars-" + newSession()
		r.out.Display(data, nil, r.barsID)
		return
	}
	r.out.Update(data, nil, r.barsID)
}
