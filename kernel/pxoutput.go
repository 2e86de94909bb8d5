package kernel

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"html"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"gofive/kernel/engine"
	"gofive/kernel/msg"
	"gofive/mpi/launch"
)

const (
	// richMost is how many different pictures and tables of a cell are shown.
	richMost = 4
	// pxKept is how many bytes of output %pxresult can show again.
	pxKept = 32 << 20
	// outputHold is how long output waits for that of other ranks, which may be the same.
	outputHold = 100 * time.Millisecond
	// failedHold is how long a failure waits for the end of its cell, which tells it in full.
	failedHold = 40 * time.Millisecond
	// placesHold is how long it then waits until the other ranks are where they wait, to be told in one line with them
	// and no later than 0.2 s.
	placesHold = 120 * time.Millisecond
	// placesMost is how long that may take on a busy machine, to be told in a line of its own.
	placesMost = 5 * time.Second
	// placesPause is between two questions for it.
	placesPause = 20 * time.Millisecond
)

// pxRun is a parallel cell, while it runs and after.
type pxRun struct {
	name  string
	ranks int // of the cluster
	out   *Output
	show  bool // as it comes; else it is kept only
	group string
	where func(context.Context) []launch.Place

	interrupt func() // of a cell that is not waited for, nil for others

	mu      sync.Mutex
	held    []launch.Output // for a moment
	outputs []launch.Output // what %pxresult shows
	kept    int             // bytes of them
	lost    int             // bytes of output that were too many
	rich    int             // different pictures and tables
	state   string          // the line that tells what ranks do, "" when none is shown
	stateID string
	bars    []launch.Output // the progress bars of ranks, as they are now
	barsID  string          // of the display that shows them, "" when there was none
	done    chan struct{}
	failed  *msg.Failed // set before done is closed
	took    time.Duration
}

// take notes an output, and shows it when outputs are shown as they come.
func (r *pxRun) take(o launch.Output) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch o.Kind {
	case launch.State:
		if r.show {
			r.tellState(string(o.Payload))
		}
		return
	case launch.Turn:
		if len(o.Payload) > 0 && r.interrupt == nil { // also when its output is to come at the end, which may never be
			r.out.Stream("stderr", fmt.Appendf(nil, "%s; %s\n", o.Payload, endThat))
		}
		return
	case launch.Failed:
		if r.show {
			time.AfterFunc(failedHold, func() { r.tellFailed(o) })
		}
		return
	case launch.Stderr:
		if r.takeBar(&o) {
			return
		}
	}
	o.Payload = bytes.Clone(o.Payload)
	if len(r.held) == 0 {
		time.AfterFunc(outputHold, func() {
			r.mu.Lock()
			defer r.mu.Unlock()
			r.flush()
		})
	}
	r.held = append(r.held, o)
}

// flush keeps, and shows, what was held; r.mu is held.
func (r *pxRun) flush() {
	for _, o := range tidy(r.held) {
		if r.kept+len(o.Payload) > pxKept {
			r.lost += len(o.Payload)
		} else {
			r.outputs = append(r.outputs, o)
			r.kept += len(o.Payload)
		}
		if r.show {
			r.publish(r.out, o, richMost)
		}
	}
	r.held = nil
}

// tidyReach is how far back tidy moves an output.
const tidyReach = 1000

// tidy puts outputs of different ranks into the order of ranks, and makes equal ones one, as far as each
// rank keeps the order of its own.
func tidy(list []launch.Output) []launch.Output {
	var out []launch.Output
	for _, o := range list {
		if i, equal := place(out, o); equal {
			out[i].Ranks = out[i].Ranks.Union(o.Ranks)
		} else {
			out = slices.Insert(out, i, o)
		}
	}
	return out
}

// place finds where o belongs, or the output that it can be one with.
func place(out []launch.Output, o launch.Output) (at int, equal bool) {
	at = len(out)
	for i := len(out) - 1; i >= 0 && len(out)-i < tidyReach && !out[i].Ranks.Meets(o.Ranks); i-- {
		if out[i].Kind == o.Kind && bytes.Equal(out[i].Payload, o.Payload) {
			return i, true
		}
		if o.Ranks[0].First < out[i].Ranks[0].First {
			at = i
		}
	}
	return at, false
}

// publish shows one output; of what is no text as many different ones as most.
func (r *pxRun) publish(out *Output, o launch.Output, most int) {
	switch o.Kind {
	case launch.Stdout:
		out.Stream("stdout", labelled(o.Ranks, o.Payload))
	case launch.Stderr:
		out.Stream("stderr", labelled(o.Ranks, o.Payload))
	case launch.Died:
		out.Stream("stderr", fmt.Appendf(nil, "%s %s\n", o.Ranks, bytes.TrimSpace(o.Payload)))
	case launch.Note:
		out.Stream("stderr", append(bytes.TrimSpace(o.Payload), '\n'))
	case launch.Display, launch.Result:
		ev, err := engine.ParseEvent(o.Payload)
		if err != nil {
			return
		}
		r.publishRich(out, o.Ranks, ev, most)
	}
}

// publishRich shows a value or a picture with the ranks that have it.
func (r *pxRun) publishRich(out *Output, ranks launch.Set, ev engine.Event, most int) {
	id := ""
	if ev.DisplayID != "" {
		id = fmt.Sprint(ev.DisplayID, ranks)
	}
	if ev.Kind == engine.Update {
		out.Update(ev.Data, ev.Metadata, id)
		return
	}
	if ev.Kind == engine.Clear {
		return // what other ranks show stands there too
	}
	if text, ok := onlyText(ev.Data); ok {
		out.Stream("stdout", labelled(ranks, []byte(text)))
		return
	}
	if r.rich++; r.rich > most {
		return
	}
	out.Display(rankBundle(ranks), nil, "")
	out.Display(ev.Data, ev.Metadata, id)
}

// rankBundle is the line above a picture that says whose it is.
func rankBundle(ranks launch.Set) json.RawMessage {
	return msg.MustMarshal(map[string]string{
		"text/plain": ranks.String(),
		"text/html":  "<div style=\"font-family:monospace\">" + html.EscapeString(ranks.String()) + "</div>",
	})
}

// onlyText gives the text of a bundle that has nothing else.
func onlyText(data json.RawMessage) (string, bool) {
	var bundle map[string]json.RawMessage
	var text string
	if json.Unmarshal(data, &bundle) != nil || len(bundle) != 1 || json.Unmarshal(bundle["text/plain"], &text) != nil {
		return "", false
	}
	return text, true
}

// labelled writes the ranks before each line of text.
func labelled(ranks launch.Set, text []byte) []byte {
	label := ranks.String() + " "
	var b bytes.Buffer
	for line := range bytes.Lines(text) {
		b.WriteString(label)
		b.Write(line)
	}
	if n := b.Len(); n > 0 && b.Bytes()[n-1] != '\n' {
		b.WriteByte('\n')
	}
	return b.Bytes()
}

// tellState shows what ranks do in one line that is replaced; r.mu is held.
func (r *pxRun) tellState(text string) {
	if text == r.state {
		return
	}
	data := msg.MustMarshal(map[string]string{"text/plain": text})
	switch {
	case r.stateID == "":
		r.stateID = "px-" + newSession()
		r.out.Display(data, nil, r.stateID)
	default:
		r.out.Update(data, nil, r.stateID)
	}
	r.state = text
}

// tellFailed says at once that ranks have failed while others go on, and where those are.
func (r *pxRun) tellFailed(o launch.Output) {
	f := engine.ParseFailure(o.Payload)
	if f.Name == engine.FailureInterrupted {
		return // the others are about to follow
	}
	text := fmt.Sprintf("%s %s%s", o.Ranks, f.Value, lineOf(f))
	where, wait := r.others(placesHold)
	if where != "" {
		text += "; " + where
	}
	r.tell(text)
	if !wait {
		if where, wait = r.others(placesMost); wait && where != "" {
			r.tell(where)
		}
	}
}

// tell says something about the cell, unless it has ended.
func (r *pxRun) tell(text string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.ended() {
		r.out.Stream("stderr", []byte(text+"\n"))
	}
}

// ended reports whether the cell has.
func (r *pxRun) ended() bool {
	select {
	case <-r.done:
		return true
	default:
		return false
	}
}

// others asks where ranks are until all that run something wait for others, but for so long at most.
func (r *pxRun) others(most time.Duration) (text string, wait bool) {
	ctx, cancel := context.WithTimeout(context.Background(), most)
	defer cancel()
	for {
		text, wait = placesText(r.where(ctx))
		if wait || r.ended() {
			return text, wait
		}
		select {
		case <-ctx.Done():
			return text, wait
		case <-r.done:
		case <-time.After(placesPause):
		}
	}
}

// placesText words where ranks are, and reports whether none goes on by itself.
func placesText(places []launch.Place) (text string, wait bool) {
	var all []string
	wait = true
	for _, p := range places {
		switch {
		case p.Silent:
			wait = false
		case p.Dead || p.Text == "":
		case p.Waits:
			all = append(all, fmt.Sprintf("%s wait in %s", p.Ranks, p.Text))
		default:
			wait = false
			all = append(all, fmt.Sprintf("%s run %s", p.Ranks, p.Text))
		}
	}
	return strings.Join(all, "; "), wait
}

// lineOf finds the line of the cell in the traceback of a failure.
func lineOf(f *engine.Failure) string {
	for _, row := range slices.Backward(f.Traceback) {
		if i := strings.LastIndex(row, ", line "); i >= 0 {
			if n, err := strconv.Atoi(strings.TrimSpace(row[i+len(", line "):])); err == nil {
				return fmt.Sprintf(", line %d", n)
			}
		}
	}
	return ""
}

// end notes how the cell ended.
func (r *pxRun) end(failed *msg.Failed, took time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.flush()
	if r.state != "" {
		r.tellState("")
	}
	if len(r.bars) > 0 && r.show { // of ranks that did not come to their end
		r.bars = nil
		r.tellBars()
	}
	if more := r.rich - richMost; r.show && more > 0 {
		r.out.Stream("stderr", fmt.Appendf(nil, "and %d more, which %%pxresult --full shows\n", more))
	}
	r.failed, r.took = failed, took
	close(r.done)
}

// live shows what comes from now on as it comes: what goroutines of the cell print after its end.
func (r *pxRun) live() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.show = true
}

// showRest shows what a cell has printed that was not to be shown as it came.
func (r *pxRun) showRest(flags *pxFlags) {
	if flags.noStream {
		r.all(r.out, -1, richMost)
		r.live()
	}
}

// all shows what the cell has shown, of one rank only when that is not negative.
func (r *pxRun) all(out *Output, rank, most int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	outputs := tidy(r.outputs)
	switch r.group {
	case "type":
		slices.SortStableFunc(outputs, func(a, b launch.Output) int { return cmp.Compare(a.Kind, b.Kind) })
	case "engine":
		slices.SortStableFunc(outputs, func(a, b launch.Output) int { return cmp.Compare(a.Ranks[0].First, b.Ranks[0].First) })
	}
	r.rich = 0
	for _, o := range outputs {
		if rank < 0 || o.Ranks.Has(rank) {
			r.publish(out, o, most)
		}
	}
	if r.lost > 0 {
		out.Stream("stderr", fmt.Appendf(nil, "%d bytes of output were too many to be kept\n", r.lost))
	}
}
